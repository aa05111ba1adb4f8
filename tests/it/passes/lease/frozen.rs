//! A process that stands still past its lease, and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::super::action_requests;
use super::{SHORT, first_event, of_lease, school, until};
use crate::simulators::faulty::Act;
use crate::simulators::world::{Ending, FIFTEEN_MINUTES, World};

/// The first invocation stands still at its write of that number after the plan, while another goes on with the pass to
/// its end. Returns how both ended, and the key; nothing where there is no such write.
async fn frozen_at(world: &World, number: usize) -> (Ending, Option<(Value, String)>) {
    let (frozen, thawed) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let is_over = Arc::new(AtomicBool::new(false));
    let (tell, held) = (Arc::clone(&frozen), Arc::clone(&thawed));
    let (mut planned, mut writes) = (false, 0);
    world.store().hook(Box::new(move |call| {
        if call.invocation != 1 || !call.operation.writes() {
            return Act::Pass;
        }
        writes += usize::from(planned);
        planned |= call.key.contains("/plan-0001");
        if planned && writes == number {
            tell.notify_one();
            return Act::Held(Arc::clone(&held));
        }
        Act::Pass
    }));
    let first = async {
        let ending = world.invoke_to(first_event(world, "first"), SHORT).await;
        is_over.store(true, Ordering::SeqCst);
        frozen.notify_one();
        ending
    };
    let second = async {
        frozen.notified().await;
        if is_over.load(Ordering::SeqCst) {
            return None;
        }
        let key = world.store().writes().pop().unwrap().key;
        until(world, of_lease(world, "busy_until"));
        let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
        assert_eq!(answer["status"], "complete", "{key}");
        let sent = action_requests(world);
        world.store().clear();
        thawed.notify_one();
        Some((answer, key, sent))
    };
    let (ending, other) = tokio::join!(first, second);
    world.store().no_hook();
    let other = other.map(|(answer, key, sent)| {
        assert_eq!(action_requests(world), sent, "{key}: it sends nothing more");
        (answer, key)
    });
    (ending, other)
}

#[tokio::test]
async fn a_holder_that_comes_back_after_its_lease_has_lost_it_and_writes_no_summary() {
    let mut keys = Vec::new();
    for number in 0.. {
        let world = World::start(school(110)).await;
        let (ending, other) = frozen_at(&world, number).await;
        let Some((answer, key)) = other else {
            break;
        };
        assert_eq!(world.memberships(), world.desired(), "{key}");
        let written = world.store().writes();
        if key == "state/lease.json" {
            // It had done all it had to; the lease is somebody else's by now.
            assert_eq!(ending.answer()["status"], "continue");
        } else {
            match ending {
                Ending::Failed(failure) => assert_eq!(failure.name.as_str(), "LeaseLost", "{key}"),
                other => panic!("{key}: {other:?}"),
            }
            let is_summary = |name: &str| name.contains("summary");
            let summaries = written.iter().filter(|call| is_summary(&call.key));
            assert_eq!(summaries.count(), 0, "{key}: {written:?}");
        }
        if !key.contains("summary.json") {
            let summary = world.json("latest/summary.json");
            assert_eq!(summary["status"], "complete", "{key}");
            assert_eq!(summary["run_id"], answer["run_id"]);
        }
        let lease = world.json("state/lease.json");
        assert!(lease["owner"].is_null() && lease["resume_at"].is_null());
        keys.push(key);
    }
    let name = |part: &str| keys.iter().any(|key| key.contains(part));
    for part in [
        "/plan-0001",
        "run.json",
        "/journal/",
        "/summary.json",
        "lease",
    ] {
        assert!(name(part), "{part} is not among {keys:?}");
    }
}

#[tokio::test]
async fn a_holder_that_oversleeps_at_adobe_sends_nothing_more() {
    let world = World::start(school(250)).await;
    let clock = world.clock.clone();
    let mut actions = 0;
    world.adobe.server.fault(Box::new(move |request| {
        actions += usize::from(request.path.contains("/action/"));
        if actions == 4 {
            clock.advance(Duration::from_hours(1));
        }
        None
    }));
    let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await;
    assert_eq!(action_requests(&world), 4);
    world.adobe.server.no_fault();
    // Nobody else has come meanwhile, so that nothing is wrong with what it did.
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => {
            assert_eq!(failure.name.as_str(), "LeaseLost");
            json!({"run_id": world.json("state/lease.json")["run_id"]})
        }
    };
    let by_id = json!({"run_id": answer["run_id"]});
    let end = world.pass_in(by_id, FIFTEEN_MINUTES).await.pop().unwrap();
    assert_eq!(end["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}
