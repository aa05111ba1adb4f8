//! Who is let in: OAuth 1.0a (RFC 5849), and bearer tokens where they are set up.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{ask, header, parameters, sign, start};
use crate::sandbox_rules::get;
use crate::simulators::oneroster::oauth1::{Method, base_string};
use crate::simulators::oneroster::{CLIENT_ID, CLIENT_SECRET, OneRoster, ROOT};

fn oauth<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// The status of `classes?limit=1` with this header.
async fn knock(server: &OneRoster, header: &str) -> u16 {
    let url = format!("{}{ROOT}classes?limit=1", server.url());
    get(&url, &[("authorization", header)]).await.status
}

/// A header for [`knock`], good but for the change.
fn changed(server: &OneRoster, change: impl FnOnce(&mut BTreeMap<String, String>)) -> String {
    let mut oauth = parameters(server, Method::HmacSha256);
    change(&mut oauth);
    let signature = sign("classes?limit=1", &oauth, Method::HmacSha256, CLIENT_SECRET);
    header(&oauth, &signature)
}

/// Section 3.4.1.1, its form moved into the query.
#[test]
fn the_base_string_is_that_of_the_rfc() {
    let oauth = oauth([
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
        ("oauth_signature", "left out"),
    ]);
    let query = "b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2&a3=2+q";
    assert_eq!(
        base_string("post", "http://example.com/request", query, &oauth),
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26\
         c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26\
         oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    );
}

/// Signatures that other programs made: UST's client, and Python's `hmac` for SHA-1.
#[test]
fn signatures_are_those_of_other_programs() {
    let root = "https://h.example/ims/oneroster/v1p1/";
    let cases = [
        (
            Method::HmacSha256,
            "classes",
            "limit=1000&offset=0",
            "secretABC",
            "EYYL+7vhvDEQKJh9ZLomlFPEFXBAkxkZQfD1HzhrD6U=",
        ),
        (
            Method::HmacSha256,
            "classes/31763/students",
            "limit=1000&offset=0",
            "secretABC",
            "Ku8VE6+CJHQh36eiKRB0w4lSh8HjqdIABLjqfC5HejM=",
        ),
        (
            Method::HmacSha256,
            "users",
            "limit=2&offset=4",
            "se/cr+et",
            "WGlEtfotXkuWtm1V67vS1ueYNeKq9X4kvMxhv0dnw6w=",
        ),
        (
            Method::HmacSha1,
            "users",
            "limit=2&offset=4",
            "se/cr+et",
            "7SyWtXvGwk7b2t6mczuyYBjV8ss=",
        ),
    ];
    for (method, path, query, secret, expected) in cases {
        let oauth = oauth([
            ("oauth_consumer_key", "key123"),
            ("oauth_signature_method", method.as_str()),
            ("oauth_timestamp", "1700000000"),
            ("oauth_nonce", "0000000000"),
        ]);
        let base = base_string("GET", &format!("{root}{path}"), query, &oauth);
        assert_eq!(
            STANDARD.encode(method.sign(secret, &base)),
            expected,
            "{path} {method:?}"
        );
    }
}

#[tokio::test]
async fn lets_nobody_in_without_a_good_signature() {
    let server = start().await;
    assert_eq!(knock(&server, &changed(&server, |_| ())).await, 200);
    let key = |oauth: &mut BTreeMap<String, String>| {
        oauth.insert("oauth_consumer_key".to_owned(), "another".to_owned());
    };
    assert_eq!(knock(&server, &changed(&server, key)).await, 401);
    let oauth = parameters(&server, Method::HmacSha256);
    for (path, secret) in [
        ("classes?limit=1", "another secret"),
        ("classes?limit=2", CLIENT_SECRET),
        ("classes", CLIENT_SECRET),
        ("courses?limit=1", CLIENT_SECRET),
    ] {
        let signature = sign(path, &oauth, Method::HmacSha256, secret);
        assert_eq!(
            knock(&server, &header(&oauth, &signature)).await,
            401,
            "{path}"
        );
    }
    let url = format!("{}{ROOT}classes", server.url());
    assert_eq!(get(&url, &[]).await.status, 401);
    for other in ["", "OAuth", "OAuth realm=\"x\"", "Bearer x", "Basic YTpi"] {
        assert_eq!(knock(&server, other).await, 401, "{other}");
    }
}

#[tokio::test]
async fn a_nonce_counts_once() {
    let server = start().await;
    let header = changed(&server, |_| ());
    assert_eq!(knock(&server, &header).await, 200);
    assert_eq!(knock(&server, &header).await, 401);
    let nonce = |oauth: &mut BTreeMap<String, String>| {
        oauth.insert("oauth_nonce".to_owned(), "always".to_owned());
    };
    assert_eq!(knock(&server, &changed(&server, nonce)).await, 200);
    server.clock().advance(Duration::from_secs(1));
    assert_eq!(
        knock(&server, &changed(&server, nonce)).await,
        200,
        "at another time"
    );
}

