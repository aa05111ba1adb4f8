//! A roster that has far fewer people than before.

use jiff::civil::date;
use roster_sync::config::options::{AdobeOnlyUserAction, AdobeUsers, Strategy, Users};
use roster_sync::model::id::{Email, GroupName};
use roster_sync::reconcile::guard::FindingName;
use roster_sync::reconcile::history::{Counts, IdentitySettings};
use roster_sync::reconcile::plan::{Removal, Waiting};

use super::case::{Case, names, text};

const ART: &str = "classes::Art::students";

/// The roster has so many people, 400 before, of whom three are to leave Art, two of them by a date.
fn roster_of(now: usize) -> Case {
    Case::new()
        .group("Art", 100, 100)
        .people(now, 400)
        .leave(1, &["Art"])
        .leave(2, &["Art"])
        .by_date(2)
        .create(1)
}

fn before(people: usize) -> impl FnOnce(&mut Counts) {
    move |counts| {
        counts.people.insert("mapped".to_owned(), people);
    }
}

#[test]
fn a_roster_that_lost_a_fifth_holds_every_removal_that_no_date_explains() {
    assert_eq!(
        roster_of(319).after(before(400)).outcome(),
        "roster-shrank 1, goes 3"
    );
    assert_eq!(roster_of(320).after(before(400)).outcome(), "goes 4");
    // A fifth of few is few.
    assert_eq!(roster_of(50).after(before(100)).outcome(), "goes 4");
    assert_eq!(
        roster_of(49).after(before(100)).outcome(),
        "roster-shrank 1, goes 3"
    );
}

#[test]
fn without_history_the_roster_is_compared_with_adobe() {
    assert_eq!(roster_of(319).outcome(), "roster-shrank 1, goes 3");
    assert_eq!(roster_of(320).outcome(), "goes 4");
    // What another choice of people counted says nothing of this one.
    let case = roster_of(319).after(|counts| {
        counts.people = [("all".to_owned(), 900)].into();
    });
    assert_eq!(case.outcome(), "roster-shrank 1, goes 3");
    let counted = case.checked().counted.unwrap().0;
    assert_eq!(counted.people, [("all".to_owned(), 900)].into());
}

#[test]
fn nobody_who_holds_a_managed_group_leaves_while_the_roster_is_small() {
    let case = roster_of(10).after(before(400)).depart(5, &["Art"]);
    assert_eq!(case.outcome(), "roster-shrank 6, goes 3");
    assert_eq!(case.checked().adobe_only_processed, 0);
    assert_eq!(case.checked().held_groups, names(&["Art"]));
}

/// Art has so many of 40 pupils, and one leaves each group.
fn class_of(now: usize) -> Case {
    Case::new()
        .group("Art", 40, now)
        .group("Chess", 40, 40)
        .people(400, 400)
        .leave(1, &["Art"])
        .leave(1, &["Chess"])
        .depart(1, &["Art"])
        .depart(1, &["Chess"])
}

fn forty(counts: &mut Counts) {
    counts.directory_groups.insert(ART.to_owned(), 40);
}

#[test]
fn a_class_that_lost_half_of_its_pupils_holds_removals_from_what_it_feeds() {
    assert_eq!(
        class_of(19).after(forty).outcome(),
        "directory-group-shrank 2, goes 2"
    );
    assert_eq!(class_of(20).after(forty).outcome(), "goes 4");
    assert_eq!(
        class_of(19).after(forty).checked().held_groups,
        names(&["Art"])
    );
    // Five of six are few.
    let few = class_of(1).after(|counts| {
        counts.directory_groups.insert(ART.to_owned(), 6);
    });
    assert_eq!(few.outcome(), "goes 4");
}

#[test]
fn without_history_what_feeds_a_group_is_compared_with_its_members() {
    assert_eq!(class_of(19).outcome(), "directory-group-shrank 2, goes 2");
    assert_eq!(class_of(20).outcome(), "goes 4");
    // A group that is new in the mapping, too.
    let new = class_of(19).after(|counts| {
        counts.adobe_groups.remove(&GroupName::new("Art"));
        counts.directory_groups.remove(ART);
    });
    assert_eq!(new.outcome(), "directory-group-shrank 2, goes 2");
}

#[test]
fn a_group_of_which_not_all_was_read_is_not_compared() {
    let case = class_of(19).desired(|desired| {
        desired.counts.directory_groups.remove(ART);
    });
    assert_eq!(case.outcome(), "goes 4");
    let counted = case.checked().counted.unwrap().0;
    assert_eq!(
        counted.adobe_groups.keys().cloned().collect::<Vec<_>>(),
        [GroupName::new("Chess")]
    );
}

