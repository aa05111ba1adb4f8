//! One GET request to Clever, and what an administrator can do where it is not served.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Url};

use super::wire::NoPage;
use crate::http::{self, Call, Http, ReadError, Reply, RetryPolicy, Transport};
use crate::sis::Error;

/// Clever publishes no limit: a `Retry-After` is obeyed, and pages of ten thousand rows may take their time.
const POLICY: RetryPolicy = RetryPolicy {
    timeout: Duration::from_mins(1),
    retries: 4,
    first_wait: Duration::from_secs(1),
};

/// The setting that a request's address comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Setting {
    Host,
    TokenUrl,
}

impl Setting {
    /// Its name, and what it usually is for Clever.
    fn advice(self) -> &'static str {
        match self {
            Self::Host => {
                "check 'host' in connector-oneroster.yml (Clever's is https://api.clever.com/v2.1/)"
            }
            Self::TokenUrl => {
                "check 'token_url' in connector-oneroster.yml (Clever's is https://clever.com/oauth/tokens)"
            }
        }
    }
}

/// A request, as far as messages about it go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    /// The endpoint's short name.
    pub(super) endpoint: &'static str,
    /// Counted from 1.
    pub(super) page: usize,
    /// Where its address comes from.
    pub(super) setting: Setting,
    /// The secret that holds the credentials, where the configuration names one.
    pub(super) secret: Option<&'a str>,
}

impl Ask<'_> {
    /// Asks until there is a reply that `read` understands. The URL is always of our own making: a link in a reply may
    /// lead to another host, and the credentials with it.
    pub(super) async fn get<T>(
        self,
        http: &Http,
        url: Url,
        authorize: impl Fn(RequestBuilder) -> RequestBuilder,
        read: impl Fn(&Reply) -> Result<T, NoPage>,
    ) -> Result<T, Error> {
        let call = Call {
            endpoint: self.endpoint,
            pace: None,
            policy: POLICY,
        };
        let build = async |transport: &Transport| {
            authorize(transport.request(Method::GET, url.clone()))
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

    /// A page that cannot be used.
    pub(super) fn bad_page(self, reason: String) -> Error {
        Error::BadPage {
            endpoint: self.endpoint,
            page: self.page,
            reason,
        }
    }

    fn failed(self, error: http::Error) -> Error {
        if error.is_transient() {
            return Error::Unavailable(error);
        }
        match error {
            http::Error::OutOfTime { wait, .. } => Error::OutOfTime { wait },
            http::Error::Status { status, .. } => Error::Refused {
                endpoint: self.endpoint,
                status,
                advice: self.advice(status),
            },
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

    fn advice(self, status: u16) -> String {
        let secret = self.the_secret();
        let setting = self.setting.advice();
        match status {
            401 => format!(
                "Clever does not accept the credentials; put a valid access_token, or client_id and client_secret, into {secret}"
            ),
            403 => format!(
                "the credentials in {secret} may not read this; in Clever's dashboard, share schools, courses, sections, students and teachers with the application"
            ),
            404 => format!("nothing is there; {setting}"),
            413 => "a page of this size is too large for Clever; set a smaller page_size in connector-oneroster.yml (10000 is the most)".to_owned(),
            300..=399 => format!(
                "the answer leads to another address, and credentials are not sent after it; {setting}"
            ),
            _ => format!("Clever does not take the request; {setting}"),
        }
    }
}

/// The URL with these parameters, percent-encoded (a blank as `%20`, which every server reads).
pub(super) fn with_query(mut url: Url, pairs: &[(&str, &str)]) -> Url {
    if pairs.is_empty() {
        return url;
    }
    url.query_pairs_mut().extend_pairs(pairs);
    let query = url.query().map(|query| query.replace('+', "%20"));
    url.set_query(query.as_deref());
    url
}
