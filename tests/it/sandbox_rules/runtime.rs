//! The Runtime API, met by a function made of plain requests.

use std::time::Duration;

use roster_sync::clock::Clock;
use serde_json::json;

use super::{Reply, clock, get, send};
use crate::simulators::runtime::{Answer, RuntimeApi};

async fn next(runtime: &RuntimeApi) -> Reply {
    get(&url(runtime, "invocation/next"), &[]).await
}

fn url(runtime: &RuntimeApi, path: &str) -> String {
    format!("http://{}/2018-06-01/runtime/{path}", runtime.authority())
}

async fn answer(runtime: &RuntimeApi, id: &str, kind: &str, body: &str) -> u16 {
    let path = url(runtime, &format!("invocation/{id}/{kind}"));
    send("POST", &path, &[], body).await.status
}

async fn start() -> (RuntimeApi, Clock) {
    let clock = clock();
    (RuntimeApi::start(clock.clone()).await, clock)
}

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn an_event_comes_with_its_headers_and_its_answer_goes_back() {
    let (runtime, clock) = start().await;
    let function = async {
        let event = next(&runtime).await;
        assert_eq!(event.json, json!({"trigger": "schedule"}));
        let deadline: i64 = event.header("lambda-runtime-deadline-ms").parse().unwrap();
        assert_eq!(deadline, clock.now().as_millisecond() + 60_000);
        assert!(
            event
                .header("lambda-runtime-invoked-function-arn")
                .contains(":function:")
        );
        let id = event.header("lambda-runtime-aws-request-id").to_owned();
        assert_eq!(
            answer(&runtime, &id, "response", r#"{"status": "complete"}"#).await,
            202
        );
        assert_eq!(
            answer(&runtime, &id, "response", "{}").await,
            400,
            "once is enough"
        );
    };
    let invocation = runtime.invoke(json!({"trigger": "schedule"}), MINUTE);
    let (answer, ()) = tokio::join!(invocation, function);
    assert_eq!(answer, Answer::Response(json!({"status": "complete"})));
}

#[tokio::test]
async fn a_function_that_asks_first_waits_for_the_event() {
    let (runtime, _clock) = start().await;
    let function = async {
        let event = next(&runtime).await;
        let id = event.header("lambda-runtime-aws-request-id").to_owned();
        answer(&runtime, &id, "response", "1").await
    };
    let caller = async {
        tokio::task::yield_now().await;
        runtime.invoke(json!({}), MINUTE).await
    };
    let (_, answer) = tokio::join!(function, caller);
    assert_eq!(answer, Answer::Response(json!(1)));
}

#[tokio::test]
async fn an_error_goes_back_under_its_name() {
    let (runtime, _clock) = start().await;
    let function = async {
        let event = next(&runtime).await;
        let id = event.header("lambda-runtime-aws-request-id").to_owned();
        let body = r#"{"errorType": "ConfigInvalid", "errorMessage": "a line", "stackTrace": []}"#;
        answer(&runtime, &id, "error", body).await
    };
    let (answer, status) = tokio::join!(runtime.invoke(json!({}), MINUTE), function);
    let expected = Answer::Error {
        error_type: "ConfigInvalid".to_owned(),
        message: "a line".to_owned(),
    };
    assert_eq!((answer, status), (expected, 202));
}

#[tokio::test]
async fn an_answer_after_the_deadline_comes_too_late() {
    let (runtime, clock) = start().await;
    let function = async {
        let event = next(&runtime).await;
        clock.advance(Duration::from_secs(61));
        let id = event.header("lambda-runtime-aws-request-id").to_owned();
        answer(&runtime, &id, "response", "1").await
    };
    let (answer, _) = tokio::join!(runtime.invoke(json!({}), MINUTE), function);
    assert!(matches!(answer, Answer::Error { error_type, .. } if error_type == "Sandbox.Timedout"));
}

#[tokio::test]
async fn a_process_that_ends_fails_the_event_that_it_has_and_no_other() {
    let (runtime, _clock) = start().await;
    let function = async {
        next(&runtime).await;
        runtime.exit();
        let event = next(&runtime).await;
        let id = event.header("lambda-runtime-aws-request-id").to_owned();
        answer(&runtime, &id, "response", "2").await
    };
    let caller = async {
        let first = runtime.invoke(json!({}), MINUTE).await;
        (first, runtime.invoke(json!({}), MINUTE).await)
    };
    let ((first, second), _) = tokio::join!(caller, function);
    assert!(matches!(first, Answer::Error { error_type, .. } if error_type == "Runtime.ExitError"));
    assert_eq!(second, Answer::Response(json!(2)));
}

#[tokio::test]
async fn a_function_that_cannot_start_fails_every_invocation() {
    let (runtime, _clock) = start().await;
    let caller = runtime.clone();
    let waiting = tokio::spawn(async move { caller.invoke(json!({}), MINUTE).await });
    tokio::task::yield_now().await;
    let body = r#"{"errorType": "Runtime.InitError", "errorMessage": "no settings"}"#;
    let init = send("POST", &url(&runtime, "init/error"), &[], body).await;
    assert_eq!(init.status, 202);
    let failed = waiting.await.unwrap();
    assert!(matches!(&failed, Answer::Error { message, .. } if message == "no settings"));
    assert_eq!(runtime.invoke(json!({}), MINUTE).await, failed);
}

#[tokio::test]
async fn refuses_unknown_paths_and_invocations() {
    let (runtime, _clock) = start().await;
    assert_eq!(
        get(&url(&runtime, "invocation/other"), &[]).await.status,
        404
    );
    let unknown = "00000000-0000-4000-8000-00000000ffff";
    assert_eq!(answer(&runtime, unknown, "response", "1").await, 400);
}
