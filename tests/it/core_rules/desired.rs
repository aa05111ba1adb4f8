//! What is asked of the roster, and what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use roster_sync::config::UserFilter;
use roster_sync::config::options::Users;
use roster_sync::model::id::{GroupName, RosterId};
use roster_sync::model::roster::{Collection, Role, SkippedRecord};
use roster_sync::reconcile::desired::{Desired, needs};
use serde_json::json;

use super::render;
use super::world::World;

/// One line per person, directory group that is not found, and problem.
fn text(desired: &Desired) -> String {
    let mut text = String::new();
    for user in desired.users.values() {
        let groups: Vec<_> = user.groups.keys().map(GroupName::as_str).collect();
        let mark = if user.selected { "" } else { " (not selected)" };
        writeln!(text, "{}{mark}: {}", user.email.as_str(), groups.join(", ")).unwrap();
    }
    for unmatched in &desired.unmatched {
        let name = &unmatched.directory_group;
        writeln!(text, "not found {name}, near {:?}", unmatched.nearest).unwrap();
    }
    for person in &desired.unusable {
        let feeds: Vec<_> = person.adobe_groups.iter().map(GroupName::as_str).collect();
        writeln!(text, "unusable {:?}: {}", person.name, feeds.join(", ")).unwrap();
    }
    for problem in &desired.problems {
        writeln!(
            text,
            "{}: {}",
            render::one_problem(problem),
            problem.message
        )
        .unwrap();
    }
    text
}

fn two_schools() -> World {
    World::new()
        .school("North")
        .school("South")
        .course("Maths")
        .class_of(Some("Maths"), "M1", &["ana"], &["tea"])
        .class_of(Some("Maths"), "M2", &["bo"], &["tea", "tim"])
        .class("Art", &["ana", "cy"], &["tim"])
        .students(&["ana", "bo", "cy"])
        .person("tea", Role::Teacher)
        .person("tim", Role::Teacher)
        .but("cy", |person| {
            person.schools = [RosterId::new("South")].into();
        })
}

#[test]
fn needs_are_what_the_mapping_and_the_options_ask_for() {
    let world = World::new()
        .map("classes::Art::students", &["Spark"])
        .map("schools::North::students::sis_id", &["All"])
        .with(|options| options.users = Users::All);
    let asked = needs(&world.config, &world.options, world.today);
    let names = |list: &[&str]| -> BTreeSet<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    };
    let expected = BTreeMap::from([
        (Collection::Schools, names(&["sis_id"])),
        (
            Collection::Classes,
            names(&["id", "name", "sourcedid", "title"]),
        ),
    ]);
    assert_eq!(asked.match_attributes, expected);
    assert_eq!(asked.roles, [Role::Student, Role::Teacher].into());

    let world = world
        .set(|config| {
            config.source.all_users_filter = UserFilter::Teachers;
            config.source.match_groups_by = vec!["title".to_owned()];
        })
        .with(|options| options.process_groups = false);
    let asked = needs(&world.config, &world.options, world.today);
    assert_eq!(asked.match_attributes, BTreeMap::new());
    assert_eq!(asked.roles, [Role::Teacher].into());

    let world = world.with(|options| {
        options.users = Users::Groups(["classes::Art::students".to_owned()].into());
    });
    let asked = needs(&world.config, &world.options, world.today);
    let expected = BTreeMap::from([(Collection::Classes, names(&["name", "title"]))]);
    assert_eq!(asked.match_attributes, expected);
    assert_eq!(asked.roles, [Role::Student].into());
}

