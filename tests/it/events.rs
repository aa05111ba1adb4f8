//! Every event shape that is accepted, and what is refused.

use jiff::Timestamp;
use roster_sync::config::options::Overrides;
use roster_sync::event::{Event, parse};
use serde_json::{Value, json};

fn shape(text: &str) -> Event {
    parse(&serde_json::from_str(text).unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn refused(event: &Value) -> String {
    parse(event).unwrap_err().to_string()
}

#[test]
fn the_templates_schedule() {
    let event = shape(include_str!("../../events/schedule.json"));
    let overrides = Overrides {
        test_mode: Some(false),
        ..Overrides::default()
    };
    assert_eq!(
        event,
        Event::Schedule {
            scheduled_time: Some(at("2026-11-24T02:00:00Z")),
            overrides
        }
    );
}

#[test]
fn a_schedule_may_come_through_an_engine() {
    let event = json!({"trigger": "schedule", "time": "2026-11-24T02:00:05Z", "execution": "x", "users": "mapped"});
    let overrides = Overrides {
        users: Some(words(&["mapped"])),
        ..Overrides::default()
    };
    let scheduled_time = Some(at("2026-11-24T02:00:05Z"));
    assert_eq!(
        parse(&event),
        Ok(Event::Schedule {
            scheduled_time,
            overrides
        })
    );
}

#[test]
fn schedules_without_an_input() {
    let overrides = Overrides::default();
    let event = shape(include_str!("../../events/scheduler-default.json"));
    assert_eq!(
        event,
        Event::Schedule {
            scheduled_time: Some(at("2026-11-24T02:00:00Z")),
            overrides: overrides.clone()
        }
    );
    let event = shape(include_str!("../../events/scheduled-rule.json"));
    assert_eq!(
        event,
        Event::Schedule {
            scheduled_time: Some(at("2026-11-24T02:00:05Z")),
            overrides
        }
    );
}

#[test]
fn on_demand() {
    let event = shape(include_str!("../../events/on-demand.json"));
    assert_eq!(
        event,
        Event::OnDemand {
            time: None,
            execution: None,
            overrides: Overrides::default()
        }
    );
    let event = shape(include_str!("../../events/on-demand-options.json"));
    let overrides = Overrides {
        mode: Some("plan".to_owned()),
        process_groups: Some(true),
        update_user_info: Some(false),
        users: Some(words(&["group", "Econ 101 - Period 2"])),
        adobe_only_user_action: Some("exclude".to_owned()),
        ..Overrides::default()
    };
    assert_eq!(
        event,
        Event::OnDemand {
            time: None,
            execution: None,
            overrides
        }
    );
}

#[test]
fn the_first_slice_of_an_engine() {
    let event = shape(include_str!("../../events/first-slice.json"));
    let overrides = Overrides {
        test_mode: Some(true),
        users: Some(words(&["group", "courses::Class 001, Homeroom::students"])),
        ..Overrides::default()
    };
    let execution = Some("nightly-2026-11-24".to_owned());
    assert_eq!(
        event,
        Event::OnDemand {
            time: Some(at("2026-11-24T02:00:05Z")),
            execution,
            overrides
        }
    );
}

#[test]
fn a_further_slice() {
    let event = shape(include_str!("../../events/slice.json"));
    assert_eq!(
        event,
        Event::Slice {
            run_id: "20261124T020000Z-1a2b3c4d".to_owned()
        }
    );
    assert!(parse(&json!({"run_id": "20261124T020000Z-1a2b3c4d"})).is_ok());
}

#[test]
fn every_file_of_the_folder_is_a_shape() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/events");
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 7);
    for file in files {
        shape(&std::fs::read_to_string(file).unwrap());
    }
}

#[test]
fn options_of_later_versions_may_hold_their_default() {
    let event = json!({
        "strategy": "sync", "adobe_users": ["all"], "adobe_only_user_list": null, "user_filter": "",
        "exclude_unmapped_users": false, "connector": "oneroster", "ssl_cert_verify": true, "fresh": true,
    });
    assert_eq!(
        parse(&event),
        Ok(Event::OnDemand {
            time: None,
            execution: None,
            overrides: Overrides::default()
        })
    );
}

