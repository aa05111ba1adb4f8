//! Tokens, keys, organizations, pace.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::bare::{Bare, clock, small};
use crate::simulators::adobe::{Adobe, Endpoint, Latency};

const USERS: &str = "users/ORG/0";

#[tokio::test]
async fn a_token_is_given_for_the_right_credential() {
    let bare = Bare::start().await;
    let reply = bare.ask_token(&bare.credential()).await;
    assert_eq!(reply.status, 200);
    let body = reply.json();
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["expires_in"], 86_399);
    assert_eq!(bare.adobe.tokens().len(), 2);
}

#[tokio::test]
async fn version_2_of_the_token_endpoint_is_served_too() {
    let bare = Bare::start().await;
    for path in ["/ims/token/v2", "/ims/token/v2/", "/ims/token/v3/"] {
        let reply = bare.ask_token_at(path, &bare.credential()).await;
        assert_eq!(reply.status, 200, "{path}");
    }
    let reply = bare.ask_token_at("/ims/token/v1", &bare.credential()).await;
    assert_eq!(reply.status, 404);
    let reply = bare.send(Method::GET, "/ims/token/v3", None).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn a_wrong_credential_is_refused() {
    let bare = Bare::start().await;
    let cases = [
        (
            "grant_type",
            "authorization_code",
            400,
            "unsupported_grant_type",
        ),
        ("client_id", "somebody-else", 400, "invalid_client"),
        ("client_secret", "wrong", 401, "invalid_client"),
        ("scope", "openid,AdobeID", 400, "invalid_scope"),
        ("scope", "not_user_management_sdk", 400, "invalid_scope"),
        ("scope", "", 400, "invalid_request"),
        ("client_secret", "", 400, "invalid_request"),
    ];
    for (field, value, status, error) in cases {
        let mut form = bare.credential();
        form.insert(field, value.to_owned());
        let reply = bare.ask_token(&form).await;
        assert_eq!(reply.status, status, "{field}={value}");
        assert_eq!(reply.json()["error"], error, "{field}={value}");
        assert!(!reply.text.contains("access_token"), "{field}={value}");
    }
}

#[tokio::test]
async fn a_credential_is_read_from_a_form_in_the_body_only() {
    let mut bare = Bare::start().await;
    let fields = bare.credential().into_iter();
    let fields: Vec<String> = fields
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let form = fields.join("&");
    let path = format!("/ims/token/v3?{form}");
    let reply = bare.send(Method::POST, &path, None).await;
    assert_eq!(
        (reply.status, reply.json()["error"].as_str()),
        (400, Some("invalid_request"))
    );
    let kinds = [
        ("application/json", 400),
        ("application/x-www-form-urlencoded; charset=utf-8", 200),
    ];
    for (kind, status) in kinds {
        bare.headers.insert("content-type", kind.to_owned());
        let reply = bare
            .send(Method::POST, "/ims/token/v3", Some(form.clone()))
            .await;
        assert_eq!(reply.status, status, "{kind}");
    }
}

#[tokio::test]
async fn each_endpoint_takes_its_time() {
    let clock = clock();
    let start = clock.now();
    let latency = Latency {
        token: Duration::from_secs(1),
        users: Duration::from_secs(2),
        user: Duration::from_secs(4),
        groups: Duration::from_secs(8),
        action: Duration::from_secs(16),
    };
    let bare = Bare::with(Adobe::start(clock.clone(), latency, small()).await, clock).await;
    for path in [
        "users/ORG/0",
        "users/ORG/0/Art",
        "organizations/ORG/users/x",
        "groups/ORG/0",
    ] {
        bare.get(path).await;
    }
    bare.user("nobody@school.example", json!([{"removeFromOrg": {}}]))
        .await;
    let log = bare.adobe.log();
    let times: Vec<i64> = log
        .iter()
        .map(|entry| entry.at.duration_since(start).as_secs())
        .collect();
    assert_eq!(times, [1, 3, 5, 9, 17, 33]);
}

#[tokio::test]
async fn a_key_is_needed() {
    let mut bare = Bare::start().await;
    for key in [None, Some("another-key")] {
        bare.headers.remove("x-api-key");
        if let Some(key) = key {
            bare.headers.insert("x-api-key", key.to_owned());
        }
        let reply = bare.get(USERS).await;
        assert_eq!((reply.status, reply.text.as_str()), (403, ""));
    }
}

#[tokio::test]
async fn a_token_is_needed() {
    let mut bare = Bare::start().await;
    let good = bare.headers.remove("authorization").unwrap();
    let token = good.strip_prefix("Bearer ").unwrap().to_owned();
    for value in ["", "Bearer wrong", &token, &format!("Basic {token}")] {
        bare.headers.insert("authorization", value.to_owned());
        let reply = bare.get(USERS).await;
        assert_eq!((reply.status, reply.text.as_str()), (401, ""), "{value}");
        assert!(!reply.header("www-authenticate").is_empty());
    }
    bare.headers.insert("authorization", good);
    assert_eq!(bare.get(USERS).await.status, 200);
}

#[tokio::test]
async fn a_token_ends_after_a_day_and_a_new_one_does_not_end_it() {
    let bare = Bare::start().await;
    bare.clock.advance(Duration::from_secs(86_398));
    bare.token().await;
    assert_eq!(bare.get(USERS).await.status, 200);
    bare.clock.advance(Duration::from_secs(1));
    assert_eq!(bare.get(USERS).await.status, 401);
}

#[tokio::test]
async fn a_token_can_be_revoked() {
    let mut bare = Bare::start().await;
    let second = bare.token().await;
    let first = bare.adobe.tokens()[0].clone();
    bare.adobe.revoke_token(&first);
    assert_eq!(bare.get(USERS).await.status, 401);
    bare.headers
        .insert("authorization", format!("Bearer {second}"));
    assert_eq!(bare.get(USERS).await.status, 200);
    bare.adobe.revoke_tokens();
    assert_eq!(bare.get(USERS).await.status, 401);
}

#[tokio::test]
async fn another_organization_is_refused() {
    let mut bare = Bare::start().await;
    bare.org_id = "0000@AdobeOrg".to_owned();
    assert_eq!(bare.get(USERS).await.status, 401);
    bare.org_id = "no-organization".to_owned();
    let reply = bare.get(USERS).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["result"], "error.organization.invalid_id");
}

