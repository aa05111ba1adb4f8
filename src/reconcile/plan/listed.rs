//! What must happen to the accounts of `adobe_only_user_list`.

use std::collections::{BTreeMap, BTreeSet};

use super::diff::unchanged;
use super::leaving::Departure;
use super::problems::{
    excluded_kept, listed_other_type, listed_twice_in_adobe, not_in_adobe, protected_account_kept,
};
use super::reach::{self, Reach};
use super::{Change, Kind, protected};
use crate::config::Exclusions;
use crate::config::options::AdobeOnlyUserAction;
use crate::model::directory::{self, Directory};
use crate::model::id::{Email, UserKey};
use crate::reconcile::known::Known;
use crate::reconcile::problem::Problem;

/// What becomes of a list.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) changes: Vec<Change>,
    /// How many entries of the list name no account that may be changed, one that another entry names, too, or one that keeps
    /// a part of what the action takes.
    pub(super) spared: usize,
    /// How many accounts stay because no pass has made or changed them.
    pub(super) foreign: usize,
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
    known: &Known,
) -> Listed {
    if !action.takes_everything() {
        return Listed::default();
    }
    let accounts = Accounts::new(directory);
    let mut changes = BTreeMap::new();
    let mut listed = Listed::default();
    for key in list {
        let account = match accounts.listed(key, exclusions) {
            Ok(account) => account,
            Err(problem) => {
                listed.problems.push(*problem);
                continue;
            }
        };
        let Departure {
            removal,
            problem,
            is_foreign,
        } = Departure::of(account, action, &exclusions.protected, known);
        listed.foreign += usize::from(is_foreign);
        if let Some(remove) = removal {
            listed.spared += usize::from(problem.is_some());
            let change = Change {
                remove,
                ..unchanged(account, Kind::AdobeOnly)
            };
            changes.insert(account.key(), change);
        }
        listed.problems.extend(problem);
    }
    listed.spared += list.len() - changes.len();
    let changes = changes.into_values();
    listed.changes = changes.filter(|change| !change.is_empty()).collect();
    listed
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

    /// The account that is meant and may be named.
    ///
    /// # Errors
    /// Why nothing is sent.
    fn listed(
        &self,
        key: &UserKey,
        exclusions: &Exclusions,
    ) -> Result<&'d directory::User, Box<Problem>> {
        let found = self.keys.get(key).or_else(|| self.addresses.get(key));
        let Some(&account) = found else {
            return Err(self.missing(key).into());
        };
        let email = unchanged(account, Kind::AdobeOnly).email;
        if protected::means_account(&exclusions.protected, account) {
            return Err(protected_account_kept(&email).into());
        }
        if reach::is_excluded(account, exclusions) {
            return Err(excluded_kept(&email).into());
        }
        let names = reach::of_account(account);
        let reached = names.iter().filter_map(|name| self.names.get(name));
        if reached.flatten().any(|other| other.key() != account.key()) {
            return Err(listed_twice_in_adobe(&email).into());
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
