//! One pass, straight down the page: gather, decide, check, execute, report.

pub mod credentials;
pub mod error;
pub mod execute;
mod finish;
mod gather;
pub mod record;
mod roster;
mod stages;

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::clock::{Clock, Deadline};
use crate::config;
use crate::config::options::{Options, Overrides};
use crate::http::Requests;
use crate::reconcile::guard::Checked;
use crate::settings::Settings;
use crate::sis::{self, RosterSource};
use crate::store::{Documents, Secrets};
use crate::umapi::{self, AdobeDirectory};
pub use error::{Error, ErrorName};
use execute::Execution;
use record::{RunRecord, SCHEMA};

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
        deadline: Deadline,
        requests: &Requests,
    ) -> Self::Source;

    /// The organization of a checked configuration, for one invocation.
    fn adobe(
        &self,
        config: &config::Umapi,
        credentials: umapi::Credentials,
        deadline: Deadline,
        requests: &Requests,
    ) -> Self::Adobe;
}

/// What an event asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// A pass, unless it is known already.
    Start(Start),
    /// Going on with a pass that is known.
    Resume {
        /// Which one.
        run_id: String,
    },
}

impl Trigger {
    /// Which pass it is about.
    pub fn run_id(&self) -> &str {
        match self {
            Self::Start(start) => &start.run_id,
            Self::Resume { run_id } => run_id,
        }
    }
}

/// A pass that may be new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The same event has the same id, however often it is delivered.
    pub run_id: String,
    /// `schedule` or `on-demand`.
    pub trigger: &'static str,
    /// The day of the pass.
    pub today: Date,
    /// The event's options.
    pub overrides: Overrides,
}

/// Everything that is known of the pass so far, for the summary.
#[derive(Debug)]
struct Progress {
    started: Timestamp,
    stages: Vec<(&'static str, Timestamp)>,
    requests: Requests,
    options: Option<Options>,
    notices: Vec<String>,
    checked: Option<Checked>,
    batches: usize,
    execution: Option<Execution>,
    held_hash: Option<String>,
}

/// Why a pass does not end in this invocation, or at all.
#[derive(Debug)]
enum Interruption {
    OutOfTime(Duration),
    Failed(Error),
}

impl From<Error> for Interruption {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Progress {
    fn new(now: Timestamp) -> Self {
        Self {
            started: now,
            stages: Vec::new(),
            requests: Requests::default(),
            options: None,
            notices: Vec::new(),
            checked: None,
            batches: 0,
            execution: None,
            held_hash: None,
        }
    }

    fn enter(&mut self, stage: &'static str, clock: &Clock) {
        tracing::info!(stage, "stage begins");
        self.stages.push((stage, clock.now()));
    }
}

/// Runs one pass, or as much of it as the deadline allows. The answer is the head of the summary.
///
/// # Errors
/// A failed pass, after its summary was written.
pub async fn run<C: Connect>(
    world: &C,
    trigger: Trigger,
    deadline: Deadline,
) -> Result<Value, Error> {
    let record = match open(world, trigger).await? {
        Opened::Ended(head) => return Ok(head),
        Opened::Going(record) => record,
    };
    let mut progress = Progress::new(world.clock().now());
    let result = match record.save(world.data()).await {
        Ok(()) => stages::stages(world, &record, deadline, &mut progress).await,
        Err(error) => Err(Interruption::Failed(error)),
    };
    finish::finish(world, *record, progress, result).await
}

enum Opened {
    Ended(Value),
    Going(Box<RunRecord>),
}

/// A trigger whose pass has ended gets the same answer again; one whose pass failed for good, the same error.
async fn open<C: Connect>(world: &C, trigger: Trigger) -> Result<Opened, Error> {
    let (run_id, start) = match trigger {
        Trigger::Start(start) => (start.run_id.clone(), Some(start)),
        Trigger::Resume { run_id } => (run_id, None),
    };
    let known = RunRecord::load(world.data(), &run_id).await?;
    let mut record = match (known, start) {
        (Some(record), _) => record,
        (None, Some(start)) => new_record(start, world.clock().now()),
        (None, None) => return Err(Error::RunUnknown(run_id)),
    };
    if record.has_ended()
        && let Some(head) = finish::recorded_head(world.data(), &record).await?
    {
        return Ok(Opened::Ended(head));
    }
    if let Some(error) = record.failed_for_good() {
        return Err(error);
    }
    record.slice += 1;
    "running".clone_into(&mut record.status);
    record.error = None;
    Ok(Opened::Going(Box::new(record)))
}

fn new_record(start: Start, now: Timestamp) -> RunRecord {
    let Start {
        run_id,
        trigger,
        today,
        overrides,
    } = start;
    RunRecord {
        schema: SCHEMA,
        run_id,
        trigger: trigger.to_owned(),
        created: now,
        today,
        overrides,
        slice: 0,
        status: "running".to_owned(),
        error: None,
    }
}
