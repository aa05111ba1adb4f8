//! The counters of a pass, with UST's meaning.

use super::guard::Checked;
use super::outcome::{ActionOutcome, Outcomes};
use super::plan::Kind;
use crate::config::options::Strategy;

/// Of one organization: people with at least one command, however they were packed, and user groups that were made.
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
    /// Strategy push: people for whom everything was sent. Absent else; where it is there, everything about Adobe's
    /// side is 0, as nothing was compared.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub users_pushed: Option<usize>,
    /// Accounts read from Adobe.
    pub adobe_users_read: usize,
    /// Accounts left alone by an option.
    pub adobe_users_excluded: usize,
    /// Read, less excluded, less updated, less Adobe-only that were processed or lost single groups.
    pub adobe_users_unchanged: usize,
    /// Accounts made.
    pub adobe_users_created: usize,
    /// Accounts of roster people that were changed.
    pub adobe_users_updated: usize,
    /// User groups made.
    pub adobe_user_groups_created: usize,
    /// Adobe-only accounts processed, without those who were spared, or whose change was refused or not sent; absent where
    /// they are not dealt with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub adobe_only_users: Option<usize>,
    /// Of the primary organization.
    pub actions: Actions,
}

/// The counters once some actions have an outcome. In mode `plan`, [`planned`] counts instead.
pub fn counters(checked: &Checked, outcomes: &Outcomes) -> Counters {
    let is_done = |outcome: Option<&ActionOutcome>| outcome == Some(&ActionOutcome::Done);
    let total = outcomes.iter().flatten().count();
    let success = outcomes.iter().filter(|outcome| is_done(*outcome)).count();
    let changes = || checked.plan.changes.iter().zip(&outcomes.changes);
    let done = |kind: Kind| {
        changes()
            .filter(|(change, outcome)| change.kind == kind && is_done(outcome.as_ref()))
            .count()
    };
    let spared = |position: &usize| checked.adobe_only_spared.contains(position);
    let undone = changes()
        .enumerate()
        .filter(|(position, (change, outcome))| {
            change.kind == Kind::AdobeOnly && !is_done(outcome.as_ref()) && !spared(position)
        })
        .count();
    let lessened = outcomes.changes.iter().enumerate();
    let lessened =
        lessened.filter(|(position, outcome)| spared(position) && is_done(outcome.as_ref()));
    let groups = outcomes.groups.iter();
    let done = Done {
        groups: groups.filter(|outcome| is_done(outcome.as_ref())).count(),
        created: done(Kind::Creation),
        updated: done(Kind::Update),
        processed: checked.adobe_only_processed.saturating_sub(undone),
        spared: lessened.count(),
    };
    let actions = Actions {
        total,
        success,
        error: total - success,
    };
    count(checked, &done, actions)
}

/// What the counters would be if everything were sent and nothing refused; `actions` stay zero: nothing was sent.
pub fn planned(checked: &Checked) -> Counters {
    let changes = &checked.plan.changes;
    let of = |kind: Kind| changes.iter().filter(|change| change.kind == kind).count();
    let done = Done {
        groups: checked.plan.new_groups.len(),
        created: of(Kind::Creation),
        updated: of(Kind::Update),
        processed: checked.adobe_only_processed,
        spared: checked.adobe_only_spared.len(),
    };
    count(checked, &done, Actions::default())
}

/// What is done, or would be.
struct Done {
    groups: usize,
    created: usize,
    updated: usize,
    processed: usize,
    /// Adobe-only accounts that lost single groups where others lost everything.
    spared: usize,
}

fn count(checked: &Checked, done: &Done, actions: Actions) -> Counters {
    let sizes = &checked.plan.sizes;
    let read = Counters {
        directory_users_read: sizes.directory_users_read,
        directory_users_selected: sizes.directory_users_selected,
        actions,
        ..Counters::default()
    };
    match checked.plan.strategy {
        Strategy::Push => Counters {
            users_pushed: Some(done.created + done.updated),
            ..read
        },
        Strategy::Sync => Counters {
            adobe_users_read: sizes.adobe_users_read,
            adobe_users_excluded: sizes.adobe_users_excluded,
            adobe_users_unchanged: sizes.adobe_users_read.saturating_sub(
                sizes.adobe_users_excluded + done.updated + done.processed + done.spared,
            ),
            adobe_users_created: done.created,
            adobe_users_updated: done.updated,
            adobe_user_groups_created: done.groups,
            adobe_only_users: checked.plan.handles_adobe_only.then_some(done.processed),
            ..read
        },
    }
}
