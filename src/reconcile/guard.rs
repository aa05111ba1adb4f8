//! Guards look at the finished plan and hold removals.

mod findings;
mod holds;
mod same_name;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::desired::Desired;
use super::plan::{Change, Kind, Plan, Removal};
use crate::config::Limits;
use crate::config::options::{AdobeOnlyUserAction, Options};
use crate::model::id::GroupName;
use holds::Holds;

/// A stable name, explained in README's *Errors and definitions*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingName {
    /// A directory group of the mapping matches no object of the roster.
    DirectoryGroupNotFound,
    /// The district is paused, pending or in error.
    DistrictNotRunning,
    /// `max_user_count` cut the roster.
    LimitedRead,
    /// More Adobe-only users than `limits.max_adobe_only_users`.
    AdobeOnlyUsersOverLimit,
    /// A person of the roster could not be used.
    PersonUnusable,
    /// The roster of the pass was read longer ago than `limits.max_plan_age_hours`.
    PlanExpired,
    /// The configuration files changed while the pass was under way.
    ConfigurationChanged,
    /// Another pass has worked since the last slice of this one.
    PassSuperseded,
}

impl FindingName {
    /// Every name.
    pub const ALL: [Self; 8] = [
        Self::DirectoryGroupNotFound,
        Self::DistrictNotRunning,
        Self::LimitedRead,
        Self::AdobeOnlyUsersOverLimit,
        Self::PersonUnusable,
        Self::PlanExpired,
        Self::ConfigurationChanged,
        Self::PassSuperseded,
    ];

    /// Whether it is no guard's: it says why a pass ended before its time, and holds nothing.
    pub fn ends_the_pass(self) -> bool {
        matches!(
            self,
            Self::PlanExpired | Self::ConfigurationChanged | Self::PassSuperseded
        )
    }

    /// The name in summaries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DirectoryGroupNotFound => "directory-group-not-found",
            Self::DistrictNotRunning => "district-not-running",
            Self::LimitedRead => "limited-read",
            Self::AdobeOnlyUsersOverLimit => "adobe-only-users-over-limit",
            Self::PersonUnusable => "person-unusable",
            Self::PlanExpired => "plan-expired",
            Self::ConfigurationChanged => "configuration-changed",
            Self::PassSuperseded => "pass-superseded",
        }
    }
}

/// What a guard found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which guard.
    pub name: FindingName,
    /// What it saw, a sentence. Names groups, not people.
    pub message: String,
    /// The way out, a sentence.
    pub next_step: String,
    /// How many removals it holds: each group that somebody would leave is one, and so is leaving all groups, the
    /// organization or being deleted.
    pub held: usize,
}

/// A removal that was planned and is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The change as planned, of which `removal` is held.
    pub change: Change,
    /// What is held.
    pub removal: Removal,
    /// The guards that hold it.
    pub findings: BTreeSet<FindingName>,
}

/// The plan after the guards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What goes on: the plan without what is held, in the same order.
    pub plan: Plan,
    /// What is held, in the order of the plan.
    pub held: Vec<Held>,
    /// What the guards found, in the order of [`FindingName::ALL`]; each directory group that is not found is one.
    pub findings: Vec<Finding>,
    /// Adobe-only accounts that count as processed: 0 where the limit holds them all, and without those who are held singly
    /// or spared.
    pub adobe_only_processed: usize,
    /// Positions of changes of Adobe-only accounts that lose single groups where others lose everything: they are neither
    /// processed nor unchanged.
    pub adobe_only_spared: BTreeSet<usize>,
    /// Groups from which removals are held, whether or not anybody was to leave them.
    pub held_groups: BTreeSet<GroupName>,
}

/// Applies every guard. What is held is taken out of the plan; a change that also gives something goes on without it.
pub fn check(mut plan: Plan, desired: &Desired, limits: &Limits, options: &Options) -> Checked {
    let sizes = plan.sizes;
    let over_limit = plan
        .handles_adobe_only
        .then(|| findings::adobe_only_users_over_limit(&sizes, limits.max_adobe_only_users))
        .flatten();
    let holds = Holds::new(desired, &plan.found_unusable, over_limit, options);
    let changes = std::mem::take(&mut plan.changes);
    let mut held = Vec::new();
    let mut counts = vec![0_usize; holds.findings.len()];
    for change in changes {
        let (rest, hold) = holds.split(change, &mut counts);
        plan.changes.extend(rest);
        held.extend(hold);
    }
    let wholly_held = |held: &&Held| {
        let change = &held.change;
        change.kind == Kind::AdobeOnly && held.removal == change.remove && !change.spares(options)
    };
    // `write-file` without groups only lists.
    let only_lists =
        options.adobe_only_user_action == AdobeOnlyUserAction::WriteFile && !options.process_groups;
    let adobe_only_processed = if !plan.handles_adobe_only || only_lists || holds.stop_adobe_only()
    {
        0
    } else {
        let single = held.iter().filter(wholly_held).count();
        let spared = sizes.adobe_only_spared;
        sizes.adobe_only_users.saturating_sub(single + spared)
    };
    let going = plan.changes.iter().enumerate();
    let spared = going.filter_map(|(position, change)| change.spares(options).then_some(position));
    Checked {
        adobe_only_spared: spared.collect(),
        plan,
        held,
        adobe_only_processed,
        held_groups: holds.held_groups(desired),
        findings: holds
            .findings
            .into_iter()
            .zip(counts)
            .map(|(finding, held)| Finding { held, ..finding })
            .collect(),
    }
}
