//! Passes that end without another slice.

use serde_json::Value;

use super::enter::new_record;
use super::finish::{self, recorded_head};
use super::lease::Found;
use super::record::Run;
use super::slice::look_back_at_last;
use super::void::Void;
use super::{Caller, Connect, Error, Interruption, Progress, Start};
use crate::http::Requests;

/// Closes a pass that had begun before another one took its place.
pub(super) async fn overtaken<C: Connect>(
    world: &C,
    run: Option<Run>,
    caller: Caller<'_>,
) -> Result<Value, Error> {
    // Only a pass that had begun can be overtaken.
    let Some(run) = run else {
        return Err(Error::LeaseLost);
    };
    if let Some(failure) = run.record.failure() {
        return Err(failure);
    }
    let progress = looked_back(world, &run, caller).await;
    let result = Err(Interruption::Void(Void::Superseded));
    finish::finish(world, run, progress, result).await
}

/// Closes a pass that the engine gave up as failed, and answers with the head of its summary. One that has ended, or
/// has said itself why it failed, stays as it is.
pub(super) async fn abandoned<C: Connect>(
    world: &C,
    run_id: &str,
    start: Option<Start>,
    reason: Error,
    caller: Caller<'_>,
) -> Result<Value, Error> {
    let data = world.data();
    let now = world.clock().now();
    let run = match (Run::load(data, run_id).await?, start) {
        (Some(run), _) => run,
        (None, Some(start)) => Run::new(new_record(&start, now)),
        (None, None) => return Err(Error::RunUnknown(run_id.to_owned())),
    };
    let mut record = run.record.clone();
    let is_over = record.has_ended() || record.failure().is_some();
    if !is_over || recorded_head(data, &record).await?.is_none() {
        let progress = looked_back(world, &run, caller).await;
        let result = Err(Interruption::Failed(reason));
        if let Err(error) = finish::finish(world, run, progress, result).await
            && !matches!(error, Error::Abandoned { .. })
        {
            return Err(error);
        }
        "failed".clone_into(&mut record.status);
    }
    Found::load(data).await?.clear(data, run_id).await?;
    let head = recorded_head(data, &record).await?;
    head.ok_or_else(|| Error::Internal(format!("the summary of {run_id} is not there")))
}

/// What the summary can tell of what was done.
async fn looked_back<C: Connect>(world: &C, run: &Run, caller: Caller<'_>) -> Progress {
    let now = world.clock().now();
    let mut progress = Progress::new(now, caller.deadline, Requests::default());
    look_back_at_last(world, &run.record, &mut progress).await;
    progress
}
