//! The options beside UST's everyday ones: strategy, accounts to read, filters and lists.

use roster_sync::config::options::{
    AdobeOnlyUserAction, AdobeUsers, InvalidOptions, Options, Overrides, Strategy, resolve,
};
use roster_sync::event::{Event, parse};
use roster_sync::model::id::GroupName;
use serde_json::{Value, json};

use super::*;

const GROUPS: &str =
    "  groups:\n  - directory_group: Art\n    adobe_groups: ['Paint, Draw', Spark]\n";

fn root(lines: &str) -> String {
    root_with(&format!("{GROUPS}invocation_defaults:\n{lines}"))
}

fn resolved(event: &Value, lines: &str) -> Result<Options, InvalidOptions> {
    let Ok(Event::OnDemand { overrides, .. }) = parse(event) else {
        panic!("{event}")
    };
    let Ok(config) = checked(root(lines), SOURCE, UMAPI) else {
        panic!("{lines}")
    };
    resolve(&overrides, &config.defaults, &config.mapping)
}

fn from_file(lines: &str) -> Options {
    resolved(&json!({}), lines).unwrap()
}

fn groups(names: &[&str]) -> AdobeUsers {
    AdobeUsers::Groups(names.iter().map(|name| GroupName::new(name)).collect())
}

#[test]
fn every_option_can_stand_in_the_file() {
    let options = from_file(
        "  strategy: PUSH\n  adobe_users: mapped\n  user_filter: .*@x\\.test\n  exclude_unmapped_users: Yes\n  connector: OneRoster\n",
    );
    assert_eq!(options.strategy, Strategy::Push);
    assert_eq!(options.adobe_users, AdobeUsers::Mapped);
    assert!(options.exclude_unmapped_users);
    let filter = options.user_filter.unwrap();
    assert_eq!(filter.matches("Ana@x.test"), Some(true));
    let options = from_file("  adobe_only_user_list: ./lists/gone people.csv\n");
    assert_eq!(
        options.adobe_only_user_list.as_deref(),
        Some("lists/gone people.csv")
    );
    let options = from_file(
        "  strategy:\n  adobe_users:\n  user_filter: ''\n  exclude_unmapped_users:\n  adobe_only_user_list:\n",
    );
    assert_eq!(options.strategy, Strategy::Sync);
    assert_eq!(options.adobe_users, AdobeUsers::All);
    assert_eq!(
        (options.user_filter, options.adobe_only_user_list),
        (None, None)
    );
    assert!(!options.exclude_unmapped_users);
}

#[test]
fn the_name_behind_write_file_is_a_name_and_may_be_missing() {
    for (value, notices) in [
        ("write-file", 0),
        ("write-file C:\\gone people.csv", 1),
        ("[write-file, gone.csv]", 1),
    ] {
        let root = root(&format!("  adobe_only_user_action: {value}\n"));
        let config = checked(root, SOURCE, UMAPI).unwrap();
        assert_eq!(config.notices.len(), notices, "{:?}", config.notices);
        assert!(!config.notices.concat().contains("gone"));
        let options = resolve(&Overrides::default(), &config.defaults, &[]).unwrap();
        assert_eq!(
            options.adobe_only_user_action,
            AdobeOnlyUserAction::WriteFile
        );
    }
}

#[test]
fn adobe_groups_are_split_at_commas_unless_the_mapping_has_the_whole() {
    let read = |value: Value| {
        resolved(&json!({"adobe_users": value}), "")
            .unwrap()
            .adobe_users
    };
    assert_eq!(
        read(json!("group Spark, Staff")),
        groups(&["spark", "staff"])
    );
    assert_eq!(
        read(json!(["group", "Spark,Staff"])),
        groups(&["spark", "staff"])
    );
    assert_eq!(read(json!("group paint, DRAW")), groups(&["Paint, Draw"]));
    assert_eq!(
        read(json!(["group", "Paint, Draw", "::X"])),
        groups(&["Paint, Draw", "x"])
    );
    assert_eq!(read(json!("ALL")), AdobeUsers::All);
    assert_eq!(
        from_file("  adobe_users: [group, 'Paint, Draw']\n").adobe_users,
        groups(&["Paint, Draw"])
    );
}

