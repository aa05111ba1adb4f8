//! What records may look like.

use std::collections::BTreeSet;

use roster_sync::model::id::RosterId;
use roster_sync::model::roster::{Collection, Person, Roster};
use serde_json::{Value, json};

use super::district::{class, enrollment, person, reference};
use super::{
    BOTH, Response, Role, STUDENT, chain, everybody, ids, members, needs, read, script, serve,
    small,
};

async fn one_student(record: Value) -> Roster {
    one_student_with(record, &[]).await
}

async fn one_student_with(record: Value, attributes: &[&str]) -> Roster {
    let mut district = small();
    *district.rows("students") = vec![record];
    let mut needs = everybody(&STUDENT);
    needs.person_attributes = attributes.iter().map(|name| (*name).to_owned()).collect();
    read(&serve(district).await, &needs).await.unwrap()
}

fn only(roster: &Roster) -> &Person {
    assert_eq!(roster.people.len(), 1, "{:?}", roster.skipped);
    roster.people.values().next().unwrap()
}

fn texts(ids: &BTreeSet<RosterId>) -> Vec<&str> {
    ids.iter().map(RosterId::as_str).collect()
}

#[tokio::test]
async fn a_person_has_a_name_an_address_and_schools() {
    let mut record = person(" s-1 ", "student", &["south", " north "]);
    record["email"] = json!("Ada@school.example");
    record["roles"] =
        json!([{"roleType": "primary", "role": "student", "org": reference("west")}, null, "x"]);
    let roster = one_student(record).await;
    let person = only(&roster);
    assert_eq!(person.id.as_str(), "s-1");
    assert_eq!(person.given_name.as_deref(), Some("Sam"));
    assert_eq!(person.family_name.as_deref(), Some(" s-1 "));
    assert_eq!(person.email.as_deref(), Some("Ada@school.example"));
    assert_eq!(texts(&person.schools), ["north", "south", "west"]);
    assert_eq!(person.roles, BTreeSet::from([Role::Student]));
    assert!(person.active && person.enabled && person.attributes.is_empty());
    assert!(roster.person_attribute_names.contains("givenName"));
    assert!(roster.person_attribute_names.contains("grades"));
}

#[tokio::test]
async fn blank_null_and_missing_are_absent() {
    for record in [
        json!({"sourcedId": 7, "givenName": " ", "familyName": "", "email": "", "orgs": [], "status": "", "enabledUser": ""}),
        json!({"sourcedId": 7, "givenName": null, "familyName": null, "email": null, "orgs": null, "status": null, "enabledUser": null}),
        json!({"sourcedId": "7", "orgs": [null, {"sourcedId": ""}, {"sourcedId": null}, ""]}),
    ] {
        let roster = one_student(record).await;
        let person = only(&roster);
        assert_eq!(person.id.as_str(), "7");
        let named = (&person.given_name, &person.family_name, &person.email);
        assert_eq!(named, (&None, &None, &None));
        assert!(person.schools.is_empty() && person.active && person.enabled);
    }
}

#[tokio::test]
async fn a_single_object_stands_for_a_list_of_one() {
    let record = json!({"sourcedId": "s-1", "orgs": {"sourcedId": 12}});
    assert_eq!(texts(&only(&one_student(record).await).schools), ["12"]);
    let record = json!({"sourcedId": "s-1", "orgs": "12", "roles": {"org": {"sourcedId": "13"}}});
    assert_eq!(
        texts(&only(&one_student(record).await).schools),
        ["12", "13"]
    );
}

#[tokio::test]
async fn status_and_enabled_user_are_told_and_nobody_is_dropped() {
    for (status, active) in [
        ("active", true),
        (" Active ", true),
        ("tobedeleted", false),
        ("inactive", false),
        ("unheard of", false),
    ] {
        let record = json!({"sourcedId": "s-1", "status": status});
        assert_eq!(only(&one_student(record).await).active, active, "{status}");
    }
    for (word, enabled) in [
        (json!("false"), false),
        (json!("FALSE"), false),
        (json!(false), false),
        (json!(0), false),
        (json!("0"), false),
        (json!("true"), true),
        (json!("TRUE"), true),
        (json!(true), true),
        (json!(1), true),
    ] {
        let record = json!({"sourcedId": "s-1", "enabledUser": word});
        assert_eq!(only(&one_student(record).await).enabled, enabled, "{word}");
    }
}

