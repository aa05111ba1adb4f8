//! What errors and logs tell: what happened, never to whom, and no secret.

use super::*;
use crate::log::Log;

/// Bodies with planted text in every place.
fn planted() -> [Response; 3] {
    let text =
        r#"{"result": "planted", "lastPage": "planted@school.example", "users": [{"email": 7}]"#;
    [
        Response::json(
            200,
            &json!({"lastPage": true, "result": "error.planted", "message": "planted@school.example"}),
        ),
        Response::json(
            200,
            &json!({"lastPage": "planted", "result": "success", "users": ["planted@school.example"]}),
        ),
        Response {
            body: text.into(),
            ..Response::empty(200)
        },
    ]
}

fn silent(text: &str) {
    for secret in ["planted", "token-1", "token-2", "school.example", "pupil"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[tokio::test]
async fn errors_show_neither_people_nor_secrets() {
    for status in [200, 302, 400, 401, 403, 404, 429, 500, 503] {
        for mut reply in planted() {
            reply.status = status;
            let world = World::new([reply.clone()]).await;
            let mut errors = vec![world.read().await.unwrap_err()];
            errors.extend(world.apply(actions(2)).await.err());
            let world = World::new([]).await;
            world.tokens.lock().unwrap().push_back(reply);
            errors.push(world.read().await.unwrap_err());
            for error in errors {
                silent(&chain(&error));
                silent(&format!("{error:?}"));
            }
            silent(&format!("{:?}", world.client));
        }
    }
}

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

    let unknown = json!({"email": "pupil9@school.example", "type": "unknown"});
    let world = World::new([page(&[listed("pupil1@school.example"), unknown], true)]).await;
    world.fault_once(Fault::CutBody(60));
    world.read().await.unwrap();
    for reply in planted() {
        world.script([reply]);
        world.read().await.unwrap_err();
        world.apply(actions(2)).await.unwrap();
    }
    let busy = json!([{"index": 0, "errorCode": "error.api.not_available", "message": "planted"}]);
    world.script([partial(1, 1, &busy), Response::empty(403)]);
    world.apply(actions(2)).await.unwrap();
    drop(guard);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("accounts=1") && log.contains("left_out=1"),
        "{log}"
    );
    assert!(log.contains("sending again failed"), "{log}");
    silent(&log);
}
