//! The end of the invocation's time.

use super::*;

#[tokio::test]
async fn a_wait_beyond_the_time_left_is_told_and_not_begun() {
    for header in [
        "555",
        "3600",
        "18446744073709551615",
        "Tue, 24 Nov 2026 07:00:01 GMT",
    ] {
        let world = World::new().await;
        let reply = Response::empty(429).with("retry-after", header);
        world.faults(vec![Fault::Reply(reply)]);
        let error = world.send(CALL).await.unwrap_err();
        let Error::OutOfTime { wait, .. } = error else {
            panic!("{error}");
        };
        assert!(wait >= Duration::from_secs(555), "{header}: {wait:?}");
        assert_eq!(world.passed(), Duration::from_secs(1));
    }
}

#[tokio::test]
async fn a_wait_beyond_the_time_left_is_told_after_the_last_try_too() {
    let world = World::new().await;
    let busy = Response::empty(429).with("retry-after", "1938");
    world.faults(vec![Fault::Reply(busy)]);
    let policy = RetryPolicy {
        retries: 0,
        ..POLICY
    };
    let error = world.send(Call { policy, ..CALL }).await.unwrap_err();
    let Error::OutOfTime { wait, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(wait, Duration::from_secs(1938));
}

#[tokio::test]
async fn a_request_whose_making_took_the_time_is_not_sent() {
    let world = World::new().await;
    let url = world.url();
    let slow = async |transport: &Transport| {
        world.clock.advance(Duration::from_secs(570));
        build(transport, &url)
    };
    let error = world.http.send(CALL, slow).await.unwrap_err();
    assert!(matches!(error, Error::OutOfTime { .. }), "{error}");
    assert_eq!(world.sent(), 0);
    assert!(world.requests.counts().is_empty());
}

#[tokio::test]
async fn no_request_starts_in_the_reserve() {
    // Of ten minutes, the last 45 seconds belong to journal and summary.
    let world = World::new().await;
    world.clock.advance(Duration::from_secs(554));
    assert!(world.send(CALL).await.is_ok());
    let error = world.send(CALL).await.unwrap_err();
    assert!(matches!(
        error,
        Error::OutOfTime {
            wait: Duration::ZERO,
            ..
        }
    ));
    assert_eq!(world.sent(), 1);
}

#[tokio::test]
async fn an_attempt_that_the_deadline_cuts_short_is_out_of_time() {
    let mut world = World::new().await;
    let end = world.start.checked_add(Duration::from_millis(300)).unwrap();
    let deadline = Deadline::new(world.start, end);
    let transport = Transport::new(Hosts::as_written()).unwrap();
    world.http = Http::new(
        transport,
        world.clock.clone(),
        deadline,
        Requests::default(),
    );
    world.faults(vec![Fault::Hang(Duration::from_secs(30))]);
    let policy = RetryPolicy {
        retries: 0,
        ..POLICY
    };
    let error = world.send(Call { policy, ..CALL }).await.unwrap_err();
    assert!(matches!(error, Error::OutOfTime { .. }), "{error}");
}
