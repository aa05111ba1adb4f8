//! One pass, straight down the page: gather, decide, check, execute, report.

mod close;
mod conditional;
pub mod credentials;
mod enter;
pub mod error;
pub mod execute;
mod finish;
mod gather;
mod journal;
pub mod kept;
pub mod lease;
pub mod live;
pub mod memory;
mod outputs;
mod problems;
mod reading;
pub mod record;
mod resume;
mod roster;
mod scarce;
mod slice;
mod summary;
pub mod void;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::clock::{Clock, Deadline};
use crate::config;
use crate::config::options::{Mode, Options, Overrides};
use crate::http::{Invocation, Requests};
use crate::reconcile::action::Batch;
use crate::reconcile::guard::Checked;
use crate::report::Answered;
use crate::settings::Settings;
use crate::sis::{self, RosterSource};
use crate::store::{Documents, Secrets};
use crate::umapi::{self, AdobeDirectory};
pub use error::{Error, ErrorName};
use execute::Execution;
use memory::Remembering;
use void::Void;

/// What a pass is connected to. A pass sees traits, not clients.
pub trait Connect {
    /// The bucket.
    type Documents: Documents;
    /// Secrets Manager.
    type Secrets: Secrets;
    /// The student information system.
    type Source: RosterSource;
    /// The Adobe organization.
    type Adobe: AdobeDirectory;

    /// The folder of the root configuration file.
    fn config(&self) -> &Self::Documents;
    /// The place of `runs/` and `latest/`.
    fn data(&self) -> &Self::Documents;
    /// The credentials.
    fn secrets(&self) -> &Self::Secrets;
    /// The environment.
    fn settings(&self) -> &Settings;
    /// The time.
    fn clock(&self) -> &Clock;

    /// The roster source of a checked configuration, for one invocation.
    fn source(
        &self,
        config: &config::Source,
        credentials: sis::Credentials,
        invocation: &Invocation,
    ) -> Self::Source;

    /// The organization of a checked configuration, for one invocation. `began` says that an earlier one of the pass sent
    /// requests to it.
    fn adobe(
        &self,
        config: &config::Umapi,
        credentials: umapi::Credentials,
        invocation: &Invocation,
        began: bool,
    ) -> Self::Adobe;
}

/// What an event asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// A pass, unless it is known already.
    Start(Start),
    /// To go on with a pass.
    Resume {
        /// Its id.
        run_id: String,
    },
    /// To close the summary of a pass that the engine gave up.
    Close {
        /// Its id.
        run_id: String,
        /// What started it, where nobody knows whether it began.
        start: Option<Start>,
        /// The name of the last error.
        error: String,
        /// Its message.
        cause: String,
    },
}

impl Trigger {
    /// The pass it is about.
    pub fn run_id(&self) -> &str {
        match self {
            Self::Start(start) => &start.run_id,
            Self::Resume { run_id } | Self::Close { run_id, .. } => run_id,
        }
    }
}

/// The trigger of a pass that an approval starts.
pub const APPROVAL: &str = "approval";

/// A pass that may be new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The same event has the same id, however often it is delivered.
    pub run_id: String,
    /// `schedule`, `on-demand` or `approval`.
    pub trigger: &'static str,
    /// The day of the pass.
    pub today: Date,
    /// The event's options.
    pub overrides: Overrides,
}

/// Who asks: one invocation.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// Different for every invocation, even where the same event is delivered twice.
    pub owner: &'a str,
    /// When it has to stop.
    pub deadline: Deadline,
}

/// Everything that is known of the pass so far, for the summary.
#[derive(Debug)]
struct Progress {
    started: Timestamp,
    deadline: Deadline,
    stages: Vec<(&'static str, Timestamp)>,
    requests: Requests,
    /// What is done with the plan, as far as an earlier slice knew.
    mode: Option<Mode>,
    options: Option<Options>,
    notices: Vec<String>,
    checked: Option<Checked>,
    batches: Vec<Batch>,
    /// What Adobe answered to earlier slices.
    answered: Answered,
    execution: Option<Execution>,
    held_hash: Option<String>,
    /// All of Adobe's directory as it was read, packed.
    directory: Option<Bytes>,
    /// Action requests a minute; 0 is unpaced.
    per_minute: u32,
    /// What is left of single accounts at the end.
    remembering: Remembering,
    /// Whether this slice leaves anything that brings the pass further.
    came_further: bool,
}

/// Why a pass does not end in this slice, or at all.
#[derive(Debug)]
enum Interruption {
    OutOfTime(Duration),
    Failed(Error),
    Void(Void),
}

impl From<Error> for Interruption {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Interruption {
    /// Whether the same pass may well go on.
    fn goes_on(&self) -> bool {
        match self {
            Self::OutOfTime(_) => true,
            Self::Failed(error) => error.name().is_transient(),
            Self::Void(_) => false,
        }
    }
}

impl Progress {
    fn new(now: Timestamp, deadline: Deadline, requests: Requests) -> Self {
        Self {
            started: now,
            deadline,
            stages: Vec::new(),
            requests,
            mode: None,
            options: None,
            notices: Vec::new(),
            checked: None,
            batches: Vec::new(),
            answered: Answered::default(),
            execution: None,
            held_hash: None,
            directory: None,
            per_minute: 0,
            remembering: Remembering::default(),
            came_further: false,
        }
    }

    fn enter(&mut self, stage: &'static str, clock: &Clock) {
        tracing::info!(stage, "stage begins");
        self.stages.push((stage, clock.now()));
    }

    /// Actions of the plan, where there is one.
    fn actions(&self) -> Option<usize> {
        let of = |batch: &Batch| batch.actions().len();
        let total = || self.batches.iter().map(of).sum();
        self.checked.as_ref().map(|_| total())
    }
}

/// Does what the trigger asks for, or as much of it as the deadline allows. The answer is the head of a summary, or says
/// why none was written.
///
/// # Errors
/// A failed pass, after its summary was written.
pub async fn run<C: Connect>(
    world: &C,
    trigger: Trigger,
    caller: Caller<'_>,
) -> Result<Value, Error> {
    let (run_id, start) = match trigger {
        Trigger::Start(start) => (start.run_id.clone(), Some(start)),
        Trigger::Resume { run_id } => (run_id, None),
        Trigger::Close {
            run_id,
            start,
            error,
            cause,
        } => {
            let reason = Error::Abandoned { error, cause };
            return close::abandoned(world, &run_id, start, reason, caller).await;
        }
    };
    enter::enter(world, &run_id, start, caller).await
}
