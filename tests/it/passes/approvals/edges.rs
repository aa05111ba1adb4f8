//! Approvals at the edges: of other passes than the one that comes, in other places, of objects that nobody may read.

use std::time::Duration;

use serde_json::{Value, json};

use super::{approval, approve, is_there, refusal, strict, tomorrow, with_a_hold};
use crate::passes::{status, stranger};
use crate::simulators::faulty::Act;
use crate::simulators::server::Request;
use crate::simulators::world::{BUCKET, FIFTEEN_MINUTES, World};

/// The event of an approval in this bucket.
fn uploaded(world: &World) -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../../events/approval.json")).unwrap();
    event["time"] = json!(world.clock.now().to_string());
    event["execution"] = json!("approval");
    event["detail"]["bucket"]["name"] = json!(BUCKET);
    event
}

#[tokio::test]
async fn an_approval_of_a_lists_hold_waits_for_a_pass_that_plans_the_same() {
    let world = strict().await;
    let mut list = "type,username,domain\n".to_owned();
    for name in ["one", "two"] {
        let email = format!("gone.{name}@rockaway.example");
        world.adobe.put(stranger(&email, &[]));
        list.push_str(&["federatedID,", &email, ",\n"].concat());
    }
    world.put("config/leavers.csv", list);
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "remove"});
    let held = world.pass(event.clone()).await;
    assert_eq!(held["status"], "held");
    approve(&world, "let-go", &held);
    // The upload starts a pass of its own, which knows no list and would delete where the list removes.
    world.pass(uploaded(&world)).await;
    assert!(refusal(&world).contains("other options"));
    assert!(is_there(&world, "one") && is_there(&world, "two"));
    assert_eq!(world.get("state/approvals.json"), None);
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["counters"]["actions"]["success"], 2);
}

#[tokio::test]
async fn what_is_approved_goes_with_other_options_too_where_the_same_is_planned() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    let answer = world.pass(json!({"update_user_info": true})).await;
    assert_eq!(answer["status"], "complete");
    assert!(!is_there(&world, "one") && !is_there(&world, "two"));
    let used = world.json("state/approvals.json");
    assert_eq!(used["used"][0]["used_by"], answer["run_id"]);
}

#[tokio::test]
async fn an_approval_is_not_used_by_a_list() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    world.put("config/leavers.csv", "type,username,domain\n");
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "delete"});
    world.pass(event).await;
    assert_eq!(world.get("state/approvals.json"), None);
    assert_eq!(tomorrow(&world).await["status"], "complete");
    assert!(!is_there(&world, "one") && !is_there(&world, "two"));
}

#[tokio::test]
async fn a_hold_of_another_organization_lets_nothing_go() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    let key = format!("runs/{}/run.json", held["run_id"].as_str().unwrap());
    let good = world.text(&key);
    let mut record = world.json(&key);
    record["org_id"] = json!("OTHER@AdobeOrg");
    for (text, why) in [
        (record.to_string(), "another organization"),
        ("{}".to_owned(), "cannot be read"),
    ] {
        world.put(&key, text);
        assert_eq!(tomorrow(&world).await["status"], "held", "{why}");
        assert!(refusal(&world).contains(why), "{why}");
        assert_eq!(world.get("state/approvals.json"), None);
    }
    world.put(&key, good);
    assert_eq!(tomorrow(&world).await["status"], "complete");
}

#[tokio::test]
async fn what_is_larger_than_any_approval_is_not_read() {
    let (world, held) = with_a_hold().await;
    let mut text = approval(&world, &held).to_string();
    text += &" ".repeat(5000);
    world.put("approvals/large.json", text);
    world.store().clear();
    assert_eq!(tomorrow(&world).await["status"], "held");
    assert!(refusal(&world).contains("not JSON of the form"));
    let calls = world.store().calls();
    assert!(!calls.iter().any(|call| call.key.contains("large")));
}

#[tokio::test]
async fn an_approval_that_nobody_may_read_stops_no_pass() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    world.store().hook(Box::new(|call| {
        if call.key.starts_with("approvals/let-go") {
            Act::Refuse
        } else {
            Act::Pass
        }
    }));
    assert_eq!(tomorrow(&world).await["status"], "held");
    assert!(refusal(&world).contains("may not read it (AccessDenied)"));
    assert!(is_there(&world, "one") && is_there(&world, "two"));
}

#[tokio::test]
async fn what_lies_elsewhere_or_is_called_otherwise_is_no_approval() {
    let (world, held) = with_a_hold().await;
    let good = approval(&world, &held).to_string();
    for key in [
        "approvals/drafts/x.json",
        "approvals/x.txt",
        "approvals/.json",
    ] {
        world.put(key, &good);
        assert_eq!(tomorrow(&world).await["status"], "held", "{key}");
        assert!(refusal(&world).contains("directly in approvals/"), "{key}");
        std::fs::remove_file(world.folder().join(key)).unwrap();
    }
    assert!(is_there(&world, "one") && is_there(&world, "two"));
}

#[tokio::test]
async fn an_approval_of_which_nothing_was_done_is_not_used() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    let clock = world.clock.clone();
    world.adobe.server.fault(Box::new(move |request: &Request| {
        let action = request.path.contains("/action/");
        if action {
            clock.advance(Duration::from_secs(30));
        }
        action.then(|| status(503))
    }));
    world.clock.advance(Duration::from_hours(24));
    let answer = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "partial");
    assert_eq!(world.get("state/approvals.json"), None);
    world.adobe.server.fault(Box::new(|_: &Request| None));
    assert_eq!(tomorrow(&world).await["status"], "complete");
    assert!(!is_there(&world, "one") && !is_there(&world, "two"));
}

#[tokio::test]
async fn a_time_of_another_year_starts_nothing() {
    let world = strict().await;
    let before = world.keys();
    let now = world.clock.now();
    let far = Duration::from_hours(367 * 24);
    for time in [now + far, now - far] {
        let time = time.to_string();
        for event in [
            json!({"time": time}),
            json!({"trigger": "schedule", "scheduled_time": time}),
        ] {
            let failure = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
            assert_eq!(failure.name.as_str(), "EventInvalid");
            assert!(failure.message.contains("more than a year"), "{failure:?}");
        }
    }
    assert_eq!(world.keys(), before);
}

#[tokio::test]
async fn a_time_of_another_day_is_told() {
    let world = strict().await;
    let notice = |world: &World| world.json("latest/summary.json")["notices"].to_string();
    world.pass(json!({})).await;
    assert!(!notice(&world).contains("for today"));
    let time = (world.clock.now() + Duration::from_hours(30 * 24)).to_string();
    world.pass(json!({"time": time})).await;
    let told = "The pass takes 2026-12-2";
    assert!(notice(&world).contains(told), "{}", notice(&world));
}
