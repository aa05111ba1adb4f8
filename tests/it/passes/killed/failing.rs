//! A store that fails, is slow, or says that somebody else wrote, at every call in turn.

use std::time::Duration;

use super::{Story, Whole};
use crate::simulators::engine::Next;
use crate::simulators::faulty::{Act, Hook, Operation};
use crate::simulators::world::{Ending, World};

/// What the engine waits out in the end.
const A_WHILE: Duration = Duration::from_secs(100);

/// Drives the pass under the hook; what is wrong about its end.
async fn faults_of(story: &Story, whole: &Whole, hook: Hook, world: &World) -> Vec<String> {
    world.store().hook(hook);
    let mut faults = Vec::new();
    let event = story.event.clone();
    let over = world.driven_to(event, story.limit, |ending| {
        faults.extend(another_error(ending));
    });
    let over = over.await;
    faults.extend(faults_of_end(whole, world, over));
    faults
}

/// An error that no store is to blame for.
pub(super) fn another_error(ending: &Ending) -> Option<String> {
    match ending {
        Ending::Failed(failure)
            if !["StoreUnavailable", "LeaseLost"].contains(&failure.name.as_str()) =>
        {
            Some(format!("{failure:?}"))
        }
        _ => None,
    }
}

/// What is wrong about the end of a pass.
pub(super) fn faults_of_end(whole: &Whole, world: &World, over: Next) -> Vec<String> {
    let Next::Ended(answer) = over else {
        return vec![format!("{over:?}")];
    };
    let differences = whole.differences(world, &answer);
    // How far the pass has come is told where that is possible.
    differences
        .filter(|what| !what.starts_with("latest/progress.json"))
        .collect()
}

/// The call of that number meets the fault.
fn at(number: usize, act: Act) -> Hook {
    Box::new(move |call| match act {
        _ if call.number != number => Act::Pass,
        Act::Changed if call.operation != Operation::PutIf => Act::Pass,
        _ => act.clone(),
    })
}

async fn fails_everywhere(story: Story, acts: &[Act], step: usize) {
    let whole = Whole::of(&story).await;
    let mut wrong = Vec::new();
    for number in (1..=whole.store).step_by(step) {
        for act in acts {
            let world = story.world().await;
            let faults = faults_of(&story, &whole, at(number, act.clone()), &world).await;
            let faults = faults.into_iter();
            wrong.extend(faults.map(|what| format!("{act:?} at {number}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", story.name, wrong.join("\n"));
}

#[tokio::test]
async fn a_call_of_the_store_that_fails_loses_nothing() {
    fails_everywhere(Story::apply(), &[Act::Fail, Act::FailAfter], 1).await;
}

#[tokio::test]
async fn a_write_that_somebody_else_was_faster_with_and_a_slow_call_lose_nothing() {
    let slow = Act::Slow(Duration::from_secs(20));
    fails_everywhere(Story::apply(), &[Act::Changed, slow], 1).await;
}

#[tokio::test]
async fn a_store_that_fails_in_any_slice_loses_nothing() {
    fails_everywhere(Story::slices(), &[Act::Fail, Act::FailAfter], 5).await;
}

#[tokio::test]
async fn a_store_that_fails_for_a_while_loses_nothing() {
    let story = Story::apply();
    let whole = Whole::of(&story).await;
    let mut wrong = Vec::new();
    for number in 1..=whole.store {
        for act in [Act::Fail, Act::FailAfter] {
            let world = story.world().await;
            let (clock, ordered, mut until) = (world.clock.clone(), act.clone(), None);
            let hook: Hook = Box::new(move |call| {
                if call.number < number {
                    return Act::Pass;
                }
                let until = *until.get_or_insert_with(|| clock.now() + A_WHILE);
                if clock.now() < until {
                    ordered.clone()
                } else {
                    Act::Pass
                }
            });
            let faults = faults_of(&story, &whole, hook, &world).await.into_iter();
            wrong.extend(faults.map(|what| format!("{act:?} from {number} on: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
