//! The state of an organization: its accounts, the directory behind them, and its groups.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::org::{Account, Group, GroupKind, Identity, Org};
use super::values::fold;

/// What makes an account one: its address, and whether the organization owns it. So an Adobe ID and an owned account
/// can share an address, an enterprise and a federated account cannot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    email: String,
    owned: bool,
}

impl Key {
    pub(super) fn new(email: &str, identity: Identity) -> Self {
        Self {
            email: fold(email),
            owned: identity.is_owned(),
        }
    }
}

/// With its place in lists: the order in which things came.
#[derive(Debug, Clone)]
pub(super) struct Stored<T> {
    pub(super) serial: u64,
    pub(super) it: T,
}

/// A copy is cheap: tests of actions are made on one.
#[derive(Debug, Clone)]
pub(super) struct Console {
    accounts: BTreeMap<Key, Arc<Stored<Account>>>,
    groups: BTreeMap<String, Arc<Stored<Group>>>,
    pub(super) technical_accounts: usize,
    next_serial: u64,
}

impl Console {
    pub(super) fn new(org: &Org) -> Self {
        let mut console = Self {
            accounts: BTreeMap::new(),
            groups: BTreeMap::new(),
            technical_accounts: org.technical_accounts,
            next_serial: 100_000_001,
        };
        for group in &org.groups {
            console.put_group(group.clone());
        }
        for account in &org.accounts {
            console.put(account.clone());
        }
        console
    }

    // ----- accounts

    /// Adds, or replaces what has the same address, which keeps its place.
    pub(super) fn put(&mut self, mut account: Account) {
        let names = std::mem::take(&mut account.groups);
        for name in names {
            account.groups.insert(self.spelling(&name));
        }
        let key = Key::new(&account.email, account.identity);
        let serial = match self.accounts.get(&key) {
            Some(known) => known.serial,
            None => self.serial(),
        };
        let it = account;
        self.accounts.insert(key, Arc::new(Stored { serial, it }));
    }

    /// Takes the account out altogether.
    pub(super) fn forget(&mut self, identity: Identity, email: &str) {
        self.accounts.remove(&Key::new(email, identity));
    }

    pub(super) fn account(&self, identity: Identity, email: &str) -> Option<&Account> {
        self.get(&Key::new(email, identity))
            .filter(|account| account.identity == identity)
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Account> {
        self.accounts.get(key).map(|stored| &stored.it)
    }

    /// Changes an account, which may change its address, too.
    pub(super) fn change(&mut self, key: &Key, change: impl FnOnce(&mut Account)) {
        let Some(mut stored) = self.accounts.remove(key) else {
            return;
        };
        let account = &mut Arc::make_mut(&mut stored).it;
        change(account);
        let key = Key::new(&account.email, account.identity);
        self.accounts.insert(key, stored);
    }

    /// The account that an action names: by login name where there is a domain; else by e-mail address, where an owned
    /// account goes before an Adobe ID unless the Adobe ID is asked for.
    pub(super) fn find(&self, user: &str, domain: Option<&str>, adobe_id: bool) -> Option<Key> {
        if let Some(domain) = domain {
            return self.find_login(user, domain);
        }
        let key = |identity| Some(Key::new(user, identity)).filter(|key| self.get(key).is_some());
        if adobe_id {
            return key(Identity::Adobe);
        }
        key(Identity::Federated).or_else(|| key(Identity::Adobe))
    }

    /// The owned account of that login name in the directory of that domain.
    pub(super) fn find_login(&self, username: &str, domain: &str) -> Option<Key> {
        let (username, domain) = (fold(username), fold(domain));
        let mut owned = self.accounts.iter().filter(|(key, _)| key.owned);
        owned
            .find(|(_, stored)| {
                fold(&stored.it.username) == username && fold(&stored.it.domain) == domain
            })
            .map(|(key, _)| key.clone())
    }

    /// Who is in the organization, by address.
    pub(super) fn members_of_org(&self) -> impl Iterator<Item = &Account> {
        let all = self.accounts.values().map(|stored| &stored.it);
        all.filter(|account| account.in_org)
    }

    /// Who is in the organization, in the order of lists.
    pub(super) fn listed(&self) -> Vec<&Stored<Account>> {
        let mut listed: Vec<_> = self.accounts.values().map(AsRef::as_ref).collect();
        listed.retain(|stored| stored.it.in_org);
        listed.sort_unstable_by_key(|stored| stored.serial);
        listed
    }

    // ----- groups

    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values().map(|stored| &stored.it)
    }

