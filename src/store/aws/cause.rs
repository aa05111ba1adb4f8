//! What an AWS client says when it fails, and what that means to us.

use std::error::Error as StdError;
use std::fmt;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use super::super::{Error, Expected, LISTING, SecretError, WRITING};

/// A failure of a client: its texts, and nothing else. The client's own error carries the whole reply, which may be a
/// secret or an object, and its `Debug` form prints it.
#[derive(Debug)]
pub(super) struct Cause {
    status: Option<u16>,
    code: Option<String>,
    message: Option<String>,
    chain: Chain,
}

/// The texts of an error and its causes, without a word of a reply.
#[derive(Debug)]
struct Chain {
    text: String,
    source: Option<Box<Self>>,
}

impl Chain {
    fn of(error: &dyn StdError) -> Self {
        Self {
            text: error.to_string(),
            source: error.source().map(|source| Box::new(Self::of(source))),
        }
    }

    fn of_client<E>(error: &SdkError<E, HttpResponse>, status: Option<u16>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let status = status.unwrap_or_default();
        let text = match (error, error.code()) {
            (SdkError::ServiceError(_), Some(code)) => {
                format!("it answered {code} (status {status})")
            }
            (SdkError::ServiceError(_) | SdkError::ResponseError(_), _) => {
                format!("its answer (status {status}) cannot be read")
            }
            _ => return Self::of(error),
        };
        Self { text, source: None }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Chain {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| -> &(dyn StdError + 'static) { source })
    }
}

impl Cause {
    pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let status = error.raw_response().map(|reply| reply.status().as_u16());
        Self {
            status,
            code: error.code().map(str::to_owned),
            message: error.message().map(str::to_owned),
            chain: Chain::of_client(error, status),
        }
    }

    pub(super) fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Whether S3 did not find what a conditional write expects. Of an object that is not there, it says so to `If-Match`.
    pub(super) fn is_unexpected(&self, expected: &Expected) -> bool {
        match expected {
            Expected::Nothing => self.status == Some(412),
            Expected::Version(_) => self.status == Some(412) || self.code() == Some("NoSuchKey"),
        }
    }

    /// The error of a request for an object.
    pub(super) fn of_object(self, operation: &'static str, object: String) -> Error {
        let advice = match (self.code(), self.status) {
            (Some("NoSuchBucket"), _) => {
                "there is no such bucket: correct CONFIG_URI or DATA_URI of the function"
            }
            (Some("PermanentRedirect" | "AuthorizationHeaderMalformed"), _) | (_, Some(301)) => {
                "the bucket is in another region than the function: use one in the same region"
            }
            (Some(code), _) if code.starts_with("KMS.") => {
                "the key that encrypts the bucket cannot be used: enable it, or encrypt with another one"
            }
            (Some("ExpiredToken" | "InvalidAccessKeyId" | "SignatureDoesNotMatch"), _)
            | (_, Some(401)) => "the credentials of the function are not accepted",
            (_, Some(403)) if operation == WRITING => {
                "allow the function's role s3:PutObject and s3:GetObject there, and the use of the key where the bucket has a key of its own (kms:GenerateDataKey, kms:Decrypt)"
            }
            (_, Some(403)) if operation == LISTING => {
                "allow the function's role s3:ListBucket for the bucket, with this prefix among those that s3:prefix allows"
            }
            (_, Some(403)) => {
                "allow the function's role s3:GetObject there, s3:ListBucket (without it S3 gives this answer for what is not there, too), and kms:Decrypt where the bucket has a key of its own"
            }
            _ => {
                return Error::Unavailable {
                    operation,
                    object,
                    cause: Box::new(self.chain),
                };
            }
        };
        let status = self
            .status
            .map_or_else(String::new, |status| format!("status {status}"));
        Error::Refused {
            operation,
            object,
            code: self.code.unwrap_or(status),
            advice,
        }
    }

    /// The error of a request for a secret. A secret without a value has no version that is staged as current, and
    /// Secrets Manager calls that not found, too; only its message tells the two apart.
    pub(super) fn of_secret(self, name: String) -> SecretError {
        let says = |words: &str| {
            let message = self.message.as_deref().unwrap_or_default();
            message.contains(words)
        };
        let denied = match self.code() {
            Some("ResourceNotFoundException") if says("staging label") => {
                return SecretError::Empty { name };
            }
            Some("ResourceNotFoundException") => return SecretError::Missing { name },
            Some("AccessDeniedException") if says("KMS") => {
                "AccessDeniedException: the key that encrypts it may not be used"
            }
            Some("AccessDeniedException") => "AccessDeniedException",
            Some("DecryptionFailure") => {
                "DecryptionFailure: the key that encrypts it is disabled or may not be used"
            }
            Some("InvalidRequestException") if says("deletion") => {
                "InvalidRequestException: it is marked for deletion and has to be restored"
            }
            Some(
                "UnrecognizedClientException"
                | "InvalidSignatureException"
                | "ExpiredTokenException",
            ) => "the credentials of the function are not accepted",
            _ => {
                return SecretError::Unavailable {
                    name,
                    cause: Box::new(self.chain),
                };
            }
        };
        SecretError::Denied {
            name,
            code: denied.to_owned(),
        }
    }
}
