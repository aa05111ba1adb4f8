//! Adobe's User Management API: reading the directory, applying batches of actions.

mod advice;
mod apply;
mod auth;
mod client;
mod groups;
mod page;
mod read;
mod reply;
mod request;
mod wire;

pub use client::Client;

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use secrecy::SecretString;

use crate::model::directory::{Directory, Scope};
use crate::model::id::GroupName;
use crate::reconcile::action::Batch;
use crate::reconcile::outcome::BatchOutcome;

/// The short names of the endpoints, for counters, logs and errors.
mod endpoint {
    pub(super) const TOKEN: &str = "Adobe token";
    pub(super) const USERS: &str = "Adobe users";
    pub(super) const MEMBERS: &str = "Adobe users of a group";
    pub(super) const GROUPS: &str = "Adobe groups";
    pub(super) const ACTIONS: &str = "Adobe actions";
}

/// What the Adobe secret and `connector-umapi.yml` say about us: an OAuth server-to-server credential of the Adobe
/// Developer Console. Blanks around any of the three are dropped.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The credential's client id, which is the API key, too.
    pub client_id: SecretString,
    /// The credential's client secret.
    pub client_secret: SecretString,
    /// The organization, `<hex>@AdobeOrg`.
    pub org_id: String,
}

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

/// How a batch is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission {
    /// Whether Adobe only checks it and changes nothing.
    pub test: bool,
    /// Whether it is the last request of the pass.
    pub last: Last,
    /// Whether it may have been sent before, by an invocation that was killed: then "already so" is done.
    pub repeated: bool,
}

/// One Adobe organization.
pub trait AdobeDirectory {
    /// Reads the accounts of the scope. `last` says that nothing will be sent after this reading. A group of the scope
    /// that Adobe does not have is among [`Directory::unread_groups`]; that there is no list of all users is an error.
    fn read(&self, scope: &Scope, last: Last) -> impl Future<Output = Result<Directory, Error>>;

    /// Reads the names of all groups: user groups, product profiles and admin groups. `last` as above.
    fn groups(&self, last: Last) -> impl Future<Output = Result<BTreeSet<GroupName>, Error>>;

    /// Sends one batch. Whatever became of the single actions is in the
    /// outcome; an error means that nothing more can be sent.
    fn apply(
        &self,
        batch: &Batch,
        submission: Submission,
    ) -> impl Future<Output = Result<BatchOutcome, Error>>;
}
