//! `latest/progress.json`: how far a pass is, for whoever watches it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::simulators::district::{District, Shape};
use crate::simulators::faulty::Act;
use crate::simulators::mapping::Mapping;
use crate::simulators::world::{FIFTEEN_MINUTES, Setup, World};

const KEY: &str = "latest/progress.json";

/// A school with 400 people, none of whom has an account: 40 action requests, four minutes.
async fn school() -> World {
    let district = District::generate(Shape {
        seed: 19,
        schools: 1,
        students: 396,
        teachers: 4,
        courses: 4,
        sections: 8,
    });
    let mapping = Mapping::over(&district, 4);
    World::start(Setup::new(district, mapping, Vec::new())).await
}

/// When the progress is written from now on.
fn watched(world: &World) -> Arc<Mutex<Vec<Timestamp>>> {
    let times = Arc::new(Mutex::new(Vec::new()));
    let (seen, clock) = (Arc::clone(&times), world.clock.clone());
    world.store().hook(Box::new(move |call| {
        if call.key == KEY {
            seen.lock().unwrap().push(clock.now());
        }
        Act::Pass
    }));
    times
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn it_is_written_every_five_seconds_at_most_and_then_once_at_the_end() {
    let world = school().await;
    let times = watched(&world);
    let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete");
    let times = times.lock().unwrap().clone();
    assert!(times.len() > 3, "{times:?}");
    let (_end, working) = times.split_last().unwrap();
    for pair in working.windows(2) {
        let between = pair[1].duration_since(pair[0]);
        assert!(between >= SignedDuration::from_secs(5), "{times:?}");
    }
}

#[tokio::test]
async fn it_says_working_waiting_and_ended_and_when_the_end_is_expected() {
    let world = school().await;
    let short = Duration::from_secs(100);
    let began = world.clock.now();
    let first = world.invoke(json!({}), short).await.unwrap();
    assert_eq!(first["status"], "continue");
    let waiting = world.json(KEY);
    assert_eq!(waiting["state"], "waiting");
    assert_eq!(waiting["run_id"], first["run_id"]);
    assert_eq!(waiting["mode"], "apply");
    assert_eq!(waiting["slice"], 1);
    assert_eq!(waiting["stage"], "send");
    assert_eq!(waiting["status"], Value::Null);
    let wait = first["wait_seconds"].as_u64().unwrap();
    let until = time(&waiting["waiting_until"]);
    assert!(until <= world.clock.now() + Duration::from_secs(wait));
    assert!(until + Duration::from_secs(1) > world.clock.now() + Duration::from_secs(wait));
    let [total, done, left] =
        ["total", "done", "left"].map(|field| waiting["actions"][field].as_u64().unwrap());
    assert_eq!((total, done + left), (400, 400));
    assert_eq!(first["counters"]["actions"]["success"], done);
    let expected = time(&waiting["expected_end"]);

    world.clock.sleep(Duration::from_secs(wait)).await;
    // A look in the middle of the second slice.
    let seen = Arc::new(Mutex::new(Vec::new()));
    let looks = Arc::clone(&seen);
    world.store().hook(Box::new(move |call| {
        let is_journal = call.key.contains("/journal/");
        if is_journal {
            looks.lock().unwrap().push(call.key.clone());
        }
        let third = is_journal && looks.lock().unwrap().len() == 3;
        if third { Act::Kill } else { Act::Pass }
    }));
    let by_id = json!({"run_id": first["run_id"]});
    let killed = world
        .invoke_to(by_id.clone(), FIFTEEN_MINUTES)
        .await
        .killed();
    world.store().no_hook();
    let working = world.json(KEY);
    assert_eq!(working["state"], "working");
    assert_eq!(working["slice"], 2);
    assert_eq!(working["waiting_until"], Value::Null);
    assert_eq!(working["waiting_for"], Value::Null);
    assert!(working["actions"]["done"].as_u64().unwrap() > done);

    world.outlive(&killed);
    let last = world.invoke(by_id, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(last["status"], "complete");
    let ended = world.json(KEY);
    assert_eq!(ended["state"], "ended");
    assert_eq!(ended["status"], "complete");
    assert_eq!(ended["expected_end"], Value::Null);
    assert_eq!(ended["actions"]["left"], 0);
    assert!(began < expected && expected < world.clock.now());
}

#[tokio::test]
async fn the_expected_end_is_near_the_truth() {
    let world = school().await;
    let answers = world.pass_in(json!({}), Duration::from_secs(100)).await;
    let slow = world.clock.now();
    assert!(answers.len() > 1);

    let again = school().await;
    let first = again.invoke(json!({}), Duration::from_secs(100)).await;
    assert_eq!(first.unwrap()["status"], "continue");
    let expected = time(&again.json(KEY)["expected_end"]);
    let apart = slow.duration_since(expected).abs();
    assert!(
        apart < SignedDuration::from_secs(75),
        "{expected} and {slow}"
    );
}

#[tokio::test]
async fn it_says_what_a_pass_waits_for_and_how_a_failed_one_ended() {
    let world = school().await;
    world.adobe.server.fault(Box::new(|request| {
        let reply = crate::simulators::server::Response::json(429, &json!({}));
        let reply = reply.with("retry-after", "3000");
        let is_list = request.path.contains("/users/");
        is_list.then_some(crate::simulators::server::Fault::Reply(reply))
    }));
    let first = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(first["status"], "continue");
    let waiting = world.json(KEY);
    assert_eq!(waiting["stage"], "read Adobe");
    assert_eq!(waiting["actions"], Value::Null);
    assert_eq!(waiting["expected_end"], Value::Null);
    assert_eq!(
        waiting["waiting_for"],
        "Adobe, which asked to come back later"
    );
    world
        .adobe
        .server
        .fault(Box::new(super::at("/token/v3", super::status(400))));
    world.clock.sleep(Duration::from_mins(50)).await;
    let by_id = json!({"run_id": first["run_id"]});
    world.invoke(by_id, FIFTEEN_MINUTES).await.unwrap_err();
    let ended = world.json(KEY);
    assert_eq!(ended["state"], "ended");
    assert_eq!(ended["status"], "failed");
}

#[tokio::test]
async fn it_names_nobody() {
    let world = school().await;
    let district = world.sis().district();
    world.pass_in(json!({}), Duration::from_secs(100)).await;
    let text = world.text(KEY);
    assert!(!text.contains('@'), "{text}");
    for person in &district.students {
        assert!(!text.contains(&person.id), "{text}");
    }
    let fields = world.json(KEY);
    let known = [
        "schema",
        "run_id",
        "mode",
        "slice",
        "state",
        "status",
        "stage",
        "actions",
        "expected_end",
        "waiting_until",
        "waiting_for",
        "updated",
    ];
    let fields: Vec<_> = fields.as_object().unwrap().keys().cloned().collect();
    assert!(fields.iter().all(|field| known.contains(&field.as_str())));
    assert_eq!(fields.len(), known.len());
}
