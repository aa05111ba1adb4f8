//! `adobe_only_user_list`, and `write-file`, which makes such a list.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::passes::{example, findings, problems, state, stranger};

const LIST: &str = "config/leavers.csv";

/// Three leavers, one of whom holds a role, and a pass that is told to delete them.
async fn with_leavers() -> (World, Value) {
    let world = example().await;
    for (email, groups) in [
        ("gone.one@rockaway.example", &["Spark", "Staff"][..]),
        ("gone.two@rockaway.example", &[]),
        ("head@rockaway.example", &["_org_admin", "Spark"]),
    ] {
        world.adobe.put(stranger(email, groups));
    }
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "delete"});
    (world, event)
}

#[tokio::test]
async fn a_list_is_dealt_with_without_a_roster_and_spares_admins() {
    let (world, event) = with_leavers().await;
    world.put(
        LIST,
        "type,username,domain\nfederatedID,Gone.One@rockaway.example,\nfederatedID,gone.two@rockaway.example,\n\
         federatedID,head@rockaway.example,\n",
    );
    let others = |world: &World| {
        let mut accounts = world.adobe.users();
        accounts.retain(|account| !account.email.ends_with("@rockaway.example"));
        accounts
    };
    let before = others(&world);
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.clever.server.log().len(), 0, "no roster is read");
    for gone in ["gone.one@rockaway.example", "gone.two@rockaway.example"] {
        assert_eq!(world.adobe.account(Identity::Federated, gone), None);
    }
    let head = world
        .adobe
        .account(Identity::Federated, "head@rockaway.example");
    assert!(head.unwrap().groups.contains("_org_admin"));
    assert_eq!(others(&world), before, "nobody else is touched");
    assert!(problems(&world.json("latest/summary.json")).contains(&"admin-kept".to_owned()));

    let counters = &answer["counters"];
    assert_eq!(counters["directory_users_read"], 0);
    assert_eq!(counters["directory_users_selected"], 0);
    assert_eq!(counters["adobe_users_created"], 0);
    assert_eq!(counters["actions"]["error"], 0);
}

#[tokio::test]
async fn two_of_a_list_are_two_actions() {
    let (world, event) = with_leavers().await;
    world.put(
        LIST,
        "type,username,domain\nfederatedID,gone.one@rockaway.example,\nfederatedID,gone.two@rockaway.example,\n",
    );
    let counters = world.pass(event).await["counters"].clone();
    assert_eq!(counters["adobe_only_users"], 2);
    assert_eq!(
        counters["actions"],
        json!({"total": 2, "success": 2, "error": 0})
    );
}

#[tokio::test]
async fn a_list_with_bad_rows_is_refused_with_all_of_them() {
    let (world, event) = with_leavers().await;
    world.put(
        LIST,
        "type,username,domain\nfederatedID,gone.one@rockaway.example,\nmagicID,gone.two@rockaway.example,\n\
         federatedID,gone,\n",
    );
    let before = state(&world.adobe);
    let failure = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "ConfigInvalid");
    for row in ["leavers.csv:3:", "leavers.csv:4:"] {
        assert!(failure.message.contains(row), "{}", failure.message);
    }
    assert!(!failure.message.contains("gone"), "{}", failure.message);
    assert_eq!(state(&world.adobe), before);
    assert_eq!(world.adobe.server.log().len(), 0);
}

#[tokio::test]
async fn a_list_that_is_not_there_is_named() {
    let (world, event) = with_leavers().await;
    let failure = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "ConfigInvalid");
    assert!(
        failure.message.contains("leavers.csv"),
        "{}",
        failure.message
    );
    assert_eq!(world.json("latest/summary.json")["status"], "failed");
    assert_eq!(world.adobe.server.log().len(), 0);
}

#[tokio::test]
async fn a_list_over_the_limit_is_held() {
    let mut setup = Setup::example();
    setup.options(&[("process_groups", "yes")], "1");
    let world = World::start(setup).await;
    let mut list = "type,username,domain\n".to_owned();
    for email in ["gone.one@rockaway.example", "gone.two@rockaway.example"] {
        world.adobe.put(stranger(email, &["Spark"]));
        list.push_str(&["federatedID,", email, ",\n"].concat());
    }
    world.put(LIST, list);
    let before = state(&world.adobe);
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "remove"});
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "held");
    assert_eq!(answer["counters"]["adobe_only_users"], 0);
    assert_eq!(state(&world.adobe), before);
    assert_eq!(
        findings(&world.json("latest/summary.json")),
        ["adobe-only-users-over-limit"]
    );
}

