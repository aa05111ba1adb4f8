//! What the log says about a district: how much, never who.

use serde_json::json;

use super::{Response, chain, everything, read, script, serve, small};
use crate::log::Log;

#[tokio::test]
async fn the_log_counts_and_names_nobody() {
    let log = Log::default();
    // While there is only one subscriber, other tests' threads, which have none, decide what is of interest to it.
    let _other = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);

    let mut collections = small();
    let students = collections.get_mut("students").unwrap();
    students.push(
        json!({"id": "planted-1", "name": {"first": "planted", "last": "planted"}, "dob": "planted",
        "email": "planted@school.example", "guardians": ["planted"], "phone": "planted"}),
    );
    students.push(json!({"id": "planted-2", "name": "planted", "email": "planted@school.example"}));
    let world = serve(collections).await;
    let roster = read(&world, &everything()).await.unwrap();

    let planted =
        r#"{"data": [{"data": {"id": "planted", "email": "planted"}}], "links": planted}"#;
    let no_json = Response {
        body: planted.into(),
        ..Response::empty(200)
    };
    script(&world.0, "students", vec![no_json]);
    let error = read(&world, &everything()).await.unwrap_err();
    drop(guard);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("Clever students") && log.contains("records=6"),
        "{log}"
    );
    assert!(log.contains("request will be repeated"), "{log}");
    for text in [
        log,
        chain(&error),
        format!("{error:?}"),
        format!("{:?}", roster.people),
    ] {
        assert!(!text.contains("planted"), "{text}");
        assert!(!text.contains(super::TOKEN), "{text}");
    }
}
