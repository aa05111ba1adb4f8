//! The simulators of the sandbox refuse what the real services refuse.

mod aws;
mod classlink;
mod clever;
mod dates;
mod district;
mod engine;
mod first_load;
mod irregular;
mod killed;
mod oneroster;
mod runtime;
mod world;

use std::time::Duration;

use jiff::Timestamp;
use roster_sync::clock::Clock;
use roster_sync::http::{Hosts, Transport};
use serde_json::Value;

/// Noon of a school day.
fn clock() -> Clock {
    let noon: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    Clock::simulated(noon)
}

/// A reply to somebody who is no client of ours.
struct Reply {
    status: u16,
    json: Value,
    headers: reqwest::header::HeaderMap,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

async fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let transport = Transport::new(Hosts::as_written()).unwrap();
    let method = method.parse().unwrap();
    let mut request = transport.request(method, url.parse().unwrap());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.to_owned()).build().unwrap();
    let reply = transport
        .attempt("simulator", request, Duration::from_secs(10))
        .await
        .unwrap();
    Reply {
        status: reply.status,
        json: serde_json::from_slice(reply.bytes()).unwrap_or_default(),
        headers: reply.headers,
    }
}

async fn get(url: &str, headers: &[(&str, &str)]) -> Reply {
    send("GET", url, headers, "").await
}
