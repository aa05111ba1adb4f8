//! `latest/progress.json`.

use jiff::Timestamp;
use roster_sync::config::options::Mode;
use roster_sync::report::{
    ActionsDone, ProgressInput, ProgressState, Status, expected_end, progress_json,
};
use serde_json::{Value, json};

use super::fixture::{RUN_ID, time};

fn working() -> ProgressInput<'static> {
    ProgressInput {
        run_id: RUN_ID,
        mode: Mode::Apply,
        slice: 2,
        stage: "execute",
        actions: Some(ActionsDone {
            total: 5000,
            done: 1300,
        }),
        state: ProgressState::Working,
        expected_end: Some(time("2026-11-24T05:52:01Z")),
        updated: time("2026-11-24T05:15:01.250Z"),
    }
}

fn pretty(input: &ProgressInput<'_>) -> String {
    serde_json::to_string_pretty(&progress_json(input)).unwrap()
}

#[test]
fn a_pass_at_work_tells_how_much_is_left_and_when_it_ends() {
    insta::assert_snapshot!(pretty(&working()), @r#"
    {
      "actions": {
        "done": 1300,
        "left": 3700,
        "total": 5000
      },
      "expected_end": "2026-11-24T05:52:01Z",
      "mode": "apply",
      "run_id": "20261124T050000Z-0123abcd",
      "schema": 1,
      "slice": 2,
      "stage": "execute",
      "state": "working",
      "status": null,
      "updated": "2026-11-24T05:15:01.25Z",
      "waiting_for": null,
      "waiting_until": null
    }
    "#);
}

#[test]
fn a_pass_that_waits_tells_until_when_and_what_for() {
    let waiting = ProgressInput {
        state: ProgressState::Waiting {
            until: time("2026-11-24T05:52:00Z"),
            why: "Adobe gives no full list of users before then",
        },
        stage: "adobe",
        actions: None,
        expected_end: None,
        ..working()
    };
    insta::assert_snapshot!(pretty(&waiting), @r#"
    {
      "actions": null,
      "expected_end": null,
      "mode": "apply",
      "run_id": "20261124T050000Z-0123abcd",
      "schema": 1,
      "slice": 2,
      "stage": "adobe",
      "state": "waiting",
      "status": null,
      "updated": "2026-11-24T05:15:01.25Z",
      "waiting_for": "Adobe gives no full list of users before then",
      "waiting_until": "2026-11-24T05:52:00Z"
    }
    "#);
}

#[test]
fn a_pass_that_is_over_has_a_status_and_expects_no_end() {
    let word = |status| {
        let ended = ProgressInput {
            state: ProgressState::Ended { status },
            ..working()
        };
        let ended = progress_json(&ended);
        assert_eq!(ended["state"], "ended");
        assert_eq!(ended["expected_end"], Value::Null);
        assert_eq!(ended["waiting_until"], Value::Null);
        ended["status"].clone()
    };
    assert_eq!(word(Status::Complete), "complete");
    assert_eq!(word(Status::Partial), "partial");
    assert_eq!(word(Status::Held), "held");
    assert_eq!(word(Status::Failed), "failed");
}

#[test]
fn every_state_has_the_same_fields() {
    let fields = |state| {
        let progress = progress_json(&ProgressInput { state, ..working() });
        let fields = progress.as_object().unwrap().keys().cloned();
        fields.collect::<Vec<String>>()
    };
    let until = time("2026-11-24T05:52:00Z");
    let working = fields(ProgressState::Working);
    assert_eq!(fields(ProgressState::Waiting { until, why: "" }), working);
    let status = Status::Complete;
    assert_eq!(fields(ProgressState::Ended { status }), working);
}

#[test]
fn more_done_than_planned_leaves_nothing() {
    let progress = progress_json(&ProgressInput {
        actions: Some(ActionsDone { total: 3, done: 4 }),
        ..working()
    });
    assert_eq!(
        progress["actions"],
        json!({"total": 3, "done": 4, "left": 0})
    );
}

#[test]
fn batches_go_out_at_a_steady_pace_after_the_wait() {
    let now = time("2026-11-24T05:00:00Z");
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let later = Some(at("2026-11-24T05:50:00Z"));
    let earlier = Some(at("2026-11-24T04:50:00Z"));
    assert_eq!(expected_end(now, 500, 10, None), at("2026-11-24T05:50:00Z"));
    assert_eq!(
        expected_end(now, 500, 10, later),
        at("2026-11-24T06:40:00Z")
    );
    assert_eq!(
        expected_end(now, 500, 10, earlier),
        at("2026-11-24T05:50:00Z")
    );
    assert_eq!(expected_end(now, 0, 10, None), now);
    assert_eq!(expected_end(now, 0, 10, later), at("2026-11-24T05:50:00Z"));
}

#[test]
fn an_expected_end_is_a_whole_second_and_never_too_early() {
    let now = time("2026-11-24T05:00:00.001Z");
    let end = |batches, per_minute| expected_end(now, batches, per_minute, None).to_string();
    assert_eq!(end(0, 10), "2026-11-24T05:00:01Z");
    assert_eq!(end(1, 10), "2026-11-24T05:00:07Z");
    assert_eq!(end(1, 7), "2026-11-24T05:00:09Z");
}

#[test]
fn without_a_pace_nothing_holds_batches_back() {
    let now = time("2026-11-24T05:00:00Z");
    assert_eq!(expected_end(now, 5000, 0, None), now);
}

#[test]
fn no_number_of_batches_is_too_large() {
    let now = time("2026-11-24T05:00:00Z");
    assert!(expected_end(now, usize::MAX, 1, None) > now);
    assert!(expected_end(Timestamp::MAX, usize::MAX, 1, None) >= now);
}
