//! What is sent to Adobe: actions of one user each, and batches of at most ten of them.

use std::collections::BTreeSet;

use crate::model::id::{Country, Email, GroupName, IdentityType};

/// Adobe takes at most so many actions in one request (UMAPI, `ActionsRef`, "Request Body").
pub const ACTIONS_IN_A_BATCH: usize = 10;
/// At most so many commands in one action (UMAPI, "Command limits").
pub const COMMANDS_IN_AN_ACTION: usize = 10;
/// At most so many names in one `add` or `remove` (UMAPI, `ActionsCmds`).
pub const NAMES_IN_A_COMMAND: usize = 10;

/// How an action names an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The kind of account; Adobe IDs are addressed with `useAdobeID`.
    pub identity_type: IdentityType,
    /// E-mail address, or login name where there is a domain.
    pub user: Email,
    /// Only beside a login name that is not an e-mail address.
    pub domain: Option<String>,
}

/// Who a new account is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The address of the account, in the roster's spelling.
    pub email: Email,
    /// Left out where the roster has none.
    pub first_name: Option<String>,
    /// Left out where the roster has none.
    pub last_name: Option<String>,
    /// Required by Adobe for federated and enterprise accounts (`UD`, undefined, for the latter).
    pub country: Country,
    /// `updateIfAlreadyExists` instead of `ignoreIfAlreadyExists`.
    pub update_existing: bool,
}

/// New values of an account; what is `None` stays.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// A new e-mail address.
    pub email: Option<Email>,
    /// The login name, which Adobe wants beside a new e-mail address.
    pub username: Option<String>,
    /// A new first name.
    pub first_name: Option<String>,
    /// A new last name.
    pub last_name: Option<String>,
}

impl Update {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        let Self {
            email,
            username,
            first_name,
            last_name,
        } = self;
        email.is_none() && username.is_none() && first_name.is_none() && last_name.is_none()
    }
}

/// Masked: names are personal data.
impl std::fmt::Debug for Update {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Update(…)")
    }
}

/// One command: an entry of an action's `do` list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Make the account, or take it as it is.
    Create(Profile),
    /// Change the account's names or address.
    Update(Update),
    /// Leave these groups; at most ten.
    Remove(Vec<GroupName>),
    /// Leave all groups, profiles and roles.
    RemoveAll,
    /// Join these groups; at most ten.
    Add(Vec<GroupName>),
    /// Leave the organization; the account itself goes, too, where `delete_account` says so.
    RemoveFromOrg {
        /// Irrecoverable: assets are gone with the account.
        delete_account: bool,
    },
}

/// One action of a batch. Idempotent: sent twice it leaves Adobe as sent once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Unique within the plan; Adobe repeats it in errors.
    pub request_id: String,
    /// The position of the [`Change`](super::plan::Change) in the plan that the action belongs to.
    pub change: usize,
    /// Whom it is about.
    pub address: Address,
    /// At most ten, in order.
    pub commands: Vec<Command>,
}

/// One action request: at most ten actions, no account twice (Adobe promises no order within a request).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    actions: Vec<Action>,
}

impl Batch {
    /// Only [`super::pack`] makes batches.
    pub(super) fn new(actions: Vec<Action>) -> Self {
        debug_assert!(
            !actions.is_empty() && actions.len() <= ACTIONS_IN_A_BATCH,
            "a batch holds one to ten actions"
        );
        Self { actions }
    }

    /// The actions, in order.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }
}

/// Actions that are no batch: none or too many of them, too many commands in one, or an account twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a batch: Adobe takes one to ten actions of one to ten commands, no account twice")]
pub struct NoBatch;

impl TryFrom<Vec<Action>> for Batch {
    type Error = NoBatch;

    /// Any actions that keep Adobe's limits.
    fn try_from(actions: Vec<Action>) -> Result<Self, NoBatch> {
        let accounts: BTreeSet<&Address> = actions.iter().map(|action| &action.address).collect();
        let fits = (1..=ACTIONS_IN_A_BATCH).contains(&actions.len())
            && accounts.len() == actions.len()
            && actions
                .iter()
                .all(|action| (1..=COMMANDS_IN_AN_ACTION).contains(&action.commands.len()));
        if fits {
            Ok(Self::new(actions))
        } else {
            Err(NoBatch)
        }
    }
}
