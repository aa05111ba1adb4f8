//! Adobe's organization: addresses, marks, pace, and one renewal of the token a request.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::Url;

use super::auth::Auth;
use super::request::{Marks, Outgoing, RequestIds, Signer};
use super::{AdobeDirectory, Credentials, Error, Last, Submission, advice, endpoint};
use crate::config;
use crate::http::{self, Call, Http, Pace, ReadError, Reply, RetryPolicy, Sent, Transport};
use crate::model::directory::{Directory, Scope};
use crate::model::id::GroupName;
use crate::reconcile::action::Batch;
use crate::reconcile::outcome::BatchOutcome;

/// The waits after a first failure. A page of a list that is asked for again at once has earned half an hour of `Retry-After`.
const FIRST_WAIT_TOKEN: Duration = Duration::from_secs(2);
const FIRST_WAIT_LISTS: Duration = Duration::from_secs(15);
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
    groups: Pace,
    actions: Pace,
    marks: Marks,
    ids: RequestIds,
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
    /// For one invocation. `began` says that an earlier invocation of the pass sent requests, so that none is the first.
    pub fn new(http: Http, config: &config::Umapi, credentials: Credentials, began: bool) -> Self {
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
        let (pace, windows) = (
            config.requests_per_minute,
            http.invocation().windows.clone(),
        );
        Self {
            http,
            auth: Auth::new(&client_id, &client_secret, config.token_url.clone(), policy),
            base: config.base.clone(),
            org_id: org_id.trim().to_owned(),
            timeout: config.timeout,
            retries: config.retries,
            users: Pace::per_minute(pace.users).in_window(&windows, "users"),
            groups: Pace::per_minute(pace.groups).in_window(&windows, "groups"),
            actions: Pace::per_minute(pace.action).in_window(&windows, "action"),
            marks: Marks::new(began),
            ids: RequestIds::new(),
        }
    }

    pub(super) fn users_call(&self) -> Call<'_> {
        self.call(endpoint::USERS, &self.users, FIRST_WAIT_LISTS)
    }

    /// Pages of single groups share the window of the list of all users: a pass reads one or the other.
    pub(super) fn members_call(&self) -> Call<'_> {
        self.call(endpoint::MEMBERS, &self.users, FIRST_WAIT_LISTS)
    }

    pub(super) fn groups_call(&self) -> Call<'_> {
        self.call(endpoint::GROUPS, &self.groups, FIRST_WAIT_LISTS)
    }

    pub(super) fn actions_call(&self) -> Call<'_> {
        self.call(endpoint::ACTIONS, &self.actions, FIRST_WAIT_ACTIONS)
    }

    fn call<'a>(&self, endpoint: &'static str, pace: &'a Pace, first_wait: Duration) -> Call<'a> {
        Call {
            endpoint,
            pace: Some(pace),
            kept_as: None,
            policy: RetryPolicy {
                timeout: self.timeout,
                retries: self.retries,
                first_wait,
            },
        }
    }

    /// `<base>/<resource>/<org>`, and further segments; each is percent-encoded.
    pub(super) fn url<'a>(&self, resource: &str, below: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend([resource, &self.org_id])
                .extend(below);
        }
        url
    }

    fn signer<'a>(&'a self, endpoint: &'static str, outgoing: &'a Outgoing) -> Signer<'a> {
        Signer {
            http: &self.http,
            auth: &self.auth,
            ids: &self.ids,
            marks: &self.marks,
            endpoint,
            outgoing,
            no_token: OnceLock::new(),
        }
    }

    /// Sends a request that is safe to repeat. After a 401 it is sent once more with a new token.
    pub(super) async fn send(&self, call: Call<'_>, outgoing: &Outgoing) -> Result<Sent, Failure> {
        self.renewing(call, async |earlier| {
            let signer = self.signer(call.endpoint, outgoing);
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

    /// Sends a request that changes nothing until its reply can be read, unless an earlier invocation of the pass has
    /// the reply; `Err` is a reply that cannot be read.
    pub(super) async fn fetch<T, E>(
        &self,
        call: Call<'_>,
        outgoing: &Outgoing,
        read: impl Fn(&Reply) -> Result<T, E>,
    ) -> Result<Result<T, E>, Failure> {
        let call = Call {
            kept_as: Some(&outgoing.url),
            ..call
        };
        self.renewing(call, async |_earlier| {
            let signer = self.signer(call.endpoint, outgoing);
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

impl AdobeDirectory for Client {
    async fn read(&self, scope: &Scope, last: Last) -> Result<Directory, Error> {
        match scope {
            Scope::Everybody => self.read_everybody(last).await,
            Scope::Members(groups) => self.read_members(groups, last).await,
        }
    }

    async fn groups(&self, last: Last) -> Result<BTreeSet<GroupName>, Error> {
        self.read_groups(last).await
    }

    async fn apply(&self, batch: &Batch, submission: Submission) -> Result<BatchOutcome, Error> {
        self.apply_batch(batch, submission).await
    }
}
