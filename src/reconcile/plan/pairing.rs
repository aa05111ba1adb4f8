//! Which account belongs to which person.

use std::collections::{BTreeMap, BTreeSet};

use super::problems::{address_taken, login_taken, other_identity_type};
use super::reach::{self, Reach};
use super::unseen::Addresses;
use crate::config::Exclusions;
use crate::model::directory::{self, Directory};
use crate::model::id::{Email, IdentityType, UserKey};
use crate::reconcile::desired::{self, Desired};
use crate::reconcile::problem::Problem;

/// What an account is to the roster.
#[derive(Debug)]
pub(super) enum Standing<'a> {
    /// It belongs to somebody selected whom the pass may touch.
    Roster(Owner<'a>),
    /// It is nobody's business: it belongs to somebody whom `user_filter` leaves out, or a command for it could reach
    /// another account that is not to be changed, or that of somebody selected.
    LeftAlone,
    /// An option keeps every pass from it.
    Excluded,
    /// It belongs to nobody who is selected.
    AdobeOnly {
        /// Whether the roster still lists the person, whose directory groups have ended.
        still_listed: bool,
    },
}

/// Whose account it is.
#[derive(Debug)]
pub(super) struct Owner<'a> {
    pub(super) user: &'a desired::User,
    /// Whether the person's address stands in yet another account, so that this one cannot have it.
    pub(super) address_taken: bool,
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
    /// By login name, then by e-mail address within the identity type. A name that stands in somebody else's account
    /// keeps Adobe from making one.
    pub(super) fn new(
        desired: &'a Desired,
        directory: &'a Directory,
        exclusions: &Exclusions,
    ) -> Self {
        let sides = Sides::new(desired, directory, exclusions);
        let standings = sides.accounts.iter().map(|side| {
            let standing = sides.standing(side);
            (side.account, standing)
        });
        let accounts = standings.collect();
        let (new, problems) = sides.without();
        Self {
            accounts,
            new,
            problems,
        }
    }
}

/// One account and the person whose it is.
#[derive(Debug)]
struct Side<'a> {
    account: &'a directory::User,
    owner: Option<(&'a UserKey, &'a desired::User)>,
    excluded: bool,
    names: BTreeSet<Reach>,
}

#[derive(Debug)]
struct Sides<'a> {
    desired: &'a Desired,
    accounts: Vec<Side<'a>>,
    /// The accounts by each of their names.
    by_name: BTreeMap<Reach, Vec<usize>>,
    people: Addresses<'a>,
    /// Names of accounts that no pass touches.
    excluded: BTreeSet<Reach>,
    /// Names of everybody selected.
    selected: BTreeSet<Reach>,
    /// Names of those of them whom `user_filter` leaves out.
    untouched: BTreeSet<Reach>,
    /// Names of those whose directory groups have ended.
    still_listed: BTreeSet<Reach>,
}

impl<'a> Sides<'a> {
    fn new(desired: &'a Desired, directory: &'a Directory, exclusions: &Exclusions) -> Self {
        let accounts: Vec<Side<'_>> = directory
            .users
            .iter()
            .zip(owners(desired, directory))
            .map(|(account, owner)| Side {
                account,
                owner,
                excluded: reach::is_excluded(account, exclusions),
                names: reach::of_account(account),
            })
            .collect();
        let mut by_name = BTreeMap::<Reach, Vec<usize>>::new();
        for (position, side) in accounts.iter().enumerate() {
            for name in &side.names {
                by_name.entry(name.clone()).or_default().push(position);
            }
        }
        let excluded = accounts.iter().filter(|side| side.excluded);
        let selected = || desired.users.iter().filter(|(_, user)| user.selected);
        let untouched = selected().filter(|(_, user)| !user.touched);
        Self {
            desired,
            people: Addresses::new(desired),
            excluded: excluded.flat_map(|side| side.names.clone()).collect(),
            untouched: untouched
                .flat_map(|(key, user)| reach::of_people(key, user))
                .collect(),
            selected: selected()
                .flat_map(|(key, user)| reach::of_people(key, user))
                .collect(),
            still_listed: desired.still_listed.iter().map(reach::of_key).collect(),
            accounts,
            by_name,
        }
    }

