//! Requests over HTTP: transport, retry, backoff, pace, token. Knows no vendor.
//!
//! The layers of a call, outermost first: `retry( token + pace( attempt ) )`, so that every attempt takes a permit
//! and a fresh token. See [`Http::send`] and [`Http::read`].

pub mod error;
pub mod invocation;
pub mod oauth1;
pub mod pace;
pub mod replies;
pub mod retry;
mod status;
pub mod token;
pub mod transport;

pub use error::Error;
pub use invocation::Invocation;
pub use pace::{Pace, Windows};
pub use replies::Replies;
pub use retry::{Call, Http, ReadError, RetryPolicy, Sent};
pub use token::{Token, TokenCache};
pub use transport::{Hosts, Reply, Requests, Transport};
