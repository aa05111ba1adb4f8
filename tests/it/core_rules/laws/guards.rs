//! What holds of guards and approvals, whatever the plan.
//!
//! Random worlds, with small limits, counts and a history drawn beside them: guards believe what they are told.

mod drawn;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use roster_sync::config::options::Strategy as Way;
use roster_sync::model::id::GroupName;
use roster_sync::reconcile::approval::{Account, Approval, Item, What};
use roster_sync::reconcile::guard::{Checked, FindingName};
use roster_sync::reconcile::plan::{Change, Kind, Plan, Removal};
use roster_sync::report::held_json;

use super::super::case::Case;
use super::worlds::worlds;
use drawn::drawn;

/// Everything that a change does that could be held.
fn things(change: &Change) -> BTreeSet<Item> {
    let mut what = What::of(&change.remove);
    what.extend(change.create.as_ref().map(|_| What::Creation));
    items(change, what)
}

fn items(change: &Change, what: Vec<What>) -> BTreeSet<Item> {
    let account = Account::of(&change.address);
    let item = |what| Item {
        account: account.clone(),
        what,
    };
    what.into_iter().map(item).collect()
}

fn sent(checked: &Checked) -> BTreeSet<Item> {
    checked.plan.changes.iter().flat_map(things).collect()
}

fn held(checked: &Checked) -> BTreeSet<Item> {
    let held = checked.held.iter();
    held.flat_map(|held| {
        let mut what = What::of(&held.removal);
        what.extend(held.creation.then_some(What::Creation));
        items(&held.change, what)
    })
    .collect()
}

fn let_through(checked: &Checked) -> BTreeSet<Item> {
    let uses = checked.approvals.iter();
    uses.flat_map(|one| one.let_through.iter().cloned())
        .collect()
}

/// The guards that say that the roster is not whole.
const UNREAD: [FindingName; 2] = [FindingName::LimitedRead, FindingName::DistrictNotRunning];

fn has(checked: &Checked, name: FindingName) -> bool {
    checked.findings.iter().any(|finding| finding.name == name)
}

/// The plan without some things.
fn without(plan: &Plan, gone: &BTreeSet<Item>) -> Plan {
    let mut plan = plan.clone();
    for change in &mut plan.changes {
        let is_gone = |what: What| items(change, vec![what]).is_subset(gone);
        let create = change.create.clone().filter(|_| !is_gone(What::Creation));
        let remove = match &change.remove {
            Removal::Groups(groups) => {
                let left = groups
                    .iter()
                    .filter(|group| !is_gone(What::Group((*group).clone())));
                Removal::Groups(left.cloned().collect())
            }
            departure if What::of(departure).into_iter().all(is_gone) => Removal::none(),
            departure => departure.clone(),
        };
        let had = !change.remove.is_none();
        (change.create, change.remove) = (create, remove);
        if change.kind == Kind::AdobeOnly && had && change.remove.is_none() {
            plan.sizes.adobe_only_users -= 1;
        }
    }
    plan
}

