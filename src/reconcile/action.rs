//! What is sent to Adobe: actions about one account or one new user group each, and batches of at most ten of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::directory;
use crate::model::id::{Country, Email, GroupName, IdentityType};

/// Adobe takes at most so many actions in one request (UMAPI, `ActionsRef`, "Request Body").
pub const ACTIONS_IN_A_BATCH: usize = 10;
/// At most so many commands in one action (UMAPI, "Command limits").
pub const COMMANDS_IN_AN_ACTION: usize = 10;
/// At most so many names in one `add` or `remove` (UMAPI, `ActionsCmds`).
pub const NAMES_IN_A_COMMAND: usize = 10;

/// What Adobe is told of a user group that is made.
pub const DESCRIPTION_OF_A_NEW_GROUP: &str = "Made by roster-sync";

/// How an action names an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// The kind of account; Adobe IDs are addressed with `useAdobeID`.
    pub identity_type: IdentityType,
    /// E-mail address; of an account that is made, or that has no address, the login name.
    pub user: Email,
    /// Only beside a login name that is not an e-mail address.
    pub domain: Option<String>,
}

impl Address {
    /// Adobe knows existing accounts by e-mail address, whatever their login name; without one by login name, which
    /// needs its domain where it is not an address itself (UMAPI, "Managing Users").
    pub fn of_account(account: &directory::User) -> Self {
        let login = account
            .username
            .as_deref()
            .filter(|name| !name.trim().is_empty())
            .filter(|_| !account.email.as_str().contains('@'));
        let (user, domain) = match login {
            Some(login) if login.contains('@') => (Email::new(login), None),
            Some(login) => (Email::new(login), account.domain.clone()),
            None => (account.email.clone(), None),
        };
        Self {
            identity_type: account.identity_type,
            user,
            domain,
        }
    }
}

/// What an action is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An account.
    Account {
        /// The position of the [`Change`](super::plan::Change) in the plan that the action belongs to.
        change: usize,
        /// How Adobe is told whom it is about.
        address: Address,
    },
    /// A user group that is made.
    NewGroup {
        /// The position in [`Plan::new_groups`](super::plan::Plan::new_groups).
        position: usize,
        /// Its name.
        name: GroupName,
    },
}

impl Target {
    /// The account, where it is about one.
    pub fn address(&self) -> Option<&Address> {
        match self {
            Self::Account { address, .. } => Some(address),
            Self::NewGroup { .. } => None,
        }
    }

    /// The position of the change that it belongs to, where it is about an account.
    pub fn change(&self) -> Option<usize> {
        match self {
            Self::Account { change, .. } => Some(*change),
            Self::NewGroup { .. } => None,
        }
    }

    /// The new user group, where it is about one.
    pub fn new_group(&self) -> Option<&GroupName> {
        match self {
            Self::Account { .. } => None,
            Self::NewGroup { name, .. } => Some(name),
        }
    }
}

/// Who a new account is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Make the user group, or take it as it is.
    CreateGroup,
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

impl Command {
    /// Whether the account has another e-mail address after it.
    pub fn changes_email(&self) -> bool {
        matches!(self, Self::Update(update) if update.email.is_some())
    }
}

/// One action of a batch. Idempotent: sent twice it leaves Adobe as sent once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Unique within the plan; Adobe repeats it in errors.
    pub request_id: String,
    /// Whom or what it is about.
    pub target: Target,
    /// At most ten, in order.
    pub commands: Vec<Command>,
}

/// One action request: at most ten actions, nothing twice (Adobe promises no order within a request), new groups and
/// accounts never together.
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

/// Actions that are no batch: none or too many of them, too many commands in one, something twice, or new groups among
/// accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a batch: Adobe takes one to ten actions of one to ten commands, nothing twice, groups before accounts"
)]
pub struct NoBatch;

impl TryFrom<Vec<Action>> for Batch {
    type Error = NoBatch;

    /// Any actions that keep Adobe's limits.
    fn try_from(actions: Vec<Action>) -> Result<Self, NoBatch> {
        let targets = || actions.iter().map(|action| &action.target);
        let accounts: BTreeSet<&Address> = targets().filter_map(Target::address).collect();
        let groups: BTreeSet<&GroupName> = targets().filter_map(Target::new_group).collect();
        let fits = (1..=ACTIONS_IN_A_BATCH).contains(&actions.len())
            && (accounts.len() == actions.len() || groups.len() == actions.len())
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
