//! What dates, guards, approvals and grace say in the summary and in the changes.

use roster_sync::config::options::{AdobeOnlyUserAction, Mode};
use roster_sync::reconcile::ending::Ended;
use roster_sync::reconcile::guard::Checked;
use roster_sync::reconcile::outcome::Outcomes;
use roster_sync::reconcile::plan::Removal;
use roster_sync::report::{Status, changes_ndjson, head_of, summary_json, summary_txt};
use serde_json::{Value, json};

use super::dated::{self, ending, fall, forecast, losing};
use super::fixture::{self, options};

fn summary(checked: &Checked, mode: Mode, status: Status) -> (String, Value) {
    let options = options(mode, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.status = status;
    input.checked = Some(checked);
    input.held_hash = Some("abc123").filter(|_| !checked.held.is_empty());
    let text = summary_txt(&input);
    let (_block, below) = text.split_once("\n\n").unwrap_or((&text, ""));
    (below.to_owned(), summary_json(&input))
}

fn text(checked: &Checked) -> String {
    summary(checked, Mode::Apply, Status::Complete).0
}

#[test]
fn the_summary_tells_what_is_held_what_dates_ended_and_what_comes() {
    let (text, _) = summary(&dated::checked(), Mode::Apply, Status::Held);
    insta::assert_snapshot!(text);
    let widest = text.lines().skip(1).map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?}");
}

#[test]
fn programs_read_the_same() {
    let (_, summary) = summary(&dated::checked(), Mode::Apply, Status::Held);
    let fields = [
        "planned",
        "held",
        "approvals",
        "ended",
        "waiting",
        "forecast",
    ];
    let told: serde_json::Map<_, _> = fields
        .map(|name| (name.to_owned(), summary[name].clone()))
        .into_iter()
        .collect();
    insta::assert_snapshot!(format!("{:#}", Value::Object(told)));
    let head = head_of(&summary);
    assert!(fields.iter().all(|name| head.get(name).is_none()));
}

#[test]
fn without_dates_and_guards_there_is_nothing_to_say() {
    let checked = Checked::default();
    let (text, summary) = summary(&checked, Mode::Apply, Status::Complete);
    assert_eq!(text, "");
    assert_eq!(summary["ended"], json!([]));
    assert_eq!(summary["forecast"], json!([]));
    assert_eq!(summary["approvals"], json!([]));
    assert_eq!(summary["waiting"], json!({"count": 0, "next": null}));
    assert_eq!(summary["held"]["approve"], Value::Null);
}

#[test]
fn the_numbers_of_what_ended_add_up() {
    let checked = dated::checked();
    let (_, summary) = summary(&checked, Mode::Apply, Status::Held);
    let rows = summary["ended"].as_array().unwrap();
    let number = |value: &Value| value.as_u64().unwrap();
    let licences: u64 = rows.iter().map(|row| number(&row["licences"])).sum();
    let by_group = rows
        .iter()
        .flat_map(|row| row["adobe_groups"].as_object().unwrap().values());
    assert_eq!(by_group.map(number).sum::<u64>(), licences);
    let planned = &summary["planned"];
    assert_eq!(number(&planned["memberships_ended"]), licences);
    assert_eq!(number(&planned["memberships_removed"]), licences + 3);
    let forecast = summary["forecast"].as_array().unwrap();
    assert_eq!(
        forecast.iter().map(|row| number(&row["end"])).sum::<u64>(),
        1941
    );
}

#[test]
fn a_date_of_something_that_is_held_ends_nothing() {
    let term = ending("2026-11-22", fall(), "classes::Art 1::students");
    let mut checked = Checked::default();
    // A guard took Spark out of the change and left the rest as it was.
    let mut change = losing(
        "ann@example.org",
        &["Spark", "Stock"],
        &[("Spark", term.clone()), ("Stock", term)],
        &[],
    );
    let mut kept = dated::held(change.clone(), &[]);
    change.remove = Removal::Groups(fixture::groups(&["Stock"]));
    checked.plan.changes = vec![change];
    kept.removal = Removal::Groups(fixture::groups(&["Spark"]));
    checked.held = vec![kept];
    let (_, summary) = summary(&checked, Mode::Apply, Status::Held);
    assert_eq!(summary["ended"][0]["adobe_groups"], json!({"Stock": 1}));
    assert_eq!(summary["held"]["memberships"], 1);
    let lines = changes_ndjson(
        &checked,
        &Outcomes::nothing_sent(&checked.plan),
        Mode::Apply,
    );
    let line: Value = serde_json::from_str(&lines).unwrap();
    let groups = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(groups(&line["ended"]), ["Stock"]);
    assert_eq!(groups(&line["held"][0]["ended"]), ["Spark"]);
}

