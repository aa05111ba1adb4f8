//! What would take a licence by mistake.

use jiff::civil::date;
use roster_sync::config::UserFilter;
use roster_sync::config::format::Format;
use roster_sync::config::options::{AdobeOnlyUserAction, Users};
use roster_sync::model::id::{Email, RosterId};
use roster_sync::model::roster::SkippedRecord;
use roster_sync::reconcile::guard::FindingName;
use roster_sync::reconcile::history::{Entry, History};
use roster_sync::reconcile::plan::{Plan, Removal, Waiting};

use super::case::{Case, YESTERDAY, names};
use super::render;
use super::world::World;

/// After a pass of the day before.
fn after(world: World, before: &World) -> World {
    let (counts, identity) = before.checked().counted.unwrap();
    let entry = Entry {
        run_id: "before".to_owned(),
        day: YESTERDAY,
        counts,
        identity,
    };
    World {
        history: History {
            passes: vec![entry],
        },
        ..world
    }
}

/// The expected ends of a plan, and what is taken for another reason.
fn taken(world: &World) -> (usize, usize) {
    let checked = world.checked();
    let changes = checked.plan.changes.iter();
    changes.fold((0, 0), |(ended, others), change| {
        let all = match &change.remove {
            Removal::Groups(groups) => groups.len(),
            _ => 1,
        };
        (
            ended + change.ended.len(),
            others + all - change.ended.len(),
        )
    })
}