#[test]
fn members_of_schools_courses_and_classes_by_role() {
    let world = two_schools()
        .map("schools::north::students", &["North Pupils"])
        .map("schools::South::users", &["South"])
        .map("courses::Maths::students", &["Maths Pupils"])
        .map("courses::Maths::teachers", &["Maths Staff"])
        .map("classes::Art::users", &["Art"]);
    insta::assert_snapshot!(text(&world.desired()), @"
    ana@x.test: Art, Maths Pupils, North Pupils
    bo@x.test: Maths Pupils, North Pupils
    cy@x.test: Art, South
    tea@x.test: Maths Staff
    tim@x.test: Art, Maths Staff
    ");
}

#[test]
fn a_name_matches_any_listed_attribute_of_every_object() {
    let mut world = World::new()
        .map("classes:: Home Room ::students", &["Spark"])
        .map("classes::42::students::number", &["By Number"])
        .map("classes::none::students", &["None"])
        .map("classes::null::students::period", &["Null"])
        .class("HOME ROOM", &["ana"], &[])
        .class("other", &["bo"], &[])
        .class("third", &["cy"], &[])
        .students(&["ana", "bo", "cy"]);
    let classes = &mut world.parts.classes;
    classes[1].attributes = [("title".to_owned(), json!("home room "))].into();
    classes[2].attributes = [
        ("number".to_owned(), json!(42)),
        ("name".to_owned(), json!(null)),
        ("period".to_owned(), json!(null)),
    ]
    .into();
    let names = ["Title", "number", "period"].map(str::to_owned).into();
    world.parts.attribute_names = [(Collection::Classes, names)].into();
    insta::assert_snapshot!(text(&world.desired()), @"
    ana@x.test: Spark
    bo@x.test: Spark
    cy@x.test: By Number
    not found classes::none::students, near None
    not found classes::null::students::period, near None
    ");
}

#[test]
fn a_class_without_members_is_found() {
    let world = World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &[], &[]);
    assert_eq!(text(&world.desired()), "");
}

#[test]
fn an_attribute_that_nobody_has_is_named_once() {
    let world = two_schools()
        .map("classes::Art::students", &["Spark"])
        .map("classes::M1::students", &["Maths"])
        .map("courses::Maths::students", &["Maths"])
        .set(|config| config.source.match_groups_by = vec!["nmae".to_owned()]);
    insta::assert_snapshot!(text(&world.desired()), @"
    not found classes::Art::students, near None
    not found classes::M1::students, near None
    not found courses::Maths::students, near None
    attribute-unknown: None of the courses of the roster has an attribute 'nmae', so nothing can be matched by it; the nearest name that exists is 'name'. Correct match_groups_by or the directory group that names it.
    attribute-unknown: None of the classes of the roster has an attribute 'nmae', so nothing can be matched by it; the nearest name that exists is 'name'. Correct match_groups_by or the directory group that names it.
    ");
    // One of several is enough, and an empty collection tells nothing.
    let world = two_schools()
        .map("classes::Art::students", &["Spark"])
        .set(|config| config.source.match_groups_by = vec!["nmae".to_owned(), "id".to_owned()]);
    assert!(world.desired().problems.is_empty());
    let world = World::new()
        .map("classes::Art::students", &["Spark"])
        .set(|config| config.source.match_groups_by = vec!["nmae".to_owned()]);
    assert!(world.desired().problems.is_empty());
}

#[test]
fn the_nearest_name_is_offered() {
    let world = two_schools().map("classes::Arts::students", &["Spark"]);
    insta::assert_snapshot!(text(&world.desired()), @r#"not found classes::Arts::students, near Some("Art")"#);
    insta::assert_snapshot!(world.checked().findings[0].message, @"The directory group 'classes::Arts::students' matches no class of the roster. The nearest name that it has is 'Art'.");
    insta::assert_snapshot!(world.checked().findings[0].next_step, @"Correct the name in the mapping (directory_users.groups of user-sync-config.yml) or in the roster; take the entry out of the mapping if the class is gone for good. Until then nobody is removed from Spark.");
}

#[test]
fn users_all_is_everybody_of_the_filter_and_of_the_mapped_groups() {
    let world = two_schools()
        .map("classes::Art::teachers", &["Staff"])
        .set(|config| config.source.all_users_filter = UserFilter::Students)
        .with(|options| options.users = Users::All);
    insta::assert_snapshot!(text(&world.desired()), @"
    ana@x.test: 
    bo@x.test: 
    cy@x.test: 
    tim@x.test: Staff
    ");
}

#[test]
fn only_selected_people_are_given_groups() {
    let world = two_schools()
        .map("classes::Art::students", &["Art"])
        .map("classes::M2::students", &["Maths"])
        .with(|options| {
            options.users = Users::Groups(["classes::Art::students".to_owned()].into());
        });
    insta::assert_snapshot!(text(&world.desired()), @"
    ana@x.test: Art
    bo@x.test (not selected): 
    cy@x.test: Art
    ");
}

#[test]
fn max_user_count_takes_the_first_by_roster_id() {
    let limited = |count| {
        two_schools()
            .map("classes::Art::users", &["Art"])
            .set(|config| config.source.max_user_count = Some(count))
            .desired()
    };
    let cut = limited(2);
    assert_eq!(cut.limited_to, Some(2));
    assert_eq!(text(&cut), "ana@x.test: Art\ncy@x.test: Art\n");
    assert_eq!(limited(3).limited_to, None);
    assert_eq!(limited(0).limited_to, None);
}

#[test]
fn one_address_is_one_account_with_the_groups_of_all() {
    let world = two_schools()
        .map("classes::M1::students", &["Maths"])
        .map("classes::M2::students", &["Spark"])
        .map("classes::Art::students", &["spark", "Art"])
        .but("bo", |person| person.email = Some("ANA@x.test".to_owned()))
        .but("cy", |person| {
            person.email = Some("ana@x.test\t".to_owned());
        });
    let desired = world.desired();
    insta::assert_snapshot!(text(&desired), @"
    ana@x.test: Art, Maths, Spark
    email-shared ana@x.test ana: 3 people of the roster have this e-mail address; Adobe knows them as one account, which gets the groups of all of them and the name of the first. Give each an address of their own in the roster.
    ");
    let user = desired.users.values().next().unwrap();
    assert_eq!(user.first_name.as_deref(), Some("First ana"));
}

#[test]
fn people_who_cannot_be_used_are_not_forgotten() {
    let world = two_schools()
        .map("classes::Art::users", &["Art"])
        .map("classes::M1::students", &["Maths"])
        .map("schools::North::teachers", &["Staff"])
        .but("ana", |person| person.email = None)
        .but("cy", |person| {
            person.email = Some(String::new());
            person.given_name = None;
            person.family_name = None;
        });
    insta::assert_snapshot!(text(&world.desired()), @r#"
    tea@x.test: Staff
    tim@x.test: Art, Staff
    unusable Some(("First ana", "Last ana")): Art, Maths
    unusable None: Art
    email-unusable ana: The roster has no e-mail address for this person, who was left out. Add one in the roster.
    email-unusable cy: The roster has no e-mail address for this person, who was left out. Add one in the roster.
    "#);
}

#[test]
fn a_skipped_person_could_be_at_any_school() {
    let mut world = two_schools()
        .map("classes::Art::students", &["Art"])
        .map("schools::North::students", &["North"])
        .map("schools::North::teachers", &["Staff"])
        .map("classes::Music::students", &["Music"])
        .class("Music", &["dee"], &[]);
    world.parts.skipped = vec![SkippedRecord {
        collection: "students",
        id: Some(RosterId::new("dee")),
        reason: "the name is no text".to_owned(),
    }];
    insta::assert_snapshot!(text(&world.desired()), @"
    ana@x.test: Art, North
    bo@x.test: North
    cy@x.test: Art
    tea@x.test: Staff
    tim@x.test: Staff
    unusable None: Music, North
    record-skipped dee: A record of students could not be read and was left out: the name is no text. Correct it in the roster.
    ");
}

#[test]
fn a_member_whom_nobody_knows() {
    let many: Vec<String> = (0..200).map(|n| format!("p{n:03}")).collect();
    let mut members: Vec<&str> = many.iter().map(String::as_str).collect();
    let world = World::new().students(&members);
    members.push("ghost");
    let world = world
        .map("classes::Art::students", &["Art"])
        .map("classes::Art::teachers", &["Staff"])
        .class("Art", &members, &[]);
    let desired = world.desired();
    assert_eq!(desired.users.len(), 200);
    let short = Desired {
        users: BTreeMap::new(),
        ..desired
    };
    insta::assert_snapshot!(text(&short), @"
    unusable None: Art
    member-unknown ghost: The class Art names this student, and the roster has no such person. Share the person with this application, or take them out of the class.
    ");
}

#[test]
fn a_district_that_runs_is_nothing_to_tell() {
    for (state, expected) in [
        (None, None),
        (Some("Running"), None),
        (Some("paused"), Some("paused")),
    ] {
        let mut world = World::new();
        world.parts.district_state = state.map(str::to_owned);
        assert_eq!(world.desired().district_not_running.as_deref(), expected);
    }
}
