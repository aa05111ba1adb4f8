//! What records may look like.

use std::collections::{BTreeMap, BTreeSet};

use roster_sync::model::id::RosterId;
use roster_sync::model::roster::{Collection, Needs, Person, Role, Roster};
use roster_sync::sis::Error;
use serde_json::{Value, json};

use super::{
    Collections, Response, chain, everything, read, script, serve, small, student, students,
};

async fn one_student(record: Value) -> Roster {
    let mut collections = small();
    collections.insert("students", vec![record]);
    read(&serve(collections).await, &students()).await.unwrap()
}

fn only(roster: &Roster) -> &Person {
    assert_eq!(roster.people.len(), 1, "{:?}", roster.skipped);
    roster.people.values().next().unwrap()
}

fn texts(ids: &BTreeSet<RosterId>) -> Vec<&str> {
    ids.iter().map(RosterId::as_str).collect()
}

async fn whole(collections: Collections) -> Roster {
    read(&serve(collections).await, &everything())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_person_has_a_name_an_address_and_schools() {
    let roster = one_student(json!({
        "id": "s-1", "name": {"first": "Ada", "middle": "M", "last": "Lovelace"}, "email": "Ada@school.example",
        "school": "north", "schools": ["south", "north", null, ""], "dob": "planted", "credentials": {"password": "planted"},
        "enrollments": [{"school": "planted"}], "unheard_of": {"of": [1, true, {}]},
    }))
    .await;
    let person = only(&roster);
    assert_eq!(person.given_name.as_deref(), Some("Ada"));
    assert_eq!(person.family_name.as_deref(), Some("Lovelace"));
    assert_eq!(person.email.as_deref(), Some("Ada@school.example"));
    assert_eq!(texts(&person.schools), ["north", "south"]);
    assert_eq!(person.roles, BTreeSet::from([Role::Student]));
}

#[tokio::test]
async fn attributes_are_kept_where_they_are_asked_for() {
    let record = json!({"id": "s-1", "name": {"first": "Ada", "middle": " ", "last": "Lovelace"}, "SIS_ID": 77,
        "grade": "", "schools": ["north", null, "south"], "credentials": {"district_username": "planted"}});
    let mut collections = small();
    collections.insert("students", vec![record]);
    let mut needs = students();
    let asked = [
        "givenname",
        "middlename",
        "sis_id",
        "grade",
        "schools",
        "credentials",
        "name",
    ];
    needs.person_attributes = asked.map(str::to_owned).into();
    let roster = read(&serve(collections).await, &needs).await.unwrap();
    assert_eq!(
        json!(only(&roster).attributes),
        json!({"givenname": ["Ada"], "schools": ["north", "south"], "sis_id": ["77"]})
    );
    let names = json!([
        "SIS_ID",
        "credentials",
        "familyName",
        "givenName",
        "grade",
        "id",
        "middleName",
        "name",
        "schools"
    ]);
    assert_eq!(json!(roster.person_attribute_names), names);
}

#[tokio::test]
async fn no_attributes_are_kept_where_none_are_asked_for() {
    let roster = one_student(student("s-1")).await;
    assert!(only(&roster).attributes.is_empty());
    assert!(roster.person_attribute_names.contains("email"));
}

#[tokio::test]
async fn blank_null_and_missing_are_absent() {
    for record in [
        json!({"id": "s-1", "name": {"first": " ", "last": ""}, "email": "", "school": "", "schools": []}),
        json!({"id": "s-1", "name": {"first": null, "last": null}, "email": null, "school": null, "schools": null}),
        json!({"id": "s-1", "name": {}}),
    ] {
        let roster = one_student(record).await;
        let person = only(&roster);
        assert_eq!(
            (&person.given_name, &person.family_name, &person.email),
            (&None, &None, &None)
        );
        assert!(person.schools.is_empty());
    }
}

#[tokio::test]
async fn numbers_are_read_as_they_are_written() {
    let world = serve(small()).await;
    let page = r#"{"data":[{"data":{"id":12345678901234567890123,"name":{"first":"A","last":"B"},"school":7}}],
        "links":[{"rel":"self"}]}"#;
    let numbered = Response {
        body: page.into(),
        ..Response::empty(200)
    };
    script(&world.0, "students", vec![numbered]);
    let roster = read(&world, &students()).await.unwrap();
    assert_eq!(only(&roster).id.as_str(), "12345678901234567890123");
    assert_eq!(texts(&only(&roster).schools), ["7"]);
}

