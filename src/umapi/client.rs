//! Requests to UMAPI: pages of users, batches of actions.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Request, Url};
use secrecy::{ExposeSecret, SecretString};

use super::auth::Auth;
use super::reply;
use super::wire::{self, UsersPage};
use super::{AdobeDirectory, Credentials, Error, Last};
use crate::config;
use crate::http::{self, Call, Http, Pace, Reply, RetryPolicy, Sent, Transport};
use crate::model::directory::{Directory, User};
use crate::reconcile::action::Batch;
use crate::reconcile::outcome::BatchOutcome;

const USERS: &str = "Adobe users";
const ACTION: &str = "Adobe action";
/// Of 2,000 users: a directory of forty million.
const MOST_PAGES: usize = 20_000;

/// One organization, for one invocation.
#[derive(Debug)]
pub struct Client {
    http: Http,
    auth: Auth,
    credentials: Credentials,
    base: Url,
    policy: RetryPolicy,
    users: Pace,
    action: Pace,
    started: AtomicBool,
    requests: AtomicU64,
}

impl Client {
    /// Takes what it needs of the configuration; nothing is sent yet.
    pub fn new(http: Http, config: &config::Umapi, credentials: Credentials) -> Self {
        let policy = RetryPolicy {
            timeout: config.timeout,
            retries: config.retries,
            first_wait: Duration::from_secs(2),
        };
        Self {
            auth: Auth::new(config.token_url.clone(), policy),
            http,
            credentials,
            base: config.base.clone(),
            policy,
            users: Pace::per_minute(config.requests_per_minute.users),
            action: Pace::per_minute(config.requests_per_minute.action),
            started: AtomicBool::new(false),
            requests: AtomicU64::new(0),
        }
    }

    fn url(&self, parts: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }

    /// A request with Adobe's headers. The first one of the pass is marked, and the last one.
    fn request(
        &self,
        transport: &Transport,
        asked: &Asked<'_>,
        token: &SecretString,
    ) -> Result<Request, http::Error> {
        let unbuildable = |cause| http::Error::Request {
            endpoint: asked.endpoint,
            cause,
        };
        let mut builder = match asked.body {
            Some(body) => transport
                .request(Method::POST, asked.url.clone())
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone()),
            None => transport.request(Method::GET, asked.url.clone()),
        };
        builder = builder
            .bearer_auth(token.expose_secret())
            .header(ACCEPT, "application/json")
            .header("X-Api-Key", self.credentials.client_id.expose_secret())
            .header("X-Request-Id", self.request_id());
        if let Some(mark) = asked.mark {
            builder = builder.header("Pragma", mark);
        }
        builder.build().map_err(unbuildable)
    }

    /// The mark of the next request.
    fn mark(&self, last: Last) -> Option<&'static str> {
        if !self.started.swap(true, Ordering::Relaxed) {
            Some("umapi-sync-start")
        } else if last == Last::Yes {
            Some("umapi-sync-end")
        } else {
            None
        }
    }

    /// Sends, with a new token once where the one in use is refused.
    async fn send(&self, asked: &Asked<'_>) -> Result<Result<Sent, http::Error>, Error> {
        let call = Call {
            endpoint: asked.endpoint,
            pace: Some(asked.pace),
            policy: self.policy,
        };
        let mut renewed = false;
        loop {
            let token = self.auth.token(&self.http, &self.credentials).await?;
            let build = async |transport: &Transport| self.request(transport, asked, &token);
            match self.http.send(call, build).await {
                Err(http::Error::Status { status: 401, .. }) if !renewed => {
                    renewed = true;
                    self.auth.forget();
                }
                result => return Ok(result),
            }
        }
    }

    fn request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        format!(
            "roster-sync-{}-{number}",
            self.http.clock().now().as_millisecond()
        )
    }
}

/// One request as the caller wants it.
struct Asked<'a> {
    endpoint: &'static str,
    url: Url,
    pace: &'a Pace,
    body: Option<&'a Bytes>,
    mark: Option<&'static str>,
}

