//! Integration tests: one binary, so that the crate and the simulators are linked once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    missing_docs,
    unreachable_pub,
    reason = "a test that panics has failed, which is what it is for"
)]

mod core_rules;

#[path = "../sandbox/simulators.rs"]
mod simulators;

mod adobe_rules;
mod binary;
mod clever;
mod config;
mod events;
mod http;
mod kept;
mod log;
mod oneroster;
mod passes;
mod readme;
mod recorded;
mod report;
mod sandbox_rules;
mod settings;
mod store;
mod telemetry;
mod template;
mod tidy;
mod umapi;
