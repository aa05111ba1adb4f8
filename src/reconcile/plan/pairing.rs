//! Which account belongs to which person.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::directory::{self, Directory};
use crate::model::id::{Email, IdentityType, UserKey};
use crate::reconcile::desired::{self, Desired};
use crate::reconcile::problem::{Problem, ProblemName};

/// What an account is to the roster.
#[derive(Debug)]
pub(super) enum Standing<'a> {
    /// It belongs to somebody selected.
    Roster(&'a desired::User),
    /// It is nobody's business: its e-mail address is that of somebody who has, or needs, another account.
    LeftAlone,
    /// It belongs to nobody who is selected.
    AdobeOnly,
}

/// Both sides side by side.
#[derive(Debug)]
pub(super) struct Pairing<'a> {
    /// Every account, in the directory's order.
    pub(super) accounts: Vec<(&'a directory::User, Standing<'a>)>,
    /// Selected people without an account who can get one, by key.
    pub(super) new: Vec<(&'a UserKey, &'a desired::User)>,
    /// People who need an account and cannot get one.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Pairing<'a> {
    /// By login name, then by e-mail address within the identity type. An account of the other owned type with the
    /// address of somebody who has no account keeps Adobe from making one.
    pub(super) fn new(desired: &'a Desired, directory: &'a Directory) -> Self {
        let owners = owners(desired, directory);
        let found: BTreeSet<&UserKey> = owners.iter().flatten().copied().collect();
        let without: BTreeMap<&UserKey, &desired::User> = desired
            .users
            .iter()
            .filter(|(key, user)| user.selected && !found.contains(key))
            .collect();
        let taken = taken(directory, &owners, &without);
        let mut blocked = BTreeMap::<&UserKey, IdentityType>::new();
        let mut accounts = Vec::with_capacity(directory.users.len());
        for (account, owner) in directory.users.iter().zip(owners) {
            let standing = match owner.and_then(|key| desired.users.get(key)) {
                Some(user) if user.selected => Standing::Roster(user),
                Some(_) => Standing::AdobeOnly,
                None => match blocks(account, &without) {
                    Some(key) => {
                        blocked.insert(key, account.identity_type);
                        Standing::LeftAlone
                    }
                    None if shares_address(account, desired) => Standing::LeftAlone,
                    None => Standing::AdobeOnly,
                },
            };
            accounts.push((account, standing));
        }
        let problems = blocked
            .iter()
            .filter_map(|(key, other)| without.get(key).map(|user| (key, other, user)))
            .map(|(key, other, user)| other_identity_type(key, *other, &user.email))
            .chain(
                taken
                    .iter()
                    .filter_map(|key| without.get(key))
                    .map(|user| address_taken(&user.email)),
            )
            .collect();
        let new = without
            .into_iter()
            .filter(|(key, _)| !blocked.contains_key(key) && !taken.contains(key))
            .collect();
        Self {
            accounts,
            new,
            problems,
        }
    }
}

/// For each account the person it belongs to: whose key it has, or else whose address, if no other account has the
/// person's key (of several the first).
fn owners<'a>(desired: &'a Desired, directory: &Directory) -> Vec<Option<&'a UserKey>> {
    let person = |key: &UserKey| desired.users.get_key_value(key).map(|(key, _)| key);
    let by_login: Vec<Option<&UserKey>> = directory
        .users
        .iter()
        .map(|account| person(&account.key()))
        .collect();
    let mut found: BTreeSet<&UserKey> = by_login.iter().flatten().copied().collect();
    directory
        .users
        .iter()
        .zip(by_login)
        .map(|(account, owner)| {
            owner.or_else(|| person(&address_key(account)).filter(|key| found.insert(key)))
        })
        .collect()
}

/// People without an account whose address stands in somebody else's account: a creation would reach that one.
fn taken<'a>(
    directory: &Directory,
    owners: &[Option<&'a UserKey>],
    without: &BTreeMap<&'a UserKey, &desired::User>,
) -> BTreeSet<&'a UserKey> {
    let owned = directory
        .users
        .iter()
        .zip(owners)
        .filter(|(_, owner)| owner.is_some());
    owned
        .filter_map(|(account, _)| without.get_key_value(&address_key(account)))
        .map(|(key, _)| *key)
        .collect()
}

/// The key that the account would have if its login name were its e-mail address.
fn address_key(account: &directory::User) -> UserKey {
    UserKey::of_email(account.identity_type, &account.email)
}

/// Adobe is told addresses, so whatever were sent for this account would reach the person's other one. Of the types, it
/// is told only whether the account is an Adobe ID: the two owned ones share their addresses.
fn shares_address(account: &directory::User, desired: &Desired) -> bool {
    IdentityType::ALL
        .into_iter()
        .filter(|of_person| of_person.is_owned() == account.identity_type.is_owned())
        .map(|of_person| UserKey::of_email(of_person, &account.email))
        .any(|key| desired.users.get(&key).is_some_and(|user| user.selected))
}

/// The person without an account who cannot get one because of this account.
fn blocks<'a>(
    account: &directory::User,
    without: &BTreeMap<&'a UserKey, &desired::User>,
) -> Option<&'a UserKey> {
    let other = match account.identity_type {
        IdentityType::Enterprise => IdentityType::Federated,
        IdentityType::Federated => IdentityType::Enterprise,
        IdentityType::Adobe => return None,
    };
    let by_login = UserKey {
        identity_type: other,
        ..account.key()
    };
    let by_address = UserKey::of_email(other, &account.email);
    [by_login, by_address]
        .iter()
        .find_map(|key| without.get_key_value(key).map(|(key, _)| *key))
}

fn other_identity_type(key: &UserKey, other: IdentityType, email: &Email) -> Problem {
    Problem {
        name: ProblemName::OtherIdentityType,
        email: Some(email.clone()),
        roster_id: None,
        message: format!(
            "There is an account of the type {other} with this e-mail address, so Adobe would refuse one of the type \
             {}. Nothing was sent for this person. Convert the account in the Admin Console (Users > Edit identity \
             type), or set user_identity_type to {other}.",
            key.identity_type
        ),
        refused: None,
    }
}

fn address_taken(email: &Email) -> Problem {
    Problem {
        name: ProblemName::AddressTaken,
        email: Some(email.clone()),
        roster_id: None,
        message: "This e-mail address stands in the account of somebody else, who signs in under another name, so a \
                  new account would become theirs. Nothing was sent for this person. Correct the address of that \
                  account in the Admin Console."
            .to_owned(),
        refused: None,
    }
}
