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
pub(super) struct Removals(BTreeMap<GroupName, Going>);

#[derive(Debug, Clone, Copy, Default)]
struct Going {
    /// Without date or approval: what counts.
    people: usize,
    /// Whom a date takes.
    explained: usize,
}

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
        let mut removals = BTreeMap::<GroupName, Going>::new();
        for change in changes.iter().filter(|change| !change.remove.is_none()) {
            let fates = judge.fates(change);
            for (group, is_explained) in fates.leaving(change, managed) {
                let going = removals.entry(group.clone()).or_default();
                *(if is_explained {
                    &mut going.explained
                } else {
                    &mut going.people
                }) += 1;
            }
        }
        Self(removals)
    }

    /// Each guard looks at the removals by itself, whatever the other one holds.
    pub(super) fn hold(&self, plan: &Plan, limits: &Limits, holds: &mut Holds) {
        let members = |group: &GroupName| plan.members.get(group).copied().unwrap_or_default();
        let mut too_many = Vec::new();
        for (group, &Going { people, explained }) in &self.0 {
            // Whoever leaves is a member.
            let of = members(group).max(people);
            // Those whom nothing explains are all that would be left.
            let others = members(group).saturating_sub(explained);
            let is_whole = limits.whole_group.protects(others) && people >= others;
            if is_whole || limits.group_removals.is_exceeded(people, of) {
                too_many.push(Leaving {
                    group: group.clone(),
                    people,
                    of,
                });
            }
        }
        for some in findings::singly_or_together(&too_many) {
            let groups = some.iter().map(|leaving| leaving.group.clone());
            let groups: BTreeSet<GroupName> = groups.collect();
            holds.hold_groups(&groups, findings::group_removals_over_limit(some, limits));
        }
        let all: usize = self.0.values().map(|going| going.people).sum();
        let of = plan.members.values().sum::<usize>().max(all);
        if limits.removals.is_exceeded(all, of) {
            holds.hold_everything(findings::removals_over_limit(all, of, limits.removals));
        }
    }
}
