//! The one place that builds HTTP clients, and one attempt at a request.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Request, Url};

use super::error::{Body, Error};

/// No endpoint of ours sends more than this in one page.
const LARGEST_REPLY: usize = 256 * 1024 * 1024;

/// Where hosts are found. The release binary goes where the configuration says; a sandbox stands in for real hosts.
#[derive(Debug, Clone, Default)]
pub struct Hosts(BTreeMap<String, Url>);

impl Hosts {
    /// Every host is where its name says.
    pub fn as_written() -> Self {
        Self::default()
    }

    /// Requests to `host` go to the scheme, host and port of `stand_in`.
    #[must_use]
    pub fn with(mut self, host: &str, stand_in: Url) -> Self {
        self.0.insert(host.to_owned(), stand_in);
        self
    }

    fn resolve(&self, url: &mut Url) {
        let Some(stand_in) = url.host_str().and_then(|host| self.0.get(host)) else {
            return;
        };
        let moved = url.set_scheme(stand_in.scheme()).is_ok()
            && url.set_host(stand_in.host_str()).is_ok()
            && url.set_port(stand_in.port()).is_ok();
        debug_assert!(moved, "a stand-in is a complete base URL");
    }
}

/// How many requests went to each endpoint. Clones share the counts.
#[derive(Debug, Clone, Default)]
pub struct Requests(Arc<Mutex<BTreeMap<&'static str, u64>>>);

impl Requests {
    /// Counts one request.
    pub fn count(&self, endpoint: &'static str) {
        *self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(endpoint)
            .or_default() += 1;
    }

    /// The counts by endpoint.
    pub fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A whole reply.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Body,
}

impl Reply {
    /// The bytes of the body.
    pub fn bytes(&self) -> &Bytes {
        &self.body.0
    }

    /// The text of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Sends single requests. Redirects are not followed: credentials go to the host that was named.
#[derive(Debug, Clone)]
pub struct Transport {
    client: reqwest::Client,
    hosts: Hosts,
}

impl Transport {
    /// One connection pool, TLS 1.2 or newer.
    ///
    /// # Errors
    /// [`Error::Request`] where the TLS stack cannot be set up.
    pub fn new(hosts: Hosts) -> Result<Self, Error> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that builds HTTP clients"
        )]
        let builder = reqwest::Client::builder();
        let client = builder
            .user_agent(concat!("roster-sync/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .no_proxy()
            .build()
            .map_err(|cause| Error::Request {
                endpoint: "client",
                cause,
            })?;
        Ok(Self { client, hosts })
    }

    /// A builder for requests of this transport.
    pub fn request(&self, method: reqwest::Method, url: Url) -> reqwest::RequestBuilder {
        self.client.request(method, url)
    }

    /// One attempt. Any whole reply is a success here, whatever its status.
    ///
    /// # Errors
    /// [`Error::Timeout`], [`Error::Connection`], [`Error::TooLarge`].
    pub async fn attempt(
        &self,
        endpoint: &'static str,
        mut request: Request,
        timeout: Duration,
    ) -> Result<Reply, Error> {
        self.hosts.resolve(request.url_mut());
        *request.timeout_mut() = Some(timeout);
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(|cause| classify(endpoint, cause))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut body = BytesMut::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|cause| classify(endpoint, cause))?
        {
            if body.len() + chunk.len() > LARGEST_REPLY {
                return Err(Error::TooLarge {
                    endpoint,
                    limit: LARGEST_REPLY,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply {
            status,
            headers,
            body: Body(body.freeze()),
        })
    }
}

fn classify(endpoint: &'static str, cause: reqwest::Error) -> Error {
    let cause = cause.without_url();
    if cause.is_timeout() {
        Error::Timeout {
            endpoint,
            attempts: 1,
        }
    } else if cause.is_builder() {
        Error::Request { endpoint, cause }
    } else {
        Error::Connection {
            endpoint,
            attempts: 1,
            cause,
        }
    }
}
