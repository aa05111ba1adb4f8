//! Several districts as one roster.

use std::collections::BTreeSet;

use roster_sync::config::format::Format;
use roster_sync::config::options::{AdobeOnlyUserAction, Users};
use roster_sync::config::{Condition, MappingEntry, ScopedSource, UserFilter, product_name};
use roster_sync::model::id::{GroupName, RosterId};
use roster_sync::model::roster::{Collection, Parts, Person, Role, Roster, SkippedRecord};
use roster_sync::reconcile::desired::{Desired, scoped_needs, united};

use super::render;
use super::world::{World, person};

/// A pupil with this id in the district, and this address.
fn pupil(id: &str, name: &str) -> Person {
    Person {
        id: RosterId::new(id),
        ..person(name, Role::Student)
    }
}

fn of(people: Vec<Person>) -> Parts {
    Parts {
        people,
        ..Parts::default()
    }
}

fn skipped(id: Option<&str>) -> SkippedRecord {
    SkippedRecord {
        collection: "students",
        id: id.map(RosterId::new),
        reason: "'name' is not an object".to_owned(),
    }
}

/// The products of these sources, each mapped to an Adobe group of its name.
fn world(sources: Vec<(&str, Parts)>) -> World {
    let (products, parts): (Vec<&str>, Vec<Parts>) = sources.into_iter().unzip();
    let entry = |product: &&str| MappingEntry {
        directory_group: (*product).to_owned(),
        collection: Collection::Classes,
        name: product_name(product, products.iter().copied()).unwrap(),
        user_filter: UserFilter::Users,
        match_by: None,
        adobe_groups: vec![GroupName::new(product)],
    };
    let source = |product: &&str| ScopedSource {
        product: (*product).to_owned(),
        user_filter: UserFilter::Users,
        secret: "secret".to_owned(),
        public_token: None,
    };
    let distinct: BTreeSet<&str> = products.iter().copied().collect();
    let mut world = World::new().set(|config| {
        config.mapping = distinct.iter().map(entry).collect();
        config.source.match_groups_by = vec!["product".to_owned()];
        config.source.scoped = products.iter().map(source).collect();
    });
    let rosters = parts.into_iter().map(|parts| Roster::whole(parts).unwrap());
    let roster = united(world.config.source.scoped.iter().zip(rosters).collect()).unwrap();
    world.parts = Parts {
        classes: roster.classes.into_values().collect(),
        people: roster.people.into_values().collect(),
        attribute_names: roster.attribute_names,
        skipped: roster.skipped,
        district_state: roster.district_state,
        notices: roster.notices,
        ..Parts::default()
    };
    world
}

/// `ana@x.test: Art, Music`, line by line.
fn groups(desired: &Desired) -> Vec<String> {
    let users = desired.users.values();
    let lines = users.map(|user| {
        let groups: Vec<&str> = user.groups.keys().map(GroupName::as_str).collect();
        format!("{}: {}", user.email.as_str(), groups.join(", "))
    });
    lines.collect()
}

fn problems(desired: &Desired) -> Vec<(&str, &str)> {
    let problems = desired.problems.iter().map(|problem| {
        let id = problem.roster_id.as_ref().map_or("", RosterId::as_str);
        (problem.name.as_str(), id)
    });
    problems.collect()
}

#[test]
fn row_12_who_is_in_two_sources_has_both_products() {
    let desired = world(vec![
        (
            "product1",
            of(vec![pupil("18125", "ana"), pupil("18317", "bo")]),
        ),
        (
            "product2",
            of(vec![pupil("18125", "ana"), pupil("18888", "cy")]),
        ),
    ])
    .desired();
    assert_eq!(
        groups(&desired),
        [
            "ana@x.test: product1, product2",
            "bo@x.test: product1",
            "cy@x.test: product2"
        ]
    );
    assert_eq!(desired.problems, []);
}

#[test]
fn sources_of_one_product_are_one_directory_group() {
    let mut ana = pupil("1", "ana");
    ana.email = Some("ANA@X.test".to_owned());
    let desired = world(vec![
        ("Art", of(vec![ana])),
        ("Music", of(vec![pupil("2", "bo")])),
        ("Art", of(vec![pupil("1", "ana"), pupil("3", "cy")])),
        ("ART", of(vec![pupil("4", "di")])),
    ])
    .desired();
    assert_eq!(
        desired
            .users
            .values()
            .flat_map(|user| &user.directory_groups)
            .collect::<Vec<_>>(),
        ["Art", "Music", "Art", "ART"]
    );
    assert_eq!(desired.problems, []);
}

