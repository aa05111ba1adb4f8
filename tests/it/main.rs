//! Integration tests: one binary, so that the crate and the simulators are linked once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    missing_docs,
    reason = "a test that panics has failed, which is what it is for"
)]

mod core_rules;

#[path = "../sandbox/simulators.rs"]
mod simulators;
