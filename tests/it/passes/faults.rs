//! What the world does to a pass: nobody loses anything, and the summary says why.

use serde_json::json;

use super::{action_requests, at, example, problems, state, status};
use crate::simulators::server::{Fault, Request, Response, When};
use crate::simulators::world::{FIFTEEN_MINUTES, World};

/// After a good pass, a pupil leaves a class and the roster meets a fault: the pass fails under this name, Adobe stays
/// as it was, and the summary says so.
async fn fails_unharmed(world: &World, name: &str) {
    let before = state(&world.adobe);
    let sent = action_requests(world);
    let failure = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), name, "{}", failure.message);
    assert_eq!(state(&world.adobe), before);
    assert_eq!(action_requests(world), sent);
    let summary = world.json("latest/summary.json");
    assert_eq!(summary["status"], "failed");
    assert_eq!(summary["error"]["name"], name);
    assert!(summary["error"]["message"].as_str().unwrap().len() > 20);
    let text = world.text("latest/summary.txt");
    assert!(
        text.contains(name) && text.contains("What to do") || text.contains(name),
        "{text}"
    );
}

/// A world in step, in which somebody has left since.
async fn with_something_to_lose() -> World {
    let world = example().await;
    world.pass(json!({})).await;
    let pupil = world.clever.district().sections[0].students[0].clone();
    world.clever.change(|district| district.leaves(&pupil));
    world
}

