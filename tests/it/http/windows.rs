//! Windows of requests that outlive an invocation.

use std::collections::BTreeMap;

use roster_sync::http::Windows;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

/// As it comes back from where it is stored.
fn stored(windows: &Windows) -> Windows {
    let text = serde_json::to_string(&windows.starts()).unwrap();
    Windows::of_earlier(serde_json::from_str(&text).unwrap())
}

#[test]
fn the_next_invocation_keeps_the_limit_of_the_minute() {
    let windows = Windows::default();
    let pace = Pace::per_minute(3).in_window(&windows, "action");
    for second in [0, 10, 50] {
        assert_eq!(pace.take(at(second)), Ok(()));
    }
    let windows = stored(&windows);
    let pace = Pace::per_minute(3).in_window(&windows, "action");
    assert_eq!(pace.take(at(55)), Err(Duration::from_secs(5)));
    assert_eq!(pace.take(at(60)), Ok(()));
    assert_eq!(pace.take(at(60)), Err(Duration::from_secs(10)));

    // Others count on their own.
    let users = Pace::per_minute(3).in_window(&windows, "users");
    assert_eq!(users.take(at(60)), Ok(()));
    // And two that share a window share its limit.
    let members = Pace::per_minute(2).in_window(&windows, "users");
    assert_eq!(members.take(at(60)), Ok(()));
    assert_eq!(members.take(at(61)), Err(Duration::from_secs(59)));
}

#[test]
fn a_limit_that_was_made_smaller_meanwhile_holds() {
    let windows = Windows::default();
    let pace = Pace::per_minute(10).in_window(&windows, "action");
    for second in 0..10 {
        assert_eq!(pace.take(at(second)), Ok(()));
    }
    let pace = Pace::per_minute(2).in_window(&stored(&windows), "action");
    assert_eq!(pace.take(at(10)), Err(Duration::from_secs(50)));
    assert_eq!(pace.take(at(67)), Err(Duration::from_secs(1)));
    assert_eq!(pace.take(at(68)), Ok(()));
}

#[test]
fn starts_are_told_for_the_last_minute_only() {
    let windows = Windows::default();
    let users = Pace::per_minute(25).in_window(&windows, "users");
    let action = Pace::per_minute(10).in_window(&windows, "action");
    assert_eq!(windows.starts(), BTreeMap::new());
    for second in [0, 10, 70] {
        assert_eq!(action.take(at(second)), Ok(()));
    }
    assert_eq!(users.take(at(5)), Ok(()));
    let starts = BTreeMap::from([("action".to_owned(), vec![at(70)])]);
    assert_eq!(windows.starts(), starts);
}

#[test]
fn a_window_that_is_filled_opens_a_minute_later() {
    let windows = Windows::default();
    let action = Pace::per_minute(3).in_window(&windows, "action");
    assert_eq!(action.take(at(0)), Ok(()));
    assert_eq!(action.take(at(58)), Ok(()));
    windows.fill([("action", 3), ("users", 25), ("groups", 0)], at(50));
    let windows = stored(&windows);
    let action = Pace::per_minute(3).in_window(&windows, "action");
    assert_eq!(action.take(at(109)), Err(Duration::from_secs(1)));
    for _ in 0..2 {
        assert_eq!(action.take(at(110)), Ok(()));
    }
    assert_eq!(action.take(at(110)), Err(Duration::from_secs(8)));

    let users = Pace::per_minute(25).in_window(&windows, "users");
    assert_eq!(users.take(at(100)), Err(Duration::from_secs(10)));
    assert_eq!(users.take(at(110)), Ok(()));
    let groups = Pace::per_minute(0).in_window(&windows, "groups");
    assert_eq!(groups.take(at(50)), Ok(()));
}
