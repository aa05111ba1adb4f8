//! Adobe's User Management API: reading the directory, applying batches of actions.

mod auth;
mod client;
mod reply;
mod wire;

use std::future::Future;
use std::time::Duration;

use secrecy::SecretString;

pub use client::Client;

use crate::model::directory::Directory;
use crate::reconcile::action::Batch;
use crate::reconcile::outcome::BatchOutcome;

/// Why Adobe could not be read or changed. Messages of Adobe's that may name people are not among the texts.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Adobe could not be reached, or failed, after all retries.
    #[error("Adobe did not answer")]
    Unavailable(#[source] crate::http::Error),
    /// Adobe refused the credentials or the organization.
    #[error("Adobe refused {endpoint} with status {status}: {advice}")]
    Refused {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// The HTTP status.
        status: u16,
        /// What to do.
        advice: &'static str,
    },
    /// A reply is not what Adobe documents.
    #[error("the reply of {endpoint} cannot be read: {reason}")]
    BadReply {
        /// The endpoint's short name.
        endpoint: &'static str,
        /// What is wrong, without personal data.
        reason: String,
    },
    /// The invocation's time is over; another one goes on after the wait.
    #[error("the invocation's time is over")]
    OutOfTime {
        /// How long until it makes sense to go on.
        wait: Duration,
    },
}

/// Where a request stands in the pass: Adobe asks for a mark on the first and on the last one
/// (`Pragma: umapi-sync-start`, `umapi-sync-end`; `umapi-client.py`, connection.py).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// More requests follow.
    No,
    /// This is the last one of the pass.
    Yes,
}

/// One Adobe organization.
pub trait AdobeDirectory {
    /// Reads every account. `last` says that nothing will be sent after this reading.
    fn read(&self, last: Last) -> impl Future<Output = Result<Directory, Error>>;

    /// Sends one batch; `test` lets Adobe check it and change nothing. Whatever became of the single actions is in the
    /// outcome; an error means that nothing more can be sent.
    fn apply(
        &self,
        batch: &Batch,
        test: bool,
        last: Last,
    ) -> impl Future<Output = Result<BatchOutcome, Error>>;
}

/// OAuth server-to-server credentials of one organization.
#[derive(Debug)]
pub struct Credentials {
    /// The API key, too.
    pub client_id: SecretString,
    /// Its secret.
    pub client_secret: SecretString,
    /// `…@AdobeOrg`.
    pub org_id: String,
}
