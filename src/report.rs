//! What a pass leaves for people and programs. Pure: from what is known to texts.

mod files;
mod json;
mod plan;
mod text;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::config::options::{Mode, Options};
use crate::reconcile::counters::Counters;
use crate::reconcile::guard::Checked;
use crate::reconcile::problem::Problem;

pub use files::{changes_ndjson, held_json, journal_chunk, plan_ndjson};
pub use json::{head_of, summary_json};
pub use plan::plan_txt;
pub use text::{action_summary, summary_txt};

/// How a pass, or an invocation of it, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Did all that was planned.
    Complete,
    /// Ended; some commands failed or were not sent.
    Partial,
    /// Ended; a guard holds something.
    Held,
    /// Is not done.
    Continue {
        /// How long until the next event makes sense.
        wait: Duration,
    },
    /// Could not be done.
    Failed,
}

impl Status {
    /// The word in summaries and responses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Held => "held",
            Self::Continue { .. } => "continue",
            Self::Failed => "failed",
        }
    }
}

/// Which pass it was.
#[derive(Debug)]
pub struct RunInfo<'a> {
    /// Its id.
    pub run_id: &'a str,
    /// What started it.
    pub trigger: &'a str,
    /// Its day.
    pub today: Date,
    /// How many events it has had.
    pub slice: u32,
    /// What was done with the plan.
    pub mode: Mode,
    /// Its options, once they are known.
    pub options: Option<&'a Options>,
    /// When this invocation began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// The stages that it entered, and when.
    pub stages: &'a [(&'static str, Timestamp)],
}

/// Why a pass failed.
#[derive(Debug)]
pub struct Failure {
    /// The stable name.
    pub name: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub next_step: &'static str,
}

/// Everything that a summary says.
#[derive(Debug)]
pub struct SummaryInput<'a> {
    /// Which pass.
    pub run: RunInfo<'a>,
    /// How it ended.
    pub status: Status,
    /// `None` until there is a plan.
    pub counters: Option<Counters>,
    /// `None` until there is a plan.
    pub checked: Option<&'a Checked>,
    /// The hash of `held.json`, where something is held.
    pub held_hash: Option<&'a str>,
    /// What was left out, refused, or not sent.
    pub problems: &'a [Problem],
    /// Sentences.
    pub notices: &'a [String],
    /// HTTP requests by endpoint.
    pub requests: BTreeMap<&'static str, u64>,
    /// Batches of the plan.
    pub batches: usize,
    /// Batches that were sent.
    pub batches_sent: usize,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}
