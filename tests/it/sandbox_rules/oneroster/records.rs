//! What is in a record, and what is not said of it elsewhere.

use std::time::Duration;

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{ask, ids, rows, start};
use crate::sandbox_rules::clock;
use crate::simulators::district::{District, Shape, canary, enrollment_id};
use crate::simulators::oneroster::{HOST, OneRoster};

/// A day in the fall.
const TODAY: Date = date(2026, 11, 24);

#[tokio::test]
async fn records_are_written_as_version_1_1_has_them() {
    let server = start().await;
    let district = server.district();
    let (section, pupil) = (&district.sections[0], &district.students[0]);
    let user = ask(&server, &format!("users/{}", pupil.id)).await.json["user"].clone();
    assert_eq!(user["givenName"], json!(pupil.first));
    assert_eq!(user["email"], json!(pupil.email));
    assert_eq!(user["enabledUser"], json!("true"));
    assert_eq!(user["status"], json!("active"));
    assert_eq!(user["role"], json!("student"));
    assert_eq!(user["orgs"][0]["sourcedId"], json!(pupil.schools[0]));
    assert_eq!(user["orgs"][0]["type"], json!("org"));
    let host = user["orgs"][0]["href"].as_str().unwrap();
    assert!(!host.contains(HOST), "references lead elsewhere");
    let class = ask(&server, &format!("classes/{}", section.id)).await.json["class"].clone();
    assert_eq!(class["title"], json!(section.name));
    assert_eq!(class["name"], Value::Null);
    assert_eq!(class["course"]["sourcedId"], json!(section.course));
    assert_eq!(class["terms"].as_array().unwrap().len(), 2);
    let school = ask(&server, &format!("schools/{}", section.school))
        .await
        .json["org"]
        .clone();
    assert_eq!(school["name"], json!(district.schools[0].name));
    assert_eq!(school["title"], Value::Null);
    let id = enrollment_id(&section.id, &section.teachers[0]);
    let enrollment = ask(&server, &format!("enrollments/{id}")).await.json["enrollment"].clone();
    assert_eq!(enrollment["user"]["sourcedId"], json!(section.teachers[0]));
    assert_eq!(enrollment["class"]["sourcedId"], json!(section.id));
    assert_eq!(enrollment["role"], json!("teacher"));
    assert_eq!(enrollment["primary"], json!("true"));
    assert!(enrollment["beginDate"].is_string() && enrollment["endDate"].is_string());
}

#[tokio::test]
async fn records_carry_what_must_never_be_kept() {
    let server = start().await;
    let text = ask(&server, "users?limit=1").await.json.to_string();
    for canary in canary::ALL {
        assert!(text.contains(canary), "{canary}");
    }
    let guardians = ask(&server, "users?filter=role%3D'guardian'").await;
    assert_eq!(
        rows(&guardians, "users")[0]["email"],
        json!(canary::GUARDIAN_EMAIL)
    );
}

#[tokio::test]
async fn what_does_not_count_is_listed_and_says_so() {
    let server = start().await;
    let district = server.district();
    let section = &district.sections[0];
    let (gone, disabled) = (&section.students[0], &section.students[1]);
    let enrollment = enrollment_id(&section.id, &section.students[2]);
    server.change(|district| {
        let to_be_deleted = &mut district.status.to_be_deleted;
        to_be_deleted.extend([gone.clone(), section.id.clone(), enrollment.clone()]);
        district.status.not_enabled.insert(disabled.clone());
    });
    let of = async |path: String, key: &str, field: &str| {
        ask(&server, &path).await.json[key][field].clone()
    };
    let user = |id: &str| format!("users/{id}");
    assert_eq!(of(user(gone), "user", "status").await, "tobedeleted");
    assert_eq!(of(user(disabled), "user", "enabledUser").await, "false");
    assert_eq!(of(user(disabled), "user", "status").await, "active");
    assert_eq!(
        of(format!("classes/{}", section.id), "class", "status").await,
        "tobedeleted"
    );
    let path = format!("enrollments/{enrollment}");
    assert_eq!(of(path, "enrollment", "status").await, "tobedeleted");
    let listed = ask(
        &server,
        &format!("classes/{}/students?limit=100", section.id),
    )
    .await;
    assert_eq!(ids(&listed, "users").len(), section.students.len());

    let in_force = server.district().in_force(TODAY);
    assert_eq!(in_force.sections.len() + 1, district.sections.len());
    let both = |id: &String| id == gone || id == disabled;
    assert!(!in_force.students.iter().any(|person| both(&person.id)));
    server.change(|district| assert!(district.status.to_be_deleted.remove(&section.id)));
    let in_force = server.district().in_force(TODAY);
    let left = &in_force.sections[0].students;
    assert!(!left.contains(&section.students[2]) && left.contains(&section.students[3]));
}

#[tokio::test]
async fn ids_in_paths_are_percent_encoded() {
    let (district, planted) = District::irregular(Shape {
        seed: 5,
        schools: 2,
        students: 80,
        teachers: 6,
        courses: 3,
        sections: 14,
    });
    let server = OneRoster::start(clock(), Duration::ZERO, district).await;
    let [_, section, school] = &planted.odd_records;
    assert_eq!(section, "section/1 @%?#");
    let path = "classes/section%2F1%20%40%25%3F%23/students?limit=100";
    let expected = server.district().sections[0].students.len();
    assert_eq!(ids(&ask(&server, path).await, "users").len(), expected);
    let reply = ask(&server, "schools/school%2F1%20%40%25%3F%23").await;
    assert_eq!(reply.json["org"]["sourcedId"], json!(school));
}