#[tokio::test]
async fn there_is_nothing_else() {
    let bare = Bare::start().await;
    for path in ["user-groups/ORG/0", "ORG/users", "users/ORG"] {
        assert_eq!(bare.get(path).await.status, 404, "{path}");
    }
    let path = format!("/v2/usermanagement/action/{}", bare.org_id);
    assert_eq!(bare.send(Method::GET, &path, None).await.status, 404);
}

#[tokio::test]
async fn every_endpoint_has_its_own_pace() {
    let paces = [
        ("users/ORG/0", 25),
        ("users/ORG/0/Spark", 25),
        ("organizations/ORG/users/ben@school.example", 25),
        ("groups/ORG/0", 5),
    ];
    let bare = Bare::start().await;
    for (path, limit) in paces {
        for _ in 0..limit {
            assert_eq!(bare.get(path).await.status, 200, "{path}");
        }
        let reply = bare.get(path).await;
        assert_eq!(reply.status, 429, "{path}");
        assert_eq!(reply.header("retry-after"), "60", "{path}");
        assert_eq!(reply.json()["error_code"], "429050", "{path}");
    }
}

#[tokio::test]
async fn the_window_of_action_requests_slides() {
    let bare = Bare::start().await;
    let action = json!([{"user": "nobody@school.example", "do": [{"removeFromOrg": {}}]}]);
    for _ in 0..10 {
        assert_eq!(bare.post(&action, "").await.status, 200);
        bare.clock.advance(Duration::from_millis(1_500));
    }
    let reply = bare.post(&action, "?testOnly=true").await;
    assert_eq!(reply.status, 429);
    // The first was 15 s ago.
    assert_eq!(reply.header("retry-after"), "45");
    bare.clock.advance(Duration::from_millis(44_999));
    let reply = bare.post(&action, "").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, "1"));
    bare.clock.advance(Duration::from_millis(1));
    assert_eq!(bare.post(&action, "").await.status, 200);
    assert_eq!(bare.post(&action, "").await.status, 429);
    assert_eq!(bare.adobe.action_times().len(), 14);
    assert_eq!(bare.adobe.action_bodies().len(), 11);
}

#[tokio::test]
async fn a_limit_of_zero_is_none() {
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| rules.group_pages_per_minute = 0);
    for _ in 0..20 {
        assert_eq!(bare.get("groups/ORG/0").await.status, 200);
    }
}

