//! One GET request to a roster source, and what an administrator can do where it is not served.

use std::error;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Url};

use super::Error;
use crate::http::oauth1::encode;
use crate::http::{self, Call, Http, ReadError, Reply, RetryPolicy, Transport};

/// No source publishes a limit: a `Retry-After` is obeyed, and pages of ten thousand rows may take their time.
const POLICY: RetryPolicy = RetryPolicy {
    timeout: Duration::from_mins(1),
    retries: 4,
    first_wait: Duration::from_secs(1),
};

/// What to do about a status, in a sentence that names settings. The second argument is how to call the secret.
pub(super) type Advice = fn(u16, &str) -> String;

/// A request, as far as messages about it go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    /// The endpoint's short name.
    pub(super) endpoint: &'static str,
    /// Counted from 1.
    pub(super) page: usize,
    /// What to do where it is refused.
    pub(super) advice: Advice,
    /// The secret that holds the credentials, where the configuration names one.
    pub(super) secret: Option<&'a str>,
    /// Whether the next invocation of the pass may have the answer, too: not where it holds credentials.
    pub(super) kept: bool,
}

impl Ask<'_> {
    /// Asks until there is a reply that `read` understands. The URL is always of our own making: a link in a reply may
    /// lead to another host, and the credentials with it. `authorize` is called for every attempt.
    pub(super) async fn get<T, E: error::Error>(
        self,
        http: &Http,
        url: Url,
        authorize: impl Fn(RequestBuilder, &Url) -> RequestBuilder,
        read: impl Fn(&Reply) -> Result<T, E>,
    ) -> Result<T, Error> {
        let kept_as = self.kept.then(|| self.kept_as(&url));
        let call = Call {
            endpoint: self.endpoint,
            pace: None,
            kept_as: kept_as.as_ref(),
            policy: POLICY,
        };
        let build = async |transport: &Transport| {
            authorize(transport.request(Method::GET, url.clone()), &url)
                .build()
                .map_err(|cause| http::Error::Request {
                    endpoint: self.endpoint,
                    cause: cause.without_url(),
                })
        };
        http.read(call, build, read)
            .await
            .map_err(|error| match error {
                ReadError::Http(error) => self.failed(error),
                ReadError::Unreadable(no_page) => self.bad_page(no_page.to_string()),
            })
    }

    /// One URL is another list at another district: whose it is, the credentials say.
    fn kept_as(self, url: &Url) -> Url {
        let mut kept_as = url.clone();
        kept_as.set_fragment(self.secret);
        kept_as
    }

    /// Keeps that there was no answer but this status, and that the reading goes on without.
    pub(super) fn keep_failure(self, http: &Http, url: &Url, status: u16) {
        if self.kept {
            http.keep_failure(&self.kept_as(url), status);
        }
    }

    /// A page that cannot be used.
    pub(super) fn bad_page(self, reason: String) -> Error {
        Error::BadPage {
            endpoint: self.endpoint,
            page: self.page,
            reason,
        }
    }

    /// A status that is no success.
    pub(super) fn refused(self, status: u16) -> Error {
        Error::Refused {
            endpoint: self.endpoint,
            status,
            advice: (self.advice)(status, &self.the_secret()),
        }
    }

    fn failed(self, error: http::Error) -> Error {
        if error.is_transient() {
            return Error::Unavailable(error);
        }
        match error {
            http::Error::OutOfTime { wait, .. } => Error::OutOfTime { wait },
            http::Error::Status { status, .. } => self.refused(status),
            http::Error::TooLarge { limit, .. } => self.bad_page(format!(
                "it is larger than {limit} bytes; set a smaller page_size in connector-oneroster.yml"
            )),
            http::Error::Request { .. } => Error::Configuration(format!(
                "the credentials in {} cannot be sent: they must be plain text without line breaks",
                self.the_secret()
            )),
            unavailable @ (http::Error::Timeout { .. } | http::Error::Connection { .. }) => {
                Error::Unavailable(unavailable)
            }
        }
    }

    fn the_secret(self) -> String {
        match self.secret {
            Some(name) => format!("the secret '{name}'"),
            None => "the roster source's secret".to_owned(),
        }
    }
}

/// The URL with these parameters in this order, percent-encoded (a blank as `%20`, which every server reads).
pub(super) fn with_query(mut url: Url, pairs: &[(&str, &str)]) -> Url {
    if pairs.is_empty() {
        return url;
    }
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    let query = pairs.collect::<Vec<_>>().join("&");
    url.set_query(Some(&query));
    url
}
