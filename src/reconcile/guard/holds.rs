//! What each guard holds.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Finding, FindingName, Held};
use crate::config::options::{Options, Users};
use crate::config::{Limit, Limits};
use crate::model::id::GroupName;
use crate::reconcile::desired::{Desired, Unmatched};
use crate::reconcile::plan::{Change, Kind, Plan, Removal, Sizes};

/// Everything that the guards forbid.
pub(super) struct Holds<'a> {
    desired: &'a Desired,
    sizes: Sizes,
    limit: u64,
    /// Guards that hold every removal.
    all: BTreeSet<FindingName>,
    /// Guards that hold all Adobe-only handling.
    pub(super) adobe_only: BTreeSet<FindingName>,
    /// Groups from which removals are held.
    pub(super) groups: BTreeMap<GroupName, BTreeSet<FindingName>>,
    /// Names of people who could not be used, comparable.
    names: BTreeSet<(String, String)>,
}

impl<'a> Holds<'a> {
    pub(super) fn new(
        plan: &Plan,
        desired: &'a Desired,
        limits: &Limits,
        options: &Options,
    ) -> Self {
        let mut holds = Self {
            desired,
            sizes: plan.sizes,
            limit: limit(limits.max_adobe_only_users, plan.sizes),
            all: BTreeSet::new(),
            adobe_only: BTreeSet::new(),
            groups: BTreeMap::new(),
            names: BTreeSet::new(),
        };
        for unmatched in &desired.unmatched {
            holds.hold_unmatched(unmatched, options);
        }
        if desired.district_not_running.is_some() {
            holds.all.insert(FindingName::DistrictNotRunning);
        }
        if desired.limited_to.is_some() {
            holds.all.insert(FindingName::LimitedRead);
        }
        if desired.unreadable_objects > 0 {
            holds.all.insert(FindingName::ObjectUnusable);
        }
        if holds.is_over_limit(plan) {
            holds
                .adobe_only
                .insert(FindingName::AdobeOnlyUsersOverLimit);
        }
        for person in &desired.unusable {
            match &person.name {
                Some((first, last)) => {
                    holds.names.insert((comparable(first), comparable(last)));
                }
                None => holds.hold_groups(&person.adobe_groups, FindingName::PersonUnusable),
            }
        }
        holds
    }

    /// Not found is not empty. Where membership in an Adobe group cannot tell who was meant, nobody who looks gone is
    /// touched.
    fn hold_unmatched(&mut self, unmatched: &Unmatched, options: &Options) {
        self.hold_groups(&unmatched.adobe_groups, FindingName::DirectoryGroupNotFound);
        let selects = match &options.users {
            Users::All => false,
            Users::Mapped => true,
            Users::Groups(names) => names.contains(&unmatched.directory_group),
        };
        if selects && (unmatched.adobe_groups.is_empty() || !options.process_groups) {
            self.adobe_only.insert(FindingName::DirectoryGroupNotFound);
        }
    }

    fn hold_groups(&mut self, groups: &BTreeSet<GroupName>, finding: FindingName) {
        for group in groups {
            self.groups
                .entry(group.clone())
                .or_default()
                .insert(finding);
        }
    }

    fn is_over_limit(&self, plan: &Plan) -> bool {
        plan.handles_adobe_only
            && u64::try_from(plan.sizes.adobe_only_users).unwrap_or(u64::MAX) > self.limit
    }

    /// What of a change goes on, and what is held.
    pub(super) fn split(&self, change: Change) -> (Option<Change>, Option<Held>) {
        let (kept_back, goes_on, findings) = self.divide(&change);
        if findings.is_empty() {
            return (Some(change), None);
        }
        let rest = Change {
            remove: goes_on,
            ..change.clone()
        };
        let held = Held {
            change,
            removal: kept_back,
            findings,
        };
        ((!rest.is_empty()).then_some(rest), Some(held))
    }

    /// The removal that is held, the removal that goes on, and who holds.
    fn divide(&self, change: &Change) -> (Removal, Removal, BTreeSet<FindingName>) {
        let whole = |findings| (change.remove.clone(), Removal::none(), findings);
        if change.remove.is_none() {
            return (Removal::none(), Removal::none(), BTreeSet::new());
        }
        let mut findings = self.all.clone();
        if change.kind == Kind::AdobeOnly {
            findings.extend(&self.adobe_only);
        }
        if self.is_unusable(change) {
            findings.insert(FindingName::PersonUnusable);
        }
        if !findings.is_empty() {
            return whole(findings);
        }
        match &change.remove {
            Removal::Groups(groups) => {
                if change.kind == Kind::AdobeOnly {
                    let not_found = self.not_found_among(&change.groups_before);
                    if not_found {
                        return whole(BTreeSet::from([FindingName::DirectoryGroupNotFound]));
                    }
                }
                let (stay, go): (BTreeSet<_>, BTreeSet<_>) = groups
                    .iter()
                    .cloned()
                    .partition(|group| self.groups.contains_key(group));
                let findings = self.holders(&stay);
                (Removal::Groups(stay), Removal::Groups(go), findings)
            }
            Removal::AllGroups | Removal::FromOrg { .. } => {
                let findings = self.holders(&change.groups_before);
                if findings.is_empty() {
                    return (Removal::none(), change.remove.clone(), findings);
                }
                whole(findings)
            }
        }
    }