#[tokio::test]
async fn full_lists_are_two_hours_apart_where_that_is_asked_for() {
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| {
        rules.two_hours_between_full_reads = true;
        rules.page_size = 1;
    });
    assert_eq!(bare.get("users/ORG/0").await.status, 200);
    assert_eq!(bare.get("users/ORG/1").await.status, 200);
    assert_eq!(bare.get("groups/ORG/0").await.status, 200);
    assert_eq!(bare.get("users/ORG/0/Spark").await.status, 200);

    let reply = bare.get("users/ORG/0").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, "3600"));
    let reply = bare.get("users/ORG/1").await;
    assert_eq!(reply.status, 429, "everything waits");

    bare.clock.advance(Duration::from_hours(1));
    assert_eq!(bare.get("users/ORG/1").await.status, 200);
    bare.clock.advance(Duration::from_mins(10));
    let reply = bare.get("users/ORG/0").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, "3000"));
    bare.clock.advance(Duration::from_mins(50));
    assert_eq!(bare.get("users/ORG/0").await.status, 200);
}

#[tokio::test]
async fn full_lists_of_groups_are_two_hours_apart_too() {
    let bare = Bare::start().await;
    bare.adobe
        .rules(|rules| rules.two_hours_between_full_reads = true);
    assert_eq!(bare.get("groups/ORG/0").await.status, 200);
    bare.clock.advance(Duration::from_mins(70));
    let reply = bare.get("groups/ORG/0").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, "3000"));
}

#[tokio::test]
async fn adobe_can_be_busy_after_so_many_actions() {
    let bare = Bare::start().await;
    bare.adobe.rules(|rules| rules.busy_after_actions = 2);
    let action = json!([{"user": "nobody@school.example", "do": [{"removeFromOrg": {}}]}]);
    for _ in 0..2 {
        assert_eq!(bare.post(&action, "").await.status, 200);
        assert_eq!(bare.post(&action, "").await.status, 200);
        let reply = bare.post(&action, "").await;
        assert_eq!((reply.status, reply.header("retry-after")), (429, "3000"));
        bare.clock.advance(Duration::from_secs(2999));
        assert_eq!(bare.get(USERS).await.status, 429, "everything waits");
        bare.clock.advance(Duration::from_secs(1));
        assert_eq!(bare.get(USERS).await.status, 200);
    }
}

#[tokio::test]
async fn requests_can_be_counted_without_being_kept() {
    let bare = Bare::start().await;
    let before = bare.adobe.server.served();
    bare.adobe.keep_no_bodies();
    let action = json!([{"user": "nobody@school.example", "do": [{"removeFromOrg": {}}]}]);
    bare.post(&action, "").await;
    assert_eq!(bare.adobe.server.served(), before + 1);
    assert!(bare.adobe.server.log().is_empty());
    assert!(bare.adobe.action_bodies().is_empty());
    assert_eq!(bare.adobe.requests()[&Endpoint::Action], 1);
}

#[tokio::test]
async fn every_request_is_in_the_log() {
    let mut bare = Bare::start().await;
    bare.headers.insert("pragma", "umapi-sync-start".to_owned());
    bare.headers.insert("x-request-id", "r-1".to_owned());
    let reply = bare.get(USERS).await;
    assert_eq!(reply.header("x-request-id"), "r-1");
    bare.headers.remove("pragma");
    bare.rest();
    let action = json!([{"user": "nobody@school.example", "do": [{"removeFromOrg": {}}]}]);
    bare.post(&action, "?testOnly=true").await;

    let log = bare.adobe.log();
    let endpoints: Vec<Endpoint> = log.iter().map(|entry| entry.endpoint).collect();
    assert_eq!(
        endpoints,
        [Endpoint::Token, Endpoint::Users, Endpoint::Action]
    );
    assert_eq!(log[1].pragma.as_deref(), Some("umapi-sync-start"));
    assert_eq!(log[2].pragma, None);
    assert!(log[2].test && !log[1].test);
    assert_eq!(log[2].body, Some(action));
    assert_eq!(log[2].at.duration_since(log[1].at).as_secs(), 60);
    assert_eq!(bare.adobe.requests()[&Endpoint::Action], 1);
    bare.adobe.clear_log();
    assert!(bare.adobe.log().is_empty() && bare.adobe.server.log().is_empty());
}
