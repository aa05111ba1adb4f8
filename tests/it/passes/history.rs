//! `state/history.json`: what the last good passes counted.

use std::time::Duration;

use serde_json::{Value, json};

use super::{example, findings, state};
use crate::simulators::world::World;

const KEY: &str = "state/history.json";

fn passes(world: &World) -> Vec<Value> {
    world.json(KEY)["passes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn good_passes_are_remembered_and_of_many_the_last() {
    let world = example().await;
    let mut run_ids = Vec::new();
    for _ in 0..12 {
        let answer = world.pass(json!({})).await;
        run_ids.push(answer["run_id"].clone());
        world.clock.advance(Duration::from_hours(24));
    }
    let passes = passes(&world);
    assert_eq!(world.json(KEY)["schema"], 1);
    let known: Vec<Value> = passes.iter().map(|pass| pass["run_id"].clone()).collect();
    assert_eq!(known, run_ids[2..]);
    let last = passes.last().unwrap();
    assert_eq!(last["day"], "2026-12-04");
    let groups = last["counts"]["directory_groups"].as_object().unwrap();
    assert!(groups.len() > 3, "{groups:#?}");
    assert!(!passes.iter().any(|pass| pass.to_string().contains('@')));
}

#[tokio::test]
async fn what_sends_nothing_or_reads_no_roster_is_not_remembered() {
    let world = example().await;
    world.pass(json!({"mode": "plan"})).await;
    world.pass(json!({"mode": "test"})).await;
    assert_eq!(world.get(KEY), None);
    world.pass(json!({})).await;
    let before = world.text(KEY);
    world.put(
        "config/leavers.csv",
        "type,username\nfederatedID,gone@rockaway.example\n",
    );
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "remove"});
    world.pass(event).await;
    assert_eq!(world.text(KEY), before);
}

#[tokio::test]
async fn a_history_that_is_damaged_is_none_and_the_next_good_pass_begins_it_anew() {
    let world = example().await;
    world.pass(json!({})).await;
    for text in ["", "{}", "{\"schema\": 2, \"passes\": []}"] {
        world.put(KEY, text);
        assert_eq!(world.pass(json!({})).await["status"], "complete");
        let notices = world.json("latest/summary.json")["notices"].to_string();
        assert!(notices.contains("history.json cannot be read"), "{notices}");
        assert_eq!(passes(&world).len(), 1);
    }
}

#[tokio::test]
async fn the_history_of_another_organization_is_none() {
    let world = example().await;
    world.pass(json!({})).await;
    let mut history = world.json(KEY);
    let own = history["org_id"].take();
    history["org_id"] = json!("FFFFFFFFFFFFFFFFFFFFFFFF@AdobeOrg");
    world.put(KEY, history.to_string());
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    let notices = world.json("latest/summary.json")["notices"].to_string();
    assert!(notices.contains("is of another organization"), "{notices}");
    assert_eq!(
        (passes(&world).len(), &world.json(KEY)["org_id"]),
        (1, &own)
    );
}

#[tokio::test]
async fn a_roster_that_shrank_since_is_held_until_it_is_back() {
    let world = example().await;
    world.pass(json!({})).await;
    let whole = world.clever.district();
    let before = state(&world.adobe);
    world.change(|district| {
        for section in &mut district.sections {
            section.students.truncate(1);
        }
    });
    for _ in 0..2 {
        assert_eq!(world.pass(json!({})).await["status"], "held");
        assert_eq!(state(&world.adobe), before);
        let found = findings(&world.json("latest/summary.json"));
        assert!(
            found.contains(&"directory-group-shrank".to_owned()),
            "{found:?}"
        );
    }
    world.change(|district| district.clone_from(&whole));
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    assert_eq!(state(&world.adobe), before);
}
