//! The summary of a slice, and the files beside it.

use std::cell::Cell;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::finish::LONGEST_WINDOW;
use super::live::Live;
use super::problems::problems;
use super::record::{Run, RunRecord};
use super::void::Void;
use super::{Connect, Error, Progress, lease};
use crate::config::options::Mode;
use crate::reconcile::action::ACTIONS_IN_A_BATCH;
use crate::reconcile::counters::{Counters, counters, planned};
use crate::reconcile::guard::Checked;
use crate::reconcile::outcome::Outcomes;
use crate::report::progress::ProgressState;
use crate::report::{self, Failure, PlanInput, RunInfo, Status, SummaryInput};
use crate::store::Documents;

/// Writes the summary and the files beside it, then the run record. Returns the head.
///
/// # Errors
/// The store's; [`Error::LeaseLost`].
pub(super) async fn write<C: Connect>(
    world: &C,
    run: &mut Run,
    progress: &Progress,
    status: Status,
    failure: Option<&Error>,
) -> Result<Value, Error> {
    let record = &run.record;
    let problems = problems(progress, status);
    let failure = failure.map(|error| Failure {
        name: error.name().as_str(),
        message: error.whole_message(),
        next_step: error.name().next_step(),
    });
    let input = SummaryInput {
        run: run_info(record, progress, world.clock().now()),
        status,
        counters: counted(progress),
        checked: progress.checked.as_ref(),
        slices_left: progress.slices_left(status),
        start_over: record.void.is_some_and(Void::starts_over),
        held_hash: progress.held_hash.as_deref(),
        problems: &problems,
        notices: &progress.notices,
        requests: record.requests.clone(),
        batches: progress.batches.len(),
        batches_before: progress
            .execution
            .as_ref()
            .map_or(0, |sent| sent.batches_before),
        batches_sent: progress
            .execution
            .as_ref()
            .map_or(0, |sent| sent.batches_sent),
        commands_sent: progress
            .execution
            .as_ref()
            .map_or(0, |sent| sent.commands_sent),
        failure,
    };
    let summary = report::summary_json(&input);
    let texts = Texts {
        json: Bytes::from(format!("{summary:#}\n")),
        text: Bytes::from(report::summary_txt(&input)),
    };
    let failed = input.failure.is_some();
    let goes_on = matches!(status, Status::Continue { .. });
    let written = write_files(world, record, progress, goes_on, texts).await;
    if let Err(Error::LeaseLost) = written {
        return Err(Error::LeaseLost);
    }
    // Who overtook the pass has the word.
    if record.void != Some(Void::Superseded) {
        let state = state(progress, status, world.clock().now());
        tell(world, record, progress, state).await;
    }
    // The record of a pass without its summary stays `running`, unless that is just what it has to tell.
    if failed {
        run.save(world.data()).await.and(written)?;
    } else {
        written?;
        run.save(world.data()).await?;
    }
    Ok(report::head_of(&summary))
}

/// A configuration that cannot be read counts as `apply`.
pub(super) fn mode(progress: &Progress) -> Mode {
    let of_options = progress.options.as_ref().map(|options| options.mode);
    of_options.or(progress.mode).unwrap_or(Mode::Apply)
}

fn run_info<'a>(record: &'a RunRecord, progress: &'a Progress, now: Timestamp) -> RunInfo<'a> {
    RunInfo {
        run_id: &record.run_id,
        trigger: &record.trigger,
        today: record.today,
        created: record.created,
        slice: record.slice,
        mode: mode(progress),
        options: progress.options.as_ref(),
        started: progress.started,
        ended: now,
        stages: &progress.stages,
    }
}

impl Progress {
    fn stage(&self) -> &'static str {
        self.stages.last().map_or("", |(stage, _)| stage)
    }

    /// Actions of the plan whose outcome nobody knows.
    pub(super) fn not_sent(&self) -> usize {
        let done = match &self.execution {
            Some(execution) => execution.answered.len(),
            None => self.answered.len(),
        };
        self.actions().unwrap_or_default().saturating_sub(done)
    }

    /// At the pace of Adobe's limit, with as much time for each as this one had.
    fn slices_left(&self, status: Status) -> Option<usize> {
        let Status::Continue { .. } = status else {
            return None;
        };
        let left = self.not_sent().div_ceil(ACTIONS_IN_A_BATCH);
        let time = self.deadline.left(self.started).as_secs();
        let per_minute = u64::from(self.per_minute);
        let in_a_slice = usize::try_from(time * per_minute / 60).ok()?;
        (self.execution.is_some() && in_a_slice > 0).then(|| left.div_ceil(in_a_slice))
    }
}