#[tokio::test]
async fn numbers_and_texts_are_one_id() {
    let mut collections = small();
    collections.insert("courses", vec![json!({"id": "70"})]);
    let sections = json!({"id": 8, "course": 70, "students": [1, "2"], "teacher": 3});
    collections.insert("sections", vec![sections]);
    let person = |id: Value| json!({"id": id, "name": {}});
    collections.insert("students", vec![person(json!("1")), person(json!(2))]);
    collections.insert("teachers", vec![person(json!("3"))]);
    let roster = whole(collections).await;
    let class = &roster.classes[&RosterId::new("8")];
    assert_eq!(class.members.len(), 3);
    assert!(roster.courses.contains_key(class.course.as_ref().unwrap()));
    assert!(roster.unknown_members.is_empty());
}

#[tokio::test]
async fn a_byte_order_mark_is_read_over() {
    let world = serve(small()).await;
    let page = super::page(&[student("a")], false).to_string();
    let marked = Response {
        body: format!("\u{feff}{page}").into(),
        ..Response::empty(200)
    };
    script(&world.0, "students", vec![marked]);
    assert_eq!(read(&world, &students()).await.unwrap().people.len(), 1);
}

#[tokio::test]
async fn a_record_that_cannot_be_used_is_skipped_and_told() {
    for (record, id, reason) in [
        (json!({"name": {}}), None, "the record has no id"),
        (json!({"id": " ", "name": {}}), None, "the record has no id"),
        (json!({"id": ["x"], "name": {}}), None, "`id` is not text"),
        (json!("planted"), None, "the record is not an object"),
        (json!(null), None, "the record is not an object"),
        (json!({"id": "x"}), Some("x"), "the record has no name"),
        (
            json!({"id": "x", "name": null}),
            Some("x"),
            "the record has no name",
        ),
        (
            json!({"id": "x", "name": "planted"}),
            Some("x"),
            "`name` is not an object",
        ),
        (
            json!({"id": "x", "name": {"first": {}}}),
            Some("x"),
            "`first` is not text",
        ),
        (
            json!({"id": "x", "name": {}, "email": true}),
            Some("x"),
            "`email` is not text",
        ),
        (
            json!({"id": "x", "name": {}, "schools": "planted"}),
            Some("x"),
            "`schools` is not a list of ids",
        ),
        (
            json!({"id": "x", "name": {}, "schools": [{}]}),
            Some("x"),
            "`schools` is not a list of ids",
        ),
    ] {
        let mut collections = small();
        collections.insert("students", vec![record, student("y"), student("z")]);
        let world = serve(collections).await;
        let mut source = super::source(&world.0);
        source.page_size = 10;
        let token = roster_sync::sis::Credentials::Token(super::TOKEN.into());
        let roster = super::read_as(&world.1, &source, token, &students())
            .await
            .unwrap();
        assert_eq!(super::ids(&roster.people), ["y", "z"]);
        let [skipped] = &roster.skipped[..] else {
            panic!("{:?}", roster.skipped);
        };
        assert_eq!(
            (skipped.collection, skipped.reason.as_str()),
            ("students", reason)
        );
        assert_eq!(skipped.id.as_ref().map(RosterId::as_str), id);
    }
}

#[tokio::test]
async fn somebody_who_was_skipped_is_not_unknown() {
    let mut collections = small();
    collections.get_mut("students").unwrap()[0] = json!({"id": "s-1"});
    let roster = whole(collections).await;
    assert!(roster.unknown_members.is_empty());
    assert_eq!(roster.skipped.len(), 1);
}

#[tokio::test]
async fn members_come_with_their_roles_and_co_teachers_count() {
    let roster = whole(small()).await;
    let members = |id: &str| -> Vec<(&str, Role)> {
        let class = &roster.classes[&RosterId::new(id)];
        class
            .members
            .iter()
            .map(|member| (member.person.as_str(), member.role))
            .collect()
    };
    let (student, teacher) = (Role::Student, Role::Teacher);
    assert_eq!(
        members("section-1"),
        [
            ("s-1", student),
            ("s-2", student),
            ("s-3", student),
            ("t-1", teacher),
            ("t-2", teacher)
        ]
    );
    assert_eq!(
        members("section-2"),
        [("s-4", student), ("s-5", student), ("t-2", teacher)]
    );
}

