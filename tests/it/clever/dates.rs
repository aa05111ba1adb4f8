//! Terms.

use std::collections::BTreeSet;

use jiff::civil::date;
use roster_sync::model::id::RosterId;
use roster_sync::model::period::Period;
use roster_sync::model::roster::{Collection, Needs, Roster};
use serde_json::{Value, json};

use super::{
    Collections, Response, everything, ids, page, read, requests, script, serve, small, students,
};

fn with_terms() -> Needs {
    Needs {
        terms: true,
        ..everything()
    }
}

/// The small district with these terms, which the first section refers to as it says.
fn with(terms: Vec<Value>, field: &str, term: Value) -> Collections {
    let mut collections = small();
    collections.get_mut("sections").unwrap()[0][field] = term;
    collections.insert("terms", terms);
    collections
}

fn fall() -> Value {
    json!({"id": "fall", "name": "Fall", "start_date": "2026-08-31", "end_date": "2027-01-29T00:00:00.000Z",
        "district": "d-1"})
}

fn terms_of(roster: &Roster, class: &str) -> Vec<String> {
    let terms = roster.classes[&RosterId::new(class)].terms.iter();
    terms.map(|id| id.as_str().to_owned()).collect()
}

#[tokio::test]
async fn a_term_has_a_name_and_days_and_sections_refer_to_it() {
    let world = serve(with(vec![fall()], "term_id", json!("fall"))).await;
    let roster = read(&world, &with_terms()).await.unwrap();
    assert_eq!(ids(&roster.terms), ["fall"]);
    let term = roster.terms.values().next().unwrap();
    assert_eq!(term.title.as_deref(), Some("Fall"));
    let autumn = Period {
        first: Some(date(2026, 8, 31)),
        last: Some(date(2027, 1, 29)),
    };
    assert_eq!((term.active, term.period), (true, autumn));
    assert_eq!(terms_of(&roster, "section-1"), ["fall"]);
    assert!(terms_of(&roster, "section-2").is_empty());
    assert_eq!(requests(&world.0, "terms"), 1);
    assert!(roster.notices.is_empty() && roster.skipped.is_empty());
}

#[tokio::test]
async fn terms_have_pages() {
    let terms = ["a", "b", "c"].map(|id| json!({"id": id, "name": id}));
    let world = serve(with(terms.into(), "term_id", json!("a"))).await;
    let roster = read(&world, &with_terms()).await.unwrap();
    assert_eq!(ids(&roster.terms), ["a", "b", "c"]);
    assert_eq!(requests(&world.0, "terms"), 2);
}

#[tokio::test]
async fn terms_are_not_asked_for_where_nobody_needs_them() {
    let name = BTreeSet::from(["name".to_owned()]);
    let of_schools = Needs {
        match_attributes: [(Collection::Schools, name)].into(),
        terms: true,
        ..students()
    };
    for needs in [everything(), of_schools] {
        let world = serve(with(vec![fall()], "term_id", json!("fall"))).await;
        let roster = read(&world, &needs).await.unwrap();
        assert!(roster.terms.is_empty() && roster.notices.is_empty());
        assert_eq!(requests(&world.0, "terms"), 0);
    }
}

#[tokio::test]
async fn hidden_terms_are_a_notice_after_one_request() {
    for status in [403, 404, 501] {
        let world = serve(with(Vec::new(), "term_id", json!("fall"))).await;
        script(&world.0, "terms", vec![Response::empty(status)]);
        let roster = read(&world, &with_terms()).await.unwrap();
        assert!(roster.terms.is_empty());
        assert_eq!(roster.notices.len(), 1);
        assert!(roster.notices[0].contains("the dates of terms are not known"));
        assert_eq!(requests(&world.0, "terms"), 1, "{status}");
    }
}

#[tokio::test]
async fn terms_that_end_in_the_middle_are_no_roster() {
    let world = serve(with(Vec::new(), "term_id", json!("fall"))).await;
    let first = Response::json(200, &page(&[fall(), json!({"id": "g"})], true));
    script(&world.0, "terms", vec![first, Response::empty(404)]);
    assert!(read(&world, &with_terms()).await.is_err());
}

#[tokio::test]
async fn no_terms_are_told_where_sections_name_some() {
    let named = serve(with(Vec::new(), "term_id", json!("fall"))).await;
    let roster = read(&named, &with_terms()).await.unwrap();
    assert!(roster.notices[0].contains("the dates of terms are not known"));
    let unnamed = serve(with(Vec::new(), "term_id", json!(null))).await;
    let roster = read(&unnamed, &with_terms()).await.unwrap();
    assert!(roster.notices.is_empty());
}

#[tokio::test]
async fn sections_refer_to_terms_in_any_way() {
    for (field, term, expected) in [
        ("term_id", json!("fall"), &["fall"][..]),
        ("term_id", json!(7), &["7"]),
        ("term_id", json!(""), &[]),
        ("term", json!("fall"), &["fall"]),
        ("term", json!(["fall", "spring"]), &["fall", "spring"]),
        // Nobody knows which.
        ("term_id", json!({"odd": 1}), &[""]),
    ] {
        let world = serve(with(vec![fall()], field, term.clone())).await;
        let roster = read(&world, &with_terms()).await.unwrap();
        assert_eq!(terms_of(&roster, "section-1"), expected, "{term}");
        assert!(roster.skipped.is_empty());
    }
}

#[tokio::test]
async fn a_date_that_cannot_be_used_is_absent_and_told() {
    let terms = vec![
        json!({"id": "a", "name": "", "start_date": "8/31/2026", "end_date": null}),
        json!({"id": "b", "start_date": "2027-01-29", "end_date": "2026-08-31"}),
        json!({"id": "c", "end_date": {"odd": 1}}),
    ];
    let world = serve(with(terms, "term_id", json!("a"))).await;
    let roster = read(&world, &with_terms()).await.unwrap();
    let periods: Vec<Period> = roster.terms.values().map(|term| term.period).collect();
    let reversed = Period {
        first: Some(date(2027, 1, 29)),
        last: Some(date(2026, 8, 31)),
    };
    assert_eq!(periods, [Period::ALWAYS, reversed, Period::ALWAYS]);
    assert!(roster.terms.values().all(|term| term.title.is_none()));
    assert_eq!(roster.notices.len(), 2);
    assert!(
        roster.notices[0]
            .starts_with("Dates that cannot be read count as absent: those of 2 terms.")
    );
    assert!(roster.notices[1].contains("those of 1 term."));
}
