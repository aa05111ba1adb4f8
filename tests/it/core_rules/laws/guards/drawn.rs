//! What is drawn beside a world: limits, counts, a history, dates, and what of a hold is approved.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use roster_sync::config::{Limits, MoreThan, WholeGroup};
use roster_sync::model::id::{GroupName, IdentityType};
use roster_sync::reconcile::approval::{Account, Item, What};
use roster_sync::reconcile::history::{Counts, IdentitySettings};
use roster_sync::reconcile::plan::{Kind, Plan, Removal};

use super::super::untouched::is_excluded;
use crate::core_rules::case::{Case, approval, ending};
use crate::core_rules::world::World;

/// What is drawn beside a world.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    limits: [(u64, u8); 5],
    whole_group: u64,
    /// What is counted today, and what the last good pass counted, in the order of the mapping.
    now: Vec<usize>,
    before: Option<Vec<usize>>,
    /// People with an account of their type, and of another one.
    found: [usize; 2],
    /// Whether the identity type was another one.
    was_other: bool,
    /// Which removals a date explains, and what of a hold is approved.
    bits: [u64; 2],
}

pub(super) fn drawn() -> impl Strategy<Value = Drawn> {
    let limit = || (0..4_u64, prop_oneof![3 => 0..70_u8, 1 => Just(100)]);
    let limits = [limit(), limit(), limit(), limit(), limit()];
    let counts = || vec(0..12_usize, 10);
    (
        limits,
        0..4_u64,
        counts(),
        weighted(0.5, counts()),
        [0..5_usize, 0..5_usize],
        prop::bool::weighted(0.2),
        any::<[u64; 2]>(),
    )
        .prop_map(
            |(limits, whole_group, now, before, found, was_other, bits)| Drawn {
                limits,
                whole_group,
                now,
                before,
                found,
                was_other,
                bits,
            },
        )
}

fn bit(bits: u64, place: usize) -> bool {
    bits >> (place % 64) & 1 == 1
}

impl Drawn {
    /// The world as guards see it.
    pub(super) fn case(&self, world: &World) -> Case {
        let mut case = Case {
            config: World::new().config,
            options: world.options.clone(),
            desired: world.desired(),
            plan: world.plan(),
            ..Case::new()
        };
        let config = &mut case.config;
        config.mapping.clone_from(&world.config.mapping);
        config.identity_type = world.config.identity_type;
        let [groups, removals, people, classes, types] = self
            .limits
            .map(|(count, percent)| MoreThan { count, percent });
        config.limits = Limits {
            group_removals: groups,
            removals,
            people_missing: people,
            group_people_missing: classes,
            other_identity_type: types,
            whole_group: WholeGroup(self.whole_group),
            ..world.config.limits
        };
        self.measure(world, &mut case.plan, &case.desired.managed);
        case.desired.counts = counts(&self.now, &case);
        if let Some(before) = &self.before {
            let counts = counts(before, &case);
            let mut identity = IdentitySettings::of(&case.config);
            if self.was_other {
                let other = IdentityType::ALL.map(IdentityType::as_str);
                let was = other
                    .iter()
                    .find(|kind| **kind != identity.0["user_identity_type"]);
                let was = was.unwrap().to_string();
                identity.0.insert("user_identity_type".to_owned(), was);
            }
            case.remember(counts, identity);
        }
        case
    }

    /// Managed members, people who are found, and dates.
    fn measure(&self, world: &World, plan: &mut Plan, managed: &BTreeSet<GroupName>) {
        plan.members.clear();
        plan.sizes.managed_people = 0;
        for account in world.directory().users {
            if is_excluded(&account, world) {
                continue;
            }
            let groups: Vec<_> = account.groups.intersection(managed).cloned().collect();
            plan.sizes.managed_people += usize::from(!groups.is_empty());
            for group in groups {
                *plan.members.entry(group).or_default() += 1;
            }
        }
        [plan.sizes.found, plan.sizes.found_elsewhere] = self.found;
        for (place, change) in plan.changes.iter_mut().enumerate() {
            if let (Kind::Update, Removal::Groups(groups)) = (change.kind, &change.remove) {
                let ended = groups.iter().enumerate();
                let ended = ended.filter(|(n, _)| bit(self.bits[0], place * 5 + n));
                change.ended = ended.map(|(_, group)| (group.clone(), ending())).collect();
            }
        }
    }

    /// The case with an approval of a part of what it holds, and of something that nobody plans.
    pub(super) fn approved(&self, mut case: Case) -> Case {
        let held = case.checked();
        let mut approval = approval("part", &held);
        let mut place = 0;
        approval.items.retain(|_| {
            place += 1;
            bit(self.bits[1], place)
        });
        let account = Account {
            identity_type: "federatedID".to_owned(),
            user: "nobody@x.test".to_owned(),
            domain: String::new(),
        };
        let what = [What::Account, What::AllGroups, What::Creation];
        approval.items.extend(what.map(|what| Item {
            account: account.clone(),
            what,
        }));
        case.approvals.push(approval);
        case
    }
}

fn counts(numbers: &[usize], case: &Case) -> Counts {
    let mut counts = Counts::default();
    let selects = format!("{:?}", case.options.users);
    counts.people.insert(selects, numbers.iter().sum());
    for (entry, &number) in case.config.mapping.iter().zip(numbers) {
        if number == 11 {
            continue; // Not found, or not read.
        }
        counts
            .directory_groups
            .insert(entry.directory_group.clone(), number);
        for group in &entry.adobe_groups {
            *counts.adobe_groups.entry(group.clone()).or_default() += number;
        }
    }
    counts
}
