//! The options of one pass: UST's command line by its names.

mod given;
mod words;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::pattern::Pattern;
use crate::model::id::GroupName;

pub(crate) use given::contradiction;
pub(crate) use given::idle;
pub use given::resolve;
pub(crate) use words::{CERTIFICATES, EVENT_NAMES, NAMES, users};

/// What is done with the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It is written and not sent.
    Plan,
    /// It is sent with `testOnly=true`.
    Test,
    /// It is applied.
    Apply,
}

impl Mode {
    /// The word in events and summaries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Test => "test",
            Self::Apply => "apply",
        }
    }
}

/// Who of the roster is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Users {
    /// Everybody of `all_users_filter`, and everybody in a mapped group.
    All,
    /// Everybody in a mapped group.
    Mapped,
    /// Everybody in one of these directory groups, as the mapping writes them.
    Groups(BTreeSet<String>),
}

impl Users {
    /// As an option says it.
    pub fn written(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Mapped => "mapped".to_owned(),
            Self::Groups(groups) => {
                let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
                format!("group {}", groups.join(","))
            }
        }
    }
}

/// What happens to Adobe-only people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdobeOnlyUserAction {
    /// They stay and lose mapped groups where groups are processed.
    Preserve,
    /// They are left alone.
    Exclude,
    /// They lose all groups.
    RemoveAdobeGroups,
    /// They leave the organization.
    Remove,
    /// They leave the organization and their accounts are deleted.
    Delete,
    /// As [`Self::Preserve`], and `adobe-only-users.csv` in the folder of the pass lists them.
    WriteFile,
}

/// What is compared with what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// The roster with what Adobe has.
    #[default]
    Sync,
    /// Nothing: everything is sent for everybody, and Adobe is not read.
    Push,
}

impl Strategy {
    /// UST's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Push => "push",
        }
    }
}

/// Which accounts are read from Adobe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdobeUsers {
    /// All of the organization.
    All,
    /// Those in a managed group.
    Mapped,
    /// Those in one of these groups.
    Groups(BTreeSet<GroupName>),
}

impl AdobeOnlyUserAction {
    /// Whether it takes more than mapped groups.
    pub fn takes_everything(self) -> bool {
        match self {
            Self::RemoveAdobeGroups | Self::Remove | Self::Delete => true,
            Self::Preserve | Self::Exclude | Self::WriteFile => false,
        }
    }

    /// UST's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preserve => "preserve",
            Self::Exclude => "exclude",
            Self::RemoveAdobeGroups => "remove-adobe-groups",
            Self::Remove => "remove",
            Self::Delete => "delete",
            Self::WriteFile => "write-file",
        }
    }
}

/// The options of one pass, complete. As in UST, `push` pays no heed to `adobe_users` and `adobe_only_user_action`, and a
/// pass over `adobe_only_user_list` none to `users`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What is done with the plan.
    pub mode: Mode,
    /// Whether groups are compared and changed.
    pub process_groups: bool,
    /// Whether names and addresses are compared and changed.
    pub update_user_info: bool,
    /// Who of the roster is selected.
    pub users: Users,
    /// What happens to Adobe-only people.
    pub adobe_only_user_action: AdobeOnlyUserAction,
    /// What is compared with what.
    pub strategy: Strategy,
    /// Which accounts are read.
    pub adobe_users: AdobeUsers,
    /// Whom of the selected people the pass touches, by login name; the others are left alone.
    pub user_filter: Option<Pattern>,
    /// Whether nobody is created who would have no Adobe group.
    pub exclude_unmapped_users: bool,
    /// A file beside the root file that lists the Adobe-only people; then neither side is compared.
    pub adobe_only_user_list: Option<String>,
    /// Whether mode plan reads Adobe anew.
    pub fresh: bool,
}

/// Options as somebody gave them; what is `None` was not given. `users` is not resolved against the mapping yet.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrides {
    /// `mode`; only events have it.
    pub mode: Option<String>,
    /// `test_mode`.
    pub test_mode: Option<bool>,
    /// `process_groups`.
    pub process_groups: Option<bool>,
    /// `update_user_info`.
    pub update_user_info: Option<bool>,
    /// `users`, word by word: `all`, `mapped`, or `group` and the rest of the text.
    pub users: Option<Vec<String>>,
    /// `adobe_only_user_action`.
    pub adobe_only_user_action: Option<String>,
    /// `strategy`.
    #[serde(default)]
    pub strategy: Option<String>,
    /// `adobe_users`, word by word: `all`, `mapped`, or `group` and the rest of the text.
    #[serde(default)]
    pub adobe_users: Option<Vec<String>>,
    /// `user_filter`; empty text switches that of `invocation_defaults` off.
    #[serde(default)]
    pub user_filter: Option<String>,
    /// `exclude_unmapped_users`.
    #[serde(default)]
    pub exclude_unmapped_users: Option<bool>,
    /// `adobe_only_user_list`; empty text switches that of `invocation_defaults` off.
    #[serde(default)]
    pub adobe_only_user_list: Option<String>,
    /// `fresh`; only events have it.
    #[serde(default)]
    pub fresh: Option<bool>,
}

impl Overrides {
    /// Whether both plan the same of the same roster and the same Adobe; what becomes of the plan may differ.
    pub fn selects_like(&self, other: &Self) -> bool {
        let selects = |overrides: &Self| Self {
            mode: None,
            test_mode: None,
            fresh: None,
            ..overrides.clone()
        };
        selects(self) == selects(other)
    }
}

/// The pattern is masked, as it may be somebody's name.
impl fmt::Debug for Overrides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            mode,
            test_mode,
            process_groups,
            update_user_info,
            users,
            adobe_only_user_action,
            strategy,
            adobe_users,
            user_filter,
            exclude_unmapped_users,
            adobe_only_user_list,
            fresh,
        } = self;
        f.debug_struct("Overrides")
            .field("mode", mode)
            .field("test_mode", test_mode)
            .field("process_groups", process_groups)
            .field("update_user_info", update_user_info)
            .field("users", users)
            .field("adobe_only_user_action", adobe_only_user_action)
            .field("strategy", strategy)
            .field("adobe_users", adobe_users)
            .field("user_filter", &user_filter.as_ref().map(|_| "…"))
            .field("exclude_unmapped_users", exclude_unmapped_users)
            .field("adobe_only_user_list", adobe_only_user_list)
            .field("fresh", fresh)
            .finish()
    }
}

/// Options that do not go together, or a word that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct InvalidOptions(pub Vec<String>);
