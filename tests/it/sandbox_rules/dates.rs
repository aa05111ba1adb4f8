//! Terms and dates of simulated districts: what the simulators show of them, and what of a district counts on a day.

use std::time::Duration;

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{Reply, clock, get};
use crate::simulators::clever::Clever;
use crate::simulators::district::{District, enrollment_id};
use crate::simulators::oneroster::{Oddities, OneRoster, ROOT, Sessions};

const TODAY: Date = date(2026, 11, 24);
const SECTION: &str = "Econ 101 - Period 2";
const TOKEN: &str = "a-token";

async fn at_clever(district: District) -> Clever {
    Clever::start(clock(), Duration::ZERO, district).await
}

async fn ask_clever(clever: &Clever, path: &str) -> Reply {
    let bearer = format!("Bearer {}", clever.token());
    let url = format!("{}/v2.1/{path}", clever.url());
    get(&url, &[("authorization", &bearer)]).await
}

async fn at_classlink(district: District, sessions: Sessions) -> OneRoster {
    let server = OneRoster::start(clock(), Duration::ZERO, district).await;
    server.rules(|rules| rules.bearer = Some(TOKEN.to_owned()));
    server.odd(Oddities {
        sessions,
        ..Oddities::default()
    });
    server
}

async fn ask(server: &OneRoster, path: &str) -> Reply {
    let bearer = format!("Bearer {TOKEN}");
    let url = format!("{}{ROOT}{path}", server.url());
    get(&url, &[("authorization", &bearer)]).await
}

/// How many pupils of the section count on a day, at ClassLink and at Clever; `None` where there is no such section.
fn pupils(district: &District, day: Date) -> [Option<usize>; 2] {
    [district.in_force(day), district.in_force_at_clever(day)].map(|district| {
        let mut sections = district.sections.iter();
        let section = sections.find(|section| section.name == SECTION);
        section.map(|section| section.students.len())
    })
}

/// The example, where the section has these terms.
fn with_terms(terms: &[&str]) -> (District, usize) {
    let mut district = District::example();
    let section = district.section_mut(SECTION);
    section.terms = terms.iter().map(|&id| id.to_owned()).collect();
    let size = section.students.len();
    (district, size)
}

#[test]
fn everything_of_the_example_is_now() {
    let district = District::example();
    let number = |district: &District| -> usize {
        let sections = district.sections.iter();
        sections.map(|section| section.students.len()).sum()
    };
    for district in [district.in_force(TODAY), district.in_force_at_clever(TODAY)] {
        assert_eq!(number(&district), number(&District::example()));
    }
    let kinds = |count: usize| {
        let mut sections = district.sections.iter();
        sections.any(|section| section.terms.len() == count)
    };
    assert!(kinds(0) && kinds(1) && kinds(2));
    // In the summer nothing is left but what has no term at Clever, or one that nobody knows.
    let summer = date(2027, 7, 1);
    let left = number(&district.in_force_at_clever(summer));
    assert!(left > 0 && left < number(&district));
}

#[test]
fn a_section_ends_with_the_last_day_of_its_last_term() {
    let (mut district, size) = with_terms(&[]);
    let short = district.add_term("Short", ["2026-09-01", "2026-11-24T00:00:00Z"]);
    let shorter = district.add_term("Shorter", [" 2026-09-01 ", "2026-10-01"]);
    district.section_mut(SECTION).terms = vec![shorter.clone(), short.clone()];
    let [at_classlink, _] = pupils(&district, TODAY);
    assert_eq!(at_classlink, Some(size));
    let [at_classlink, _] = pupils(&district, date(2026, 11, 25));
    assert_eq!(at_classlink, Some(0));
    district.section_mut(SECTION).terms = vec![short.clone()];
    assert_eq!(pupils(&district, TODAY), [Some(size); 2]);
    assert_eq!(pupils(&district, date(2026, 11, 25)), [Some(0); 2]);
    assert_eq!(pupils(&district, date(2026, 8, 31)), [Some(0); 2]);
    // A term that is gone explains nothing; a section of which all terms are gone is gone.
    district.status.to_be_deleted.insert(short);
    assert_eq!(pupils(&district, TODAY), [None, Some(size)]);
    district.section_mut(SECTION).terms.push(shorter);
    assert_eq!(pupils(&district, TODAY)[0], Some(0));
}

#[test]
fn what_is_not_known_is_no_end() {
    for days in [["", ""], ["2026-11-01", "2026-10-01"], ["x", "1/1/2020"]] {
        let (mut district, size) = with_terms(&[]);
        let odd = district.add_term("Odd", days);
        let over = district.add_term("Over", ["2026-08-31", "2026-10-01"]);
        district.section_mut(SECTION).terms = vec![odd, over.clone()];
        assert_eq!(pupils(&district, TODAY)[0], Some(size), "{days:?}");
        district.section_mut(SECTION).terms = vec!["nowhere".to_owned(), over];
        assert_eq!(pupils(&district, TODAY)[0], Some(size));
    }
}

