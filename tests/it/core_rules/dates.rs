//! Dates: on which days somebody has a licence, and what a date explains.

mod law;
mod terms;

use std::fmt::Write;

use roster_sync::config::MoreThan;
use roster_sync::config::options::{AdobeOnlyUserAction, Strategy, Users};
use roster_sync::model::id::RosterId;
use roster_sync::model::roster::{Role, RoleAt, Roster};
use roster_sync::reconcile::desired::needs;
use roster_sync::reconcile::ending::Ended;
use roster_sync::reconcile::plan::{Kind, Removal};

use super::render;
use super::world::{World, period};

/// Ana and Bo of Art, which is held in the fall term and feeds Spark; both hold it.
fn art() -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .term("fall", "2026-08-20", "2026-12-18")
        .class("Art", &["ana", "bo"], &[])
        .held_in("Art", &["fall"])
        .students(&["ana", "bo"])
        .account("ana", &["Spark"])
        .account("bo", &["Spark"])
}

/// What everybody loses, and what date explains it.
fn lost(world: &World) -> String {
    let mut text = String::new();
    for change in world.plan().changes {
        let kind = match change.kind {
            Kind::AdobeOnly => "Adobe-only",
            Kind::Creation | Kind::Update => "of the roster",
        };
        let Removal::Groups(groups) = &change.remove else {
            writeln!(
                text,
                "{} {kind}: {:?}",
                change.email.as_str(),
                change.remove
            )
            .unwrap();
            continue;
        };
        for group in groups {
            let why = change
                .ended
                .get(group)
                .map_or("no date".to_owned(), |ending| {
                    let what = match &ending.ended {
                        Ended::Term(title) => title.clone().unwrap_or("a term".to_owned()),
                        Ended::Enrollment => "enrollment".to_owned(),
                        Ended::Role => "role".to_owned(),
                    };
                    format!("{what}, {}, {}", ending.last_day, ending.directory_group)
                });
            writeln!(
                text,
                "{} {kind}, {}: {why}",
                change.email.as_str(),
                group.as_str()
            )
            .unwrap();
        }
    }
    text
}