    fn holders(&self, groups: &BTreeSet<GroupName>) -> BTreeSet<FindingName> {
        groups
            .iter()
            .filter_map(|group| self.groups.get(group))
            .flatten()
            .copied()
            .collect()
    }

    fn not_found_among(&self, groups: &BTreeSet<GroupName>) -> bool {
        self.holders(groups)
            .contains(&FindingName::DirectoryGroupNotFound)
    }

    fn is_unusable(&self, change: &Change) -> bool {
        let (first, last) = &change.names_before;
        let name = |part: &Option<String>| comparable(part.as_deref().unwrap_or_default());
        !self.names.is_empty() && self.names.contains(&(name(first), name(last)))
    }

    /// What the guards found, and how much each holds.
    pub(super) fn findings(&self, held: &[Held]) -> Vec<Finding> {
        let by = |name| {
            held.iter()
                .filter(|held| held.findings.contains(&name))
                .count()
        };
        let mut findings: Vec<_> = self
            .desired
            .unmatched
            .iter()
            .map(|unmatched| not_found(unmatched, held))
            .collect();
        if let Some(state) = &self.desired.district_not_running {
            findings.push(Finding {
                name: FindingName::DistrictNotRunning,
                message: format!("The district is not running at the roster source: its state is {state}. Nobody loses anything."),
                next_step: "Wait until the source shares the district again, or ask its administrator.".to_owned(),
                held: by(FindingName::DistrictNotRunning),
            });
        }
        if let Some(most) = self.desired.limited_to {
            findings.push(Finding {
                name: FindingName::LimitedRead,
                message: format!("max_user_count cut the roster to {most} people. The others only look gone, so nobody loses anything."),
                next_step: "Set max_user_count to 0 when you have finished trying.".to_owned(),
                held: by(FindingName::LimitedRead),
            });
        }
        if self
            .adobe_only
            .contains(&FindingName::AdobeOnlyUsersOverLimit)
        {
            findings.push(self.over_limit(by(FindingName::AdobeOnlyUsersOverLimit)));
        }
        if self.desired.unreadable_objects > 0 {
            findings.push(Finding {
                name: FindingName::ObjectUnusable,
                message: format!(
                    "{} schools, courses or classes could not be read. Who belongs to them is not known, so nobody loses anything.",
                    self.desired.unreadable_objects
                ),
                next_step: "Correct the records that the problems list.".to_owned(),
                held: by(FindingName::ObjectUnusable),
            });
        }
        let unusable = by(FindingName::PersonUnusable);
        if unusable > 0 {
            findings.push(Finding {
                name: FindingName::PersonUnusable,
                message: format!("{} people of the roster could not be used; removals that could be theirs are held.", self.desired.unusable.len()),
                next_step: "Correct the records that the problems list.".to_owned(),
                held: unusable,
            });
        }
        findings
    }

    fn over_limit(&self, held: usize) -> Finding {
        let Self { sizes, limit, .. } = self;
        let count = sizes.adobe_only_users;
        Finding {
            name: FindingName::AdobeOnlyUsersOverLimit,
            message: format!(
                "{count} users are in Adobe only, more than the {limit} that limits.max_adobe_only_users allows. None of them was touched."
            ),
            next_step: format!(
                "Look through plan.txt. If they are right to go, raise limits.max_adobe_only_users to {count} or more."
            ),
            held,
        }
    }
}

fn not_found(unmatched: &Unmatched, held: &[Held]) -> Finding {
    let concerns = |held: &&Held| {
        held.findings.contains(&FindingName::DirectoryGroupNotFound)
            && (unmatched.adobe_groups.is_empty()
                || !held
                    .change
                    .groups_before
                    .is_disjoint(&unmatched.adobe_groups))
    };
    let fed: Vec<&str> = unmatched
        .adobe_groups
        .iter()
        .map(GroupName::as_str)
        .collect();
    let group = &unmatched.directory_group;
    let holds = if fed.is_empty() {
        "so nobody who is in Adobe only was touched".to_owned()
    } else {
        format!("so nobody lost {}", fed.join(", "))
    };
    Finding {
        name: FindingName::DirectoryGroupNotFound,
        message: format!("The roster holds nothing that {group:?} matches, {holds}."),
        next_step:
            "Correct the name in the mapping, or delete the line if the group is gone for good."
                .to_owned(),
        held: held.iter().filter(concerns).count(),
    }
}

/// A percentage is of the accounts that are read and not excluded, rounded down.
fn limit(limit: Limit, sizes: Sizes) -> u64 {
    match limit {
        Limit::Count(count) => count,
        Limit::Percent(percent) => {
            let base = sizes
                .adobe_users_read
                .saturating_sub(sizes.adobe_users_excluded);
            u64::try_from(base)
                .unwrap_or(u64::MAX)
                .saturating_mul(u64::from(percent))
                / 100
        }
    }
}

/// Without regard to case, accents and blanks.
fn comparable(name: &str) -> String {
    name.nfd()
        .filter(|c| !is_combining_mark(*c) && !c.is_whitespace())
        .collect::<String>()
        .to_lowercase()
}
