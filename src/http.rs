//! Requests over HTTP: transport, retry, backoff, pace, token. Knows no vendor.
//!
//! The layers of a call, outermost first: `retry( token + pace( attempt ) )`, so that every attempt takes a permit
//! and a fresh token. See [`Http::send`] and [`Http::read`].

pub mod error;
pub mod oauth1;
pub mod pace;
pub mod retry;
pub mod token;
pub mod transport;

pub use error::Error;
pub use pace::Pace;
pub use retry::{Call, Http, ReadError, RetryPolicy, Sent};
pub use token::{Token, TokenCache};
pub use transport::{Hosts, Reply, Requests, Transport};
