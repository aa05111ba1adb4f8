//! Clever's Data API v2.1 and its token listing, on one server.
//!
//! After Clever's own description of v2.1 (<https://github.com/Clever/swagger-api>, `full-v2.yml`) and its pages for
//! developers. Collections are ordered by id; a cursor is an id, and what follows it is what is greater, whether or not
//! a record with that id still exists.

#[path = "clever/collections.rs"]
mod collections;
#[path = "clever/page.rs"]
mod page;
#[path = "clever/tokens.rs"]
mod tokens;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use roster_sync::clock::Clock;
use serde_json::json;

use super::district::District;
use super::server::{Request, Response, Server};

/// The one client that districts have shared with.
pub const CLIENT_ID: &str = "c1e7e500000000000017";
/// Its secret.
pub const CLIENT_SECRET: &str = "clever-sandbox-client-secret";

/// What can be set about Clever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Whether a last page that is full links to a next page, which is empty.
    pub link_to_empty_page: bool,
    /// `/terms` is answered with this status: the application may not read it, or nobody has it.
    pub hidden_terms: Option<u16>,
    /// Requests of one token in a minute; more are answered with 429. Seen in recorded traffic; Clever publishes none.
    pub requests_per_minute: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            link_to_empty_page: true,
            hidden_terms: None,
            requests_per_minute: 1200,
        }
    }
}

/// A running Clever. Clones share everything.
#[derive(Debug, Clone)]
pub struct Clever {
    /// Where faults are ordered and requests are looked up.
    pub server: Server,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    clock: Clock,
    rules: Rules,
    /// In the order in which they were shared.
    districts: Vec<Shared>,
}

/// A district that shares its data with the client.
#[derive(Debug)]
struct Shared {
    token: String,
    district: District,
    /// The minute that is being counted, and the requests in it.
    minute: (i64, usize),
}

impl Clever {
    /// Starts with one district.
    pub async fn start(clock: Clock, latency: Duration, district: District) -> Self {
        let state = Arc::new(Mutex::new(State {
            clock: clock.clone(),
            rules: Rules::default(),
            districts: vec![Shared::new(0, district)],
        }));
        let served = Arc::clone(&state);
        let handler = Box::new(move |request: &Request| lock(&served).serve(request));
        let server = Server::start(clock, latency, handler).await;
        Self { server, state }
    }

    /// `http://127.0.0.1:port`: base of both the API (`/v2.1/`) and the token listing (`/oauth/tokens`).
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The access token of the first district.
    ///
    /// # Panics
    /// Where no district shares its data any more.
    pub fn token(&self) -> String {
        self.lock().districts[0].token.clone()
    }

    /// The first district as it is now.
    ///
    /// # Panics
    /// As [`token`](Self::token).
    pub fn district(&self) -> District {
        self.lock().districts[0].district.clone()
    }

    /// The first district changes.
    ///
    /// # Panics
    /// As [`token`](Self::token).
    pub fn change(&self, change: impl FnOnce(&mut District)) {
        change(&mut self.lock().districts[0].district);
    }

    /// Another district shares its data; returns its access token.
    pub fn share(&self, district: District) -> String {
        let mut state = self.lock();
        let shared = Shared::new(state.districts.len(), district);
        let token = shared.token.clone();
        state.districts.push(shared);
        token
    }

    /// The district with this id does not share its data any more.
    pub fn unshare(&self, district: &str) {
        self.lock()
            .districts
            .retain(|shared| shared.district.id != district);
    }

    /// Changes the rules from now on.
    pub fn rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.lock().rules);
    }

    /// The time in which its limits are.
    pub fn clock(&self) -> Clock {
        self.lock().clock.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn new(number: usize, district: District) -> Self {
        Self {
            token: format!("clever-sandbox-token-{number}"),
            district,
            minute: (0, 0),
        }
    }

    /// Counts a request of the minute that `now` is in; returns how many are left, if any, and when the next one starts.
    fn count(&mut self, now: Timestamp, limit: usize) -> (Option<usize>, i64) {
        let minute = now.as_second().div_euclid(60);
        if self.minute.0 != minute {
            self.minute = (minute, 0);
        }
        self.minute.1 += 1;
        (limit.checked_sub(self.minute.1), (minute + 1) * 60)
    }
}

impl State {
    fn serve(&mut self, request: &Request) -> Response {
        if request.path == "/oauth/tokens" {
            return tokens::list(request, &self.districts);
        }
        let Some(path) = request.path.strip_prefix("/v2.1/") else {
            return refuse(404, "Not Found");
        };
        if request.method != "GET" {
            return refuse(405, "Method Not Allowed");
        }
        let (now, rules) = (self.clock.now(), self.rules);
        let Some(shared) = self.authorized(request) else {
            return refuse(401, "Unauthorized");
        };
        let (left, reset) = shared.count(now, rules.requests_per_minute);
        let response = match left {
            Some(_) => answer(&shared.district, path, request, rules),
            None => refuse(429, "Rate limit exceeded")
                .with("retry-after", &(reset - now.as_second()).to_string()),
        };
        response
            .with("x-ratelimit-bucket", "bearer")
            .with("x-ratelimit-limit", &rules.requests_per_minute.to_string())
            .with("x-ratelimit-remaining", &left.unwrap_or(0).to_string())
            .with("x-ratelimit-reset", &reset.to_string())
    }

    fn authorized(&mut self, request: &Request) -> Option<&mut Shared> {
        let (scheme, token) = request.header("authorization")?.split_once(' ')?;
        let mut districts = self.districts.iter_mut();
        districts.find(|shared| scheme.eq_ignore_ascii_case("bearer") && shared.token == token)
    }
}

fn answer(district: &District, path: &str, request: &Request, rules: Rules) -> Response {
    if let Some(status) = rules.hidden_terms.filter(|_| path.starts_with("terms")) {
        return refuse(status, "Not shared");
    }
    match collections::find(district, path) {
        None => refuse(404, "Resource not found"),
        Some(collections::Found::One(row)) => {
            let uri = format!("/v2.1/{path}");
            let links = json!([{"rel": "self", "uri": uri}]);
            Response::json(200, &json!({"data": row.json(district), "links": links}))
        }
        Some(collections::Found::Many(rows)) => page::page(
            district,
            path,
            &request.query,
            rows,
            rules.link_to_empty_page,
        ),
    }
}

/// An error as Clever words it.
fn refuse(status: u16, message: &str) -> Response {
    Response::json(status, &json!({"message": message}))
}
