//! `grace` through whole passes: who is gone keeps everything for a while, and nobody's name is written down for it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{deleting, stranger};
use crate::simulators::adobe::Identity;
use crate::simulators::world::World;

const GONE: &str = "gone@rockaway.example";
const MEMORY: &str = "state/people.ndjson.gz";
const GRACE: &str = "grace:\n  licences_days: 2\n  organization_days: 5\n";

/// The example school, which deletes Adobe-only people after a while.
async fn world(grace: &str) -> World {
    let world = World::start(deleting(grace, "Own")).await;
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    world.adobe.put(stranger(GONE, &["Spark", "Own"]));
    world
}

async fn tomorrow(world: &World) -> Value {
    world.clock.advance(Duration::from_hours(24));
    world.pass(json!({})).await
}

/// The groups of the one who is gone, while there is an account.
fn groups(world: &World) -> Option<String> {
    let account = world.adobe.account(Identity::Federated, GONE)?;
    Some(account.groups.into_iter().collect::<Vec<_>>().join(", "))
}

fn notices(world: &World) -> String {
    world.json("latest/summary.json")["notices"].to_string()
}

#[tokio::test]
async fn licences_go_after_two_days_and_the_account_after_five() {
    let world = world(GRACE).await;
    let mut seen = Vec::new();
    for _ in 0..7 {
        assert_eq!(tomorrow(&world).await["status"], "complete");
        seen.push(groups(&world));
    }
    let [all, own] = ["Own, Spark", "Own"].map(|groups| Some(groups.to_owned()));
    assert_eq!(
        seen,
        [all.clone(), all, own.clone(), own.clone(), own, None, None]
    );
    // Should the person be invited once more, everything begins anew.
    world.adobe.put(stranger(GONE, &["Spark"]));
    tomorrow(&world).await;
    assert_eq!(groups(&world).as_deref(), Some("Spark"));
}

#[tokio::test]
async fn who_returns_in_between_begins_anew() {
    let world = world(GRACE).await;
    tomorrow(&world).await;
    tomorrow(&world).await;
    let account = world.adobe.account(Identity::Federated, GONE).unwrap();
    world.adobe.forget(Identity::Federated, GONE);
    tomorrow(&world).await;
    world.adobe.put(account);
    for _ in 0..2 {
        tomorrow(&world).await;
        assert_eq!(groups(&world).as_deref(), Some("Own, Spark"));
    }
    tomorrow(&world).await;
    assert_eq!(groups(&world).as_deref(), Some("Own"));
}

#[tokio::test]
async fn neither_plan_nor_test_remembers_anybody() {
    let world = world(GRACE).await;
    let before = world.get("state/people.ndjson.gz");
    for mode in ["plan", "test"] {
        world.pass(json!({"mode": mode, "fresh": true})).await;
    }
    assert_eq!(world.get("state/people.ndjson.gz"), before);
}

#[tokio::test]
async fn nothing_is_remembered_where_nothing_asks_for_it() {
    let world = world("").await;
    tomorrow(&world).await;
    assert_eq!(groups(&world), None);
    assert_eq!(world.get("state/people.ndjson.gz"), None);
}

#[tokio::test]
async fn a_memory_that_is_damaged_lets_everybody_begin_anew_and_says_so() {
    let world = world(GRACE).await;
    tomorrow(&world).await;
    tomorrow(&world).await;
    world.put("state/people.ndjson.gz", "no memory");
    for day in 0..2 {
        tomorrow(&world).await;
        assert_eq!(groups(&world).as_deref(), Some("Own, Spark"));
        assert_eq!(
            notices(&world).contains("people.ndjson.gz cannot be read"),
            day == 0
        );
    }
    tomorrow(&world).await;
    assert_eq!(groups(&world).as_deref(), Some("Own"));
}

#[tokio::test]
async fn after_a_long_break_nobody_knows_who_was_back_in_between() {
    let world = world(GRACE).await;
    tomorrow(&world).await;
    world.clock.advance(Duration::from_hours(14 * 24));
    tomorrow(&world).await;
    assert_eq!(groups(&world).as_deref(), Some("Own, Spark"));
    assert!(notices(&world).contains("more than 14 days ago"));
}

fn memory(world: &World) -> String {
    use std::io::Read as _;
    let bytes = world.get(MEMORY).unwrap();
    let mut text = String::new();
    let mut unpacked = flate2::read::GzDecoder::new(&bytes[..]);
    unpacked.read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn the_memory_of_another_organization_is_none() {
    use std::io::Write as _;
    let world = world(GRACE).await;
    tomorrow(&world).await;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let text = memory(&world).replacen("@AdobeOrg", "0@AdobeOrg", 1);
    packed.write_all(text.as_bytes()).unwrap();
    world.put(MEMORY, packed.finish().unwrap());
    tomorrow(&world).await;
    assert!(notices(&world).contains("of another version or organization"));
    // Gone since this day, not since the one before.
    tomorrow(&world).await;
    assert_eq!(groups(&world).as_deref(), Some("Own, Spark"));
    tomorrow(&world).await;
    assert_eq!(groups(&world).as_deref(), Some("Own"));
}

#[tokio::test]
async fn the_memory_names_nobody() {
    let world = world(GRACE).await;
    tomorrow(&world).await;
    let text = memory(&world);
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let names = lines[1..].iter().any(|line| line.to_string().contains('@'));
    assert!(lines.len() > 10 && !names, "{text}");
    assert_eq!(lines[0]["schema"], 1);
    let gone = lines
        .iter()
        .filter(|line| line["gone_since"] == "2026-11-24");
    assert_eq!(gone.count(), 1);
    let ours = lines.iter().filter(|line| line["ours"] == true);
    // One of them had all groups and names from the beginning.
    assert_eq!(ours.count() + 1, world.desired().len());
}

#[tokio::test]
async fn a_pass_of_the_day_before_lets_nobody_be_gone_for_longer() {
    let world = world(GRACE).await;
    let day = |time: jiff::Timestamp| json!({"time": time.to_string(), "execution": "late"});
    // The first pass that looked was that of today, and found nobody gone.
    let yesterday = world.clock.now() - Duration::from_hours(20);
    world.pass(day(yesterday)).await;
    assert_eq!(world.json("latest/summary.json")["today"], "2026-11-22");
    tomorrow(&world).await;
    // Gone since the 23rd.
    assert_eq!(groups(&world).as_deref(), Some("Own, Spark"));
}
