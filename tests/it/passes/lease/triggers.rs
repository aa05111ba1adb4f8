//! Triggers at once, again and later.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;

use super::super::action_requests;
use super::{SHORT, first_event, killed, passes, school, sleep, slice, to_the_end, waiting};
use crate::simulators::faulty::Act;
use crate::simulators::world::{Ending, FIFTEEN_MINUTES, World};

/// The most calls of the store that an invocation makes before the lease is its own.
const MOST_CALLS: usize = 12;

/// Two invocations: the first stops at its call of that number until the second has ended.
async fn meeting(world: &World, first: Value, second: Value, number: usize) -> [Ending; 2] {
    let until = Arc::new(Notify::new());
    let held = Arc::clone(&until);
    let mut calls = 0;
    world.store().hook(Box::new(move |call| {
        calls += usize::from(call.invocation == 1);
        if call.invocation == 1 && calls == number {
            Act::Held(Arc::clone(&held))
        } else {
            Act::Pass
        }
    }));
    let other = async {
        let ending = world.invoke_to(second, SHORT).await;
        until.notify_one();
        ending
    };
    let (one, two) = tokio::join!(world.invoke_to(first, SHORT), other);
    world.store().no_hook();
    [one, two]
}

#[tokio::test]
async fn of_two_triggers_at_once_one_wins_and_the_other_says_so() {
    let mut winners = [0; 2];
    for number in 1..=MOST_CALLS {
        let world = World::start(school(110)).await;
        let (first, second) = (first_event(&world, "first"), first_event(&world, "second"));
        let answers = meeting(&world, first, second, number).await;
        let answers = answers.map(Ending::answer);
        let winner = usize::from(answers[1]["status"] == "continue");
        let loser = 1 - winner;
        winners[winner] += 1;
        assert_eq!(answers[winner]["status"], "continue", "{number}");
        assert_eq!(answers[loser]["status"], "skipped", "{number}");
        assert_eq!(answers[loser]["run_id"], answers[winner]["run_id"]);
        assert!(action_requests(&world) <= 10, "one of them has sent");
        let end = to_the_end(&world, &answers[winner]).await;
        assert_eq!(end["status"], "complete", "{number}");
        assert_eq!(world.memberships(), world.desired());
    }
    assert!(winners.iter().all(|wins| *wins > 1), "{winners:?}");
}

#[tokio::test]
async fn the_same_event_delivered_twice_at_once_is_one_pass() {
    for number in 1..=MOST_CALLS {
        let world = World::start(school(110)).await;
        let event = first_event(&world, "first");
        let [one, two] = meeting(&world, event.clone(), event, number).await;
        let (one, two) = (one.answer(), two.answer());
        assert_eq!(one["run_id"], two["run_id"], "{number}");
        for answer in [&one, &two] {
            assert_eq!(answer["status"], "continue", "{number}");
        }
        assert!(action_requests(&world) <= 10, "one of them has sent");
        assert_eq!(passes(&world).len(), 1);
        let later = if one["wait_seconds"].as_u64() > two["wait_seconds"].as_u64() {
            one
        } else {
            two
        };
        assert_eq!(to_the_end(&world, &later).await["status"], "complete");
        assert_eq!(world.memberships(), world.desired());
    }
}

#[tokio::test]
async fn a_trigger_whose_pass_ended_returns_that_head_again() {
    let world = World::start(school(30)).await;
    let event = first_event(&world, "first");
    let first = world.invoke(event.clone(), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(first["status"], "complete");
    let by_id = json!({"run_id": first["run_id"]});
    for event in [event, by_id] {
        let requests = world.adobe.server.served();
        world.store().clear();
        let again = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
        assert_eq!(again, first);
        assert_eq!(world.adobe.server.served(), requests);
        assert_eq!(world.store().writes(), []);
    }
}

#[tokio::test]
async fn of_a_failed_pass_a_trigger_starts_again_where_the_error_passes() {
    let world = World::start(school(30)).await;
    let event = first_event(&world, "first");
    world
        .sis()
        .server()
        .fault(Box::new(|_| Some(super::super::status(503))));
    let failed = world.invoke(event.clone(), FIFTEEN_MINUTES).await;
    assert_eq!(failed.unwrap_err().name.as_str(), "RosterUnavailable");
    world.sis().server().no_fault();
    let again = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(again["status"], "complete");
    assert_eq!(passes(&world).len(), 1);
    assert_eq!(world.json("latest/summary.json")["slice"], 2);
}

#[tokio::test]
async fn of_a_failed_pass_a_trigger_returns_the_same_error_where_it_stays() {
    let world = World::start(school(30)).await;
    let event = first_event(&world, "first");
    world.adobe.server.fault(Box::new(super::super::at(
        "/token/v3",
        super::super::status(400),
    )));
    let first = world.invoke(event.clone(), FIFTEEN_MINUTES).await;
    world.adobe.server.no_fault();
    let again = world.invoke(event.clone(), FIFTEEN_MINUTES).await;
    let (first, again) = (first.unwrap_err(), again.unwrap_err());
    assert_eq!(again.name.as_str(), "AdobeRefused");
    assert_eq!((again.name, again.message), (first.name, first.message));
    // Another trigger is another pass.
    let other = world.pass(json!({})).await;
    assert_eq!(other["status"], "complete");
}

#[tokio::test]
async fn an_id_that_runs_does_not_know_is_an_error() {
    let world = World::start(school(30)).await;
    let unknown = json!({"run_id": "20261124T020000Z-1a2b3c4d"});
    let failure = world.invoke(unknown, FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "RunUnknown");
    assert_eq!(world.store().writes(), []);
}

#[tokio::test]
async fn the_same_event_while_its_pass_waits_is_told_the_rest_of_the_wait() {
    let world = World::start(school(110)).await;
    let event = first_event(&world, "first");
    let first = world.invoke(event.clone(), SHORT).await.unwrap();
    let wait = first["wait_seconds"].as_u64().unwrap();
    world.clock.sleep(Duration::from_secs(wait - 3)).await;
    world.store().clear();
    let early = world.invoke(event.clone(), SHORT).await.unwrap();
    assert_eq!(early["status"], "continue");
    assert_eq!(early["run_id"], first["run_id"]);
    assert!(early["wait_seconds"].as_u64().unwrap() <= 3, "{early}");
    assert_eq!(world.store().writes(), []);
    sleep(&world, &early).await;
    let end = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(end["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_slice_before_resume_at_is_told_continue_with_the_rest_of_the_wait() {
    let world = World::start(school(110)).await;
    let first = waiting(&world).await;
    let sent = action_requests(&world);
    let early = world.invoke(slice(&first), SHORT).await.unwrap();
    assert_eq!(early["status"], "continue");
    let [asked, left] = [&first, &early].map(|head| head["wait_seconds"].as_u64().unwrap());
    assert!(left > 0 && left <= asked, "{left} of {asked}");
    assert_eq!(action_requests(&world), sent);
    assert_eq!(to_the_end(&world, &early).await["status"], "complete");
}

#[tokio::test]
async fn a_slice_of_a_busy_pass_is_told_to_wait_for_the_end_of_the_lease() {
    let world = World::start(school(110)).await;
    let (event, killed) = killed(&world).await;
    let early = world.invoke(event, SHORT).await.unwrap();
    assert_eq!(early["status"], "continue");
    sleep(&world, &early).await;
    assert!(world.clock.now() >= killed.end + Duration::from_secs(5));
    assert!(world.clock.now() < killed.end + Duration::from_secs(7));
    assert_eq!(to_the_end(&world, &early).await["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}
