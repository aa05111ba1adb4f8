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
    /// Adobe-only accounts processed, without those whose change was refused or not sent; absent where they are not dealt with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub adobe_only_users: Option<usize>,
    /// Of the primary organization.
    pub actions: Actions,
}

/// The counters once some actions have an outcome. `outcomes` holds one entry per change of the checked plan;
/// `None` is not sent. In mode `plan`, [`planned`] counts instead.
pub fn counters(checked: &Checked, outcomes: &[Option<ActionOutcome>]) -> Counters {
    let changes = || checked.plan.changes.iter().zip(outcomes);
    let done = |kind: Kind| {
        changes()
            .filter(|(change, outcome)| {
                change.kind == kind && **outcome == Some(ActionOutcome::Done)
            })
            .count()
    };
    let total = changes().filter(|(_, outcome)| outcome.is_some()).count();
    let success = changes()
        .filter(|(_, outcome)| **outcome == Some(ActionOutcome::Done))
        .count();
    let actions = Actions {
        total,
        success,
        error: total - success,
    };
    let undone = changes()
        .filter(|(change, outcome)| {
            change.kind == Kind::AdobeOnly && **outcome != Some(ActionOutcome::Done)
        })
        .count();
    let processed = checked.adobe_only_processed.saturating_sub(undone);
    count(
        checked,
        [done(Kind::Creation), done(Kind::Update), processed],
        actions,
    )
}

/// What the counters would be if everything were sent and nothing refused; `actions` stay zero: nothing was sent.
pub fn planned(checked: &Checked) -> Counters {
    let changes = &checked.plan.changes;
    let of = |kind: Kind| changes.iter().filter(|change| change.kind == kind).count();
    let processed = checked.adobe_only_processed;
    count(
        checked,
        [of(Kind::Creation), of(Kind::Update), processed],
        Actions::default(),
    )
}

fn count(
    checked: &Checked,
    [created, updated, processed]: [usize; 3],
    actions: Actions,
) -> Counters {
    let sizes = &checked.plan.sizes;
    Counters {
        directory_users_read: sizes.directory_users_read,
        directory_users_selected: sizes.directory_users_selected,
        adobe_users_read: sizes.adobe_users_read,
        adobe_users_excluded: sizes.adobe_users_excluded,
        adobe_users_unchanged: sizes
            .adobe_users_read
            .saturating_sub(sizes.adobe_users_excluded + updated + processed),
        adobe_users_created: created,
        adobe_users_updated: updated,
        adobe_user_groups_created: 0,
        adobe_only_users: checked.plan.handles_adobe_only.then_some(processed),
        actions,
    }
}