#[tokio::test]
async fn a_section_may_lack_its_lists() {
    let mut collections = small();
    collections.insert(
        "sections",
        vec![
            json!({"id": "section-1", "students": null, "teachers": null, "teacher": "t-1"}),
            json!({"id": "section-2"}),
            json!({"id": "section-3", "students": ["s-1", null, "s-1"], "teacher": null}),
        ],
    );
    let roster = whole(collections).await;
    let counts: Vec<usize> = roster
        .classes
        .values()
        .map(|class| class.members.len())
        .collect();
    assert_eq!(counts, [1, 0, 1]);
    assert!(roster.skipped.is_empty());
}

#[tokio::test]
async fn somebody_may_teach_and_learn() {
    let mut collections = small();
    let mut both = super::teacher("s-1");
    both["schools"] = json!(["evening"]);
    collections.get_mut("teachers").unwrap().insert(0, both);
    let roster = whole(collections).await;
    let person = &roster.people[&RosterId::new("s-1")];
    assert_eq!(person.roles, BTreeSet::from([Role::Student, Role::Teacher]));
    assert_eq!(texts(&person.schools), ["evening", "school-1"]);
    assert_eq!(roster.people.len(), 7);
}

/// A hundred members of one class, of whom so many are on no page of people.
async fn with_unknown(unknown: usize) -> Result<Roster, Error> {
    let all: Vec<String> = (100..200).map(|n| format!("s-{n}")).collect();
    let known = all.iter().skip(unknown).map(|id| student(id)).collect();
    let mut collections = small();
    collections.insert(
        "sections",
        vec![json!({"id": "section-1", "students": all})],
    );
    collections.insert("students", known);
    read(&serve(collections).await, &everything()).await
}

#[tokio::test]
async fn one_unknown_member_in_a_hundred_is_listed_and_two_fail_the_read() {
    let roster = with_unknown(1).await.unwrap();
    assert_eq!(roster.unknown_members.len(), 1);
    assert_eq!(roster.unknown_members[0].person.as_str(), "s-100");

    let error = with_unknown(2).await.unwrap_err();
    assert!(matches!(error, Error::Incomplete(_)));
    assert!(chain(&error).starts_with("the roster is not whole: 2 of 100 members"));
}

/// The one school, matched by these attributes.
async fn school_by(attributes: &[&str]) -> Roster {
    let wanted = attributes.iter().map(|name| (*name).to_owned()).collect();
    let needs = Needs {
        match_attributes: BTreeMap::from([(Collection::Schools, wanted)]),
        ..Needs::default()
    };
    read(&serve(small()).await, &needs).await.unwrap()
}

#[tokio::test]
async fn attributes_are_found_without_regard_to_case() {
    for (wanted, found) in [
        (&["sis_id", "absent"][..], json!({"sis_id": "77"})),
        (&["name"], json!({"name": "North"})),
        (&["title"], json!({"title": "North"})),
        (&["name", "title"], json!({"name": "North"})),
    ] {
        let roster = school_by(wanted).await;
        let school = roster.schools.values().next().unwrap();
        assert_eq!(school.id.as_str(), "school-1");
        assert_eq!(json!(school.attributes), found);
        assert_eq!(
            json!(roster.attribute_names[&Collection::Schools]),
            json!(["SIS_ID", "id", "name"])
        );
    }
}

#[tokio::test]
async fn only_what_can_be_a_name_is_kept() {
    let mut collections = small();
    let school = json!({"id": 5, "name": {"planted": 1}, "principal": {"name": "planted"}, "open": true, "number": 12});
    collections.insert("schools", vec![school]);
    let wanted = ["id", "name", "principal", "open", "number"].map(str::to_owned);
    let needs = Needs {
        match_attributes: BTreeMap::from([(Collection::Schools, BTreeSet::from(wanted))]),
        ..Needs::default()
    };
    let roster = read(&serve(collections).await, &needs).await.unwrap();
    let school = roster.schools.values().next().unwrap();
    assert_eq!(
        json!(school.attributes),
        json!({"id": 5, "open": true, "number": 12})
    );
}