#[test]
fn everything_wrong_is_said_at_once() {
    let event = json!({
        "proces_groups": true,
        "nonsense": 1,
        "test_mode": "maybe",
        "users": "file people.csv",
        "connector": "ldap",
        "strategy": "push",
        "adobe_only_user_action": ["write-file", "f.csv"],
        "user_filter": ".*@planted.example",
        "mode": "check",
        "time": "yesterday",
        "process_groups": {"a": 1},
    });
    let message = refused(&event);
    assert!(!message.contains("planted"));
    insta::assert_snapshot!(message, @"
    time: 'yesterday' is not a time such as 2026-11-24T02:00:00Z
    mode: check is not available in this version. Use plan, which sends nothing either
    test_mode: 'maybe' is neither Yes nor No
    process_groups: one value or a list of values is expected
    users: file is not possible here: people are read from the roster. Write all, mapped or group
    adobe_only_user_action: write-file is not available in this version. Use preserve, and mode: plan to see who is Adobe-only
    strategy: push is not available in this version. Write sync
    user_filter: this is not available in this version, and without it everybody of users is taken. Leave it out only if that is right; look at a plan first (mode: plan)
    connector: ldap is not possible here: people are read from a roster. Write oneroster, or leave this option out
    'nonsense' is not a field of this event; known are: time, execution, mode, fresh, test_mode, process_groups, update_user_info, users, adobe_only_user_action, strategy, adobe_users, adobe_only_user_list, user_filter, exclude_unmapped_users, connector, ssl_cert_verify
    'proces_groups' is not a field of this event; did you mean 'process_groups'? Known are: time, execution, mode, fresh, test_mode, process_groups, update_user_info, users, adobe_only_user_action, strategy, adobe_users, adobe_only_user_list, user_filter, exclude_unmapped_users, connector, ssl_cert_verify
    ");
}

#[test]
fn nothing_may_stand_beside_a_run_id() {
    insta::assert_snapshot!(refused(&json!({"run_id": "20261124T020000Z-1a2b3c4d", "test_mode": true})), @"'test_mode' is an option, and an event of this kind takes none");
    insta::assert_snapshot!(refused(&json!({"run_id": "../../x", "slice": -1})), @"
    slice: a number is expected
    run_id: this is not the id of a pass, such as 20261124T020000Z-1a2b3c4d
    ");
    insta::assert_snapshot!(refused(&json!({"run_id": "a", "close": {"error": "x", "cause": "y"}})), @"close is not available in this version");
    assert!(parse(&json!({"run_id": "a".repeat(65)})).is_err());
    insta::assert_snapshot!(refused(&json!({"run_id": null})), @"run_id: this is not the id of a pass, such as 20261124T020000Z-1a2b3c4d");
}

#[test]
fn what_comes_from_aws_is_recognized() {
    let uploaded = json!({"source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": {"name": "b"}}});
    insta::assert_snapshot!(refused(&uploaded), @"events of S3 are not available in this version. Use a schedule, or start a pass with {}");
    let options = json!({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {"test_mode": true}, "users": "all"});
    insta::assert_snapshot!(refused(&options), @r#"
    detail: a schedule's own event carries no options. Give the schedule an input instead: {"trigger": "schedule", …options}
    'users' is an option, and an event of this kind takes none
    "#);
    insta::assert_snapshot!(refused(&json!({"source": "aws.ec2", "detail-type": "Something"})), @"an event of 'aws.ec2' with detail-type 'Something' is not known; possible are a schedule's own event, or options without source and detail-type");
    insta::assert_snapshot!(refused(&json!({"trigger": "cron", "scheduled_time": "<aws.scheduler.scheduled-time>"})), @"
    trigger: 'cron' is not known; possible are: schedule
    scheduled_time: '<aws.scheduler.scheduled-time>' is not a time such as 2026-11-24T02:00:00Z
    ");
    insta::assert_snapshot!(refused(&json!("hello")), @"an event is a JSON object; {} stands for the options of invocation_defaults");
}
