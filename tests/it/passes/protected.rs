//! `protected` through whole passes.

use serde_json::json;

use super::{deleting, problems, stranger};
use crate::simulators::adobe::Identity;
use crate::simulators::world::World;

/// The example school, which deletes Adobe-only people, and an organization with nobody of it.
async fn world(protected: &str) -> World {
    World::start(deleting(protected, "Vault 1")).await
}

fn is_there(world: &World, email: &str) -> bool {
    world.adobe.account(Identity::Federated, email).is_some()
}

#[tokio::test]
async fn protected_people_domains_and_groups_are_left_as_they_are() {
    let world = world(
        "protected:\n  users: ['head@.*']\n  domains: ['board\\.example']\n  groups: ['Vault.*']\n",
    )
    .await;
    for (email, groups) in [
        ("head@rockaway.example", &["Spark"][..]),
        ("chair@board.example", &["Spark"]),
        ("keeper@rockaway.example", &["Spark", "Vault 1"]),
        ("gone@rockaway.example", &["Spark"]),
    ] {
        world.adobe.put(stranger(email, groups));
    }
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["counters"]["adobe_users_excluded"], 2);
    let groups = |email: &str| {
        let account = world.adobe.account(Identity::Federated, email).unwrap();
        account.groups.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(groups("head@rockaway.example"), ["Spark"]);
    assert_eq!(groups("chair@board.example"), ["Spark"]);
    assert_eq!(groups("keeper@rockaway.example"), ["Vault 1"]);
    assert!(!is_there(&world, "gone@rockaway.example"));
    assert_eq!(
        problems(&world.json("latest/summary.json")),
        ["protected-kept"]
    );
    let sent = world.adobe.log();
    let bodies = sent.iter().filter_map(|entry| entry.body.as_ref());
    let text: String = bodies.map(ToString::to_string).collect();
    for name in ["head@", "chair@", "Vault"] {
        assert!(!text.contains(name), "{name}");
    }
}

#[tokio::test]
async fn only_people_whom_a_pass_made_or_changed_are_removed() {
    let world = world("protected:\n  foreign_accounts: Yes\n").await;
    world
        .adobe
        .put(stranger("foreign@rockaway.example", &["Spark"]));
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    let pupil = world.clever.district().sections[0].students[0].clone();
    let whole = world.desired();
    world.change(|district| district.leaves(&pupil));
    let desired = world.desired();
    let left: Vec<&String> = whole
        .keys()
        .filter(|email| !desired.contains_key(*email))
        .collect();
    assert_eq!(left.len(), 1);
    // Whoever only lost a licence is still nobody's.
    for _ in 0..2 {
        assert_eq!(world.pass(json!({})).await["status"], "complete");
        assert!(!is_there(&world, left[0]));
        let foreign = world
            .adobe
            .account(Identity::Federated, "foreign@rockaway.example");
        assert!(foreign.unwrap().groups.is_empty());
        let notices = world.json("latest/summary.json")["notices"].to_string();
        assert!(notices.contains("1 account was not removed"), "{notices}");
    }
}