/// How far the pass has come, for whoever watches it.
pub(super) async fn tell<C: Connect>(
    world: &C,
    record: &RunRecord,
    progress: &Progress,
    state: ProgressState<'_>,
) {
    let live = Live {
        data: world.data(),
        clock: world.clock(),
        run_id: &record.run_id,
        mode: mode(progress),
        slice: record.slice,
        stage: progress.stage(),
        total: progress.actions(),
        per_minute: progress.per_minute,
        written: Cell::default(),
    };
    let total = progress.actions().unwrap_or_default();
    live.tell(state, total.saturating_sub(progress.not_sent()))
        .await;
}

fn state(progress: &Progress, status: Status, now: Timestamp) -> ProgressState<'_> {
    match status {
        Status::Continue { wait } => ProgressState::Waiting {
            until: now.checked_add(wait).unwrap_or(Timestamp::MAX),
            why: waiting_for(progress.stage(), wait),
        },
        status => ProgressState::Ended { status },
    }
}

fn waiting_for(stage: &str, wait: Duration) -> &'static str {
    if wait <= LONGEST_WINDOW {
        return "the next slice: the time of this one was over";
    }
    match stage {
        "read the roster" => "the roster source, which asked to come back later",
        _ => "Adobe, which asked to come back later",
    }
}

/// The summary, twice.
struct Texts {
    json: Bytes,
    text: Bytes,
}

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// `latest/` shows the last test or apply; a plan lies beside it.
async fn write_files<C: Connect>(
    world: &C,
    record: &RunRecord,
    progress: &Progress,
    goes_on: bool,
    Texts { json, text }: Texts,
) -> Result<(), Error> {
    let run = |name: &str| format!("runs/{}/{name}", record.run_id);
    let mut files = vec![
        (run("summary.json"), JSON, json.clone()),
        (run("summary.txt"), TEXT, text.clone()),
    ];
    match (mode(progress), &progress.checked) {
        // The pass that overtook it has the word.
        _ if record.void == Some(Void::Superseded) => {}
        (Mode::Test | Mode::Apply, _) => {
            files.push(("latest/summary.json".to_owned(), JSON, json));
            files.push(("latest/summary.txt".to_owned(), TEXT, text));
        }
        (Mode::Plan, checked) => {
            let plan = checked
                .as_ref()
                .map_or(text, |checked| plan_txt(record, progress, checked).into());
            files.push(("latest/plan.json".to_owned(), JSON, json));
            files.push(("latest/plan.txt".to_owned(), TEXT, plan));
        }
    }
    // Of everybody, so that it is large: once, at the end.
    if let Some(checked) = progress.checked.as_ref().filter(|_| !goes_on) {
        let nothing_sent = Outcomes::nothing_sent(&checked.plan);
        let execution = progress.execution.as_ref();
        let outcomes = execution.map_or(&nothing_sent, |execution| &execution.outcomes);
        let changes = report::changes_ndjson(checked, outcomes, mode(progress));
        files.push((
            run("changes.ndjson"),
            "application/x-ndjson",
            changes.into(),
        ));
    }
    // One that cannot be written keeps none of the others from saying what happened.
    let mut written = Ok(());
    let (data, until) = (world.data(), lease::busy_until(progress.deadline));
    for (key, kind, body) in files {
        // Whoever has the pass by now has a summary of it, too.
        if world.clock().now() >= until {
            return Err(Error::LeaseLost);
        }
        written = written.and(data.put(&key, kind, body).await.map_err(Error::Store));
    }
    written
}

fn plan_txt(record: &RunRecord, progress: &Progress, checked: &Checked) -> String {
    report::plan_txt(&PlanInput {
        run_id: &record.run_id,
        today: record.today,
        mode: mode(progress),
        held_hash: progress.held_hash.as_deref(),
        checked,
    })
}

fn counted(progress: &Progress) -> Option<Counters> {
    let checked = progress.checked.as_ref()?;
    match (mode(progress), &progress.execution) {
        (Mode::Plan, _) => Some(planned(checked)),
        (Mode::Test | Mode::Apply, Some(execution)) => Some(counters(checked, &execution.outcomes)),
        (Mode::Test | Mode::Apply, None) => None,
    }
}
