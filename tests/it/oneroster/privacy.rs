//! What the log says about a roster: how much, never who.

use roster_sync::model::roster::Collection;
use serde_json::json;

use super::district::{KEY, SECRET, enrollment, person};
use super::{BOTH, Response, chain, needs, read, script, serve, small};
use crate::log::Log;

#[tokio::test]
async fn the_log_counts_and_names_nobody() {
    let log = Log::default();
    // While there is only one subscriber, other tests' threads, which have none, decide what is of interest to it.
    let _other = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let subscriber = roster_sync::telemetry::subscriber("trace", log.clone());
    let guard = tracing::subscriber::set_default(subscriber);

    let mut district = small();
    district
        .rows("students")
        .push(person("planted-1", "student", &["school-1"]));
    let unreadable =
        json!({"sourcedId": "planted-2", "email": {"planted": "planted@school.example"}});
    district.rows("students").push(unreadable);
    for (n, user) in ["planted-1", "planted-2", "planted-3"].iter().enumerate() {
        let enrolled = enrollment(&format!("planted-{n}"), "class-1", user, "student");
        district.rows("enrollments").push(enrolled);
    }
    district
        .rows("others")
        .push(person("planted-3", "aide", &["planted"]));
    let first = &mut district.rows("enrollments")[0];
    first["endDate"] = json!("planted");
    *district.rows("academicSessions") =
        vec![json!({"sourcedId": "term-1", "title": "A", "startDate": "planted"})];
    let world = serve(district).await;
    let mut needs = needs(&[
        (Collection::Courses, "Art", &BOTH),
        (Collection::Classes, "Music", &BOTH),
    ]);
    needs.terms = true;
    let roster = read(&world, &needs).await.unwrap();
    assert!(roster.people.keys().any(|id| id.as_str() == "planted-3"));
    assert_eq!(roster.skipped.len(), 1);
    assert!(roster.notices[0].contains("cannot be read"));

    let no_json = Response {
        body: r#"{"users": [{"sourcedId": "planted", "email": "planted"}], "more": planted}"#
            .into(),
        ..Response::empty(200)
    };
    script(&world.0, "students", vec![no_json]);
    let error = read(&world, &needs).await.unwrap_err();
    drop(guard);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for line in [
        "OneRoster students",
        "reading is planned",
        "request will be repeated",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
    for text in [
        log,
        chain(&error),
        format!("{error:?}"),
        format!("{:?}", roster.people),
        format!("{:?}", roster.notices),
    ] {
        for secret in ["planted", KEY, SECRET, "oauth"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}
