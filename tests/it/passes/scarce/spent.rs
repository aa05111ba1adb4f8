//! When a list was spent, and how long Adobe refuses it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{pages, school, time};
use crate::simulators::adobe::{Account, Endpoint};
use crate::simulators::server::{Fault, Request, Response};
use crate::simulators::world::{FIFTEEN_MINUTES, World};

const READS: &str = "state/adobe-reads.json";

/// Adobe asks whoever wants the list of all users to come back after so many seconds.
fn refuse(world: &World, seconds: &'static str) {
    world.adobe.server.fault(Box::new(move |request: &Request| {
        let is_list = request.path.contains("/users/");
        let reply = Response::json(429, &json!({})).with("retry-after", seconds);
        is_list.then_some(Fault::Reply(reply))
    }));
}

#[tokio::test]
async fn a_reading_is_remembered_with_its_time() {
    let world = World::start(school(30, "")).await;
    let before = world.clock.now();
    world.pass(json!({})).await;
    let reads = world.json(READS);
    assert_eq!(reads["schema"], 1);
    assert_eq!(reads["org_id"], json!(world.adobe.org().id));
    let asked = time(&reads["users"]["asked"]);
    assert!(before < asked && asked < world.clock.now());
    assert_eq!(reads["users"]["not_before"], Value::Null);
    assert_eq!(reads["groups"]["asked"], Value::Null, "nobody asked");
}

#[tokio::test]
async fn while_adobe_refuses_nobody_asks() {
    let world = World::start(school(30, "")).await;
    refuse(&world, "3000");
    let first = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(first["status"], "continue");
    assert_eq!(first["wait_seconds"], 3000);
    let not_before = time(&world.json(READS)["users"]["not_before"]);
    assert_eq!(not_before, world.clock.now() + Duration::from_mins(50));
    world.adobe.server.no_fault();
    let served = world.adobe.server.served();

    // Another pass, while that one is given up, does not even log in.
    let close = json!({"run_id": first["run_id"], "close": {"error": "x", "cause": "y"}});
    world.invoke(close, FIFTEEN_MINUTES).await.unwrap();
    world.clock.advance(Duration::from_mins(10));
    for event in [json!({}), json!({"mode": "plan", "fresh": true})] {
        let other = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
        assert_eq!(other["status"], "continue");
        let left = other["wait_seconds"].as_u64().unwrap();
        assert!((2350..=2400).contains(&left), "{left}");
        let close = json!({"run_id": other["run_id"], "close": {"error": "x", "cause": "y"}});
        world.invoke(close, FIFTEEN_MINUTES).await.unwrap();
    }
    assert_eq!(world.adobe.server.served(), served);
    assert_eq!(time(&world.json(READS)["users"]["not_before"]), not_before);

    world.clock.advance(Duration::from_mins(40));
    let last = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(last["status"], "complete");
    let reads = world.json(READS);
    assert_eq!(reads["users"]["not_before"], Value::Null);
    assert!(time(&reads["users"]["asked"]) >= not_before);
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn what_is_left_of_a_short_wait_is_slept_through() {
    let world = World::start(school(30, "")).await;
    refuse(&world, "1000");
    let first = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    world.adobe.server.no_fault();
    let not_before = time(&world.json(READS)["users"]["not_before"]);
    let close = json!({"run_id": first["run_id"], "close": {"error": "x", "cause": "y"}});
    world.invoke(close, FIFTEEN_MINUTES).await.unwrap();
    world.clock.advance(Duration::from_secs(500));
    let last = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(last["status"], "complete");
    let log = world.adobe.log();
    let read = log.iter().find(|entry| entry.endpoint == Endpoint::Users);
    assert!(read.unwrap().at >= not_before);
}

#[tokio::test]
async fn a_refusal_of_another_organization_is_of_no_concern() {
    let world = World::start(school(30, "")).await;
    let far = world.clock.now() + Duration::from_hours(1);
    let list = json!({"asked": null, "not_before": far.to_string()});
    let reads = json!({"schema": 1, "org_id": "FFFF@AdobeOrg", "users": list, "groups": list});
    for reads in [
        reads.to_string(),
        "{".to_owned(),
        "{\"schema\": 2}".to_owned(),
    ] {
        world.put(READS, reads);
        let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
        assert_eq!(answer["status"], "complete");
    }
}

#[tokio::test]
async fn test_and_apply_read_anew_and_wait_as_adobe_asks() {
    let world = World::start(school(30, "")).await;
    world
        .adobe
        .rules(|rules| rules.two_hours_between_full_reads = true);
    for mode in ["test", "apply"] {
        let before = pages(&world);
        let answers = world.pass_in(json!({"mode": mode}), FIFTEEN_MINUTES).await;
        assert_eq!(answers.last().unwrap()["status"], "complete", "{mode}");
        assert!(pages(&world) > before, "{mode}");
        if mode == "apply" {
            assert_eq!(answers[0]["status"], "continue");
            // Adobe names an hour at most, and means up to two.
            let refused = pages(&world) - before - 1;
            assert!(refused <= 2, "{refused} refusals");
        }
    }
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_directory_of_600_pages_takes_several_slices_and_each_page_is_asked_once() {
    let mut setup = school(30, "");
    setup.adobe_latency.users = Duration::from_millis(200);
    let world = World::start(setup).await;
    for number in 0..590 {
        let email = format!("somebody.{number}@elsewhere.example");
        world
            .adobe
            .put(Account::federated(&email).named("Some", "Body"));
    }
    world.adobe.rules(|rules| rules.page_size = 1);
    let event = json!({"adobe_only_user_action": "preserve", "time": world.clock.now().to_string(), "execution": "first"});
    let answers = world.pass_in(event, Duration::from_mins(5)).await;
    assert_eq!(answers.last().unwrap()["status"], "complete");
    let reading = answers
        .iter()
        .filter(|answer| answer["counters"].is_null())
        .count();
    assert!(reading >= 4, "{reading} slices of reading");
    // A page that Adobe refuses, as it counts its minute otherwise, is asked for again.
    let log = world.adobe.log();
    let given = log
        .iter()
        .filter(|entry| entry.endpoint == Endpoint::Users && entry.status == 200);
    assert_eq!(given.count(), 590, "each page once");
    let roster = world.sis().server().log();
    let mut paths: Vec<_> = roster
        .iter()
        .map(|request| (request.path.clone(), request.query.clone()))
        .collect();
    let all = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), all, "the roster is read once, too");
    assert_eq!(world.memberships(), world.desired());
}