#[tokio::test]
async fn a_page_that_answers_500_for_good() {
    let world = with_something_to_lose().await;
    world
        .clever
        .server
        .fault(Box::new(at("/students", status(500))));
    fails_unharmed(&world, "RosterUnavailable").await;
    world.clever.server.no_fault();
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_truncated_page() {
    let world = with_something_to_lose().await;
    world
        .clever
        .server
        .fault(Box::new(at("/students", Fault::CutBody(60))));
    fails_unharmed(&world, "RosterIncomplete").await;
    world
        .clever
        .server
        .fault(Box::new(at("/sections", Fault::Truncate(60))));
    fails_unharmed(&world, "RosterUnavailable").await;
}

#[tokio::test]
async fn an_empty_page_in_the_middle_that_links_on() {
    let world = with_something_to_lose().await;
    let empty =
        json!({"data": [], "links": [{"rel": "next", "uri": "/v2.1/students?starting_after=x"}]});
    world.clever.server.fault(Box::new(at(
        "/students",
        Fault::Reply(Response::json(200, &empty)),
    )));
    fails_unharmed(&world, "RosterIncomplete").await;
}

#[tokio::test]
async fn a_page_of_people_that_is_missing() {
    let world = with_something_to_lose().await;
    let nobody = json!({"data": [], "links": []});
    world.clever.server.fault(Box::new(at(
        "/students",
        Fault::Reply(Response::json(200, &nobody)),
    )));
    fails_unharmed(&world, "RosterIncomplete").await;
}

#[tokio::test]
async fn a_single_member_whom_no_page_holds_is_listed_and_keeps_the_licence() {
    let world = example().await;
    world.pass(json!({})).await;
    let before = state(&world.adobe);
    let pupil = world.clever.district().sections[0].students[0].clone();
    world
        .clever
        .change(|district| district.students.retain(|person| person.id != pupil));
    let answer = world.pass(json!({})).await;
    assert_ne!(answer["status"], "failed");
    assert_eq!(state(&world.adobe), before);
    assert!(problems(&world.json("latest/summary.json")).contains(&"member-unknown".to_owned()));
}

#[tokio::test]
async fn a_user_list_that_answers_404() {
    let world = with_something_to_lose().await;
    world.adobe.server.fault(Box::new(at("/0", status(404))));
    fails_unharmed(&world, "AdobeRefused").await;
}

#[tokio::test]
async fn refused_credentials() {
    let world = with_something_to_lose().await;
    world.clever.server.fault(Box::new(|request: &Request| {
        request.path.contains("/v2.1/").then(|| status(401))
    }));
    fails_unharmed(&world, "RosterRefused").await;
    world.clever.server.no_fault();
    world
        .adobe
        .server
        .fault(Box::new(at("/token/v3", status(400))));
    fails_unharmed(&world, "AdobeRefused").await;
}

/// The n-th request of a kind meets the fault, the others do not.
fn nth(part: &'static str, n: usize, fault: Fault) -> When {
    let mut seen = 0;
    Box::new(move |request| {
        if !request.path.contains(part) {
            return None;
        }
        seen += 1;
        (seen == n).then(|| fault.clone())
    })
}

#[tokio::test]
async fn passing_failures_of_any_request_change_nothing_in_the_end() {
    let faults = [
        status(503),
        Fault::Reply(Response::json(429, &json!({})).with("retry-after", "7")),
        Fault::Reset,
        Fault::ResetAfterEffect,
        Fault::CutBody(50),
        Fault::ReplyAfterEffect(Response::json(502, &json!({}))),
    ];
    let requests = [
        "/students",
        "/sections",
        "/districts",
        "/users/",
        "/action/",
        "/token/v3",
    ];
    for fault in &faults {
        for part in requests {
            // An answer to an action that cannot be read is not asked for again: it would be told as failed.
            if part == "/action/" && matches!(fault, Fault::CutBody(_)) {
                continue;
            }
            // IMS answers once; a token that cannot be read ends the pass, and the next one asks anew.
            if part == "/token/v3" && matches!(fault, Fault::CutBody(_)) {
                continue;
            }
            let world = example().await;
            world.clever.server.fault(nth(part, 1, fault.clone()));
            world.adobe.server.fault(nth(part, 1, fault.clone()));
            let answer = world.pass(json!({})).await;
            assert_eq!(answer["status"], "complete", "{fault:?} at {part}");
            assert_eq!(world.memberships(), world.desired(), "{fault:?} at {part}");
        }
    }
}

#[tokio::test]
async fn commands_that_adobe_refuses_are_listed_and_the_rest_is_done() {
    let mut setup = crate::simulators::world::Setup::example();
    let root = setup.files["user-sync-config.yml"].replace("- \"Photoshop\"", "- \"Photoshopp\"");
    setup.file("user-sync-config.yml", root);
    let world = World::start(setup).await;
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "partial");
    assert!(answer["counters"]["actions"]["error"].as_u64().unwrap() > 0);
    assert!(answer["counters"]["actions"]["success"].as_u64().unwrap() > 0);
    let summary = world.json("latest/summary.json");
    let failed = summary["problems"].as_array().unwrap();
    let failed: Vec<_> = failed
        .iter()
        .filter(|problem| problem["name"] == "command-failed")
        .collect();
    assert!(!failed.is_empty());
    for problem in failed {
        assert!(problem["email"].as_str().unwrap().contains('@'));
        assert_eq!(problem["refused"]["code"], "error.group.not_found");
        assert!(
            problem["refused"]["command"]
                .as_str()
                .unwrap()
                .contains("Photoshopp")
        );
        assert!(!problem["refused"]["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_outage_in_the_middle_of_sending_ends_partial_and_the_next_pass_does_the_rest() {
    let mut setup = crate::simulators::world::Setup::example();
    setup.adobe.clear();
    let world = World::start(setup).await;
    let mut seen = 0;
    world.adobe.server.fault(Box::new(move |request: &Request| {
        let action = request.path.contains("/action/");
        seen += usize::from(action);
        (action && seen > 2).then(|| status(503))
    }));
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "partial");
    let listed = problems(&world.json("latest/summary.json"));
    assert!(
        listed.contains(&"not-sent".to_owned()) && listed.contains(&"command-failed".to_owned())
    );
    world.adobe.server.no_fault();
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}

/// A folder where an object should be: the store fails to write it.
fn unwritable(world: &World, key: &str) {
    world.put(&format!("{key}/in-the-way"), "");
}

#[tokio::test]
async fn a_store_that_fails_at_any_write_is_named_and_nothing_claims_to_be_complete() {
    let event = json!({"trigger": "schedule", "scheduled_time": "2026-11-24T02:00:00Z"});
    let whole = example().await;
    whole.pass(event.clone()).await;
    let written = whole.keys().into_iter();
    // Without a lease nothing is begun; whoever watches the progress stops nothing.
    let others = ["state/lease.json", "latest/progress.json"];
    for key in written.filter(|key| !key.starts_with("config/") && !others.contains(&&**key)) {
        let world = example().await;
        unwritable(&world, &key);
        let failure = world.invoke(event.clone(), FIFTEEN_MINUTES).await;
        let failure = failure.expect_err(&key);
        assert_eq!(failure.name.as_str(), "StoreUnavailable", "{key}");
        let said: Vec<_> = world
            .keys()
            .into_iter()
            .filter(|other| other.ends_with("/summary.json") || other.ends_with("/run.json"))
            .map(|other| world.json(&other)["status"].clone())
            .collect();
        // A pass that cannot be noted is not begun.
        let begun = !key.ends_with("/run.json");
        assert_eq!(said.len() >= 2, begun, "{key}: {said:?}");
        assert!(
            said.iter().all(|status| status == "failed"),
            "{key}: {said:?}"
        );
    }
}

#[tokio::test]
async fn a_service_that_never_answers_an_action_does_not_go_on_for_ever() {
    let mut setup = crate::simulators::world::Setup::example();
    setup.adobe.clear();
    let world = World::start(setup).await;
    let clock = world.clock.clone();
    world.adobe.server.fault(Box::new(move |request: &Request| {
        let action = request.path.contains("/action/");
        if action {
            // No attempt lasts into what is kept of the time for the summary.
            clock.advance(std::time::Duration::from_secs(30));
        }
        action.then(|| status(503))
    }));
    let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "partial");
    assert!(problems(&world.json("latest/summary.json")).contains(&"not-sent".to_owned()));
}

#[tokio::test]
async fn a_run_record_that_cannot_be_read_shows_nothing_of_itself() {
    let world = example().await;
    let answer = world.pass(json!({})).await;
    let key = format!("runs/{}/run.json", answer["run_id"].as_str().unwrap());
    world.put(&key, r#"{"schema": "planted@rockaway.example"}"#);
    let event = json!({"run_id": answer["run_id"]});
    let failure = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "Internal");
    assert!(!failure.message.contains("planted"), "{}", failure.message);
}

#[tokio::test]
async fn a_summary_that_is_none_is_not_given_as_an_answer() {
    let event = json!({"trigger": "schedule", "scheduled_time": "2026-11-24T02:00:00Z"});
    let world = example().await;
    let answer = world.pass(event.clone()).await;
    let key = format!("runs/{}/summary.json", answer["run_id"].as_str().unwrap());
    for text in ["{}", "null", "", "{\"run_id\": \"another\"}"] {
        world.put(&key, text);
        let failure = world.invoke(event.clone(), FIFTEEN_MINUTES).await;
        let failure = failure.expect_err(text);
        assert_eq!(failure.name.as_str(), "Internal");
        assert!(failure.message.contains(&key), "{}", failure.message);
    }
}
