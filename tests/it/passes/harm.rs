//! What upstream mistakes must not do: nobody loses anything because of them.

use serde_json::json;

use super::{DELETES, example, findings, problems, state, stranger};
use crate::simulators::adobe::Identity;
use crate::simulators::world::{Setup, World};

#[tokio::test]
async fn a_name_that_matches_nothing_takes_nothing_from_anybody() {
    let world = example().await;
    world.pass(json!({})).await;
    let before = state(&world.adobe);
    let root = world.text("config/user-sync-config.yml");
    world.put(
        "config/user-sync-config.yml",
        root.replace(
            "courses::Studio Art::students",
            "courses::Studio Arts::students",
        ),
    );
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "held");
    assert_eq!(state(&world.adobe), before);
    let summary = world.json("latest/summary.json");
    assert_eq!(findings(&summary), ["directory-group-not-found"]);
    let text = world.text("latest/summary.txt");
    assert!(text.contains("courses::Studio Arts::students"), "{text}");
}

#[tokio::test]
async fn a_limited_read_takes_nothing_from_anybody_and_says_so() {
    let world = example().await;
    world.pass(json!({})).await;
    let before = state(&world.adobe);
    let source = world.text("config/connector-oneroster.yml");
    world.put("config/connector-oneroster.yml", limited(&source));
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "held");
    assert_eq!(state(&world.adobe), before);
    assert!(findings(&world.json("latest/summary.json")).contains(&"limited-read".to_owned()));
    assert!(world.text("latest/summary.txt").contains("LIMITED READ"));
}

/// Whatever the file says, only five people are read.
fn limited(source: &str) -> String {
    let lines = source.lines().map(|line| {
        let key = line.trim_start();
        if key.starts_with("max_user_count:") {
            "  max_user_count: 5"
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_district_that_is_not_running_takes_nothing_from_anybody() {
    let world = example().await;
    world.pass(json!({})).await;
    let before = state(&world.adobe);
    world.clever.change(|district| {
        district.students.truncate(10);
        district.sections.clear();
        district.state = "paused".to_owned();
    });
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "held");
    assert_eq!(state(&world.adobe), before);
    assert!(
        findings(&world.json("latest/summary.json")).contains(&"district-not-running".to_owned())
    );
}

#[tokio::test]
async fn a_pupil_without_an_address_keeps_the_licence() {
    let world = example().await;
    world.pass(json!({})).await;
    let before = state(&world.adobe);
    let pupil = world.desired().into_keys().next().unwrap();
    world.clever.change(|district| {
        let people = district.students.iter_mut().chain(&mut district.teachers);
        for person in people.filter(|person| {
            person
                .email
                .as_deref()
                .is_some_and(|email| email.eq_ignore_ascii_case(&pupil))
        }) {
            person.email = None;
        }
    });
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "held");
    assert_eq!(state(&world.adobe), before);
    let summary = world.json("latest/summary.json");
    assert_eq!(problems(&summary), ["email-unusable"]);
    assert_eq!(findings(&summary), ["person-unusable"]);
}

#[tokio::test]
async fn an_account_of_the_other_owned_type_is_left_as_it_is() {
    let world = example().await;
    world.pass(json!({})).await;
    let (pupil, groups) = world.desired().into_iter().next().unwrap();
    let account = world.adobe.account(Identity::Federated, &pupil).unwrap();
    world.adobe.forget(Identity::Federated, &pupil);
    let mut other = account;
    other.identity = Identity::Enterprise;
    other.groups = groups;
    world.adobe.put(other);
    let before = state(&world.adobe);
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["counters"]["actions"]["total"], 0);
    assert_eq!(state(&world.adobe), before);
    assert_eq!(
        problems(&world.json("latest/summary.json")),
        ["other-identity-type"]
    );
}

#[tokio::test]
async fn an_administrator_is_never_removed_nor_loses_a_role() {
    let mut setup = Setup::example();
    setup.options(&DELETES, "100%");
    let world = World::start(setup).await;
    world
        .adobe
        .put(stranger("head@rockaway.example", &["_org_admin", "Spark"]));
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    let admin = world
        .adobe
        .account(Identity::Federated, "head@rockaway.example")
        .expect("the administrator stays");
    assert_eq!(admin.groups.into_iter().collect::<Vec<_>>(), ["_org_admin"]);
    assert!(problems(&world.json("latest/summary.json")).contains(&"admin-kept".to_owned()));
}
