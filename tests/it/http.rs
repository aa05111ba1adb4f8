//! Requests that do not go well.

mod deadline;
mod kept;
pub mod slices;
mod windows;

use std::error::Error as _;
use std::io::Write;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Method, Url};
use roster_sync::clock::{Clock, Deadline};
use roster_sync::http::{
    Call, Error, Hosts, Http, Invocation, Pace, ReadError, Requests, RetryPolicy, Sent, Transport,
};
use serde_json::json;

use crate::simulators::server::{Fault, Response, Server};

const POLICY: RetryPolicy = RetryPolicy {
    timeout: Duration::from_secs(20),
    retries: 3,
    first_wait: Duration::from_secs(1),
};

const CALL: Call<'static> = Call {
    endpoint: "things",
    pace: None,
    kept_as: None,
    policy: POLICY,
};

/// A service that answers `fine`, one second a request, and a client with ten minutes of time.
struct World {
    server: Server,
    clock: Clock,
    start: Timestamp,
    requests: Requests,
    http: Http,
}

impl World {
    async fn new() -> Self {
        Self::at(Hosts::as_written()).await
    }

    async fn at(hosts: Hosts) -> Self {
        let start = "2026-11-24T06:00:00Z".parse().unwrap();
        let clock = Clock::simulated(start);
        let handler = Box::new(|_: &_| Response::json(200, &json!("fine")));
        let server = Server::start(clock.clone(), Duration::from_secs(1), handler).await;
        let end = start.checked_add(Duration::from_mins(10)).unwrap();
        let invocation = Invocation::new(Deadline::new(start, end));
        let requests = invocation.requests.clone();
        let http = Http::new(Transport::new(hosts).unwrap(), clock.clone(), invocation);
        Self {
            server,
            clock,
            start,
            requests,
            http,
        }
    }

    /// The first requests meet these faults, one each.
    fn faults(&self, faults: Vec<Fault>) {
        let mut faults = faults.into_iter();
        self.server.fault(Box::new(move |_| faults.next()));
    }

    fn url(&self) -> Url {
        Url::parse(&format!("{}/things?planted", self.server.url())).unwrap()
    }

    async fn send(&self, call: Call<'_>) -> Result<Sent, Error> {
        self.send_to(call, self.url()).await
    }

    async fn send_to(&self, call: Call<'_>, url: Url) -> Result<Sent, Error> {
        self.http
            .send(call, async |transport| build(transport, &url))
            .await
    }

    fn passed(&self) -> Duration {
        Duration::try_from(self.clock.now().duration_since(self.start)).unwrap()
    }

    fn sent(&self) -> usize {
        self.server.log().len()
    }
}

fn build(transport: &Transport, url: &Url) -> Result<reqwest::Request, Error> {
    transport
        .request(Method::GET, url.clone())
        .bearer_auth("planted")
        .build()
        .map_err(|cause| Error::Request {
            endpoint: "things",
            cause,
        })
}

fn status(status: u16) -> Fault {
    Fault::Reply(Response::json(status, &json!({"message": "planted"})))
}

/// An error and its causes, for people and for programmers.
fn everything(error: &Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text} {next} {next:?}");
        cause = next.source();
    }
    text
}

#[tokio::test]
async fn a_passing_failure_is_tried_again() {
    for (fault, ambiguous) in [
        (status(500), true),
        (status(503), true),
        (status(429), false),
        (status(408), false),
        (Fault::Reset, true),
        (Fault::ResetAfterEffect, true),
        (Fault::Truncate(50), true),
    ] {
        let world = World::new().await;
        world.faults(vec![fault.clone(), fault]);
        let sent = world.send(CALL).await.unwrap();
        assert_eq!(sent.reply.bytes().as_ref(), b"\"fine\"");
        assert_eq!(sent.repeated_after_ambiguity, ambiguous);
        assert_eq!(world.requests.counts()["things"], 3);
        // Two waits, of one and two seconds and up to as much again, and three requests of a second.
        let passed = world.passed();
        assert!(passed >= Duration::from_secs(6), "{passed:?}");
        assert!(passed <= Duration::from_secs(9), "{passed:?}");
    }
}

#[tokio::test]
async fn a_failure_that_stays_ends_with_the_retries() {
    let world = World::new().await;
    world.server.fault(Box::new(|_| Some(status(502))));
    let error = world.send(CALL).await.unwrap_err();
    assert!(matches!(
        error,
        Error::Status {
            status: 502,
            attempts: 4,
            ..
        }
    ));
    assert_eq!(world.sent(), 4);
}

#[tokio::test]
async fn a_refusal_is_not_tried_again() {
    for refusal in [301, 302, 307, 400, 401, 403, 404, 413, 422] {
        let world = World::new().await;
        let elsewhere = format!("{}/elsewhere", world.server.url());
        let reply = Response::empty(refusal).with("location", &elsewhere);
        world.faults(vec![Fault::Reply(reply)]);
        let error = world.send(CALL).await.unwrap_err();
        assert!(matches!(error, Error::Status { status, attempts: 1, .. } if status == refusal));
        assert_eq!(world.sent(), 1);
    }
}

