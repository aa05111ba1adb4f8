//! From an event to the desired state, and to nothing left to do.

use std::time::Duration;

use serde_json::json;

use super::{action_requests, example};
use crate::simulators::district::{District, Shape};
use crate::simulators::mapping::Mapping;
use crate::simulators::world::{FIFTEEN_MINUTES, Setup, World};

#[tokio::test]
async fn a_pass_brings_adobe_to_the_desired_state_and_a_second_one_sends_nothing() {
    let world = example().await;
    assert_ne!(world.memberships(), world.desired());
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    let sent = action_requests(&world);
    assert!(sent > 0);

    let second = world.pass(json!({})).await;
    assert_eq!(second["status"], "complete");
    assert_eq!(second["counters"]["actions"]["total"], 0);
    assert_eq!(action_requests(&world), sent);
}

#[tokio::test]
async fn a_pass_leaves_its_files() {
    let world = example().await;
    let answer = world.pass(json!({})).await;
    let run_id = answer["run_id"].as_str().unwrap();
    let run = format!("runs/{run_id}");
    let wanted = [
        "latest/progress.json".to_owned(),
        "latest/summary.json".to_owned(),
        "latest/summary.txt".to_owned(),
        format!("{run}/changes.ndjson"),
        format!("{run}/held.json"),
        format!("{run}/journal/0001-00000.ndjson"),
        format!("{run}/plan.ndjson.gz"),
        format!("{run}/plan.txt"),
        format!("{run}/run.json"),
        format!("{run}/summary.json"),
        format!("{run}/summary.txt"),
        format!("slices/{run_id}/directory-0001.ndjson.gz"),
        format!("slices/{run_id}/plan-0001.json.gz"),
        "state/adobe-reads.json".to_owned(),
        "state/directory.ndjson.gz".to_owned(),
        "state/history.json".to_owned(),
        "state/lease.json".to_owned(),
    ];
    let keys: Vec<_> = world
        .keys()
        .into_iter()
        .filter(|key| !key.starts_with("config/"))
        // The journal has a chunk for ten batches, or for five seconds.
        .filter(|key| !key.contains("/journal/") || key.ends_with("/0001-00000.ndjson"))
        .collect();
    assert_eq!(keys, wanted);
    let summary = world.json("latest/summary.json");
    for field in ["status", "run_id", "mode", "strategy", "counters"] {
        assert_eq!(summary[field], answer[field], "{field}");
    }
    let sent = answer["counters"]["actions"]["total"].as_u64().unwrap();
    let lines = world.text(&format!("{run}/changes.ndjson")).lines().count();
    assert_eq!(lines, usize::try_from(sent).unwrap());
}

#[tokio::test]
async fn a_large_district_is_in_step_after_one_pass() {
    let world = World::start(Setup::large()).await;
    let began = world.clock.now();
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    let requests = action_requests(&world);
    let minutes = world.clock.now().duration_since(began).as_secs() / 60;
    assert!(
        minutes + 1 >= i64::try_from(requests / 10).unwrap(),
        "ten action requests a minute"
    );

    let second = world.pass(json!({})).await;
    assert_eq!(second["counters"]["actions"]["total"], 0);
    assert_eq!(action_requests(&world), requests);
}

/// A district of a thousand people, none of whom has an account.
pub(super) fn first_load() -> Setup {
    let district = District::generate(Shape {
        seed: 3,
        schools: 3,
        students: 900,
        teachers: 100,
        courses: 12,
        sections: 120,
    });
    let mapping = Mapping::over(&district, 20);
    Setup::new(district, mapping, Vec::new())
}

#[tokio::test]
async fn short_invocations_in_a_row_come_to_the_same_end_as_a_long_one() {
    let first_load = first_load();
    let long = World::start(first_load.clone()).await;
    long.pass(json!({})).await;

    let short = World::start(first_load).await;
    let answers = short.pass_in(json!({}), Duration::from_secs(20)).await;
    assert!(answers.len() > 5, "{} events", answers.len());
    let ids: std::collections::BTreeSet<_> = answers
        .iter()
        .map(|answer| answer["run_id"].to_string())
        .collect();
    assert_eq!(ids.len(), 1, "one pass");
    assert!(
        answers
            .iter()
            .rev()
            .skip(1)
            .all(|answer| answer["status"] == "continue")
    );
    assert_eq!(short.adobe.snapshot(), long.adobe.snapshot());
    assert_eq!(short.memberships(), short.desired());
    for field in ["status", "counters", "planned", "problems", "notices"] {
        let said = |world: &World| world.json("latest/summary.json")[field].clone();
        assert_eq!(said(&short), said(&long), "{field}");
    }
}

#[tokio::test]
async fn a_pass_that_waits_too_long_is_gone_on_with_by_whatever_event_comes() {
    let world = World::start(first_load()).await;
    let first = world
        .invoke(json!({}), Duration::from_secs(20))
        .await
        .unwrap();
    assert_eq!(first["status"], "continue");
    let wait = first["wait_seconds"].as_u64().unwrap();
    world.clock.sleep(Duration::from_secs(wait + 14 * 60)).await;
    let skipped = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(skipped["status"], "skipped");
    assert_eq!(skipped["run_id"], first["run_id"]);
    world.clock.sleep(Duration::from_mins(1)).await;
    let answers = world.pass_in(json!({}), FIFTEEN_MINUTES).await;
    assert_eq!(answers[0]["run_id"], first["run_id"]);
    assert_eq!(answers.last().unwrap()["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}
