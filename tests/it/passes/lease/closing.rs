//! Passes that the engine gives up.

use serde_json::{Value, json};

use super::super::{action_requests, names};
use super::{SHORT, first_event, killed, of_pass, passes, school, slice, waiting};
use crate::simulators::adobe::Adobe;
use crate::simulators::world::{FIFTEEN_MINUTES, ROOT_FILE, World};

/// What the engine says of a pass that it gives up.
fn close(mut event: Value) -> Value {
    event["close"] =
        json!({"error": "Sandbox.Timedout", "cause": "Task timed out after 900.00 seconds"});
    event
}

/// Closes it; the head says that it failed.
async fn closed(world: &World, event: Value) -> Value {
    let head = world.invoke(close(event), SHORT).await.unwrap();
    assert_eq!(head["status"], "failed", "{head}");
    head
}

fn by_id(answer: &Value) -> Value {
    json!({"run_id": answer["run_id"]})
}

fn actions(adobe: &Adobe) -> usize {
    adobe.action_times().len()
}

#[tokio::test]
async fn a_pass_that_was_killed_is_closed_as_failed_and_says_what_it_did() {
    let world = World::start(school(210)).await;
    let first = waiting(&world).await;
    super::sleep(&world, &first).await;
    world.kill_at(crate::simulators::world::Point::Action {
        number: 3,
        after: true,
    });
    world.invoke_to(slice(&first), SHORT).await.killed();
    world.spare();
    let sent = action_requests(&world);
    let head = closed(&world, by_id(&first)).await;
    assert_eq!(head["run_id"], first["run_id"]);
    assert_eq!(action_requests(&world), sent);
    let summary = world.json(&of_pass(&first, "summary.json"));
    assert_eq!(summary["status"], "failed");
    assert_eq!(summary["error"]["name"], "PassAbandoned");
    let message = summary["error"]["message"].as_str().unwrap();
    assert!(message.contains("Sandbox.Timedout"), "{message}");
    // What the killed slice had sent nobody knows.
    let done = summary["counters"]["actions"]["total"].as_u64().unwrap();
    let not_sent = names(&summary["problems"]).len();
    assert_eq!(usize::try_from(done).unwrap() + not_sent, 210);
    assert_eq!(done, 100);
    assert_eq!(world.json("latest/summary.json"), summary);
    assert_eq!(world.json("latest/progress.json")["state"], "ended");
    assert_eq!(world.json("latest/progress.json")["status"], "failed");
    // The next pass does what is left, once the lease is over.
    let skipped = world.invoke(json!({}), SHORT).await.unwrap();
    assert_eq!(skipped["status"], "skipped");
    super::until(&world, super::of_lease(&world, "busy_until"));
    let own = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(own["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_pass_that_waits_is_closed_and_nobody_waits_for_it() {
    let world = World::start(school(210)).await;
    let first = waiting(&world).await;
    closed(&world, by_id(&first)).await;
    let own = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(own["status"], "complete");
    assert_ne!(own["run_id"], first["run_id"]);
    assert_eq!(world.memberships(), world.desired());
    // Its next slice, should it come, says what became of it.
    let sent = action_requests(&world);
    let late = world.invoke(slice(&first), SHORT).await.unwrap_err();
    assert_eq!(late.name.as_str(), "PassAbandoned");
    assert_eq!(action_requests(&world), sent);
    assert_eq!(world.json("latest/summary.json")["run_id"], own["run_id"]);
}

#[tokio::test]
async fn a_pass_that_has_ended_stays_as_it_is() {
    let world = World::start(school(30)).await;
    let event = first_event(&world, "first");
    let first = world.invoke(event.clone(), FIFTEEN_MINUTES).await.unwrap();
    for event in [by_id(&first), event] {
        world.store().clear();
        let head = world.invoke(close(event), SHORT).await.unwrap();
        assert_eq!(head, first);
        assert_eq!(world.store().writes(), []);
    }
}

#[tokio::test]
async fn a_pass_that_has_said_why_it_failed_stays_as_it_is() {
    let world = World::start(school(30)).await;
    let event = first_event(&world, "first");
    world.adobe.server.fault(Box::new(super::super::at(
        "/token/v3",
        super::super::status(400),
    )));
    world
        .invoke(event.clone(), FIFTEEN_MINUTES)
        .await
        .unwrap_err();
    let before = world.text("latest/summary.json");
    let head = closed(&world, event).await;
    assert_eq!(world.text("latest/summary.json"), before);
    assert_eq!(head["run_id"], world.json("latest/summary.json")["run_id"]);
    assert_eq!(
        world.json("latest/summary.json")["error"]["name"],
        "AdobeRefused"
    );
}

#[tokio::test]
async fn a_pass_that_never_began_is_closed_beside_its_start() {
    let world = World::start(school(30)).await;
    let event = first_event(&world, "first");
    let head = closed(&world, event.clone()).await;
    assert_eq!(passes(&world).len(), 1);
    let summary = world.json(&of_pass(&head, "summary.json"));
    assert_eq!(summary["error"]["name"], "PassAbandoned");
    assert_eq!(world.adobe.server.served(), 0);
    // The event itself, late, is the same pass.
    let late = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(late.name.as_str(), "PassAbandoned");
    assert_eq!(world.pass(json!({})).await["status"], "complete");
}

#[tokio::test]
async fn a_pass_that_nobody_knows_is_an_error() {
    let world = World::start(school(30)).await;
    let event = json!({"run_id": "20261124T020000Z-1a2b3c4d"});
    let failure = world.invoke(close(event), SHORT).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "RunUnknown");
    assert_eq!(world.store().writes(), []);
}

#[tokio::test]
async fn another_pass_keeps_its_lease() {
    let world = World::start(school(210)).await;
    let first = waiting(&world).await;
    let before = world.text("state/lease.json");
    let other = first_event(&world, "other");
    closed(&world, other).await;
    assert_eq!(world.text("state/lease.json"), before);
    super::sleep(&world, &first).await;
    let end = world.invoke(slice(&first), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(end["status"], "complete");
}

#[tokio::test]
async fn whoever_is_at_work_on_a_closed_pass_writes_no_summary_of_it() {
    let world = World::start(school(110)).await;
    let (event, _killed) = killed(&world).await;
    // As if it were slow, not dead: it still holds the lease, and the pass is closed beside it.
    closed(&world, event.clone()).await;
    let late = world.invoke(event, SHORT).await.unwrap_err();
    assert_eq!(late.name.as_str(), "PassAbandoned");
    assert_eq!(world.json("latest/summary.json")["status"], "failed");
    assert!(actions(&world.adobe) <= 10);
}

#[tokio::test]
async fn a_pass_in_test_mode_is_closed_as_one() {
    let mut setup = school(210);
    let defaults = [
        ("users", "all"),
        ("process_groups", "yes"),
        ("test_mode", "yes"),
    ];
    setup.options(&defaults, "200");
    assert!(setup.files[ROOT_FILE].contains("test_mode"));
    let world = World::start(setup).await;
    let first = waiting(&world).await;
    let head = closed(&world, by_id(&first)).await;
    assert_eq!(head["mode"], "test");
    let plan = world.pass(json!({"mode": "plan"})).await;
    assert_eq!(plan["counters"]["adobe_users_created"], 210);
}
