//! The end of a pass, or of what one invocation did of it: status, counters, summary.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::execute::Execution;
use super::record::{RecordedError, RunRecord};
use super::{Connect, Error, Interruption, Progress};
use crate::config::options::Mode;
use crate::model::id::Email;
use crate::reconcile::counters::{Counters, counters, planned};
use crate::reconcile::guard::Checked;
use crate::reconcile::outcome::{ActionOutcome, Outcomes};
use crate::reconcile::problem::{Problem, ProblemName, Refused};
use crate::report::{self, Failure, RunInfo, Status, SummaryInput};
use crate::store::Documents;

/// Writes what is left to say, then the run record, and makes the answer of it.
///
/// # Errors
/// The failure of the pass; where there is none, the store's.
pub(super) async fn finish<C: Connect>(
    world: &C,
    mut record: RunRecord,
    mut progress: Progress,
    result: Result<(), Interruption>,
) -> Result<Value, Error> {
    let status = status(&progress, &result);
    progress.notices.extend(without_progress(&progress, status));
    let failure = match result {
        Err(Interruption::Failed(error)) => Some(error),
        Ok(()) | Err(Interruption::OutOfTime(_)) => None,
    };
    record.ends(status, failure.as_ref());
    tracing::info!(
        run_id = record.run_id,
        status = status.as_str(),
        error = failure.as_ref().map(|error| error.name().as_str()),
        "the pass ends"
    );
    let written = write(world, &record, &progress, status, failure.as_ref()).await;
    let (error, written) = match (failure, written) {
        (None, Ok(head)) => return Ok(head),
        (Some(error), written) => (error, written),
        // What lies there by now may say that all is well.
        (None, Err(error)) => {
            record.ends(Status::Failed, Some(&error));
            let again = write(world, &record, &progress, Status::Failed, Some(&error)).await;
            (error, again)
        }
    };
    if let Err(unwritten) = written {
        let unwritten = unwritten.name().as_str();
        tracing::error!(error = unwritten, "the summary of the failure is not whole");
    }
    Err(error)
}

impl RunRecord {
    fn ends(&mut self, status: Status, failure: Option<&Error>) {
        status.as_str().clone_into(&mut self.status);
        self.error = failure.map(|error| RecordedError {
            name: error.name().as_str().to_owned(),
            message: error.whole_message(),
        });
    }
}

/// The head of a pass that ended before, from its summary.
///
/// # Errors
/// The store's; [`Error::Internal`] for a summary that is not ours.
pub(super) async fn recorded_head(
    data: &impl Documents,
    record: &RunRecord,
) -> Result<Option<Value>, Error> {
    let key = format!("runs/{}/summary.json", record.run_id);
    let Some(bytes) = data.get(&key).await.map_err(Error::Store)? else {
        return Ok(None);
    };
    let summary: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if summary.get("run_id").and_then(Value::as_str) != Some(&record.run_id) {
        return Err(Error::Internal(format!(
            "{key} cannot be read, or is not the summary of this pass"
        )));
    }
    Ok(Some(report::head_of(&summary)))
}

fn status(progress: &Progress, result: &Result<(), Interruption>) -> Status {
    let held = progress
        .checked
        .as_ref()
        .is_some_and(|checked| !checked.held.is_empty());
    match result {
        Err(Interruption::Failed(_)) => Status::Failed,
        Err(Interruption::OutOfTime(wait)) => Status::Continue { wait: *wait },
        Ok(()) if held => Status::Held,
        Ok(())
            if progress
                .execution
                .as_ref()
                .is_some_and(Execution::is_partial) =>
        {
            Status::Partial
        }
        Ok(()) => Status::Complete,
    }
}

/// The longest wait for a place in a window of ours; a longer one is a service's wish.
const LONGEST_WINDOW: Duration = Duration::from_mins(1);

/// A pass whose events all end like this comes to no end: somebody has to see it.
fn without_progress(progress: &Progress, status: Status) -> Option<String> {
    let sent = progress
        .execution
        .as_ref()
        .is_some_and(|execution| execution.batches_sent > 0);
    match status {
        Status::Continue { wait } if !sent && wait <= LONGEST_WINDOW => {}
        _ => return None,
    }
    tracing::warn!("the time was over before anything could be sent");
    Some(
        "The invocation's time was over before anything could be sent. If the next one says the same, the pass comes to no end like this: give the function more time (its Timeout; Lambda allows 15 minutes)."
            .to_owned(),
    )
}

impl Execution {
    /// Whether something was refused or not sent.
    fn is_partial(&self) -> bool {
        self.outcomes
            .iter()
            .any(|outcome| outcome != Some(&ActionOutcome::Done))
    }
}

