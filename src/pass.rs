//! One pass, straight down the page: gather, decide, check, execute, report.

pub mod credentials;
pub mod error;
pub mod execute;
mod finish;
mod gather;
pub mod record;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::clock::{Clock, Deadline};
use crate::config::options::{self, Mode, Options, Overrides};
use crate::config::{self, Config};
use crate::http::Requests;
use crate::reconcile::action::Batch;
use crate::reconcile::desired::{desired, needs};
use crate::reconcile::guard::{Checked, check};
use crate::reconcile::pack::pack;
use crate::reconcile::plan::plan;
use crate::report;
use crate::settings::Settings;
use crate::sis::{self, RosterSource};
use crate::store::{Documents, Secrets};
use crate::umapi::{self, AdobeDirectory, Last};
use credentials::Credentials;
pub use error::{Error, ErrorName};
use execute::{Execution, Sending, Stop};
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
        Ok(()) => stages(world, &record, deadline, &mut progress).await,
        Err(error) => Err(Interruption::Failed(error)),
    };
    finish::finish(world, record, progress, result).await
}

enum Opened {
    Ended(Value),
    Going(RunRecord),
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
    Ok(Opened::Going(record))
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

async fn stages<C: Connect>(
    world: &C,
    record: &RunRecord,
    deadline: Deadline,
    progress: &mut Progress,
) -> Result<(), Interruption> {
    progress.enter("read the configuration", world.clock());
    let config = gather::config(world).await?;
    progress.notices.extend(config.notices.iter().cloned());
    let options = options::resolve(&record.overrides, &config.defaults, &config.mapping)
        .map_err(Error::Options)?;
    progress.options = Some(options.clone());
    let (source, adobe) = connect(world, &config, deadline, progress).await?;

    progress.enter("read the roster", world.clock());
    let roster = source
        .read(&needs(&config, &options))
        .await
        .map_err(roster_interruption)?;
    progress.enter("read Adobe", world.clock());
    let only_reads = if options.mode == Mode::Plan {
        Last::Yes
    } else {
        Last::No
    };
    let directory = adobe.read(only_reads).await.map_err(adobe_interruption)?;

    progress.enter("plan", world.clock());
    let desired = desired(&roster, &config, &options);
    // A large district is large in memory, too.
    drop(roster);
    let planned = plan(&desired, &directory, &config, &options);
    let checked = check(planned, &desired, &config.limits, &options);
    let batches = pack(&checked.plan);
    progress.batches = batches.len();
    progress.notices.extend(desired.notices);
    progress.held_hash = write_plan(world, record, &checked, &batches).await?;
    let changes = checked.plan.changes.len();
    progress.checked = Some(checked);
    tracing::info!(changes, batches = batches.len(), "planned");
    if options.mode == Mode::Plan {
        return Ok(());
    }

    progress.enter("send", world.clock());
    send(world, record, &adobe, &batches, progress).await
}

/// Both sides, with credentials; nothing is sent yet.
async fn connect<C: Connect>(
    world: &C,
    config: &Config,
    deadline: Deadline,
    progress: &mut Progress,
) -> Result<(C::Source, C::Adobe), Error> {
    let prefix = &world.settings().secrets_prefix;
    let Credentials {
        source,
        umapi,
        notices,
    } = credentials::read(world.secrets(), config, prefix).await?;
    progress.notices.extend(notices);
    let source = world.source(&config.source, source, deadline, &progress.requests);
    let adobe = world.adobe(&config.umapi, umapi, deadline, &progress.requests);
    Ok((source, adobe))
}

async fn send<C: Connect>(
    world: &C,
    record: &RunRecord,
    adobe: &C::Adobe,
    batches: &[Batch],
    progress: &mut Progress,
) -> Result<(), Interruption> {
    let options = progress.options.as_ref();
    let sending = Sending {
        adobe,
        data: world.data(),
        clock: world.clock(),
        journal: format!("runs/{}/journal/{:04}", record.run_id, record.slice),
        test: options.is_some_and(|options| options.mode == Mode::Test),
    };
    let changes = progress
        .checked
        .as_ref()
        .map_or(0, |checked| checked.plan.changes.len());
    let mut execution = sending.run(batches, changes).await;
    let stop = execution.stop.take();
    progress.execution = Some(execution);
    match stop {
        Some(Stop::OutOfTime(wait)) => Err(Interruption::OutOfTime(wait)),
        Some(Stop::Failed(error)) => Err(Interruption::Failed(error)),
        // After silence the pass ends partial: what was not sent is listed.
        None | Some(Stop::Unanswered) => Ok(()),
    }
}

/// The plan is in the bucket before anything is changed. Returns the hash of what is held, if anything is.
async fn write_plan<C: Connect>(
    world: &C,
    record: &RunRecord,
    checked: &Checked,
    batches: &[Batch],
) -> Result<Option<String>, Error> {
    let data = world.data();
    let folder = format!("runs/{}", record.run_id);
    let store = |key: String, kind: &'static str, body: Bytes| async move {
        data.put(&key, kind, body).await.map_err(Error::Store)
    };
    let plan = Bytes::from(report::plan_ndjson(checked, batches));
    store(format!("{folder}/plan.ndjson.gz"), "application/gzip", plan).await?;
    let text = Bytes::from(report::plan_txt(checked));
    store(
        format!("{folder}/plan.txt"),
        "text/plain; charset=utf-8",
        text,
    )
    .await?;
    let (held, hash) = report::held_json(&checked.held);
    store(
        format!("{folder}/held.json"),
        "application/json",
        Bytes::from(held.to_string()),
    )
    .await?;
    Ok((!checked.held.is_empty()).then_some(hash))
}

fn roster_interruption(error: sis::Error) -> Interruption {
    match error {
        sis::Error::OutOfTime { wait } => Interruption::OutOfTime(wait),
        other => Interruption::Failed(Error::Roster(other)),
    }
}

fn adobe_interruption(error: umapi::Error) -> Interruption {
    match error {
        umapi::Error::OutOfTime { wait } => Interruption::OutOfTime(wait),
        other => Interruption::Failed(Error::Adobe(other)),
    }
}