#[tokio::test]
async fn a_timestamp_is_within_five_minutes_of_the_server() {
    let server = start().await;
    for (seconds, status) in [(-298, 200), (-302, 401), (298, 200), (302, 401)] {
        let late = |oauth: &mut BTreeMap<String, String>| {
            let time = server.clock().now().as_second() + seconds;
            oauth.insert("oauth_timestamp".to_owned(), time.to_string());
        };
        assert_eq!(
            knock(&server, &changed(&server, late)).await,
            status,
            "{seconds}"
        );
    }
    let word = |oauth: &mut BTreeMap<String, String>| {
        oauth.insert("oauth_timestamp".to_owned(), "now".to_owned());
    };
    assert_eq!(knock(&server, &changed(&server, word)).await, 401);
}

#[tokio::test]
async fn parameters_are_there_once_and_in_the_header() {
    let server = start().await;
    for name in [
        "oauth_consumer_key",
        "oauth_nonce",
        "oauth_signature_method",
        "oauth_timestamp",
    ] {
        let without = |oauth: &mut BTreeMap<String, String>| drop(oauth.remove(name));
        assert_eq!(
            knock(&server, &changed(&server, without)).await,
            401,
            "{name}"
        );
    }
    for (name, value, status) in [
        ("oauth_version", "1.0", 200),
        ("oauth_version", "2.0", 401),
        ("oauth_token", "", 200),
        ("oauth_token", "x", 401),
    ] {
        let with = |oauth: &mut BTreeMap<String, String>| {
            oauth.insert(name.to_owned(), value.to_owned());
        };
        assert_eq!(
            knock(&server, &changed(&server, with)).await,
            status,
            "{name}={value}"
        );
    }
    let twice = format!("{},oauth_nonce=\"x\"", changed(&server, |_| ()));
    assert_eq!(knock(&server, &twice).await, 401);
    let realm = changed(&server, |_| ()).replace("OAuth ", "oauth realm=\"x\", ");
    assert_eq!(knock(&server, &realm).await, 200);
    let reply = ask(&server, "classes?limit=1&oauth_nonce=7").await;
    assert_eq!(reply.status, 401);
}

#[tokio::test]
async fn a_server_takes_the_method_that_it_is_set_to() {
    let server = start().await;
    server.rules(|rules| rules.method = Method::HmacSha1);
    for (method, status) in [(Method::HmacSha1, 200), (Method::HmacSha256, 401)] {
        let oauth = parameters(&server, method);
        let signature = sign("classes?limit=1", &oauth, method, CLIENT_SECRET);
        assert_eq!(
            knock(&server, &header(&oauth, &signature)).await,
            status,
            "{method:?}"
        );
    }
}

#[tokio::test]
async fn its_own_address_can_be_signed_instead_of_its_name() {
    let server = start().await;
    let oauth = parameters(&server, Method::HmacSha256);
    let base = base_string(
        "GET",
        &format!("{}{ROOT}classes", server.url()),
        "limit=1",
        &oauth,
    );
    let signature = STANDARD.encode(Method::HmacSha256.sign(CLIENT_SECRET, &base));
    assert_eq!(knock(&server, &header(&oauth, &signature)).await, 200);
}

#[tokio::test]
async fn every_character_of_a_query_is_signed_as_it_was_meant() {
    let server = start().await;
    for query in [
        "filter=title%3D%27Caf%C3%A9%20%26%20%2B%20%28x%29%21%2A%27",
        "fields=sourcedId%2Ctitle&limit=2",
        "filter=title~'A+B'",
        "limit=1&limit=1",
    ] {
        let reply = ask(&server, &format!("classes?{query}")).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.json);
    }
}

#[tokio::test]
async fn a_bearer_token_is_let_in_where_it_is_set_up() {
    let server = start().await;
    assert_eq!(knock(&server, "Bearer proxy-token").await, 401);
    server.rules(|rules| rules.bearer = Some("proxy-token".to_owned()));
    assert_eq!(knock(&server, "Bearer proxy-token").await, 200);
    assert_eq!(knock(&server, "Bearer proxy-toke").await, 401);
    assert_eq!(knock(&server, &format!("Bearer {CLIENT_ID}")).await, 401);
}

#[tokio::test]
async fn only_reading_is_possible() {
    let server = start().await;
    server.rules(|rules| rules.bearer = Some("proxy-token".to_owned()));
    let url = format!("{}{ROOT}classes", server.url());
    let bearer = [("authorization", "Bearer proxy-token")];
    for method in ["POST", "PUT", "DELETE"] {
        let reply = crate::sandbox_rules::send(method, &url, &bearer, "").await;
        assert_eq!(reply.status, 405, "{method}");
    }
}
