//! Replies to action requests: partial ones, odd ones, contradictory ones.

use super::*;

async fn outcome(count: usize, reply: Response) -> BatchOutcome {
    let world = World::new([reply]).await;
    world.apply(actions(count)).await.unwrap()
}

fn no_place(code: &str) -> (Option<usize>, &str) {
    (None, code)
}

#[tokio::test]
async fn errors_belong_to_their_request_id_whatever_their_order_and_index() {
    let errors = json!([
        {"index": 0, "step": 1, "requestID": "action-3", "errorCode": "error.group.not_found", "message": "three"},
        {"index": 3, "step": 0, "requestID": "action-1", "errorCode": "error.user.not_in_org", "message": "one"},
    ]);
    let outcome = outcome(4, partial(2, 2, &errors)).await;
    assert_eq!(
        codes(&outcome),
        [
            vec![],
            vec![(Some(0), "error.user.not_in_org")],
            vec![],
            vec![(Some(1), "error.group.not_found")]
        ]
    );
    let ActionOutcome::Failed(errors) = &outcome.actions[1] else {
        panic!("{outcome:?}")
    };
    assert_eq!(errors[0].message, "one");
    assert!(!outcome.unreachable);
}

#[tokio::test]
async fn without_a_request_id_the_index_tells() {
    let errors = json!([
        {"index": "1", "step": "1", "errorCode": "a"},
        {"index": 2, "requestID": "", "errorCode": "b", "message": null},
        {"index": 0, "requestID": "somebody else's", "step": 7, "errorCode": "c"},
    ]);
    let outcome = outcome(4, partial(1, 3, &errors)).await;
    assert_eq!(
        codes(&outcome),
        [
            vec![no_place("c")],
            vec![(Some(1), "a")],
            vec![no_place("b")],
            vec![]
        ]
    );
}

#[tokio::test]
async fn an_action_can_have_several_errors_and_errors_no_code() {
    let errors = json!([
        {"index": 0, "step": 0, "errorCode": "a", "message": "first"},
        {"index": 0, "step": 1, "errorCode": "b", "message": "second"},
        {"index": 0, "message": "third"},
        {"index": 0, "errorCode": "pupil@school.example", "message": "fourth"},
    ]);
    let outcome = outcome(2, partial(1, 1, &errors)).await;
    assert_eq!(
        codes(&outcome),
        [
            vec![
                (Some(0), "a"),
                (Some(1), "b"),
                no_place("error-without-code"),
                no_place("error-without-code")
            ],
            vec![]
        ]
    );
}

#[tokio::test]
async fn warnings_and_missing_counts_are_no_failures() {
    let body = json!({"result": "success", "errors": null,
        "warnings": [{"index": 0, "warningCode": "warning.command.deprecated", "message": "old"}]});
    assert_eq!(
        codes(&outcome(2, Response::json(200, &body)).await),
        vec![Vec::new(); 2]
    );
}

#[tokio::test]
async fn a_reply_in_which_nothing_is_done_names_everybody() {
    let errors = json!([
        {"index": 0, "errorCode": "a"},
        {"index": 1, "errorCode": "b"},
    ]);
    let body = json!({"result": "error", "completed": 0, "notCompleted": 2, "errors": errors});
    assert_eq!(
        codes(&outcome(2, Response::json(200, &body)).await),
        [vec![no_place("a")], vec![no_place("b")]]
    );
}

