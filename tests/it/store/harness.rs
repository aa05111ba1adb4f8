//! Clients that reach stand-ins, and a stand-in that always answers the same.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use roster_sync::clock::Clock;

use crate::simulators::aws::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use crate::simulators::server::{Request, Response, Server};

/// A service that always answers the same.
pub(super) async fn answering(status: u16, body: &str) -> Server {
    let reply = Response {
        status,
        headers: Vec::new(),
        body: bytes::Bytes::copy_from_slice(body.as_bytes()),
    };
    let handler = move |_: &Request| reply.clone();
    Server::start(Clock::real(), Duration::ZERO, Box::new(handler)).await
}

/// Clients that reach `url`, and do not try twice.
pub(super) fn config(url: &str) -> SdkConfig {
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .retry_config(RetryConfig::disabled())
        .build()
}

/// Clients that reach `url` and try three times, as the deployed ones do, with short waits. An attempt takes no longer
/// than `attempt`.
pub(crate) fn patient(url: &str, attempt: Duration) -> SdkConfig {
    let retries = RetryConfig::standard().with_max_attempts(3);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(attempt);
    config(url)
        .into_builder()
        .retry_config(retries.with_initial_backoff(Duration::from_millis(1)))
        .timeout_config(timeouts.build())
        .build()
}
