//! Roster sources: what a student information system shares, read whole or not at all.

mod ask;
mod attributes;
pub mod clever;
mod dates;
mod fields;
pub mod oneroster;

use std::future::Future;

use secrecy::SecretString;

use crate::model::roster::{Incomplete, Needs, Roster};

/// Why there is no roster. Nothing is changed in Adobe after any of these.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The source could not be reached, or failed, after all retries.
    #[error("the roster source did not answer")]
    Unavailable(#[source] crate::http::Error),
    /// The source refused the credentials, the path, or the request as such.
    #[error("the roster source refused {endpoint} with status {status}: {advice}")]
    Refused {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// The HTTP status.
        status: u16,
        /// What to do.
        advice: String,
    },
    /// A page is not what the source's documentation says.
    #[error("page {page} of {endpoint} cannot be read: {reason}")]
    BadPage {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// Counted from 1.
        page: usize,
        /// What is wrong, without personal data.
        reason: String,
    },
    /// All pages were read, and they do not fit together.
    #[error("the roster is not whole")]
    Incomplete(#[source] Incomplete),
    /// The invocation's time is over; another one goes on after the wait.
    #[error("the invocation's time is over")]
    OutOfTime {
        /// How long until it makes sense to go on.
        wait: std::time::Duration,
    },
    /// The configuration does not fit what the source says (several districts and none chosen, an unknown district).
    #[error("{0}")]
    Configuration(String),
}

/// How a source lets us in. Its secret holds one or the other.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// An access token, used as it is.
    Token(SecretString),
    /// An application's id and secret.
    Client {
        /// The application's id.
        id: SecretString,
        /// The application's secret.
        secret: SecretString,
    },
}

/// A student information system.
pub trait RosterSource {
    /// Reads what the needs name.
    fn read(&self, needs: &Needs) -> impl Future<Output = Result<Roster, Error>>;
}
