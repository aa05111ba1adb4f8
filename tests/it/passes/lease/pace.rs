//! Adobe's limits of a minute, over slices, passes and kills; and who sleeps through which waits.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::super::{action_requests, at};
use super::{SHORT, first_event, of_lease, school, sleep, slice};
use crate::simulators::adobe::{Adobe, Endpoint, Latency};
use crate::simulators::server::{Fault, Response};
use crate::simulators::world::{FIFTEEN_MINUTES, Point, Setup, World};

/// The most action requests in any sixty seconds.
fn most_in_a_minute(adobe: &Adobe) -> usize {
    let times = adobe.action_times();
    let within = |first: &Timestamp| {
        let end = *first + Duration::from_mins(1);
        let all = times.iter();
        all.filter(|time| *time >= first && **time < end).count()
    };
    times.iter().map(within).max().unwrap_or_default()
}

/// A school whose Adobe takes no time at all, and counts for us alone.
async fn quick(mut setup: Setup) -> World {
    setup.adobe_latency = Latency::none();
    let world = World::start(setup).await;
    world.adobe.rules(|rules| rules.actions_per_minute = 0);
    world
}

#[tokio::test]
async fn slices_share_the_ten_action_requests_of_a_minute() {
    let world = quick(school(350)).await;
    let mut event = first_event(&world, "first");
    // Whoever asks does not wait: a slice itself knows when it may send.
    let mut slices = 0;
    loop {
        let answer = world.invoke(event, SHORT).await.unwrap();
        slices += 1;
        if answer["status"] == "complete" {
            break;
        }
        event = slice(&answer);
        world.clock.sleep(Duration::from_secs(1)).await;
    }
    assert!(slices > 3);
    assert!(action_requests(&world) > 30);
    assert_eq!(most_in_a_minute(&world.adobe), 10);
}

#[tokio::test]
async fn passes_share_them_too() {
    let world = quick(school(150)).await;
    let first = world.pass(json!({})).await;
    let pupils: Vec<String> = {
        let district = world.sis().district();
        let pupils = district.students.iter().map(|pupil| pupil.id.clone());
        pupils.take(50).collect()
    };
    world.change(|district| pupils.iter().for_each(|pupil| district.leaves(pupil)));
    let second = world
        .pass(json!({"adobe_only_user_action": "remove"}))
        .await;
    assert_ne!(first["run_id"], second["run_id"]);
    assert!(action_requests(&world) > 16);
    assert_eq!(most_in_a_minute(&world.adobe), 10);
}

#[tokio::test]
async fn what_a_killed_slice_has_sent_counts_too() {
    for number in [1, 5, 9, 10] {
        let world = quick(school(250)).await;
        let mut event = first_event(&world, "first");
        let point = Point::Action {
            number,
            after: true,
        };
        world.kill_at(point);
        let killed = world.invoke_to(event.clone(), SHORT).await.killed();
        world.spare();
        world.outlive(&killed);
        for slices in 1.. {
            assert!(slices < 10, "it comes to no end");
            let answer = world.invoke(event, SHORT).await.unwrap();
            if answer["status"] == "complete" {
                break;
            }
            sleep(&world, &answer).await;
            event = slice(&answer);
        }
        assert_eq!(most_in_a_minute(&world.adobe), 10, "{number}");
        assert_eq!(world.memberships(), world.desired());
    }
}

#[tokio::test]
async fn a_pass_after_one_that_was_killed_and_closed_keeps_to_them() {
    let world = quick(school(250)).await;
    let event = first_event(&world, "first");
    world.kill_at(Point::Action {
        number: 10,
        after: true,
    });
    let killed = world.invoke_to(event.clone(), SHORT).await.killed();
    world.spare();
    world.outlive(&killed);
    let mut close = event;
    close["close"] = json!({"error": "Sandbox.Timedout", "cause": "Task timed out."});
    let closed = world.invoke(close, SHORT).await.unwrap();
    assert_eq!(closed["status"], "failed");
    world.pass(json!({})).await;
    assert!(most_in_a_minute(&world.adobe) <= 10);
    assert_eq!(world.memberships(), world.desired());
}

/// Adobe asks to come back after so many seconds, from the second page of users on, once.
fn refuse_once(world: &World, seconds: &'static str) {
    let mut refused = false;
    let reply = Response::json(429, &json!({})).with("retry-after", seconds);
    let mut when = at("/0", Fault::Reply(reply));
    world.adobe.server.fault(Box::new(move |request| {
        let fault = when(request).filter(|_| !refused);
        refused |= fault.is_some();
        fault
    }));
}

#[tokio::test]
async fn with_an_engine_a_wait_of_more_than_a_minute_is_not_slept_through() {
    let world = World::start(school(30)).await;
    refuse_once(&world, "61");
    let event = first_event(&world, "first");
    let first = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(first["status"], "continue");
    assert_eq!(first["wait_seconds"], 61);
    assert_eq!(
        of_lease(&world, "resume_at"),
        world.clock.now() + Duration::from_secs(61)
    );
    sleep(&world, &first).await;
    let second = world.invoke(slice(&first), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(second["status"], "complete");
    let roster = world.sis().server().served();
    assert!(roster < 40, "the roster is read once: {roster} requests");
}

#[tokio::test]
async fn with_an_engine_a_wait_of_a_minute_is() {
    let world = World::start(school(30)).await;
    refuse_once(&world, "60");
    let event = first_event(&world, "first");
    let first = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(first["status"], "complete");
}

#[tokio::test]
async fn without_an_engine_waits_are_slept_through_as_far_as_the_time_goes() {
    let world = World::start(school(30)).await;
    refuse_once(&world, "700");
    let first = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(first["status"], "complete");

    let world = World::start(school(30)).await;
    refuse_once(&world, "900");
    let first = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(first["status"], "continue");
    assert_eq!(first["wait_seconds"], 900);
    assert_eq!(world.adobe.requests().get(&Endpoint::Action), None);
}
