//! Structured logs.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use roster_sync::telemetry::{pass_span, subscriber};
use serde_json::Value;
use tracing::subscriber::with_default;

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn logged(level: &str, log: impl FnOnce()) -> Vec<Value> {
    let lines = Lines::default();
    let writer = lines.clone();
    with_default(subscriber(level, move || writer.clone()), log);
    let bytes = lines.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn all_levels_of_ours() {
    tracing::error!(target: "roster_sync::pass", "error");
    tracing::warn!(target: "roster_sync::pass", "warn");
    tracing::info!(target: "roster_sync::pass", "info");
    tracing::debug!(target: "roster_sync::pass", "debug");
    tracing::trace!(target: "roster_sync::pass", "trace");
}

#[test]
fn the_level_is_for_our_lines() {
    for (position, level) in ["error", "warn", "info", "debug", "trace"]
        .iter()
        .enumerate()
    {
        assert_eq!(
            logged(level, all_levels_of_ours).len(),
            position + 1,
            "{level}"
        );
    }
    assert_eq!(logged("loud", all_levels_of_ours).len(), 3, "as info");
}

#[test]
fn other_crates_never_say_more_than_a_warning() {
    let others = || {
        tracing::debug!(target: "hyper::proto", "authorization: Bearer secret");
        tracing::info!(target: "aws_smithy_runtime::client", "a body");
        tracing::trace!(target: "lambda_runtime", "an event");
        tracing::warn!(target: "hyper::proto", "a warning");
    };
    let lines = logged("trace", others);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["message"], "a warning");
    assert_eq!(logged("error", others).len(), 0);
}

#[test]
fn a_line_is_one_object_with_its_pass() {
    let lines = logged("error", || {
        pass_span("20261124T050000Z-0123abcd", "request-1").in_scope(|| {
            tracing::error!(target: "roster_sync::pass", count = 3, "two\nlines \u{1b}[31m");
        });
    });
    assert_eq!(
        lines.len(),
        1,
        "a line break in a message makes no second line"
    );
    let line = &lines[0];
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["message"], "two\nlines \u{1b}[31m");
    assert_eq!(line["count"], 3);
    assert_eq!(line["span"]["run_id"], "20261124T050000Z-0123abcd");
    assert_eq!(line["span"]["request_id"], "request-1");
}
