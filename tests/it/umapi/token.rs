//! The access token.

use super::*;

/// The tokens that requests of ours carried, in order.
fn used(world: &World) -> Vec<String> {
    let bearer = |request: &Request| request.header("authorization").map(ToOwned::to_owned);
    world
        .asked("/v2/")
        .iter()
        .map(|request| bearer(request).unwrap().replace("Bearer ", ""))
        .collect()
}

async fn refused_with(reply: Response) -> (Error, usize) {
    let world = World::new([]).await;
    world.tokens.lock().unwrap().push_back(reply);
    let error = world.read().await.unwrap_err();
    assert!(
        world.asked("/v2/").is_empty(),
        "nothing goes out without a token"
    );
    (error, world.asked(TOKENS).len())
}

#[tokio::test]
async fn id_and_secret_are_traded_in_a_form_and_in_no_query() {
    let world = World::new([page(&[], true)]).await;
    world.read().await.unwrap();
    let request = &world.asked(TOKENS)[0];
    assert_eq!(request.method, "POST");
    assert_eq!(request.query, "");
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        request.body,
        "grant_type=client_credentials&client_id=planted-id&client_secret=planted-secret\
        &scope=openid%2CAdobeID%2Cuser_management_sdk"
    );
}

#[tokio::test]
async fn one_token_serves_all_requests() {
    let world = World::new([page(&[], true), done(1)]).await;
    world.read().await.unwrap();
    world.apply(actions(1)).await.unwrap();
    assert_eq!(world.asked(TOKENS).len(), 1);
    assert_eq!(used(&world), ["token-1", "token-1"]);
    for request in world.asked("/v2/") {
        assert_eq!(request.header("x-api-key"), Some("planted-id"));
        assert_eq!(request.header("accept"), Some("application/json"));
    }
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let world = World::new([done(1)]).await;
    world.tokens.lock().unwrap().push_back(token("short", 600));
    world.apply(actions(1)).await.unwrap();
    world.clock.advance(Duration::from_secs(290));
    world.apply(actions(1)).await.unwrap();
    world.tokens.lock().unwrap().clear();
    world.clock.advance(Duration::from_secs(20));
    world.apply(actions(1)).await.unwrap();
    assert_eq!(used(&world), ["short", "short", "token-2"]);
}

#[tokio::test]
async fn an_attempt_after_a_long_wait_has_a_fresh_token() {
    let busy = Response::empty(503).with("retry-after", "400");
    let world = World::new([busy, done(1)]).await;
    world
        .tokens
        .lock()
        .unwrap()
        .extend([token("short", 600), token("next", 86_399)]);
    world.apply(actions(1)).await.unwrap();
    assert_eq!(used(&world), ["short", "next"]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_a_request() {
    let world = World::new([Response::empty(401), done(1)]).await;
    let outcome = world.apply(actions(1)).await.unwrap();
    assert_eq!(outcome.actions, [ActionOutcome::Done]);
    assert_eq!(used(&world), ["token-1", "token-2"]);

    let world = World::new([
        page(&[listed("a@school.example")], false),
        Response::empty(401),
    ])
    .await;
    let error = world.read().await.unwrap_err();
    assert_eq!(refused(&error).0, 401);
    assert_eq!(used(&world), ["token-1", "token-1", "token-2"]);
}

#[tokio::test]
async fn refused_credentials_name_the_secret() {
    for (status, body) in [
        (
            400,
            json!({"error": "invalid_client", "error_description": "planted"}),
        ),
        (401, json!({"error": "invalid_client"})),
        (401, Value::Null),
    ] {
        let (error, asked) = refused_with(Response::json(status, &body)).await;
        let (refused, advice) = refused(&error);
        assert_eq!((refused, asked), (status, 1));
        assert!(
            advice.contains("client_secret") && advice.contains("roster-sync/umapi"),
            "{advice}"
        );
    }
    let scope = json!({"error": "invalid_scope"});
    let (error, _) = refused_with(Response::json(400, &scope)).await;
    assert!(refused(&error).1.contains("User Management API"), "{error}");
    let (error, _) = refused_with(Response::empty(404)).await;
    assert!(refused(&error).1.contains("ims_host"), "{error}");
}

#[tokio::test]
async fn a_reply_without_a_token_is_asked_for_again_and_then_bad() {
    for body in [
        json!({"token_type": "planted"}),
        json!({"access_token": "", "expires_in": 5}),
        json!({"access_token": "planted", "expires_in": "planted"}),
    ] {
        let (error, asked) = refused_with(Response::json(200, &body)).await;
        assert!(matches!(error, Error::BadReply { .. }), "{error}");
        assert!(!chain(&error).contains("planted"), "{error}");
        assert_eq!(asked, 4);
    }
}

#[tokio::test]
async fn an_outage_of_the_login_service_is_an_outage() {
    let (error, asked) = refused_with(Response::empty(503)).await;
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert_eq!(asked, 4);
    let busy = Response::empty(429).with("retry-after", "3000");
    let (error, _) = refused_with(busy).await;
    assert!(
        matches!(error, Error::OutOfTime { wait } if wait == Duration::from_mins(50)),
        "{error}"
    );
}