#[test]
fn the_last_day_of_a_term_counts_and_the_day_after_does_not() {
    for day in ["2026-08-20", "2026-11-24", "2026-12-18"] {
        assert_eq!(lost(&art().on(day)), "", "{day}");
    }
    insta::assert_snapshot!(lost(&art().on("2026-12-19")), @"
    ana@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    bo@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    ");
    // Before its first day nothing has ended.
    insta::assert_snapshot!(lost(&art().on("2026-08-19")), @"
    ana@x.test of the roster, Spark: no date
    bo@x.test of the roster, Spark: no date
    ");
}

#[test]
fn nobody_is_adobe_only_because_of_a_date() {
    for action in [
        AdobeOnlyUserAction::Delete,
        AdobeOnlyUserAction::Remove,
        AdobeOnlyUserAction::RemoveAdobeGroups,
        AdobeOnlyUserAction::WriteFile,
        AdobeOnlyUserAction::Exclude,
    ] {
        for day in ["2026-12-19", "2026-08-19"] {
            let world = art().action(action).on(day).account("stray", &[]);
            let plan = world.plan();
            let gone: Vec<&str> = plan.adobe_only.iter().map(|key| &*key.username).collect();
            let expected: &[&str] = match action {
                AdobeOnlyUserAction::Exclude => &[],
                _ => &["stray@x.test"],
            };
            assert_eq!(gone, expected, "{action:?} {day}");
            for change in plan
                .changes
                .iter()
                .filter(|change| change.kind != Kind::AdobeOnly)
            {
                assert!(
                    matches!(change.remove, Removal::Groups(_)),
                    "{action:?} {day}"
                );
            }
            assert_eq!(
                plan.changes
                    .iter()
                    .filter(|change| change.kind == Kind::Update)
                    .count(),
                2
            );
        }
    }
    // Whom nothing lists is Adobe-only as before.
    let gone = art()
        .action(AdobeOnlyUserAction::Delete)
        .account("stray", &[]);
    insta::assert_snapshot!(render::changes(&gone.checked()), @"- stray@x.test: delete");
}

#[test]
fn another_class_that_does_not_select_keeps_nobody_from_lapsing() {
    let selected = std::collections::BTreeSet::from(["classes::Art::students".to_owned()]);
    let world = art()
        .map("classes::Band::students", &["Sound"])
        .class("Band", &["ana"], &[])
        .with(|options| options.users = Users::Groups(selected))
        .action(AdobeOnlyUserAction::Delete)
        .on("2026-12-19");
    insta::assert_snapshot!(lost(&world), @"
    ana@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    bo@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    ");
}

#[test]
fn who_is_created_is_there_today() {
    let new = |day| {
        let world = art().on(day);
        let world = World {
            accounts: Vec::new(),
            ..world
        };
        world.plan().changes.len()
    };
    assert_eq!(
        [new("2026-08-19"), new("2026-08-20"), new("2026-12-19")],
        [0, 2, 0]
    );
}

fn role_at(role: Role, school: Option<&str>, first: &str, last: &str) -> RoleAt {
    RoleAt {
        role,
        school: school.map(RosterId::new),
        period: period(first, last),
    }
}

#[test]
fn roles_have_days_at_each_school() {
    let world = |school: &str, roles: Vec<RoleAt>| {
        World::new()
            .map(&format!("schools::{school}::students"), &["Spark"])
            .school("North")
            .school("South")
            .students(&["ana"])
            .but("ana", |person| {
                person.schools.insert(RosterId::new("South"));
                person.roles_at = roles.into_iter().collect();
            })
            .account("ana", &["Spark"])
    };
    let over = || role_at(Role::Student, Some("North"), "", "2026-10-30");
    let here = || role_at(Role::Student, Some("South"), "2026-10-31", "");
    insta::assert_snapshot!(lost(&world("North", vec![over(), here()])), @"ana@x.test of the roster, Spark: role, 2026-10-30, schools::North::students");
    assert_eq!(lost(&world("South", vec![over(), here()])), "");
    // Roles as a teacher do not matter, nor do schools of which no role is told.
    let teacher = role_at(Role::Teacher, Some("North"), "", "2026-10-30");
    assert_eq!(lost(&world("North", vec![teacher])), "");
    assert_eq!(lost(&world("South", vec![over()])), "");
    let anywhere = role_at(Role::Student, None, "", "2026-10-30");
    assert!(lost(&world("South", vec![anywhere])).contains("role, 2026-10-30"));
    let off = world("North", vec![over()]).set(|config| config.dates.roles = false);
    assert_eq!(lost(&off), "");
}

#[test]
fn of_all_users_those_whose_role_is_over_lapse() {
    let world = |last: &str| {
        World::new()
            .with(|options| options.users = Users::All)
            .action(AdobeOnlyUserAction::Delete)
            .map("schools::North::students", &["Spark"])
            .school("North")
            .students(&["ana"])
            .but("ana", |person| {
                person
                    .roles_at
                    .insert(role_at(Role::Student, Some("North"), "", last));
            })
            .account("ana", &["Spark"])
    };
    assert_eq!(lost(&world("2026-11-24")), "");
    insta::assert_snapshot!(lost(&world("2026-11-23")), @"ana@x.test of the roster, Spark: role, 2026-11-23, schools::North::students");
}

#[test]
fn whoever_is_enrolled_elsewhere_keeps_that() {
    let world = art()
        .map("classes::Band::students", &["Sound", "Spark"])
        .class("Band", &["bo"], &[])
        .map("classes::Club::students", &["Photo"])
        .class("Club", &["ana"], &[])
        .on("2026-12-19");
    insta::assert_snapshot!(render::changes(&world.checked()), @"
    ~ ana@x.test: remove Spark; add Photo (classes::Club::students)
    ~ bo@x.test: add Sound (classes::Band::students)
    ");
}

#[test]
fn a_way_that_is_not_active_explains_nothing() {
    let band = |active: bool| {
        let mut world = art()
            .map("classes::Band::students", &["Spark"])
            .class("Band", &["ana"], &[])
            .on("2026-12-19");
        world.parts.classes[1].active = active;
        world
    };
    assert!(!lost(&band(true)).contains("ana"));
    // She might hold Spark for the band, which is gone for no reason that a date gives.
    insta::assert_snapshot!(lost(&band(false)), @"
    ana@x.test of the roster, Spark: no date
    bo@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    ");
    // Were the band over as well, the dates would say enough.
    insta::assert_snapshot!(lost(&band(false).held_in("Band", &["fall"])), @"
    ana@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Band::students
    bo@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    ");
}

#[test]
fn an_account_of_two_people_ends_with_the_last_of_them() {
    let world = art()
        .but("bo", |person| person.email = Some("ana@x.test".to_owned()))
        .enrolled("ana", "Art", "", "2026-10-30");
    assert!(!lost(&world).contains("ana"));
    let world = world.enrolled("bo", "Art", "", "2026-11-20");
    assert!(lost(&world).contains("ana@x.test of the roster, Spark: enrollment, 2026-11-20"));
}

#[test]
fn user_filter_leaves_the_lapsed_alone_as_well() {
    use roster_sync::config::pattern::Pattern;
    let world = art().on("2026-12-19").action(AdobeOnlyUserAction::Delete);
    let filter = Pattern::new("bo@.*").unwrap();
    let world = world.with(|options| options.user_filter = Some(filter));
    insta::assert_snapshot!(lost(&world), @"bo@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students");
}

#[test]
fn push_sends_nothing_for_the_lapsed() {
    let world = art()
        .on("2026-12-19")
        .with(|options| options.strategy = Strategy::Push);
    assert_eq!(lost(&world), "");
    insta::assert_snapshot!(world.desired().notices.join("\n"), @"People of the roster who would be selected on other days, as the terms of their classes, their enrollments or their roles do not include this one: 2. Strategy push sends nothing for them: a pass with strategy sync takes what they still hold.");
}

#[test]
fn counts_are_dates_aside() {
    let counts = |day| art().on(day).desired().counts;
    assert_eq!(counts("2026-11-24"), counts("2027-01-05"));
    assert_eq!(counts("2026-11-24"), counts("2026-01-05"));
    assert_eq!(counts("2026-11-24").people.get("mapped"), Some(&2));
}

#[test]
fn what_ends_and_begins_soon_is_foretold() {
    let world = art()
        .term("spring", "2027-01-11", "2027-06-04")
        .map("classes::Band::students", &["Sound"])
        .class("Band", &["ana"], &[])
        .held_in("Band", &["spring"])
        .enrolled("ana", "Art", "", "2026-12-01");
    let mut text = String::new();
    for one in world.desired().forecast {
        let group = one.adobe_group.as_str();
        writeln!(text, "{} {group} +{} -{}", one.day, one.begin, one.end).unwrap();
    }
    insta::assert_snapshot!(text, @"
    2026-12-02 Spark +0 -1
    2026-12-19 Spark +0 -1
    2027-01-11 Sound +1 -0
    ");
}

#[test]
fn of_what_is_over_people_may_be_missing() {
    let class = |day: &str| {
        let graduates: Vec<String> = (0..30).map(|n| format!("graduate{n}")).collect();
        let graduates: Vec<&str> = graduates.iter().map(String::as_str).collect();
        let mut world = art()
            .map("classes::Old::students", &["Spark"])
            .class("Old", &graduates, &[])
            .held_in("Old", &["fall"])
            .on(day);
        world.parts.day = needs(&world.config, &world.options, world.today).day;
        world
    };
    let over = class("2026-12-19");
    assert_eq!(render::changes(&over.checked()).lines().count(), 2);
    assert!(over.desired().problems.is_empty());
    let parts = |world: &World| world.parts.clone();
    assert!(Roster::whole(parts(&class("2026-12-18"))).is_err());
    let ignored = class("2026-12-19").set(|config| config.dates.terms = false);
    assert_eq!(
        needs(&ignored.config, &ignored.options, ignored.today).day,
        None
    );
}

#[test]
fn only_an_unread_roster_holds_what_a_date_has_ended() {
    let held = |world: World| {
        let checked = world.on("2026-12-19").checked();
        (checked.held.len(), checked.plan.changes.len())
    };
    assert_eq!(held(art()), (0, 2));
    let mut paused = art();
    paused.parts.district_state = Some("paused".to_owned());
    assert_eq!(held(paused), (2, 0));
    // Whom the limit cuts off is not looked at; whoever is read is held.
    let limited = art()
        .map("schools::North::students", &[])
        .school("North")
        .students(&["zoe"])
        .set(|config| config.source.max_user_count = Some(2));
    assert_eq!(held(limited), (2, 0));
    // Another class that is not found holds nothing of it, nor do numbers.
    let lost = art()
        .map("classes::Lost::students", &["Spark"])
        .set(|config| {
            config.limits.removals = MoreThan {
                count: 0,
                percent: 0,
            }
        })
        .set(|config| {
            config.limits.group_removals = MoreThan {
                count: 0,
                percent: 0,
            }
        });
    assert_eq!(held(lost), (0, 2));
}
