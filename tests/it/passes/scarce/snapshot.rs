//! What mode plan compares: the last reading, with what that pass did.

use std::time::Duration;

use roster_sync::report;
use serde_json::{Value, json};

use super::super::{at, status};
use super::{age, hours, is_empty, pages, plan, planned, school};
use crate::simulators::adobe::Endpoint;
use crate::simulators::server::{Fault, Response};
use crate::simulators::world::{FIFTEEN_MINUTES, ROOT_FILE, World};

#[tokio::test]
async fn a_plan_right_after_a_pass_is_empty_and_asks_adobe_for_nobody() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({})).await;
    let served = pages(&world);
    world.clock.advance(Duration::from_mins(90));
    let plan = plan(&world).await;
    assert!(is_empty(&plan), "{plan}");
    assert_eq!(age(&plan).as_deref(), Some("1 h 30 min"));
    assert_eq!(pages(&world), served);
}

#[tokio::test]
async fn a_plan_finds_what_has_changed_in_the_roster_since() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({})).await;
    let pupil = world.sis().district().sections[0].students[0].clone();
    world.change(|district| district.leaves(&pupil));
    let served = pages(&world);
    assert!(!is_empty(&plan(&world).await));
    assert_eq!(pages(&world), served);
    world.pass(json!({})).await;
    assert!(is_empty(&plan(&world).await));
}

#[tokio::test]
async fn without_a_reading_a_plan_reads_adobe_and_leaves_it_for_the_next() {
    let world = World::start(school(30, "")).await;
    let first = plan(&world).await;
    assert_eq!(age(&first), None);
    assert_eq!(first["planned"]["creations"], 30);
    let served = pages(&world);
    let second = plan(&world).await;
    assert!(age(&second).is_some());
    assert_eq!(second["planned"], first["planned"]);
    assert_eq!(pages(&world), served);
}

#[tokio::test]
async fn a_reading_that_is_a_day_old_is_too_old() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({})).await;
    hours(&world, 23);
    assert!(age(&plan(&world).await).is_some());
    hours(&world, 1);
    assert_eq!(age(&plan(&world).await), None);
}

#[tokio::test]
async fn how_old_it_may_be_is_a_setting() {
    let world = World::start(school(30, "\n  max_directory_age_hours: 2")).await;
    world.pass(json!({})).await;
    hours(&world, 1);
    assert!(age(&plan(&world).await).is_some());
    hours(&world, 1);
    assert_eq!(age(&plan(&world).await), None);

    let world = World::start(school(30, "\n  max_directory_age_hours: 0")).await;
    world.pass(json!({})).await;
    assert_eq!(age(&plan(&world).await), None);
}

#[tokio::test]
async fn fresh_reads_anew() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({})).await;
    let account = world.adobe.users()[0].clone();
    world.adobe.forget(account.identity, &account.email);
    assert!(is_empty(&plan(&world).await), "nobody has looked");
    let fresh = planned(&world, json!({"mode": "plan", "fresh": true})).await;
    assert_eq!(age(&fresh), None);
    assert_eq!(fresh["planned"]["creations"], 1);
    // The fresh reading is what the next one compares.
    let next = plan(&world).await;
    assert!(age(&next).is_some());
    assert_eq!(next["planned"]["creations"], 1);
}

#[tokio::test]
async fn the_reading_of_another_organization_is_not_compared() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({})).await;
    let key = "state/directory.ndjson.gz";
    let own = world.get(key).unwrap();
    let text = report::gunzip(&own).unwrap();
    let org = world.adobe.org().id;
    assert!(text.contains(&org));
    let text = text.replace(&org, "FFFFFFFFFFFFFFFFFFFFFFFF@AdobeOrg");
    world.put(key, report::gzip(&text));
    assert_eq!(age(&plan(&world).await), None);
    world.put(key, own);
    assert!(age(&plan(&world).await).is_some());
    world.put(key, "damaged");
    assert_eq!(age(&plan(&world).await), None);
}

#[tokio::test]
async fn with_adobe_users_mapped_the_groups_are_read_live_and_no_reading_of_all_is_left() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({})).await;
    let left = world.get("state/directory.ndjson.gz");
    let members = |world: &World| {
        let requests = world.adobe.requests();
        let members = requests.get(&Endpoint::UsersOfGroup).copied();
        (pages(world), members.unwrap_or_default())
    };
    let before = members(&world);
    let event = json!({"mode": "plan", "adobe_users": "mapped"});
    let plan = planned(&world, event).await;
    assert_eq!(age(&plan), None);
    assert!(is_empty(&plan));
    let after = members(&world);
    assert_eq!(after.0, before.0);
    assert!(after.1 > before.1);
    assert_eq!(world.get("state/directory.ndjson.gz"), left);
}