#[tokio::test]
async fn a_service_says_how_long_to_wait_in_seconds_or_as_a_date() {
    for (header, seconds) in [
        ("120", 120),
        (" 120 ", 120),
        ("Tue, 24 Nov 2026 06:02:01 GMT", 120),
        ("Tue, 24 Nov 2026 05:00:00 GMT", 1),
        ("0", 1),
        ("-5", 1),
        ("presently", 1),
    ] {
        for busy in [429, 503] {
            let world = World::new().await;
            let reply = Response::empty(busy).with("retry-after", header);
            world.faults(vec![Fault::Reply(reply)]);
            world.send(CALL).await.unwrap();
            let wait = world.passed().saturating_sub(Duration::from_secs(2));
            assert!(wait >= Duration::from_secs(seconds), "{header}: {wait:?}");
            assert!(
                wait <= Duration::from_secs(seconds + 1),
                "{header}: {wait:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_paced_endpoint_waits_for_its_window() {
    let world = World::new().await;
    let pace = Pace::per_minute(2);
    let call = Call {
        pace: Some(&pace),
        ..CALL
    };
    for _ in 0..5 {
        world.send(call).await.unwrap();
    }
    assert_eq!(world.passed(), Duration::from_secs(121));
}

#[tokio::test]
async fn a_service_that_hangs_is_not_waited_for() {
    let world = World::new().await;
    let hang = Fault::Hang(Duration::from_secs(30));
    world.faults(vec![hang.clone(), hang]);
    let call = Call {
        policy: RetryPolicy {
            timeout: Duration::from_millis(100),
            retries: 1,
            ..POLICY
        },
        ..CALL
    };
    let error = world.send(call).await.unwrap_err();
    assert!(
        matches!(error, Error::Timeout { attempts: 2, .. }),
        "{error}"
    );
    assert!(error.is_ambiguous() && error.is_transient());
}

#[tokio::test]
async fn nobody_listens() {
    let world = World::new().await;
    let nobody = Url::parse("http://127.0.0.1:9/").unwrap();
    let error = world.send_to(CALL, nobody).await.unwrap_err();
    assert!(
        matches!(error, Error::Connection { attempts: 4, .. }),
        "{error}"
    );
}

fn gzip(text: &[u8]) -> Response {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    Response {
        status: 200,
        headers: vec![("content-encoding".to_owned(), "gzip".to_owned())],
        body: encoder.finish().unwrap().into(),
    }
}

#[tokio::test]
async fn compressed_replies_are_asked_for_and_read() {
    let world = World::new().await;
    let text = b"a roster ".repeat(1000);
    let whole = gzip(&text);
    let mut cut = whole.clone();
    cut.body.truncate(whole.body.len() / 2);
    world.faults(vec![Fault::Reply(cut), Fault::Reply(whole)]);
    let sent = world.send(CALL).await.unwrap();
    assert_eq!(sent.reply.bytes().as_ref(), text);
    let log = world.server.log();
    assert_eq!(log.len(), 2);
    assert_eq!(log[0].header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn errors_keep_addresses_credentials_and_bodies_to_themselves() {
    for fault in [status(400), status(500), Fault::Reset, Fault::Truncate(50)] {
        let world = World::new().await;
        world.server.fault(Box::new(move |_| Some(fault.clone())));
        let error = world.send(CALL).await.unwrap_err();
        assert!(!everything(&error).contains("planted"), "{error:?}");
    }
}

#[tokio::test]
async fn a_stand_in_takes_the_place_of_a_host() {
    let real = World::new().await;
    let stand_in = Url::parse(&real.server.url()).unwrap();
    let world = World::at(Hosts::as_written().with("api.clever.com", stand_in)).await;
    let url = Url::parse("https://api.clever.com/v2.1/students?limit=2").unwrap();
    world.send_to(CALL, url).await.unwrap();
    let request = real.server.log().pop().unwrap();
    assert_eq!(
        (request.path.as_str(), request.query.as_str()),
        ("/v2.1/students", "limit=2")
    );
}

/// Reads the word `fine` and nothing else.
async fn read(world: &World) -> Result<(), ReadError<&'static str>> {
    let url = world.url();
    world
        .http
        .read(
            CALL,
            async |transport| build(transport, &url),
            |reply| match reply.bytes().as_ref() {
                b"\"fine\"" => Ok(()),
                _ => Err("not fine"),
            },
        )
        .await
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_is_a_failed_attempt() {
    let world = World::new().await;
    world.faults(vec![Fault::CutBody(50), status(500), Fault::CutBody(0)]);
    read(&world).await.unwrap();
    assert_eq!(world.sent(), 4);

    let world = World::new().await;
    world.faults(vec![
        status(500),
        Fault::CutBody(50),
        status(503),
        Fault::CutBody(0),
    ]);
    let error = read(&world).await.unwrap_err();
    assert!(matches!(error, ReadError::Unreadable("not fine")));
    assert_eq!(world.sent(), 4);

    let world = World::new().await;
    world.faults(vec![Fault::CutBody(50), status(404)]);
    let error = read(&world).await.unwrap_err();
    assert!(matches!(
        error,
        ReadError::Http(Error::Status { attempts: 2, .. })
    ));
}
