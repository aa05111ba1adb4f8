//! What may have been sent already stays in doubt until it is sent again, however many slices that takes.

use std::time::Duration;

use serde_json::{Value, json};

use super::stories::Story;
use crate::simulators::server::{Fault, Response};
use crate::simulators::world::{FIFTEEN_MINUTES, Point, World};

/// The event of an engine that begins now.
fn first_event(world: &World) -> Value {
    json!({"time": world.clock.now().to_string(), "execution": "first"})
}

/// The rest of a pass, by the waits that it asks for; the last answer.
async fn to_the_end(world: &World, mut answer: Value) -> Value {
    for _ in 0..20 {
        if answer["status"] != "continue" {
            return answer;
        }
        let wait = answer["wait_seconds"].as_u64().unwrap();
        world.clock.sleep(Duration::from_secs(wait)).await;
        let event = json!({"run_id": answer["run_id"], "slice": 2});
        answer = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    }
    panic!("it comes to no end: {answer}");
}

/// The action requests of these numbers from now on, from 1, meet the fault, once each.
fn action_requests(
    world: &World,
    numbers: &'static [usize],
    fault: impl Fn() -> Fault + Send + 'static,
) {
    let mut number = 0;
    world.adobe.server.fault(Box::new(move |request| {
        if !request.path.contains("/action/") {
            return None;
        }
        number += 1;
        numbers.contains(&number).then(&fault)
    }));
}

fn come_back_later() -> Fault {
    Fault::Reply(Response::json(429, &json!({})).with("retry-after", "600"))
}

#[tokio::test]
async fn what_a_killed_slice_sent_is_in_doubt_after_a_slice_that_sent_little() {
    let story = Story::many_new_addresses();
    let world = story.world().await;
    let event = first_event(&world);
    world.kill_at(Point::Action {
        number: 6,
        after: true,
    });
    let killed = world
        .invoke_to(event.clone(), FIFTEEN_MINUTES)
        .await
        .killed();
    world.spare();
    world.outlive(&killed);
    action_requests(&world, &[2], come_back_later);
    let second = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(second["status"], "continue", "{second:#}");
    let last = to_the_end(&world, second).await;
    assert_eq!(last["status"], "complete", "{last:#}");
    assert_eq!(last["counters"]["actions"]["error"], 0);
}

#[tokio::test]
async fn what_adobe_never_answered_is_in_doubt_however_much_was_answered_since() {
    let story = Story::many_new_addresses().without_retries();
    let world = story.world().await;
    let event = first_event(&world);
    // Two batches take effect without an answer, another one between them is answered; then Adobe wants a pause.
    let mut number = 0;
    world.adobe.server.fault(Box::new(move |request| {
        if !request.path.contains("/action/") {
            return None;
        }
        number += 1;
        match number {
            1 | 3 => Some(Fault::ReplyAfterEffect(Response::json(503, &json!({})))),
            5 => Some(come_back_later()),
            _ => None,
        }
    }));
    let first = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(first["status"], "continue", "{first:#}");
    let last = to_the_end(&world, first).await;
    assert_eq!(last["status"], "complete", "{last:#}");
}