impl AdobeDirectory for Client {
    async fn read(&self, last: Last) -> Result<Directory, Error> {
        let mut users: Vec<User> = Vec::new();
        let mut unnamed = 0_usize;
        let mut last_known = None;
        for page in 0..MOST_PAGES {
            let ends = last_known == Some(page);
            let (rows, header) = self.page(page, if ends { last } else { Last::No }).await?;
            last_known = header.pages.and_then(|pages| pages.checked_sub(1));
            let before = users.len();
            let seen = rows.users.len();
            users.extend(rows.users.into_iter().filter_map(wire::UserRow::user));
            unnamed += seen - (users.len() - before);
            if rows.last_page {
                tracing::info!(pages = page + 1, users = users.len(), unnamed, "read Adobe");
                return Ok(Directory::new(users));
            }
            if seen == 0 {
                return Err(Error::BadReply {
                    endpoint: USERS,
                    reason: format!("page {page} is empty and is not the last one"),
                });
            }
        }
        Err(Error::BadReply {
            endpoint: USERS,
            reason: format!("there are more than {MOST_PAGES} pages"),
        })
    }

    async fn apply(&self, batch: &Batch, test: bool, last: Last) -> Result<BatchOutcome, Error> {
        let mut url = self.url(&["action", &self.credentials.org_id]);
        if test {
            url.query_pairs_mut().append_pair("testOnly", "true");
        }
        let body = serde_json::to_vec(&wire::body(batch)).map_err(|cause| Error::BadReply {
            endpoint: ACTION,
            reason: cause.to_string(),
        })?;
        let body = Bytes::from(body);
        let asked = Asked {
            endpoint: ACTION,
            url,
            pace: &self.action,
            body: Some(&body),
            mark: self.mark(last),
        };
        match self.send(&asked).await? {
            Ok(sent) => Ok(reply::outcome(batch, &sent)),
            Err(error) => reply::failure(batch, error),
        }
    }
}

/// What a page's headers say of the whole.
struct PageHeader {
    pages: Option<usize>,
}

impl Client {
    /// One page. A body that cannot be read is fetched again, like any read that failed.
    async fn page(&self, page: usize, last: Last) -> Result<(UsersPage, PageHeader), Error> {
        let mut url = self.url(&["users", &self.credentials.org_id, &page.to_string()]);
        url.query_pairs_mut().append_pair("directOnly", "true");
        let asked = Asked {
            endpoint: USERS,
            url,
            pace: &self.users,
            body: None,
            mark: self.mark(last),
        };
        let mut tries = 0;
        loop {
            let sent = self.send(&asked).await?.map_err(from_http)?;
            match reply::users(&sent.reply) {
                Ok(rows) => {
                    return Ok((
                        rows,
                        PageHeader {
                            pages: pages(&sent.reply),
                        },
                    ));
                }
                Err(_) if tries < self.policy.retries => tries += 1,
                Err(reason) => {
                    return Err(Error::BadReply {
                        endpoint: USERS,
                        reason: format!("page {page}: {reason}"),
                    });
                }
            }
        }
    }
}

fn pages(reply: &Reply) -> Option<usize> {
    reply.header("x-page-count")?.parse().ok()
}

/// A failed request in this module's terms.
pub(super) fn from_http(error: http::Error) -> Error {
    match error {
        http::Error::OutOfTime { wait, .. } => Error::OutOfTime { wait },
        http::Error::Status {
            endpoint, status, ..
        } if status < 500 && status != 429 && status != 408 => Error::Refused {
            endpoint,
            status,
            advice: advice(status),
        },
        other => Error::Unavailable(other),
    }
}

fn advice(status: u16) -> &'static str {
    match status {
        401 => "the credentials are not valid for this org_id",
        403 => {
            "the client_id is not allowed to use the User Management API, or the organization is being migrated"
        }
        404 => {
            "Adobe does not know this org_id, or server.endpoint is wrong; no list of users is not an empty list"
        }
        _ => "the request is not one that Adobe takes",
    }
}
