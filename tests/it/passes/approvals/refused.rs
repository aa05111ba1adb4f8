//! Approvals that let nothing through, and say why.

use std::time::Duration;

use serde_json::{Value, json};

use super::{approval, approve, is_there, refusal, strict, told, tomorrow, with_a_hold};
use crate::passes::stranger;
use crate::simulators::faulty::Operation;
use crate::simulators::world::World;

/// The pass after this upload changes nothing, and says this of it.
async fn refused(world: &World, key: &str, text: &[u8], why: &str) {
    world.put(key, text);
    let answer = tomorrow(world).await;
    assert_eq!(answer["status"], "held", "{why}");
    assert!(is_there(world, "one") && is_there(world, "two"), "{why}");
    let said = refusal(world);
    assert!(said.contains(why), "{said}");
    assert_eq!(world.get("state/approvals.json"), None, "{why}");
    std::fs::remove_file(world.folder().join(key)).unwrap();
}

#[tokio::test]
async fn what_is_no_approval_lets_nothing_go() {
    let (world, held) = with_a_hold().await;
    let good = approval(&world, &held);
    let but = |field: &str, value: Value| {
        let mut approval = good.clone();
        approval[field] = value;
        approval.to_string()
    };
    let mut short = good.clone();
    short.as_object_mut().unwrap().remove("hash");
    let utf_16: Vec<u8> = good
        .to_string()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let no_json = "It is not JSON of the form";
    for (text, why) in [
        (b"yes".to_vec(), no_json),
        (b"".to_vec(), no_json),
        (utf_16, no_json),
        (short.to_string().into_bytes(), no_json),
        (but("all", json!(true)).into_bytes(), no_json),
        (
            but("hash", json!("0".repeat(64))).into_bytes(),
            "Its hash is not that",
        ),
        (
            but("run_id", json!("20261124T020000Z-00000000")).into_bytes(),
            "There is no runs/20261124T020000Z-00000000/held.json",
        ),
        (
            but("run_id", json!("../latest")).into_bytes(),
            "Its run_id is not the id of a pass",
        ),
    ] {
        refused(&world, "approvals/x.json", &text, why).await;
    }
}

#[tokio::test]
async fn a_hold_that_somebody_edited_lets_nothing_go() {
    let (world, held) = with_a_hold().await;
    let key = format!("runs/{}/held.json", held["run_id"].as_str().unwrap());
    let (hold, good) = (world.text(&key), approval(&world, &held).to_string());
    world.put(&key, hold.replacen("gone.one@", "gone.six@", 2));
    refused(&world, "approvals/x.json", good.as_bytes(), "was edited").await;
    world.put(&key, "{}");
    refused(
        &world,
        "approvals/x.json",
        good.as_bytes(),
        "is no held.json",
    )
    .await;
    world.put(&key, hold);
    world.put("approvals/x.json", good);
    assert_eq!(tomorrow(&world).await["status"], "complete");
}

#[tokio::test]
async fn an_approval_that_is_used_is_used_up() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    let used_by = tomorrow(&world).await;
    for name in ["one", "two"] {
        let email = format!("gone.{name}@rockaway.example");
        world.adobe.put(stranger(&email, &["Spark"]));
    }
    // The same people under another name: the hold has the same hash, and another pass has left it.
    std::fs::remove_file(world.folder().join("approvals/let-go.json")).unwrap();
    approve(&world, "again", &held);
    let again = tomorrow(&world).await;
    assert_eq!(again["status"], "held");
    assert_eq!(
        approval(&world, &again)["hash"],
        approval(&world, &held)["hash"]
    );
    let said = refusal(&world);
    assert!(said.contains(used_by["run_id"].as_str().unwrap()), "{said}");
    approve(&world, "again", &again);
    assert_eq!(tomorrow(&world).await["status"], "complete");
}

#[tokio::test]
async fn an_old_approval_is_refused_for_a_while_and_then_forgotten() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    world.clock.advance(Duration::from_hours(6 * 24));
    assert_eq!(tomorrow(&world).await["status"], "held");
    assert!(refusal(&world).contains("older than limits.max_approval_age_days"));
    world.clock.advance(Duration::from_hours(6 * 24));
    assert_eq!(tomorrow(&world).await["status"], "held");
    assert_eq!(told(&world), json!([]));
}

#[tokio::test]
async fn nobody_knows_what_was_used_where_the_file_is_damaged() {
    let (world, held) = with_a_hold().await;
    approve(&world, "let-go", &held);
    for text in ["", "{}", "{\"schema\": 2, \"used\": []}"] {
        world.put("state/approvals.json", text);
        assert_eq!(tomorrow(&world).await["status"], "held");
        assert!(refusal(&world).contains("state/approvals.json cannot be read"));
        assert_eq!(world.text("state/approvals.json"), text);
    }
}

#[tokio::test]
async fn the_newest_hundred_are_looked_at_with_one_listing() {
    let (world, held) = with_a_hold().await;
    approve(&world, "a-hundred-and-first", &held);
    world.clock.advance(Duration::from_secs(1));
    for number in 0..100 {
        world.put(&format!("approvals/{number}.json"), "no");
    }
    world.store().clear();
    assert_eq!(tomorrow(&world).await["status"], "held");
    let calls = world.store().calls();
    let lists = calls
        .iter()
        .filter(|call| call.operation == Operation::List);
    assert_eq!(lists.count(), 1);
    assert_eq!(told(&world).as_array().unwrap().len(), 100);
    let summary = world.text("latest/summary.txt");
    assert!(
        summary.contains("approvals/ holds more objects"),
        "{summary}"
    );
    // What nobody looks at is not read either.
    let read = calls.iter().any(|call| call.key.contains("hundred"));
    assert!(!read);
}

#[tokio::test]
async fn an_approval_of_a_good_pass_lets_nothing_go() {
    let world = strict().await;
    let good = tomorrow(&world).await;
    approve(&world, "let-go", &good);
    for name in ["one", "two"] {
        let email = format!("gone.{name}@rockaway.example");
        world.adobe.put(stranger(&email, &["Spark"]));
    }
    assert_eq!(tomorrow(&world).await["status"], "held");
    assert!(is_there(&world, "one") && is_there(&world, "two"));
}
