//! `auto_create`, and `adobe_users`, which may name a group that Adobe does not have, too.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::passes::{action_requests, example, state, stranger};

/// The mapping names a group that Adobe does not have, and it may be made.
fn mistyped() -> Setup {
    let mut setup = example_with(
        ROOT_FILE,
        "  default_country_code:",
        "  group_sync_options:\n    auto_create: Yes\n",
    );
    let root = setup.files[ROOT_FILE].replace("- \"Photoshop\"", "- \"Photoshopp\"");
    setup.file(ROOT_FILE, root);
    setup
}

/// Who should be in the group that is made.
fn desired_in_the_new_group(world: &World) -> BTreeSet<String> {
    let desired = world.desired().into_iter();
    desired
        .filter(|(_, groups)| groups.contains("photoshop"))
        .map(|(email, _)| email)
        .collect()
}

fn members(world: &World, group: &str) -> BTreeSet<String> {
    let memberships = world.memberships().into_iter();
    memberships
        .filter(|(_, groups)| groups.contains(group))
        .map(|(email, _)| email)
        .collect()
}

#[tokio::test]
async fn a_group_that_adobe_does_not_have_is_made_before_people_join_it() {
    let world = World::start(mistyped()).await;
    let photoshop = members(&world, "photoshop");
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(asked(&world, Endpoint::Groups), 1);
    let made = world.adobe.groups();
    let made = made
        .iter()
        .find(|group| group.name == "Photoshopp")
        .unwrap();
    assert_eq!(made.kind, GroupKind::UserGroup);
    assert_eq!(made.description, "Made by roster-sync");
    assert_eq!(
        members(&world, "photoshopp"),
        desired_in_the_new_group(&world)
    );
    assert_eq!(
        members(&world, "photoshop"),
        photoshop,
        "it is not managed any more"
    );

    let counters = &answer["counters"];
    assert_eq!(counters["adobe_user_groups_created"], 1);
    let summary = world.text("latest/summary.txt");
    assert!(
        summary.contains("Number of Adobe user-groups created: 1\n"),
        "{summary}"
    );
    let lines = world.text(&format!("{}/changes.ndjson", run(&answer)));
    assert_eq!(counters["actions"]["total"], lines.lines().count());
    let plan = world.text(&format!("{}/plan.txt", run(&answer)));
    assert!(plan.contains("New user groups\n  + Photoshopp\n"), "{plan}");

    let sent = action_requests(&world);
    let second = world.pass(json!({})).await;
    assert_eq!(second["counters"]["actions"]["total"], 0);
    assert_eq!(action_requests(&world), sent);
}

#[tokio::test]
async fn a_test_makes_no_group_and_is_no_failure_for_it() {
    let world = World::start(mistyped()).await;
    let before = state(&world.adobe);
    let tested = world.pass(json!({"mode": "test"})).await;
    assert_eq!(tested["status"], "complete");
    assert_eq!(state(&world.adobe), before);
    let notices = world.json("latest/summary.json")["notices"].to_string();
    assert!(notices.contains("makes no user group"), "{notices}");
    let applied = world.pass(json!({})).await;
    assert_eq!(tested["counters"], applied["counters"]);
}

#[tokio::test]
async fn answers_that_are_lost_make_no_difference_to_new_groups() {
    let undisturbed = World::start(mistyped()).await;
    undisturbed.pass(json!({})).await;
    let world = World::start(mistyped()).await;
    lose_answers(&world);
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["counters"]["adobe_user_groups_created"], 1);
    assert_eq!(state(&world.adobe), state(&undisturbed.adobe));
}

#[tokio::test]
async fn a_group_that_adobe_refuses_to_make_is_named() {
    let world = World::start(mistyped()).await;
    world.adobe.server.fault(Box::new(|request: &Request| {
        let body = String::from_utf8_lossy(&request.body);
        let errors = json!([{"index": 0, "step": 0, "requestID": "a1", "user": "Photoshopp",
            "errorCode": "error.group.invalid_name", "message": "no such name"}]);
        let reply = json!({"result": "error", "completed": 0, "notCompleted": 1, "errors": errors});
        body.contains("createUserGroup")
            .then(|| Fault::Reply(Response::json(200, &reply)))
    }));
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "partial");
    assert_eq!(answer["counters"]["adobe_user_groups_created"], 0);
    let summary = world.json("latest/summary.json");
    let problems = summary["problems"].as_array().unwrap();
    let about_groups = problems
        .iter()
        .filter(|problem| problem["name"] == "command-failed" && problem["email"] == Value::Null);
    let messages: Vec<_> = about_groups
        .map(|problem| problem["message"].clone())
        .collect();
    assert_eq!(
        messages,
        ["Adobe refused to make the user group Photoshopp."]
    );
}

#[tokio::test]
async fn a_mapped_group_that_is_missing_makes_nobody_new_or_gone() {
    let mut setup = Setup::example();
    let root = setup.files[ROOT_FILE].replace("- \"Staff\"", "- \"Stafff\"");
    setup.file(ROOT_FILE, root);
    let world = World::start(setup).await;
    world
        .adobe
        .put(stranger("caretaker@rockaway.example", &["Staff"]));
    let staff: BTreeSet<String> = world
        .desired()
        .into_iter()
        .filter(|(_, groups)| groups.contains("staff"))
        .map(|(email, _)| email)
        .collect();
    for email in staff.iter().take(2) {
        world.adobe.forget(Identity::Federated, email);
    }
    let of_staff = |world: &World| {
        let mut accounts = world.adobe.users();
        accounts
            .retain(|account| staff.contains(&account.email) || account.groups.contains("Staff"));
        let emails = accounts.into_iter().map(|account| account.email);
        emails.collect::<BTreeSet<_>>()
    };
    let before = of_staff(&world);
    let event = json!({"adobe_users": "mapped", "adobe_only_user_action": "exclude"});
    let answer = world.pass(event).await;
    assert_ne!(answer["status"], "failed");
    assert_eq!(asked(&world, Endpoint::Users), 0);
    assert!(asked(&world, Endpoint::UsersOfGroup) > 1);
    assert_eq!(of_staff(&world), before, "nobody is new, nobody is gone");
    let told = world.text("latest/summary.txt");
    assert!(told.contains("Stafff"), "{told}");
}

#[tokio::test]
async fn mapped_groups_that_are_all_there_come_to_the_same_end_as_a_full_reading() {
    let whole = example().await;
    whole.pass(json!({})).await;
    let world = example().await;
    let answer = world.pass(json!({"adobe_users": "mapped"})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(asked(&world, Endpoint::Users), 0);
    assert_eq!(world.memberships(), whole.memberships());
}