/// Art, which has these pupils today, of eight who hold its group; Chess keeps the roster alive.
fn emptied(now: usize) -> World {
    let ids: Vec<String> = (0..8).map(|n| format!("p{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let world = World::new()
        .map("classes::Art::students", &["Spark"])
        .map("classes::Chess::students", &["Board"])
        .class("Art", &ids[..now], &[])
        .class("Chess", &["bo"], &[])
        .students(&ids)
        .students(&["bo"])
        .account("bo", &["Board"]);
    ids.iter()
        .fold(world, |world, id| world.account(id, &["Spark"]))
}

#[test]
fn a_class_that_is_there_and_has_nobody_shrank() {
    for now in [1, 0] {
        let world = after(emptied(now), &emptied(8));
        assert_eq!(taken(&world), (0, 0), "{now} {}", render::pass(&world));
        assert_eq!(taken(&emptied(now)), (0, 0), "{now} without history");
        let counted = world.checked().counted.unwrap().0;
        assert_eq!(counted.directory_groups["classes::Art::students"], 8);
    }
}

#[test]
fn a_roster_that_lost_everybody_shrank() {
    let ids: Vec<String> = (0..300).map(|n| format!("p{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let school = |now: usize| {
        let world = World::new()
            .map("classes::Art::students", &["Spark"])
            .class("Art", &ids[..now], &[])
            .students(&ids);
        ids.iter()
            .fold(world, |world, id| world.account(id, &["Spark"]))
    };
    let world = after(school(0), &school(300));
    let found = world.checked().findings;
    let found: Vec<_> = found.iter().map(|one| (one.name, one.held)).collect();
    assert!(
        found.contains(&(FindingName::RosterShrank, 300)),
        "{found:?}"
    );
}

/// Ana of Art, which is held in both terms of the year and feeds Spark.
fn year() -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .term("fall", "2026-08-20", "2026-12-18")
        .term("spring", "2027-01-11", "2027-06-11")
        .class("Art", &["ana"], &[])
        .held_in("Art", &["fall", "spring"])
        .students(&["ana"])
        .account("ana", &["Spark"])
        .on("2027-02-01")
}

#[test]
fn a_term_that_is_not_active_any_more_is_no_date() {
    let mut world = year();
    assert_eq!(taken(&world), (0, 0));
    world.parts.terms[1].active = false;
    assert_eq!(taken(&world), (0, 1), "spring is not over");
    let over = world.on("2027-07-01");
    assert_eq!(taken(&over), (1, 0), "it would be over, too");
}

/// Ana of Art, which is held in the fall term and feeds Spark.
fn art(day: &str) -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .term("fall", "2026-08-20", "2026-12-18")
        .class("Art", &["ana"], &[])
        .held_in("Art", &["fall"])
        .on(day)
}

#[test]
fn a_record_that_cannot_be_read_is_there_after_its_term_too() {
    let world = |groups: &[&str]| {
        let mut world = art("2027-01-11")
            .account("ana", groups)
            .action(AdobeOnlyUserAction::Delete);
        world.parts.skipped.push(SkippedRecord {
            collection: "students",
            id: Some(RosterId::new("ana")),
            reason: "x".to_owned(),
        });
        world
    };
    insta::assert_snapshot!(render::pass(&world(&["Spark"])), @"
    held ana@x.test: delete (person-unusable)
    found person-unusable (1)
    problem record-skipped ana
    0/0/1/0/1/0/0/0
    ");
    // Her licence went with the term.
    insta::assert_snapshot!(render::pass(&world(&[])), @"
    held ana@x.test: delete (person-unusable)
    found person-unusable (1)
    problem record-skipped ana
    0/0/1/0/1/0/0/0
    ");
    // There is a record, and nothing in it.
    let nameless = art("2027-01-11")
        .students(&["ana"])
        .but("ana", |person| {
            person.email = None;
            person.given_name = None;
            person.family_name = None;
        })
        .account("ana", &[])
        .action(AdobeOnlyUserAction::Delete);
    insta::assert_snapshot!(render::pass(&nameless), @"
    held ana@x.test: delete (person-unusable)
    found person-unusable (1)
    problem email-unusable ana
    0/0/1/0/1/0/0/0
    ");
}

#[test]
fn who_shares_an_account_ends_nothing_that_another_one_has() {
    // Bo has Ana's address, and an enrollment in Music that is not active any more.
    let world = |active| {
        let mut world = art("2027-01-11")
            .map("classes::Music::students", &["Spark"])
            .class("Music", &["bo"], &[])
            .students(&["ana", "bo"])
            .but("bo", |person| person.email = Some("ana@x.test".to_owned()))
            .account("ana", &["Spark"]);
        world.parts.classes[1].members[0].active = active;
        world
    };
    assert_eq!(taken(&world(true)), (0, 0));
    assert_eq!(taken(&world(false)), (0, 1));
}

#[test]
fn a_login_name_that_many_have_leaves_each_their_address() {
    let ids: Vec<String> = (0..11).map(|n| format!("p{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut world = World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &ids, &[])
        .students(&ids)
        .format(|formats| formats.username = Format::parse("pupil").ok())
        .action(AdobeOnlyUserAction::Delete);
    for id in &ids {
        // The office has given them other names.
        world = world.account(id, &[]).which(|account| {
            account.first_name = Some("Nick".to_owned());
            account.last_name = None;
        });
    }
    let checked = world.checked();
    assert_eq!((checked.plan.changes.len(), checked.held.len()), (0, 11));
    // None of them can be used, so none counts.
    let counts = world.desired().counts;
    assert_eq!(counts.directory_groups["classes::Art::students"], 0);
    assert_eq!(counts.people["mapped"], 0);
}

#[test]
fn a_new_directory_group_of_an_old_adobe_group_is_compared_with_adobe() {
    let renamed = || {
        let mut world = emptied(8)
            .map("classes::Art 101::students", &["Spark"])
            .class("Art 101", &["p0"], &[]);
        world.config.mapping.remove(0);
        world
    };
    let mut world = after(renamed(), &emptied(8));
    let held = |world: &World| {
        let checked = world.checked();
        (checked.plan.changes.len(), checked.held.len())
    };
    // Each night anew.
    for _ in 0..3 {
        assert_eq!(held(&world), (0, 7));
        world = after(renamed(), &world);
    }
    // With everybody in it there is nothing to say.
    let mut whole = after(renamed(), &emptied(8));
    for n in 1..8 {
        whole = whole.enrol(&format!("p{n}"), "Art 101");
    }
    assert_eq!(whole.checked().findings, []);
    assert_eq!(held(&after(renamed(), &whole)), (0, 7));
}

/// Art has one of 40 pupils, and those who are missing have grace; somebody else leaves, which is approved.
fn class_in_grace(waiting: usize) -> Case {
    let wait = |plan: &mut Plan| {
        let one = |n: usize| Waiting {
            email: Email::new(&format!("w{n}@x.test")),
            removal: Removal::Groups(names(&["Art"])),
            until: date(2026, 12, 24),
        };
        plan.waiting = (0..waiting).map(one).collect();
        // Nor does it matter who else waits.
        plan.waiting.extend((0..100).map(|n| Waiting {
            email: Email::new(&format!("c{n}@x.test")),
            removal: Removal::Groups(names(&["Chess"])),
            until: date(2026, 12, 24),
        }));
    };
    Case::new()
        .group("Art", 40, 1)
        .people(400, 400)
        .leave(1, &["Art"])
        .after(|counts| {
            counts
                .directory_groups
                .insert("classes::Art::students".to_owned(), 40);
        })
        .plan(wait)
}

#[test]
fn an_approval_of_one_settles_nothing_while_the_rest_of_the_class_waits() {
    let counted = |waiting| {
        let case = class_in_grace(waiting).approve(&class_in_grace(waiting).checked());
        assert_eq!(case.outcome(), "directory-group-shrank 0, goes 1");
        case.checked().counted.unwrap().0.directory_groups["classes::Art::students"]
    };
    assert_eq!(counted(38), 40);
    assert_eq!(counted(2), 1);
}

#[test]
fn those_whom_no_date_takes_are_not_all_gone_at_once() {
    let case = |left: usize| {
        Case::new()
            .group("Spark", 100, 100)
            .leave(100 - left, &["Spark"])
            .by_date(100 - left)
            .leave(left, &["Spark"])
            .outcome()
    };
    assert_eq!(case(10), "group-removals-over-limit 10, goes 90");
    assert_eq!(case(9), "goes 100");
}

#[test]
fn a_group_of_teachers_beside_all_students_selects_and_nothing_shows_it() {
    let lost = "classes::Staff::teachers";
    let case = |filter| {
        let mut case = Case::new().depart(1, &[]);
        case.config.mapping.push(super::world::entry(lost, &[]));
        let counts = &mut case.desired.counts;
        counts.directory_groups.insert(lost.to_owned(), 2);
        case.set(|config| config.source.all_users_filter = filter)
            .with(|options| options.users = Users::All)
            .after(|counts| {
                counts.directory_groups.insert(lost.to_owned(), 40);
            })
            .outcome()
    };
    assert_eq!(
        case(UserFilter::Students),
        "directory-group-shrank 1, goes 0"
    );
    assert_eq!(case(UserFilter::Users), "directory-group-shrank 0, goes 1");
}

/// Ten pupils of the course Art, last year in one class and this year in another one, on this day.
fn second_year(day: &str, is_there: bool) -> World {
    let ids: Vec<String> = (0..12).map(|n| format!("p{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut world = World::new()
        .map("courses::Art::students", &["Spark"])
        .term("last", "2025-08-20", "2026-06-12")
        .term("this", "2026-08-20", "2027-06-11")
        .course("Art")
        .class_of(Some("Art"), "Art 25", &ids, &[])
        .held_in("Art 25", &["last"])
        .students(&ids)
        .on(day);
    if is_there {
        world = world
            .class_of(Some("Art"), "Art 26", &ids, &[])
            .held_in("Art 26", &["this"]);
    }
    ids.iter()
        .fold(world, |world, id| world.account(id, &["Spark"]))
}

#[test]
fn a_class_that_disappeared_does_not_hide_behind_one_that_is_over() {
    let before = second_year("2026-11-23", true);
    let world = after(second_year("2026-11-24", false), &before);
    let checked = world.checked();
    assert_eq!((checked.plan.changes.len(), checked.held.len()), (0, 12));
}

#[test]
fn a_term_that_ended_before_the_last_pass_saw_it_is_a_slip() {
    let before = second_year("2026-11-23", true);
    let mut world = after(second_year("2026-11-24", true), &before);
    world.parts.terms[1].period.last = Some(date(2026, 8, 28));
    assert_eq!(world.checked().held.len(), 12);
    // It may be a few days late, and nobody knows what a pass has seen that did not happen.
    for (last_good, held) in [
        (date(2027, 6, 9), 0),
        (date(2027, 6, 25), 0),
        (date(2027, 6, 26), 12),
    ] {
        let mut over = after(second_year("2027-07-01", true), &before);
        over.history.passes[0].day = last_good;
        assert_eq!(over.checked().held.len(), held, "{last_good}");
    }
    assert_eq!(taken(&second_year("2028-07-01", true)), (12, 0));
}
