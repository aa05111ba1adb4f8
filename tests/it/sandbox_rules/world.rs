//! The world as a whole: what it begins with, and that it can change.

use serde_json::json;

use crate::simulators::district::{District, enrollment_id};
use crate::simulators::mapping::{Entry, Kind, Mapping, Who};
use crate::simulators::oneroster::{CLIENT_ID, CLIENT_SECRET, HOST, ROOT};
use crate::simulators::world::{ROOT_FILE, Setup, World, secrets};

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

#[tokio::test]
async fn a_school_at_classlink_has_the_files_and_the_secret_for_it() {
    for setup in [Setup::example(), Setup::large()] {
        let setup = setup.at_classlink();
        let source = &setup.files["connector-oneroster.yml"];
        for line in [
            "platform: 'classlink'".to_owned(),
            format!("host: 'https://{HOST}{ROOT}'"),
            "match_groups_by: 'title'".to_owned(),
            "key_identifier: 'sourcedId'".to_owned(),
        ] {
            assert!(source.contains(&line), "{line}");
        }
        let root = &setup.files[ROOT_FILE];
        assert!(root.contains("\"classes::") && !root.contains("\"sections::"));
        let world = World::start(setup).await;
        let secrets = secrets(world.sis(), &world.adobe);
        let secret: serde_json::Value =
            serde_json::from_str(&secrets["roster-sync/oneroster"]).unwrap();
        assert_eq!(
            secret,
            json!({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
        );
    }
}

#[tokio::test]
async fn what_does_not_count_at_classlink_counts_at_clever() {
    let section = "Econ 101 - Period 2";
    let clever = World::start(Setup::example()).await;
    let classlink = World::start(Setup::example().at_classlink()).await;
    assert_eq!(classlink.desired(), clever.desired());
    let before = clever.desired();
    let class = classlink.sis().district().section_named(section).clone();
    // Whoever is in no other mapped group is in none any more.
    let only_here = |id: &&String| {
        let district = clever.sis().district();
        let mut students = district.students.iter();
        let email = students.find(|one| one.id == **id).unwrap().email.clone();
        before[&email.unwrap().to_lowercase()].len() == 1
    };
    let pupils: Vec<&String> = class.students.iter().filter(only_here).take(3).collect();
    let [gone, disabled, left] = pupils[..] else {
        panic!("the example has three such pupils")
    };
    for world in [&clever, &classlink] {
        world.change(|district| {
            let status = &mut district.status;
            let enrollment = enrollment_id(&class.id, left);
            status.to_be_deleted.extend([gone.clone(), enrollment]);
            status.not_enabled.insert(disabled.clone());
        });
    }
    assert_eq!(clever.desired(), before);
    assert_eq!(classlink.desired().len() + 3, before.len());

    classlink.change(|district| {
        let section = district.section_named(section).id.clone();
        let school = district.schools[0].id.clone();
        let course = district.courses[2].id.clone();
        let gone = &mut district.status.to_be_deleted;
        gone.extend([section, school, course]);
    });
    let groups = classlink.desired().into_values().flatten();
    let groups: std::collections::BTreeSet<String> = groups.collect();
    assert!(!groups.contains("all apps") && !groups.contains("photoshop"));
    assert!(groups.contains("spark"), "of another class");
}
