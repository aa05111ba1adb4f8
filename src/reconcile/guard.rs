//! Guards look at the finished plan and hold removals.

mod allowed;
mod counted;
mod expected;
mod fate;
mod findings;
mod holds;
mod numbers;
mod same_name;
mod shrink;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::approval::{Approval, ApprovalUse};
use super::desired::Desired;
use super::history::{Counts, Entry, History, IdentitySettings};
use super::plan::{Change, Kind, Plan, Removal, Sizes};
use crate::config::Config;
use crate::config::options::{AdobeOnlyUserAction, Options, Strategy};
use crate::model::id::GroupName;
use allowed::Allowed;
use counted::Told;
use fate::{Judge, Tally};
use holds::Holds;
use numbers::Removals;
pub(super) use same_name::plain;
use shrink::{Found, Shrinkage};

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
    /// Identity type, formats or source are others than at the last good pass, or most people are there under another
    /// identity type.
    IdentitySettingsChanged,
    /// The roster has far fewer people than at the last good pass, or than Adobe has.
    RosterShrank,
    /// The same of one directory group, or of those that feed one Adobe group.
    DirectoryGroupShrank,
    /// Too many would leave one Adobe group, or all of them.
    GroupRemovalsOverLimit,
    /// Too many memberships would end.
    RemovalsOverLimit,
    /// The roster of the pass was read longer ago than `limits.max_plan_age_hours`.
    PlanExpired,
    /// The configuration files changed while the pass was under way.
    ConfigurationChanged,
    /// Another pass has worked since the last slice of this one.
    PassSuperseded,
}

impl FindingName {
    /// Every name.
    pub const ALL: [Self; 13] = [
        Self::DirectoryGroupNotFound,
        Self::DistrictNotRunning,
        Self::LimitedRead,
        Self::AdobeOnlyUsersOverLimit,
        Self::PersonUnusable,
        Self::IdentitySettingsChanged,
        Self::RosterShrank,
        Self::DirectoryGroupShrank,
        Self::GroupRemovalsOverLimit,
        Self::RemovalsOverLimit,
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
            Self::IdentitySettingsChanged => "identity-settings-changed",
            Self::RosterShrank => "roster-shrank",
            Self::DirectoryGroupShrank => "directory-group-shrank",
            Self::GroupRemovalsOverLimit => "group-removals-over-limit",
            Self::RemovalsOverLimit => "removals-over-limit",
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
    /// How many things it holds: each group that somebody would leave is one, and so is leaving all groups, the
    /// organization or being deleted, and getting an account.
    pub held: usize,
}

/// What was planned of one account and is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The change as planned, of which something is held.
    pub change: Change,
    /// What would be taken away, as far as it is held.
    pub removal: Removal,
    /// Whether the account is not made, and joins nothing: no invitation goes out.
    pub creation: bool,
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
    /// What the guards found, in the order of its kinds: guards of what was read, of settings and counts, of numbers. Each directory
    /// group that is not found is one; more than ten groups that shrank, or that too many would leave, are one together.
    pub findings: Vec<Finding>,
    /// Adobe-only accounts that count as processed: 0 where a guard holds them all, approvals aside, and without those who are
    /// held singly or spared.
    pub adobe_only_processed: usize,
    /// Positions of changes of Adobe-only accounts that lose single groups where others lose everything: they are neither
    /// processed nor unchanged.
    pub adobe_only_spared: BTreeSet<usize>,
    /// Groups from which removals are held, whether or not anybody was to leave them.
    pub held_groups: BTreeSet<GroupName>,
    /// What became of approvals, by name.
    pub approvals: Vec<ApprovalUse>,
    /// What the history is told, if the pass ends well: what was counted, where it is believed. `None` where the roster was
    /// not read, or not read whole.
    pub counted: Option<(Counts, IdentitySettings)>,
}

/// What the guards know besides the plan.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    /// Earlier passes.
    pub history: &'a History,
    /// Valid approvals, by name.
    pub approvals: &'a [Approval],
}

