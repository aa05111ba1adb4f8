//! From a trigger to the pass that it may work on.

use jiff::Timestamp;
use serde_json::Value;

use super::finish::{self, recorded_head};
use super::lease::{Claim, Decision, Found, Held, decide};
use super::record::{Run, RunRecord, SCHEMA};
use super::slice::{Before, slice};
use super::{APPROVAL, Caller, Connect, Error, Interruption, Progress, Start, close, resume};
use crate::http::{Invocation, Windows};
use crate::report;
use crate::store::Documents;

/// So often somebody else may be faster before a trigger gives up.
const TRIES: u32 = 5;
/// After so many slices in a row that came no further, the pass has failed.
const MOST_STUCK: u32 = 5;

/// Answers at once where there is nothing to do; else takes the lease, works, and gives it back.
pub(super) async fn enter<C: Connect>(
    world: &C,
    run_id: &str,
    start: Option<Start>,
    caller: Caller<'_>,
) -> Result<Value, Error> {
    let data = world.data();
    let known = Run::load(data, run_id).await?;
    match (&known, &start) {
        (Some(run), _) => {
            if let Some(head) = answered_before(data, &run.record).await? {
                return Ok(head);
            }
        }
        (None, None) => return Err(Error::RunUnknown(run_id.to_owned())),
        (None, Some(_)) => {}
    }
    for _ in 0..TRIES {
        let found = Found::load(data).await?;
        let claim = Claim {
            run_id,
            has_begun: known.as_ref().is_some_and(|run| run.record.slice > 0),
            is_trigger: start.is_some(),
        };
        let adopted = match decide(found.lease.as_ref(), claim, world.clock().now()) {
            Decision::Wait(wait) => return Ok(report::waiting_head(run_id, wait)),
            Decision::Skip(other) => {
                tracing::info!(other, "another pass is under way");
                return Ok(report::skipped_head(&other));
            }
            Decision::Overtaken => return close::overtaken(world, known, caller).await,
            Decision::Take => None,
            Decision::Adopt(other) => Some(other),
        };
        if let (None, None, Some(start)) = (&adopted, &known, &start) {
            note(data, start, world.clock().now()).await?;
        }
        let pass = adopted.as_deref().unwrap_or(run_id);
        let taken = found.take(data, pass, caller.owner, caller.deadline);
        if let Some(held) = taken.await? {
            let entered = Entered {
                world,
                caller,
                run_id,
                start,
                windows: Windows::of_earlier(held.windows()),
            };
            return entered.work(held, adopted).await;
        }
    }
    Err(Error::LeaseLost)
}

