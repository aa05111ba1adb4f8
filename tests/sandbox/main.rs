//! The sandbox: `cargo run --example sandbox` plays one whole pass over built-in data, on loopback and in simulated time.
//!
//! The example starts itself once more with the environment that Lambda gives a function. In that child the handler, the
//! simulators and the clock are one process; only the child knows what time it is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example for people at a terminal"
)]

mod child;
mod parent;
mod simulators;

use std::process::ExitCode;

/// Said to the child alone.
const CHILD: &str = "--in-lambda";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [] => parent::run(),
        [word, folder, aws, runtime] if word == CHILD => child::run(folder, aws, runtime),
        _ => {
            eprintln!("cargo run --example sandbox takes no arguments");
            ExitCode::FAILURE
        }
    }
}
