//! The district's token, from the listing of an application's tokens.

use roster_sync::clock::Clock;
use roster_sync::model::roster::Roster;
use roster_sync::sis::{Credentials, Error};
use serde_json::{Value, json};

use super::{Response, Server, chain, parameter, read_as, serve, small, source, students};
use crate::simulators::server::{Fault, Request};

fn entry(district: &str, token: &str) -> Value {
    json!({"id": "1", "created": "2026-01-01T00:00:00Z", "owner": {"type": "district", "id": district},
        "access_token": token, "scopes": ["read:sis"]})
}

/// An application whose id is `app` and whose secret is `key`.
async fn application(entries: Vec<Value>) -> (Server, Clock) {
    let world = serve(small()).await;
    world.0.fault(Box::new(move |request| {
        (request.path == "/oauth/tokens").then(|| Fault::Reply(listing(&entries, request)))
    }));
    world
}

fn listing(entries: &[Value], request: &Request) -> Response {
    // base64 of app:key
    if request.header("authorization") != Some("Basic YXBwOmtleQ==") {
        return Response::empty(401);
    }
    assert_eq!(
        parameter(request, "owner_type").as_deref(),
        Some("district")
    );
    let wanted = parameter(request, "district");
    let data: Vec<&Value> = entries
        .iter()
        .filter(|entry| {
            wanted
                .as_ref()
                .is_none_or(|id| entry["owner"]["id"] == **id)
        })
        .collect();
    Response::json(200, &json!({"data": data, "links": []}))
}

async fn read(world: &(Server, Clock), key: &str, district: Option<&str>) -> Result<Roster, Error> {
    let mut source = source(&world.0);
    source.district_id = district.map(str::to_owned);
    let client = Credentials::Client {
        id: "app".into(),
        secret: key.into(),
    };
    read_as(&world.1, &source, client, &students()).await
}

#[tokio::test]
async fn the_only_district_needs_no_choice() {
    let world = application(vec![entry("d-1", super::TOKEN)]).await;
    assert_eq!(read(&world, "key", None).await.unwrap().people.len(), 5);
}

#[tokio::test]
async fn of_several_districts_one_is_chosen() {
    let world = application(vec![entry("d-0", "other"), entry("d-1", super::TOKEN)]).await;
    assert!(read(&world, "key", Some("d-1")).await.is_ok());

    let error = read(&world, "key", None).await.unwrap_err();
    assert!(matches!(error, Error::Configuration(_)));
    assert_eq!(
        chain(&error),
        "several districts share their data with this Clever application; set connection.district_id to the id of yours: d-0, d-1"
    );
}

#[tokio::test]
async fn an_unknown_district_is_answered_with_those_that_are_known() {
    let world = application(vec![entry("d-0", "other"), entry("d-1", super::TOKEN)]).await;
    let error = read(&world, "key", Some("d-2")).await.unwrap_err();
    assert!(matches!(error, Error::Configuration(_)));
    assert_eq!(
        chain(&error),
        "connection.district_id 'd-2' is none of the districts that share their data with this Clever application: d-0, d-1"
    );
}

#[tokio::test]
async fn no_district_at_all_is_told() {
    let mut user = entry("d-1", "a-user's");
    user["owner"]["type"] = json!("user");
    for entries in [vec![], vec![user]] {
        let world = application(entries).await;
        let error = read(&world, "key", None).await.unwrap_err();
        assert_eq!(
            chain(&error),
            "no district shares its data with this Clever application"
        );
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_by_the_name_of_its_place() {
    let world = application(vec![entry("d-1", super::TOKEN)]).await;
    let error = read(&world, "wrong", None).await.unwrap_err();
    let message = chain(&error);
    assert!(matches!(error, Error::Refused { status: 401, .. }));
    assert!(
        message.contains("the secret 'roster-sync/clever'"),
        "{message}"
    );
    assert!(!message.contains("wrong"));
}

#[tokio::test]
async fn a_listing_that_is_none_fails() {
    let world = serve(small()).await;
    world.0.fault(Box::new(|request| {
        let reply = Response::json(200, &json!({"access_token": "planted"}));
        (request.path == "/oauth/tokens").then_some(Fault::Reply(reply))
    }));
    let error = read(&world, "key", None).await.unwrap_err();
    assert_eq!(
        chain(&error),
        "page 1 of Clever tokens cannot be read: it has no list `data`"
    );
}
