//! S3 and Secrets Manager, through Amazon's own clients.
//!
//! Credentials, region and endpoints come from where every AWS SDK looks for them; `AWS_ENDPOINT_URL` names a stand-in
//! for both services.

mod cause;
mod conflict;
mod list;

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::config::{RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use secrecy::SecretString;

use super::{
    Documents, Error, Expected, Listed, Location, READING, SecretError, Secrets, Version, WRITING,
    check_key,
};
use cause::Cause;
use conflict::Conflict;

/// Establishing a connection within a region takes milliseconds.
const CONNECT: Duration = Duration::from_secs(4);
/// One attempt at one object of a few megabytes.
const ATTEMPT: Duration = Duration::from_secs(12);
/// All attempts together: less than the 45 s that an invocation keeps for its journal and summary.
const OPERATION: Duration = Duration::from_secs(40);
/// The first attempt and the standard mode's two more.
const ATTEMPTS: u32 = 3;

/// Both clients, connected once per process.
#[derive(Debug, Clone)]
pub struct Aws {
    s3: aws_sdk_s3::Client,
    secrets: aws_sdk_secretsmanager::Client,
}

impl Aws {
    /// As the environment says.
    pub async fn connect() -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(OPERATION)
            .build();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts)
            .load()
            .await;
        Self::new(&config)
    }

    /// As a loaded configuration says.
    pub fn new(config: &SdkConfig) -> Self {
        // A stand-in has no host name for each bucket. Checksums that S3 asks for are sent, and no others: not every
        // stand-in knows the newer ones, and TLS guards the rest.
        let s3 = aws_sdk_s3::config::Builder::from(config)
            .force_path_style(config.endpoint_url().is_some())
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .retry_classifier(Conflict)
            .build();
        Self {
            s3: aws_sdk_s3::Client::from_conf(s3),
            secrets: aws_sdk_secretsmanager::Client::new(config),
        }
    }

    /// The objects below a location.
    pub fn documents(&self, location: &Location) -> S3Documents {
        S3Documents {
            client: self.s3.clone(),
            location: location.clone(),
        }
    }

    /// The secrets of the account.
    pub fn secrets(&self) -> SecretsManager {
        SecretsManager {
            client: self.secrets.clone(),
        }
    }
}

/// Objects below a location of S3.
#[derive(Debug, Clone)]
pub struct S3Documents {
    client: aws_sdk_s3::Client,
    location: Location,
}

impl S3Documents {
    fn object(&self, key: &str) -> String {
        format!("{}{key}", self.location)
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.location.prefix)
    }

    /// The object and its `ETag`.
    async fn read(&self, key: &str) -> Result<Option<(Bytes, Option<String>)>, Error> {
        check_key(READING, &self.location, key)?;
        let request = self.client.get_object();
        let request = request.bucket(&self.location.bucket).key(self.key(key));
        let reply = match request.send().await {
            Ok(reply) => reply,
            Err(cause) => {
                let cause = Cause::of(&cause);
                if cause.code() == Some("NoSuchKey") {
                    return Ok(None);
                }
                return Err(cause.of_object(READING, self.object(key)));
            }
        };
        match reply.body.collect().await {
            Ok(body) => Ok(Some((body.into_bytes(), reply.e_tag))),
            Err(cause) => Err(self.unavailable(READING, key, cause)),
        }
    }

    /// A version without a name could be taken for any other.
    fn version(
        &self,
        operation: &'static str,
        key: &str,
        e_tag: Option<String>,
    ) -> Result<Version, Error> {
        let e_tag = e_tag.filter(|e_tag| !e_tag.is_empty());
        let none = || self.unavailable(operation, key, "its answer has no ETag");
        e_tag.map(Version).ok_or_else(none)
    }

    fn unavailable(
        &self,
        operation: &'static str,
        key: &str,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        Error::Unavailable {
            operation,
            object: self.object(key),
            cause: cause.into(),
        }
    }
}

impl Documents for S3Documents {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        Ok(self.read(key).await?.map(|(body, _e_tag)| body))
    }

    async fn get_version(&self, key: &str) -> Result<Option<(Bytes, Version)>, Error> {
        let Some((body, e_tag)) = self.read(key).await? else {
            return Ok(None);
        };
        Ok(Some((body, self.version(READING, key, e_tag)?)))
    }

    async fn put_if(
        &self,
        key: &str,
        content_type: &'static str,
        body: Bytes,
        expected: &Expected,
    ) -> Result<Version, Error> {
        check_key(WRITING, &self.location, key)?;
        let request = self.client.put_object().bucket(&self.location.bucket);
        let request = request.key(self.key(key)).content_type(content_type);
        let request = match expected {
            Expected::Nothing => request.if_none_match("*"),
            Expected::Version(version) => request.if_match(&version.0),
        };
        let cause = match request.body(ByteStream::from(body.clone())).send().await {
            Ok(reply) => return self.version(WRITING, key, reply.e_tag),
            Err(cause) => Cause::of(&cause),
        };
        if !cause.is_unexpected(expected) {
            return Err(cause.of_object(WRITING, self.object(key)));
        }
        // Somebody else wrote, or an earlier attempt of ours did and its answer was lost: what lies there tells.
        match self.get_version(key).await? {
            Some((found, version)) if found == body => Ok(version),
            _ => Err(Error::Changed {
                operation: WRITING,
                object: self.object(key),
            }),
        }
    }

    async fn put(&self, key: &str, content_type: &'static str, body: Bytes) -> Result<(), Error> {
        check_key(WRITING, &self.location, key)?;
        self.client
            .put_object()
            .bucket(&self.location.bucket)
            .key(self.key(key))
            .content_type(content_type)
            .body(ByteStream::from(body))
            .send()
            .await
            .map(drop)
            .map_err(|cause| Cause::of(&cause).of_object(WRITING, self.object(key)))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        list::list(self, prefix).await
    }

    fn location(&self) -> &Location {
        &self.location
    }
}

/// AWS Secrets Manager.
#[derive(Debug, Clone)]
pub struct SecretsManager {
    client: aws_sdk_secretsmanager::Client,
}

impl Secrets for SecretsManager {
    async fn get(&self, name: &str) -> Result<SecretString, SecretError> {
        let request = self.client.get_secret_value().secret_id(name);
        let reply = match request.send().await {
            Ok(reply) => reply,
            Err(cause) => return Err(Cause::of(&cause).of_secret(name.to_owned())),
        };
        let binary = || String::from_utf8(reply.secret_binary?.into_inner()).ok();
        reply
            .secret_string
            .or_else(binary)
            .filter(|text| !text.trim().is_empty())
            .map(SecretString::from)
            .ok_or_else(|| SecretError::Empty {
                name: name.to_owned(),
            })
    }
}
