//! Approvals: a person looked at a hold and lets it go.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::action::Address;
use super::guard::FindingName;
use super::plan::Removal;
use crate::model::id::{GroupName, fold};

/// An account as a hold names it: type, login name and domain, folded.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// The kind of account.
    pub identity_type: String,
    /// The folded name in actions.
    pub user: String,
    /// The folded domain; empty where there is none.
    pub domain: String,
}

/// Masked: it names a person.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.identity_type)
    }
}

impl Account {
    /// As actions address it.
    pub fn of(address: &Address) -> Self {
        Self {
            identity_type: address.identity_type.as_str().to_owned(),
            user: address.user.folded().to_owned(),
            domain: address.domain.as_deref().map(fold).unwrap_or_default(),
        }
    }
}

/// What is held of one account: one line of `held.json` is one of these, or several groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Leaving this group.
    Group(GroupName),
    /// Leaving all groups.
    AllGroups,
    /// Leaving the organization.
    Organization,
    /// That, and the end of the account.
    Account,
    /// Getting an account.
    Creation,
}

impl What {
    /// The single things that a removal takes.
    pub fn of(removal: &Removal) -> Vec<Self> {
        match removal {
            Removal::Groups(groups) => groups.iter().cloned().map(Self::Group).collect(),
            Removal::AllGroups => vec![Self::AllGroups],
            Removal::FromOrg {
                delete_account: false,
            } => vec![Self::Organization],
            Removal::FromOrg {
                delete_account: true,
            } => vec![Self::Account],
        }
    }
}

/// One thing that is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Item {
    /// Whose.
    pub account: Account,
    /// What.
    pub what: What,
}

/// An approval that is valid: young, unused, and its hash is that of the hold it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The object's name below `approvals/`.
    pub name: String,
    /// The pass that left the hold.
    pub run_id: String,
    /// The hold's hash.
    pub hash: String,
    /// What the hold lists.
    pub items: BTreeSet<Item>,
    /// Whether the pass that held was started with the same options: what of it is not planned now has gone by itself.
    pub alike: bool,
    /// The guards behind the hold.
    pub findings: BTreeSet<FindingName>,
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalUse {
    /// See [`Approval::name`].
    pub name: String,
    /// The pass that it names, where it can be read.
    pub run_id: Option<String>,
    /// The hash that it names, where it can be read.
    pub hash: Option<String>,
    /// Why it lets nothing through, a sentence; `None` where it is valid.
    pub refused: Option<String>,
    /// What it let through: items of the hold that are planned again, in its order.
    pub let_through: Vec<Item>,
    /// The rest of the hold, in its order: what is not planned any more, and what cannot be sent on its own.
    pub dropped: Vec<Item>,
}
