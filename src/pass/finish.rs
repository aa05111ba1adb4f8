//! The end of a pass, or of one slice of it: what lies in the bucket before the answer does, and in which order.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use super::execute::Execution;
use super::kept::{self, Snapshot};
use super::record::{RecordedError, Run, RunRecord};
use super::summary::{mode, write};
use super::void::Void;
use super::{Connect, Error, Interruption, Progress, journal, memory, scarce};
use crate::config::options::Mode;
use crate::reconcile::outcome::ActionOutcome;
use crate::report::{self, Status};
use crate::store::Documents;

/// Writes what is left to say, then the run record, and makes the answer of it. Before anything else the record is
/// written: whoever lost the pass to somebody else writes no summary of it.
///
/// # Errors
/// The failure of the pass; where there is none, the store's.
pub(super) async fn finish<C: Connect>(
    world: &C,
    mut run: Run,
    mut progress: Progress,
    result: Result<(), Interruption>,
) -> Result<Value, Error> {
    let status = status(&progress, &result);
    let (failure, void) = match result {
        Err(Interruption::Failed(error)) => (Some(error), None),
        Err(Interruption::Void(void)) => (None, Some(void)),
        Ok(()) | Err(Interruption::OutOfTime(_)) => (None, None),
    };
    if let Some(void) = void {
        let not_sent = progress.checked.as_ref().map(|_| progress.not_sent());
        let checked = progress.checked.get_or_insert_default();
        checked.findings.push(void.finding(not_sent));
    }
    progress.notices.extend(too_short(&progress, status));
    run.record.void = void;
    run.record.counts(&progress, status);
    let ready = ready(world, &mut run, &progress, status).await;
    let failure = match (failure, ready) {
        (_, Err(Error::LeaseLost)) => return Err(Error::LeaseLost),
        (None, Err(error)) => Some(error),
        (failure, _) => failure,
    };
    let status = match failure {
        Some(_) => Status::Failed,
        None => status,
    };
    run.record.ends(status, failure.as_ref());
    tracing::info!(
        run_id = run.record.run_id,
        status = status.as_str(),
        error = failure.as_ref().map(|error| error.name().as_str()),
        "the slice ends"
    );
    let written = write(world, &mut run, &progress, status, failure.as_ref()).await;
    let (error, written) = match (failure, written) {
        (None, Ok(head)) => return Ok(head),
        (Some(error), written) => (error, written),
        (None, Err(Error::LeaseLost)) => return Err(Error::LeaseLost),
        // What lies there by now may say that all is well.
        (None, Err(error)) => {
            run.record.ends(Status::Failed, Some(&error));
            let again = write(world, &mut run, &progress, Status::Failed, Some(&error)).await;
            (error, again)
        }
    };
    if let Err(unwritten) = written {
        let unwritten = unwritten.name().as_str();
        tracing::error!(error = unwritten, "the summary of the failure is not whole");
    }
    Err(error)
}

/// What has to lie in the bucket before the summary does.
async fn ready<C: Connect>(
    world: &C,
    run: &mut Run,
    progress: &Progress,
    status: Status,
) -> Result<(), Error> {
    let data = world.data();
    if let (Status::Continue { .. }, Some(execution)) = (status, &progress.execution) {
        journal::keep_digest(data, &mut run.record, &execution.answered).await?;
    }
    run.save(data).await?;
    let is_good = matches!(status, Status::Complete | Status::Partial | Status::Held);
    if is_good && mode(progress) == Mode::Apply && run.record.void.is_none() {
        memory::leave(world, &run.record, progress).await?;
    }
    let superseded = run.record.void == Some(Void::Superseded);
    if let Some(directory) = &progress.directory
        && !superseded
        && !matches!(status, Status::Continue { .. })
    {
        let directory = as_left(directory, progress);
        scarce::leave_snapshot(data, directory).await?;
    }
    Ok(())
}

/// Adobe's directory with what the pass did. One that cannot be read any more stays as it was read.
fn as_left(directory: &Bytes, progress: &Progress) -> Bytes {
    let (Mode::Apply, Some(checked), Some(execution)) =
        (mode(progress), &progress.checked, &progress.execution)
    else {
        return directory.clone();
    };
    let left = kept::snapshot_from_bytes(directory).and_then(|snapshot| {
        let after = kept::after(snapshot.directory, &checked.plan, &execution.outcomes);
        kept::snapshot_to_bytes(&Snapshot {
            directory: after,
            ..snapshot
        })
    });
    left.map_or_else(|_| directory.clone(), Bytes::from)
}

impl RunRecord {
    fn ends(&mut self, status: Status, failure: Option<&Error>) {
        status.as_str().clone_into(&mut self.status);
        self.error = failure.map(|error| RecordedError {
            name: error.name().as_str().to_owned(),
            message: error.whole_message(),
        });
    }

    /// Adds what this slice did.
    fn counts(&mut self, progress: &Progress, status: Status) {
        if progress.came_further {
            self.stuck = 0;
        } else if is_stuck(progress, status) {
            self.stuck += 1;
        }
        for (endpoint, count) in progress.requests.counts() {
            *self.requests.entry(endpoint.to_owned()).or_default() += count;
        }
        if let Some((stage, _)) = progress.stages.last() {
            (*stage).clone_into(&mut self.phase);
        }
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
    // Where the store failed in between, the two may say different things: then the pass has not ended.
    let agrees = summary.get("status").and_then(Value::as_str) == Some(&record.status);
    Ok(agrees.then(|| report::head_of(&summary)))
}

fn status(progress: &Progress, result: &Result<(), Interruption>) -> Status {
    let held = progress
        .checked
        .as_ref()
        .is_some_and(|checked| !checked.held.is_empty());
    match result {
        Err(Interruption::Failed(_)) => Status::Failed,
        Err(Interruption::OutOfTime(wait)) => Status::Continue { wait: *wait },
        Err(Interruption::Void(_)) => Status::Partial,
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
pub(super) const LONGEST_WINDOW: Duration = Duration::from_mins(1);

/// Whether it was the slice that was too short, rather than a service or a window that made it wait.
fn is_stuck(progress: &Progress, status: Status) -> bool {
    let out_of_time = matches!(status, Status::Continue { wait } if wait.is_zero());
    out_of_time && !progress.came_further
}

/// Somebody has to see it before the pass fails of it.
fn too_short(progress: &Progress, status: Status) -> Option<String> {
    is_stuck(progress, status).then(|| {
        tracing::warn!("the time was over before the pass came any further");
        "The invocation's time was over before the pass came any further. If the next ones say the same, the pass fails \
         (NoProgress): give the function more time (its Timeout; Lambda allows 15 minutes)."
            .to_owned()
    })
}

impl Execution {
    /// Whether something was refused or not sent.
    fn is_partial(&self) -> bool {
        self.outcomes
            .iter()
            .any(|outcome| outcome != Some(&ActionOutcome::Done))
    }
}