#[tokio::test]
async fn what_a_reply_does_not_say_is_not_done() {
    for body in [
        json!({"result": "success", "completed": 1, "notCompleted": 1}),
        json!({"result": "success", "completed": 1, "notCompleted": 0}),
        json!({"result": "success", "completed": 2, "notCompleted": "1"}),
        json!({"result": "success", "notCompleted": 1}),
        json!({"result": "error", "completed": 0, "notCompleted": 2}),
        json!({"result": "error", "completed": 0, "notCompleted": 2, "errors": []}),
        json!({"result": "partial", "completed": 1, "notCompleted": 1}),
        json!({"result": "partial", "completed": 1, "notCompleted": 1, "errors": "planted"}),
        json!({"result": "success", "completed": 2, "notCompleted": 0, "errors": {"index": 0}}),
        json!({"result": "something", "completed": 2, "notCompleted": 0}),
        json!({"completed": 2, "notCompleted": 0}),
        json!([]),
        json!("success"),
    ] {
        let outcome = outcome(2, Response::json(200, &body)).await;
        assert_eq!(codes(&outcome), all_failed(2, "reply-unreadable"), "{body}");
        assert!(!outcome.unreachable);
    }
    for text in ["", "<html>welcome</html>", r#"{"result": "succ"#] {
        let reply = Response {
            body: text.into(),
            ..Response::empty(200)
        };
        assert_eq!(
            codes(&outcome(2, reply).await),
            all_failed(2, "reply-unreadable"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_error_that_is_nobodys_leaves_the_others_in_doubt() {
    let known = json!({"index": 1, "step": 0, "errorCode": "a"});
    for stray in [
        json!({"index": 9, "errorCode": "b"}),
        json!({"requestID": "somebody else's", "errorCode": "b"}),
        json!({"index": -1, "errorCode": "b"}),
        json!({"index": {}, "errorCode": "b"}),
        json!("b"),
        json!(null),
    ] {
        let outcome = outcome(3, partial(1, 2, &json!([known, stray]))).await;
        assert_eq!(
            codes(&outcome),
            [
                vec![no_place("reply-unreadable")],
                vec![(Some(0), "a")],
                vec![no_place("reply-unreadable")]
            ],
            "{stray}"
        );
    }
}

#[tokio::test]
async fn more_failures_than_errors_leave_the_others_in_doubt() {
    let errors = json!([{"index": 1, "errorCode": "a"}]);
    for counts in [
        json!({"completed": 1, "notCompleted": 2}),
        json!({"completed": 1}),
        json!({"notCompleted": 2}),
    ] {
        let mut body = counts.clone();
        body["result"] = "partial".into();
        body["errors"] = errors.clone();
        let outcome = outcome(3, Response::json(200, &body)).await;
        assert_eq!(
            codes(&outcome),
            [
                vec![no_place("reply-unreadable")],
                vec![no_place("a")],
                vec![no_place("reply-unreadable")]
            ],
            "{counts}"
        );
    }
}

#[tokio::test]
async fn an_error_of_the_whole_request_is_everybodys() {
    let body = json!({"result": "error.command.malformed", "message": "The request is malformed"});
    assert_eq!(
        codes(&outcome(2, Response::json(200, &body)).await),
        all_failed(2, "error.command.malformed")
    );
}

/// One action of three that met something busy.
fn busy(index: usize, completed: usize) -> Response {
    let code = "error.throttled_by_external_service";
    partial(
        completed,
        1,
        &json!([{"index": index, "step": 1, "errorCode": code}]),
    )
}

#[tokio::test]
async fn what_met_something_busy_is_sent_again_alone() {
    let world = World::new([busy(1, 2), done(1)]).await;
    let outcome = world.apply(actions(3)).await.unwrap();
    assert_eq!(codes(&outcome), vec![Vec::new(); 3]);
    let sent = world.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].as_array().unwrap().len(), 1);
    assert_eq!(sent[1][0]["requestID"], "action-1");
    assert!(world.seconds() >= 10.0, "not at once");
}

#[tokio::test]
async fn what_took_effect_before_something_was_busy_is_done() {
    let already = json!([{"index": 0, "step": 0, "errorCode": "error.user.already_exists"}]);
    let again = json!({"result": "error", "completed": 0, "notCompleted": 1, "errors": already});
    let world = World::new([busy(1, 2), Response::json(200, &again)]).await;
    assert_eq!(
        codes(&world.apply(actions(3)).await.unwrap()),
        vec![Vec::new(); 3]
    );
}

#[tokio::test]
async fn what_stays_busy_is_sent_three_times_in_all() {
    let again = || {
        let errors = json!([{"index": 0, "errorCode": "error.api.not_available"}]);
        let body = json!({"result": "error", "completed": 0, "notCompleted": 1, "errors": errors});
        Response::json(200, &body)
    };
    let world = World::new([busy(2, 2), again(), again()]).await;
    let outcome = world.apply(actions(3)).await.unwrap();
    assert_eq!(
        codes(&outcome),
        [vec![], vec![], vec![no_place("error.api.not_available")]]
    );
    assert_eq!(world.sent().len(), 3);
}

#[tokio::test]
async fn a_repetition_that_goes_wrong_takes_nothing_back() {
    for worse in [Response::empty(403), Response::empty(503)] {
        let world = World::new([busy(0, 2), worse]).await;
        let outcome = world.apply(actions(3)).await.unwrap();
        assert_eq!(
            codes(&outcome),
            [
                vec![(Some(1), "error.throttled_by_external_service")],
                vec![],
                vec![]
            ]
        );
        assert!(!outcome.unreachable);
    }
}

#[tokio::test]
async fn no_repetition_is_waited_for_that_the_time_does_not_allow() {
    let settings = Settings {
        time: Duration::from_secs(10),
        ..Settings::default()
    };
    let world = World::with(settings, [busy(0, 2)]).await;
    let outcome = world.apply(actions(3)).await.unwrap();
    assert_eq!(world.sent().len(), 1);
    assert_eq!(codes(&outcome)[0].len(), 1);
    assert!(world.seconds() < 2.0, "{}", world.seconds());
}

/// The reply to a single new group.
fn of_a_group(code: &str) -> Response {
    let errors = json!([{"index": 0, "step": 0, "requestID": "group-0", "user": "Art", "errorCode": code,
        "message": "Group Art exists"}]);
    let body = json!({"result": "error", "completed": 0, "notCompleted": 1, "errors": errors});
    Response::json(200, &body)
}

#[tokio::test]
async fn an_error_about_a_group_belongs_to_its_action() {
    let errors = json!([
        {"index": 1, "step": 0, "user": "Music", "errorCode": "error.group.invalid_name", "message": "no"},
    ]);
    let world = World::new([partial(1, 1, &errors)]).await;
    let batch = vec![new_group(0, "Art"), new_group(1, "Music")];
    let outcome = world.apply(batch).await.unwrap();
    assert_eq!(
        codes(&outcome),
        [vec![], vec![(Some(0), "error.group.invalid_name")]]
    );
}

#[tokio::test]
async fn a_group_that_is_there_is_done_on_a_repetition_only() {
    let code = "error.usergroup.already_exists";
    let world = World::new([of_a_group(code)]).await;
    let outcome = world.apply(vec![new_group(0, "Art")]).await.unwrap();
    assert_eq!(codes(&outcome), [[(Some(0), code)]]);

    let world = World::new([Response::empty(504), of_a_group(code)]).await;
    let outcome = world.apply(vec![new_group(0, "Art")]).await.unwrap();
    assert_eq!(codes(&outcome), [vec![]]);

    // About an account it means another thing: a command names a group twice.
    let errors = json!([{"index": 0, "step": 0, "errorCode": code}]);
    let body = json!({"result": "error", "completed": 0, "notCompleted": 1, "errors": errors});
    let world = World::new([Response::empty(504), Response::json(200, &body)]).await;
    let outcome = world.apply(actions(1)).await.unwrap();
    assert_eq!(codes(&outcome), [[(Some(0), code)]]);
}

#[tokio::test]
async fn a_batch_that_may_have_been_sent_before_is_done_where_it_is_so_already() {
    let already = json!([{"index": 1, "step": 1, "errorCode": "error.user.already_exists"}]);
    let other = json!([{"index": 1, "step": 1, "errorCode": "error.group.not_found"}]);
    let failed = |code| vec![vec![], vec![(Some(1), code)]];
    for (repeated, errors, expected) in [
        (true, &already, vec![vec![], vec![]]),
        (false, &already, failed("error.user.already_exists")),
        (true, &other, failed("error.group.not_found")),
    ] {
        let world = World::new([partial(1, 1, errors)]).await;
        let batch = Batch::try_from(actions(2)).unwrap();
        let submission = Submission {
            repeated,
            ..submission(false, Last::No)
        };
        let outcome = world.client.apply(&batch, submission).await.unwrap();
        assert_eq!(codes(&outcome), expected);
        assert_eq!(world.sent().len(), 1);
    }
}
