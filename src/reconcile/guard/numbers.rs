//! Whether too much would go in one pass.
//!
//! What counts are the removals that would be sent: what other guards hold, what a date explains and what is approved does
//! not. Who is removed, deleted or loses all groups leaves each managed group.

use std::collections::{BTreeMap, BTreeSet};

use super::fate::Judge;
use super::findings;
use super::holds::Holds;
use crate::config::Limits;
use crate::model::id::GroupName;
use crate::reconcile::plan::{Change, Plan};

/// How many would leave each Adobe group.
#[derive(Debug, Default)]
pub(super) struct Removals(BTreeMap<GroupName, usize>);

/// Far too many of one group, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaving {
    pub(super) group: GroupName,
    pub(super) people: usize,
    /// Managed members.
    pub(super) of: usize,
}

impl Removals {
    pub(super) fn new(changes: &[Change], managed: &BTreeSet<GroupName>, judge: Judge<'_>) -> Self {
        let mut removals = BTreeMap::new();
        for change in changes.iter().filter(|change| !change.remove.is_none()) {
            let fates = judge.fates(change);
            for group in fates.unexplained(change, managed) {
                *removals.entry(group.clone()).or_default() += 1;
            }
        }
        Self(removals)
    }

    /// Each guard looks at the removals by itself, whatever the other one holds.
    pub(super) fn hold(&self, plan: &Plan, limits: &Limits, holds: &mut Holds) {
        let members = |group: &GroupName| plan.members.get(group).copied().unwrap_or_default();
        let leaving = self.0.iter().map(|(group, &people)| Leaving {
            group: group.clone(),
            people,
            // Whoever leaves is a member.
            of: members(group).max(people),
        });
        let too_many: Vec<Leaving> = leaving
            .filter(|leaving| {
                let members = members(&leaving.group);
                limits
                    .group_removals
                    .is_exceeded(leaving.people, leaving.of)
                    || (limits.whole_group.protects(members) && leaving.people >= members)
            })
            .collect();
        for some in findings::singly_or_together(&too_many) {
            let groups = some.iter().map(|leaving| leaving.group.clone());
            let groups: BTreeSet<GroupName> = groups.collect();
            holds.hold_groups(&groups, findings::group_removals_over_limit(some, limits));
        }
        let all: usize = self.0.values().sum();
        let of = plan.members.values().sum::<usize>().max(all);
        if limits.removals.is_exceeded(all, of) {
            holds.hold_everything(findings::removals_over_limit(all, of, limits.removals));
        }
    }
}