    fn standing(&self, side: &Side<'a>) -> Standing<'a> {
        let meets = |names: &BTreeSet<Reach>| !side.names.is_disjoint(names);
        if side.excluded {
            return Standing::Excluded;
        }
        if meets(&self.excluded) || meets(&self.untouched) {
            return Standing::LeftAlone;
        }
        match side.owner {
            Some((key, user)) if user.selected && user.touched => Standing::Roster(Owner {
                user,
                address_taken: self.is_elsewhere(key, user, side),
            }),
            _ if meets(&self.selected) => Standing::LeftAlone,
            _ => Standing::AdobeOnly {
                still_listed: meets(&self.still_listed),
            },
        }
    }

    /// Whether another account has the address that this one is to get.
    fn is_elsewhere(&self, key: &UserKey, user: &desired::User, side: &Side<'_>) -> bool {
        let mut found = self.named(key, user);
        found.any(|other| {
            other.account.email == user.email && other.account.email != side.account.email
        })
    }

    /// The accounts that a command for this person could reach.
    fn named(&self, key: &UserKey, user: &desired::User) -> impl Iterator<Item = &Side<'a>> {
        let positions: BTreeSet<usize> = reach::of_person(key, user)
            .iter()
            .filter_map(|name| self.by_name.get(name))
            .flatten()
            .copied()
            .collect();
        positions
            .into_iter()
            .filter_map(|position| self.accounts.get(position))
    }

    /// Who has no account and may be touched: those who can get one, and why the others cannot.
    fn without(&self) -> (Vec<(&'a UserKey, &'a desired::User)>, Vec<Problem>) {
        let owners = self.accounts.iter().filter_map(|side| side.owner);
        let found: BTreeSet<&UserKey> = owners.map(|(key, _)| key).collect();
        let (mut new, mut problems) = (Vec::new(), Vec::new());
        for (key, user) in &self.desired.users {
            if !user.selected || !user.touched || found.contains(key) {
                continue;
            }
            match self.obstacle(key, user) {
                Some(problem) => problems.push(problem),
                None => new.push((key, user)),
            }
        }
        (new, problems)
    }

    /// An account of the other owned type, or of somebody else, that a creation would reach. It may be one that is only
    /// going to be made.
    fn obstacle(&self, key: &UserKey, user: &desired::User) -> Option<Problem> {
        let others: Vec<&Side<'_>> = self.named(key, user).collect();
        let is_other = |side: &&&Side<'_>| {
            side.owner.is_none() && side.account.identity_type != key.identity_type
        };
        if let Some(other) = others.iter().find(is_other) {
            let other = other.account.identity_type;
            return Some(other_identity_type(key.identity_type, other, &user.email));
        }
        let by_address = |side: &&Side<'_>| side.account.email == user.email;
        match others.first() {
            None if self.people.is_of_another(key) => Some(login_taken(&user.email)),
            None => None,
            Some(_) if others.iter().any(by_address) => Some(address_taken(&user.email)),
            Some(_) => Some(login_taken(&user.email)),
        }
    }
}

/// For each account the person it belongs to: whose key it has, or else whose address, if no other account has the
/// person's key (of several the first).
fn owners<'a>(
    desired: &'a Desired,
    directory: &Directory,
) -> Vec<Option<(&'a UserKey, &'a desired::User)>> {
    let by_address: BTreeMap<(IdentityType, &Email), &UserKey> = desired
        .users
        .iter()
        .map(|(key, user)| ((key.identity_type, &user.email), key))
        .collect();
    let by_login: Vec<Option<(&UserKey, &desired::User)>> = directory
        .users
        .iter()
        .map(|account| desired.users.get_key_value(&account.key()))
        .collect();
    let mut found: BTreeSet<&UserKey> = by_login.iter().flatten().map(|(key, _)| *key).collect();
    directory
        .users
        .iter()
        .zip(by_login)
        .map(|(account, owner)| {
            owner.or_else(|| {
                let key = by_address.get(&(account.identity_type, &account.email))?;
                let person = desired.users.get_key_value(*key)?;
                found.insert(key).then_some(person)
            })
        })
        .collect()
}
