//! Where configuration, reports and secrets are kept.

pub mod aws;
pub mod local;
mod uri;

use std::future::Future;

use bytes::Bytes;
use jiff::Timestamp;
use secrecy::SecretString;

pub use uri::{DocumentUri, InvalidUri, Location};

/// Why the store could not be read or written. No variant carries the content of an object.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store did not answer, or not sensibly, after the client's own retries.
    #[error("{operation} {object} failed: the store could not be reached")]
    Unavailable {
        /// Reading or writing.
        operation: &'static str,
        /// `s3://bucket/key`.
        object: String,
        /// What the client says.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The object is not what a conditional write expected: somebody else wrote it.
    #[error("{operation} {object} failed: somebody else wrote it meanwhile")]
    Changed {
        /// Writing.
        operation: &'static str,
        /// `s3://bucket/key`.
        object: String,
    },
    /// The role may not do this, or the bucket does not exist.
    #[error("{operation} {object} was refused ({code}): {advice}")]
    Refused {
        /// Reading or writing.
        operation: &'static str,
        /// `s3://bucket/key`.
        object: String,
        /// The service's error code.
        code: String,
        /// What to do.
        advice: &'static str,
    },
}

const READING: &str = "reading";
const WRITING: &str = "writing";
const LISTING: &str = "listing";

/// A listing ends after so many objects.
pub const MOST_LISTED: usize = 5000;

/// Keys are relative paths. The services differ in what they make of anything else, so it is refused before it is asked
/// for: a key with an empty, a `.` or a `..` part.
fn check_key(operation: &'static str, location: &Location, key: &str) -> Result<(), Error> {
    if is_key(key) {
        return Ok(());
    }
    Err(Error::Refused {
        operation,
        object: format!("{location}{key}"),
        code: "InvalidKey".to_owned(),
        advice: "name a file in this folder or in a folder below it, without '..'",
    })
}

fn is_key(key: &str) -> bool {
    key.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// One version of an object, as the store names it (S3: its `ETag`). Two versions of the same bytes may be equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub(crate) String);

/// What a conditional write expects to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// No object.
    Nothing,
    /// This version.
    Version(Version),
}

/// An object of a listing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Relative, as for every other call.
    pub key: String,
    /// When it was written last, by the store's clock.
    pub modified: Timestamp,
    /// In bytes.
    pub size: u64,
}

/// The folder that a prefix looks into. A listing that any key could be part of is none of ours.
fn check_prefix(location: &Location, prefix: &str) -> Result<(), Error> {
    check_key(
        LISTING,
        location,
        prefix.strip_suffix('/').unwrap_or(prefix),
    )
}

/// Objects below one [`Location`], by key relative to it.
pub trait Documents {
    /// The object, or `None` where there is none.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Bytes>, Error>>;

    /// The object and its version, or `None` where there is none.
    fn get_version(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<Option<(Bytes, Version)>, Error>>;

    /// Writes the object where the store finds what is expected; of writers at the same time one wins. Where these very
    /// bytes lie there already, they count as written: an answer to our own write may have been lost. Whoever must be
    /// told from others writes bytes that nobody else writes.
    ///
    /// # Errors
    /// [`Error::Changed`] where something else was found: nothing is written. After any other error but
    /// [`Error::Refused`] it may be written or not.
    fn put_if(
        &self,
        key: &str,
        content_type: &'static str,
        body: Bytes,
        expected: &Expected,
    ) -> impl Future<Output = Result<Version, Error>>;

    /// Writes or replaces the object.
    fn put(
        &self,
        key: &str,
        content_type: &'static str,
        body: Bytes,
    ) -> impl Future<Output = Result<(), Error>>;

    /// The objects whose keys begin with this, in the order of their keys: the first [`MOST_LISTED`]. Those whose keys no
    /// other call takes are left out, such as the empty ones by which consoles show folders.
    fn list(&self, prefix: &str) -> impl Future<Output = Result<Vec<Listed>, Error>>;

    /// Where the keys are relative to, for messages.
    fn location(&self) -> &Location;
}

/// Why a secret is not to be had. Three different mistakes get three messages.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no secret of that name.
    #[error("the secret {name} does not exist")]
    Missing {
        /// The secret's name or ARN.
        name: String,
    },
    /// It exists and never got a value.
    #[error("the secret {name} exists but has no value yet")]
    Empty {
        /// The secret's name or ARN.
        name: String,
    },
    /// The role may not read it, or its key.
    #[error("reading the secret {name} is not allowed ({code})")]
    Denied {
        /// The secret's name or ARN.
        name: String,
        /// The service's error code.
        code: String,
    },
    /// The service did not answer after the client's own retries.
    #[error("the secret {name} could not be read")]
    Unavailable {
        /// The secret's name or ARN.
        name: String,
        /// What the client says.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Credentials by name or ARN.
pub trait Secrets {
    /// The text of the secret.
    fn get(&self, name: &str) -> impl Future<Output = Result<SecretString, SecretError>>;
}
