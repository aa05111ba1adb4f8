//! Serves whatever takes its time to answer: a long poll, a file.

use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::server::Response;

/// Serves on this address (port 0: a free one) until the runtime ends.
///
/// # Panics
/// Where the port is taken.
pub async fn listen<F, Fut>(address: &str, answer: F) -> SocketAddr
where
    F: Fn(hyper::Request<Incoming>) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = io::Result<hyper::Response<s3s::Body>>> + Send + 'static,
{
    let listener = TcpListener::bind(address)
        .await
        .expect("a port on loopback");
    let bound = listener
        .local_addr()
        .expect("the address of a bound socket");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A head must not wait for its body: that takes 40 ms of real time.
            drop(stream.set_nodelay(true));
            let service = service_fn(answer.clone());
            let http = hyper::server::conn::http1::Builder::new();
            let connection = http.serve_connection(TokioIo::new(stream), service);
            // A client that hangs up is no failure of the server.
            tokio::spawn(async move { drop(connection.await) });
        }
    });
    bound
}

/// The whole body of a request.
pub async fn body(request: hyper::Request<Incoming>) -> io::Result<Bytes> {
    let body = request.into_body().collect().await;
    Ok(body.map_err(io::Error::other)?.to_bytes())
}

/// A reply in the form that is sent.
pub fn reply(response: Response) -> io::Result<hyper::Response<s3s::Body>> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    builder
        .body(s3s::Body::from(response.body))
        .map_err(io::Error::other)
}