#[test]
fn an_enrollment_has_days_at_classlink_alone() {
    let (mut district, size) = with_terms(&[]);
    let pupil = district.section_named(SECTION).students[0].clone();
    for (days, counts) in [
        (["2026-09-01", "2026-11-23"], false),
        (["2026-09-01", "2026-11-24"], true),
        (["2026-11-25", ""], false),
        (["2026-11-24", ""], true),
        (["2026-12-01", "2026-09-01"], true),
    ] {
        district.enroll_between(SECTION, &pupil, days);
        let expected = if counts { size } else { size - 1 };
        let found = pupils(&district, TODAY);
        assert_eq!(found, [Some(expected), Some(size)], "{days:?}");
    }
}

#[tokio::test]
async fn clever_tells_the_term_of_a_section() {
    let (mut district, _) = with_terms(&[]);
    let id = district.add_term("Short", ["2026-09-01", "2026-11-24"]);
    district.section_mut(SECTION).terms = vec![id.clone()];
    let section = district.section_named(SECTION).id.clone();
    let year = district.terms[0].id.clone();
    let two = district.sections.iter().find(|one| one.terms.len() == 2);
    let two = two.unwrap().id.clone();
    let clever = at_clever(district).await;
    let terms = ask_clever(&clever, "terms").await.json;
    assert_eq!(terms["data"].as_array().unwrap().len(), 4);
    let term = ask_clever(&clever, &format!("terms/{id}")).await.json;
    let [first, last] = ["start_date", "end_date"].map(|field| &term["data"][field]);
    assert_eq!((first, last), (&json!("2026-09-01"), &json!("2026-11-24")));
    for (section, term) in [(&section, &id), (&two, &year)] {
        let row = ask_clever(&clever, &format!("sections/{section}")).await;
        assert_eq!(row.json["data"]["term_id"], json!(term));
        let own = ask_clever(&clever, &format!("sections/{section}/term")).await;
        assert_eq!(own.json["data"]["id"], json!(term));
    }
    let held = ask_clever(&clever, &format!("terms/{id}/sections")).await;
    assert_eq!(held.json["data"][0]["data"]["id"], json!(section));
    for status in [403, 404, 501] {
        clever.rules(|rules| rules.hidden_terms = Some(status));
        assert_eq!(ask_clever(&clever, "terms").await.status, status);
        assert_eq!(ask_clever(&clever, "sections").await.status, 200);
    }
}

#[tokio::test]
async fn classlink_tells_sessions_and_the_days_of_enrollments() {
    let (mut district, _) = with_terms(&[]);
    let id = district.add_term("Short", ["2026-09-01", "2026-11-24"]);
    district.section_mut(SECTION).terms = vec![id.clone()];
    let section = district.section_named(SECTION).clone();
    let pupil = &section.students[0];
    district.enroll_between(SECTION, pupil, ["2026-09-01", "2026-11-23"]);
    district.status.to_be_deleted.insert(id.clone());
    let (year, fall) = (district.terms[0].id.clone(), district.terms[1].id.clone());
    let server = at_classlink(district, Sessions::Shown).await;

    let one = async |path: String, kind: &str| ask(&server, &path).await.json[kind].clone();
    let class = one(format!("classes/{}", section.id), "class").await;
    assert_eq!(class["terms"][0]["sourcedId"], json!(id));
    let term = one(format!("terms/{id}"), "academicSession").await;
    assert_eq!(term["status"], json!("tobedeleted"));
    assert_eq!(term["endDate"], json!("2026-11-24"));
    let term = one(format!("academicSessions/{year}"), "academicSession").await;
    assert_eq!(term["type"], json!("schoolYear"));
    assert_eq!(term["children"][0]["sourcedId"], json!(fall));
    let of_pupil = enrollment_id(&section.id, pupil);
    let row = one(format!("enrollments/{of_pupil}"), "enrollment").await;
    let days = [&row["beginDate"], &row["endDate"]];
    assert_eq!(days, [&json!("2026-09-01"), &json!("2026-11-23")]);
    let of_another = enrollment_id(&section.id, &section.students[1]);
    let row = one(format!("enrollments/{of_another}"), "enrollment").await;
    assert_eq!([&row["beginDate"], &row["endDate"]], [&json!(""); 2]);
    let held = ask(&server, &format!("terms/{id}/classes")).await.json;
    assert_eq!(held["classes"][0]["sourcedId"], json!(section.id));
    assert_eq!(held["classes"].as_array().map(Vec::len), Some(1));
    assert_eq!(ask(&server, "terms/nowhere/classes").await.status, 404);
}

#[tokio::test]
async fn sessions_can_be_hidden_missing_or_misnamed() {
    let statuses = async |sessions| {
        let server = at_classlink(District::example(), sessions).await;
        let mut statuses = Vec::new();
        for path in ["academicSessions", "terms", "classes"] {
            statuses.push(ask(&server, path).await.status);
        }
        statuses
    };
    assert_eq!(statuses(Sessions::Refused(403)).await, [403, 403, 200]);
    assert_eq!(statuses(Sessions::Refused(404)).await, [404, 404, 200]);
    assert_eq!(statuses(Sessions::TermsAlone).await, [404, 200, 200]);
    let server = at_classlink(District::example(), Sessions::Misnamed).await;
    let page = ask(&server, "academicSessions").await.json;
    assert_eq!(page["academicSessions"], Value::Null);
    assert_eq!(page["sessions"].as_array().map(Vec::len), Some(3));
}
