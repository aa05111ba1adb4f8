//! What an engine sends: the first event of a pass with its own fields beside, further ones, and the last.

use super::*;

const RUN_ID: &str = "20261124T020000Z-1a2b3c4d";

fn nightly(time: &str, overrides: Overrides) -> Event {
    Event::Schedule {
        scheduled_time: Some(at(time)),
        by_engine: true,
        overrides,
    }
}

fn closed(event: &Value) -> (Event, String, String) {
    match parse(event) {
        Ok(Event::Close { pass, error, cause }) => (*pass, error, cause),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_schedule_through_an_engine_is_of_the_day_that_it_was_due() {
    let due = nightly("2026-11-24T02:00:00Z", Overrides::default());
    let file = include_str!("../../../events/engine-schedule.json");
    assert_eq!(shape(file), due);
    let event = json!({"trigger": "schedule", "time": "2026-11-24T02:00:05Z", "execution": "x", "users": "mapped"});
    let overrides = Overrides {
        users: Some(words(&["mapped"])),
        ..Overrides::default()
    };
    assert_eq!(
        parse(&event),
        Ok(nightly("2026-11-24T02:00:05Z", overrides))
    );
}

#[test]
fn what_starts_over_is_of_the_day_on_which_it_does() {
    let file = include_str!("../../../events/start-over.json");
    let again = nightly("2026-11-24T22:31:40Z", Overrides::default());
    assert_eq!(shape(file), again);
    let event = json!({"scheduled_time": null, "time": "2026-11-24T22:31:40Z", "execution": "x", "mode": "apply"});
    let Ok(Event::OnDemand {
        time, execution, ..
    }) = parse(&event)
    else {
        panic!("{event}")
    };
    assert_eq!(time, Some(at("2026-11-24T22:31:40Z")));
    assert_eq!(execution.as_deref(), Some("x"));
}

#[test]
fn a_schedules_own_event_may_come_through_an_engine() {
    let file = include_str!("../../../events/scheduler-default.json");
    let mut event: Value = serde_json::from_str(file).unwrap();
    event["execution"] = json!("nightly");
    event["scheduled_time"] = json!(null);
    let due = nightly("2026-11-24T02:00:00Z", Overrides::default());
    assert_eq!(parse(&event), Ok(due));
}

#[test]
fn null_is_absent_whatever_the_field() {
    let event = json!({
        "trigger": null, "source": null, "detail-type": null, "scheduled_time": null, "time": null, "execution": null,
        "slice": null, "close": null, "users": null, "user_filter": null, "adobe_only_user_list": null, "fresh": null,
        "nonsense": null,
    });
    assert_eq!(parse(&event), parse(&json!({})));
    let slice = json!({"run_id": RUN_ID, "slice": null, "close": null, "users": null});
    assert_eq!(parse(&slice), parse(&json!({"run_id": RUN_ID})));
    // A pass is meant that is there: no new one begins.
    assert!(parse(&json!({"run_id": null})).is_err());
}

#[test]
fn an_engine_that_gives_up_closes_the_pass() {
    let (pass, error, cause) =
        closed(&serde_json::from_str(include_str!("../../../events/close.json")).unwrap());
    assert_eq!(
        pass,
        Event::Slice {
            run_id: RUN_ID.to_owned(),
            by_engine: true
        }
    );
    assert_eq!(error, "Lambda.Unknown");
    assert_eq!(cause, "The Lambda function returned an unknown error.");
}

#[test]
fn an_engine_that_knows_no_pass_yet_names_it_by_its_first_event() {
    for file in [
        include_str!("../../../events/engine-schedule.json"),
        include_str!("../../../events/start-over.json"),
        include_str!("../../../events/first-slice.json"),
        include_str!("../../../events/scheduled-rule.json"),
    ] {
        let mut event: Value = serde_json::from_str(file).unwrap();
        let first = parse(&event).unwrap();
        event["close"] = json!({"error": "States.Timeout"});
        let expected = (first, "States.Timeout".to_owned(), String::new());
        assert_eq!(closed(&event), expected);
    }
}

#[test]
fn last_words_are_cut() {
    let long = "ä".repeat(2001);
    let event = json!({"run_id": RUN_ID, "close": {"error": long, "cause": long}});
    let (_, error, cause) = closed(&event);
    assert_eq!(error, "ä".repeat(2000));
    assert_eq!(cause, error);
    let (_, error, cause) = closed(&json!({"run_id": RUN_ID, "close": {"cause": null}}));
    assert_eq!((error.as_str(), cause.as_str()), ("", ""));
}

#[test]
fn nothing_else_may_stand_beside_or_inside() {
    insta::assert_snapshot!(refused(&json!({"run_id": RUN_ID, "close": {}, "slice": 2, "mode": "plan"})), @"
    'mode' is an option, and an event of this kind takes none
    'slice' is not a field of this event; known are: run_id, close
    ");
    insta::assert_snapshot!(refused(&json!({"run_id": RUN_ID, "close": {"Error": "x", "cause": 1}})), @"
    close: cause: a text is expected
    close: 'Error' is not a field of this event; did you mean 'error'? Known are: error, cause
    ");
    insta::assert_snapshot!(refused(&json!({"run_id": RUN_ID, "close": "Lambda.Unknown"})), @"close: an object is expected, with error and cause");
    insta::assert_snapshot!(refused(&json!({"trigger": "schedule", "close": {"error": "x", "cause": "y"}, "slice": 2})), @"'slice' is not a field of this event; known are: trigger, scheduled_time, time, execution, mode, fresh, test_mode, process_groups, update_user_info, users, adobe_only_user_action, strategy, adobe_users, adobe_only_user_list, user_filter, exclude_unmapped_users, connector, ssl_cert_verify, close");
}
