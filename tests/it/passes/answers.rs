//! What an event is answered with, and what it leaves to be read.

use std::time::Duration;

use serde_json::json;

use super::{action_requests, example, findings, state, stranger};
use crate::simulators::world::{FIFTEEN_MINUTES, Setup, World};

#[tokio::test]
async fn plan_sends_nothing_and_shows_what_apply_would_do() {
    let world = example().await;
    let before = state(&world.adobe);
    let planned = world.pass(json!({"mode": "plan"})).await;
    assert_eq!(planned["status"], "complete");
    assert_eq!(planned["mode"], "plan");
    assert_eq!(action_requests(&world), 0);
    assert_eq!(state(&world.adobe), before);
    assert!(
        world.get("latest/summary.json").is_none(),
        "a plan is not the last pass"
    );
    assert!(world.text("latest/plan.txt").contains("Spark"));

    let applied = world.pass(json!({"mode": "apply"})).await;
    for counter in [
        "adobe_users_created",
        "adobe_users_updated",
        "adobe_only_users",
    ] {
        assert_eq!(
            planned["counters"][counter], applied["counters"][counter],
            "{counter}"
        );
    }
}

#[tokio::test]
async fn test_changes_nothing_and_counts_what_apply_would() {
    let world = example().await;
    let before = state(&world.adobe);
    let tested = world.pass(json!({"test_mode": true})).await;
    assert_eq!(tested["mode"], "test");
    assert_eq!(state(&world.adobe), before);
    assert!(world.text("latest/summary.txt").contains("(TEST MODE)"));
    let applied = world.pass(json!({})).await;
    assert_eq!(tested["counters"], applied["counters"]);
}

#[tokio::test]
async fn the_same_event_delivered_twice_is_one_pass() {
    let world = example().await;
    let event = json!({"trigger": "schedule", "scheduled_time": "2026-11-24T02:00:00Z"});
    let first = world.pass(event.clone()).await;
    let sent = action_requests(&world);
    world
        .adobe
        .put(stranger("late@rockaway.example", &["Spark"]));
    let again = world.pass(event).await;
    assert_eq!(first, again);
    assert_eq!(action_requests(&world), sent);
}

#[tokio::test]
async fn an_unknown_pass_is_an_error() {
    let world = example().await;
    for id in ["20261124T060000Z-0123abcd", "nonsense"] {
        let failure = world
            .invoke(json!({"run_id": id}), FIFTEEN_MINUTES)
            .await
            .unwrap_err();
        assert_eq!(failure.name.as_str(), "RunUnknown");
    }
}

#[tokio::test]
async fn an_event_that_is_none_starts_nothing() {
    let world = example().await;
    let failure = world
        .invoke(json!({"proces_groups": true}), FIFTEEN_MINUTES)
        .await
        .unwrap_err();
    assert_eq!(failure.name.as_str(), "EventInvalid");
    assert!(
        failure.message.contains("process_groups"),
        "{}",
        failure.message
    );
    assert!(world.keys().iter().all(|key| key.starts_with("config/")));
}

#[tokio::test]
async fn a_configuration_that_cannot_be_read_leaves_a_summary() {
    let world = example().await;
    world.put(
        "config/user-sync-config.yml",
        "adobe_users:\n  conectors: {}\n",
    );
    let failure = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "ConfigInvalid");
    assert!(
        failure.message.contains("user-sync-config.yml:2:3"),
        "{}",
        failure.message
    );
    let summary = world.json("latest/summary.json");
    assert_eq!(summary["status"], "failed");
    assert_eq!(summary["error"]["name"], "ConfigInvalid");
    assert!(summary["error"]["next_step"].as_str().unwrap().len() > 10);
    assert!(
        world
            .text("latest/summary.txt")
            .contains("user-sync-config.yml:2:3")
    );
}

#[tokio::test]
async fn an_invocation_without_time_says_continue_and_leaves_a_summary() {
    let world = example().await;
    let answer = world.invoke(json!({}), Duration::ZERO).await.unwrap();
    assert_eq!(answer["status"], "continue");
    let summary = world.json("latest/summary.json");
    assert_eq!(summary["status"], "continue");
    let notice = summary["notices"].to_string();
    assert!(notice.contains("Timeout"), "{notice}");
    let last = world.pass(json!({"run_id": answer["run_id"]})).await;
    assert_eq!(last["status"], "complete");
    assert_eq!(last["run_id"], answer["run_id"]);
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_refused_full_list_says_continue_with_adobes_wait() {
    let world = example().await;
    world
        .adobe
        .rules(|rules| rules.two_hours_between_full_reads = true);
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    let refused = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(refused["status"], "continue");
    assert!(refused["wait_seconds"].as_u64().unwrap() > 900, "{refused}");
    let answers = world
        .pass_in(json!({"run_id": refused["run_id"]}), FIFTEEN_MINUTES)
        .await;
    assert_eq!(answers.last().unwrap()["status"], "complete");
}

#[tokio::test]
async fn more_adobe_only_users_than_allowed_are_held_until_the_limit_is_raised() {
    let mut setup = Setup::example();
    setup.options(
        &[
            ("users", "mapped"),
            ("process_groups", "yes"),
            ("adobe_only_user_action", "remove"),
        ],
        "3",
    );
    let world = World::start(setup.clone()).await;
    let accounts = world.adobe.users().len();
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "held");
    assert_eq!(answer["counters"]["adobe_only_users"], 0);
    assert!(world.adobe.users().len() >= accounts, "nobody was removed");
    let summary = world.json("latest/summary.json");
    assert_eq!(findings(&summary), ["adobe-only-users-over-limit"]);
    assert!(summary["held"]["count"].as_u64().unwrap() > 3);
    assert!(
        world
            .text("latest/summary.txt")
            .contains("limits.max_adobe_only_users")
    );
    let held = world.json(summary["held"]["key"].as_str().unwrap());
    assert_eq!(held["hash"], summary["held"]["hash"]);

    let again = world.pass(json!({})).await;
    assert_eq!(again["status"], "held");
    assert_eq!(
        world.json("latest/summary.json")["held"]["hash"],
        summary["held"]["hash"],
        "the same hold"
    );

    setup.options(
        &[
            ("users", "mapped"),
            ("process_groups", "yes"),
            ("adobe_only_user_action", "remove"),
        ],
        "100%",
    );
    world.put(
        "config/user-sync-config.yml",
        &setup.files["user-sync-config.yml"],
    );
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    assert!(world.adobe.users().len() < accounts);
}

#[tokio::test]
async fn a_pass_of_another_version_is_not_gone_on_with() {
    let world = example().await;
    let answer = world
        .invoke(json!({}), Duration::from_millis(300))
        .await
        .unwrap();
    let key = format!("runs/{}/run.json", answer["run_id"].as_str().unwrap());
    let mut record = world.json(&key);
    record["schema"] = json!(99);
    world.put(&key, record.to_string());
    let failure = world
        .invoke(json!({"run_id": answer["run_id"]}), FIFTEEN_MINUTES)
        .await
        .unwrap_err();
    assert_eq!(failure.name.as_str(), "Internal");
    assert!(failure.message.contains("schema 99"), "{}", failure.message);
}
