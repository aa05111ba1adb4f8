//! S3 and Secrets Manager.

use std::error::Error as StdError;
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use secrecy::SecretString;

use super::{Documents, Error, Location, SecretError, Secrets};

/// The clients, built once per process.
#[derive(Debug, Clone)]
pub struct Aws {
    s3: aws_sdk_s3::Client,
    secrets: aws_sdk_secretsmanager::Client,
}

impl Aws {
    /// Credentials, region and endpoints as the AWS SDK finds them in the environment.
    pub async fn connect() -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(Duration::from_secs(20))
            .build();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .timeout_config(timeouts)
            .load()
            .await;
        Self::new(&config)
    }

    /// From a loaded configuration.
    pub fn new(config: &SdkConfig) -> Self {
        // An endpoint of one's own has no DNS name for each bucket.
        let s3 = aws_sdk_s3::config::Builder::from(config)
            .force_path_style(config.endpoint_url().is_some())
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
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

    /// The credentials.
    pub fn secrets(&self) -> SecretsManager {
        SecretsManager {
            client: self.secrets.clone(),
        }
    }
}

/// Objects in a bucket.
#[derive(Debug, Clone)]
pub struct S3Documents {
    client: aws_sdk_s3::Client,
    location: Location,
}

impl S3Documents {
    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.location.prefix)
    }

    fn error<E>(&self, operation: &'static str, key: &str, cause: SdkError<E>) -> Error
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        let object = format!("{}{key}", self.location);
        let status = cause.raw_response().map(|reply| reply.status().as_u16());
        let code = cause.code().unwrap_or("no code").to_owned();
        match (status, code.as_str()) {
            (_, "NoSuchBucket") => Error::Refused {
                operation,
                object,
                code,
                advice: "there is no such bucket; correct CONFIG_URI or DATA_URI",
            },
            (Some(401 | 403), _) => Error::Refused {
                operation,
                object,
                code,
                advice: "let the function's role read and write there; without s3:ListBucket, S3 answers the same for what does not exist",
            },
            _ => Error::Unavailable {
                operation,
                object,
                cause: Box::new(cause),
            },
        }
    }
}

impl Documents for S3Documents {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        let request = self
            .client
            .get_object()
            .bucket(&self.location.bucket)
            .key(self.key(key));
        let output = match request.send().await {
            Ok(output) => output,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_no_such_key()) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(self.error("reading", key, error)),
        };
        let body = output
            .body
            .collect()
            .await
            .map_err(|cause| Error::Unavailable {
                operation: "reading",
                object: format!("{}{key}", self.location),
                cause: Box::new(cause),
            })?;
        Ok(Some(body.into_bytes()))
    }

    async fn put(&self, key: &str, content_type: &'static str, body: Bytes) -> Result<(), Error> {
        let request = self
            .client
            .put_object()
            .bucket(&self.location.bucket)
            .key(self.key(key))
            .content_type(content_type)
            .body(ByteStream::from(body));
        request
            .send()
            .await
            .map(drop)
            .map_err(|error| self.error("writing", key, error))
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
        let name = name.to_owned();
        match self.client.get_secret_value().secret_id(&name).send().await {
            Ok(output) => match output.secret_string {
                Some(text) if !text.trim().is_empty() => Ok(SecretString::from(text)),
                Some(_) | None => Err(SecretError::Empty { name }),
            },
            Err(error) => Err(secret_error(name, error)),
        }
    }
}

fn secret_error<E>(name: String, cause: SdkError<E>) -> SecretError
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let code = cause.code().unwrap_or_default().to_owned();
    // A secret that was created and never filled has no version with the label AWSCURRENT.
    let unfilled = cause
        .message()
        .is_some_and(|text| text.contains("AWSCURRENT"));
    match code.as_str() {
        "ResourceNotFoundException" if unfilled => SecretError::Empty { name },
        "ResourceNotFoundException" => SecretError::Missing { name },
        "AccessDeniedException" | "DecryptionFailure" => SecretError::Denied { name, code },
        _ => SecretError::Unavailable {
            name,
            cause: Box::new(cause),
        },
    }
}
