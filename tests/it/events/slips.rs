//! What somebody who knows the files and the command line writes into an event.

use super::*;

#[test]
fn settings_of_the_main_file_are_told_from_options() {
    for event in [
        json!({"limits": {"max_adobe_only_users": 500}}),
        json!({"max_adobe_only_users": 500}),
        json!({"max_removals": 5000}),
        json!({"grace": {"licences_days": 3}}),
        json!({"invocation_defaults": {"users": "all"}}),
    ] {
        let message = refused(&event);
        assert!(
            message.contains("stands in user-sync-config.yml"),
            "{message}"
        );
    }
    insta::assert_snapshot!(refused(&json!({"limits": {}})), @r#"'limits' stands in user-sync-config.yml, and not in an event. An event has options by their own names: {"users": "mapped"}"#);
}

#[test]
fn the_id_of_a_pass_is_recognized_under_a_misspelt_name() {
    for name in ["runid", "run-id", "Run_ID"] {
        let message = refused(&json!({name: "20261124T020000Z-1a2b3c4d"}));
        assert!(message.ends_with("did you mean 'run_id'?"), "{message}");
    }
}
