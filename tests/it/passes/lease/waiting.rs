//! What a trigger may do while another pass is busy, waits, or was left alone.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;

use super::super::action_requests;
use super::{SHORT, killed, of_lease, passes, school, until, waiting};
use crate::simulators::world::{FIFTEEN_MINUTES, World};

#[tokio::test]
async fn busy_until_is_the_deadline_and_five_seconds() {
    let world = World::start(school(110)).await;
    let (_, killed) = killed(&world).await;
    let busy_until = of_lease(&world, "busy_until");
    assert_eq!(busy_until, killed.end + Duration::from_secs(5));
    until(&world, busy_until - Duration::from_millis(1));
    world.store().clear();
    let skipped = world.invoke(json!({}), SHORT).await.unwrap();
    assert_eq!(skipped["status"], "skipped");
    assert_eq!(skipped["run_id"], world.json("state/lease.json")["run_id"]);
    assert_eq!(world.store().writes(), [], "nothing is written");
    until(&world, busy_until);
    let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["run_id"], skipped["run_id"]);
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn while_a_pass_waits_a_trigger_is_skipped_until_a_quarter_of_an_hour_after_resume_at() {
    let world = World::start(school(110)).await;
    let first = waiting(&world).await;
    let late = of_lease(&world, "resume_at") + SignedDuration::from_mins(15);
    let sent = action_requests(&world);
    for then in [world.clock.now(), late - Duration::from_millis(1)] {
        until(&world, then);
        world.store().clear();
        let skipped = world.invoke(json!({}), SHORT).await.unwrap();
        assert_eq!(skipped["status"], "skipped");
        assert_eq!(skipped["run_id"], first["run_id"]);
        assert_eq!(world.store().writes(), [], "nothing is written");
    }
    assert_eq!(action_requests(&world), sent);
    until(&world, late);
    let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete");
    assert_eq!(
        answer["run_id"], first["run_id"],
        "it goes on with that one"
    );
    assert_eq!(passes(&world).len(), 1);
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_trigger_with_other_options_goes_on_with_the_pass_that_was_left_and_then_runs_its_own() {
    let world = World::start(school(110)).await;
    let first = waiting(&world).await;
    let late = of_lease(&world, "resume_at") + SignedDuration::from_mins(15);
    until(&world, late);
    let own = json!({"mode": "plan"});
    let answer = world.invoke(own, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["mode"], "plan");
    assert_ne!(answer["run_id"], first["run_id"]);
    assert_eq!(world.json("latest/summary.json")["run_id"], first["run_id"]);
    assert_eq!(world.json("latest/summary.json")["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_pass_that_failed_is_not_gone_on_with() {
    let world = World::start(school(110)).await;
    let first = waiting(&world).await;
    until(&world, of_lease(&world, "resume_at"));
    world.adobe.server.fault(Box::new(super::super::at(
        "/token/v3",
        super::super::status(400),
    )));
    let failed = world.invoke(super::slice(&first), SHORT).await;
    assert_eq!(failed.unwrap_err().name.as_str(), "AdobeRefused");
    world.adobe.server.no_fault();
    let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete", "nobody waits for it");
    assert_ne!(answer["run_id"], first["run_id"]);
    assert_eq!(world.memberships(), world.desired());
}
