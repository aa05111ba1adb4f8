//! Plans that are sent no more: too old, of another configuration, overtaken.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::super::{action_requests, findings, names};
use super::{SHORT, first_event, of_pass, school, sleep, slice, until, waiting};
use crate::simulators::adobe::Latency;
use crate::simulators::engine::{Engine, Next};
use crate::simulators::runtime::Answer;
use crate::simulators::server::{Fault, Response};
use crate::simulators::world::{FIFTEEN_MINUTES, ROOT_FILE, Setup, World};

const TWENTY_HOURS: SignedDuration = SignedDuration::from_hours(20);

/// When the roster of this pass was read.
fn read_at(world: &World, answer: &Value) -> Timestamp {
    let record = world.json(&of_pass(answer, "run.json"));
    record["read_at"].as_str().unwrap().parse().unwrap()
}

/// How many actions the pass has sent, by its journal.
fn journal(world: &World, answer: &Value) -> usize {
    let journal = of_pass(answer, "journal/");
    let chunks = world.keys().into_iter();
    let chunks = chunks.filter(|key| key.starts_with(&journal));
    chunks.map(|key| world.text(&key).lines().count()).sum()
}

/// The pass ended without sending the rest of its plan, and says so.
fn sent_nothing_more(world: &World, answer: &Value, finding: &str, sent: usize) {
    assert_eq!(action_requests(world), sent, "nothing more is sent");
    let summary = world.json(&of_pass(answer, "summary.json"));
    assert_eq!(summary["status"], "partial");
    assert_eq!(findings(&summary), [finding]);
    let message = summary["findings"][0]["message"].as_str().unwrap();
    let done = journal(world, answer);
    let total = summary["counters"]["actions"]["total"].as_u64().unwrap();
    let not_sent = usize::try_from(total).unwrap();
    assert_eq!(not_sent, done, "who was sent counts");
    let problems = names(&summary["problems"]);
    assert!(!problems.is_empty() && problems.iter().all(|name| name == "not-sent"));
    let left = format!("{} actions of its plan were not sent", problems.len());
    assert!(message.contains(&left), "{message}");
    let changes = world.text(&of_pass(answer, "changes.ndjson"));
    assert_eq!(changes.lines().count(), done + problems.len());
    let of_done = |line: &&str| line.contains("\"outcome\":\"done\"");
    assert_eq!(changes.lines().filter(of_done).count(), done);
}

#[tokio::test]
async fn a_pass_whose_roster_was_read_20_hours_ago_sends_nothing_more_and_its_next_slice_closes_it()
{
    let world = World::start(school(210)).await;
    let first = waiting(&world).await;
    let sent = action_requests(&world);
    until(&world, read_at(&world, &first) + TWENTY_HOURS);
    let closed = world.invoke(slice(&first), SHORT).await.unwrap();
    assert_eq!(closed["status"], "partial");
    assert_eq!(closed["start_over"], true);
    assert_eq!(closed["run_id"], first["run_id"]);
    sent_nothing_more(&world, &first, "plan-expired", sent);
    assert_eq!(world.json("latest/summary.json")["status"], "partial");
    // Whoever asks again gets the same.
    let again = world.invoke(slice(&first), SHORT).await.unwrap();
    assert_eq!(again, closed);
}

#[tokio::test]
async fn a_pass_whose_roster_never_answers_has_an_end_too() {
    let world = World::start(school(30)).await;
    world.sis().server().fault(Box::new(|_| {
        let mut busy = Response::json(429, &json!({}));
        let wait = ("retry-after".to_owned(), "3600".to_owned());
        busy.headers.push(wait);
        Some(Fault::Reply(busy))
    }));
    let mut answer = world
        .invoke(first_event(&world, "first"), SHORT)
        .await
        .unwrap();
    for slices in 0.. {
        assert!(slices < 25, "it comes to no end");
        if answer["status"] != "continue" {
            break;
        }
        sleep(&world, &answer).await;
        answer = world.invoke(slice(&answer), SHORT).await.unwrap();
    }
    assert_eq!(answer["status"], "partial");
    assert_eq!(answer["start_over"], true);
    assert_eq!(
        findings(&world.json("latest/summary.json")),
        ["plan-expired"]
    );
}