#[tokio::test]
async fn attributes_are_kept_where_they_are_asked_for() {
    let record = json!({"sourcedId": "s-1", "grades": ["07", 8, null, " ", {"planted": 1}], "userMasterIdentifier": 12,
        "flag": false, "metadata": {"planted": "x"}, "middleName": " ", "password": "planted"});
    let names = [
        "grades",
        "usermasteridentifier",
        "flag",
        "metadata",
        "middlename",
        "absent",
    ];
    let roster = one_student_with(record, &names).await;
    assert_eq!(
        json!(only(&roster).attributes),
        json!({"grades": ["07", "8"], "usermasteridentifier": ["12"], "flag": ["false"]})
    );
    let carried = [
        "flag",
        "grades",
        "metadata",
        "middleName",
        "password",
        "sourcedId",
        "userMasterIdentifier",
    ];
    assert_eq!(json!(roster.person_attribute_names), json!(carried));
}

#[tokio::test]
async fn a_record_that_cannot_be_used_is_skipped_and_told() {
    for (record, id, reason) in [
        (json!({"givenName": "x"}), None, "the record has no id"),
        (json!({"sourcedId": " "}), None, "the record has no id"),
        (json!({"sourcedId": {}}), None, "`sourcedId` is not text"),
        (json!("planted"), None, "the record is not an object"),
        (
            json!({"sourcedId": "x", "email": {}}),
            Some("x"),
            "`email` is not text",
        ),
        (
            json!({"sourcedId": "x", "status": []}),
            Some("x"),
            "`status` is not text",
        ),
        (
            json!({"sourcedId": "x", "orgs": [true]}),
            Some("x"),
            "`orgs` is not a list of ids",
        ),
    ] {
        let mut district = small();
        district.rows("students").push(record);
        let roster = read(&serve(district).await, &everybody(&STUDENT))
            .await
            .unwrap();
        assert_eq!(roster.people.len(), 5);
        let [skipped] = &roster.skipped[..] else {
            panic!("{:?}", roster.skipped);
        };
        let told = (skipped.collection, skipped.reason.as_str());
        assert_eq!(told, ("students", reason));
        assert_eq!(skipped.id.as_ref().map(RosterId::as_str), id);
    }
}

/// The members of the first class with these enrollments, read with all others.
async fn enrolled(rows: Vec<Value>) -> Roster {
    let mut district = small();
    *district.rows("enrollments") = rows;
    let needs = needs(&[
        (Collection::Courses, "Art", &BOTH),
        (Collection::Classes, "Music", &BOTH),
    ]);
    read(&serve(district).await, &needs).await.unwrap()
}

#[tokio::test]
async fn the_role_of_an_enrollment_decides_and_others_are_no_members() {
    let mut rows: Vec<Value> = [
        "Student",
        " TEACHER ",
        "administrator",
        "proctor",
        "aide",
        "guardian",
        "",
    ]
    .iter()
    .map(|role| enrollment(&format!("e-{role}"), "class-1", "s-1", role))
    .collect();
    rows.push(json!({"sourcedId": "e", "class": reference("class-1"), "user": reference("s-2")}));
    let roster = enrolled(rows).await;
    let expected = [Role::Student, Role::Teacher].map(|role| ("s-1".to_owned(), role, true));
    assert_eq!(members(&roster, "class-1"), expected);
    assert!(roster.skipped.is_empty());
}

