//! What an action request looks like, and what its answer says.

use reqwest::Method;
use serde_json::{Value, json};

use super::bare::Bare;
use crate::simulators::adobe::{Identity, Order};

fn removal(user: &str) -> Value {
    json!({"user": user, "do": [{"removeFromOrg": {}}]})
}

#[tokio::test]
async fn a_request_that_is_not_a_list_of_one_to_ten_actions_is_refused_as_a_whole() {
    let mut bare = Bare::start().await;
    let eleven = Value::Array(vec![removal("ben@school.example"); 11]);
    for body in [json!({}), json!([]), json!("x"), eleven] {
        let reply = bare.post(&body, "").await;
        assert_eq!(reply.status, 400, "{body}");
        assert_eq!(reply.json()["result"], "error.command.malformed");
        bare.rest();
    }
    let path = format!("/v2/usermanagement/action/{}", bare.org_id);
    let reply = bare.send(Method::POST, &path, Some("[{".to_owned())).await;
    assert_eq!(reply.status, 400);
    let reply = bare.send(Method::POST, &path, None).await;
    assert_eq!(reply.status, 400, "no content type, no body");
    let one = json!([removal("ben@school.example")]);
    let padded = format!("{one}{}", " ".repeat(1024 * 1024));
    assert_eq!(
        bare.send(Method::POST, &path, Some(padded)).await.status,
        400
    );
    bare.headers.insert("content-type", "text/plain".to_owned());
    assert_eq!(bare.post(&one, "").await.status, 400);
    bare.headers.remove("content-type");
    assert_eq!(bare.post(&one, "?testOnly=perhaps").await.status, 400);
    assert_eq!(bare.adobe.users().len(), 3);
    let ten = Value::Array(vec![removal("ben@school.example"); 10]);
    assert_eq!(bare.post(&ten, "").await.json()["completed"], 10);
}

/// Each action is refused with that code, tested or sent, and nothing changes.
async fn all_refused(cases: &[(Value, &str)]) {
    let bare = Bare::start().await;
    let before = bare.adobe.snapshot();
    for (action, expected) in cases {
        assert_eq!(bare.act(action.clone()).await, *expected, "{action}");
        assert_eq!(bare.try_out(action.clone()).await, *expected, "{action}");
        bare.rest();
    }
    assert_eq!(bare.adobe.snapshot(), before);
}

#[tokio::test]
async fn an_action_of_bad_form_is_refused_by_itself() {
    let user = "ben@school.example";
    let add = json!([{"add": {"group": ["Art"]}}]);
    let malformed = "error.command.steps.malformed";
    all_refused(&[
        (json!("x"), "error.command.malformed"),
        (json!({"user": user}), malformed),
        (json!({"user": user, "do": {}}), malformed),
        (json!({"user": user, "do": []}), malformed),
        (
            json!({"user": user, "do": ["add"]}),
            "0: error.command.steps.malformed",
        ),
        (
            json!({"user": user, "do": [{"add": {"group": ["Art"]}, "remove": "all"}]}),
            "0: error.command.steps.malformed",
        ),
        (
            json!({"user": user, "do": [{"addRoles": {}}]}),
            "0: error.command.step.unknown",
        ),
        (
            json!({"user": user, "do": [{"createUserGroup": {}}]}),
            "0: error.command.step.unknown",
        ),
        (
            json!({"user": user, "do": add, "extra": 1}),
            "error.command.illegal_entry",
        ),
        (
            json!({"user": user, "do": add, "requestID": 7}),
            "error.command.string_expected",
        ),
    ])
    .await;
}

#[tokio::test]
async fn an_action_says_whom_it_is_about() {
    let user = "ben@school.example";
    let add = json!([{"add": {"group": ["Art"]}}]);
    all_refused(&[
        (json!({"do": add}), "error.command.user_usergroup.missing"),
        (
            json!({"user": user, "usergroup": "Art", "do": add}),
            "error.command.illegal_entry",
        ),
        (
            json!({"user": 7, "do": add}),
            "error.command.string_expected",
        ),
        (
            json!({"user": " ", "do": add}),
            "error.command.user.missing",
        ),
        (
            json!({"user": "x".repeat(251), "do": add}),
            "error.command.string.too_long",
        ),
        (
            json!({"user": "a b@school.example", "do": add}),
            "error.user.email.invalid",
        ),
        (
            json!({"user": "ben", "do": add}),
            "error.command.domain.missing",
        ),
        (
            json!({"user": "ben", "domain": 7, "do": add}),
            "error.command.domain.string_expected",
        ),
        (
            json!({"user": user, "domain": "school.example", "do": add}),
            "error.command.domain.must_be_used_with_nonemail_username",
        ),
        (
            json!({"user": user, "useAdobeID": "true", "do": add}),
            "error.command.boolean_expected",
        ),
    ])
    .await;
}