    /// In the order of lists.
    pub(super) fn listed_groups(&self) -> Vec<&Stored<Group>> {
        let mut listed: Vec<_> = self.groups.values().map(AsRef::as_ref).collect();
        listed.sort_unstable_by_key(|stored| stored.serial);
        listed
    }

    pub(super) fn group(&self, name: &str) -> Option<&Group> {
        self.groups.get(&fold(name)).map(|stored| &stored.it)
    }

    pub(super) fn user_group(&self, name: &str) -> Option<&Group> {
        self.group(name)
            .filter(|group| group.kind == GroupKind::UserGroup)
    }

    pub(super) fn put_group(&mut self, group: Group) {
        let serial = self.serial();
        let name = fold(&group.name);
        self.groups
            .insert(name, Arc::new(Stored { serial, it: group }));
    }

    pub(super) fn change_group(&mut self, name: &str, change: impl FnOnce(&mut Group)) {
        if let Some(stored) = self.groups.get_mut(&fold(name)) {
            change(&mut Arc::make_mut(stored).it);
        }
    }

    /// Takes the group from the list and from everybody in it; with a new name it comes back under that.
    pub(super) fn rename_group(&mut self, name: &str, new: Option<&str>) {
        let Some(mut stored) = self.groups.remove(&fold(name)) else {
            return;
        };
        let old = stored.it.name.clone();
        for account in self.accounts.values_mut() {
            if account.it.groups.contains(&old) {
                let groups = &mut Arc::make_mut(account).it.groups;
                groups.remove(&old);
                groups.extend(new.map(str::to_owned));
            }
        }
        if let Some(new) = new {
            new.clone_into(&mut Arc::make_mut(&mut stored).it.name);
            self.groups.insert(fold(new), stored);
        }
    }

    /// What an account is in: by itself, or also through its user groups.
    pub(super) fn memberships<'a>(&'a self, account: &'a Account, direct: bool) -> Vec<&'a str> {
        let mut names: Vec<&str> = account.groups.iter().map(String::as_str).collect();
        if !direct {
            let groups = account.groups.iter().filter_map(|name| self.group(name));
            names.extend(groups.flat_map(|group| group.profiles.iter().map(String::as_str)));
            names.sort_unstable();
            names.dedup();
        }
        names
    }

    /// One line for each group and account; see the tests for the form.
    pub(super) fn snapshot(&self) -> String {
        let mut text = String::new();
        let mut line = |parts: &[&str]| {
            let parts: Vec<&str> = parts.iter().copied().filter(|p| !p.is_empty()).collect();
            writeln!(text, "{}", parts.join(" ")).expect("a String takes everything");
        };
        for group in self.groups() {
            let profiles: Vec<&str> = group.profiles.iter().map(String::as_str).collect();
            let profiles = listing("with", &profiles);
            line(&[group_word(group.kind), &group.name, &profiles]);
        }
        for stored in self.accounts.values() {
            let account = &stored.it;
            let login = if account.username == account.email {
                String::new()
            } else {
                format!("as {}@{}", account.username, account.domain)
            };
            let groups = listing("in", &self.memberships(account, true));
            line(&[
                account.identity.as_str(),
                &account.email,
                &login,
                &account.first,
                &account.last,
                &account.country,
                if account.in_org {
                    ""
                } else {
                    "(directory only)"
                },
                &groups,
            ]);
        }
        text
    }

    /// The group's own spelling of its name.
    ///
    /// # Panics
    /// Where there is no such group and it is not one of administrators.
    fn spelling(&mut self, name: &str) -> String {
        if let Some(group) = self.group(name) {
            return group.name.clone();
        }
        assert!(
            name.starts_with('_'),
            "the organization has no group {name}"
        );
        self.put_group(Group::new(name, GroupKind::Admin));
        name.to_owned()
    }

    fn serial(&mut self) -> u64 {
        self.next_serial += 1;
        self.next_serial
    }
}

fn group_word(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::UserGroup => "group",
        GroupKind::Profile => "profile",
        GroupKind::Admin => "role",
    }
}

/// `<word> a, b`, or nothing.
fn listing(word: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!("{word} {}", names.join(", "))
}
