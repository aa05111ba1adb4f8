//! Adobe's side as it is.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{Email, GroupName, IdentityType, UserKey};

/// One account of the organization and the groups it is a direct member of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The kind of account.
    pub identity_type: IdentityType,
    /// The address that names the account in actions.
    pub email: Email,
    /// The login name, where Adobe gives one.
    pub username: Option<String>,
    /// The domain of the account's directory, where Adobe gives one.
    pub domain: Option<String>,
    /// First name; Adobe leaves out what is empty.
    pub first_name: Option<String>,
    /// Last name; Adobe leaves out what is empty.
    pub last_name: Option<String>,
    /// User groups, product profiles and admin groups.
    pub groups: BTreeSet<GroupName>,
}

impl User {
    /// The key by which the rules know the account.
    pub fn key(&self) -> UserKey {
        UserKey::of_account(
            self.identity_type,
            &self.email,
            self.username.as_deref(),
            self.domain.as_deref(),
        )
    }

    /// Whether the account holds an admin role.
    pub fn is_admin(&self) -> bool {
        self.groups.iter().any(GroupName::is_admin_role)
    }
}

/// Masked: all of it is personal data.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "User({}, {} groups)",
            self.identity_type,
            self.groups.len()
        )
    }
}

/// Which accounts a pass reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of the organization.
    Everybody,
    /// Those in at least one of these groups.
    Members(BTreeSet<GroupName>),
}

/// The accounts that were read, each once.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// In the order of their keys.
    pub users: Vec<User>,
    /// All groups and profiles of the organization, where they were listed.
    pub groups: Option<BTreeSet<GroupName>>,
    /// Groups of [`Scope::Members`] that Adobe does not know.
    pub unread_groups: BTreeSet<GroupName>,
}

impl Directory {
    /// Sorts by key. Of two rows with the same key (a listing may repeat one) the groups are united.
    pub fn new(users: impl IntoIterator<Item = User>) -> Self {
        let mut by_key = std::collections::BTreeMap::<UserKey, User>::new();
        for user in users {
            match by_key.entry(user.key()) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(user);
                }
                std::collections::btree_map::Entry::Occupied(mut known) => {
                    known.get_mut().groups.extend(user.groups);
                }
            }
        }
        Self {
            users: by_key.into_values().collect(),
            ..Self::default()
        }
    }
}
