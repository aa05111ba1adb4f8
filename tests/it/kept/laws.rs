//! What holds in every world.

use std::collections::BTreeSet;

use proptest::prelude::*;
use roster_sync::model::directory::Directory;
use roster_sync::pass::kept::{
    after, plan_from_bytes, plan_to_bytes, snapshot_from_bytes, snapshot_to_bytes,
};
use roster_sync::reconcile::outcome::{ActionOutcome, Outcomes};
use roster_sync::reconcile::pack::pack;
use roster_sync::reconcile::plan::{self, Plan};

use super::{plan, snapshot};
use crate::core_rules::adobe::apply;
use crate::core_rules::laws::worlds::worlds;
use crate::core_rules::laws::{compared, frees_addresses};

fn all_done(plan: &Plan) -> Outcomes {
    Outcomes {
        groups: vec![Some(ActionOutcome::Done); plan.new_groups.len()],
        changes: vec![Some(ActionOutcome::Done); plan.changes.len()],
    }
}

/// Spelling included: names that differ in letter case alone are equal.
fn spelled(directory: &Directory) -> Vec<u8> {
    snapshot_to_bytes(&snapshot(directory.clone())).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_comes_back_as_it_was_and_is_sent_alike(world in worlds()) {
        let mut kept = plan(world.checked());
        // What only the guards ask for is done with.
        kept.checked.plan.unplaced.clear();
        let bytes = plan_to_bytes(&kept).unwrap();
        let back = plan_from_bytes(&bytes).unwrap();
        prop_assert_eq!(&back, &kept);
        prop_assert_eq!(pack(&back.checked.plan), pack(&kept.checked.plan));
        prop_assert_eq!(plan_to_bytes(&back).unwrap(), bytes);
    }

    #[test]
    fn a_directory_comes_back_as_it_was(world in worlds()) {
        let kept = snapshot(compared(world).directory());
        let bytes = snapshot_to_bytes(&kept).unwrap();
        let back = snapshot_from_bytes(&bytes).unwrap();
        prop_assert_eq!(&back.directory.users, &kept.directory.users);
        prop_assert_eq!(&back.directory.groups, &kept.directory.groups);
        prop_assert_eq!(
            (&back.run_id, &back.org_id, back.read_at),
            (&kept.run_id, &kept.org_id, kept.read_at)
        );
        prop_assert_eq!(snapshot_to_bytes(&back).unwrap(), bytes);
    }

    #[test]
    fn what_was_done_is_what_the_batches_leave_behind(world in worlds(), sent in any::<u32>()) {
        let world = compared(world);
        let directory = world.directory();
        let plan = world.checked().plan;
        let is_sent = |position: usize| sent >> (position % 32) & 1 == 1;
        let mut outcomes = all_done(&plan);
        let mut part = plan.clone();
        part.changes.clear();
        for (position, change) in plan.changes.iter().enumerate() {
            if is_sent(position) {
                part.changes.push(change.clone());
            } else {
                // Not sent, or refused.
                let failed = is_sent(position + 7).then(|| ActionOutcome::Failed(Vec::new()));
                outcomes.changes[position] = failed;
            }
        }
        let left = after(directory.clone(), &plan, &outcomes);
        let expected = Directory {
            groups: left.groups.clone(),
            ..apply(&pack(&part), &directory)
        };
        prop_assert_eq!(&left.users, &expected.users);
        prop_assert_eq!(spelled(&left), spelled(&expected));
    }

    #[test]
    fn new_groups_are_known_once_they_are_made(world in worlds(), made in any::<bool>()) {
        let world = compared(world);
        let directory = world.directory();
        let plan = world.checked().plan;
        let mut outcomes = all_done(&plan);
        if !made {
            outcomes.groups.fill(None);
        }
        let new: BTreeSet<_> = plan.new_groups.iter().filter(|_| made).cloned().collect();
        let before = directory.groups.clone();
        let groups = after(directory, &plan, &outcomes).groups;
        prop_assert_eq!(groups, before.map(|known| &known | &new));
    }

    #[test]
    fn where_nothing_was_sent_everything_is_as_it_was_read(world in worlds()) {
        let world = compared(world);
        let (directory, plan) = (world.directory(), world.checked().plan);
        let left = after(directory.clone(), &plan, &Outcomes::nothing_sent(&plan));
        prop_assert_eq!(spelled(&left), spelled(&directory));
    }

    #[test]
    fn once_all_is_done_there_is_nothing_to_plan(world in worlds()) {
        let world = compared(world);
        let checked = world.checked();
        prop_assume!(checked.held.is_empty());
        let (mut directory, mut planned) = (world.directory(), checked.plan);
        for _ in 0..5 {
            let left = after(directory, &planned, &all_done(&planned));
            directory = snapshot_from_bytes(&spelled(&left)).unwrap().directory;
            let frees = frees_addresses(&planned);
            planned = plan::plan(
                &world.desired(),
                &directory,
                &world.config,
                &world.options,
                &world.known,
            );
            if !frees {
                break;
            }
        }
        prop_assert_eq!(planned.new_groups, []);
        prop_assert_eq!(planned.changes, []);
    }
}
