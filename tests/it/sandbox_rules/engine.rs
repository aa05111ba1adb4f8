//! The engine, and a function that answers what the story wants.

use std::time::Duration;

use serde_json::{Value, json};

use super::clock;
use crate::simulators::engine::{Engine, Next};
use crate::simulators::runtime::Answer;

const RUN_ID: &str = "20261124T120000Z-0123abcd";

fn start(trigger: Value) -> Engine {
    Engine::start(trigger, "nightly-1", clock().now())
}

fn goes_on(wait: u64) -> Answer {
    Answer::Response(json!({"status": "continue", "run_id": RUN_ID, "wait_seconds": wait}))
}

fn error(error_type: &str) -> Answer {
    Answer::Error {
        error_type: error_type.to_owned(),
        message: "what happened".to_owned(),
    }
}

fn after(seconds: u64) -> Next {
    Next::Event(Duration::from_secs(seconds))
}

#[test]
fn the_first_event_is_the_triggers_own_with_the_time_and_the_name_of_the_execution() {
    let engine = start(json!({"trigger": "schedule", "scheduled_time": "2026-11-24T11:59:00Z"}));
    let event = json!({
        "trigger": "schedule",
        "scheduled_time": "2026-11-24T11:59:00Z",
        "time": "2026-11-24T12:00:00Z",
        "execution": "nightly-1",
    });
    assert_eq!(*engine.event(), event);
    assert_eq!(engine.slice(), 1);
}

#[test]
fn a_pass_goes_on_by_its_id_until_it_ends() {
    let mut engine = start(json!({}));
    let now = clock().now();
    assert_eq!(engine.answered(goes_on(40), now), after(40));
    assert_eq!(*engine.event(), json!({"run_id": RUN_ID, "slice": 2}));
    assert_eq!(engine.answered(goes_on(3000), now), after(3000));
    assert_eq!(*engine.event(), json!({"run_id": RUN_ID, "slice": 3}));
    let head = json!({"status": "complete", "run_id": RUN_ID});
    let ended = engine.answered(Answer::Response(head.clone()), now);
    assert_eq!(ended, Next::Ended(head));
}

#[test]
fn a_slice_that_died_is_sent_again_as_it_was() {
    let mut engine = start(json!({}));
    let now = clock().now();
    let first = engine.event().clone();
    assert_eq!(engine.answered(error("Lambda.Unknown"), now), after(10));
    assert_eq!(*engine.event(), first);
    assert_eq!(engine.answered(goes_on(0), now), after(0));
    let second = engine.event().clone();
    for (name, wait) in [
        ("Runtime.ExitError", 10),
        ("Sandbox.Timedout", 20),
        ("States.Timeout", 40),
        ("StoreUnavailable", 80),
        ("Lambda.Unknown", 160),
    ] {
        assert_eq!(engine.answered(error(name), now), after(wait));
        assert_eq!(*engine.event(), second);
    }
    let close = json!({"error": "Lambda.Unknown", "cause": "what happened"});
    assert_eq!(engine.answered(error("Lambda.Unknown"), now), after(0));
    assert_eq!(*engine.event(), json!({"run_id": RUN_ID, "close": close}));
    let closed = Answer::Response(json!({"status": "failed"}));
    let failed = Next::Failed(error("Lambda.Unknown"));
    assert_eq!(engine.answered(closed, now), failed);
}

#[test]
fn an_answer_gives_back_all_retries() {
    let mut engine = start(json!({}));
    let now = clock().now();
    for _ in 0..10 {
        assert_eq!(engine.answered(error("Lambda.Unknown"), now), after(10));
        assert_eq!(engine.answered(goes_on(1), now), after(1));
    }
}

#[test]
fn a_pass_that_cannot_begin_is_closed_by_its_first_event() {
    let mut engine = start(json!({"mode": "test"}));
    let now = clock().now();
    let mut close = engine.event().clone();
    close["close"] = json!({"error": "ConfigInvalid", "cause": "what happened"});
    assert_eq!(engine.answered(error("ConfigInvalid"), now), after(0));
    assert_eq!(*engine.event(), close);
}

#[test]
fn starting_over_is_the_first_event_at_another_time() {
    let mut engine =
        start(json!({"trigger": "schedule", "scheduled_time": "2026-11-24T11:59:00Z"}));
    let time = clock();
    engine.answered(goes_on(40), time.now());
    time.advance(Duration::from_hours(21));
    let void = json!({"status": "partial", "run_id": RUN_ID, "start_over": true});
    let next = engine.answered(Answer::Response(void), time.now());
    assert_eq!(next, after(0));
    let event = json!({
        "trigger": "schedule",
        "scheduled_time": null,
        "time": "2026-11-25T09:00:00Z",
        "execution": "nightly-1",
    });
    assert_eq!(*engine.event(), event);
    assert_eq!(engine.slice(), 1);
}
