//! `latest/progress.json`: how far a pass has come, for whoever watches it.
//!
//! | field | |
//! |---|---|
//! | `schema` | [`SCHEMA`] |
//! | `run_id`, `mode`, `slice` | which pass it is; `plan`, `test` or `apply`; how many slices it has had |
//! | `state` | `working`, `waiting`, `ended` |
//! | `status` | how it ended, in the words of the summary; null before |
//! | `stage` | the stage that it entered last |
//! | `actions` | `{total, done, left}` of the plan; null where there is none yet |
//! | `expected_end` | when the last action is likely to be sent; null where that is not known, and once the pass has ended |
//! | `waiting_until`, `waiting_for` | while it waits: until when, and what for; else null |
//! | `updated` | when this was written |
//!
//! Times are UTC. It holds counts only, and names nobody.

use std::time::Duration;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use serde_json::{Value, json};

use super::words::object;
use super::{SCHEMA, Status};
use crate::config::options::Mode;

/// Everything that the progress of a pass tells.
#[derive(Debug, Clone, Copy)]
pub struct ProgressInput<'a> {
    /// `<UTC yyyymmddThhmmssZ>-<8 hex>`.
    pub run_id: &'a str,
    /// What is done with the plan.
    pub mode: Mode,
    /// How many slices the pass has had, this one included.
    pub slice: u32,
    /// The stage that it entered last.
    pub stage: &'a str,
    /// How much of the plan is done, where there is a plan.
    pub actions: Option<ActionsDone>,
    /// What it does at the moment.
    pub state: ProgressState<'a>,
    /// When the last action is likely to be sent; see [`expected_end`].
    pub expected_end: Option<Timestamp>,
    /// The time now.
    pub updated: Timestamp,
}

/// How much of a plan is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionsDone {
    /// Actions of the plan.
    pub total: usize,
    /// Those of them whose outcome is known.
    pub done: usize,
}

/// What a pass does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressState<'a> {
    /// An event is at work.
    Working,
    /// Nothing goes on before then.
    Waiting {
        /// When it goes on.
        until: Timestamp,
        /// What it waits for; names nobody.
        why: &'a str,
    },
    /// It is over.
    Ended {
        /// How it ended.
        status: Status,
    },
}

/// The progress for programs.
pub fn progress_json(input: &ProgressInput<'_>) -> Value {
    let (state, status, waiting) = match input.state {
        ProgressState::Working => ("working", None, None),
        ProgressState::Waiting { until, why } => ("waiting", None, Some((until, why))),
        ProgressState::Ended { status } => ("ended", Some(status.as_str()), None),
    };
    let expected_end = input.expected_end.filter(|_| status.is_none());
    object([
        ("schema", json!(SCHEMA)),
        ("run_id", json!(input.run_id)),
        ("mode", json!(input.mode.as_str())),
        ("slice", json!(input.slice)),
        ("state", json!(state)),
        ("status", json!(status)),
        ("stage", json!(input.stage)),
        ("actions", input.actions.map_or(Value::Null, actions)),
        ("expected_end", time(expected_end)),
        ("waiting_until", time(waiting.map(|(until, _)| until))),
        ("waiting_for", json!(waiting.map(|(_, why)| why))),
        ("updated", time(Some(input.updated))),
    ])
}

/// When the last batch is likely to be sent: after the wait, at a steady pace of so many batches a minute. Rounded up to
/// the second. With 0 a minute nothing holds batches back, and they count as sent at once.
pub fn expected_end(
    now: Timestamp,
    batches_left: usize,
    per_minute: u32,
    waits_until: Option<Timestamp>,
) -> Timestamp {
    let begin = waits_until.map_or(now, |until| until.max(now));
    let millis = u64::try_from(batches_left)
        .unwrap_or(u64::MAX)
        .saturating_mul(60_000)
        .checked_div(u64::from(per_minute));
    let sending = Duration::from_millis(millis.unwrap_or_default());
    let end = begin.checked_add(sending).unwrap_or(Timestamp::MAX);
    let up = TimestampRound::new()
        .smallest(Unit::Second)
        .mode(RoundMode::Ceil);
    end.round(up).unwrap_or(end)
}

fn actions(actions: ActionsDone) -> Value {
    let ActionsDone { total, done } = actions;
    json!({"total": total, "done": done, "left": total.saturating_sub(done)})
}

fn time(time: Option<Timestamp>) -> Value {
    json!(time.map(|time| time.to_string()))
}
