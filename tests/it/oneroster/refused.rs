//! What a server refuses, and what it cannot serve.

use std::time::Duration;

use roster_sync::model::roster::Collection;
use roster_sync::sis::{Credentials, Error};

use super::district::SECRET;
use super::{
    BOTH, Response, STUDENT, chain, client, everybody, hide, needs, read, read_as, requests,
    script, serve, small, source,
};

async fn refused(status: u16) -> String {
    let world = serve(small()).await;
    hide(&world.0, status, &["students"]);
    let error = read(&world, &everybody(&STUDENT)).await.unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    chain(&error)
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    for (status, advice) in [
        (302, "the answer leads to another address"),
        (
            401,
            "client_id and client_secret that it shows (ClassLink: key and secret) into the secret 'roster-sync/classlink', and check signature_method",
        ),
        (
            403,
            "share schools, courses, classes, enrollments, students and teachers",
        ),
        (
            404,
            "nothing is there; check 'host' in connector-oneroster.yml",
        ),
        (413, "set a smaller page_size"),
        (422, "does not take the request; check 'host'"),
    ] {
        let message = refused(status).await;
        let start = format!("the roster source refused OneRoster students with status {status}: ");
        assert!(message.starts_with(&start), "{message}");
        assert!(message.contains(advice), "{message}");
    }
}

#[tokio::test]
async fn a_wrong_secret_or_token_is_refused_and_not_repeated() {
    let wrong = Credentials::Client {
        id: super::district::KEY.into(),
        secret: "wrong-word".into(),
    };
    for (credentials, advice) in [
        (wrong, "does not accept the signature"),
        (
            Credentials::Token("wrong-word".into()),
            "does not accept the token",
        ),
    ] {
        let (server, clock) = serve(small()).await;
        let error = read_as(&clock, &source(&server), credentials, &everybody(&STUDENT))
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Refused { status: 401, .. }),
            "{error}"
        );
        assert!(chain(&error).contains(advice));
        assert_eq!(requests(&server, "students"), 1);
        let text = format!("{} {error:?}", chain(&error));
        assert!(
            !text.contains("wrong-word") && !text.contains(SECRET),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_token_with_a_line_break_is_told() {
    let (server, clock) = serve(small()).await;
    let token = Credentials::Token("a-\ntoken".into());
    let error = read_as(&clock, &source(&server), token, &everybody(&STUDENT))
        .await
        .unwrap_err();
    assert!(
        chain(&error).contains("plain text without line breaks"),
        "{error}"
    );
    // What a signature is made of may hold anything.
    assert!(
        read_as(&clock, &source(&server), client(), &everybody(&STUDENT))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_collection_that_matching_needs_must_be_there() {
    for (collection, path) in [
        (Collection::Schools, "schools"),
        (Collection::Courses, "courses"),
        (Collection::Courses, "classes"),
        (Collection::Classes, "classes"),
    ] {
        let world = serve(small()).await;
        script(&world.0, path, vec![Response::empty(404)]);
        let needs = needs(&[(collection, "Art", &BOTH)]);
        let error = read(&world, &needs).await.unwrap_err();
        assert!(
            matches!(error, Error::Refused { status: 404, .. }),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_unread_page_of_any_list_fails_the_read() {
    let needs = needs(&[
        (Collection::Courses, "Art", &BOTH),
        (Collection::Schools, "South", &STUDENT),
    ]);
    for path in [
        "schools",
        "courses",
        "classes",
        "enrollments",
        "students",
        "teachers",
    ] {
        let world = serve(small()).await;
        script(&world.0, path, vec![Response::empty(500)]);
        let error = read(&world, &needs).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{path}: {error}");
        assert_eq!(requests(&world.0, path), 5, "{path}");
    }
}

#[tokio::test]
async fn throttling_is_waited_for_and_not_beyond_the_invocation() {
    let world = serve(small()).await;
    let before = world.1.now();
    let busy = Response::empty(429).with("retry-after", "90");
    let page = serde_json::json!({"users": [super::district::person("x", "teacher", &[])]});
    let none = serde_json::json!({"users": []});
    script(
        &world.0,
        "teachers",
        vec![busy, Response::json(200, &page), Response::json(200, &none)],
    );
    read(&world, &everybody(&BOTH)).await.unwrap();
    let waited = Duration::try_from(world.1.now().duration_since(before)).unwrap();
    assert!(waited >= Duration::from_secs(90));

    let busy = Response::empty(429).with("retry-after", "3600");
    script(&world.0, "students", vec![busy]);
    let error = read(&world, &everybody(&STUDENT)).await.unwrap_err();
    assert!(
        matches!(error, Error::OutOfTime { wait } if wait == Duration::from_hours(1)),
        "{error}"
    );
}