async fn write<C: Connect>(
    world: &C,
    record: &RunRecord,
    progress: &Progress,
    status: Status,
    failure: Option<&Error>,
) -> Result<Value, Error> {
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
        held_hash: progress.held_hash.as_deref(),
        problems: &problems,
        notices: &progress.notices,
        requests: progress.requests.counts(),
        batches: progress.batches,
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
    let written = write_files(world.data(), record, progress, texts).await;
    // The record of a pass without its summary stays `running`, unless that is just what it has to tell.
    if failed {
        record.save(world.data()).await.and(written)?;
    } else {
        written?;
        record.save(world.data()).await?;
    }
    Ok(report::head_of(&summary))
}

/// A configuration that cannot be read counts as `apply`.
fn mode(progress: &Progress) -> Mode {
    progress
        .options
        .as_ref()
        .map_or(Mode::Apply, |options| options.mode)
}

fn run_info<'a>(record: &'a RunRecord, progress: &'a Progress, now: Timestamp) -> RunInfo<'a> {
    RunInfo {
        run_id: &record.run_id,
        trigger: &record.trigger,
        today: record.today,
        slice: record.slice,
        mode: mode(progress),
        options: progress.options.as_ref(),
        started: progress.started,
        ended: now,
        stages: &progress.stages,
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
async fn write_files(
    data: &impl Documents,
    record: &RunRecord,
    progress: &Progress,
    Texts { json, text }: Texts,
) -> Result<(), Error> {
    let run = |name: &str| format!("runs/{}/{name}", record.run_id);
    let mut files = vec![
        (run("summary.json"), JSON, json.clone()),
        (run("summary.txt"), TEXT, text.clone()),
    ];
    match (mode(progress), &progress.checked) {
        (Mode::Test | Mode::Apply, _) => {
            files.push(("latest/summary.json".to_owned(), JSON, json));
            files.push(("latest/summary.txt".to_owned(), TEXT, text));
        }
        (Mode::Plan, checked) => {
            let plan = checked
                .as_ref()
                .map_or(text, |checked| report::plan_txt(checked).into());
            files.push(("latest/plan.json".to_owned(), JSON, json));
            files.push(("latest/plan.txt".to_owned(), TEXT, plan));
        }
    }
    if let Some(checked) = &progress.checked {
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
    for (key, kind, body) in files {
        written = written.and(data.put(&key, kind, body).await.map_err(Error::Store));
    }
    written
}

fn counted(progress: &Progress) -> Option<Counters> {
    let checked = progress.checked.as_ref()?;
    match (mode(progress), &progress.execution) {
        (Mode::Plan, _) => Some(planned(checked)),
        (Mode::Test | Mode::Apply, Some(execution)) => Some(counters(checked, &execution.outcomes)),
        (Mode::Test | Mode::Apply, None) => None,
    }
}

/// What the plan found, then what Adobe refused and what was not sent, in the order of the plan.
fn problems(progress: &Progress, status: Status) -> Vec<Problem> {
    let Some(checked) = &progress.checked else {
        return Vec::new();
    };
    let mut problems = checked.plan.problems.clone();
    if let Some(execution) = &progress.execution {
        // A pass that goes on lists nothing as not sent: the next event plans it again.
        let goes_on = matches!(status, Status::Continue { .. });
        problems.extend(sent_problems(checked, execution, goes_on));
    }
    problems
}

fn sent_problems(checked: &Checked, execution: &Execution, goes_on: bool) -> Vec<Problem> {
    let plan = &checked.plan;
    let outcomes = &execution.outcomes;
    let mut problems = Vec::new();
    for (position, (group, outcome)) in plan.new_groups.iter().zip(&outcomes.groups).enumerate() {
        let refusals = execution.refused_groups.get(&position);
        problems.extend(refusals.into_iter().flatten().map(|one| refused(None, one)));
        if outcome.is_none() && !goes_on {
            let what = format!("The new user group {}", group.as_str());
            problems.push(not_sent(None, &what));
        }
    }
    for (position, (change, outcome)) in plan.changes.iter().zip(&outcomes.changes).enumerate() {
        let email = Some(&change.email);
        let refusals = execution.refused.get(&position);
        problems.extend(
            refusals
                .into_iter()
                .flatten()
                .map(|one| refused(email, one)),
        );
        if outcome.is_none() && !goes_on {
            problems.push(not_sent(email, "This"));
        }
    }
    problems
}

fn refused(email: Option<&Email>, refused: &Refused) -> Problem {
    Problem {
        name: ProblemName::CommandFailed,
        email: email.cloned(),
        roster_id: None,
        message: format!("Adobe refused to {}.", refused.command),
        refused: Some(refused.clone()),
    }
}

fn not_sent(email: Option<&Email>, what: &str) -> Problem {
    Problem {
        name: ProblemName::NotSent,
        email: email.cloned(),
        roster_id: None,
        message: format!("{what} was planned and not sent; the next pass plans it again."),
        refused: None,
    }
}