/// Applies every guard. What is held is taken out of the plan; a change that also gives something goes on without it.
///
/// Guards of what was read, of settings and counts come first; those of numbers look at what they and approvals leave.
/// What is approved is held by none, and what a date explains by those alone that say that the roster was not read. A date
/// long before the last good pass explains nothing.
pub fn check(
    mut plan: Plan,
    desired: &Desired,
    config: &Config,
    options: &Options,
    past: Past<'_>,
) -> Checked {
    if let Some(last) = past.history.last() {
        expected::keep_recent(&mut plan.changes, last.day);
    }
    let allowed = Allowed::new(past.approvals, unread(desired));
    let mut guards = Guards::of_what_was_read(&plan, desired, config, options, &allowed);
    // What a list says is no roster's doing.
    if options.adobe_only_user_list.is_none() {
        guards.of_settings(&plan, config, past.history.last());
        guards.of_counts(&plan, desired, config, options, past.history.last());
        if options.strategy == Strategy::Sync {
            let removals = Removals::new(&plan.changes, &desired.managed, guards.judge(&allowed));
            removals.hold(&plan, &config.limits, &mut guards.holds);
        }
    }
    // Guards alone ask for them.
    plan.unplaced.clear();
    let judge = guards.judge(&allowed);
    let mut tally = vec![Tally::default(); guards.holds.findings.len()];
    let (mut held, mut sent) = (Vec::new(), BTreeSet::new());
    for change in std::mem::take(&mut plan.changes) {
        let fates = judge.fates(&change);
        fates.count(&mut tally);
        sent.extend(fates.approved(&change));
        let (rest, hold) = fates.split(change, |reasons| guards.holds.names_of(reasons));
        plan.changes.extend(rest);
        held.extend(hold);
    }
    let told = Told {
        desired,
        config,
        options,
        history: past.history,
        waiting: &plan.waiting,
        found: &guards.found,
        identity: guards.identity,
        tally: &tally,
        is_unread: guards.holds.is_unread(),
    };
    let counted = told.counted();
    let going = plan.changes.iter().enumerate();
    let spared = going.filter_map(|(position, change)| change.spares(options).then_some(position));
    Checked {
        adobe_only_spared: spared.collect(),
        adobe_only_processed: adobe_only_processed(&plan, &held, &guards.holds, options),
        plan,
        held,
        approvals: allowed.uses(&sent),
        counted,
        held_groups: guards.holds.held_groups(desired),
        findings: guards.holds.found(&tally),
    }
}

/// The guards that only an approval of their own hold passes: the roster was not read, or not read whole.
fn unread(desired: &Desired) -> BTreeSet<FindingName> {
    let limited = desired.limited_to.map(|_| FindingName::LimitedRead);
    let stopped = desired.district_not_running.as_ref();
    let stopped = stopped.map(|_| FindingName::DistrictNotRunning);
    limited.into_iter().chain(stopped).collect()
}

/// What guards found before anything is counted that would go.
#[derive(Debug)]
struct Guards {
    holds: Holds,
    /// Counts that shrank.
    found: Found,
    /// The finding about settings.
    identity: Option<usize>,
}

impl Guards {
    fn of_what_was_read(
        plan: &Plan,
        desired: &Desired,
        config: &Config,
        options: &Options,
        allowed: &Allowed<'_>,
    ) -> Self {
        let limit = config.limits.max_adobe_only_users;
        let approved = allowed.adobe_only(plan);
        let over_limit = plan
            .handles_adobe_only
            .then(|| findings::adobe_only_users_over_limit(&plan.sizes, approved, limit))
            .flatten();
        Self {
            holds: Holds::new(desired, plan, over_limit, options),
            found: Found::default(),
            identity: None,
        }
    }

    /// Without history, Adobe tells by which identity type accounts were made.
    fn of_settings(&mut self, plan: &Plan, config: &Config, last: Option<&Entry>) {
        let today = IdentitySettings::of(config);
        let known = last.filter(|entry| entry.identity.is_known());
        let finding = if let Some(Entry { identity, day, .. }) = known {
            let changed = identity.changed(&today);
            let is_other = !changed.is_empty();
            is_other.then(|| findings::identity_settings_changed(&changed, *day))
        } else {
            let limit = config.limits.other_identity_type;
            let elsewhere = plan.sizes.found_elsewhere;
            let there = plan.sizes.found + elsewhere;
            let is_exceeded = limit.is_exceeded(elsewhere, there);
            is_exceeded.then(|| findings::other_identity_type(elsewhere, there, limit))
        };
        self.identity = finding.map(|finding| self.holds.hold_creations_too(finding));
    }

    /// A roster that was not read whole cannot be compared, and everything is held already.
    fn of_counts(
        &mut self,
        plan: &Plan,
        desired: &Desired,
        config: &Config,
        options: &Options,
        last: Option<&Entry>,
    ) {
        if !self.holds.is_unread() {
            let shrinkage = Shrinkage::new(desired, plan, config, last);
            self.found = Found::new(&shrinkage, &mut self.holds, config, options, last);
        }
    }

    fn judge<'a>(&'a self, allowed: &'a Allowed<'a>) -> Judge<'a> {
        Judge {
            holds: &self.holds,
            allowed,
        }
    }
}

/// Adobe-only accounts that count as processed. Where all are held, those whom an approval lets go.
fn adobe_only_processed(plan: &Plan, held: &[Held], holds: &Holds, options: &Options) -> usize {
    // `write-file` without groups only lists.
    let only_lists =
        options.adobe_only_user_action == AdobeOnlyUserAction::WriteFile && !options.process_groups;
    if !plan.handles_adobe_only || only_lists {
        return 0;
    }
    let is_processed = |change: &Change| change.kind == Kind::AdobeOnly && !change.spares(options);
    if holds.stop_adobe_only() {
        let going = plan.changes.iter().filter(|change| is_processed(change));
        return going.count();
    }
    let single = held
        .iter()
        .filter(|held| is_processed(&held.change) && held.removal == held.change.remove);
    let Sizes {
        adobe_only_users,
        adobe_only_spared,
        ..
    } = plan.sizes;
    adobe_only_users.saturating_sub(single.count() + adobe_only_spared)
}
