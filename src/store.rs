//! Where configuration, reports and secrets are kept.

pub mod aws;
pub mod local;

use std::fmt;
use std::future::Future;

use bytes::Bytes;
use secrecy::SecretString;

/// A bucket and the key prefix below which everything lies: `s3://bucket/prefix/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The bucket.
    pub bucket: String,
    /// Empty, or ends in `/`.
    pub prefix: String,
}

impl Location {
    /// Reads `s3://bucket/` or `s3://bucket/prefix/`.
    ///
    /// # Errors
    /// What is wrong, a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("s3://").unwrap_or_default();
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(format!(
                "{text:?} is not of the form s3://bucket/ or s3://bucket/prefix/"
            ));
        }
        let slash = if prefix.is_empty() || prefix.ends_with('/') {
            ""
        } else {
            "/"
        };
        Ok(Self {
            bucket: bucket.to_owned(),
            prefix: format!("{prefix}{slash}"),
        })
    }
}

/// One object: the folder it lies in, and its name there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentUri {
    /// Where relative names are looked for.
    pub folder: Location,
    /// The name within the folder.
    pub file: String,
}

impl DocumentUri {
    /// Reads `s3://bucket/folder/file`.
    ///
    /// # Errors
    /// What is wrong, a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (folder, file) = text.rsplit_once('/').unwrap_or_default();
        if file.is_empty() || folder.len() <= "s3://".len() {
            return Err(format!(
                "{text:?} is not of the form s3://bucket/folder/file"
            ));
        }
        Ok(Self {
            folder: Location::parse(&format!("{folder}/"))?,
            file: file.to_owned(),
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

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

/// Objects below one [`Location`], by key relative to it.
pub trait Documents {
    /// The object, or `None` where there is none.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Bytes>, Error>>;

    /// Writes or replaces the object.
    fn put(
        &self,
        key: &str,
        content_type: &'static str,
        body: Bytes,
    ) -> impl Future<Output = Result<(), Error>>;

    /// Where the keys are relative to, for messages.
    fn location(&self) -> &Location;
}

/// Why a secret is not to be had. Three different mistakes get three messages (design, section 4).
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
