//! Passes that an upload starts: an approval's event is a trigger like any other, and the same however often it comes.

use std::time::Duration;

use serde_json::{Value, json};

use super::{action_requests, example, state};
use crate::simulators::world::{BUCKET, FIFTEEN_MINUTES, World};

/// The event of an approval in the bucket of this world, put there now.
fn approval(world: &World) -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../events/approval.json")).unwrap();
    event["time"] = json!(world.clock.now().to_string());
    event["detail"]["bucket"]["name"] = json!(BUCKET);
    event
}

/// The same event, as an engine of this name hands it on.
fn through(engine: &str, event: &Value) -> Value {
    let mut event = event.clone();
    event["execution"] = json!(engine);
    event
}

#[tokio::test]
async fn an_approval_starts_a_normal_pass() {
    let world = example().await;
    let event = approval(&world);
    let answer = world.pass(through("one", &event)).await;
    assert_eq!(
        (&answer["status"], &answer["mode"]),
        (&json!("complete"), &json!("apply"))
    );
    assert_eq!(world.memberships(), world.desired());
    let summary = world.json("latest/summary.json");
    assert_eq!(summary["trigger"], "approval");
    assert_eq!(summary["run_id"], answer["run_id"]);
}

#[tokio::test]
async fn an_event_that_is_delivered_again_is_the_same_pass() {
    let world = example().await;
    let event = approval(&world);
    let answer = world.pass(through("one", &event)).await;
    let (sent, adobe) = (action_requests(&world), state(&world.adobe));
    // Later, by another execution, or by none; S3 itself gives it another id.
    world.clock.advance(FIFTEEN_MINUTES);
    let mut twice = event.clone();
    twice["id"] = json!("another");
    for event in [through("two", &event), event.clone(), twice] {
        assert_eq!(world.pass(event).await, answer);
    }
    assert_eq!(
        (action_requests(&world), state(&world.adobe)),
        (sent, adobe)
    );
    // Put once more it is another one, and so is one that starts over.
    let mut again = event.clone();
    again["detail"]["object"]["version-id"] = json!("another");
    let mut over = through("one", &event);
    over["time"] = json!(world.clock.now().to_string());
    for event in [again, over] {
        let other = world.pass(event).await;
        assert_eq!(other["status"], "complete");
        assert_ne!(other["run_id"], answer["run_id"]);
    }
}

#[tokio::test]
async fn an_approval_steps_aside_while_another_pass_is_under_way() {
    let world = example().await;
    let first = json!({"time": world.clock.now().to_string(), "execution": "one"});
    // Time for ten action requests, and no more.
    let waits = world.invoke(first, Duration::from_secs(20)).await.unwrap();
    assert_eq!(waits["status"], "continue");
    let event = through("two", &approval(&world));
    let answer = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(
        (&answer["status"], &answer["run_id"]),
        (&json!("skipped"), &waits["run_id"])
    );
}

#[tokio::test]
async fn an_approval_that_goes_on_with_a_pass_left_alone_starts_its_own_behind_it() {
    let world = example().await;
    let first = json!({"time": world.clock.now().to_string(), "execution": "one"});
    let waits = world.invoke(first, Duration::from_secs(20)).await.unwrap();
    assert_eq!(waits["status"], "continue");
    world.clock.advance(2 * FIFTEEN_MINUTES);
    let event = through("two", &approval(&world));
    // The other one was planned before anybody approved anything.
    let answer = world.pass(event).await;
    assert_ne!(answer["run_id"], waits["run_id"]);
    assert_eq!(world.json("latest/summary.json")["trigger"], "approval");
    let key = format!("runs/{}/summary.json", waits["run_id"].as_str().unwrap());
    assert_eq!(world.json(&key)["status"], "complete");
}

#[tokio::test]
async fn a_schedules_own_event_that_is_delivered_again_is_the_same_pass() {
    let world = example().await;
    let event: Value =
        serde_json::from_str(include_str!("../../../events/scheduler-default.json")).unwrap();
    let answer = world.pass(through("one", &event)).await;
    assert_eq!(world.pass(through("two", &event)).await, answer);
    assert_eq!(world.pass(event).await, answer);
}

#[tokio::test]
async fn the_day_of_a_pass_is_that_of_the_approval_in_the_time_zone() {
    let world = example().await;
    let mut event = approval(&world);
    // Still the day before in Los Angeles.
    event["time"] = json!("2026-11-24T07:59:59Z");
    world.pass(event).await;
    assert_eq!(world.json("latest/summary.json")["today"], "2026-11-23");
}

#[tokio::test]
async fn what_is_no_approval_starts_nothing() {
    let world = example().await;
    let before = world.keys();
    let mut elsewhere = approval(&world);
    elsewhere["detail"]["bucket"]["name"] = json!("another-bucket");
    let mut roster = approval(&world);
    roster["detail"]["object"]["key"] = json!("inbox/roster.zip");
    let mut closed = roster.clone();
    closed["close"] = json!({"error": "EventInvalid", "cause": "x"});
    for event in [elsewhere, roster, closed] {
        let failure = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
        assert_eq!(failure.name.as_str(), "EventInvalid");
    }
    assert_eq!((world.keys(), action_requests(&world)), (before, 0));
}