#[tokio::test]
async fn ten_steps_are_taken_and_eleven_are_not() {
    let bare = Bare::start().await;
    let step = json!({"add": {"group": ["Art"]}});
    let steps = |count| Value::Array(vec![step.clone(); count]);
    let code = bare.user("ben@school.example", steps(11)).await;
    assert_eq!(code, "error.command.add_remove.list_too_long");
    assert!(
        bare.groups(Identity::Enterprise, "ben@school.example")
            .is_empty()
    );
    assert_eq!(bare.user("ben@school.example", steps(10)).await, "success");
}

#[tokio::test]
async fn an_answer_counts_actions_and_names_the_step_that_failed() {
    let bare = Bare::start().await;
    let actions = json!([
        {"user": "ben@school.example", "requestID": "r-0", "do": [{"add": {"group": ["Art"]}}]},
        {"user": "Ana@school.example", "requestID": "r-1", "do": [
            {"add": {"group": ["Art"]}},
            {"add": {"group": ["Library", "Nowhere"]}},
            {"remove": {"group": ["Spark"]}},
        ]},
        {"user": "nobody@school.example", "do": [{"remove": "all"}]},
    ]);
    let body = bare.post(&actions, "").await.json();
    assert_eq!(
        body,
        json!({
            "result": "partial", "completed": 1, "notCompleted": 2, "completedInTestMode": 0,
            "errors": [
                {"index": 1, "step": 1, "requestID": "r-1", "user": "Ana@school.example",
                 "errorCode": "error.group.not_found", "message": "Group Nowhere was not found"},
                {"index": 2, "step": 0, "user": "nobody@school.example",
                 "errorCode": "error.user.nonexistent", "message": "User Id does not exist: nobody@school.example"},
            ]
        })
    );
    // What came before the failing step stays, that step and what came after it is not done.
    let groups = bare.groups(Identity::Federated, "ana@school.example");
    assert_eq!(groups, ["Art", "Spark"]);
}

#[tokio::test]
async fn all_and_none_have_words_of_their_own() {
    let bare = Bare::start().await;
    let good = removal("ben@school.example");
    let bad = json!({"user": "ben@school.example", "do": [{"add": {"group": ["Nowhere"]}}]});
    let all = bare.post(&json!([good]), "").await.json();
    let expected =
        json!({"result": "success", "completed": 1, "notCompleted": 0, "completedInTestMode": 0});
    assert_eq!(all, expected);
    let none = bare.post(&json!([bad, bad]), "").await.json();
    assert_eq!(none["result"], "error");
    assert_eq!(none["completed"], 0);
    assert_eq!(none["notCompleted"], 2);
}

#[tokio::test]
async fn a_test_says_what_would_be_and_changes_nothing() {
    let bare = Bare::start().await;
    let before = bare.adobe.snapshot();
    let actions = json!([
        {"user": "new@school.example", "do": [
            {"createFederatedID": {"email": "new@school.example", "firstname": "N", "lastname": "W", "country": "US"}},
            {"add": {"group": ["Art"]}},
        ]},
        {"user": "Ana@school.example", "do": [{"remove": "all"}]},
        {"user": "ben@school.example", "do": [{"removeFromOrg": {"deleteAccount": true}}]},
        // Somebody who does not exist is no error in a test.
        {"user": "nobody@school.example", "do": [{"add": {"group": ["Art"]}}, {"update": {"firstname": "X"}}]},
        {"usergroup": "Fresh", "do": [{"createUserGroup": {}}, {"add": {"user": ["nobody@school.example"]}}]},
        // A group that does not exist is.
        {"user": "nobody@school.example", "do": [{"add": {"group": ["Nowhere"]}}]},
    ]);
    let body = bare.post(&actions, "?testOnly=true").await.json();
    assert_eq!(body["result"], "partial");
    assert_eq!(body["completed"], 0);
    assert_eq!(body["completedInTestMode"], 5);
    assert_eq!(body["notCompleted"], 1);
    assert_eq!(body["errors"][0]["index"], 5);
    assert_eq!(body["errors"][0]["errorCode"], "error.group.not_found");
    assert_eq!(bare.adobe.snapshot(), before);
}

#[tokio::test]
async fn the_order_of_the_actions_of_a_request_is_adobes_own() {
    let actions = json!([
        {"user": "ben@school.example", "do": [{"add": {"group": ["Art"]}}]},
        {"user": "ben@school.example", "do": [{"remove": {"group": ["Art"]}}]},
    ]);
    for (order, stays) in [(None, true), (Some(Order::AsSent), false)] {
        let bare = Bare::start().await;
        if let Some(order) = order {
            bare.adobe.rules(|rules| rules.order = order);
        }
        assert_eq!(bare.post(&actions, "").await.json()["completed"], 2);
        let groups = bare.groups(Identity::Enterprise, "ben@school.example");
        assert_eq!(!groups.is_empty(), stays, "{order:?}");
    }
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| rules.order = Order::Shuffled(3));
    let mut actions: Vec<Value> = (0..9).map(|_| removal("ben@school.example")).collect();
    actions.insert(
        4,
        json!({"user": "ben@school.example", "do": [{"add": {"group": ["Nowhere"]}}]}),
    );
    let body = bare.post(&Value::Array(actions), "").await.json();
    assert_eq!(
        body["errors"][0]["index"], 4,
        "the answer keeps the order of the request"
    );
}
