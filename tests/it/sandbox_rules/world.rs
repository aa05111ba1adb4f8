//! The world as a whole: a pass makes Adobe what the roster says it should be.

use std::time::Duration;

use serde_json::json;

use crate::simulators::adobe::Endpoint;
use crate::simulators::district::District;
use crate::simulators::mapping::{AdobeUser, Entry, Kind, Mapping, Who};
use crate::simulators::world::{FIFTEEN_MINUTES, ROOT_FILE, Setup, World};

/// The other half of the example configuration is [`Mapping::example`]; they must say the same.
#[test]
fn the_example_mapping_is_the_one_of_the_example_configuration() {
    let setup = Setup::example();
    let root = &setup.files[ROOT_FILE];
    let written = |key: &str| root.lines().filter(|line| line.contains(key)).count();
    assert_eq!(written("- directory_group:"), setup.mapping.0.len());
    for entry in &setup.mapping.0 {
        let text = entry.to_string();
        let short =
            (entry.kind == Kind::Sections && entry.who == Who::Students).then_some(&entry.name);
        let at = root
            .find(&format!("\"{text}\""))
            .or_else(|| root.find(&format!("\"{}\"", short?)));
        let after = &root[at.unwrap_or_else(|| panic!("{text} is not in the file"))..];
        let end = after.find("directory_group").unwrap_or(after.len());
        for group in &entry.adobe_groups {
            assert!(
                after[..end].contains(&format!("\"{group}\"")),
                "{text}: {group}"
            );
        }
    }
}

#[tokio::test]
async fn a_pass_over_the_example_makes_adobe_what_the_roster_says() {
    let world = World::start(Setup::example()).await;
    assert_ne!(world.memberships(), world.desired());
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete", "{answer}");
    assert_eq!(world.memberships(), world.desired());
    assert!(world.text("latest/summary.txt").contains("Action Summary"));
}

#[tokio::test]
async fn what_changes_in_the_roster_changes_in_adobe() {
    let world = World::start(Setup::example()).await;
    world.pass(json!({})).await;
    let district = world.clever.district();
    let leaver = &district.section_named("Econ 101 - Period 2").students[0];
    world.clever.change(|district| district.leaves(leaver));
    let before = world.memberships();
    world.pass(json!({})).await;
    assert_eq!(world.memberships(), world.desired());
    assert_eq!(world.memberships().len() + 1, before.len());
}

#[tokio::test]
async fn a_district_of_five_thousand_syncs_at_adobes_pace_and_the_second_pass_sends_nothing() {
    let world = World::start(Setup::large()).await;
    let started = world.clock.now();
    let answers = world.pass_in(json!({}), FIFTEEN_MINUTES).await;
    assert_eq!(answers.last().unwrap()["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    let actions = u32::try_from(world.adobe.requests()[&Endpoint::Action]).unwrap();
    let took = Duration::try_from(world.clock.now().duration_since(started)).unwrap();
    assert!(actions > 20, "{actions}");
    assert!(
        took >= Duration::from_mins(1) * ((actions - 1) / 10),
        "{actions} in {took:?}"
    );

    world.adobe.clear_log();
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.adobe.requests().get(&Endpoint::Action), None);
}

#[tokio::test]
async fn short_invocations_come_to_the_same_end_as_a_long_one() {
    let setup = || {
        let mut setup = Setup::example();
        setup.adobe = Vec::<AdobeUser>::new();
        setup
    };
    let long = World::start(setup()).await;
    long.pass(json!({})).await;
    let short = World::start(setup()).await;
    let answers = short.pass_in(json!({}), Duration::from_secs(20)).await;
    assert!(answers.len() > 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer["run_id"] == answers[0]["run_id"])
    );
    assert_eq!(short.adobe.snapshot(), long.adobe.snapshot());
}

#[tokio::test]
async fn a_world_can_begin_with_anything() {
    let mapping = Mapping(vec![Entry::new(
        Kind::Schools,
        "None",
        Who::Users,
        &["Spark"],
    )]);
    let empty = District::empty("66b1f0c0000000000000d158", "Another District");
    let world = World::start(Setup::new(empty, mapping, Vec::new())).await;
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["mode"], "apply");
    assert!(world.memberships().is_empty());
    assert!(world.keys().iter().any(|key| key.starts_with("runs/")));
}
