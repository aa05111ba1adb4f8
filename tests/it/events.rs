//! Every event shape that is accepted, and what is refused.

mod engine;
mod slips;
mod uploads;

use jiff::Timestamp;
use roster_sync::config::options::{
    AdobeOnlyUserAction, AdobeUsers, Mode, Options, Overrides, Strategy, Users, resolve,
};
use roster_sync::config::pattern::Pattern;
use roster_sync::config::{Config, Files, check};
use roster_sync::event::{Event, parse};
use roster_sync::model::id::GroupName;
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
            by_engine: false,
            overrides
        }
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
            by_engine: false,
            overrides: overrides.clone()
        }
    );
    let event = shape(include_str!("../../events/scheduled-rule.json"));
    assert_eq!(
        event,
        Event::Schedule {
            scheduled_time: Some(at("2026-11-24T02:00:05Z")),
            by_engine: false,
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
            run_id: "20261124T020000Z-1a2b3c4d".to_owned(),
            by_engine: true,
        }
    );
    assert!(parse(&json!({"run_id": "20261124T020000Z-1a2b3c4d"})).is_ok());
}

#[test]
fn every_file_of_the_folder_is_a_shape_and_fits_the_example_configuration() {
    let mut known: Vec<&str> = STARTS.iter().map(|(name, _)| *name).collect();
    known.extend(SHAPES);
    known.sort_unstable();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/events");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let overrides = match shape(&std::fs::read_to_string(&path).unwrap()) {
            Event::Schedule { overrides, .. } | Event::OnDemand { overrides, .. } => overrides,
            Event::Uploaded { .. } | Event::Slice { .. } | Event::Close { .. } => {
                Overrides::default()
            }
        };
        let config = example();
        resolve(&overrides, &config.defaults, &config.mapping).unwrap();
        names.push(path.file_stem().unwrap().to_str().unwrap().to_owned());
    }
    names.sort_unstable();
    assert_eq!(names, known);
}

/// The files whose shape a test above describes.
const SHAPES: [&str; 11] = [
    "approval",
    "close",
    "engine-schedule",
    "first-slice",
    "on-demand",
    "on-demand-options",
    "schedule",
    "scheduled-rule",
    "scheduler-default",
    "slice",
    "start-over",
];

/// UST's ways to start, by file, with the options that differ from those of a live run over mapped groups.
type Change = fn(&mut Options);
const STARTS: [(&str, Change); 17] = [
    ("live", |_| {}),
    ("test-mode", |options| options.mode = Mode::Test),
    ("users-all", |options| options.users = Users::All),
    ("users-group", |options| {
        let group = "courses::Class 001, Homeroom::students".to_owned();
        options.users = Users::Groups([group].into());
    }),
    ("push", |options| options.strategy = Strategy::Push),
    ("exclude", |options| {
        options.adobe_only_user_action = AdobeOnlyUserAction::Exclude;
    }),
    ("write-file", |options| {
        options.adobe_only_user_action = AdobeOnlyUserAction::WriteFile;
    }),
    ("remove-adobe-groups", |options| {
        options.adobe_only_user_action = AdobeOnlyUserAction::RemoveAdobeGroups;
    }),
    ("remove", |options| {
        options.adobe_only_user_action = AdobeOnlyUserAction::Remove;
    }),
    ("delete", |options| {
        options.adobe_only_user_action = AdobeOnlyUserAction::Delete;
    }),
    ("adobe-only-user-list", |options| {
        options.adobe_only_user_list = Some("adobe-only-users.csv".to_owned());
        options.adobe_only_user_action = AdobeOnlyUserAction::Remove;
    }),
    ("user-filter", |options| {
        options.user_filter = Pattern::new(r".*@students\.example\.org").ok();
    }),
    ("update-user-info", |options| {
        options.update_user_info = true;
    }),
    ("no-process-groups", |options| {
        options.process_groups = false;
    }),
    ("adobe-users-mapped", |options| {
        options.adobe_users = AdobeUsers::Mapped;
    }),
    ("adobe-users-group", |options| {
        let groups = ["Spark", "All Apps"].map(GroupName::new);
        options.adobe_users = AdobeUsers::Groups(groups.into());
    }),
    ("exclude-unmapped-users", |options| {
        options.users = Users::All;
        options.exclude_unmapped_users = true;
    }),
];

#[test]
fn each_of_usts_ways_to_start_is_an_event() {
    let config = example();
    for (name, change) in STARTS {
        let path = format!("{}/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let Event::OnDemand { overrides, .. } = shape(&std::fs::read_to_string(path).unwrap())
        else {
            panic!("{name}")
        };
        let options = resolve(&overrides, &config.defaults, &config.mapping).unwrap();
        let mut expected = Options {
            mode: Mode::Apply,
            process_groups: true,
            update_user_info: false,
            users: Users::Mapped,
            adobe_only_user_action: AdobeOnlyUserAction::Preserve,
            strategy: Strategy::Sync,
            adobe_users: AdobeUsers::All,
            user_filter: None,
            exclude_unmapped_users: false,
            adobe_only_user_list: None,
            fresh: false,
        };
        change(&mut expected);
        assert_eq!(options, expected, "{name}");
    }
}

/// The configuration of `infra/config`.
fn example() -> Config {
    let files: Files = [
        (
            "user-sync-config.yml",
            include_str!("../../infra/config/user-sync-config.yml"),
        ),
        (
            "connector-oneroster.yml",
            include_str!("../../infra/config/connector-oneroster.yml"),
        ),
        (
            "connector-umapi.yml",
            include_str!("../../infra/config/connector-umapi.yml"),
        ),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.into()))
    .collect();
    check("user-sync-config.yml", &files, "roster-sync").unwrap()
}

