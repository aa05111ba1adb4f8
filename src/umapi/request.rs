//! One request to the User Management API, signed anew for every attempt.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, PRAGMA};
use reqwest::{Method, Request, Url};
use secrecy::{ExposeSecret, SecretString};

use super::auth::Auth;
use super::client::Failure;
use super::{Error, Last, endpoint};
use crate::http::{self, Http, Transport};

/// A request of ours before it has a token.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) url: Url,
    last: Last,
    /// A POST where there is one, else a GET.
    body: Option<Bytes>,
    /// For `Pragma`: the same for every attempt, and none is given away for a request that is never sent.
    mark: OnceLock<Option<&'static str>>,
}

impl Outgoing {
    /// A GET.
    pub(super) fn get(url: Url, last: Last) -> Self {
        Self {
            url,
            last,
            body: None,
            mark: OnceLock::new(),
        }
    }

    /// A POST of this body.
    pub(super) fn post(url: Url, last: Last, body: Bytes) -> Self {
        Self {
            body: Some(body),
            ..Self::get(url, last)
        }
    }
}

/// Gives away the marks for `Pragma`.
#[derive(Debug)]
pub(super) struct Marks {
    /// Whether that of the first request was given away.
    began: AtomicBool,
}

impl Marks {
    pub(super) fn new(began: bool) -> Self {
        Self {
            began: AtomicBool::new(began),
        }
    }

    /// The mark of the request that is sent next. One that is both first and last is marked as the first.
    fn next(&self, last: Last) -> Option<&'static str> {
        let first = !self.began.swap(true, Ordering::Relaxed);
        match (first, last) {
            (true, Last::Yes | Last::No) => Some("umapi-sync-start"),
            (false, Last::Yes) => Some("umapi-sync-end"),
            (false, Last::No) => None,
        }
    }
}

/// Values for `X-Request-Id`, which Adobe's support asks for.
#[derive(Debug)]
pub(super) struct RequestIds {
    /// Tells invocations apart.
    client: u64,
    given: AtomicU64,
}

impl RequestIds {
    pub(super) fn new() -> Self {
        Self {
            client: RandomState::new().build_hasher().finish(),
            given: AtomicU64::new(0),
        }
    }

    fn next(&self) -> String {
        let number = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{:016x}-{number}", self.client)
    }
}

/// Builds the attempts of one request, each with the token of its time.
pub(super) struct Signer<'a> {
    pub(super) http: &'a Http,
    pub(super) auth: &'a Auth,
    pub(super) ids: &'a RequestIds,
    pub(super) marks: &'a Marks,
    /// The endpoint's short name.
    pub(super) endpoint: &'static str,
    pub(super) outgoing: &'a Outgoing,
    /// Why there is no token. The HTTP layer has no room for it.
    pub(super) no_token: OnceLock<Error>,
}

impl Signer<'_> {
    pub(super) async fn build(&self, transport: &Transport) -> Result<Request, http::Error> {
        match self.auth.token(self.http).await {
            Ok(token) => self.request(transport, &token),
            Err(error) => {
                self.no_token.get_or_init(|| error);
                // Ends the attempts, and is replaced by what is kept above.
                Err(http::Error::OutOfTime {
                    endpoint: endpoint::TOKEN,
                    wait: Duration::ZERO,
                })
            }
        }
    }

    fn request(&self, transport: &Transport, token: &SecretString) -> Result<Request, http::Error> {
        let id = self.ids.next();
        tracing::debug!(endpoint = self.endpoint, request_id = %id, "a request to Adobe");
        let method = if self.outgoing.body.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut request = transport
            .request(method, self.outgoing.url.clone())
            .bearer_auth(token.expose_secret())
            .header("X-Api-Key", self.auth.api_key())
            .header("X-Request-Id", id)
            .header(ACCEPT, "application/json");
        let outgoing = self.outgoing;
        let mark = outgoing.mark.get_or_init(|| self.marks.next(outgoing.last));
        if let Some(mark) = *mark {
            request = request.header(PRAGMA, mark);
        }
        if let Some(body) = &self.outgoing.body {
            // Without a charset: some of Adobe's gateways refuse one.
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        request.build().map_err(|cause| http::Error::Request {
            endpoint: self.endpoint,
            cause: cause.without_url(),
        })
    }

    /// What an error of the HTTP layer was.
    pub(super) fn failure(self, error: http::Error) -> Failure {
        match self.no_token.into_inner() {
            Some(error) => Failure::Fatal(error),
            None => Failure::Request(error),
        }
    }
}
