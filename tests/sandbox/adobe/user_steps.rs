//! Doing the steps of an action about a user.

use super::console::{Console, Key};
use super::org::{Account, Identity};
use super::refusal::{Outcome, refuse};
use super::rules::Rules;
use super::syntax::OnExisting;
use super::user_syntax::{Creation, Update, UserAction, UserStep};
use super::values::{domain_of, fold, is_email};

/// Roles that nobody is given or loses through UMAPI.
const FIXED_ROLES: [&str; 3] = ["_org_admin", "_compartment_admin", "_compartment_viewer"];

/// Does the steps in order, up to the first that fails.
pub(super) fn run(
    console: &mut Console,
    rules: &Rules,
    action: &UserAction,
    test: bool,
) -> Outcome {
    let mut run = Run {
        console,
        rules,
        action,
        test,
        created: None,
    };
    for (position, step) in action.steps.iter().enumerate() {
        run.step(step).map_err(|refusal| refusal.at(position))?;
    }
    Ok(())
}

struct Run<'a> {
    console: &'a mut Console,
    rules: &'a Rules,
    action: &'a UserAction,
    test: bool,
    /// The account that the first step made or found: a login name in the form of an address finds it only here.
    created: Option<Key>,
}

impl Run<'_> {
    fn step(&mut self, step: &UserStep) -> Outcome {
        match step {
            UserStep::Create(creation) => self.create(creation),
            UserStep::Update(update) => self.update(update),
            UserStep::Add(names) => self.add(names),
            UserStep::Remove(names) => self.remove(names),
            UserStep::RemoveAll => self.remove_all(),
            UserStep::RemoveFromOrg { delete } => {
                self.remove_from_org(*delete);
                Ok(())
            }
        }
    }

    /// Whom the action is about; nobody only in a test, where that is no error.
    fn target(&self) -> Outcome<Option<Key>> {
        let Some(key) = self.find() else {
            if self.test {
                return Ok(None);
            }
            return refuse(
                "error.user.nonexistent",
                format!("User Id does not exist: {}", self.action.user),
            );
        };
        match self.console.get(&key) {
            Some(account) if account.in_org => Ok(Some(key)),
            _ => refuse(
                "error.user.not_in_org",
                format!("{} is not in the organization", self.action.user),
            ),
        }
    }

    fn find(&self) -> Option<Key> {
        let UserAction {
            user,
            domain,
            adobe_id,
            ..
        } = self.action;
        let created = self.created.clone();
        created.or_else(|| self.console.find(user, domain.as_deref(), *adobe_id))
    }

    fn create(&mut self, creation: &Creation) -> Outcome {
        let key = Key::new(&creation.email, creation.identity);
        if creation.identity.is_owned() {
            self.check_domain(self.login_domain(), creation.identity)?;
            self.check_login_is_free(&key)?;
        }
        match self.console.get(&key) {
            None => self.console.put(self.account(creation)),
            Some(known) if known.identity != creation.identity => {
                return refuse(
                    "error.user.type_mismatch",
                    format!("{} is of another type", creation.email),
                );
            }
            Some(known) => self.meet(&key, known.in_org, creation)?,
        }
        // Without the flag an owned account of the same address goes before an Adobe ID.
        if creation.identity.is_owned() || self.action.adobe_id {
            self.created = Some(key);
        }
        Ok(())
    }

    /// A creation of what is there. Who is only in the directory comes back.
    fn meet(&mut self, key: &Key, in_org: bool, creation: &Creation) -> Outcome {
        if in_org && creation.existing == OnExisting::Fail {
            return refuse(
                "error.user.already_in_org",
                format!("{} is in the organization", creation.email),
            );
        }
        let update = creation.existing == OnExisting::Update && creation.identity.is_owned();
        self.console.change(key, |account| {
            account.in_org = true;
            let names = [
                (&mut account.first, &creation.first),
                (&mut account.last, &creation.last),
            ];
            for (name, new) in names {
                if update && !new.is_empty() {
                    new.clone_into(name);
                }
            }
        });
        Ok(())
    }

    fn account(&self, creation: &Creation) -> Account {
        let mut account = Account::new(creation.identity, &creation.email)
            .named(&creation.first, &creation.last)
            .of_country(&creation.country);
        if fold(&self.action.user) != fold(&creation.email) {
            account = account.login(&self.action.user, self.login_domain());
        }
        account
    }

    fn login_domain(&self) -> &str {
        let domain = self.action.domain.as_deref();
        domain.unwrap_or_else(|| domain_of(&self.action.user))
    }

    /// The domain is claimed, for accounts of this kind.
    fn check_domain(&self, domain: &str, identity: Identity) -> Outcome {
        match self.rules.claim(domain) {
            Err(()) => refuse(
                "error.domain.trust.nonexistent",
                "Changes to users are only allowed in claimed domains.",
            ),
            Ok(Some(claim)) if claim.identity != identity => refuse(
                "error.user.type_mismatch",
                format!("The domain {domain} holds accounts of another type"),
            ),
            Ok(_) => Ok(()),
        }
    }

    /// Nobody else has the login name. One that is the account's own address is not looked for.
    fn check_login_is_free(&self, key: &Key) -> Outcome {
        let user = &self.action.user;
        if Key::new(user, Identity::Federated) == *key {
            return Ok(());
        }
        match self.console.find_login(user, self.login_domain()) {
            Some(other) if other != *key => {
                refuse("error.user.name_in_use", format!("{user} is in use"))
            }
            _ => Ok(()),
        }
    }

    fn update(&mut self, update: &Update) -> Outcome {
        let Some(key) = self.target()? else {
            return Ok(());
        };
        let Some(account) = self.console.get(&key).cloned() else {
            return Ok(());
        };
        if account.identity == Identity::Adobe {
            return refuse("error.update.adobeid.no", "An Adobe ID cannot be updated");
        }
        self.check_domain(domain_of(&account.email), account.identity)?;
        let changed = self.updated(account, update)?;
        let new_key = Key::new(&changed.email, changed.identity);
        self.console.change(&key, |account| *account = changed);
        if self.created.is_some() || new_key != key {
            self.created = Some(new_key);
        }
        Ok(())
    }

    fn updated(&self, mut account: Account, update: &Update) -> Outcome<Account> {
        let own = Key::new(&account.email, account.identity);
        if let Some(email) = &update.email {
            self.check_new_email(&account, email)?;
            // Where the address is the login name, it stays so.
            if account.username == account.email {
                email.clone_into(&mut account.username);
                domain_of(email).clone_into(&mut account.domain);
            }
            email.clone_into(&mut account.email);
        }
        if let Some(username) = &update.username {
            self.check_new_username(&account, &own, username)?;
            if is_email(username) {
                domain_of(username).clone_into(&mut account.domain);
            }
            username.clone_into(&mut account.username);
        }
        account.first = update.first.clone().unwrap_or(account.first);
        account.last = update.last.clone().unwrap_or(account.last);
        Ok(account)
    }

    fn check_new_email(&self, account: &Account, email: &str) -> Outcome {
        if account.email == email {
            return Ok(());
        }
        if fold(&account.email) == fold(email) {
            return refuse(
                "error.update.no",
                "The letter case of an address cannot be changed",
            );
        }
        self.check_same_directory(domain_of(&account.email), domain_of(email))?;
        if self
            .console
            .get(&Key::new(email, account.identity))
            .is_some()
        {
            return refuse("error.user.email.name_in_use", format!("{email} is in use"));
        }
        Ok(())
    }

    fn check_new_username(&self, account: &Account, own: &Key, username: &str) -> Outcome {
        if account.identity != Identity::Federated {
            return refuse("error.update.username.no", "The username is the address");
        }
        let domain = if is_email(username) {
            domain_of(username)
        } else {
            &account.domain
        };
        self.check_same_directory(&account.domain, domain)?;
        match self.console.find_login(username, domain) {
            Some(other) if other != *own => {
                refuse("error.user.name_in_use", format!("{username} is in use"))
            }
            _ => Ok(()),
        }
    }

    /// Both domains are claimed and in one directory.
    fn check_same_directory(&self, old: &str, new: &str) -> Outcome {
        match (self.rules.claim(old), self.rules.claim(new)) {
            (Err(()), _) | (_, Err(())) => refuse(
                "error.domain.trust.nonexistent",
                "Changes to users are only allowed in claimed domains.",
            ),
            (Ok(Some(old)), Ok(Some(new))) if old.directory != new.directory => refuse(
                "error.update.domain.mismatch",
                "The domains are not in one directory",
            ),
            _ => Ok(()),
        }
    }

    /// One unknown group, and the step does nothing. Who is in a group already is no error.
    fn add(&mut self, names: &[String]) -> Outcome {
        let groups = self.known(names, "error.usergroup.readonly.add_user_not_allowed")?;
        if let Some(key) = self.target()? {
            self.console
                .change(&key, |account| account.groups.extend(groups));
        }
        Ok(())
    }

    /// As [`add`](Self::add).
    fn remove(&mut self, names: &[String]) -> Outcome {
        let groups = self.known(names, "error.usergroup.readonly.remove_user_not_allowed")?;
        if let Some(key) = self.target()? {
            self.console.change(&key, |account| {
                account.groups.retain(|group| !groups.contains(group));
            });
        }
        Ok(())
    }

    fn remove_all(&mut self) -> Outcome {
        if let Some(key) = self.target()? {
            self.console.change(&key, |account| {
                account.groups.retain(|group| is_fixed_role(group));
            });
        }
        Ok(())
    }

    /// Says that it is done, whoever is meant. An owned account stays in the directory unless it is deleted.
    fn remove_from_org(&mut self, delete: bool) {
        let Some(key) = self.find() else {
            return;
        };
        let Some(account) = self.console.get(&key).cloned() else {
            return;
        };
        let claimed = self.rules.claim(&account.domain).is_ok();
        if account.identity == Identity::Adobe || (delete && claimed) {
            self.console.forget(account.identity, &account.email);
        } else {
            self.console
                .change(&key, |account| *account = account.clone().outside());
        }
    }

    /// The groups in their own spelling.
    fn known(&self, names: &[String], read_only: &'static str) -> Outcome<Vec<String>> {
        let known = |name: &String| {
            let Some(group) = self.console.group(name) else {
                return refuse(
                    "error.group.not_found",
                    format!("Group {name} was not found"),
                );
            };
            if is_fixed_role(&group.name) {
                return refuse(
                    "error.user.update_failed",
                    format!("The role {name} is neither given nor taken here"),
                );
            }
            if group.read_only {
                return refuse(read_only, format!("Group {name} is read-only"));
            }
            Ok(group.name.clone())
        };
        names.iter().map(known).collect()
    }
}

fn is_fixed_role(group: &str) -> bool {
    FIXED_ROLES.contains(&fold(group).as_str())
}
