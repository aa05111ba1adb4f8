//! Action requests that fail as a whole, and those that fail only seemingly.

use super::*;

/// Everything in the batch is so already.
fn already_so(codes: &[&str]) -> Response {
    let errors: Vec<Value> = codes
        .iter()
        .enumerate()
        .map(|(index, code)| json!({"index": index, "step": 1, "requestID": format!("action-{index}"), "errorCode": code}))
        .collect();
    let body =
        json!({"result": "error", "completed": 0, "notCompleted": codes.len(), "errors": errors});
    Response::json(200, &body)
}

const SO: [&str; 3] = [
    "error.user.already_exists",
    "error.usergroup.user_list.invalid",
    "error.user.already_in_org",
];

#[tokio::test]
async fn after_a_lost_reply_already_so_means_done() {
    for fault in [
        Fault::ResetAfterEffect,
        Fault::ReplyAfterEffect(Response::empty(504)),
        Fault::Truncate(50),
    ] {
        let world = World::new([done(3), already_so(&SO)]).await;
        world.fault_once(fault);
        let outcome = world.apply(actions(3)).await.unwrap();
        assert_eq!(codes(&outcome), vec![Vec::new(); 3]);
        assert_eq!(world.sent().len(), 2);
        assert_eq!(world.sent()[0], world.sent()[1], "word for word");
    }
}

#[tokio::test]
async fn without_a_lost_reply_already_so_is_a_failure() {
    let world = World::new([already_so(&SO)]).await;
    let outcome = world.apply(actions(3)).await.unwrap();
    assert_eq!(codes(&outcome), SO.map(|code| vec![(Some(1), code)]));

    // A request that was throttled took no effect.
    let busy = Response::empty(429).with("retry-after", "20");
    let world = World::new([busy, already_so(&SO)]).await;
    let outcome = world.apply(actions(3)).await.unwrap();
    assert_eq!(codes(&outcome), SO.map(|code| vec![(Some(1), code)]));
}

#[tokio::test]
async fn after_a_lost_reply_other_errors_stay() {
    let codes_of_both = ["error.user.already_exists", "error.group.not_found"];
    let world = World::new([done(2), already_so(&codes_of_both)]).await;
    world.fault_once(Fault::ResetAfterEffect);
    let outcome = world.apply(actions(2)).await.unwrap();
    assert_eq!(
        codes(&outcome),
        [vec![], vec![(Some(1), "error.group.not_found")]]
    );
}

#[tokio::test]
async fn a_lost_reply_is_remembered_over_a_renewed_token() {
    let world = World::new([done(3), Response::empty(401), already_so(&SO)]).await;
    world.fault_once(Fault::ResetAfterEffect);
    let outcome = world.apply(actions(3)).await.unwrap();
    assert_eq!(codes(&outcome), vec![Vec::new(); 3]);
    assert_eq!(world.sent().len(), 3);

    // A first answer of 401 says that nothing happened.
    let world = World::new([Response::empty(401), already_so(&SO)]).await;
    let outcome = world.apply(actions(3)).await.unwrap();
    assert_eq!(codes(&outcome), SO.map(|code| vec![(Some(1), code)]));
}

#[tokio::test]
async fn a_batch_that_adobe_does_not_take_fails_and_the_next_one_goes() {
    for (status, body, code) in [
        (
            400,
            json!({"result": "error.command.malformed", "message": "no"}),
            "error.command.malformed",
        ),
        (
            400,
            json!({"errorCode": "BAD", "errorMessage": "no"}),
            "BAD",
        ),
        (
            413,
            json!({"error_code": "413001", "message": "no"}),
            "413001",
        ),
        (400, json!(null), "http-400"),
    ] {
        let world = World::new([Response::json(status, &body), done(2)]).await;
        let outcome = world.apply(actions(2)).await.unwrap();
        assert_eq!(codes(&outcome), all_failed(2, code));
        assert!(!outcome.unreachable);
        let ActionOutcome::Failed(errors) = &outcome.actions[0] else {
            panic!("{outcome:?}")
        };
        assert!(errors[0].message.contains("no"), "{}", errors[0].message);
        assert_eq!(
            codes(&world.apply(actions(2)).await.unwrap()),
            vec![Vec::new(); 2]
        );
    }
}

#[tokio::test]
async fn a_refusal_ends_the_pass() {
    for (status, sent) in [(401, 2), (403, 1), (404, 1), (307, 1)] {
        let world = World::new([Response::empty(status)]).await;
        let error = world.apply(actions(2)).await.unwrap_err();
        assert_eq!(refused(&error).0, status);
        assert_eq!(world.sent().len(), sent);
    }
}

#[tokio::test]
async fn an_outage_fails_the_batch_after_all_retries() {
    for status in [500, 502, 503, 504, 429, 408] {
        let world = World::new([Response::empty(status)]).await;
        let outcome = world.apply(actions(2)).await.unwrap();
        assert_eq!(codes(&outcome), all_failed(2, &format!("http-{status}")));
        assert!(outcome.unreachable);
        assert_eq!(world.sent().len(), 4);
    }
}

#[tokio::test]
async fn broken_connections_and_silence_fail_the_batch() {
    for (fault, code) in [
        (Fault::Reset, "connection"),
        (Fault::Hang(Duration::from_secs(5)), "timeout"),
    ] {
        let settings = Settings {
            timeout: Duration::from_millis(300),
            retries: 1,
            ..Settings::default()
        };
        let world = World::with(settings, [done(2)]).await;
        world.server.fault(Box::new(move |request| {
            (request.path != TOKENS).then(|| fault.clone())
        }));
        let outcome = world.apply(actions(2)).await.unwrap();
        assert_eq!(codes(&outcome), all_failed(2, code));
        assert!(outcome.unreachable);
    }
}

#[tokio::test]
async fn retry_after_is_obeyed_where_the_time_allows_and_handed_on_where_not() {
    let busy = |seconds: &str| Response::empty(429).with("retry-after", seconds);
    let world = World::new([busy("120"), done(1)]).await;
    world.apply(actions(1)).await.unwrap();
    assert!(world.seconds() >= 120.0);

    let world = World::new([busy("3244")]).await;
    match world.apply(actions(1)).await {
        Err(Error::OutOfTime { wait }) => assert_eq!(wait, Duration::from_secs(3244)),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test]
async fn a_window_that_opens_after_the_end_is_handed_on() {
    let settings = Settings {
        time: Duration::from_secs(20),
        ..Settings::default()
    };
    let world = World::with(settings, [done(1)]).await;
    for _ in 0..10 {
        world.apply(actions(1)).await.unwrap();
    }
    match world.apply(actions(1)).await {
        Err(Error::OutOfTime { wait }) => assert!(wait > Duration::from_secs(50), "{wait:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.sent().len(), 10);
}
