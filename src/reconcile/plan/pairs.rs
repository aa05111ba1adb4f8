//! Which account belongs to whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::directory::Directory;
use crate::model::id::{IdentityType, UserKey};
use crate::reconcile::desired::{Desired, User};

/// Roster users and accounts, paired.
pub(super) struct Pairs<'a> {
    /// By the account's position in the directory.
    pub(super) of_account: BTreeMap<usize, &'a User>,
    /// Users who have an account.
    pub(super) matched: BTreeSet<UserKey>,
    /// Users whose address belongs to an account of the other owned type.
    pub(super) other_type: BTreeSet<UserKey>,
    /// Those accounts.
    pub(super) left_alone: BTreeSet<usize>,
}

impl<'a> Pairs<'a> {
    /// By login name first, then by e-mail address within the identity type (difference 20), then by address across
    /// the two owned types (difference 7).
    pub(super) fn new(desired: &'a Desired, directory: &Directory) -> Self {
        let mut pairs = Self {
            of_account: BTreeMap::new(),
            matched: BTreeSet::new(),
            other_type: BTreeSet::new(),
            left_alone: BTreeSet::new(),
        };
        for (position, account) in directory.users.iter().enumerate() {
            pairs.pair(position, account.key(), desired);
        }
        for (position, account) in directory.users.iter().enumerate() {
            if !pairs.of_account.contains_key(&position) {
                pairs.pair(
                    position,
                    UserKey::of_email(account.identity_type, &account.email),
                    desired,
                );
            }
        }
        for (position, account) in directory.users.iter().enumerate() {
            let Some(other) = other_owned(account.identity_type) else {
                continue;
            };
            let key = UserKey::of_email(other, &account.email);
            let wanted = desired.users.get(&key).is_some_and(|user| user.selected);
            if wanted && !pairs.matched.contains(&key) && !pairs.of_account.contains_key(&position)
            {
                pairs.other_type.insert(key);
                pairs.left_alone.insert(position);
            }
        }
        pairs
    }

    fn pair(&mut self, position: usize, key: UserKey, desired: &'a Desired) {
        if let Some(user) = desired.users.get(&key)
            && self.matched.insert(key)
        {
            self.of_account.insert(position, user);
        }
    }
}

fn other_owned(identity_type: IdentityType) -> Option<IdentityType> {
    match identity_type {
        IdentityType::Adobe => None,
        IdentityType::Enterprise => Some(IdentityType::Federated),
        IdentityType::Federated => Some(IdentityType::Enterprise),
    }
}