/// The file, and the keys that should stand in it.
fn written(world: &World, answer: &Value) -> (String, String) {
    let strangers = world
        .adobe
        .users()
        .into_iter()
        .filter(|account| !world.desired().contains_key(&account.email.to_lowercase()));
    let rows: BTreeSet<String> = strangers
        .map(|account| {
            format!(
                "{},{},\n",
                account.identity.as_str(),
                account.email.to_lowercase()
            )
        })
        .collect();
    let wanted = rows
        .into_iter()
        .fold("type,username,domain\n".to_owned(), |all, row| all + &row);
    let key = format!("{}/adobe-only-users.csv", run(answer));
    (world.text(&key), wanted)
}

#[tokio::test]
async fn write_file_lists_who_is_in_adobe_only_in_every_mode() {
    for event in [
        json!({"adobe_only_user_action": "write-file", "mode": "test"}),
        json!({"adobe_only_user_action": "write-file", "mode": "plan"}),
    ] {
        let world = example().await;
        world.adobe.put(stranger("Plain@rockaway.example", &[]));
        let before = state(&world.adobe);
        let answer = world.pass(event).await;
        assert_eq!(answer["status"], "complete");
        let (file, wanted) = written(&world, &answer);
        assert!(wanted.contains("federatedID,plain@rockaway.example,"));
        assert_eq!(file, wanted);
        assert_eq!(state(&world.adobe), before);
    }
}

#[tokio::test]
async fn write_file_lists_those_over_the_limit_and_takes_mapped_groups_below_it() {
    let mut setup = Setup::example();
    setup.options(&[("users", "mapped"), ("process_groups", "yes")], "1");
    let event = json!({"adobe_only_user_action": "write-file"});
    let world = World::start(setup).await;
    let strangers = of_strangers(&world);
    let answer = world.pass(event.clone()).await;
    assert_eq!(answer["status"], "held");
    let (file, wanted) = written(&world, &answer);
    assert!(wanted.lines().count() > 2);
    assert_eq!(file, wanted);
    assert_eq!(of_strangers(&world), strangers);

    let world = example().await;
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    let (file, wanted) = written(&world, &answer);
    assert_eq!(file, wanted);
}

#[tokio::test]
async fn the_file_that_a_pass_writes_is_a_list_that_another_takes() {
    let world = example().await;
    let answer = world
        .pass(json!({"adobe_only_user_action": "write-file", "mode": "plan"}))
        .await;
    let (file, _) = written(&world, &answer);
    let strangers = of_strangers(&world);
    assert!(!strangers.is_empty());
    world.put(LIST, &file);
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "remove"});
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(
        answer["counters"]["adobe_only_users"],
        file.lines().count() - 1
    );
    assert!(of_strangers(&world).is_empty());
}

#[tokio::test]
async fn no_other_pass_writes_that_file() {
    let world = example().await;
    for event in [
        json!({"mode": "plan"}),
        json!({"strategy": "push", "adobe_only_user_action": "write-file", "mode": "plan"}),
    ] {
        world.pass(event).await;
    }
    let keys = world.keys();
    assert!(
        !keys.iter().any(|key| key.contains("adobe-only-users")),
        "{keys:?}"
    );
}

#[tokio::test]
async fn adobe_is_not_read_for_a_list_with_which_nothing_is_done() {
    let (world, _) = with_leavers().await;
    world.put(
        LIST,
        "type,username\nfederatedID,gone.one@rockaway.example\n",
    );
    for action in ["preserve", "exclude"] {
        let event =
            json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": action});
        assert_eq!(world.pass(event).await["status"], "complete");
        let told = world.text("latest/summary.txt");
        assert!(
            told.contains("Nothing is done with adobe_only_user_list"),
            "{told}"
        );
    }
    assert_eq!(world.adobe.server.log().len(), 0);
}