#[tokio::test]
async fn a_little_earlier_it_goes_on() {
    let world = World::start(school(210)).await;
    let first = waiting(&world).await;
    let mark = read_at(&world, &first) + TWENTY_HOURS;
    until(&world, mark - SignedDuration::from_mins(5));
    let answer = world.invoke(slice(&first), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_trigger_that_finds_such_a_pass_closes_it_and_runs_its_own_in_the_same_invocation() {
    let world = World::start(school(210)).await;
    let first = waiting(&world).await;
    let pupil = world.sis().district().students[0].clone();
    world.change(|district| district.leaves(&pupil.id));
    let mark = read_at(&world, &first) + TWENTY_HOURS;
    until(&world, mark);
    let own = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(own["status"], "complete");
    assert_ne!(own["run_id"], first["run_id"]);
    assert_eq!(world.memberships(), world.desired());
    let closed = world.json(&of_pass(&first, "summary.json"));
    assert_eq!(closed["status"], "partial");
    assert_eq!(findings(&closed), ["plan-expired"]);
    // What is already so needs no action.
    let [done, planned] = [
        closed["counters"]["actions"]["total"].as_u64().unwrap(),
        own["counters"]["actions"]["total"].as_u64().unwrap(),
    ];
    assert!(done > 50 && planned + done <= 211, "{done} and {planned}");
    assert_eq!(world.json("latest/summary.json")["run_id"], own["run_id"]);
}

/// The school, with another age.
fn with_age(people: usize, hours: &str) -> Setup {
    let mut setup = school(people);
    let defaults = [("users", "all"), ("process_groups", "yes")];
    setup.options(&defaults, &format!("200\n  max_plan_age_hours: {hours}"));
    setup
}

#[tokio::test]
async fn a_plan_that_becomes_too_old_while_it_is_sent_stops_there() {
    let world = World::start(with_age(410, "1")).await;
    let first = waiting(&world).await;
    let mark = read_at(&world, &first) + SignedDuration::from_hours(1);
    until(&world, mark - Duration::from_secs(70));
    let before = action_requests(&world);
    let closed = world.invoke(slice(&first), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(closed["status"], "partial");
    assert_eq!(closed["start_over"], true);
    let times = world.adobe.action_times();
    assert!(times.len() > before, "it had a minute left");
    let last = times.last().unwrap();
    // It started before.
    let started = *last - Latency::typical().action;
    assert!(started < mark, "{started} is not before {mark}");
    sent_nothing_more(&world, &first, "plan-expired", times.len());
    // The snapshot that mode plan uses has what was done.
    let plan = world.pass(json!({"mode": "plan"})).await;
    let left = names(&world.json(&of_pass(&first, "summary.json"))["problems"]).len();
    assert_eq!(plan["counters"]["adobe_users_created"], left);
}

#[tokio::test]
async fn a_wait_that_adobe_asks_for_leads_no_old_plan_past_its_age() {
    let world = World::start(with_age(210, "1")).await;
    let first = waiting(&world).await;
    let mark = read_at(&world, &first) + SignedDuration::from_hours(1);
    until(&world, mark - Duration::from_mins(4));
    let mut refusals = 0;
    world.adobe.server.fault(Box::new(move |request| {
        let is_first = request.path.contains("/action/") && refusals == 0;
        refusals += usize::from(is_first);
        let reply = Response::json(429, &json!({})).with("retry-after", "300");
        is_first.then_some(Fault::Reply(reply))
    }));
    let sent = action_requests(&world);
    let by_id = json!({"run_id": first["run_id"]});
    let closed = world.invoke(by_id, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(closed["start_over"], true);
    sent_nothing_more(&world, &first, "plan-expired", sent);
    assert!(world.clock.now() < mark, "nobody waits for nothing");
}

#[tokio::test]
async fn another_configuration_than_that_of_the_plan_closes_the_pass() {
    let world = World::start(school(210)).await;
    let first = waiting(&world).await;
    let sent = action_requests(&world);
    let root = world.text(&format!("config/{ROOT_FILE}"));
    world.put(
        &format!("config/{ROOT_FILE}"),
        format!("{root}\n# changed\n"),
    );
    sleep(&world, &first).await;
    let closed = world.invoke(slice(&first), SHORT).await.unwrap();
    assert_eq!(closed["start_over"], true);
    sent_nothing_more(&world, &first, "configuration-changed", sent);
    let own = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(own["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn another_configuration_than_that_of_the_reading_closes_the_pass_before_it_has_a_plan() {
    let world = World::start(school(210)).await;
    let no_time = Duration::from_millis(600);
    let event = first_event(&world, "first");
    let first = world.invoke(event, no_time).await.unwrap();
    assert_eq!(first["status"], "continue");
    assert_eq!(action_requests(&world), 0);
    let root = world.text(&format!("config/{ROOT_FILE}"));
    world.put(
        &format!("config/{ROOT_FILE}"),
        format!("{root}\n# changed\n"),
    );
    until(&world, world.clock.now() + Duration::from_mins(20));
    let own = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(own["status"], "complete");
    assert_ne!(own["run_id"], first["run_id"]);
    let closed = world.json(&of_pass(&first, "summary.json"));
    assert_eq!(closed["status"], "partial");
    assert_eq!(findings(&closed), ["configuration-changed"]);
    let message = closed["findings"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("it ended before it had a plan"),
        "{message}"
    );
}

#[tokio::test]
async fn a_pass_in_test_mode_is_closed_as_one_though_the_configuration_says_apply_by_now() {
    let mut setup = school(210);
    let defaults = [("users", "all"), ("process_groups", "yes")];
    let of = |mode| [defaults[0], defaults[1], ("test_mode", mode)];
    setup.options(&of("yes"), "200");
    let in_test = setup.files[ROOT_FILE].clone();
    let world = World::start(setup).await;
    let first = waiting(&world).await;
    let before = world.adobe.snapshot();
    let live = in_test.replace("test_mode: yes", "test_mode: no");
    assert_ne!(live, in_test);
    world.put(&format!("config/{ROOT_FILE}"), live);
    sleep(&world, &first).await;
    let closed = world.invoke(slice(&first), SHORT).await.unwrap();
    assert_eq!(closed["mode"], "test");
    assert_eq!(closed["status"], "partial");
    assert_eq!(world.adobe.snapshot(), before);
    // The test has changed nothing, and what mode plan compares says so.
    let plan = world.pass(json!({"mode": "plan"})).await;
    assert_eq!(plan["counters"]["adobe_users_created"], 210);
}

#[tokio::test]
async fn a_pass_that_another_one_has_overtaken_sends_nothing_more() {
    let world = World::start(school(210)).await;
    let first = waiting(&world).await;
    let sent = action_requests(&world);
    // An administrator has given it up, and started another one.
    let mut lease = world.json("state/lease.json");
    lease["run_id"] = json!("20261124T020000Z-1a2b3c4d");
    lease["resume_at"] = Value::Null;
    world.put("state/lease.json", lease.to_string());
    let own = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(own["status"], "complete");
    let total = action_requests(&world);
    assert!(total > sent);
    let latest = [
        "latest/summary.json",
        "latest/progress.json",
        "state/directory.ndjson.gz",
        "state/lease.json",
    ];
    let before = latest.map(|key| world.get(key));
    let closed = world.invoke(slice(&first), SHORT).await.unwrap();
    assert_eq!(closed["status"], "partial");
    assert_eq!(closed["start_over"], Value::Null, "the other one did it");
    sent_nothing_more(&world, &first, "pass-superseded", total);
    assert_eq!(latest.map(|key| world.get(key)), before);
}

#[tokio::test]
async fn the_state_machine_starts_over_by_itself() {
    let world = World::start(school(210)).await;
    let trigger = json!({"trigger": "schedule", "scheduled_time": world.clock.now().to_string()});
    let mut engine = Engine::start(trigger, "execution", world.clock.now());
    let (mut passes, mut jumped) = (Vec::new(), false);
    let end = loop {
        let answer = world.invoke(engine.event().clone(), SHORT).await.unwrap();
        passes.push(answer["run_id"].clone());
        let next = engine.answered(Answer::Response(answer), world.clock.now());
        match next {
            Next::Event(wait) => world.clock.sleep(wait).await,
            Next::Ended(answer) => break answer,
            Next::Failed(error) => panic!("{error:?}"),
        }
        if !jumped && action_requests(&world) > 0 {
            world.clock.advance(Duration::from_hours(20));
            jumped = true;
        }
    };
    passes.dedup();
    assert_eq!(passes.len(), 2, "{passes:?}");
    assert_eq!(end["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}
