//! `strategy`.

use serde_json::json;

use super::*;
use std::time::Duration;

use crate::passes::whole::first_load;
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

#[tokio::test]
async fn a_push_and_a_test_that_take_several_events_come_to_an_end() {
    for event in [
        json!({"strategy": "push"}),
        json!({"strategy": "push", "mode": "test"}),
        json!({"mode": "test"}),
    ] {
        let long = World::start(first_load()).await;
        let whole = long.pass(event.clone()).await;
        let short = World::start(first_load()).await;
        let answers = short.pass_in(event.clone(), Duration::from_secs(20)).await;
        assert!(answers.len() > 5, "{event}: {} events", answers.len());
        let last = answers.last().unwrap();
        assert_eq!(last["status"], "complete", "{event}");
        assert_eq!(last["counters"], whole["counters"], "{event}");
        assert_eq!(short.memberships(), long.memberships());
        // Nothing was sent a second time.
        let bodies = |world: &World| world.adobe.action_bodies().len();
        assert_eq!(bodies(&short), bodies(&long), "{event}");
        let journal = format!("{}/journal/", run(last));
        let told = short
            .keys()
            .into_iter()
            .filter(|key| key.starts_with(&journal));
        assert!(told.count() > 5);
    }
}

#[tokio::test]
async fn what_adobe_refused_in_an_earlier_event_is_still_told_at_the_end() {
    let mut setup = first_load();
    let root = setup.files[ROOT_FILE].replace("Profile 02", "Profile Two");
    setup.file(ROOT_FILE, root);
    let long = World::start(setup.clone()).await;
    let whole = long.pass(json!({"strategy": "push"})).await;
    assert_eq!(whole["status"], "partial");
    let short = World::start(setup).await;
    let answers = short
        .pass_in(json!({"strategy": "push"}), Duration::from_secs(20))
        .await;
    let last = answers.last().unwrap();
    assert_eq!(last["status"], "partial");
    assert_eq!(last["counters"], whole["counters"]);
    let problems = |world: &World| world.json("latest/summary.json")["problems"].clone();
    assert_eq!(problems(&short), problems(&long));
}
