//! Everything there is, and what every request of UMAPI has to pass first.

use std::time::Duration;

use jiff::Timestamp;
use roster_sync::clock::Clock;
use serde_json::{Value, json};

use super::super::server::{Request, Response};
use super::console::Console;
use super::ims::Ims;
use super::org::Org;
use super::route::{Endpoint, Route};
use super::rules::Rules;
use super::throttle::Throttle;
use super::values::{flag, form};
use super::{actions, lists};

/// What `WWW-Authenticate` says.
const CHALLENGE: &str = "Bearer realm=\"JIL\"";

/// A request that was served.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What was asked.
    pub endpoint: Endpoint,
    /// The status of the reply.
    pub status: u16,
    /// Whether it was an action request with `testOnly`.
    pub test: bool,
    /// The value of `Pragma`.
    pub pragma: Option<String>,
    /// The body of an action request, where it is JSON.
    pub body: Option<Value>,
}

/// State, rules and memory.
#[derive(Debug)]
pub(super) struct World {
    clock: Clock,
    pub(super) org: Org,
    pub(super) rules: Rules,
    pub(super) console: Console,
    pub(super) ims: Ims,
    pub(super) log: Vec<Entry>,
    /// Whether the log has the bodies of action requests.
    pub(super) keeps_bodies: bool,
    throttle: Throttle,
}

impl World {
    pub(super) fn new(clock: Clock, org: Org) -> Self {
        Self {
            clock,
            rules: Rules::default(),
            console: Console::new(&org),
            ims: Ims::default(),
            log: Vec::new(),
            keeps_bodies: true,
            throttle: Throttle::default(),
            org,
        }
    }

    /// Answers and remembers.
    pub(super) fn serve(&mut self, request: &Request) -> Response {
        let at = self.clock.now();
        let route = Route::of(request);
        let query = form(&request.query);
        let mut response = match route.endpoint {
            Endpoint::Unknown => Response::empty(404),
            Endpoint::Token => self.ims.give(request, &self.org, at),
            _ => match self.gate(request, &route, at) {
                Ok(()) => self.answer(request, &route),
                Err(refused) => refused,
            },
        };
        if let Some(id) = request.header("x-request-id") {
            response = response.with("x-request-id", id);
        }
        let is_action = route.endpoint == Endpoint::Action;
        self.log.push(Entry {
            at,
            endpoint: route.endpoint,
            status: response.status,
            test: is_action && flag(query.get("testOnly"), false) == Some(true),
            pragma: request.header("pragma").map(str::to_owned),
            body: (is_action && self.keeps_bodies)
                .then(|| serde_json::from_slice(&request.body).ok())
                .flatten(),
        });
        response
    }

    /// Key, token, organization, pace, in this order.
    fn gate(&mut self, request: &Request, route: &Route, now: Timestamp) -> Result<(), Response> {
        if request.header("x-api-key") != Some(&self.org.client_id) {
            return Err(Response::empty(403));
        }
        let authorization = request.header("authorization").unwrap_or_default();
        if !self.ims.admits(authorization, now) {
            return Err(unauthorized());
        }
        if !route.org.ends_with("@AdobeOrg") {
            let body = json!({"result": "error.organization.invalid_id", "message": "Bad organization Id"});
            return Err(Response::json(400, &body));
        }
        if route.org != self.org.id {
            return Err(unauthorized());
        }
        self.throttle
            .admit(route.endpoint, &route.page, now, &self.rules)
            .map_err(too_many)
    }

    fn answer(&mut self, request: &Request, route: &Route) -> Response {
        let query = form(&request.query);
        match route.endpoint {
            Endpoint::Users | Endpoint::UsersOfGroup => {
                lists::users(&self.console, &self.rules, route, &query)
            }
            Endpoint::User => lists::user(&self.console, route, &query),
            Endpoint::Groups => lists::groups(&self.console, &self.rules, route),
            Endpoint::Action => actions::perform(&mut self.console, &self.rules, request, &query),
            Endpoint::Token | Endpoint::Unknown => Response::empty(404),
        }
    }
}

fn unauthorized() -> Response {
    Response::empty(401).with("www-authenticate", CHALLENGE)
}

/// The gateway's reply; whole seconds, rounded up.
fn too_many(wait: Duration) -> Response {
    let seconds = wait.as_millis().div_ceil(1000);
    let body = json!({"error_code": "429050", "message": "Too many requests"});
    Response::json(429, &body).with("retry-after", &seconds.to_string())
}