/// Writes down what the trigger asks for, before the lease names the pass: whoever is told to wait for it knows it by
/// its id alone.
async fn note(data: &impl Documents, start: &Start, now: Timestamp) -> Result<(), Error> {
    match Run::new(new_record(start, now)).save(data).await {
        // The same event was faster.
        Ok(()) | Err(Error::LeaseLost) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What a pass that is over answers: the same again. Where the summary says otherwise than the record, nobody knew whether
/// the record had arrived; then both are written once more.
async fn answered_before(
    data: &impl Documents,
    record: &RunRecord,
) -> Result<Option<Value>, Error> {
    if record.has_ended()
        && let Some(head) = recorded_head(data, record).await?
        && head.get("status").and_then(Value::as_str) == Some(&record.status)
    {
        return Ok(Some(head));
    }
    record.failed_for_good().map_or(Ok(None), Err)
}

/// An invocation that has the lease.
struct Entered<'a, C> {
    world: &'a C,
    caller: Caller<'a>,
    run_id: &'a str,
    start: Option<Start>,
    windows: Windows,
}

impl<C: Connect> Entered<'_, C> {
    async fn work(self, mut held: Held, adopted: Option<String>) -> Result<Value, Error> {
        let data = self.world.data();
        let result = self.passes(&mut held, adopted).await;
        let wait = result.as_ref().ok().and_then(report::wait_of);
        let resume_at = wait.and_then(|wait| self.world.clock().now().checked_add(wait).ok());
        let released = held.release(data, resume_at, self.windows.starts());
        if let Err(error) = released.await {
            // It ends by itself.
            let error = error.name().as_str();
            tracing::warn!(error, "the lease was not given back");
        }
        result
    }

    /// A pass that was left alone, if there is one; then the trigger's own, where that is not the same.
    async fn passes(&self, held: &mut Held, adopted: Option<String>) -> Result<Value, Error> {
        let data = self.world.data();
        if let Some(other) = adopted {
            if let Some(head) = self.adopt(held, &other).await? {
                return Ok(head);
            }
            if let Some(start) = &self.start {
                note(data, start, self.world.clock().now()).await?;
            }
            held.turn_to(data, self.run_id).await?;
        }
        let run = match (Run::load(data, self.run_id).await?, &self.start) {
            (Some(run), _) => run,
            (None, Some(start)) => Run::new(new_record(start, self.world.clock().now())),
            (None, None) => return Err(Error::RunUnknown(self.run_id.to_owned())),
        };
        // It may have ended before the lease was ours.
        if let Some(head) = answered_before(data, &run.record).await? {
            return Ok(head);
        }
        self.slice(held, run).await
    }

    /// Goes on with a pass that was left alone. `None` where it is over and the trigger asks for another one.
    async fn adopt(&self, held: &Held, other: &str) -> Result<Option<Value>, Error> {
        let run = match Run::load(self.world.data(), other).await {
            Ok(Some(run)) => run,
            Ok(None) => return Ok(None),
            Err(Error::Internal(message)) => {
                tracing::warn!(message, "a pass that was left alone is given up");
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        if run.record.has_ended() || run.record.failure().is_some() {
            return Ok(None);
        }
        // What a person approves, the other one may have planned without.
        let starts = self.start.as_ref();
        let asked = starts.filter(|start| start.trigger != APPROVAL);
        let asked = asked.map(|start| &start.overrides);
        let is_same = asked == Some(&run.record.overrides);
        tracing::info!(other, "going on with a pass that was left alone");
        match self.slice(held, run).await {
            Ok(head) if report::starts_over(&head) => Ok(None),
            Ok(head) if is_same || report::wait_of(&head).is_some() => Ok(Some(head)),
            Ok(_ended) => Ok(None),
            Err(error) if error.name().is_transient() => Err(error),
            Err(_failed_for_good) => Ok(None),
        }
    }

    async fn slice(&self, held: &Held, mut run: Run) -> Result<Value, Error> {
        let Self { world, caller, .. } = self;
        let before = match &run.record {
            record if record.slice == 0 => Before::Nothing,
            record if record.is_running() || record.failure().is_some() => Before::Broke,
            _ => Before::Ended,
        };
        let invocation = Invocation {
            windows: self.windows.clone(),
            ..Invocation::new(caller.deadline)
        };
        let requests = invocation.requests.clone();
        let mut progress = Progress::new(world.clock().now(), caller.deadline, requests);
        let result = match self.begun(&mut run).await {
            Ok(()) => {
                let slice = slice(
                    *world,
                    &mut run,
                    before,
                    invocation,
                    held.killed,
                    &mut progress,
                );
                // Without a box its future is too deep for the compiler to lay out in a release build.
                Box::pin(slice).await
            }
            Err(Error::LeaseLost) => return Err(Error::LeaseLost),
            Err(error) => Err(Interruption::Failed(error)),
        };
        finish::finish(*world, run, progress, result).await
    }

    /// Writes down that a slice begins, and looks what became of the one before.
    async fn begun(&self, run: &mut Run) -> Result<(), Error> {
        let data = self.world.data();
        let record = &mut run.record;
        if record.slice > 0 && record.is_running() {
            // The slice before was killed.
            let came_further = resume::came_further(data, record).await?;
            record.stuck = if came_further { 0 } else { record.stuck + 1 };
        }
        record.begins_slice();
        let stuck = record.stuck;
        run.save(data).await?;
        if stuck >= MOST_STUCK {
            return Err(Error::NoProgress(stuck));
        }
        Ok(())
    }
}

pub(super) fn new_record(start: &Start, now: Timestamp) -> RunRecord {
    RunRecord {
        schema: SCHEMA,
        run_id: start.run_id.clone(),
        trigger: start.trigger.to_owned(),
        created: now,
        today: start.today,
        overrides: start.overrides.clone(),
        slice: 0,
        stuck: 0,
        phase: String::new(),
        status: "running".to_owned(),
        mode: None,
        error: None,
        configuration: None,
        org_id: None,
        read_at: None,
        plan: None,
        journal_digest: 0,
        doubtful: 0,
        void: None,
        requests: std::collections::BTreeMap::new(),
    }
}
