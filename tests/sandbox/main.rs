//! The sandbox: one whole pass over built-in data, on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "an example for people at a terminal"
)]

mod simulators;

fn main() {}
