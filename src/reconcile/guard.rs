//! Guards look at the finished plan and hold removals.

mod holds;

use std::collections::BTreeSet;

use super::desired::Desired;
use super::plan::{Change, Kind, Plan, Removal};
use crate::config::Limits;
use crate::config::options::Options;
use crate::model::id::GroupName;
use holds::Holds;

/// A stable name, explained in README's *Errors and definitions*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// A school, course or class of the roster could not be read.
    ObjectUnusable,
}

impl FindingName {
    /// Every name.
    pub const ALL: [Self; 6] = [
        Self::DirectoryGroupNotFound,
        Self::DistrictNotRunning,
        Self::LimitedRead,
        Self::AdobeOnlyUsersOverLimit,
        Self::PersonUnusable,
        Self::ObjectUnusable,
    ];

    /// The name in summaries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DirectoryGroupNotFound => "directory-group-not-found",
            Self::DistrictNotRunning => "district-not-running",
            Self::LimitedRead => "limited-read",
            Self::AdobeOnlyUsersOverLimit => "adobe-only-users-over-limit",
            Self::PersonUnusable => "person-unusable",
            Self::ObjectUnusable => "object-unusable",
        }
    }
}

/// What a guard found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which guard.
    pub name: FindingName,
    /// What it saw, a sentence. Names groups, not people.
    pub message: String,
    /// The way out, a sentence.
    pub next_step: String,
    /// How many removals it holds.
    pub held: usize,
}

/// A removal that was planned and is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The change as planned, of which `removal` is held.
    pub change: Change,
    /// What is held.
    pub removal: Removal,
    /// The guards that hold it.
    pub findings: BTreeSet<FindingName>,
}

/// The plan after the guards.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What goes on: the plan without what is held, in the same order.
    pub plan: Plan,
    /// What is held, in the order of the plan.
    pub held: Vec<Held>,
    /// What the guards found, in the order of [`FindingName::ALL`].
    pub findings: Vec<Finding>,
    /// Adobe-only accounts that count as processed: 0 where the limit holds them all, and without those held singly.
    pub adobe_only_processed: usize,
    /// Groups from which removals are held.
    pub held_groups: BTreeSet<GroupName>,
}

/// Applies every guard. Additions, creations and updates always go on.
pub fn check(plan: Plan, desired: &Desired, limits: &Limits, options: &Options) -> Checked {
    let holds = Holds::new(&plan, desired, limits, options);
    let Plan {
        changes,
        sizes,
        handles_adobe_only,
        problems,
    } = plan;
    let mut sent = Vec::with_capacity(changes.len());
    let mut held = Vec::new();
    for change in changes {
        let (goes_on, stays) = holds.split(change);
        sent.extend(goes_on);
        held.extend(stays);
    }
    let held_adobe_only = held
        .iter()
        .filter(|held| held.change.kind == Kind::AdobeOnly)
        .count();
    let adobe_only_processed = if holds.adobe_only.is_empty() {
        sizes.adobe_only_users - held_adobe_only
    } else {
        0
    };
    Checked {
        findings: holds.findings(&held),
        held_groups: holds.groups.into_keys().collect(),
        plan: Plan {
            changes: sent,
            sizes,
            handles_adobe_only,
            problems,
        },
        held,
        adobe_only_processed,
    }
}
