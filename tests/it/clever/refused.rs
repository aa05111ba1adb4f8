//! What Clever refuses, and what it cannot serve.

use std::time::Duration;

use roster_sync::clock::Clock;
use roster_sync::sis::{Credentials, Error};

use super::{
    Response, Server, chain, everything, read, read_as, requests, script, serve, small, source,
    students,
};

async fn refused(status: u16) -> String {
    let world = serve(small()).await;
    script(&world.0, "students", vec![Response::empty(status)]);
    let error = read(&world, &students()).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    assert_eq!(requests(&world.0, "students"), 1);
    chain(&error)
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    for (status, advice) in [
        (302, "the answer leads to another address"),
        (400, "Clever does not take the request; check 'host'"),
        (401, "into the secret 'roster-sync/clever'"),
        (
            403,
            "share schools, courses, sections, students and teachers",
        ),
        (
            404,
            "nothing is there; check 'host' in connector-oneroster.yml",
        ),
        (413, "set a smaller page_size"),
    ] {
        let message = refused(status).await;
        let start = format!("the roster source refused Clever students with status {status}: ");
        assert!(message.starts_with(&start), "{message}");
        assert!(message.contains(advice), "{message}");
    }
}

#[tokio::test]
async fn a_wrong_token_is_refused_before_anything_large_is_read() {
    let (server, clock) = serve(small()).await;
    let token = Credentials::Token("another".into());
    let error = read_as(&clock, &source(&server), token, &everything())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Refused { status: 401, .. }));
    assert_eq!(requests(&server, "students"), 0);
    assert!(!chain(&error).contains("another"));
}

#[tokio::test]
async fn blanks_around_a_token_do_no_harm_and_line_breaks_within_are_told() {
    let (server, clock) = serve(small()).await;
    let with = |token: &str| Credentials::Token(token.into());
    read_as(&clock, &source(&server), with(" a-token\n"), &students())
        .await
        .unwrap();
    let error = read_as(&clock, &source(&server), with("a-\ntoken"), &students())
        .await
        .unwrap_err();
    assert_eq!(
        chain(&error),
        "the credentials in the secret 'roster-sync/clever' cannot be sent: they must be plain text without line breaks"
    );
}

#[tokio::test]
async fn an_error_for_good_is_tried_five_times() {
    for collection in ["districts", "sections", "teachers"] {
        let world = serve(small()).await;
        script(&world.0, collection, vec![Response::empty(500)]);
        let error = read(&world, &everything()).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error}");
        assert_eq!(requests(&world.0, collection), 5);
        assert_eq!(
            chain(&error),
            format!(
                "the roster source did not answer: Clever {collection} answered with status 500 (attempt 5)"
            )
        );
    }
}

#[tokio::test]
async fn throttling_is_waited_for() {
    let world = serve(small()).await;
    let before = world.1.now();
    let busy = Response::empty(429).with("retry-after", "90");
    let page = Response::json(200, &super::page(&[super::student("a")], false));
    script(&world.0, "students", vec![busy, page]);
    assert_eq!(read(&world, &students()).await.unwrap().people.len(), 1);
    assert!(waited(&world.1, before) >= Duration::from_secs(90));
}

#[tokio::test]
async fn a_wait_beyond_the_invocation_ends_the_read() {
    let world: (Server, Clock) = serve(small()).await;
    let before = world.1.now();
    let busy = Response::empty(429).with("retry-after", "3600");
    script(&world.0, "students", vec![busy]);
    let error = read(&world, &students()).await.unwrap_err();
    let Error::OutOfTime { wait } = error else {
        panic!("{error}");
    };
    assert_eq!(wait, Duration::from_hours(1));
    assert!(waited(&world.1, before) < Duration::from_mins(1));
}

fn waited(clock: &Clock, since: jiff::Timestamp) -> Duration {
    Duration::try_from(clock.now().duration_since(since)).unwrap()
}
