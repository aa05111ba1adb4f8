//! What can go wrong with a request, classified once.

use std::time::Duration;

/// Why a request brought no usable reply. Never carries a URL's query, a header or a body: all of them can be personal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The invocation's time does not allow another attempt; nothing is known to be wrong.
    #[error("no time is left for {endpoint}: the next attempt may start in {} s", wait.as_secs())]
    OutOfTime {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// How long until the next attempt may start.
        wait: Duration,
    },
    /// The service answered with a status that is not a success, for good.
    #[error("{endpoint} answered with status {status} (attempt {attempts})")]
    Status {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// The HTTP status.
        status: u16,
        /// The body, for the caller's eyes: it may hold personal data and is no part of the message.
        body: Body,
        /// How many times it was tried.
        attempts: u32,
    },
    /// No reply within the request's time.
    #[error("{endpoint} did not answer in time (attempt {attempts})")]
    Timeout {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// How many times it was tried.
        attempts: u32,
    },
    /// No connection, or one that broke before the reply was whole.
    #[error("the connection to {endpoint} failed (attempt {attempts})")]
    Connection {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// How many times it was tried.
        attempts: u32,
        /// What the transport says, without its URL.
        #[source]
        cause: reqwest::Error,
    },
    /// The reply is larger than anything the endpoint should send.
    #[error("the reply of {endpoint} is larger than {limit} bytes")]
    TooLarge {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// The request could not be built, or the client could not be set up.
    #[error("the request to {endpoint} cannot be made")]
    Request {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// What the transport says.
        #[source]
        cause: reqwest::Error,
    },
}

/// A response body that never shows itself in logs.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(pub bytes::Bytes);

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

impl Error {
    /// Whether the request may have reached the service although no reply says so.
    pub fn is_ambiguous(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::Connection { .. } | Self::TooLarge { .. } => true,
            Self::Status { status, .. } => *status >= 500,
            Self::OutOfTime { .. } | Self::Request { .. } => false,
        }
    }

    /// Whether the service was unable to answer now and may well be later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::Connection { .. } => true,
            // 501 means that the service has no such thing, today and tomorrow.
            Self::Status { status, .. } => {
                (*status >= 500 && *status != 501) || *status == 429 || *status == 408
            }
            Self::OutOfTime { .. } | Self::TooLarge { .. } | Self::Request { .. } => false,
        }
    }
}
