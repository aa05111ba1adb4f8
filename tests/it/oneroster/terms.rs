//! Terms of classes.

use jiff::civil::{Date, date};
use roster_sync::model::id::RosterId;
use roster_sync::model::period::Period;
use roster_sync::model::roster::{Class, Collection, Needs, Roster, Term};
use serde_json::{Value, json};

use super::district::{District, class, reference};
use super::{
    BOTH, Response, asked, chain, hide, needs, read, read_by, requests, script, serve, small,
};

/// Everything of the course, with the terms of its classes.
pub(super) fn art() -> Needs {
    Needs {
        terms: true,
        ..needs(&[(Collection::Courses, "Art", &BOTH)])
    }
}

pub(super) fn session(id: &str, first: &str, last: &str) -> Value {
    json!({"sourcedId": id, "status": "active", "title": format!("Title {id}"), "startDate": first, "endDate": last,
        "type": "term", "parent": reference("year"), "schoolYear": "2027"})
}

/// The small district with these sessions.
pub(super) fn with(sessions: Vec<Value>) -> District {
    let mut district = small();
    *district.rows("academicSessions") = sessions;
    district
}

pub(super) fn fall() -> Value {
    session("term-1", "2026-08-31", "2027-01-29")
}

pub(super) fn between(first: Date, last: Date) -> Period {
    Period {
        first: Some(first),
        last: Some(last),
    }
}

pub(super) const AUTUMN: [Date; 2] = [date(2026, 8, 31), date(2027, 1, 29)];

pub(super) fn term<'a>(roster: &'a Roster, id: &str) -> &'a Term {
    &roster.terms[&RosterId::new(id)]
}

pub(super) fn class_of<'a>(roster: &'a Roster, id: &str) -> &'a Class {
    &roster.classes[&RosterId::new(id)]
}

fn terms_of(roster: &Roster, class: &str) -> Vec<String> {
    let terms = class_of(roster, class).terms.iter();
    terms.map(|id| id.as_str().to_owned()).collect()
}

#[tokio::test]
async fn a_term_has_a_title_and_days_and_classes_refer_to_it() {
    let world = serve(with(vec![
        fall(),
        session("year", "2026-08-31", "2027-06-18"),
    ]))
    .await;
    let roster = read(&world, &art()).await.unwrap();
    let found = term(&roster, "term-1");
    assert_eq!(found.title.as_deref(), Some("Title term-1"));
    assert!(found.active);
    assert_eq!(found.period, between(AUTUMN[0], AUTUMN[1]));
    assert_eq!(roster.terms.len(), 2);
    assert_eq!(terms_of(&roster, "class-1"), ["term-1"]);
    assert_eq!(requests(&world.0, "academicSessions"), 1);
    assert_eq!(requests(&world.0, "terms"), 0);
    assert!(roster.notices.is_empty() && roster.skipped.is_empty());
}

#[tokio::test]
async fn terms_are_not_asked_for_where_nobody_needs_them() {
    let of_school = Needs {
        terms: true,
        ..needs(&[(Collection::Schools, "South", &BOTH)])
    };
    let without = Needs {
        terms: false,
        ..art()
    };
    for needs in [of_school, without] {
        let world = serve(with(vec![fall()])).await;
        let roster = read(&world, &needs).await.unwrap();
        assert!(roster.terms.is_empty() && roster.notices.is_empty());
        assert!(!asked(&world.0).contains_key("academicSessions"));
    }
}

#[tokio::test]
async fn a_server_without_sessions_may_have_terms() {
    for status in [403, 404, 501] {
        let mut district = small();
        *district.rows("terms") = vec![fall()];
        let world = serve(district).await;
        hide(&world.0, status, &["academicSessions"]);
        let roster = read(&world, &art()).await.unwrap();
        assert_eq!(term(&roster, "term-1").period.last, Some(AUTUMN[1]));
        assert_eq!(requests(&world.0, "academicSessions"), 1, "{status}");
        assert!(roster.notices.is_empty());
    }
}

#[tokio::test]
async fn without_either_the_summary_says_so_after_two_requests() {
    for status in [403, 404, 501] {
        let world = serve(small()).await;
        hide(&world.0, status, &["academicSessions", "terms"]);
        let roster = read(&world, &art()).await.unwrap();
        assert!(roster.terms.is_empty() && roster.skipped.is_empty());
        assert_eq!(roster.notices.len(), 1, "{:?}", roster.notices);
        assert!(roster.notices[0].contains("the dates of terms are not known"));
        let asked = asked(&world.0);
        assert_eq!((asked["academicSessions"], asked["terms"]), (1, 1));
        assert_eq!(terms_of(&roster, "class-1"), ["term-1"]);
    }
}

