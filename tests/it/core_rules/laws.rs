//! What holds in every world.

mod extras;
mod guards;
mod protected;
mod untouched;
pub(crate) mod worlds;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use roster_sync::config::Limit;
use roster_sync::config::options::{AdobeUsers, Strategy};
use roster_sync::model::directory::Directory;
use roster_sync::model::id::GroupName;
use roster_sync::reconcile::action::{
    ACTIONS_IN_A_BATCH, COMMANDS_IN_AN_ACTION, Command, NAMES_IN_A_COMMAND,
};
use roster_sync::reconcile::counters::{counters, planned};
use roster_sync::reconcile::guard::{Checked, FindingName};
use roster_sync::reconcile::outcome::{ActionOutcome, Outcomes};
use roster_sync::reconcile::pack::pack;
use roster_sync::reconcile::plan::{Change, Kind, Plan, Removal};
use roster_sync::reconcile::problem::ProblemName;
use worlds::worlds;

use super::adobe::apply;
use super::render;
use super::world::World;

/// The accounts after one pass that reads all of them.
fn after(world: &World) -> Directory {
    apply(&pack(&world.checked().plan), &world.directory())
}

/// The world with both sides compared as a whole.
pub(crate) fn compared(world: World) -> World {
    world.with(|options| {
        options.strategy = Strategy::Sync;
        options.adobe_users = AdobeUsers::All;
    })
}

/// The world after one pass, with the groups that it made.
fn next(world: World) -> World {
    let made = world.checked().plan.new_groups;
    let groups = world.groups.clone().map(|mut groups| {
        groups.extend(made);
        groups
    });
    World {
        accounts: after(&world).users,
        groups,
        ..world
    }
}

/// Whether a second pass may do more: somebody waits for an address that another account has, and one is renamed.
pub(crate) fn frees_addresses(plan: &Plan) -> bool {
    let mut problems = plan.problems.iter();
    let mut changes = plan.changes.iter();
    problems.any(|problem| problem.name == ProblemName::AddressTaken)
        && changes.any(|change| change.update.email.is_some())
}

/// The world after a pass, and after another one for as long as one frees addresses.
fn settled(mut world: World) -> World {
    for _ in 0..5 {
        let frees = frees_addresses(&world.checked().plan);
        world = next(world);
        if !frees {
            break;
        }
    }
    world
}

/// The world with groups processed and nothing that holds everything.
fn calm(world: World) -> World {
    let mut world = world
        .with(|options| options.process_groups = true)
        .limit(Limit::Count(200))
        .set(|config| config.source.max_user_count = None);
    world.parts.district_state = None;
    world
}

/// The single things that a change takes away.
fn taken(removal: &Removal) -> BTreeSet<String> {
    match removal {
        Removal::Groups(groups) => groups
            .iter()
            .map(|group| group.folded().to_owned())
            .collect(),
        Removal::AllGroups => ["all groups".to_owned()].into(),
        Removal::FromOrg { delete_account } => [format!("the org, {delete_account}")].into(),
    }
}

type Whom<'a> = (u8, &'a str, &'a str);

fn whom(change: &Change) -> Whom<'_> {
    let kind = match change.kind {
        Kind::Creation => 0,
        Kind::Update => 1,
        Kind::AdobeOnly => 2,
    };
    let identity_type = change.identity_type().as_str();
    (kind, identity_type, change.address.user.folded())
}

fn by_account(changes: &[Change]) -> BTreeMap<Whom<'_>, &Change> {
    let all: BTreeMap<_, _> = changes
        .iter()
        .map(|change| (whom(change), change))
        .collect();
    assert_eq!(all.len(), changes.len(), "one change per account");
    all
}

