//! UST's words for the options, and who wins.

use roster_sync::config::MappingEntry;
use roster_sync::config::options::{AdobeOnlyUserAction, Mode, Options, Overrides, Users, resolve};
use roster_sync::event::{Event, parse};
use serde_json::{Value, json};

use super::*;

fn mapping() -> Vec<MappingEntry> {
    let root = root_with(
        "  groups:
  - directory_group: 'courses::Class 001, Homeroom::students'
  - directory_group: 'Econ 101'
  - directory_group: 'Art'
",
    );
    checked(root, SOURCE, UMAPI).unwrap().mapping
}

fn defaults(lines: &str) -> Overrides {
    let root = root_with(&format!(
        "  groups:\n  - directory_group: Econ 101\n  - directory_group: Art\ninvocation_defaults: {{{lines}}}\n"
    ));
    checked(root, SOURCE, UMAPI).unwrap().defaults
}

fn given(event: &Value) -> Overrides {
    match parse(event).unwrap() {
        Event::OnDemand { overrides, .. } => overrides,
        other => panic!("{other:?}"),
    }
}

fn resolved(event: &Value, lines: &str) -> Options {
    resolve(&given(event), &defaults(lines), &mapping()).unwrap()
}

fn groups(names: &[&str]) -> Users {
    Users::Groups(names.iter().map(|&name| name.to_owned()).collect())
}

#[test]
fn the_event_wins_over_the_file_and_the_file_over_the_default() {
    let lines = "process_groups: Yes, users: mapped, adobe_only_user_action: remove, test_mode: On";
    let options = resolved(&json!({}), lines);
    assert_eq!(options.mode, Mode::Test);
    assert!(options.process_groups);
    assert_eq!(options.users, Users::Mapped);
    assert_eq!(options.adobe_only_user_action, AdobeOnlyUserAction::Remove);
    let event = json!({"process_groups": false, "users": "all", "adobe_only_user_action": "delete", "update_user_info": "Yes"});
    let options = resolved(&event, lines);
    assert!(!options.process_groups && options.update_user_info);
    assert_eq!(options.users, Users::All);
    assert_eq!(options.adobe_only_user_action, AdobeOnlyUserAction::Delete);
}

#[test]
fn mode_wins_over_the_files_test_mode() {
    for (event, test_mode, mode) in [
        (json!({}), "No", Mode::Apply),
        (json!({"test_mode": true}), "No", Mode::Test),
        (json!({"test_mode": false}), "Yes", Mode::Apply),
        (json!({"mode": "apply"}), "Yes", Mode::Apply),
        (json!({"mode": "plan"}), "Yes", Mode::Plan),
        (json!({"mode": "Test", "test_mode": true}), "No", Mode::Test),
        (
            json!({"mode": "apply", "test_mode": "No"}),
            "Yes",
            Mode::Apply,
        ),
    ] {
        assert_eq!(
            resolved(&event, &format!("test_mode: {test_mode}")).mode,
            mode,
            "{event}"
        );
    }
}

#[test]
fn mode_and_test_mode_of_one_event_must_agree() {
    for event in [
        json!({"mode": "plan", "test_mode": true}),
        json!({"mode": "plan", "test_mode": false}),
        json!({"mode": "test", "test_mode": false}),
        json!({"mode": "apply", "test_mode": true}),
        json!({"mode": "check"}),
        json!({"mode": "aply"}),
    ] {
        assert!(parse(&event).is_err(), "{event}");
    }
    let overrides = Overrides {
        mode: Some("plan".to_owned()),
        test_mode: Some(true),
        ..Overrides::default()
    };
    assert!(resolve(&overrides, &Overrides::default(), &[]).is_err());
}

#[test]
fn a_directory_group_as_a_whole_wins_over_commas() {
    let users = |words: Value| {
        resolve(
            &given(&json!({"users": words})),
            &Overrides::default(),
            &mapping(),
        )
        .map(|options| options.users)
    };
    assert_eq!(
        users(json!("group courses::class 001, HOMEROOM::students")).unwrap(),
        groups(&["courses::Class 001, Homeroom::students"])
    );
    assert_eq!(
        users(json!("group Econ 101, Art")).unwrap(),
        groups(&["Art", "Econ 101"])
    );
    assert_eq!(
        users(json!(["group", "Econ 101,Art"])).unwrap(),
        groups(&["Art", "Econ 101"])
    );
    assert_eq!(
        users(json!(["group", "Econ 101", "Art"])).unwrap(),
        groups(&["Art", "Econ 101"])
    );
    assert_eq!(users(json!(["mapped"])).unwrap(), Users::Mapped);
    assert_eq!(
        defaults("users: [group, 'Art']").users,
        Some(vec!["group".to_owned(), "Art".to_owned()])
    );
    insta::assert_snapshot!(users(json!("group Econ 102,Arts,nothing like it")).unwrap_err(), @"
    users: 'Econ 102' is no directory_group of the mapping; did you mean 'Econ 101'?
    users: 'Arts' is no directory_group of the mapping; did you mean 'Art'?
    users: 'nothing like it' is no directory_group of the mapping
    ");
}

#[test]
fn a_group_of_the_defaults_that_is_not_mapped_is_found_at_once() {
    let root = root_with(
        "  groups:\n  - directory_group: Art\ninvocation_defaults:\n  users: group Arts\n",
    );
    insta::assert_snapshot!(root_problems(&root), @"user-sync-config.yml:10:10: users: 'Arts' is no directory_group of the mapping; did you mean 'Art'?");
}
