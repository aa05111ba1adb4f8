//! Slices that are killed one after another.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::action_requests;
use super::{first_event, of_pass, school, sleep, slice};
use crate::simulators::world::{Ending, FIFTEEN_MINUTES, Point, World};

/// Kills the next slice at this point; lets the time of its lease pass.
async fn kill(world: &World, event: &Value, point: Point) {
    world.kill_at(point);
    let killed = world
        .invoke_to(event.clone(), FIFTEEN_MINUTES)
        .await
        .killed();
    world.spare();
    world.outlive(&killed);
}

const BEFORE_THE_ROSTER: Point = Point::Roster {
    number: 1,
    after: false,
};

#[tokio::test]
async fn five_kills_in_a_row_without_progress_fail_the_pass() {
    let world = World::start(school(30)).await;
    let event = first_event(&world, "first");
    for _ in 0..5 {
        kill(&world, &event, BEFORE_THE_ROSTER).await;
    }
    let failure = world.invoke(event.clone(), FIFTEEN_MINUTES).await;
    let failure = failure.unwrap_err();
    assert_eq!(failure.name.as_str(), "NoProgress");
    assert_eq!(world.json("latest/summary.json")["status"], "failed");
    assert_eq!(action_requests(&world), 0);
    // It stays so; another pass begins anew.
    let again = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(again.name.as_str(), "NoProgress");
    assert_eq!(world.pass(json!({})).await["status"], "complete");
}

#[tokio::test]
async fn four_kills_in_a_row_do_not() {
    let world = World::start(school(30)).await;
    let event = first_event(&world, "first");
    for _ in 0..4 {
        kill(&world, &event, BEFORE_THE_ROSTER).await;
    }
    let answer = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete");
    assert_eq!(
        answer["run_id"],
        world.json("latest/summary.json")["run_id"]
    );
    assert_eq!(world.json(&of_pass(&answer, "run.json"))["slice"], 5);
}

#[tokio::test]
async fn progress_sets_the_count_of_kills_back() {
    let world = World::start(school(410)).await;
    let event = first_event(&world, "first");
    for _ in 0..4 {
        kill(&world, &event, BEFORE_THE_ROSTER).await;
    }
    // Its plan is kept.
    let action = Point::Action {
        number: 1,
        after: false,
    };
    kill(&world, &event, action).await;
    for _ in 0..4 {
        kill(&world, &event, action).await;
    }
    // A chunk of the journal is kept.
    let action = Point::Action {
        number: 12,
        after: true,
    };
    kill(&world, &event, action).await;
    for _ in 0..3 {
        let action = Point::Action {
            number: 1,
            after: true,
        };
        kill(&world, &event, action).await;
    }
    let answer = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn a_pass_that_is_killed_whenever_it_sends_comes_to_its_end_as_long_as_it_writes_down_what_it_did()
 {
    let world = World::start(school(250)).await;
    let event = first_event(&world, "first");
    let mut kills = 0;
    loop {
        world.kill_at(Point::Action {
            number: 12,
            after: true,
        });
        match world.invoke_to(event.clone(), FIFTEEN_MINUTES).await {
            Ending::Killed(killed) => world.outlive(&killed),
            other => {
                assert_eq!(other.answer()["status"], "complete");
                break;
            }
        }
        kills += 1;
    }
    assert!(kills >= 2, "{kills} kills");
    assert_eq!(world.memberships(), world.desired());
}

#[tokio::test]
async fn slices_that_are_too_short_for_anything_fail_the_pass() {
    let world = World::start(school(250)).await;
    let mut event = first_event(&world, "first");
    for number in 1.. {
        assert!(number < 7, "it comes to no end");
        match world.invoke(event, Duration::ZERO).await {
            Ok(answer) => {
                assert_eq!(answer["status"], "continue");
                sleep(&world, &answer).await;
                event = slice(&answer);
            }
            Err(failure) => {
                assert_eq!(failure.name.as_str(), "NoProgress");
                break;
            }
        }
    }
    assert_eq!(world.json("latest/summary.json")["status"], "failed");
}
