//! One pass at a time, whoever asks, however often, and whatever became of whoever worked on it.

mod age;
mod closing;
mod damaged;
mod foreign;
mod frozen;
mod pace;
mod stuck;
mod triggers;
mod waiting;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::UNGUARDED;
use crate::simulators::district::{District, Shape};
use crate::simulators::mapping::Mapping;
use crate::simulators::world::{FIFTEEN_MINUTES, Killed, Point, Setup, World};

/// An invocation that has time for ten action requests and no more.
const SHORT: Duration = Duration::from_secs(20);

/// A school with so many people, none of whom has an account: about a tenth as many action requests.
fn school(people: usize) -> Setup {
    let district = District::generate(Shape {
        seed: 11,
        schools: 1,
        students: people - 4,
        teachers: 4,
        courses: 4,
        sections: 8,
    });
    let mapping = Mapping::over(&district, 4);
    let mut setup = Setup::new(district, mapping, Vec::new());
    let defaults = [("users", "all"), ("process_groups", "yes")];
    setup.options(&defaults, &format!("200{UNGUARDED}"));
    setup
}

/// The event of an engine that begins now, under this name.
fn first_event(world: &World, execution: &str) -> Value {
    json!({"time": world.clock.now().to_string(), "execution": execution})
}

/// A slice by its pass.
fn slice(answer: &Value) -> Value {
    json!({"run_id": answer["run_id"], "slice": 2})
}

/// The first slice of a pass that waits for its second.
async fn waiting(world: &World) -> Value {
    let answer = world.invoke(first_event(world, "first"), SHORT).await;
    let answer = answer.unwrap();
    assert_eq!(answer["status"], "continue", "{answer}");
    answer
}

/// A first slice that is killed after it has sent some action requests.
async fn killed(world: &World) -> (Value, Killed) {
    let event = first_event(world, "first");
    world.kill_at(Point::Action {
        number: 5,
        after: true,
    });
    let killed = world.invoke_to(event.clone(), SHORT).await.killed();
    world.spare();
    (event, killed)
}

/// The rest of a pass; the last answer.
async fn to_the_end(world: &World, answer: &Value) -> Value {
    sleep(world, answer).await;
    let mut answers = world.pass_in(slice(answer), FIFTEEN_MINUTES).await;
    answers.pop().unwrap()
}

/// As long as the answer says.
async fn sleep(world: &World, answer: &Value) {
    let wait = answer["wait_seconds"].as_u64().unwrap();
    world.clock.sleep(Duration::from_secs(wait)).await;
}

/// Lets time pass until then.
fn until(world: &World, then: Timestamp) {
    let wait = then.duration_since(world.clock.now());
    world.clock.advance(wait.try_into().unwrap());
}

/// A time of `state/lease.json`.
fn of_lease(world: &World, field: &str) -> Timestamp {
    let lease = world.json("state/lease.json");
    lease[field].as_str().unwrap().parse().unwrap()
}

/// The passes that `runs/` knows.
fn passes(world: &World) -> Vec<String> {
    let mut keys = world.keys();
    keys.retain(|key| key.ends_with("/run.json"));
    keys
}

/// A file of a pass.
fn of_pass(answer: &Value, name: &str) -> String {
    format!("runs/{}/{name}", answer["run_id"].as_str().unwrap())
}
