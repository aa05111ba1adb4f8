//! Objects of another version, and damaged ones.

use std::time::Duration;

use serde_json::json;

use super::super::action_requests;
use super::{SHORT, first_event, of_lease, of_pass, school, sleep, slice, until, waiting};
use crate::simulators::world::{FIFTEEN_MINUTES, World};

const LEASE: &str = "state/lease.json";

#[tokio::test]
async fn a_lease_that_cannot_be_read_is_nobodys_to_take() {
    let world = World::start(school(30)).await;
    for lease in ["{\"schema\": 1, \"run_id\"", "{}", "{\"schema\": 2}", ""] {
        world.put(LEASE, lease);
        let failure = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
        assert_eq!(failure.name.as_str(), "Internal");
        assert!(failure.message.contains(LEASE), "{}", failure.message);
        assert!(failure.message.contains("delete it"), "{}", failure.message);
        assert_eq!(world.text(LEASE), lease);
    }
    assert_eq!(world.adobe.server.served(), 0);
    assert_eq!(world.sis().server().served(), 0);
}

#[tokio::test]
async fn a_run_record_that_cannot_be_read_ends_its_own_slice_and_stops_no_later_trigger() {
    for record in [
        "{\"schema\": 1}",
        "{\"schema\": 3, \"run_id\": \"x\"}",
        "{\"schema\": 2}",
        "]",
    ] {
        let world = World::start(school(210)).await;
        let first = waiting(&world).await;
        let sent = action_requests(&world);
        world.put(&of_pass(&first, "run.json"), record);
        sleep(&world, &first).await;
        let failure = world.invoke(slice(&first), SHORT).await.unwrap_err();
        assert_eq!(failure.name.as_str(), "Internal", "{record}");
        assert!(failure.message.contains("run.json"), "{}", failure.message);
        assert_eq!(action_requests(&world), sent);
        let late = of_lease(&world, "resume_at") + Duration::from_mins(15);
        until(&world, late);
        let own = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
        assert_eq!(own["status"], "complete", "{record}");
        assert_ne!(own["run_id"], first["run_id"]);
        assert_eq!(world.memberships(), world.desired());
        assert_eq!(world.text(&of_pass(&first, "run.json")), record);
    }
}

#[tokio::test]
async fn a_kept_plan_that_is_gone_or_another_one_is_not_sent_and_the_next_pass_plans_anew() {
    for damage in ["another", "gone", "cut"] {
        let world = World::start(school(210)).await;
        let first = waiting(&world).await;
        let sent = action_requests(&world);
        let run = of_pass(&first, "run.json");
        let mut record = world.json(&run);
        let key = record["plan"]["key"].as_str().unwrap().to_owned();
        match damage {
            "another" => record["plan"]["sha256"] = json!("0".repeat(64)),
            "gone" => record["plan"]["key"] = json!(format!("{key}.gone")),
            _ => {
                let bytes = world.get(&key).unwrap();
                world.put(&key, bytes.slice(..bytes.len() / 2));
            }
        }
        world.put(&run, record.to_string());
        sleep(&world, &first).await;
        let failure = world.invoke(slice(&first), SHORT).await.unwrap_err();
        assert_eq!(failure.name.as_str(), "Internal", "{damage}");
        assert_eq!(action_requests(&world), sent);
        assert_eq!(world.json("latest/summary.json")["status"], "failed");
        let own = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
        assert_eq!(own["status"], "complete", "{damage}");
        assert_eq!(world.memberships(), world.desired());
    }
}

#[tokio::test]
async fn replies_of_another_version_are_read_again() {
    let world = World::start(school(210)).await;
    let event = first_event(&world, "first");
    let first = world
        .invoke(event, Duration::from_millis(600))
        .await
        .unwrap();
    assert_eq!(first["status"], "continue");
    let replies = |key: &String| key.contains("/replies/");
    let keys: Vec<String> = world.keys().into_iter().filter(replies).collect();
    assert!(!keys.is_empty());
    for key in keys {
        world.put(&key, "of another version");
    }
    sleep(&world, &first).await;
    let answer = world.invoke(slice(&first), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}