#[test]
fn a_class_that_only_selects_holds_adobe_only_people() {
    let lost = "classes::Lost::students";
    let case = |now: usize| {
        let mut case = class_of(40);
        case.config.mapping.push(super::world::entry(lost, &[]));
        case.desired
            .counts
            .directory_groups
            .insert(lost.to_owned(), now);
        case.after(|counts| {
            counts.directory_groups.insert(lost.to_owned(), 40);
        })
    };
    assert_eq!(case(19).outcome(), "directory-group-shrank 2, goes 2");
    assert_eq!(case(20).outcome(), "goes 4");
    let all = case(19).with(|options| options.users = Users::All);
    assert_eq!(all.outcome(), "directory-group-shrank 0, goes 4");
}

#[test]
fn a_roster_that_was_not_read_is_not_compared() {
    let limited = roster_of(10).after(before(400)).desired(|desired| {
        desired.limited_to = Some(10);
    });
    assert_eq!(limited.outcome(), "limited-read 3, goes 1");
    assert_eq!(limited.checked().counted, None);
    let paused = roster_of(10).after(before(400)).desired(|desired| {
        desired.district_not_running = Some("paused".to_owned());
    });
    assert_eq!(paused.outcome(), "district-not-running 3, goes 1");
    assert_eq!(paused.checked().counted, None);
}

#[test]
fn a_count_that_is_not_believed_stays_until_approved_or_until_the_roster_is_back() {
    let people = |case: &Case| case.checked().counted.unwrap().0.people["mapped"];
    let shrunk = || roster_of(100).after(before(400));
    assert_eq!(people(&shrunk()), 400);
    assert_eq!(people(&roster_of(390).after(before(400))), 390);
    let approved = shrunk().approve(&shrunk().checked());
    assert_eq!(approved.outcome(), "roster-shrank 0, goes 4");
    assert_eq!(people(&approved), 100);
    // Nobody of those who are missing has anything to lose.
    let nothing = shrunk().plan(|plan| plan.changes.clear());
    assert_eq!(people(&nothing), 100);
}

#[test]
fn a_count_stays_while_those_who_are_missing_wait_for_the_end_of_grace() {
    let people = |case: &Case| case.checked().counted.unwrap().0.people["mapped"];
    let wait = |count: usize| {
        move |plan: &mut roster_sync::reconcile::plan::Plan| {
            let waiting = |n: usize| Waiting {
                email: Email::new(&format!("w{n}@x.test")),
                removal: Removal::Groups(names(&["Art"])),
                until: date(2026, 12, 24),
            };
            plan.waiting = (0..count).map(waiting).collect();
        }
    };
    let shrunk = |count| roster_of(100).after(before(400)).plan(wait(count));
    let nothing = shrunk(300).plan(|plan| plan.changes.clear());
    assert_eq!(people(&nothing), 400);
    let approved = |count| shrunk(count).approve(&shrunk(count).checked());
    assert_eq!(people(&approved(300)), 400);
    // A school with grace always has somebody who waits.
    assert_eq!(people(&approved(20)), 100);
}

#[test]
fn a_pass_that_would_not_have_planned_the_removals_settles_nothing() {
    let nothing = || {
        roster_of(100)
            .after(before(400))
            .plan(|plan| plan.changes.clear())
    };
    let people = |case: Case| case.checked().counted.unwrap().0.people["mapped"];
    assert_eq!(
        people(nothing().with(|options| options.process_groups = false)),
        400
    );
    let excludes = nothing().with(|options| {
        options.adobe_only_user_action = AdobeOnlyUserAction::Exclude;
    });
    assert_eq!(people(excludes), 400);
    let in_part = nothing().with(|options| {
        options.adobe_users = AdobeUsers::Groups(names(&["Art"]));
    });
    assert_eq!(people(in_part), 400);
    let push = nothing().with(|options| options.strategy = Strategy::Push);
    assert_eq!(push.checked().counted, None);
}

#[test]
fn what_was_never_compared_with_all_of_adobe_is_not_remembered() {
    let case = roster_of(400).with(|options| {
        options.adobe_users = AdobeUsers::Groups(names(&["Art"]));
    });
    assert_eq!(
        case.checked().counted,
        Some((Counts::default(), IdentitySettings::default()))
    );
    let counted = roster_of(400).checked().counted.unwrap();
    assert_eq!(counted.0, roster_of(400).desired.counts);
    assert!(counted.1.is_known());
}

