//! The world as a whole: what it begins with, and that it can change.

use serde_json::json;

use crate::simulators::district::District;
use crate::simulators::mapping::{Entry, Kind, Mapping, Who};
use crate::simulators::world::{ROOT_FILE, Setup, World};

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
