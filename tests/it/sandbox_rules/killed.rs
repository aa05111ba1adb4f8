//! Invocations are killed where a test orders it; what they did stays, and nothing of them runs on.

mod store;

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use crate::simulators::faulty::Act;
use crate::simulators::world::{Ending, FIFTEEN_MINUTES, Point, Setup, World};

async fn example() -> World {
    World::start(Setup::example()).await
}

/// Whatever could still run gets the time to.
async fn others_run() {
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_kill_at_a_write_leaves_what_was_written_before_it() {
    let whole = example().await;
    let given: BTreeSet<String> = whole.keys().into_iter().collect();
    whole.pass(json!({})).await;
    let writes = whole.store().writes();
    assert!(writes.len() > 3, "{writes:?}");
    for number in [1, 2, writes.len() / 2, writes.len()] {
        for after in [false, true] {
            let world = example().await;
            world.kill_at(Point::Write { number, after });
            world.invoke_to(json!({}), FIFTEEN_MINUTES).await.killed();
            let left: BTreeSet<String> = world.keys().into_iter().collect();
            let took_effect = if after { number } else { number - 1 };
            let written = writes.iter().take(took_effect);
            let written: BTreeSet<String> = written.map(|call| call.key.clone()).collect();
            assert_eq!(&left - &given, written, "{number} {after}");
            assert_eq!(world.store().writes().len(), number);
        }
    }
}

#[tokio::test]
async fn a_kill_at_a_call_of_the_store_counts_reading_too() {
    let world = example().await;
    world.kill_at(Point::Store {
        number: 3,
        after: false,
    });
    world.invoke_to(json!({}), FIFTEEN_MINUTES).await.killed();
    assert_eq!(world.store().calls().len(), 3);
    world.store().clear();
    let answer = world.invoke_to(json!({}), FIFTEEN_MINUTES).await.answer();
    assert_eq!(answer["status"], "complete", "once is all that was ordered");
    assert_eq!(world.store().calls()[0].number, 1);
}

#[tokio::test]
async fn a_kill_at_adobe_comes_before_or_after_the_effect() {
    for after in [false, true] {
        let world = example().await;
        let before = world.adobe.snapshot();
        world.kill_at(Point::Action { number: 1, after });
        world.invoke_to(json!({}), FIFTEEN_MINUTES).await.killed();
        assert_eq!(world.adobe.snapshot() != before, after);
        assert_eq!(world.adobe.action_bodies().len(), usize::from(after));
        let journal = |key: &String| key.contains("/journal/");
        assert!(!world.keys().iter().any(journal), "it cannot have known");
    }
}

#[tokio::test]
async fn a_kill_at_adobe_counts_requests_for_tokens_too() {
    let world = example().await;
    world.kill_at(Point::Adobe {
        number: 1,
        after: false,
    });
    world.invoke_to(json!({}), FIFTEEN_MINUTES).await.killed();
    assert_eq!(world.adobe.server.log().len(), 1);
    assert!(world.adobe.tokens().is_empty(), "no token was given out");
}

#[tokio::test]
async fn a_kill_at_the_roster_counts_its_requests() {
    let world = example().await;
    let number = 2;
    let after = true;
    world.kill_at(Point::Roster { number, after });
    world.invoke_to(json!({}), FIFTEEN_MINUTES).await.killed();
    let requests = world.sis().server().log().len();
    // Those that are asked at the same time may be on their way.
    assert!((2..8).contains(&requests), "{requests}");
    assert!(world.adobe.action_bodies().is_empty());
}

#[tokio::test]
async fn nothing_of_a_killed_invocation_runs_on() {
    let world = example().await;
    world.kill_at(Point::Action {
        number: 1,
        after: true,
    });
    world.invoke_to(json!({}), FIFTEEN_MINUTES).await.killed();
    let seen = || {
        let requests = world.adobe.server.log().len() + world.sis().server().log().len();
        (world.store().calls(), requests, world.keys())
    };
    let then = seen();
    others_run().await;
    assert_eq!(seen(), then);
}

#[tokio::test]
async fn a_pass_goes_on_after_a_kill_as_an_engine_would() {
    for point in [
        Point::Action {
            number: 1,
            after: false,
        },
        Point::Write {
            number: 1,
            after: true,
        },
    ] {
        let world = example().await;
        let (answer, kills) = world
            .pass_killed_at(json!({}), point, FIFTEEN_MINUTES)
            .await;
        assert_eq!((&answer["status"], kills), (&json!("complete"), 1));
        assert_eq!(world.memberships(), world.desired());
        let passes: BTreeSet<String> = world
            .keys()
            .iter()
            .filter_map(|key| key.strip_prefix("runs/")?.split('/').next())
            .map(str::to_owned)
            .collect();
        assert_eq!(passes.len(), 1, "the same event is the same pass");
    }
}

#[tokio::test]
async fn a_point_that_a_pass_does_not_come_to_kills_nobody() {
    let world = example().await;
    let nowhere = Point::Write {
        number: 10_000,
        after: false,
    };
    let (answer, kills) = world
        .pass_killed_at(json!({}), nowhere, FIFTEEN_MINUTES)
        .await;
    assert_eq!((&answer["status"], kills), (&json!("complete"), 0));
}

#[tokio::test]
async fn lambda_kills_whoever_waits_for_the_store_until_the_time_ends() {
    let world = example().await;
    let begin = world.clock.now();
    world.store().hook(Box::new(|call| {
        if call.operation.writes() {
            Act::Slow(Duration::from_mins(20))
        } else {
            Act::Pass
        }
    }));
    let given = world.keys();
    let killed = world.invoke_to(json!({}), FIFTEEN_MINUTES).await.killed();
    assert_eq!(killed.end, begin + FIFTEEN_MINUTES);
    assert_eq!(world.keys(), given);
    world.store().no_hook();
    let answer = world.invoke_to(json!({}), FIFTEEN_MINUTES).await.answer();
    assert_eq!(answer["status"], "complete");
}

#[tokio::test]
async fn whoever_outlives_a_killed_invocation_finds_its_lease_run_out() {
    let world = example().await;
    world.kill_at(Point::Write {
        number: 1,
        after: true,
    });
    let killed = world.invoke_to(json!({}), FIFTEEN_MINUTES).await.killed();
    assert!(world.clock.now() < killed.end);
    world.outlive(&killed);
    assert_eq!(world.clock.now(), killed.end + Duration::from_secs(6));
    let later = world.clock.now();
    world.clock.advance(Duration::from_mins(1));
    world.outlive(&killed);
    assert!(world.clock.now() > later, "time never goes back");
}

#[tokio::test]
async fn of_two_invocations_at_once_each_meets_its_own_fate() {
    let world = example().await;
    world.store().hook(Box::new(|call| {
        if call.invocation == 2 && call.operation.writes() {
            Act::Kill
        } else {
            Act::Pass
        }
    }));
    let invoke = || world.invoke_to(json!({}), FIFTEEN_MINUTES);
    let (first, second) = tokio::join!(invoke(), invoke());
    assert!(matches!(second, Ending::Killed(_)), "{second:?}");
    assert!(matches!(first, Ending::Answer(_)), "{first:?}");
    let calls = world.store().calls();
    let callers: Vec<u64> = calls.iter().map(|call| call.invocation).collect();
    let last_of_second = callers.iter().rposition(|caller| *caller == 2).unwrap();
    let (meanwhile, later) = callers.split_at(last_of_second);
    assert!(meanwhile.contains(&1) && later.contains(&1), "{callers:?}");
}
