//! What must happen to one account, as data.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::config::options::Options;
use crate::model::id::{Email, GroupName, IdentityType};
use crate::reconcile::action::{Address, Profile, Update};
use crate::reconcile::ending::Ending;

/// What somebody loses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Removal {
    /// Nothing, or these groups.
    Groups(BTreeSet<GroupName>),
    /// All groups, profiles and roles (`remove-adobe-groups`).
    AllGroups,
    /// The place in the organization, and the account where `delete_account` says so.
    FromOrg {
        /// `delete` instead of `remove`.
        delete_account: bool,
    },
}

impl Removal {
    /// Nothing is removed.
    pub fn none() -> Self {
        Self::Groups(BTreeSet::new())
    }

    /// Whether nothing is removed.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Groups(groups) if groups.is_empty())
    }
}

/// Why the change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// In the roster, not in Adobe; with push, everybody.
    Creation,
    /// In both.
    Update,
    /// In Adobe, not among the selected people of the roster.
    AdobeOnly,
}

/// What must happen to one account. `before` is what Adobe had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// How the account is addressed.
    pub address: Address,
    /// The address shown to people.
    pub email: Email,
    /// Why.
    pub kind: Kind,
    /// The account to make, for a creation.
    pub create: Option<Profile>,
    /// New names or address.
    pub update: Update,
    /// What is taken away.
    pub remove: Removal,
    /// Those of the groups that are taken away which a date of the roster explains: expected ends.
    pub ended: BTreeMap<GroupName, Ending>,
    /// Groups to join, each with the directory groups that say so.
    pub add: BTreeMap<GroupName, BTreeSet<String>>,
    /// The groups in Adobe before.
    pub groups_before: BTreeSet<GroupName>,
    /// First and last name in Adobe before (for an existing account).
    pub names_before: (Option<String>, Option<String>),
    /// The directory groups of the person today.
    pub directory_groups: BTreeSet<String>,
}

impl Change {
    /// The kind of account.
    pub fn identity_type(&self) -> IdentityType {
        self.address.identity_type
    }

    /// Whether nothing would be sent.
    pub fn is_empty(&self) -> bool {
        self.create.is_none()
            && self.update.is_empty()
            && self.remove.is_none()
            && self.add.is_empty()
    }

    /// Whether it only takes away.
    pub fn only_removes(&self) -> bool {
        self.create.is_none()
            && self.update.is_empty()
            && self.add.is_empty()
            && !self.remove.is_none()
    }

    /// Whether it is about an Adobe-only account that loses single groups where others lose everything.
    pub fn spares(&self, options: &Options) -> bool {
        self.kind == Kind::AdobeOnly
            && options.adobe_only_user_action.takes_everything()
            && matches!(self.remove, Removal::Groups(_))
    }
}
