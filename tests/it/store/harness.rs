//! S3 over a folder, and configurations of clients that reach stand-ins.

use std::path::Path;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use hyper_util::rt::TokioIo;
use roster_sync::clock::Clock;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;

use crate::simulators::server::{Request, Response, Server};

const KEY: &str = "key";
const SECRET: &str = "secret";

/// Where an S3 listens whose buckets are the folders in `folder`. It checks signatures.
pub(super) async fn s3(folder: &Path) -> String {
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = builder.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service.clone());
            // A client that hangs up is no failure of the server.
            tokio::spawn(async move { drop(connection.await) });
        }
    });
    format!("http://{address}")
}

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
    let credentials = Credentials::new(KEY, SECRET, None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-west-2"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(url)
        .retry_config(RetryConfig::disabled())
        .build()
}
