//! Requests to the User Management API: headers, marks, pace, and one renewal of the token.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, PRAGMA};
use reqwest::{Method, Request, Url};
use secrecy::{ExposeSecret, SecretString};

use super::auth::Auth;
use super::{AdobeDirectory, Credentials, Error, Last, advice, endpoint};
use crate::config;
use crate::http::{self, Call, Http, Pace, ReadError, Reply, RetryPolicy, Sent, Transport};
use crate::model::directory::Directory;
use crate::reconcile::action::Batch;
use crate::reconcile::outcome::BatchOutcome;

/// The waits after a first failure. A page that is asked for again at once has earned half an hour of `Retry-After`.
const FIRST_WAIT_TOKEN: Duration = Duration::from_secs(2);
const FIRST_WAIT_USERS: Duration = Duration::from_secs(15);
const FIRST_WAIT_ACTIONS: Duration = Duration::from_secs(5);

/// An Adobe organization behind the User Management API, for one invocation.
#[derive(Debug)]
pub struct Client {
    pub(super) http: Http,
    auth: Auth,
    /// Ends in `/`.
    base: Url,
    org_id: String,
    timeout: Duration,
    retries: u32,
    users: Pace,
    actions: Pace,
    /// Whether the mark of the first request was given away.
    began: AtomicBool,
    ids: RequestIds,
}

/// Values for `X-Request-Id`, which Adobe's support asks for.
#[derive(Debug)]
struct RequestIds {
    /// Tells invocations apart.
    client: u64,
    given: AtomicU64,
}

impl RequestIds {
    fn new() -> Self {
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

/// A request of ours before it has a token.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) url: Url,
    /// For `Pragma`.
    pub(super) mark: Option<&'static str>,
    /// A POST where there is one, else a GET.
    pub(super) body: Option<Bytes>,
}

/// Why a request has no successful reply.
#[derive(Debug)]
pub(super) enum Failure {
    /// No further request makes sense.
    Fatal(Error),
    /// Something is wrong with this request, or with Adobe just now.
    Request(http::Error),
}

impl Client {
    /// For one invocation: the windows of the pace and the marks begin anew.
    pub fn new(http: Http, config: &config::Umapi, credentials: Credentials) -> Self {
        let Credentials {
            client_id,
            client_secret,
            org_id,
        } = credentials;
        let policy = RetryPolicy {
            timeout: config.timeout,
            retries: config.retries,
            first_wait: FIRST_WAIT_TOKEN,
        };
        Self {
            http,
            auth: Auth::new(&client_id, &client_secret, config.token_url.clone(), policy),
            base: config.base.clone(),
            org_id: org_id.trim().to_owned(),
            timeout: config.timeout,
            retries: config.retries,
            users: Pace::per_minute(config.requests_per_minute.users),
            actions: Pace::per_minute(config.requests_per_minute.action),
            began: AtomicBool::new(false),
            ids: RequestIds::new(),
        }
    }

    pub(super) fn users_call(&self) -> Call<'_> {
        self.call(endpoint::USERS, &self.users, FIRST_WAIT_USERS)
    }