#[test]
fn a_bad_option_of_the_file_is_reported_at_its_place() {
    let wrong = root(
        "  strategy: pull\n  adobe_users: group east::Spark\n  user_filter: '(planted'\n  adobe_only_user_action: write_file\n  adobe_only_user_list: C:\\Users\\planted\\gone.csv\n  exclude_unmapped_users: maybe\n",
    );
    let problems = root_problems(&wrong);
    assert!(!problems.contains("planted"), "{problems}");
    insta::assert_snapshot!(problems, @r#"
    user-sync-config.yml:11:13: strategy: 'pull' is not known; possible are: sync, push
    user-sync-config.yml:12:16: adobe_users: 'east::Spark' names the Adobe organization 'east', which is not known: this version serves one organization. Write 'Spark' if the group is in your own
    user-sync-config.yml:13:16: user_filter: this is not a regular expression; a name as it is needs a \ before each of . + * ? ( ) [ ] { } ^ $ |
    user-sync-config.yml:14:27: adobe_only_user_action: 'write_file' is not known; did you mean 'write-file'?
    user-sync-config.yml:15:25: adobe_only_user_list: this name is a Windows path. Write '/' between folder and file
    user-sync-config.yml:16:27: exclude_unmapped_users: 'maybe' is neither Yes nor No
    "#);
    let wrong = root(
        "  strategy: [sync, push]\n  adobe_users: group ,\n  user_filter: [planted, b]\n  adobe_only_user_action: remove planted.csv\n  adobe_only_user_list: ../planted.csv\n  connector: oneroster x.yml\n",
    );
    insta::assert_snapshot!(root_problems(&wrong), @"
    user-sync-config.yml:11:13: strategy: 'push' cannot follow sync
    user-sync-config.yml:12:16: adobe_users: group needs the names of Adobe groups behind it: group A,B
    user-sync-config.yml:13:16: user_filter: one value is expected here, not a list
    user-sync-config.yml:14:27: adobe_only_user_action: only write-file takes a name behind it, remove does not
    user-sync-config.yml:15:25: adobe_only_user_list: this name cannot be found from S3. Upload the file beside the root file, and write its name alone
    user-sync-config.yml:16:14: connector: 'x.yml' cannot follow oneroster
    ");
    insta::assert_snapshot!(root_problems(&root("  adobe_users: [mapped, Spark]\n  adobe_only_user_list: [a, b]\n  strategy: {a: b}\n  connector: csv people.csv\n")), @"
    user-sync-config.yml:11:16: adobe_users: 'Spark' cannot follow mapped
    user-sync-config.yml:12:25: adobe_only_user_list: one value is expected here, not a list
    user-sync-config.yml:13:13: strategy: one value is expected here, not a list or a section
    user-sync-config.yml:14:14: connector: csv is not possible here: people are read from a roster. Write oneroster, or leave this option out
    ");
}

#[test]
fn an_event_wins_over_the_file() {
    let lines = "  strategy: push\n  adobe_users: mapped\n  user_filter: .*@x\\.test\n  exclude_unmapped_users: Yes\n";
    let event = json!({"strategy": "sync", "adobe_users": "all", "user_filter": "ana", "exclude_unmapped_users": false});
    let options = resolved(&event, lines).unwrap();
    assert_eq!(options.strategy, Strategy::Sync);
    assert_eq!(options.adobe_users, AdobeUsers::All);
    assert_eq!(options.user_filter.unwrap().as_str(), "ana");
    assert!(!options.exclude_unmapped_users);
}

#[test]
fn an_empty_value_in_an_event_switches_a_filter_or_list_of_the_file_off() {
    for empty in [json!(""), json!([]), json!([""])] {
        let filter = resolved(&json!({"user_filter": empty}), "  user_filter: ana\n");
        assert_eq!(filter.unwrap().user_filter, None);
        let list = resolved(
            &json!({"adobe_only_user_list": empty, "strategy": "push"}),
            "  adobe_only_user_list: gone.csv\n",
        );
        assert_eq!(list.unwrap().adobe_only_user_list, None);
        // Where a word says the default, an empty value says nothing.
        let strategy = resolved(
            &json!({"strategy": empty, "process_groups": empty}),
            "  strategy: push\n  process_groups: Yes\n",
        )
        .unwrap();
        assert_eq!(strategy.strategy, Strategy::Push);
        assert!(strategy.process_groups);
    }
}

#[test]
fn what_does_not_go_together_is_said_at_once() {
    let event = json!({"strategy": "push", "adobe_only_user_list": "gone.csv", "adobe_only_user_action": "write-file"});
    insta::assert_snapshot!(resolved(&event, "  users: mapped\n").unwrap_err(), @r#"
    strategy: push deals with people of the roster, and adobe_only_user_list with people in Adobe only. Leave one of them out; in an event, "adobe_only_user_list": "" switches that of the file off
    adobe_only_user_action: write-file makes a list, and adobe_only_user_list reads one. Leave one of them out; in an event, "adobe_only_user_list": "" switches that of the file off
    "#);
    let lines = "  adobe_only_user_list: gone.csv\n";
    assert!(resolved(&json!({"strategy": "push"}), lines).is_err());
    assert!(resolved(&json!({"adobe_only_user_action": "write-file"}), lines).is_err());
    let overrides = Overrides {
        strategy: Some("pull".to_owned()),
        adobe_users: Some(vec!["group".to_owned()]),
        users: Some(vec!["group".to_owned(), "Arts".to_owned()]),
        user_filter: Some("(".to_owned()),
        mode: Some("aply".to_owned()),
        adobe_only_user_action: Some("stay".to_owned()),
        ..Overrides::default()
    };
    insta::assert_snapshot!(resolve(&overrides, &Overrides::default(), &[]).unwrap_err(), @r#"
    mode: 'aply' is not known; did you mean 'apply'?
    users: 'Arts' is no directory_group of the mapping
    adobe_users: group needs the names of Adobe groups behind it: group A,B
    adobe_only_user_action: 'stay' is not known; possible are: preserve, exclude, remove-adobe-groups, remove, delete, write-file
    strategy: 'pull' is not known; possible are: sync, push
    user_filter: this is not a regular expression; a name as it is needs a \ before each of . + * ? ( ) [ ] { } ^ $ |
    "#);
}

#[test]
fn push_pays_no_heed_to_what_concerns_adobe_only_people() {
    let lines = "  adobe_users: mapped\n  adobe_only_user_action: delete\n";
    let options = resolved(&json!({"strategy": "push"}), lines).unwrap();
    assert_eq!(options.strategy, Strategy::Push);
    let root = root_with(&format!(
        "{GROUPS}  group_sync_options: {{auto_create: Yes}}\ninvocation_defaults:\n  strategy: push\n{lines}"
    ));
    assert_eq!(
        checked(root, SOURCE, UMAPI).unwrap().notices,
        Vec::<String>::new()
    );
}

#[test]
fn nothing_narrows_a_list() {
    let event = json!({"adobe_only_user_list": "gone.csv"});
    let options = resolved(&event, "  users: group Art\n  user_filter: ana\n").unwrap();
    assert_eq!(options.adobe_only_user_list.as_deref(), Some("gone.csv"));
    assert_eq!(options.user_filter, None);
}

#[test]
fn no_output_shows_a_pattern() {
    let config = checked(root("  user_filter: planted\n"), SOURCE, UMAPI).unwrap();
    assert!(!format!("{config:?}").contains("planted"));
    let event = parse(&json!({"user_filter": "planted"})).unwrap();
    assert!(!format!("{event:?}").contains("planted"));
}
