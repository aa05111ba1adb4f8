//! A pass that is killed anywhere ends as one that nobody touched.

mod doubt;
mod failing;
mod outcome;
mod s3;
mod stories;
mod twice;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::simulators::adobe::Account;
use crate::simulators::world::{Point, World};
use outcome::{Outcome, entries};
use stories::Story;

/// Of so many positions each is tried in turn; of more, some in even steps.
const MOST_POSITIONS: usize = 100;

/// The pass that nobody touches: how it ends, and how many positions it has.
struct Whole {
    outcome: Outcome,
    sent: BTreeSet<String>,
    store: usize,
    adobe: usize,
    roster: usize,
}

impl Whole {
    async fn of(story: &Story) -> Self {
        let world = story.world().await;
        let (answer, kills) = world.driven(story.event.clone(), story.limit).await;
        assert_eq!(kills, 0, "{}", story.name);
        Self {
            store: world.store().calls().len(),
            adobe: world.adobe.server.log().len(),
            roster: world.sis().server().log().len(),
            sent: entries(&world),
            outcome: Outcome::of(&world, &answer),
        }
    }

    /// What is different about the pass of this world.
    fn differences(&self, world: &World, answer: &Value) -> impl Iterator<Item = String> {
        let mut differences = Outcome::of(world, answer).differences(&self.outcome);
        let sent = entries(world);
        let besides = sent.difference(&self.sent);
        differences.extend(besides.map(|entry| format!("sent besides: {entry}")));
        differences.into_iter()
    }

    fn points(&self) -> Vec<Point> {
        let mut points = Vec::new();
        for after in [false, true] {
            let store = (1..=self.store).map(|number| Point::Store { number, after });
            let adobe = (1..=self.adobe).map(|number| Point::Adobe { number, after });
            let roster = (1..=self.roster).map(|number| Point::Roster { number, after });
            points.extend(store.chain(adobe).chain(roster));
        }
        points
    }
}

/// Kills the pass at every position, once each, and compares how it ends.
async fn killed_everywhere(story: Story) {
    let whole = Whole::of(&story).await;
    let points = whole.points();
    let step = points.len().div_ceil(MOST_POSITIONS);
    let mut faults = Vec::new();
    for point in points.into_iter().step_by(step) {
        let world = story.world().await;
        let ended = world.pass_killed_at(story.event.clone(), point, story.limit);
        let (answer, kills) = ended.await;
        if kills != 1 && !matches!(point, Point::Roster { .. }) {
            faults.push(format!("{point:?}: {kills} kills"));
        }
        let differences = whole.differences(&world, &answer);
        faults.extend(differences.map(|what| format!("{point:?}: {what}")));
    }
    assert!(faults.is_empty(), "{}:\n{}", story.name, faults.join("\n"));
}

#[tokio::test]
async fn a_pass_that_is_killed_anywhere_ends_as_one_that_nobody_touched() {
    killed_everywhere(Story::apply()).await;
}

#[tokio::test]
async fn new_groups_are_made_once_wherever_the_pass_is_killed() {
    killed_everywhere(Story::new_groups()).await;
}

#[tokio::test]
async fn an_address_that_a_killed_slice_has_changed_is_no_error() {
    let story = Story::new_addresses();
    let world = story.world().await;
    world.driven(story.event.clone(), story.limit).await;
    let former = |account: &Account| account.email.starts_with("former.");
    assert!(story.accounts.iter().any(former));
    assert!(!world.adobe.users().iter().any(former));
    killed_everywhere(story).await;
}

#[tokio::test]
async fn a_pass_at_classlink_is_killed_anywhere() {
    killed_everywhere(Story::classlink()).await;
}

#[tokio::test]
async fn a_test_is_killed_anywhere() {
    killed_everywhere(Story::test()).await;
}

#[tokio::test]
async fn a_push_is_killed_anywhere() {
    killed_everywhere(Story::push()).await;
}

#[tokio::test]
async fn a_list_of_leavers_is_killed_anywhere() {
    killed_everywhere(Story::listed()).await;
}

#[tokio::test]
async fn what_a_person_lets_go_goes_once_wherever_the_pass_is_killed() {
    let story = Story::approved();
    let world = story.world().await;
    let (answer, _) = world.driven(story.event.clone(), story.limit).await;
    assert_eq!(answer["status"], "held", "there are others, who stay");
    let used = world.json("state/approvals.json")["used"].clone();
    assert_eq!(used.as_array().unwrap().len(), 1);
    assert_eq!(used[0]["used_by"], answer["run_id"]);
    let summary = world.json("latest/summary.json");
    assert_eq!(summary["approvals"][0]["let_through"], 2);
    killed_everywhere(story).await;
}

#[tokio::test]
async fn who_is_gone_is_remembered_once_wherever_the_pass_is_killed() {
    let story = Story::remembering();
    let world = story.world().await;
    world.driven(story.event.clone(), story.limit).await;
    assert!(world.get("state/people.ndjson.gz").is_some());
    killed_everywhere(story).await;
}

#[tokio::test]
async fn a_plan_that_is_killed_anywhere_leaves_the_same_files() {
    killed_everywhere(Story::plan()).await;
}

#[tokio::test]
async fn a_pass_of_several_slices_is_killed_in_any_of_them() {
    killed_everywhere(Story::slices()).await;
}