#[test]
fn a_semester_that_ends_is_one_line() {
    let checked = dated::semester(1940);
    let (text, summary) = summary(&checked, Mode::Apply, Status::Complete);
    assert_eq!(
        text,
        "Licences that ended by date\n  1,940 ended with the term 'Fall 2026' (last day 2026-11-22): All Apps 1,940\n"
    );
    assert_eq!(
        summary["ended"],
        json!([{
            "cause": "term", "term": "Fall 2026", "last_day": "2026-11-22", "licences": 1940,
            "adobe_groups": {"All Apps": 1940},
        }])
    );
}

#[test]
fn what_was_not_sent_has_not_ended_yet() {
    let checked = dated::semester(1);
    for (mode, status) in [
        (Mode::Plan, Status::Complete),
        (Mode::Test, Status::Complete),
        (Mode::Apply, Status::Partial),
    ] {
        let (text, _) = summary(&checked, mode, status);
        assert!(
            text.contains("Licences that end by date\n  1 end with "),
            "{text}"
        );
    }
}

#[test]
fn of_many_dates_the_largest_are_listed_and_the_rest_counted() {
    let mut checked = Checked::default();
    let ends_on = |number: usize, last_day: &str| {
        let email = format!("p{number}@example.org");
        let end = ending(last_day, Ended::Enrollment, "classes::Art 1::students");
        losing(&email, &["Spark"], &[("Spark", end)], &[])
    };
    checked.plan.changes = (1..=25)
        .map(|n| ends_on(n, &format!("2026-10-{n:02}")))
        .collect();
    checked.plan.changes.push(ends_on(26, "2026-10-25"));
    let text = text(&checked);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 22);
    assert_eq!(
        lines[1],
        "  2 ended with the enrollment (last day 2026-10-25): Spark 2"
    );
    assert_eq!(lines[21], "  … and 5 with 5 more dates, see summary.json");
}

#[test]
fn a_long_forecast_is_told_by_day_and_a_longer_one_cut() {
    let mut checked = Checked::default();
    let days = |number| {
        (1..=number).flat_map(|n| {
            let on = format!("2026-12-{n:02}");
            [
                forecast(&on, "All Apps", 1, 1000),
                forecast(&on, "Spark", 0, 2),
            ]
        })
    };
    checked.plan.forecast = days(10).collect();
    assert!(text(&checked).contains("  2026-12-10  Spark: 2 end\n"));
    checked.plan.forecast = days(11).collect();
    let by_day = text(&checked);
    assert_eq!(by_day.lines().count(), 12);
    assert!(
        by_day.contains("  2026-12-11  2 Adobe groups: 1,002 end, 1 begins\n"),
        "{by_day}"
    );
    checked.plan.forecast = days(25).collect();
    let cut = text(&checked);
    assert_eq!(cut.lines().count(), 22);
    assert!(
        cut.ends_with("  … and 5 more days: 5,010 end, 5 begin, see summary.json\n"),
        "{cut}"
    );
}

#[test]
fn a_test_tells_what_an_approval_would_let_through() {
    let checked = Checked {
        approvals: dated::approvals(),
        ..Checked::default()
    };
    let (text, _) = summary(&checked, Mode::Test, Status::Complete);
    insta::assert_snapshot!(text, @"
    Approvals
      half.json: would let through 2 of the 3 things that it names; the other one is not planned any more.
      late.json: would let through none of the 2 things that it names; nothing of it is planned any more.
      typo.json: refused. Its hash is not that of the hold.
      word.json: refused. It is not JSON.
    ");
}

#[test]
fn an_account_that_is_not_made_has_neither_before_nor_after() {
    let checked = dated::checked();
    let outcomes = Outcomes::nothing_sent(&checked.plan);
    let lines = changes_ndjson(&checked, &outcomes, Mode::Apply);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |email: &str| lines.iter().find(|line| line["email"] == email).unwrap();
    let ida = of("ida@example.org");
    assert_eq!(ida["outcome"], "held");
    assert_eq!(
        (&ida["before"], &ida["after"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(ida["why"], json!({}));
    assert_eq!(
        ida["held"],
        json!([{"removal": null, "creation": true, "ended": {}, "findings": ["identity-settings-changed"]}])
    );
    assert_eq!(
        of("ben@example.org")["ended"]["Spark"],
        json!({
            "cause": "term", "term": "Fall 2026", "last_day": "2026-11-22",
            "directory_group": "classes::Art 1::students",
        })
    );
    assert_eq!(of("gus@example.org")["ended"], json!({}));
}
