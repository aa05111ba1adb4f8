//! Too much in one pass.

use roster_sync::config::options::Strategy;
use roster_sync::config::{MoreThan, WholeGroup};
use roster_sync::model::id::GroupName;
use roster_sync::reconcile::guard::FindingName;

use super::case::{Case, names, text};

/// So many of so many members of Spark leave it.
fn leave(count: usize, members: usize) -> Case {
    Case::new()
        .group("Spark", members, members)
        .leave(count, &["Spark"])
}

#[test]
fn more_than_fifty_and_more_than_a_fifth_do_not_leave_a_group_at_once() {
    assert_eq!(
        leave(51, 100).outcome(),
        "group-removals-over-limit 51, goes 0"
    );
    assert_eq!(leave(50, 100).outcome(), "goes 50");
    assert_eq!(leave(60, 300).outcome(), "goes 60");
    assert_eq!(
        leave(61, 300).outcome(),
        "group-removals-over-limit 61, goes 0"
    );
}

#[test]
fn all_members_of_a_group_of_ten_do_not_leave_it_at_once() {
    assert_eq!(
        leave(10, 10).outcome(),
        "group-removals-over-limit 10, goes 0"
    );
    assert_eq!(leave(9, 10).outcome(), "goes 9");
    assert_eq!(leave(9, 9).outcome(), "goes 9");
}

#[test]
fn each_limit_can_be_switched_off() {
    let case = |count, members| {
        leave(count, members).set(|config| {
            config.limits.group_removals.percent = 100;
            config.limits.whole_group = WholeGroup(0);
            config.limits.removals.percent = 100;
        })
    };
    assert_eq!(case(900, 900).outcome(), "goes 900");
}

#[test]
fn more_than_two_hundred_and_a_tenth_of_all_memberships_do_not_end_at_once() {
    // Forty leave each of six groups: never too many of one.
    let groups = ["A", "B", "C", "D", "E", "F"];
    let six = |members| {
        let all = groups
            .iter()
            .fold(Case::new(), |case, name| case.group(name, members, members));
        all.leave(40, &groups)
    };
    assert_eq!(six(300).outcome(), "removals-over-limit 240, goes 0");
    assert_eq!(six(400).outcome(), "goes 40");
}

#[test]
fn what_a_date_explains_counts_nowhere() {
    let term = leave(900, 1000).by_date(900);
    assert_eq!(term.outcome(), "goes 900");
    assert_eq!(term.leave(50, &["Spark"]).outcome(), "goes 950");
    let more = leave(900, 1000).by_date(849);
    assert_eq!(more.outcome(), "goes 900", "51 of 1000 are few");
    let small = leave(100, 100).by_date(49);
    assert_eq!(small.outcome(), "group-removals-over-limit 51, goes 49");
}

#[test]
fn who_leaves_the_organization_leaves_every_managed_group() {
    let case = Case::new()
        .group("Spark", 100, 100)
        .leave(31, &["Spark"])
        .depart(20, &["Spark", "Manual"]);
    assert_eq!(case.outcome(), "group-removals-over-limit 51, goes 0");
}

#[test]
fn who_holds_a_group_that_too_many_would_leave_stays_in_the_organization() {
    let case = Case::new()
        .group("Spark", 100, 100)
        .group("Chess", 100, 100)
        .leave(51, &["Spark"])
        .leave(1, &["Chess"])
        .depart(1, &["Chess"])
        .depart(1, &["Chess", "Spark"]);
    assert_eq!(case.outcome(), "group-removals-over-limit 52, goes 2");
    let checked = case.checked();
    assert_eq!(checked.held_groups, names(&["Spark"]));
    assert_eq!(checked.adobe_only_processed, 1);
}

#[test]
fn what_other_guards_hold_counts_nowhere() {
    let case = leave(51, 100).desired(|desired| {
        desired.district_not_running = Some("paused".to_owned());
    });
    assert_eq!(case.outcome(), "district-not-running 51, goes 0");
}

#[test]
fn each_guard_of_numbers_counts_by_itself() {
    // 150 leave Spark, which is too many, and 60 of Chess: 210 of 2,000.
    let case = Case::new()
        .group("Spark", 300, 300)
        .group("Chess", 1700, 1700)
        .leave(150, &["Spark"])
        .leave(60, &["Chess"]);
    assert_eq!(
        case.outcome(),
        "group-removals-over-limit 150, removals-over-limit 210, goes 0"
    );
}

#[test]
fn nothing_is_compared_with_push() {
    let push = leave(900, 0).with(|options| options.strategy = Strategy::Push);
    assert_eq!(push.outcome(), "goes 900");
}

#[test]
fn additions_go_on() {
    let mut case = leave(51, 100);
    for change in &mut case.plan.changes {
        change.add.insert(
            GroupName::new("Chess"),
            ["classes::Chess::students".to_owned()].into(),
        );
    }
    let checked = case.checked();
    assert_eq!(checked.held.len(), 51);
    assert_eq!(checked.plan.changes.len(), 51);
    assert!(
        checked
            .plan
            .changes
            .iter()
            .all(|change| change.remove.is_none())
    );
}

#[test]
fn a_finding_says_what_it_saw_and_the_way_out() {
    let checked = leave(312, 400)
        .set(|config| {
            config.limits.removals = MoreThan {
                count: 300,
                percent: 10,
            }
        })
        .checked();
    insta::assert_snapshot!(text(&checked, FindingName::GroupRemovalsOverLimit), @"
    312 of 400 managed members would leave 'Spark'. limits.max_group_removals allows 50 and 20%; a group of 10 or more never loses all of them (limits.never_empty_groups_of).
    Look at HELD in plan.txt. If they should stay, correct the roster or the mapping; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.
    ");
    insta::assert_snapshot!(text(&checked, FindingName::RemovalsOverLimit), @"
    312 of 400 managed memberships would end. limits.max_removals allows 300 and 10%, so nothing is taken from anybody but what a date ended.
    Look at HELD in plan.txt. If they should stay, correct the roster or the mapping; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.
    ");
}

#[test]
fn many_groups_are_one_finding_that_names_the_first() {
    let groups = |count: usize| {
        let names: Vec<String> = (0..count).map(|n| format!("Class {n:04}")).collect();
        let with = |case: Case, name: &String| case.group(name, 10, 10).leave(10, &[name]);
        names.iter().fold(Case::new(), with).checked()
    };
    let over = FindingName::GroupRemovalsOverLimit;
    let count = |checked: &roster_sync::reconcile::guard::Checked| {
        checked
            .findings
            .iter()
            .filter(|finding| finding.name == over)
            .count()
    };
    assert_eq!(count(&groups(10)), 10);
    let many = groups(12);
    assert_eq!(count(&many), 1);
    insta::assert_snapshot!(text(&many, over), @"
    Far too many would leave 12 Adobe groups: 'Class 0000' 10 of 10, 'Class 0001' 10 of 10, 'Class 0002' 10 of 10, 'Class 0003' 10 of 10, 'Class 0004' 10 of 10, 'Class 0005' 10 of 10, 'Class 0006' 10 of 10, 'Class 0007' 10 of 10, 'Class 0008' 10 of 10, 'Class 0009' 10 of 10 and 2 more. limits.max_group_removals allows 50 and 20%; a group of 10 or more never loses all of them (limits.never_empty_groups_of).
    Look at HELD in plan.txt. If they should stay, correct the roster or the mapping; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.
    ");
    assert_eq!(many.findings[0].held, 120);
    assert_eq!(many.held_groups.len(), 12);
}
