//! Approvals through whole passes: what a person lets go goes once, and nothing else does.

mod edges;
mod refused;

use std::time::Duration;

use serde_json::{Value, json};

use super::{DELETES, findings, state, stranger};
use crate::simulators::adobe::Identity;
use crate::simulators::world::{Setup, World};

/// The example school, which deletes Adobe-only people, and no more than one of them.
async fn strict() -> World {
    let mut setup = Setup::example();
    setup.options(&DELETES, "1");
    setup.adobe.clear();
    let world = World::start(setup).await;
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    world
}

/// Two who are in Adobe only, and the pass that holds what would become of them.
async fn with_a_hold() -> (World, Value) {
    let world = strict().await;
    for name in ["one", "two"] {
        let email = format!("gone.{name}@rockaway.example");
        world.adobe.put(stranger(&email, &["Spark"]));
    }
    let answer = tomorrow(&world).await;
    assert_eq!(answer["status"], "held");
    (world, answer)
}

async fn tomorrow(world: &World) -> Value {
    world.clock.advance(Duration::from_hours(24));
    world.pass(json!({})).await
}

/// What an approval of that pass's hold says.
fn approval(world: &World, held: &Value) -> Value {
    let run_id = held["run_id"].as_str().unwrap();
    let hold = world.json(&format!("runs/{run_id}/held.json"));
    json!({"run_id": run_id, "hash": hold["hash"]})
}

fn approve(world: &World, name: &str, held: &Value) {
    let text = approval(world, held).to_string();
    world.put(&format!("approvals/{name}.json"), text);
}

fn is_there(world: &World, name: &str) -> bool {
    let email = format!("gone.{name}@rockaway.example");
    world.adobe.account(Identity::Federated, &email).is_some()
}

/// What the last summary says of approvals.
fn told(world: &World) -> Value {
    world.json("latest/summary.json")["approvals"].clone()
}

/// Why the only approval lets nothing through.
fn refusal(world: &World) -> String {
    let told = told(world);
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    told[0]["refused"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_a_person_lets_go_goes_with_the_next_apply() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    let answer = tomorrow(&world).await;
    assert_eq!(answer["status"], "complete");
    assert!(!is_there(&world, "one") && !is_there(&world, "two"));
    assert_eq!(world.memberships(), world.desired());
    assert_eq!(told(&world)[0]["let_through"], 2);
    let used = world.json("state/approvals.json");
    let wanted = json!({
        "schema": 1,
        "used": [{
            "name": "let-go.json",
            "run_id": held["run_id"],
            "hash": approval(&world, &held)["hash"],
            "used_by": answer["run_id"],
            "day": "2026-11-25",
        }],
    });
    assert_eq!(used, wanted);
}

#[tokio::test]
async fn plan_and_test_show_what_an_approval_would_let_go_and_leave_it() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    for mode in ["plan", "test"] {
        let before = state(&world.adobe);
        let answer = world.pass(json!({"mode": mode})).await;
        assert_eq!(answer["status"], "complete", "{mode}");
        let key = format!("runs/{}/summary.json", answer["run_id"].as_str().unwrap());
        assert_eq!(world.json(&key)["approvals"][0]["let_through"], 2, "{mode}");
        assert_eq!(state(&world.adobe), before, "{mode}");
        assert_eq!(world.get("state/approvals.json"), None, "{mode}");
    }
    assert_eq!(tomorrow(&world).await["status"], "complete");
    assert!(!is_there(&world, "one"));
}

#[tokio::test]
async fn who_came_back_keeps_everything() {
    let world = strict().await;
    let whole = world.clever.district();
    let mut pupils = whole.section_named("Econ 101 - Period 2").students.iter();
    let leavers: Vec<String> = pupils.by_ref().take(3).cloned().collect();
    world.change(|district| leavers.iter().for_each(|pupil| district.leaves(pupil)));
    let held = tomorrow(&world).await;
    assert_eq!(held["status"], "held");
    approve(&world, "let-go", &held);
    world.change(|district| {
        district.clone_from(&whole);
        leavers[1..].iter().for_each(|pupil| district.leaves(pupil));
    });
    assert_eq!(tomorrow(&world).await["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    let told = told(&world);
    assert_eq!(told[0]["let_through"], 2);
    assert_eq!(told[0]["dropped"].as_array().unwrap().len(), 1, "{told:#}");
}

#[tokio::test]
async fn an_approval_lets_nothing_go_that_it_did_not_list() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    for name in ["three", "four"] {
        let email = format!("gone.{name}@rockaway.example");
        world.adobe.put(stranger(&email, &["Spark"]));
    }
    let answer = tomorrow(&world).await;
    assert_eq!(answer["status"], "held");
    assert_eq!(
        findings(&world.json("latest/summary.json")),
        ["adobe-only-users-over-limit"]
    );
    assert!(!is_there(&world, "one") && !is_there(&world, "two"));
    assert!(is_there(&world, "three") && is_there(&world, "four"));
}

#[tokio::test]
async fn a_list_of_leavers_can_be_approved() {
    let world = strict().await;
    let mut list = "type,username,domain\n".to_owned();
    for name in ["one", "two"] {
        let email = format!("gone.{name}@rockaway.example");
        world.adobe.put(stranger(&email, &["Spark"]));
        list.push_str(&["federatedID,", &email, ",\n"].concat());
    }
    world.put("config/leavers.csv", list);
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "delete"});
    let held = world.pass(event.clone()).await;
    assert_eq!(held["status"], "held");
    approve(&world, "let-go", &held);
    assert_eq!(world.pass(event).await["status"], "complete");
    assert!(!is_there(&world, "one") && !is_there(&world, "two"));
}
