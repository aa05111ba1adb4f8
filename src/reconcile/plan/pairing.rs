//! Which account belongs to which person.

use std::collections::{BTreeMap, BTreeSet};

use super::problems::{address_taken, login_taken, other_identity_type};
use super::protected;
use super::reach::{self, Reach};
use super::unseen::Addresses;
use crate::config::Exclusions;
use crate::model::directory::{self, Directory};
use crate::model::id::{Email, IdentityType, UserKey};
use crate::reconcile::desired::{self, Desired, Unusable};
use crate::reconcile::guard::plain;
use crate::reconcile::problem::{Problem, ProblemName};

/// What an account is to the roster.
#[derive(Debug)]
pub(super) enum Standing<'a> {
    /// It belongs to somebody selected whom the pass may touch.
    Roster(Owner<'a>),
    /// It belongs to somebody whom only dates keep from being selected, and whom the pass may touch.
    Lapsed(&'a desired::User),
    /// It holds an admin role, and whoever has its address in the roster has another name: it is left alone.
    AdminOfOtherName(&'a desired::User),
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
    /// Selected people who have an account of their identity type.
    pub(super) found: usize,
    /// Selected people who have none, and an account of another type under their address.
    pub(super) found_elsewhere: usize,
    /// People whose address is somebody else's: what they have may stand under another one.
    pub(super) unplaced: Vec<Unusable>,
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
        let accounts: Vec<_> = standings.collect();
        let Without {
            new,
            found,
            found_elsewhere,
            mut unplaced,
            problems,
        } = sides.without();
        let others = accounts.iter().filter_map(|(_, standing)| match standing {
            Standing::AdminOfOtherName(user) => Some(self::unplaced(user)),
            _ => None,
        });
        unplaced.extend(others);
        Self {
            accounts,
            new,
            found,
            found_elsewhere,
            unplaced,
            problems,
        }
    }
}

/// Selected people without an account of their identity type, and how many have one.
#[derive(Debug, Default)]
struct Without<'a> {
    new: Vec<(&'a UserKey, &'a desired::User)>,
    found: usize,
    found_elsewhere: usize,
    unplaced: Vec<Unusable>,
    problems: Vec<Problem>,
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
    /// Names of people whom no action names.
    protected: BTreeSet<Reach>,
    /// Names of everybody selected, today or on other days.
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
                excluded: reach::is_excluded(account, exclusions)
                    || protected::means_account(&exclusions.protected, account),
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
        let selected = || {
            desired
                .users
                .iter()
                .filter(|(_, user)| user.selected || user.lapsed)
        };
        let untouched = selected().filter(|(_, user)| !user.touched);
        Self {
            desired,
            people: Addresses::new(desired),
            excluded: excluded.flat_map(|side| side.names.clone()).collect(),
            protected: protected::names(desired, &exclusions.protected),
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
        let of_protected = |(key, user)| meets_person(&self.protected, key, user);
        if side.excluded || meets(&self.protected) || side.owner.is_some_and(of_protected) {
            return Standing::Excluded;
        }
        if meets(&self.excluded) || meets(&self.untouched) {
            return Standing::LeftAlone;
        }
        match side.owner {
            Some((_, user))
                if (user.selected || user.lapsed)
                    && user.touched
                    && is_admin_of_other_name(side.account, user) =>
            {
                Standing::AdminOfOtherName(user)
            }
            Some((key, user)) if user.selected && user.touched => Standing::Roster(Owner {
                user,
                address_taken: self.is_elsewhere(key, user, side),
            }),
            Some((_, user)) if user.lapsed && user.touched => Standing::Lapsed(user),
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
    fn without(&self) -> Without<'a> {
        let owners = self.accounts.iter().filter_map(|side| side.owner);
        let found: BTreeSet<&UserKey> = owners.map(|(key, _)| key).collect();
        let addresses: BTreeSet<&Email> = self
            .accounts
            .iter()
            .map(|side| &side.account.email)
            .collect();
        let mut without = Without::default();
        for (key, user) in &self.desired.users {
            if !user.selected {
                continue;
            }
            if found.contains(key) {
                without.found += 1;
                continue;
            }
            without.found_elsewhere += usize::from(addresses.contains(&user.email));
            if !user.touched || meets_person(&self.protected, key, user) {
                continue;
            }
            match self.obstacle(key, user) {
                Some(problem) => {
                    if problem.name == ProblemName::AddressTaken {
                        without.unplaced.push(unplaced(user));
                    }
                    without.problems.push(problem);
                }
                None => without.new.push((key, user)),
            }
        }
        without
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

/// Somebody who is there, and whose account cannot be found by address.
fn unplaced(user: &desired::User) -> Unusable {
    let names = [&user.first_name, &user.last_name].map(Option::as_deref);
    let name = match names {
        [None, None] => None,
        [first, last] => Some((
            first.unwrap_or_default().to_owned(),
            last.unwrap_or_default().to_owned(),
        )),
    };
    Unusable {
        name,
        email: None,
        directory_groups: user.directory_groups.clone(),
        adobe_groups: user.groups.keys().cloned().collect(),
        selects: user.selected,
        selects_unseen: user.selected && user.groups.is_empty(),
        in_all: false,
    }
}

/// Whether the person has one of these names.
fn meets_person(names: &BTreeSet<Reach>, key: &UserKey, user: &desired::User) -> bool {
    !names.is_empty() && !names.is_disjoint(&reach::of_people(key, user))
}

/// Whether an admin has no name in common with the roster's person. A name that one of them lacks tells nothing.
fn is_admin_of_other_name(account: &directory::User, user: &desired::User) -> bool {
    let names = [
        (&account.first_name, &user.first_name),
        (&account.last_name, &user.last_name),
    ];
    let both = names.into_iter().filter_map(|(one, other)| {
        let (one, other) = (plain(one.as_deref()?), plain(other.as_deref()?));
        (!one.is_empty() && !other.is_empty()).then_some(one == other)
    });
    let alike: Vec<bool> = both.collect();
    account.is_admin() && !alike.is_empty() && !alike.contains(&true)
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
