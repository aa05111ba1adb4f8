//! What must happen to the accounts of `adobe_only_user_list`.

use std::collections::{BTreeMap, BTreeSet};

use super::diff::{held_roles, spared, unchanged};
use super::problems::{
    admin_kept, excluded_kept, listed_other_type, listed_twice_in_adobe, not_in_adobe,
};
use super::reach::{self, Reach};
use super::{Change, Kind, Removal};
use crate::config::Exclusions;
use crate::config::options::AdobeOnlyUserAction;
use crate::model::directory::{self, Directory};
use crate::model::id::{Email, UserKey};
use crate::reconcile::problem::Problem;

/// What becomes of a list.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) changes: Vec<Change>,
    /// How many entries of the list name no account that may be changed, or one that another entry names, too.
    pub(super) spared: usize,
    /// Why some are kept.
    pub(super) problems: Vec<Problem>,
}

/// The changes of all listed accounts, and why others are kept. With an action that neither takes all groups nor removes
/// anybody nothing happens, as in UST.
pub(super) fn changes(
    list: &BTreeSet<&UserKey>,
    directory: &Directory,
    exclusions: &Exclusions,
    action: AdobeOnlyUserAction,
) -> Listed {
    let removal = match action {
        AdobeOnlyUserAction::RemoveAdobeGroups => Removal::AllGroups,
        AdobeOnlyUserAction::Remove | AdobeOnlyUserAction::Delete => Removal::FromOrg {
            delete_account: action == AdobeOnlyUserAction::Delete,
        },
        AdobeOnlyUserAction::Preserve
        | AdobeOnlyUserAction::WriteFile
        | AdobeOnlyUserAction::Exclude => return Listed::default(),
    };
    let accounts = Accounts::new(directory);
    let mut changes = BTreeMap::new();
    let mut problems = Vec::new();
    for key in list {
        match accounts.listed(key, exclusions, action) {
            Ok(account) => {
                let remove = match removal {
                    Removal::AllGroups if account.groups.is_empty() => Removal::none(),
                    _ => removal.clone(),
                };
                let change = Change {
                    remove,
                    ..unchanged(account, Kind::AdobeOnly)
                };
                changes.insert(account.key(), change);
            }
            Err(problem) => problems.push(*problem),
        }
    }
    let spared = list.len() - changes.len();
    let changes = changes.into_values();
    Listed {
        changes: changes.filter(|change| !change.is_empty()).collect(),
        spared,
        problems,
    }
}

/// The directory by what a list can say.
#[derive(Debug, Default)]
struct Accounts<'d> {
    keys: BTreeMap<UserKey, &'d directory::User>,
    /// By type and address; of several the first.
    addresses: BTreeMap<UserKey, &'d directory::User>,
    names: BTreeMap<Reach, Vec<&'d directory::User>>,
}

impl<'d> Accounts<'d> {
    fn new(directory: &'d Directory) -> Self {
        let mut accounts = Self::default();
        for account in &directory.users {
            let address = UserKey::of_email(account.identity_type, &account.email);
            accounts.keys.insert(account.key(), account);
            accounts.addresses.entry(address).or_insert(account);
            for name in reach::of_account(account) {
                accounts.names.entry(name).or_default().push(account);
            }
        }
        accounts
    }

    /// The account that is meant and may be changed.
    ///
    /// # Errors
    /// Why nothing is sent.
    fn listed(
        &self,
        key: &UserKey,
        exclusions: &Exclusions,
        action: AdobeOnlyUserAction,
    ) -> Result<&'d directory::User, Box<Problem>> {
        let found = self.keys.get(key).or_else(|| self.addresses.get(key));
        let Some(&account) = found else {
            return Err(self.missing(key).into());
        };
        let email = unchanged(account, Kind::AdobeOnly).email;
        if reach::is_excluded(account, exclusions) {
            return Err(excluded_kept(&email).into());
        }
        let names = reach::of_account(account);
        let reached = names.iter().filter_map(|name| self.names.get(name));
        if reached.flatten().any(|other| other.key() != account.key()) {
            return Err(listed_twice_in_adobe(&email).into());
        }
        if account.is_admin() {
            return Err(admin_kept(&email, &held_roles(account), spared(action)).into());
        }
        Ok(account)
    }

    fn missing(&self, key: &UserKey) -> Problem {
        let email = Email::new(&key.username);
        let others = self.names.get(&reach::of_key(key));
        match others.and_then(|others| others.first()) {
            Some(other) => listed_other_type(&email, key.identity_type, other.identity_type),
            None => not_in_adobe(&email),
        }
    }
}
