//! A OneRoster 1.1 server as ClassLink runs them: REST with requests signed by OAuth 1.0a.
//!
//! After the standard (1EdTech, OneRoster 1.1) and what running servers were seen to do, which is switched on by
//! [`Oddities`]. Where the standard leaves a choice, it takes the one that finds more mistakes.

#[path = "oneroster/collections.rs"]
mod collections;
#[path = "oneroster/numbered.rs"]
mod numbered;
#[path = "oneroster/oauth1.rs"]
pub mod oauth1;
#[path = "oneroster/page.rs"]
mod page;
#[path = "oneroster/row.rs"]
mod row;
#[path = "oneroster/rules.rs"]
mod rules;
#[path = "oneroster/select.rs"]
mod select;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use roster_sync::clock::Clock;
use serde_json::json;

use super::district::District;
use super::server::{Request, Response, Server};
use collections::Found;
use row::Writer;
pub use rules::{Flag, Oddities, Rules, Sessions, Total, Wrapper};

/// The host that the server is known by.
pub const HOST: &str = "rockaway-or-v2.oneroster.com";
/// The folder of everything.
pub const ROOT: &str = "/ims/oneroster/v1p1/";
/// The consumer key of the first district.
pub const CLIENT_ID: &str = "5d8a7b5eff61ba25bc6e0017";
/// Its secret. It has characters that have to be escaped.
pub const CLIENT_SECRET: &str = "classlink/sandbox+client secret";

/// A running server. Clones share everything.
#[derive(Debug, Clone)]
pub struct OneRoster {
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
    /// The names that signatures may be about.
    origins: Vec<String>,
    used: oauth1::Used,
}

/// A district, and the client that reads it.
#[derive(Debug)]
struct Shared {
    client_id: String,
    client_secret: String,
    district: District,
}

impl OneRoster {
    /// Starts with one district, as the standard has it.
    pub async fn start(clock: Clock, latency: Duration, district: District) -> Self {
        let state = Arc::new(Mutex::new(State {
            clock: clock.clone(),
            rules: Rules::default(),
            districts: vec![Shared {
                client_id: CLIENT_ID.to_owned(),
                client_secret: CLIENT_SECRET.to_owned(),
                district,
            }],
            origins: vec![format!("https://{HOST}")],
            used: oauth1::Used::new(),
        }));
        let served = Arc::clone(&state);
        let handler = Box::new(move |request: &Request| lock(&served).serve(request));
        let server = Server::start(clock, latency, handler).await;
        lock(&state).origins.push(server.url());
        Self { server, state }
    }

    /// `http://127.0.0.1:port`, without the root's path.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The first district as it is now.
    pub fn district(&self) -> District {
        self.lock().districts[0].district.clone()
    }

    /// The first district changes.
    pub fn change(&self, change: impl FnOnce(&mut District)) {
        change(&mut self.lock().districts[0].district);
    }

    /// Another district is read by a client of its own; returns its consumer key and secret.
    pub fn share(&self, district: District) -> [String; 2] {
        let mut state = self.lock();
        let number = state.districts.len();
        let (client_id, client_secret) = (
            format!("{CLIENT_ID}-{number}"),
            format!("{CLIENT_SECRET} {number}"),
        );
        let client = [client_id.clone(), client_secret.clone()];
        state.districts.push(Shared {
            client_id,
            client_secret,
            district,
        });
        client
    }

    /// Changes the rules from now on.
    pub fn rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.lock().rules);
    }

    /// From now on it is odd in these ways.
    pub fn odd(&self, oddities: Oddities) {
        self.lock().rules.oddities = oddities;
    }

    /// What the first district replies to a request that was let in before, whatever its signature.
    pub fn page_again(&self, request: &Request) -> Response {
        self.lock().find(request, 0)
    }

    /// The time by which timestamps are judged.
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

impl State {
    fn serve(&mut self, request: &Request) -> Response {
        match self.admit(request) {
            Ok(place) => self.find(request, place),
            Err(why) => refuse(401, "unauthorisedrequest", why)
                .with("www-authenticate", "OAuth realm=\"OneRoster\""),
        }
    }

    /// What the district at this place shows.
    fn find(&self, request: &Request, place: usize) -> Response {
        let Some(path) = request.path.strip_prefix(ROOT) else {
            return unknown();
        };
        if request.method != "GET" {
            return refuse(405, "invaliddata", "only GET is taken");
        }
        let oddities = &self.rules.oddities;
        let district = &self.districts[place].district;
        let numbered = oddities.numeric_ids.then(|| numbered::numbered(district));
        let district = numbered.as_ref().unwrap_or(district);
        let writer = Writer { district, oddities };
        match collections::find(district, path, oddities) {
            Found::One(kind, row) => page::single(writer, request, kind, row),
            Found::Many(kind, rows) => page::page(writer, request, kind, rows),
            Found::UnknownId if oddities.no_content_for_unknown => Response::empty(204),
            Found::UnknownId | Found::Nothing => unknown(),
            Found::Refused(status) => refuse(status, "forbidden", "this is not for you"),
        }
    }

    /// The place of the district that the request may read.
    fn admit(&mut self, request: &Request) -> Result<usize, &'static str> {
        let header = request.header("authorization").unwrap_or_default();
        if let Some(bearer) = &self.rules.bearer
            && header == format!("Bearer {bearer}")
        {
            return Ok(0);
        }
        let now = self.clock.now().as_second();
        oauth1::admit(
            request,
            self.rules.method,
            &self.origins,
            &self.districts,
            now,
            &mut self.used,
        )
    }
}

fn unknown() -> Response {
    refuse(404, "unknownobject", "there is nothing here")
}

/// An error as version 1.1 words it.
fn refuse(status: u16, minor: &str, description: &str) -> Response {
    let status_info = json!({
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_codeMinor": minor,
        "imsx_description": description,
    });
    Response::json(status, &json!({"statusInfoSet": [status_info]}))
}
