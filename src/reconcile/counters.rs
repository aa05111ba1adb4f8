//! The counters of a pass, with UST's meaning.

use super::guard::Checked;
use super::outcome::ActionOutcome;
use super::plan::Kind;

/// Of one organization: people with at least one command, however they were packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Actions {
    /// Sent.
    pub total: usize,
    /// Sent, and nothing was refused.
    pub success: usize,
    /// Sent, and at least one command was refused.
    pub error: usize,
}

/// `counters` of the summary. UST counts what it meant to do; these count what was sent and not refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counters {
    /// Unique people of the roster who can be used.
    pub directory_users_read: usize,
    /// Those whom `users` selects.
    pub directory_users_selected: usize,
    /// Accounts read from Adobe.
    pub adobe_users_read: usize,
    /// Accounts left alone by an option.
    pub adobe_users_excluded: usize,
    /// Read, less excluded, less updated, less Adobe-only processed.
    pub adobe_users_unchanged: usize,
    /// Accounts made.
    pub adobe_users_created: usize,
    /// Accounts of roster people that were changed.
    pub adobe_users_updated: usize,
    /// User groups made.
    pub adobe_user_groups_created: usize,
    /// Adobe-only accounts processed; absent where they are not dealt with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub adobe_only_users: Option<usize>,
    /// Of the primary organization.
    pub actions: Actions,
}

/// The counters once some actions have an outcome. `outcomes` holds one entry per change of the checked plan;
/// `None` is not sent. In mode `plan`, [`planned`] counts instead.
pub fn counters(checked: &Checked, outcomes: &[Option<ActionOutcome>]) -> Counters {
    let done = |outcome: &Option<ActionOutcome>| matches!(outcome, Some(ActionOutcome::Done));
    let mut actions = Actions {
        total: outcomes.iter().flatten().count(),
        success: outcomes.iter().filter(|outcome| done(outcome)).count(),
        error: 0,
    };
    actions.error = actions.total - actions.success;
    let pairs = checked.plan.changes.iter().zip(outcomes);
    let succeeded = pairs
        .filter(|(_, outcome)| done(outcome))
        .map(|(change, _)| change.kind);
    Counters {
        actions,
        ..counted(checked, succeeded)
    }
}

/// What the counters would be if everything were sent and nothing refused; `actions` stay zero: nothing was sent.
pub fn planned(checked: &Checked) -> Counters {
    counted(
        checked,
        checked.plan.changes.iter().map(|change| change.kind),
    )
}

fn counted(checked: &Checked, succeeded: impl Iterator<Item = Kind>) -> Counters {
    let (mut created, mut updated) = (0, 0);
    for kind in succeeded {
        match kind {
            Kind::Creation => created += 1,
            Kind::Update => updated += 1,
            Kind::AdobeOnly => {}
        }
    }
    let sizes = checked.plan.sizes;
    let adobe_only = checked
        .plan
        .handles_adobe_only
        .then_some(checked.adobe_only_processed);
    Counters {
        directory_users_read: sizes.directory_users_read,
        directory_users_selected: sizes.directory_users_selected,
        adobe_users_read: sizes.adobe_users_read,
        adobe_users_excluded: sizes.adobe_users_excluded,
        adobe_users_unchanged: sizes
            .adobe_users_read
            .saturating_sub(sizes.adobe_users_excluded + updated + adobe_only.unwrap_or_default()),
        adobe_users_created: created,
        adobe_users_updated: updated,
        adobe_user_groups_created: 0,
        adobe_only_users: adobe_only,
        actions: Actions::default(),
    }
}