#[test]
fn an_id_of_another_district_is_another_person() {
    let desired = world(vec![
        ("Art", of(vec![pupil("1", "ana")])),
        ("Music", of(vec![pupil("1", "bo")])),
        ("Drama", of(vec![pupil("1", "bo")])),
        ("Dance", of(vec![pupil("1", "cy")])),
    ])
    .desired();
    assert_eq!(
        groups(&desired),
        [
            "ana@x.test: Art",
            "bo@x.test: Drama, Music",
            "cy@x.test: Dance"
        ]
    );
    assert_eq!(desired.problems, []);
}

#[test]
fn who_does_not_count_in_one_source_has_nothing_of_it() {
    let gone = Person {
        active: false,
        ..pupil("1", "ana")
    };
    let barred = Person {
        enabled: false,
        ..pupil("1", "ana")
    };
    let desired = world(vec![
        ("Art", of(vec![gone])),
        ("Music", of(vec![pupil("1", "ana")])),
        ("Drama", of(vec![barred])),
    ])
    .desired();
    assert_eq!(groups(&desired), ["ana@x.test: Music"]);
    assert_eq!(desired.problems, []);
}

#[test]
fn include_only_is_asked_of_every_source_by_itself() {
    let graded = |grade: &str| {
        let mut person = pupil("1", "ana");
        person
            .attributes
            .insert("grade".to_owned(), vec![grade.to_owned()]);
        person
    };
    let sources = vec![
        ("Art", of(vec![graded("9")])),
        ("Music", of(vec![graded("10")])),
    ];
    let desired = world(sources)
        .set(|config| {
            config.source.include_only = vec![Condition {
                attribute: "grade".to_owned(),
                values: BTreeSet::from(["10".to_owned()]),
            }];
        })
        .desired();
    assert_eq!(groups(&desired), ["ana@x.test: Music"]);
}

#[test]
fn without_an_address_the_name_tells_people_apart() {
    let nameless = |name: &str| Person {
        email: None,
        ..pupil("1", name)
    };
    let desired = world(vec![
        ("Art", of(vec![nameless("ana")])),
        ("Music", of(vec![nameless("ana")])),
        ("Drama", of(vec![nameless("bo")])),
        ("Dance", of(vec![pupil("1", "ana")])),
    ])
    .desired();
    assert_eq!(groups(&desired), ["ana@x.test: Dance"]);
    assert_eq!(
        problems(&desired),
        [("email-unusable", "1"), ("email-unusable", "1 (source 3)"),]
    );
    let of_ana = &desired.unusable[0].directory_groups;
    assert_eq!(*of_ana, BTreeSet::from(["Art", "Music"].map(str::to_owned)));
}

