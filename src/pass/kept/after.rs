//! The directory with what a pass did.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::directory::{Directory, User};
use crate::reconcile::action::{Address, Profile, Update};
use crate::reconcile::outcome::{ActionOutcome, Outcomes};
use crate::reconcile::plan::{Change, Plan, Removal};

/// What Adobe has once the plan was applied to the directory that it was made of. Only what is wholly done counts; an
/// account of which something was refused, or not sent, stands as it was read.
pub fn after(directory: Directory, plan: &Plan, outcomes: &Outcomes) -> Directory {
    let Directory {
        users,
        groups,
        unread_groups,
    } = directory;
    let mut accounts = Accounts::new(users);
    for change in done(&plan.changes, &outcomes.changes) {
        accounts.carry_out(change);
    }
    let made = done(&plan.new_groups, &outcomes.groups);
    let groups = groups.map(|known| known.into_iter().chain(made.cloned()).collect());
    Directory {
        groups,
        unread_groups,
        ..Directory::new(accounts.left())
    }
}

fn done<'p, T>(
    planned: &'p [T],
    outcomes: &'p [Option<ActionOutcome>],
) -> impl Iterator<Item = &'p T> {
    let both = planned.iter().zip(outcomes);
    both.filter_map(|(one, outcome)| match outcome {
        Some(ActionOutcome::Done) => Some(one),
        Some(ActionOutcome::Failed(_)) | None => None,
    })
}

/// The accounts as they were read, and what became of them.
#[derive(Debug)]
struct Accounts {
    /// Those that no change has touched are `Some`; each is changed once at most.
    read: Vec<Option<User>>,
    /// Their places by what names them in an action. Adobe may give several accounts one address.
    places: BTreeMap<Address, Vec<usize>>,
    changed: Vec<User>,
}

impl Accounts {
    fn new(users: Vec<User>) -> Self {
        let mut places = BTreeMap::<Address, Vec<usize>>::new();
        for (place, user) in users.iter().enumerate() {
            let address = Address::of_account(user);
            places.entry(address).or_default().push(place);
        }
        Self {
            read: users.into_iter().map(Some).collect(),
            places,
            changed: Vec::new(),
        }
    }

    fn carry_out(&mut self, change: &Change) {
        let account = match &change.create {
            Some(profile) => Some(made(&change.address, profile)),
            None => self.take(change),
        };
        let Some(mut account) = account else {
            return;
        };
        update(&mut account, &change.update);
        match &change.remove {
            Removal::Groups(groups) => account.groups.retain(|group| !groups.contains(group)),
            Removal::AllGroups => account.groups = BTreeSet::new(),
            Removal::FromOrg { delete_account: _ } => return,
        }
        account.groups.extend(change.add.keys().cloned());
        self.changed.push(account);
    }

    /// The account that the change was planned for: the address may be that of several, so it has to look as the plan
    /// saw it, too.
    fn take(&mut self, change: &Change) -> Option<User> {
        let (first, last) = &change.names_before;
        let as_planned = |user: &User| {
            user.groups == change.groups_before
                && (&user.first_name, &user.last_name) == (first, last)
        };
        let mut places = self.places.get(&change.address)?.iter();
        let place = places.find(|place| {
            let account = self.read.get(**place).and_then(Option::as_ref);
            account.is_some_and(as_planned)
        })?;
        self.read.get_mut(*place)?.take()
    }

    fn left(self) -> impl Iterator<Item = User> {
        self.read.into_iter().flatten().chain(self.changed)
    }
}

/// Who has no login name of their own signs in with the address.
fn made(address: &Address, profile: &Profile) -> User {
    User {
        identity_type: address.identity_type,
        email: profile.email.clone(),
        username: Some(address.user.as_str().to_owned()),
        domain: address.domain.clone(),
        first_name: profile.first_name.clone(),
        last_name: profile.last_name.clone(),
        groups: BTreeSet::new(),
    }
}

/// The login name beside a new address is the one that the account has.
fn update(account: &mut User, update: &Update) {
    let Update {
        email,
        username: _,
        first_name,
        last_name,
    } = update;
    if let Some(email) = email {
        account.email = email.clone();
    }
    let names = [
        (&mut account.first_name, first_name),
        (&mut account.last_name, last_name),
    ];
    for (old, new) in names.into_iter().filter(|(_, new)| new.is_some()) {
        old.clone_from(new);
    }
}
