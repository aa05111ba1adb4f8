//! What a pass says about itself: from plain inputs to texts. Pure, no I/O.
//!
//! | text | for |
//! |---|---|
//! | [`summary_txt`] | people: UST's Action Summary, and below it what needs attention |
//! | [`summary_json()`], [`head_of`] | programs: the versioned summary, and its head, which is the response |
//! | [`plan_txt`], [`plan_ndjson`] | people and programs: what will be sent, before it is sent |
//! | [`changes_ndjson`] | programs: one line per account: before, after, why, outcome |
//! | [`adobe_only_csv`] | people and programs: who is in Adobe only, as UST's `write-file` lists them |
//! | [`held_json`] | programs: what guards hold, and its hash |
//! | [`journal_chunk`] | programs: what became of each action |
//! | [`progress_json`] | programs: how far a pass has come |
//!
//! All of them may name people: they belong in the encrypted bucket, never in a log. The exceptions are the head
//! and the progress, which hold counts and names of options only.

mod adobe_only;
mod approving;
pub mod changes;
pub mod held;
pub mod journal;
mod packed;
pub mod plan_lines;
mod plan_text;
pub mod progress;
mod push_text;
mod reasons;
mod sections;
pub mod summary_json;
mod summary_text;
mod tally;
mod text;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::config::options::{Mode, Options};
use crate::reconcile::counters::Counters;
use crate::reconcile::guard::Checked;
use crate::reconcile::problem::Problem;

pub use adobe_only::adobe_only_csv;
pub use changes::changes_ndjson;
pub use held::{NoHold, ReadHold, held_json, read_held};
pub use journal::{Answered, JournalEntry, journal_chunk};
pub use packed::{gunzip, gzip};
pub use plan_lines::plan_ndjson;
pub use plan_text::{PlanInput, plan_txt};
pub use progress::{ActionsDone, ProgressInput, ProgressState, expected_end, progress_json};
pub use summary_json::{head_of, skipped_head, starts_over, summary_json, wait_of, waiting_head};
pub use summary_text::summary_txt;
pub(crate) use words::sha256;

/// The version of every JSON shape that this module writes. It grows when a field changes its meaning or goes away;
/// new fields may come without.
pub const SCHEMA: u32 = 1;

/// How a slice of a pass ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All that was planned was done.
    Complete,
    /// It ended, and some commands failed or were not sent.
    Partial,
    /// It ended, and a guard holds something.
    Held,
    /// It is not done; another slice goes on.
    Continue {
        /// How long until it makes sense to go on.
        wait: Duration,
    },
    /// It failed; the summary says why.
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

/// Which pass it is, and when.
#[derive(Debug, Clone, Copy)]
pub struct RunInfo<'a> {
    /// `<UTC yyyymmddThhmmssZ>-<8 hex>`.
    pub run_id: &'a str,
    /// What started the pass: `schedule`, `on-demand`.
    pub trigger: &'a str,
    /// The day of the pass.
    pub today: Date,
    /// When the pass began.
    pub created: Timestamp,
    /// How many slices the pass has had, this one included.
    pub slice: u32,
    /// What was done with the plan. A configuration that cannot be read counts as `apply`.
    pub mode: Mode,
    /// The options, where the pass came so far.
    pub options: Option<&'a Options>,
    /// When this slice began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Timestamp,
    /// The stages it entered, in order, each with the time of its beginning. A stage lasts until the next one.
    pub stages: &'a [(&'static str, Timestamp)],
}

/// Why a pass failed.
#[derive(Debug, Clone)]
pub struct Failure<'a> {
    /// The stable name.
    pub name: &'a str,
    /// What happened; names no person. May have several lines.
    pub message: String,
    /// What to do, a sentence.
    pub next_step: &'a str,
}

/// Everything that a summary tells.
#[derive(Clone)]
pub struct SummaryInput<'a> {
    /// Which pass it is.
    pub run: RunInfo<'a>,
    /// How it ended.
    pub status: Status,
    /// The counters, where the pass came so far.
    pub counters: Option<Counters>,
    /// The plan after the guards, where the pass came so far.
    pub checked: Option<&'a Checked>,
    /// About how many more slices the sending takes.
    pub slices_left: Option<usize>,
    /// Whether a fresh pass has to do what this one left.
    pub start_over: bool,
    /// The hash of what is held, where anything is.
    pub held_hash: Option<&'a str>,
    /// Everything that went other than planned for single people.
    pub problems: &'a [Problem],
    /// Sentences about the whole pass.
    pub notices: &'a [String],
    /// HTTP requests by endpoint.
    pub requests: BTreeMap<String, u64>,
    /// Batches of the plan.
    pub batches: usize,
    /// Batches that earlier slices of the pass sent.
    pub batches_before: usize,
    /// Batches that were sent.
    pub batches_sent: usize,
    /// Commands in them.
    pub commands_sent: usize,
    /// Why the pass failed, where it did.
    pub failure: Option<Failure<'a>>,
}

/// Masked: problems and the plan name people.
impl fmt::Debug for SummaryInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SummaryInput")
            .field("run_id", &self.run.run_id)
            .field("status", &self.status)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}