#[test]
fn options_may_hold_their_default() {
    let event = json!({
        "strategy": "", "adobe_users": null, "exclude_unmapped_users": [], "connector": "oneroster",
        "ssl_cert_verify": true, "fresh": "",
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
fn every_option_may_stand_in_an_event() {
    let event = json!({
        "strategy": "Push", "adobe_users": ["group", "A,B"], "adobe_only_user_list": "gone.csv",
        "user_filter": "a b.*", "exclude_unmapped_users": "Yes", "adobe_only_user_action": "write-file gone.csv",
        "fresh": true,
    });
    let overrides = Overrides {
        strategy: Some("push".to_owned()),
        adobe_users: Some(words(&["group", "A,B"])),
        adobe_only_user_list: Some("gone.csv".to_owned()),
        user_filter: Some("a b.*".to_owned()),
        exclude_unmapped_users: Some(true),
        adobe_only_user_action: Some("write-file".to_owned()),
        fresh: Some(true),
        ..Overrides::default()
    };
    assert_eq!(
        parse(&event),
        Ok(Event::OnDemand {
            time: None,
            execution: None,
            overrides
        })
    );
    // An empty value is not the same as none: it switches the file's off.
    let event = json!({"user_filter": "", "adobe_only_user_list": []});
    let Ok(Event::OnDemand { overrides, .. }) = parse(&event) else {
        panic!("{event}")
    };
    assert_eq!(overrides.user_filter.as_deref(), Some(""));
    assert_eq!(overrides.adobe_only_user_list.as_deref(), Some(""));
}

#[test]
fn everything_wrong_is_said_at_once() {
    let event = json!({
        "proces_groups": true,
        "nonsense": 1,
        "test_mode": "maybe",
        "users": "file people.csv",
        "connector": "ldap",
        "strategy": "pull",
        "adobe_users": "group east::Spark",
        "adobe_only_user_action": ["remove", "planted.csv"],
        "adobe_only_user_list": "/home/planted/gone.csv",
        "user_filter": ".*@(planted.example",
        "mode": "check",
        "time": "yesterday",
        "process_groups": {"a": 1},
    });
    let message = refused(&event);
    assert!(!message.contains("planted"));
    insta::assert_snapshot!(message, @r#"
    time: 'yesterday' is not a time such as 2026-11-24T02:00:00Z
    mode: check is not available in this version. Use plan, which sends nothing either
    test_mode: 'maybe' is neither Yes nor No
    process_groups: one value or a list of values is expected
    users: file is not possible here: people are read from the roster. Write all, mapped or group
    adobe_only_user_action: only write-file takes a name behind it, remove does not
    strategy: 'pull' is not known; possible are: sync, push
    adobe_users: 'east::Spark' names the Adobe organization 'east', which is not known: this version serves one organization. Write 'Spark' if the group is in your own
    adobe_only_user_list: this name cannot be found from S3. Upload the file beside the root file, and write its name alone
    user_filter: this is not a regular expression; a name as it is needs a \ before each of . + * ? ( ) [ ] { } ^ $ |
    connector: ldap is not possible here: people are read from a roster. Write oneroster, or leave this option out
    'nonsense' is not a field of this event; known are: time, execution, mode, fresh, test_mode, process_groups, update_user_info, users, adobe_only_user_action, strategy, adobe_users, adobe_only_user_list, user_filter, exclude_unmapped_users, connector, ssl_cert_verify, close
    'proces_groups' is not a field of this event; did you mean 'process_groups'? Known are: time, execution, mode, fresh, test_mode, process_groups, update_user_info, users, adobe_only_user_action, strategy, adobe_users, adobe_only_user_list, user_filter, exclude_unmapped_users, connector, ssl_cert_verify, close
    "#);
}

#[test]
fn nothing_may_stand_beside_a_run_id() {
    insta::assert_snapshot!(refused(&json!({"run_id": "20261124T020000Z-1a2b3c4d", "test_mode": true})), @"'test_mode' is an option, and an event of this kind takes none");
    insta::assert_snapshot!(refused(&json!({"run_id": "../../x", "slice": -1})), @"
    slice: a number is expected
    run_id: this is not the id of a pass, such as 20261124T020000Z-1a2b3c4d
    ");
    assert!(parse(&json!({"run_id": "a".repeat(65)})).is_err());
    insta::assert_snapshot!(refused(&json!({"run_id": null})), @"run_id: this is not the id of a pass, such as 20261124T020000Z-1a2b3c4d");
}

#[test]
fn what_comes_from_aws_is_recognized() {
    let options = json!({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {"test_mode": true}, "users": "all"});
    insta::assert_snapshot!(refused(&options), @r#"
    detail: a schedule's own event carries no options. Give the schedule an input instead: {"trigger": "schedule", …options}
    'users' is an option, and an event of this kind takes none
    "#);
    insta::assert_snapshot!(refused(&json!({"source": "aws.ec2", "detail-type": "Something"})), @"an event of 'aws.ec2' with detail-type 'Something' is not known; possible are a schedule's own event, 'Object Created' of 'aws.s3' for an approval, or options without source and detail-type");
    insta::assert_snapshot!(refused(&json!({"trigger": "cron", "scheduled_time": "<aws.scheduler.scheduled-time>"})), @"
    trigger: 'cron' is not known; possible are: schedule
    scheduled_time: '<aws.scheduler.scheduled-time>' is not a time such as 2026-11-24T02:00:00Z
    ");
    insta::assert_snapshot!(refused(&json!("hello")), @"an event is a JSON object; {} stands for the options of invocation_defaults");
}
