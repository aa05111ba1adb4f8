//! The sandbox: `cargo run --example sandbox` plays one whole pass over built-in data, on loopback and in simulated time.
//! `-- --source classlink` reads the same school from ClassLink instead of Clever; `-- --first-load 50000` plays the first
//! load of a district of so many people, over many slices.
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

mod arguments;
mod bar;
mod child;
mod example;
mod first_load;
mod parent;
mod serve;
mod simulators;

use std::process::ExitCode;

use arguments::Arguments;

/// Said to the child alone.
const CHILD: &str = "--in-lambda";

const USAGE: &str = "\
Plays one whole pass over built-in data, on this machine alone.

  cargo run --example sandbox [-- [--source clever|classlink] [--first-load people]]

  --source      where the roster is read; when absent: clever
  --first-load  the pass is the first one of a district of so many pupils and teachers: some hours long,
                with slices that are killed and an Adobe that is busy at times; when absent: a small school";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let played = match words[..] {
        // For programs: the checks of the state machine.
        ["--serve", folder] => Some(serve::run(folder)),
        [CHILD, folder, aws, runtime, ref rest @ ..] => {
            Arguments::parse(rest).map(|arguments| child::run(folder, aws, runtime, arguments))
        }
        ref words => Arguments::parse(words).map(|arguments| parent::run(arguments, words)),
    };
    played.unwrap_or_else(|| {
        eprintln!("{USAGE}");
        ExitCode::FAILURE
    })
}