    pub(super) fn actions_call(&self) -> Call<'_> {
        self.call(endpoint::ACTIONS, &self.actions, FIRST_WAIT_ACTIONS)
    }

    fn call<'a>(&self, endpoint: &'static str, pace: &'a Pace, first_wait: Duration) -> Call<'a> {
        Call {
            endpoint,
            pace: Some(pace),
            policy: RetryPolicy {
                timeout: self.timeout,
                retries: self.retries,
                first_wait,
            },
        }
    }

    /// `<base>/<resource>/<org>`, and further segments; each is percent-encoded.
    pub(super) fn url(&self, resource: &str, below: Option<&str>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend([resource, &self.org_id])
                .extend(below);
        }
        url
    }

    /// The mark of the request that is sent next. One that is both first and last is marked as the first.
    pub(super) fn mark(&self, last: Last) -> Option<&'static str> {
        let first = !self.began.swap(true, Ordering::Relaxed);
        match (first, last) {
            (true, Last::Yes | Last::No) => Some("umapi-sync-start"),
            (false, Last::Yes) => Some("umapi-sync-end"),
            (false, Last::No) => None,
        }
    }

    /// Sends a request that is safe to repeat. After a 401 it is sent once more with a new token.
    pub(super) async fn send(&self, call: Call<'_>, outgoing: &Outgoing) -> Result<Sent, Failure> {
        self.renewing(call, async |earlier| {
            let signer = Signer::new(self, call.endpoint, outgoing);
            let mut sent = self
                .http
                .send(call, async |transport| signer.build(transport).await)
                .await
                .map_err(|error| signer.failure(error))?;
            sent.repeated_after_ambiguity |= earlier;
            Ok(sent)
        })
        .await
    }

    /// Sends a request that changes nothing until its reply can be read; `Err` is a reply that cannot be.
    pub(super) async fn fetch<T, E>(
        &self,
        call: Call<'_>,
        outgoing: &Outgoing,
        read: impl Fn(&Reply) -> Result<T, E>,
    ) -> Result<Result<T, E>, Failure> {
        self.renewing(call, async |_earlier| {
            let signer = Signer::new(self, call.endpoint, outgoing);
            let build = async |transport: &Transport| signer.build(transport).await;
            match self.http.read(call, build, &read).await {
                Ok(value) => Ok(Ok(value)),
                Err(ReadError::Unreadable(unreadable)) => Ok(Err(unreadable)),
                Err(ReadError::Http(error)) => Err(signer.failure(error)),
            }
        })
        .await
    }

    /// One try, and after a 401 another one with a new token; it is told whether an earlier attempt may have taken
    /// effect. The 401 itself has none, but it may be the answer to a repetition, and what that repeats is not known.
    async fn renewing<T>(
        &self,
        call: Call<'_>,
        attempt: impl AsyncFn(bool) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let refused = match attempt(false).await {
            Err(Failure::Request(http::Error::Status {
                status: 401,
                attempts,
                ..
            })) => attempts,
            other => return other.map_err(|failure| failure.judged(call.endpoint)),
        };
        self.auth.forget();
        attempt(refused > 1)
            .await
            .map_err(|failure| failure.judged(call.endpoint))
    }
}

impl Failure {
    /// Sorts out what no further request can cure.
    fn judged(self, endpoint: &'static str) -> Self {
        match self {
            Self::Request(http::Error::OutOfTime { wait, .. }) => {
                Self::Fatal(Error::OutOfTime { wait })
            }
            Self::Request(http::Error::Status { status, .. })
                if matches!(status, 300..=399 | 401 | 403 | 404) =>
            {
                Self::Fatal(Error::Refused {
                    endpoint,
                    status,
                    advice: advice::on_request(status),
                })
            }
            Self::Request(error @ http::Error::Request { .. }) => {
                Self::Fatal(Error::Unavailable(error))
            }
            other @ (Self::Fatal(_) | Self::Request(_)) => other,
        }
    }
}

/// Builds the attempts of one request, each with the token of its time.
struct Signer<'a> {
    client: &'a Client,
    endpoint: &'static str,
    outgoing: &'a Outgoing,
    /// Why there is no token. The HTTP layer has no room for it.
    no_token: OnceLock<Error>,
}

impl<'a> Signer<'a> {
    fn new(client: &'a Client, endpoint: &'static str, outgoing: &'a Outgoing) -> Self {
        Self {
            client,
            endpoint,
            outgoing,
            no_token: OnceLock::new(),
        }
    }

    async fn build(&self, transport: &Transport) -> Result<Request, http::Error> {
        match self.client.auth.token(&self.client.http).await {
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
        let id = self.client.ids.next();
        tracing::debug!(endpoint = self.endpoint, request_id = %id, "a request to Adobe");
        let method = if self.outgoing.body.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut request = transport
            .request(method, self.outgoing.url.clone())
            .bearer_auth(token.expose_secret())
            .header("X-Api-Key", self.client.auth.api_key())
            .header("X-Request-Id", id)
            .header(ACCEPT, "application/json");
        if let Some(mark) = self.outgoing.mark {
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

    fn failure(self, error: http::Error) -> Failure {
        match self.no_token.into_inner() {
            Some(error) => Failure::Fatal(error),
            None => Failure::Request(error),
        }
    }
}

impl AdobeDirectory for Client {
    async fn read(&self, last: Last) -> Result<Directory, Error> {
        self.read_users(last).await
    }

    async fn apply(&self, batch: &Batch, test: bool, last: Last) -> Result<BatchOutcome, Error> {
        self.apply_batch(batch, test, last).await
    }
}
