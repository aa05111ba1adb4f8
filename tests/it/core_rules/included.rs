//! Who comes along, and what formats and filters ask of people.

use roster_sync::config::Condition;
use roster_sync::config::format::Format;
use roster_sync::config::options::{AdobeOnlyUserAction, Users};
use roster_sync::reconcile::desired::{needs, unknown_attributes};

use super::render;
use super::world::World;

/// Ana and Bo of Art, which feeds Spark.
fn art() -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &["ana", "bo"], &[])
        .students(&["ana", "bo"])
}

fn condition(attribute: &str, values: &[&str]) -> Condition {
    Condition {
        attribute: attribute.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

#[test]
fn include_only_wants_every_condition_and_any_of_its_values() {
    let world = World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &["ana", "bo", "cy", "dee"], &[])
        .students(&["ana", "bo", "cy", "dee"])
        .tell("ana", "grades", "09")
        .tell("ana", "grades", " 10 ")
        .tell("bo", "grades", "1")
        .tell("cy", "grades", " ")
        .tell("dee", "grades", "10")
        .but("dee", |person| person.given_name = Some("Other".to_owned()))
        .account("bo", &["Spark"])
        .account("cy", &["Spark"])
        .account("dee", &["Spark"])
        .set(|config| {
            let names = ["first ana", "first bo", "first cy"];
            config.source.include_only = vec![
                condition("grades", &["10", "11"]),
                condition("givenname", &names),
            ];
        });
    // As in UST, who is left out looks Adobe-only; equality is difference 16.
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    - bo@x.test: remove Spark
    - cy@x.test: remove Spark
    - dee@x.test: remove Spark
    problem attribute-missing cy@x.test cy
    1/1/3/0/0/1/0/3
    ");
    insta::assert_snapshot!(world.desired().notices.join("\n"), @"2 people of the roster do not count: include_only in connector-oneroster.yml asks for other values.");
}

#[test]
fn what_is_not_active_does_not_count() {
    let mut world = World::new()
        .map("classes::Art::students", &["Art"])
        .map("classes::Old::students", &["Old"])
        .map("courses::Maths::students", &["Maths"])
        .course("Maths")
        .class("Art", &["ana", "bo", "cy", "dee"], &[])
        .class("Old", &["ana"], &[])
        .class_of(Some("Maths"), "M1", &["ana"], &[])
        .class_of(Some("Maths"), "M2", &["bo"], &[])
        .students(&["ana", "bo", "cy", "dee"])
        .but("cy", |person| person.active = false)
        .but("dee", |person| person.enabled = false)
        .account("ana", &["Art", "Maths", "Old"])
        .account("bo", &["Art", "Maths"])
        .account("cy", &["Art"])
        .account("dee", &["Art", "Old"]);
    world.parts.classes[1].active = false;
    world.parts.classes[3].active = false;
    world.parts.classes[0].members[0].active = false;
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: remove Art
    ~ bo@x.test: remove Maths
    - cy@x.test: remove Art
    held ana@x.test: remove Old (directory-group-not-found)
    held dee@x.test: remove Art, Old (directory-group-not-found)
    found directory-group-not-found (3)
    2/2/4/0/1/0/2/1
    ");
    insta::assert_snapshot!(world.desired().notices.join("\n"), @"
    Not active, and so as if they were not in the roster (dates.status in user-sync-config.yml): classes: 2, enrollments: 1.
    1 person of the roster does not count: the status is not active (dates.status in user-sync-config.yml).
    1 person of the roster does not count: enabledUser says that they may not sign in (dates.enabled_user in user-sync-config.yml).
    ");
    insta::assert_snapshot!(world.checked().findings[0].message, @"The directory group 'classes::Old::students' matches no class of the roster. There is a class of this name that is not active.");
    let world = world.set(|config| {
        config.dates.status = false;
        config.dates.enabled_user = false;
    });
    // As in UST (difference 10 is switched off).
    insta::assert_snapshot!(render::pass(&world), @"
    ~ dee@x.test: remove Old
    4/4/4/0/3/0/1/0
    ");
    assert!(world.desired().notices.is_empty());
}

#[test]
fn who_is_still_listed_loses_memberships_and_nothing_else() {
    let mut world = World::new()
        .map("classes::Home Room::students", &["Art"])
        .class("Home Room", &["ana", "bo"], &[])
        .class("Last Year", &["cy"], &[])
        .students(&["ana", "bo", "cy"])
        .account("ana", &["Art", "Manual"])
        .account("bo", &["Art"])
        .account("cy", &["Art", "Manual"])
        .account("gone", &["Art"])
        .action(AdobeOnlyUserAction::Delete);
    let classes = &mut world.parts.classes;
    classes[0].members[0].active = false;
    classes[1].active = false;
    classes[1].attributes = classes[0].attributes.clone();
    insta::assert_snapshot!(render::pass(&world), @"
    - ana@x.test: remove Art
    - cy@x.test: remove Art
    - gone@x.test: delete
    1/1/4/0/1/0/0/1
    ");
    insta::assert_snapshot!(world.desired().notices[1], @"People of the roster whose classes or enrollments of the mapping are no longer active: 2. They count as Adobe-only, and lose mapped groups at most, whatever adobe_only_user_action says.");
    // Who may not sign in any more is gone.
    let world = world.but("cy", |person| person.enabled = false);
    assert!(render::pass(&world).contains("- cy@x.test: delete"));
}

#[test]
fn an_ended_enrollment_of_somebody_unknown_is_nothing_to_hold() {
    let many: Vec<String> = (0..200).map(|n| format!("p{n:03}")).collect();
    let mut members: Vec<&str> = many.iter().map(String::as_str).collect();
    let world = World::new().students(&members);
    members.push("ghost");
    let mut world = world
        .map("classes::Art::students", &["Art"])
        .class("Art", &members, &[]);
    assert_eq!(world.desired().unusable.len(), 1);
    world.parts.classes[0].members[200].active = false;
    assert!(world.desired().unusable.is_empty());
    assert!(world.desired().problems.is_empty());
    let world = world.set(|config| config.dates.status = false);
    assert_eq!(world.desired().unusable.len(), 1);
}

#[test]
fn formats_and_include_only_say_what_the_source_has_to_keep() {
    let world = art()
        .format(|formats| {
            formats.email = Format::attribute("familyName");
            formats.username = Some(Format::attribute("Login"));
        })
        .set(|config| {
            config.source.include_only =
                vec![condition("grades", &["1"]), condition("email", &["a"])];
        });
    let asked = needs(&world.config, &world.options, world.today).person_attributes;
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), ["grades", "login"]);
}

#[test]
fn an_attribute_that_nobody_has_is_one_sentence_before_anything_is_changed() {
    let mut world = art()
        .format(|formats| {
            formats.email = Format::attribute("sourceId");
            formats.username = Some(Format::attribute("LOGIN"));
        })
        .set(|config| {
            config.source.include_only = vec![
                condition("sourceid", &["1"]),
                condition("familyname", &["a"]),
            ];
        });
    world.parts.person_attribute_names = ["sourcedId", "email", "login"].map(str::to_owned).into();
    let unknown = |world: &World| unknown_attributes(&world.roster(), &world.config).join("\n");
    insta::assert_snapshot!(unknown(&world), @"user_email_format, include_only: nobody in the roster has an attribute 'sourceid'; the nearest name that exists is 'sourcedId'. Correct it in connector-oneroster.yml.");
    // What is always kept need not be listed, and the usual formats are not judged.
    world.config.source.include_only.clear();
    world.config.source.formats.email = Format::attribute("familyName");
    assert_eq!(unknown(&world), "");
    for person in &mut world.parts.people {
        person.family_name = None;
        person.given_name = None;
    }
    insta::assert_snapshot!(unknown(&world), @"user_email_format: nobody in the roster has an attribute 'familyname'; the nearest name that exists is 'email'. Correct it in connector-oneroster.yml.");
    // A roster without people tells nothing.
    world.parts.people.clear();
    world.parts.classes.clear();
    assert_eq!(unknown(&world), "");
}

#[test]
fn max_user_count_counts_those_who_come_along() {
    let world = art()
        .but("ana", |person| person.active = false)
        .set(|config| config.source.max_user_count = Some(1))
        .with(|options| options.users = Users::All);
    assert_eq!(world.desired().limited_to, None);
    assert_eq!(world.desired().users.len(), 1);
}
