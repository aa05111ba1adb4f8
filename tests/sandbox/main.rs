//! The sandbox: `cargo run --example sandbox` plays one whole pass over built-in data, on loopback and in simulated time.
//! `-- --source classlink` reads the same school from ClassLink instead of Clever.
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

use simulators::sis::Platform;

/// Said to the child alone.
const CHILD: &str = "--in-lambda";

const USAGE: &str = "\
Plays one whole pass over built-in data, on this machine alone.

  cargo run --example sandbox [-- --source clever|classlink]

  --source   where the roster is read; when absent: clever";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let played = match words[..] {
        [] => Some(parent::run("clever")),
        ["--source", source] => platform(source).map(|_known| parent::run(source)),
        [CHILD, folder, aws, runtime, source] => {
            platform(source).map(|platform| child::run(folder, aws, runtime, platform))
        }
        _ => None,
    };
    played.unwrap_or_else(|| {
        eprintln!("{USAGE}");
        ExitCode::FAILURE
    })
}

fn platform(word: &str) -> Option<Platform> {
    match word {
        "clever" => Some(Platform::Clever),
        "classlink" => Some(Platform::ClassLink),
        _ => None,
    }
}
