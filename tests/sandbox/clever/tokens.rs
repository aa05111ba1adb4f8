//! The tokens of an application: `GET /oauth/tokens?owner_type=district`, with the client's id and secret.

use serde_json::{Value, json};

use super::super::query;
use super::super::server::{Request, Response};
use super::{CLIENT_ID, CLIENT_SECRET, Shared, refuse};

pub(super) fn list(request: &Request, districts: &[Shared]) -> Response {
    let expected = format!("{CLIENT_ID}:{CLIENT_SECRET}");
    let given = request
        .header("authorization")
        .and_then(|value| value.strip_prefix("Basic "));
    if given.and_then(query::base64) != Some(expected.into_bytes()) {
        return refuse(401, "Unauthorized");
    }
    if request.method != "GET" {
        return refuse(405, "Method Not Allowed");
    }
    let query = query::pairs(&request.query);
    // Pupils' and teachers' own tokens would be of the type user; nobody has signed in here.
    let owners = match query.get("owner_type").map(String::as_str) {
        Some("district") => districts,
        Some("user") => &[],
        _ => return refuse(400, "owner_type must be district or user"),
    };
    let wanted = query.get("district");
    let data: Vec<Value> = owners
        .iter()
        .filter(|shared| wanted.is_none_or(|id| shared.district.id == *id))
        .map(entry)
        .collect();
    Response::json(
        200,
        &json!({"data": data, "links": [{"rel": "self", "uri": "/oauth/tokens"}]}),
    )
}

fn entry(shared: &Shared) -> Value {
    json!({
        "id": format!("token-of-{}", shared.district.id),
        "created": "2026-08-03T05:12:44.000Z",
        "owner": {"type": "district", "id": shared.district.id},
        "access_token": shared.token,
        "scopes": ["read:district_admins", "read:schools", "read:sections", "read:students", "read:teachers"],
    })
}
