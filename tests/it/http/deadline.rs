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
    world.http = Http::new(transport, world.clock.clone(), Invocation::new(deadline));
    world.faults(vec![Fault::Hang(Duration::from_secs(30))]);
    let policy = RetryPolicy {
        retries: 0,
        ..POLICY
    };
    let error = world.send(Call { policy, ..CALL }).await.unwrap_err();
    assert!(matches!(error, Error::OutOfTime { .. }), "{error}");
}

/// A client of an invocation that leaves waits of over a minute to the next one.
fn impatient(world: &mut World) {
    let end = world.start.checked_add(Duration::from_mins(15)).unwrap();
    let deadline = Deadline::new(world.start, end).with_longest_wait(Duration::from_mins(1));
    let transport = Transport::new(Hosts::as_written()).unwrap();
    world.http = Http::new(transport, world.clock.clone(), Invocation::new(deadline));
}

#[tokio::test]
async fn a_long_wait_that_a_service_asks_for_is_left_to_the_next_invocation() {
    for (header, retries) in [("61", 3), ("61", 0), ("Tue, 24 Nov 2026 06:01:02 GMT", 3)] {
        let mut world = World::new().await;
        impatient(&mut world);
        let busy = Response::empty(429).with("retry-after", header);
        world.faults(vec![Fault::Reply(busy)]);
        let policy = RetryPolicy { retries, ..POLICY };
        let error = world.send(Call { policy, ..CALL }).await.unwrap_err();
        let Error::OutOfTime { wait, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(wait, Duration::from_secs(61), "{header}");
        assert_eq!(world.passed(), Duration::from_secs(1));
    }
    let mut world = World::new().await;
    impatient(&mut world);
    let busy = Response::empty(429).with("retry-after", "60");
    world.faults(vec![Fault::Reply(busy)]);
    world.send(CALL).await.unwrap();
    assert_eq!(world.passed(), Duration::from_secs(62));
}

#[tokio::test]
async fn an_outage_ends_with_the_retries_however_short_the_longest_wait() {
    let mut world = World::new().await;
    impatient(&mut world);
    world.server.fault(Box::new(|_| Some(status(503))));
    let policy = RetryPolicy {
        first_wait: Duration::from_secs(50),
        ..POLICY
    };
    let error = world.send(Call { policy, ..CALL }).await.unwrap_err();
    assert!(
        matches!(error, Error::Status { attempts: 4, .. }),
        "{error}"
    );
    // None of three waits is longer than a minute, jitter and all.
    assert!(world.passed() <= Duration::from_secs(3 * 60 + 4));
}

#[tokio::test]
async fn a_full_window_is_waited_for_whatever_the_longest_wait() {
    let mut world = World::new().await;
    let end = world.start.checked_add(Duration::from_mins(15)).unwrap();
    let deadline = Deadline::new(world.start, end).with_longest_wait(Duration::from_secs(1));
    let transport = Transport::new(Hosts::as_written()).unwrap();
    world.http = Http::new(transport, world.clock.clone(), Invocation::new(deadline));
    let pace = Pace::per_minute(1);
    let call = Call {
        pace: Some(&pace),
        ..CALL
    };
    world.send(call).await.unwrap();
    world.send(call).await.unwrap();
    assert_eq!(world.passed(), Duration::from_secs(61));
    let error = world.http.wait("things", Duration::from_secs(2)).await;
    assert!(matches!(error, Err(Error::OutOfTime { .. })));
}