#[test]
fn groups_that_are_not_found_keep_their_count_and_those_that_left_the_mapping_lose_it() {
    let case = class_of(40).after(|counts| {
        counts
            .directory_groups
            .insert("classes::Old::students".to_owned(), 30);
        counts.adobe_groups.insert(GroupName::new("Old"), 30);
    });
    let case = case.desired(|desired| {
        desired.counts.directory_groups.remove(ART);
        desired.counts.adobe_groups.remove(&GroupName::new("Art"));
    });
    let counted = case.checked().counted.unwrap().0;
    let expected: Counts = class_of(40).desired.counts;
    assert_eq!(counted, expected);
}

#[test]
fn a_finding_says_what_it_saw_and_the_way_out() {
    let whole = |case: Case| {
        let checked = case.checked();
        let names = [FindingName::RosterShrank, FindingName::DirectoryGroupShrank];
        names.map(|name| text(&checked, name)).join("\n\n")
    };
    insta::assert_snapshot!(whole(class_of(3).people(100, 400)), @"
    Selected people of the roster: 100 today, dates aside, and 400 who hold groups of the mapping in Adobe. limits.max_people_missing allows 50 and 20%, so nothing is taken from anybody but what a date ended.
    Look at HELD in plan.txt. If people are missing in the roster, wait until they are back; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.

    People of the roster for 'Art': 3 today, dates aside, and 40 members in Adobe. limits.max_group_people_missing allows 5 and 50%. No earlier pass has counted them, so nobody is removed from there.
    Look at HELD in plan.txt. If people are missing in the roster, or the wrong directory group feeds it, correct that; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.
    ");
    let after = class_of(3).people(100, 400).after(|counts| {
        forty(counts);
        before(400)(counts);
    });
    insta::assert_snapshot!(whole(after), @"
    Selected people of the roster: 100 today, dates aside, and 400 at the last good pass, of 2026-11-23. limits.max_people_missing allows 50 and 20%, so nothing is taken from anybody but what a date ended.
    Look at HELD in plan.txt. If people are missing in the roster, wait until they are back; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.

    People of the directory group 'classes::Art::students': 3 today, dates aside, and 40 at the last good pass, of 2026-11-23. limits.max_group_people_missing allows 5 and 50%, so nobody is removed from 'Art'.
    Look at HELD in plan.txt. If people are missing in the roster, wait until they are back; if all of it is right, approve it: put an object approvals/<name>.json into the data bucket with the run_id of this pass and the hash of its held.json.
    ");
}

#[test]
fn many_classes_are_one_finding_that_names_the_first() {
    let many = |history: bool| {
        let names: Vec<String> = (0..2000).map(|n| format!("Class {n:04}")).collect();
        let with = |case: Case, name: &String| case.group(name, 30, 1).leave(1, &[name]);
        let case = names.iter().fold(Case::new().people(9000, 9000), with);
        if history {
            case.after(|counts| {
                counts
                    .directory_groups
                    .values_mut()
                    .for_each(|people| *people = 30);
            })
        } else {
            case
        }
    };
    for history in [true, false] {
        let checked = many(history).checked();
        assert_eq!(checked.findings.len(), 1);
        assert_eq!(checked.findings[0].held, 2000);
        assert!(checked.findings[0].message.len() < 800);
    }
    insta::assert_snapshot!(many(true).checked().findings[0].message, @"2000 directory groups have far fewer people, dates aside, than at the last good pass, of 2026-11-23: 'classes::Class 0000::students' 1 of 30, 'classes::Class 0001::students' 1 of 30, 'classes::Class 0002::students' 1 of 30, 'classes::Class 0003::students' 1 of 30, 'classes::Class 0004::students' 1 of 30, 'classes::Class 0005::students' 1 of 30, 'classes::Class 0006::students' 1 of 30, 'classes::Class 0007::students' 1 of 30, 'classes::Class 0008::students' 1 of 30, 'classes::Class 0009::students' 1 of 30 and 1990 more. limits.max_group_people_missing allows 5 and 50%, so nobody is removed from the Adobe groups that they feed.");
    insta::assert_snapshot!(many(false).checked().findings[0].message, @"For 2000 Adobe groups the roster has far fewer people, dates aside, than they have members: 'Class 0000' 1 of 30, 'Class 0001' 1 of 30, 'Class 0002' 1 of 30, 'Class 0003' 1 of 30, 'Class 0004' 1 of 30, 'Class 0005' 1 of 30, 'Class 0006' 1 of 30, 'Class 0007' 1 of 30, 'Class 0008' 1 of 30, 'Class 0009' 1 of 30 and 1990 more. limits.max_group_people_missing allows 5 and 50%. No earlier pass has counted them, so nobody is removed from there.");
}