#[tokio::test]
async fn no_sessions_at_all_is_told_where_classes_name_some() {
    let empty = || {
        let mut district = with(Vec::new());
        district.rows("terms").clear();
        district
    };
    let roster = read(&serve(empty()).await, &art()).await.unwrap();
    assert!(roster.notices[0].contains("the dates of terms are not known"));

    let mut district = empty();
    for row in district.rows("classes") {
        row["terms"] = json!(null);
    }
    let roster = read(&serve(district).await, &art()).await.unwrap();
    assert!(roster.notices.is_empty());
    assert!(terms_of(&roster, "class-1").is_empty());
}

#[tokio::test]
async fn sessions_that_fail_or_end_in_the_middle_are_no_roster() {
    let world = serve(with(vec![fall()])).await;
    hide(&world.0, 500, &["academicSessions"]);
    let error = read(&world, &art()).await.unwrap_err();
    assert!(chain(&error).contains("academic sessions"), "{error}");

    let world = serve(with(Vec::new())).await;
    let rows = json!({"academicSessions": [fall()]});
    let first = Response::json(200, &rows).with("x-total-count", "2");
    let script_of = vec![first, Response::empty(404)];
    script(&world.0, "academicSessions", script_of);
    assert!(read_by(&world, 1, &art()).await.is_err());
}

#[tokio::test]
async fn sessions_under_another_key_are_sessions() {
    for key in ["terms", "academicsessions", "sessions"] {
        let world = serve(small()).await;
        let body = json!({ key: [fall()] });
        script(
            &world.0,
            "academicSessions",
            vec![Response::json(200, &body)],
        );
        let roster = read(&world, &art()).await.unwrap();
        assert_eq!(roster.terms.len(), 1, "{key}");
    }
}

#[tokio::test]
async fn a_term_may_be_gone_open_or_without_a_title() {
    let mut gone = fall();
    gone["status"] = json!("tobedeleted");
    let world = serve(with(vec![
        gone,
        json!({"sourcedId": " open ", "title": null, "startDate": "2026-08-31T00:00:00.000Z", "endDate": ""}),
        json!({"sourcedId": 7, "title": {"odd": true}}),
        json!({"title": "no id"}),
    ]))
    .await;
    let roster = read(&world, &art()).await.unwrap();
    assert!(!term(&roster, "term-1").active);
    let open = term(&roster, "open");
    assert!(open.active && open.title.is_none());
    assert_eq!(
        (open.period.first, open.period.last),
        (Some(AUTUMN[0]), None)
    );
    assert_eq!(term(&roster, "7").period, Period::ALWAYS);
    assert_eq!(term(&roster, "7").title, None);
    assert_eq!(roster.skipped.len(), 1);
    assert!(roster.notices.is_empty());
}

#[tokio::test]
async fn classes_refer_to_terms_in_any_way() {
    let one = |terms: Value| {
        let mut row = class("class-1", "Art 1", "school-1", Some("course-1"));
        row.as_object_mut().unwrap().remove("terms");
        row.as_object_mut()
            .unwrap()
            .extend(terms.as_object().unwrap().clone());
        row
    };
    for (fields, expected) in [
        (
            json!({"terms": [reference("b"), reference(" a ")]}),
            &["a", "b"][..],
        ),
        (json!({"terms": reference("a")}), &["a"]),
        (json!({"terms": ["a", 7, null, ""]}), &["7", "a"]),
        (json!({"terms": "a"}), &["a"]),
        (json!({"term": reference("a")}), &["a"]),
        (json!({"termSourcedIds": "a, b,"}), &["a", "b"]),
        (json!({"termSourcedIds": ["a", "b"]}), &["a", "b"]),
        (json!({"terms": null}), &[]),
        (json!({"terms": []}), &[]),
        (json!({"terms": [{}]}), &[]),
        (json!({}), &[]),
        // Nobody knows which: a term beside those that are named.
        (
            json!({"terms": [{"href": "http://elsewhere.example/"}, "a"]}),
            &["", "a"],
        ),
        (json!({"terms": [true]}), &[""]),
    ] {
        let mut district = with(vec![fall()]);
        *district.rows("classes") = vec![one(fields.clone())];
        let roster = read(&serve(district).await, &art()).await.unwrap();
        assert_eq!(terms_of(&roster, "class-1"), expected, "{fields}");
        assert!(roster.skipped.is_empty());
    }
}

#[tokio::test]
async fn a_class_that_is_listed_twice_is_held_in_the_terms_of_both_rows() {
    let mut district = with(vec![fall()]);
    let mut again = class("class-1", "Art 1", "school-1", Some("course-1"));
    again["terms"] = json!([reference("term-2")]);
    district.rows("classes").push(again);
    let roster = read(&serve(district).await, &art()).await.unwrap();
    assert_eq!(terms_of(&roster, "class-1"), ["term-1", "term-2"]);
}
