//! The options of one pass: UST's command line by its names.

mod words;

use std::collections::BTreeSet;

use super::MappingEntry;
use super::pattern::Pattern;
use crate::model::id::GroupName;

pub(crate) use words::{CERTIFICATES, EVENT_NAMES, NAMES, split, users};

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
    /// As [`Self::Preserve`], and a file lists them.
    WriteFile,
}

/// What is compared with what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
    /// `strategy`.
    #[serde(default)]
    pub strategy: Option<String>,
    /// `adobe_users`, word by word: `all`, `mapped`, or `group` and the rest of the text.
    #[serde(default)]
    pub adobe_users: Option<Vec<String>>,
    /// `user_filter`.
    #[serde(default)]
    pub user_filter: Option<String>,
    /// `exclude_unmapped_users`.
    #[serde(default)]
    pub exclude_unmapped_users: Option<bool>,
    /// `adobe_only_user_list`.
    #[serde(default)]
    pub adobe_only_user_list: Option<String>,
}

/// Options that do not go together, or a word that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct InvalidOptions(pub Vec<String>);

/// Event, then `invocation_defaults`, then UST's default.
///
/// # Errors
/// Every problem of the event's options.
pub fn resolve(
    event: &Overrides,
    defaults: &Overrides,
    mapping: &[MappingEntry],
) -> Result<Options, InvalidOptions> {
    let mut problems = Vec::new();
    let mode = mode(event, defaults).map_err(|problem| problems.push(problem));
    let words = event.users.as_ref().or(defaults.users.as_ref());
    let users = match words {
        Some(words) => users(words, mapping).map_err(|found| problems.extend(found)),
        None => Ok(Users::All),
    };
    let action = event
        .adobe_only_user_action
        .as_ref()
        .or(defaults.adobe_only_user_action.as_ref());
    let action = match action {
        Some(word) => words::action(word).map_err(|problem| problems.push(problem)),
        None => Ok(AdobeOnlyUserAction::Preserve),
    };
    match (mode, users, action) {
        (Ok(mode), Ok(users), Ok(adobe_only_user_action)) => Ok(Options {
            mode,
            process_groups: event
                .process_groups
                .or(defaults.process_groups)
                .unwrap_or(false),
            update_user_info: event
                .update_user_info
                .or(defaults.update_user_info)
                .unwrap_or(false),
            users,
            adobe_only_user_action,
            strategy: Strategy::Sync,
            adobe_users: AdobeUsers::All,
            user_filter: None,
            exclude_unmapped_users: false,
            adobe_only_user_list: None,
        }),
        _ => Err(InvalidOptions(problems)),
    }
}

/// `mode` of the event; without it `test_mode` of the event, then of `invocation_defaults`, tells test from apply.
fn mode(event: &Overrides, defaults: &Overrides) -> Result<Mode, String> {
    let Some(word) = &event.mode else {
        let test = event.test_mode.or(defaults.test_mode).unwrap_or(false);
        return Ok(if test { Mode::Test } else { Mode::Apply });
    };
    let mode = words::mode(word)?;
    match (mode, event.test_mode) {
        (_, None) | (Mode::Test, Some(true)) | (Mode::Apply, Some(false)) => Ok(mode),
        (Mode::Plan, Some(_)) => Err(
            "mode: plan sends nothing, so test_mode means nothing beside it. Leave test_mode out"
                .to_owned(),
        ),
        (Mode::Test, Some(false)) => Err(
            "mode: test and test_mode: false contradict each other. Leave one of them out"
                .to_owned(),
        ),
        (Mode::Apply, Some(true)) => Err(
            "mode: apply and test_mode: true contradict each other. Leave one of them out"
                .to_owned(),
        ),
    }
}

/// `mode` and `test_mode` of one event against each other.
pub(crate) fn contradiction(event: &Overrides) -> Option<String> {
    mode(event, &Overrides::default()).err()
}
