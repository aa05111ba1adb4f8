//! The options of one pass: UST's command line by its names.

use std::collections::BTreeSet;

use super::MappingEntry;

/// What is done with the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
}

impl AdobeOnlyUserAction {
    /// UST's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preserve => "preserve",
            Self::Exclude => "exclude",
            Self::RemoveAdobeGroups => "remove-adobe-groups",
            Self::Remove => "remove",
            Self::Delete => "delete",
        }
    }
}

/// The options of one pass, complete.
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
}

/// Options as somebody gave them; what is `None` was not given. `users` is not resolved against the mapping yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
}

/// Options that do not go together, or a word that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct InvalidOptions(pub Vec<String>);

/// Event, then `invocation_defaults`, then UST's default (design, section 5).
///
/// # Errors
/// Every problem of the event's options.
pub fn resolve(
    event: &Overrides,
    defaults: &Overrides,
    mapping: &[MappingEntry],
) -> Result<Options, InvalidOptions> {
    let _ = (event, defaults, mapping);
    todo!()
}