#[tokio::test]
async fn an_enrollment_that_is_not_active_is_kept_as_such() {
    let ended = |id: &str, user: &str, status: &str| {
        let mut row = enrollment(id, "class-1", user, "student");
        row["status"] = json!(status);
        row
    };
    let roster = enrolled(vec![
        ended("1", "s-1", "tobedeleted"),
        ended("2", "s-2", "tobedeleted"),
        ended("3", "s-2", "active"),
        ended("4", "s-3", ""),
        // Deleted with their enrollment: nothing is missing, whatever the share of such people.
        ended("5", "gone", "tobedeleted"),
    ])
    .await;
    let member = |id: &str, active| (id.to_owned(), Role::Student, active);
    assert_eq!(
        members(&roster, "class-1"),
        [
            member("gone", false),
            member("s-1", false),
            // Enrolled anew: both are said.
            member("s-2", false),
            member("s-2", true),
            member("s-3", true)
        ]
    );
    assert_eq!(roster.unknown_members.len(), 1);
}

#[tokio::test]
async fn an_enrollment_that_cannot_be_read_is_told_unless_nobody_needs_its_class() {
    let roster = enrolled(vec![
        json!({"sourcedId": "1", "class": reference("class-1"), "role": "student", "user": null}),
        json!({"sourcedId": "2", "class": {"href": "x"}, "role": "student", "user": reference("s-1")}),
        json!({"sourcedId": "3", "class": reference("elsewhere"), "role": {}, "user": 1.5}),
    ])
    .await;
    let told: Vec<(&str, &str)> = roster
        .skipped
        .iter()
        .map(|record| (record.collection, record.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("enrollments", "`user` does not say which record it means"),
            ("enrollments", "`class` does not say which record it means")
        ]
    );
}

#[tokio::test]
async fn schools_courses_and_classes_say_whether_they_are_active() {
    let mut district = small();
    for collection in ["schools", "courses", "classes"] {
        district.rows(collection)[0]["status"] = json!("tobedeleted");
    }
    let needs = needs(&[
        (Collection::Schools, "North", &BOTH),
        (Collection::Courses, "Art", &BOTH),
    ]);
    let roster = read(&serve(district).await, &needs).await.unwrap();
    let [school, course, class] = ["school-1", "course-1", "class-1"].map(RosterId::new);
    assert!(!roster.schools[&school].active && !roster.courses[&course].active);
    assert!(!roster.classes[&class].active);
    assert!(roster.classes[&RosterId::new("class-2")].active);
}

#[tokio::test]
async fn a_class_that_is_listed_twice_has_its_members_once() {
    let mut district = small();
    let again = class("class-1", "Art 1", "school-1", Some("course-1"));
    district.rows("classes").push(again);
    let needs = needs(&[(Collection::Classes, "art 1", &STUDENT)]);
    let roster = read(&serve(district).await, &needs).await.unwrap();
    assert_eq!(super::member_ids(&roster, "class-1"), ["s-1", "s-2", "s-3"]);
}

#[tokio::test]
async fn the_list_may_stand_under_another_name() {
    for body in [
        json!({"students": [person("a", "student", &[])], "statusInfoSet": [{"imsx_codeMajor": "success"}]}),
        json!({"pupils": [person("a", "student", &[])], "metadata": [], "totalCount": 1}),
        json!({"users": person("a", "student", &[])}),
    ] {
        let world = serve(small()).await;
        let marked = Response {
            body: format!("\u{feff}{body}").into(),
            ..Response::empty(200)
        };
        let end = Response::json(200, &json!({"users": null}));
        script(&world.0, "students", vec![marked, end]);
        let roster = read(&world, &everybody(&STUDENT)).await.unwrap();
        assert_eq!(ids(&roster.people), ["a"]);
    }
}

#[tokio::test]
async fn what_is_no_list_is_never_an_empty_one() {
    for (body, reason) in [
        ("{}", "it has no list of records"),
        ("", "it has no list of records"),
        ("<html>Sign in</html>", "it is a web page instead of data"),
        ("{\"users\": [", "it ends in the middle"),
        (
            "{\"statusInfoSet\": [{\"imsx_codeMajor\": \"failure\"}], \"users\": []}",
            "it says that the request failed",
        ),
    ] {
        let world = serve(small()).await;
        let reply = Response {
            body: body.into(),
            ..Response::empty(200)
        };
        script(&world.0, "students", vec![reply]);
        let error = read(&world, &everybody(&STUDENT)).await.unwrap_err();
        assert_eq!(
            chain(&error),
            format!("page 1 of OneRoster students cannot be read: {reason}")
        );
    }
}
