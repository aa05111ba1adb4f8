//! Structured logs: one JSON object a line on standard output, where Lambda collects them.
//!
//! A line carries counts, run ids, request ids and names of endpoints; never a name, an address or an id of a person, a
//! secret or a response body. What other crates log below a warning may hold headers and bodies: it is never written,
//! whatever `LOG_LEVEL` says.

use std::io;

use tracing::level_filters::LevelFilter;
use tracing::{Span, Subscriber};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

/// Logs of the whole process go to standard output from now on. `level` is one of `LOG_LEVEL`'s words; an unknown one
/// counts as `info`. A second call changes nothing.
pub fn init(level: &str) {
    let subscriber = subscriber(level, io::stdout);
    // The one reason to fail is that somebody else's subscriber is there already: it stays.
    drop(tracing::subscriber::set_global_default(subscriber));
}

/// Writes the same lines elsewhere.
pub fn subscriber<W>(level: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_ansi(false)
        .with_writer(writer);
    tracing_subscriber::registry().with(lines.with_filter(filter(level)))
}

/// The level is for this crate alone; all others write warnings at most.
pub fn filter(level: &str) -> Targets {
    let ours = level.parse().unwrap_or(LevelFilter::INFO);
    Targets::new()
        .with_target(env!("CARGO_CRATE_NAME"), ours)
        .with_default(ours.min(LevelFilter::WARN))
}

/// Lines within this span carry the pass they belong to. It is there at every level.
pub fn pass_span(run_id: &str, request_id: &str) -> Span {
    tracing::error_span!("pass", run_id, request_id)
}