fn lacks(checked: &Checked, name: FindingName) -> bool {
    checked.findings.iter().all(|finding| finding.name != name)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_second_pass_plans_nothing(world in worlds()) {
        let world = compared(world);
        let first = world.checked();
        let second = settled(world);
        prop_assert_eq!(second.plan().new_groups, []);
        if first.held.is_empty() {
            prop_assert_eq!(render::changes(&Checked { plan: second.plan(), ..Checked::default() }), "");
        } else if matches!(second.config.limits.max_adobe_only_users, Limit::Count(_)) {
            // A share of more accounts than before could allow more.
            prop_assert_eq!(render::changes(&second.checked()), "");
        }
    }

    #[test]
    fn what_is_not_held_ends_as_the_roster_says(world in worlds()) {
        let world = compared(calm(world));
        let checked = world.checked();
        prop_assume!(checked.held.is_empty());
        let reasons = [
            ProblemName::OtherIdentityType,
            ProblemName::CountryMissing,
            ProblemName::AddressTaken,
            ProblemName::AdminOfOtherName,
            ProblemName::UsernameNotEmail,
        ];
        let blocked: BTreeSet<_> = checked
            .plan
            .problems
            .iter()
            .filter(|problem| reasons.contains(&problem.name))
            .filter_map(|problem| problem.email.clone())
            .collect();
        let desired = world.desired();
        let accounts = after(&world);
        let before = world.directory();
        for (key, user) in desired.users.iter().filter(|(_, user)| user.selected && user.touched) {
            let excluded = before.users.iter().filter(|account| untouched::is_excluded(account, &world));
            let unmapped = world.options.exclude_unmapped_users && user.groups.is_empty();
            let mut excluded = excluded.filter(|account| untouched::could_be(account, key, user));
            if blocked.contains(&user.email) || unmapped || excluded.next().is_some() {
                continue;
            }
            let by_login = accounts.users.iter().find(|account| account.key() == *key);
            let by_address = || accounts.users.iter().find(|account| {
                account.identity_type == key.identity_type && account.email == user.email
            });
            let account = by_login.or_else(by_address).expect("everybody selected has an account");
            if accounts.users.iter().any(|other| untouched::is_excluded(other, &world) && other.email == account.email) {
                continue;
            }
            // An account that could be that of somebody whom `user_filter` leaves out stays as it is.
            let mut left_out = desired.users.iter().filter(|(_, user)| user.selected && !user.touched);
            if blocked.contains(&account.email) || left_out.any(|(key, user)| untouched::shares_a_name(account, key, user)) {
                continue;
            }
            let managed = account.groups.intersection(&desired.managed);
            let held: BTreeSet<&GroupName> = managed.filter(|group| !group.is_admin_role()).collect();
            let wanted = user.groups.keys().filter(|group| !group.is_admin_role()).collect();
            prop_assert_eq!(held, wanted);
        }
    }

    #[test]
    fn groups_that_the_mapping_does_not_name_are_never_named(world in worlds()) {
        let managed = world.desired().managed;
        for change in world.plan().changes {
            prop_assert!(change.add.keys().all(|group| managed.contains(group)));
            prop_assert!(change.add.keys().all(|group| !change.groups_before.contains(group)));
            if let Removal::Groups(groups) = &change.remove {
                prop_assert!(groups.is_subset(&managed));
                // With push nobody knows what was there.
                prop_assert!(change.create.is_some() || groups.is_subset(&change.groups_before));
                prop_assert!(change.add.keys().all(|group| !groups.contains(group)));
            }
        }
    }

    #[test]
    fn the_order_of_what_is_read_never_matters(world in worlds(), turn in 1_usize..7) {
        let text = render::pass(&world);
        let batches = format!("{:?}", pack(&world.checked().plan));
        let mut turned = world;
        let parts = &mut turned.parts;
        let (accounts, people) = (turned.accounts.len().max(1), parts.people.len().max(1));
        turned.accounts.rotate_left(turn % accounts);
        parts.people.rotate_left(turn % people);
        parts.classes.reverse();
        parts.schools.reverse();
        for class in &mut parts.classes {
            class.members.reverse();
        }
        prop_assert_eq!(render::pass(&turned), text);
        prop_assert_eq!(format!("{:?}", pack(&turned.checked().plan)), batches);
    }

    #[test]
    fn batches_keep_within_limits_and_lose_nothing(world in worlds()) {
        let plan = world.checked().plan;
        let mut removed = BTreeMap::<usize, BTreeSet<String>>::new();
        let mut added = BTreeMap::<usize, BTreeSet<GroupName>>::new();
        let mut others = BTreeMap::<usize, usize>::new();
        let mut ids = Vec::new();
        let mut made = 0;
        for batch in pack(&plan) {
            prop_assert!((1..=ACTIONS_IN_A_BATCH).contains(&batch.actions().len()));
            let accounts = batch.actions().iter().filter_map(|action| action.target.address());
            let users: BTreeSet<_> = accounts.map(|address| &address.user).collect();
            let groups: BTreeSet<_> = batch.actions().iter().filter_map(|action| action.target.new_group()).collect();
            prop_assert!([users.len(), groups.len()].contains(&batch.actions().len()));
            for action in batch.actions() {
                ids.push(action.request_id.clone());
                let change = action.target.change().unwrap_or(usize::MAX);
                prop_assert!((1..=COMMANDS_IN_AN_ACTION).contains(&action.commands.len()));
                for command in &action.commands {
                    match command {
                        Command::Add(groups) => {
                            prop_assert!((1..=NAMES_IN_A_COMMAND).contains(&groups.len()));
                            added.entry(change).or_default().extend(groups.iter().cloned());
                        }
                        Command::Remove(groups) => {
                            prop_assert!((1..=NAMES_IN_A_COMMAND).contains(&groups.len()));
                            let groups = Removal::Groups(groups.iter().cloned().collect());
                            removed.entry(change).or_default().extend(taken(&groups));
                        }
                        Command::RemoveAll => {
                            removed.entry(change).or_default().extend(taken(&Removal::AllGroups));
                        }
                        Command::RemoveFromOrg { delete_account } => {
                            let removal = Removal::FromOrg { delete_account: *delete_account };
                            removed.entry(change).or_default().extend(taken(&removal));
                        }
                        Command::CreateGroup => made += 1,
                        Command::Create(_) | Command::Update(_) => {
                            *others.entry(change).or_default() += 1;
                        }
                    }
                }
            }
        }
        let expected: Vec<String> = (1..=ids.len()).map(|n| format!("a{n}")).collect();
        prop_assert_eq!(ids, expected);
        prop_assert_eq!(made, plan.new_groups.len());
        for (position, change) in plan.changes.iter().enumerate() {
            prop_assert_eq!(removed.remove(&position).unwrap_or_default(), taken(&change.remove));
            let wanted: BTreeSet<GroupName> = change.add.keys().cloned().collect();
            prop_assert_eq!(added.remove(&position).unwrap_or_default(), wanted);
            let alone = usize::from(change.create.is_some()) + usize::from(!change.update.is_empty());
            prop_assert_eq!(others.remove(&position).unwrap_or_default(), alone);
        }
        prop_assert!(removed.is_empty() && added.is_empty() && others.is_empty());
    }

    #[test]
    fn additions_go_before_removals(world in worlds()) {
        let stage = |change: &Change| match change.kind {
            Kind::AdobeOnly => 2,
            _ => u8::from(change.only_removes()),
        };
        let stages: Vec<u8> = world.plan().changes.iter().map(stage).collect();
        prop_assert!(stages.is_sorted());
    }

    #[test]
    fn counts_add_up(world in worlds()) {
        let checked = world.checked();
        let all = Outcomes {
            groups: vec![Some(ActionOutcome::Done); checked.plan.new_groups.len()],
            changes: vec![Some(ActionOutcome::Done); checked.plan.changes.len()],
        };
        let done = counters(&checked, &all);
        let held_only = checked.held.iter().filter(|held| held.change.kind == Kind::AdobeOnly).count();
        let processed = done.adobe_only_users.unwrap_or(0);
        prop_assert_eq!(
            done.adobe_users_read,
            done.adobe_users_excluded + done.adobe_users_unchanged + done.adobe_users_updated + processed
                + checked.adobe_only_spared.len()
        );
        prop_assert!(processed + held_only + checked.plan.sizes.adobe_only_spared + done.adobe_users_excluded >= checked.plan.sizes.adobe_only_users
            || processed == 0);
        let planned_actions = checked.plan.changes.len() + checked.plan.new_groups.len();
        prop_assert_eq!(done.actions.total, planned_actions);
        prop_assert_eq!(done.actions.error, 0);
        let none = Outcomes::nothing_sent(&checked.plan);
        prop_assert_eq!(counters(&checked, &none).actions.total, 0);
        let before = planned(&checked);
        prop_assert_eq!(before.adobe_users_created, done.adobe_users_created);
        prop_assert_eq!(before.adobe_users_updated, done.adobe_users_updated);
        prop_assert!(done.directory_users_selected <= done.directory_users_read);
    }

    #[test]
    fn held_and_sent_are_what_was_planned(world in worlds()) {
        let planned = world.plan().changes;
        let checked = world.checked();
        let sent = by_account(&checked.plan.changes);
        let held: BTreeMap<_, _> = checked.held.iter().map(|held| (whom(&held.change), held)).collect();
        for change in &planned {
            let mut removed = BTreeSet::new();
            if let Some(sent) = sent.get(&whom(change)) {
                removed.extend(taken(&sent.remove));
                prop_assert_eq!(&sent.add, &change.add);
                prop_assert_eq!(&sent.update, &change.update);
                prop_assert_eq!(&sent.create, &change.create);
            } else {
                prop_assert!(change.only_removes(), "only removals are held");
            }
            if let Some(held) = held.get(&whom(change)) {
                prop_assert_eq!(&held.change, change);
                prop_assert!(!held.findings.is_empty());
                let held = taken(&held.removal);
                prop_assert!(!held.is_empty() && held.is_disjoint(&removed));
                removed.extend(held);
            }
            prop_assert_eq!(removed, taken(&change.remove));
        }
        prop_assert!(checked.plan.changes.len() <= planned.len() && held.len() <= planned.len());
    }

    #[test]
    fn a_hold_never_leaks(world in worlds()) {
        let checked = world.checked();
        let removals = || checked.plan.changes.iter().filter(|change| !change.remove.is_none());
        for change in removals() {
            match &change.remove {
                Removal::Groups(groups) => {
                    let mut held = groups.intersection(&checked.held_groups);
                    prop_assert!(held.all(|group| change.ended.contains_key(group)));
                }
                Removal::AllGroups | Removal::FromOrg { .. } => {
                    prop_assert!(change.groups_before.is_disjoint(&checked.held_groups));
                }
            }
        }
        let unmatched = world.desired().unmatched.into_iter();
        let not_found: BTreeSet<GroupName> = unmatched.flat_map(|one| one.adobe_groups).collect();
        let adobe_only = || removals().filter(|change| change.kind == Kind::AdobeOnly);
        for change in adobe_only() {
            prop_assert!(change.groups_before.is_disjoint(&not_found));
        }
        if !lacks(&checked, FindingName::LimitedRead) || !lacks(&checked, FindingName::DistrictNotRunning) {
            prop_assert_eq!(removals().count(), 0);
        }
        if !lacks(&checked, FindingName::AdobeOnlyUsersOverLimit) {
            prop_assert_eq!(adobe_only().count(), 0);
            prop_assert_eq!(checked.adobe_only_processed, 0);
        }
    }
}