#[tokio::test]
async fn test_mode_leaves_the_directory_as_it_was_read() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({"mode": "test"})).await;
    let plan = plan(&world).await;
    assert!(age(&plan).is_some());
    assert_eq!(plan["planned"]["creations"], 30);
}

/// The second action request is refused as a whole.
fn refuse_second(world: &World) {
    let mut requests = 0;
    world.adobe.server.fault(Box::new(move |request| {
        let is_action = request.path.contains("/action/");
        requests += usize::from(is_action);
        let refused = Response::json(400, &json!({"result": "error.command.malformed"}));
        (is_action && requests == 2).then_some(Fault::Reply(refused))
    }));
}

#[tokio::test]
async fn after_a_partial_pass_a_plan_finds_what_was_refused() {
    let world = World::start(school(30, "")).await;
    refuse_second(&world);
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "partial");
    world.adobe.server.no_fault();
    let plan = plan(&world).await;
    assert!(age(&plan).is_some());
    assert_eq!(plan["planned"]["creations"], 10);
    same_as_fresh(&world, &plan).await;
}

/// What the plan says is what it would say if Adobe were read anew.
async fn same_as_fresh(world: &World, plan: &Value) {
    let fresh = planned(world, json!({"mode": "plan", "fresh": true})).await;
    assert_eq!(age(&fresh), None);
    assert_eq!(fresh["planned"], plan["planned"]);
}

#[tokio::test]
async fn after_a_held_pass_a_plan_finds_what_is_held() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({})).await;
    let root = world.text(&format!("config/{ROOT_FILE}"));
    let root = root.replace("max_adobe_only_users: 200", "max_adobe_only_users: 2");
    world.put(&format!("config/{ROOT_FILE}"), root);
    let pupils: Vec<_> = world.sis().district().students[..9].to_vec();
    world.change(|district| pupils.iter().for_each(|pupil| district.leaves(&pupil.id)));
    world.change(|district| {
        district
            .students
            .retain(|pupil| !pupils.iter().any(|gone| gone.id == pupil.id));
    });
    let held = world
        .pass(json!({"adobe_only_user_action": "remove"}))
        .await;
    assert_eq!(held["status"], "held");
    let event = json!({"mode": "plan", "adobe_only_user_action": "remove"});
    let answer = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "held");
    let plan = world.json("latest/plan.json");
    assert!(age(&plan).is_some());
    assert_eq!(plan["held"]["count"], 9);
}

#[tokio::test]
async fn a_pass_that_fails_before_it_has_read_adobe_leaves_the_last_reading() {
    let world = World::start(school(30, "")).await;
    world.pass(json!({})).await;
    let left = world.get("state/directory.ndjson.gz");
    hours(&world, 1);
    world.adobe.server.fault(Box::new(at("/0", status(404))));
    let failed = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failed.name.as_str(), "AdobeRefused");
    world.adobe.server.no_fault();
    assert_eq!(world.get("state/directory.ndjson.gz"), left);
    assert!(is_empty(&plan(&world).await));
}

#[tokio::test]
async fn after_a_pass_that_fails_while_it_sends_a_plan_finds_what_is_left() {
    let world = World::start(school(50, "")).await;
    let mut requests = 0;
    world.adobe.server.fault(Box::new(move |request| {
        let is_action = request.path.contains("/action/");
        requests += usize::from(is_action);
        (is_action && requests >= 3).then(|| status(403))
    }));
    let failed = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failed.name.as_str(), "AdobeRefused");
    world.adobe.server.no_fault();
    let plan = plan(&world).await;
    assert!(age(&plan).is_some());
    assert_eq!(plan["planned"]["creations"], 30);
    same_as_fresh(&world, &plan).await;
}

#[tokio::test]
async fn after_a_pass_that_was_closed_a_plan_finds_what_is_left() {
    let world = World::start(school(130, "")).await;
    let first = world.invoke(json!({}), Duration::from_secs(20)).await;
    let first = first.unwrap();
    assert_eq!(first["status"], "continue");
    let close = json!({"run_id": first["run_id"], "close": {"error": "x", "cause": "y"}});
    world.invoke(close, FIFTEEN_MINUTES).await.unwrap();
    let plan = plan(&world).await;
    assert!(age(&plan).is_some());
    assert_eq!(plan["planned"]["creations"], 30);
    same_as_fresh(&world, &plan).await;
}
