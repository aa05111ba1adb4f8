//! Structured logs: JSON lines on standard output.

use tracing::Level;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Sets up logging for the process; a second call changes nothing. The level is for this crate alone: others log
/// warnings only, as their finer lines may carry headers and bodies.
pub fn init(level: &str) {
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .with_ansi(false)
        .with_filter(filter(level));
    // Somebody else's subscriber (a test's) stays.
    tracing_subscriber::registry()
        .with(layer)
        .try_init()
        .unwrap_or_default();
}

/// Which lines are written at a level.
pub fn filter(level: &str) -> Targets {
    let ours: Level = level.parse().unwrap_or(Level::INFO);
    Targets::new()
        .with_default(Level::WARN.min(ours))
        .with_target("roster_sync", ours)
}
