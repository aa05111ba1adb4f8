//! How requests are let in.

use std::collections::BTreeSet;

use reqwest::Url;
use roster_sync::config::SignatureMethod;
use roster_sync::sis::Credentials;
use serde_json::json;

use super::district::{TOKEN, small};
use super::{
    BASE, BOTH, Response, STUDENT, client, everybody, read, read_as, script, serve, source,
};
use crate::simulators::server::{Fault, Request};

fn field(request: &Request, name: &str) -> String {
    let header = request.header("authorization").unwrap();
    let (_, rest) = header.split_once(&format!("{name}=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_attempt_is_signed_anew_at_its_own_time() {
    let world = serve(small()).await;
    let busy = Response::empty(429).with("retry-after", "90");
    let broken = Response::empty(503);
    let mut replies = [busy, broken].into_iter();
    world
        .0
        .fault(Box::new(move |_| replies.next().map(Fault::Reply)));
    read(&world, &everybody(&STUDENT)).await.unwrap();
    let log = world.0.log();
    assert_eq!(log.len(), 3);
    let nonces: BTreeSet<String> = log
        .iter()
        .map(|request| field(request, "oauth_nonce"))
        .collect();
    assert_eq!(nonces.len(), 3);
    let times: Vec<i64> = log
        .iter()
        .map(|request| field(request, "oauth_timestamp").parse().unwrap())
        .collect();
    assert!(
        times[1] >= times[0] + 90 && times[2] > times[1],
        "{times:?}"
    );
}

#[tokio::test]
async fn the_signature_method_is_the_configured_one() {
    let (server, clock) = serve(small()).await;
    let page = json!({"users": [super::district::person("x", "student", &[])]});
    let page = Response::json(200, &page);
    script(&server, "students", vec![page]);
    let mut source = source(&server);
    source.signature_method = SignatureMethod::HmacSha1;
    read_as(&clock, &source, client(), &everybody(&STUDENT))
        .await
        .unwrap();
    assert_eq!(
        field(&server.log()[0], "oauth_signature_method"),
        "HMAC-SHA1"
    );
}

#[tokio::test]
async fn a_token_goes_along_and_the_base_path_stays_as_it_is_written() {
    let (server, clock) = serve(small()).await;
    server.fault(Box::new(|request| {
        let page =
            json!({"users": [super::district::person("x", "student", &[])], "totalCount": 1});
        let known = request.path == "/app%2Fid%20%C3%A9/v1p1/students";
        known.then(|| Fault::Reply(Response::json(200, &page)))
    }));
    let mut source = source(&server);
    source.host = Url::parse(&format!("{}/app%2Fid%20%C3%A9/v1p1/", server.url())).unwrap();
    let token = Credentials::Token(format!(" {TOKEN}\n").into());
    let roster = read_as(&clock, &source, token, &everybody(&STUDENT))
        .await
        .unwrap();
    assert_eq!(roster.people.len(), 1);
    let log = server.log();
    assert_eq!(log[0].header("authorization"), Some("Bearer a-token"));
}

#[tokio::test]
async fn a_signed_base_path_may_hold_anything() {
    let (server, clock) = serve(small()).await;
    let base = "/a%20b/it's*(x)~";
    let mut source = source(&server);
    source.host = Url::parse(&format!("{}{base}{BASE}", server.url())).unwrap();
    // The district knows no such path, and says so to those alone whose signature it accepts.
    let error = read_as(&clock, &source, client(), &everybody(&BOTH))
        .await
        .unwrap_err();
    assert!(super::chain(&error).contains("with status 404"), "{error}");
}