#[test]
fn a_record_that_cannot_be_read_gives_nobody_anything_and_holds_its_product() {
    let unread = |id| Parts {
        skipped: vec![skipped(id)],
        ..of(vec![pupil("9", "di")])
    };
    let with = |id| {
        world(vec![
            ("Art", unread(id)),
            ("Music", of(vec![pupil("1", "bo")])),
        ])
        .account("bo", &["Music"])
        .account("di", &["Art"])
        .account("old", &["Art"])
        .account("gone", &["Music"])
    };
    insta::assert_snapshot!(render::pass(&with(Some("1"))), @"
    - gone@x.test: remove Music
    held old@x.test: remove Art (person-unusable)
    found person-unusable (1)
    problem record-skipped 1
    2/2/4/0/3/0/0/1
    ");
    let world = with(None);
    insta::assert_snapshot!(render::pass(&world), @"
    held gone@x.test: remove Music (person-unusable)
    held old@x.test: remove Art (person-unusable)
    found person-unusable (2)
    problem record-skipped
    2/2/4/0/4/0/0/0
    ");
    assert_eq!(
        problems(&with(Some("1")).desired()),
        [("record-skipped", "1")]
    );
}

#[test]
fn who_is_read_in_one_list_of_a_source_is_not_missed_in_another() {
    let parts = Parts {
        skipped: vec![skipped(Some("1"))],
        ..of(vec![pupil("1", "ana")])
    };
    let desired = world(vec![("Art", parts), ("Music", of(vec![pupil("1", "ana")]))]).desired();
    assert_eq!(groups(&desired), ["ana@x.test: Art, Music"]);
    assert!(desired.unusable.is_empty());
}

#[test]
fn a_source_with_nobody_holds_its_product() {
    let world = world(vec![
        ("Art", of(Vec::new())),
        ("Music", of(vec![pupil("1", "bo")])),
        ("Music", of(Vec::new())),
        ("Drama", of(vec![pupil("2", "cy")])),
    ])
    .account("ana", &["Art"])
    .account("di", &["Music"])
    .account("ed", &["Drama"])
    .account("fi", &[]);
    insta::assert_snapshot!(render::pass(&world), @"
    + bo@x.test: create federatedID US [First bo, Last bo]; add Music (Music)
    + cy@x.test: create federatedID US [First cy, Last cy]; add Drama (Drama)
    - ed@x.test: remove Drama
    held ana@x.test: remove Art (directory-group-not-found)
    held di@x.test: remove Music (directory-group-not-found)
    found directory-group-not-found (1)
    found directory-group-not-found (1)
    2/2/4/0/2/2/0/2
    ");
    let removing = world.action(AdobeOnlyUserAction::Remove);
    insta::assert_snapshot!(render::pass(&removing), @"
    + bo@x.test: create federatedID US [First bo, Last bo]; add Music (Music)
    + cy@x.test: create federatedID US [First cy, Last cy]; add Drama (Drama)
    - ed@x.test: remove from org
    - fi@x.test: remove from org
    held ana@x.test: remove from org (directory-group-not-found)
    held di@x.test: remove from org (directory-group-not-found)
    found directory-group-not-found (1)
    found directory-group-not-found (1)
    2/2/4/0/2/2/0/2
    ");
    let messages = removing
        .checked()
        .findings
        .into_iter()
        .map(|finding| finding.message);
    insta::assert_snapshot!(messages.collect::<Vec<_>>().join("\n"), @"
    A source of the product 'Art' has nobody.
    A source of the product 'Music' has nobody.
    ");
}

#[test]
fn one_district_that_does_not_run_holds_every_removal() {
    let running = |state: &str, name: &str| Parts {
        district_state: Some(state.to_owned()),
        ..of(vec![pupil(name, name)])
    };
    for states in [["running", "paused"], ["paused", "running"]] {
        let [one, other] = states;
        let sources = vec![
            ("Art", running(one, "ana")),
            ("Music", running(other, "bo")),
        ];
        let desired = world(sources).desired();
        assert_eq!(desired.district_not_running.as_deref(), Some("paused"));
    }
    let sources = vec![
        ("Art", of(vec![pupil("1", "ana")])),
        ("Music", running("running", "bo")),
    ];
    assert_eq!(world(sources).desired().district_not_running, None);
}

#[test]
fn users_all_means_everybody_of_every_source() {
    let sources = || {
        let teacher = person("tea", Role::Teacher);
        vec![
            ("Art", of(vec![pupil("1", "ana")])),
            ("Music", of(vec![pupil("1", "bo"), teacher])),
        ]
    };
    let unmapped = |world: World| {
        world.set(|config| {
            config
                .mapping
                .retain(|entry| entry.directory_group == "Art");
        })
    };
    let selected = |world: &World| {
        let users = world
            .desired()
            .users
            .into_values()
            .filter(|user| user.selected);
        users
            .map(|user| user.email.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    let all = unmapped(world(sources())).with(|options| options.users = Users::All);
    assert_eq!(selected(&all), ["ana@x.test", "bo@x.test", "tea@x.test"]);
    let mapped = unmapped(world(sources()));
    assert_eq!(selected(&mapped), ["ana@x.test"]);
    let group = world(sources())
        .with(|options| options.users = Users::Groups(BTreeSet::from(["Music".to_owned()])));
    assert_eq!(selected(&group), ["bo@x.test", "tea@x.test"]);
}

#[test]
fn a_source_is_asked_for_everybody_of_its_roles_and_nothing_else() {
    let world = world(vec![("Art", of(Vec::new()))])
        .format(|formats| formats.username = Some(Format::attribute("username")));
    for (filter, roles) in [
        (UserFilter::Students, vec![Role::Student]),
        (UserFilter::Teachers, vec![Role::Teacher]),
        (UserFilter::Users, vec![Role::Student, Role::Teacher]),
    ] {
        let source = ScopedSource {
            user_filter: filter,
            ..world.config.source.scoped[0].clone()
        };
        let needs = scoped_needs(&source, &world.config);
        let roles: BTreeSet<Role> = roles.into_iter().collect();
        assert_eq!((&needs.roles, &needs.everybody), (&roles, &roles));
        assert!(needs.groups.is_empty() && needs.match_attributes.is_empty());
        assert_eq!(
            needs.person_attributes,
            BTreeSet::from(["username".to_owned()])
        );
    }
}
