//! IMS: tokens for clients.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::super::server::{Request, Response};
use super::org::Org;
use super::values::form;

/// How long a token is valid, and `expires_in`.
const LIFETIME: Duration = Duration::from_secs(86_399);
/// The scope without which a token is of no use to UMAPI.
const SCOPE: &str = "user_management_sdk";

/// The tokens given out.
#[derive(Debug, Default)]
pub(super) struct Ims {
    /// When each ends.
    ends: BTreeMap<String, Timestamp>,
}

impl Ims {
    /// Gives a token to whoever shows the credential. Only the body is looked at: Adobe advises against the query, which
    /// is kept in logs. The statuses are those of RFC 6749, section 5.2; Adobe documents none.
    pub(super) fn give(&mut self, request: &Request, org: &Org, now: Timestamp) -> Response {
        let kind = request.header("content-type").unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return error(400, "invalid_request", "the body is not a form");
        }
        let form = form(&String::from_utf8_lossy(&request.body));
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let missing = ["grant_type", "client_id", "client_secret", "scope"]
            .into_iter()
            .find(|name| field(name).is_empty());
        if let Some(name) = missing {
            return error(400, "invalid_request", &format!("{name} is missing"));
        }
        if field("grant_type") != "client_credentials" {
            return error(400, "unsupported_grant_type", "not client_credentials");
        }
        if field("client_id") != org.client_id {
            return error(400, "invalid_client", "invalid client_id parameter");
        }
        if field("client_secret") != org.client_secret {
            return error(401, "invalid_client", "invalid client_secret parameter");
        }
        if !field("scope").split([',', ' ']).any(|scope| scope == SCOPE) {
            return error(400, "invalid_scope", "no scope for user management");
        }
        let token = self.new_token(now);
        let reply = json!({
            "access_token": token,
            "token_type": "bearer",
            "expires_in": LIFETIME.as_secs(),
        });
        Response::json(200, &reply)
    }

    /// Whether the value of an `Authorization` header is good.
    pub(super) fn admits(&self, authorization: &str, now: Timestamp) -> bool {
        let Some((scheme, token)) = authorization.split_once(' ') else {
            return false;
        };
        scheme.eq_ignore_ascii_case("bearer") && self.ends.get(token).is_some_and(|end| now < *end)
    }

    pub(super) fn tokens(&self) -> Vec<String> {
        self.ends.keys().cloned().collect()
    }

    pub(super) fn revoke(&mut self, token: &str) {
        if let Some(end) = self.ends.get_mut(token) {
            *end = Timestamp::MIN;
        }
    }

    pub(super) fn revoke_all(&mut self) {
        self.ends.values_mut().for_each(|end| *end = Timestamp::MIN);
    }

    fn new_token(&mut self, now: Timestamp) -> String {
        let token = format!("sandbox-access-token-{:04}", self.ends.len() + 1);
        let end = now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
        self.ends.insert(token.clone(), end);
        token
    }
}

fn error(status: u16, name: &str, description: &str) -> Response {
    let body = json!({"error": name, "error_description": description});
    Response::json(status, &body)
}
