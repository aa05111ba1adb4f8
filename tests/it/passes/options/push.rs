//! `strategy`.

use serde_json::json;

use super::*;
use crate::passes::{example, state};

#[tokio::test]
async fn a_push_sends_everything_for_everybody_every_time_and_reads_nothing_of_adobe() {
    let world = example().await;
    let strangers = of_strangers(&world);
    assert_ne!(of_the_roster(&world), world.desired());
    let first = world.pass(json!({"strategy": "push"})).await;
    assert_eq!(first["status"], "complete");
    assert_eq!(first["strategy"], "push");
    assert_eq!(of_the_roster(&world), world.desired());
    assert_eq!(of_strangers(&world), strangers, "nobody else is touched");
    assert_eq!(asked(&world, Endpoint::Users), 0);
    assert_eq!(asked(&world, Endpoint::Groups), 0);

    let people = world.desired().len();
    let counters = &first["counters"];
    assert_eq!(counters["directory_users_selected"], people);
    assert_eq!(counters["users_pushed"], people);
    assert_eq!(
        counters["actions"],
        json!({"total": people, "success": people, "error": 0})
    );
    assert_eq!(counters["adobe_users_created"], 0);
    let summary = world.text("latest/summary.txt");
    assert!(
        summary.contains(&format!(" pushed to Adobe: {people}\n")),
        "{summary}"
    );
    assert!(!summary.contains("Number of Adobe"), "{summary}");

    let (before, sent) = (state(&world.adobe), world.adobe.action_bodies().len());
    let second = world.pass(json!({"strategy": "push"})).await;
    assert_eq!(second["counters"], first["counters"]);
    assert_eq!(world.adobe.action_bodies().len(), 2 * sent);
    assert_eq!(state(&world.adobe), before);
}

#[tokio::test]
async fn a_push_that_is_only_planned_asks_adobe_nothing() {
    let world = example().await;
    let planned = world
        .pass(json!({"strategy": "push", "mode": "plan"}))
        .await;
    assert_eq!(planned["counters"]["users_pushed"], world.desired().len());
    assert_eq!(world.adobe.server.log().len(), 0);
    let plan = world.text("latest/plan.txt");
    assert!(
        plan.contains("taken out of the other mapped groups"),
        "{plan}"
    );
}

#[tokio::test]
async fn what_a_push_pays_no_heed_to_is_a_notice() {
    let world = example().await;
    world
        .pass(json!({
            "strategy": "push", "mode": "plan", "adobe_only_user_action": "delete", "adobe_users": "mapped",
        }))
        .await;
    let summary = world.json("latest/plan.json");
    assert_eq!(
        summary["notices"],
        json!([
            "adobe_users of the event has no effect: with strategy: push, nothing is read from Adobe.",
            "adobe_only_user_action of the event has no effect: with strategy: push, nothing is read from Adobe.",
        ])
    );
    let plain = json!({"strategy": "push", "mode": "plan", "adobe_only_user_action": "preserve"});
    world.pass(plain).await;
    let summary = world.json("latest/plan.json");
    assert_eq!(summary["notices"], json!([]));
}

#[tokio::test]
async fn a_push_into_an_empty_organization_and_lost_answers_come_to_the_same_end() {
    let mut setup = Setup::example();
    setup.adobe.clear();
    let world = World::start(setup.clone()).await;
    assert_eq!(
        world.pass(json!({"strategy": "push"})).await["status"],
        "complete"
    );
    assert_eq!(world.memberships(), world.desired());

    let disturbed = World::start(setup).await;
    lose_answers(&disturbed);
    let answer = disturbed.pass(json!({"strategy": "push"})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(state(&disturbed.adobe), state(&world.adobe));
}