/// How many leave each group without date or approval.
fn leaving(checked: &Checked, managed: &BTreeSet<GroupName>) -> BTreeMap<GroupName, usize> {
    let approved = let_through(checked);
    let mut leaving = BTreeMap::new();
    for change in &checked.plan.changes {
        let lost: BTreeSet<GroupName> = match &change.remove {
            Removal::Groups(groups) => {
                let unapproved = groups.iter().filter(|group| {
                    !change.ended.contains_key(*group)
                        && items(change, vec![What::Group((*group).clone())]).is_disjoint(&approved)
                });
                unapproved.cloned().collect()
            }
            _ if things(change).is_subset(&approved) => BTreeSet::new(),
            _ => change
                .groups_before
                .intersection(managed)
                .cloned()
                .collect(),
        };
        for group in lost {
            *leaving.entry(group).or_default() += 1;
        }
    }
    leaving
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_guard_never_lets_more_than_its_number_through(world in worlds(), drawn in drawn()) {
        prop_assume!(world.options.strategy == Way::Sync);
        let case = drawn.approved(drawn.case(&world));
        let leaving = leaving(&case.checked(), &case.desired.managed);
        let limits = &case.config.limits;
        for (group, &people) in &leaving {
            let members = case.plan.members[group];
            prop_assert!(!limits.group_removals.is_exceeded(people, members));
            let least = limits.whole_group.0;
            prop_assert!(people < members || least == 0 || (members as u64) < least);
        }
        let all = case.plan.members.values().sum();
        prop_assert!(!limits.removals.is_exceeded(leaving.values().sum(), all));
    }

    #[test]
    fn held_and_sent_are_what_was_planned_with_approvals_too(world in worlds(), drawn in drawn()) {
        let case = drawn.approved(drawn.case(&world));
        let checked = case.checked();
        let (sent, held) = (sent(&checked), held(&checked));
        prop_assert!(sent.is_disjoint(&held));
        let planned: BTreeSet<Item> = case.plan.changes.iter().flat_map(things).collect();
        prop_assert_eq!(&sent | &held, planned);
        let counted: BTreeSet<FindingName> = checked.held.iter().flat_map(|held| held.findings.clone()).collect();
        let findings = checked.findings.iter().filter(|finding| finding.held > 0);
        prop_assert_eq!(findings.map(|finding| finding.name).collect::<BTreeSet<_>>(), counted);
        for change in &checked.plan.changes {
            let Removal::Groups(groups) = &change.remove else { continue };
            prop_assert!(change.ended.keys().all(|group| groups.contains(group)));
        }
    }

    #[test]
    fn who_holds_a_held_group_stays_and_no_admin_leaves(world in worlds(), drawn in drawn()) {
        let case = drawn.approved(drawn.case(&world));
        let checked = case.checked();
        let approved = let_through(&checked);
        for change in &checked.plan.changes {
            if let Removal::Groups(groups) = &change.remove {
                prop_assert!(!groups.iter().any(GroupName::is_admin_role));
                continue;
            }
            prop_assert!(!change.groups_before.iter().any(GroupName::is_admin_role));
            if !things(change).is_subset(&approved) {
                prop_assert!(change.groups_before.is_disjoint(&checked.held_groups));
            }
        }
    }

    #[test]
    fn additions_to_people_who_are_there_are_never_held_and_creations_by_one_guard(world in worlds(), drawn in drawn()) {
        let case = drawn.case(&world);
        let checked = case.checked();
        let identity = FindingName::IdentitySettingsChanged;
        let mut going = checked.plan.changes.iter();
        for change in &case.plan.changes {
            let gives = change.create.is_some() || !change.add.is_empty() || !change.update.is_empty();
            let held = checked.held.iter().find(|held| held.change == *change);
            if held.is_some_and(|held| held.creation) {
                prop_assert!(held.unwrap().findings.contains(&identity));
                prop_assert_eq!(change.kind, Kind::Creation);
            } else if gives {
                let sent = going.find(|sent| sent.address == change.address && sent.kind == change.kind);
                let sent = sent.expect("it goes on, in the order of the plan");
                prop_assert_eq!((&sent.add, &sent.update, &sent.create), (&change.add, &change.update, &change.create));
            }
        }
        if has(&checked, identity) {
            prop_assert!(checked.plan.changes.iter().all(|change| change.create.is_none()));
        }
    }

    #[test]
    fn only_an_unread_roster_holds_what_a_date_explains(world in worlds(), drawn in drawn()) {
        let checked = drawn.case(&world).checked();
        let is_unread = UNREAD.iter().any(|name| has(&checked, *name));
        for held in &checked.held {
            if let Removal::Groups(groups) = &held.removal {
                prop_assert!(is_unread || held.change.ended.keys().all(|group| !groups.contains(group)));
            }
        }
    }

    #[test]
    fn an_approval_lets_through_what_it_names_and_all_else_is_judged_as_if_that_were_not_planned(
        world in worlds(), drawn in drawn()
    ) {
        prop_assume!(world.options.strategy == Way::Sync);
        let case = drawn.approved(drawn.case(&world));
        let checked = case.checked();
        let through = let_through(&checked);
        let one = &checked.approvals[0];
        if one.refused.is_some() {
            let behind = &case.approvals[0].findings;
            prop_assert!(UNREAD.iter().any(|name| has(&checked, *name) && !behind.contains(name)));
            prop_assert!(through.is_empty() && one.dropped.is_empty());
        } else {
            let both: BTreeSet<Item> = one.let_through.iter().chain(&one.dropped).cloned().collect();
            prop_assert_eq!(&both, &case.approvals[0].items);
            let planned: BTreeSet<Item> = case.plan.changes.iter().flat_map(things).collect();
            prop_assert_eq!(&through, &(&case.approvals[0].items & &planned));
            prop_assert_eq!(one.dropped.len(), both.len() - through.len());
        }
        let rest = Case { plan: without(&case.plan, &through), approvals: Vec::new(), ..case };
        let rest = rest.checked();
        prop_assert_eq!(&(&sent(&checked) - &through), &sent(&rest));
        prop_assert_eq!(held(&checked), held(&rest));
    }

    #[test]
    fn an_approval_of_what_nobody_plans_changes_nothing(world in worlds(), drawn in drawn()) {
        let case = drawn.case(&world);
        let before = case.checked();
        let mut nothing = drawn.approved(case);
        let planned: BTreeSet<Item> = nothing.plan.changes.iter().flat_map(things).collect();
        let Approval { items, .. } = &mut nothing.approvals[0];
        items.retain(|item| !planned.contains(item));
        let after = nothing.checked();
        prop_assert!(let_through(&after).is_empty());
        prop_assert_eq!(Checked { approvals: Vec::new(), ..after }, before);
    }

    #[test]
    fn the_same_hold_has_the_same_hash_whatever_the_order(world in worlds(), drawn in drawn(), turn in 1_usize..7) {
        let mut first = drawn.case(&world);
        let hash = |case: &Case| held_json(&case.checked().held).1;
        let known = hash(&first);
        let (accounts, people) = (world.accounts.len().max(1), world.parts.people.len().max(1));
        let mut turned = world;
        turned.accounts.rotate_left(turn % accounts);
        turned.parts.people.rotate_left(turn % people);
        turned.parts.classes.reverse();
        prop_assert_eq!(hash(&drawn.case(&turned)), known.clone());
        first.plan.changes.reverse();
        prop_assert_eq!(hash(&first), known);
    }

    #[test]
    fn a_repeated_pass_finds_the_same(world in worlds(), drawn in drawn()) {
        let mut case = drawn.case(&world);
        let first = case.checked();
        let Some((counts, identity)) = first.counted.clone() else { return Ok(()) };
        case.remember(counts, identity);
        let second = case.checked();
        prop_assert_eq!(held(&second), held(&first));
        let found = |checked: &Checked| -> Vec<_> {
            let found = checked.findings.iter().filter(|finding| finding.held > 0);
            found.map(|finding| (finding.name, finding.held)).collect()
        };
        prop_assert_eq!(found(&second), found(&first));
    }
}
