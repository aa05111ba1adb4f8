//! Whom a command must not name although nobody has looked for an account: with strategy push, and outside the groups
//! that `adobe_users` reads.

use std::collections::BTreeMap;

use super::reach::{self, Reach};
use crate::config::Exclusions;
use crate::model::id::UserKey;
use crate::reconcile::desired::{self, Desired};

/// Whether the account would be excluded, as far as the roster tells: by its type, by the login name or by the address,
/// which is the login name of most. A pattern that cannot tell excludes.
pub(super) fn is_excluded(key: &UserKey, user: &desired::User, exclusions: &Exclusions) -> bool {
    let names = reach::of_people(key, user);
    exclusions.identity_types.contains(&key.identity_type)
        || exclusions
            .users
            .iter()
            .any(|pattern| names.iter().any(|name| name.is_meant_by(pattern)))
}

/// The people of the roster by address.
#[derive(Debug)]
pub(super) struct Addresses<'a>(BTreeMap<Reach, &'a UserKey>);

impl<'a> Addresses<'a> {
    pub(super) fn new(desired: &'a Desired) -> Self {
        let people = desired.users.iter();
        Self(
            people
                .map(|(key, user)| (reach::of_address(key.identity_type, &user.email), key))
                .collect(),
        )
    }

    /// Whether the login name is the address of somebody else, whose account a command would reach.
    pub(super) fn is_of_another(&self, key: &UserKey) -> bool {
        let namesake = self.0.get(&reach::of_key(key));
        namesake.is_some_and(|other| *other != key)
    }
}

/// How many people were left out because the roster tells that they are excluded.
pub(super) fn left_out(people: usize) -> Option<String> {
    let who = match people {
        0 => return None,
        1 => "1 selected person of the roster was".to_owned(),
        people => format!("{people} selected people of the roster were"),
    };
    Some(format!(
        "{who} left out: exclude_identity_types or exclude_users of user-sync-config.yml would exclude the account, and \
         not all accounts were read."
    ))
}

/// How many people have no account because they would have no group.
pub(super) fn unmapped(people: usize) -> Option<String> {
    let who = match people {
        0 => return None,
        1 => "1 selected person of the roster has no Adobe group and was".to_owned(),
        people => format!("{people} selected people of the roster have no Adobe group and were"),
    };
    Some(format!("{who} not created (exclude_unmapped_users)."))
}

/// Who is in an excluded group is known to Adobe alone.
pub(super) fn unknown_groups(exclusions: &Exclusions) -> Option<String> {
    (!exclusions.groups.is_empty()).then(|| {
        "exclude_adobe_groups had no effect: strategy push reads nothing from Adobe, so nobody can tell who is in these \
         groups. Exclude these people by exclude_users, or use strategy sync."
            .to_owned()
    })
}
