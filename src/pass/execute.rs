//! Sends batches in order and keeps the journal.

mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::error::Error;
use super::live::Live;
use crate::clock::Clock;
use crate::model::id::GroupName;
use crate::reconcile::action::{Action, Batch, Command, Target};
use crate::reconcile::outcome::{ActionOutcome, BatchOutcome, CommandError, Outcomes};
use crate::reconcile::plan::{Change, Plan};
use crate::reconcile::problem::Refused;
use crate::report::{self, Answered, JournalEntry};
use crate::store::{Documents, Expected};
use crate::umapi::{self, AdobeDirectory, Last, Submission};
use words::refused;

/// The journal is written after so many batches,
const BATCHES_IN_A_CHUNK: usize = 10;
/// or after so long, whichever comes first.
const LONGEST_IN_MEMORY: Duration = Duration::from_secs(5);
/// After so many batches in a row that Adobe did not answer at all, no more are sent.
const UNANSWERED_IN_A_ROW: usize = 3;

/// What Adobe says of a membership in a group that it does not have.
const UNKNOWN_GROUP: &str = "error.group.not_found";

/// How far the sending came.
#[derive(Debug)]
pub struct Execution {
    /// Of new groups and of changes.
    pub outcomes: Outcomes,
    /// What Adobe refused, by the position of the change.
    pub refused: BTreeMap<usize, Vec<Refused>>,
    /// What Adobe refused of new groups, by the position of the group.
    pub refused_groups: BTreeMap<usize, Vec<Refused>>,
    /// Batches of which earlier slices have the answer.
    pub batches_before: usize,
    /// Batches that were sent.
    pub batches_sent: usize,
    /// Commands in them.
    pub commands_sent: usize,
    /// What Adobe has answered, in all slices.
    pub answered: Answered,
    /// How many batches may still have been sent by earlier slices, of those that the journal does not know.
    pub doubtful: usize,
    /// Why not all were sent.
    pub stop: Option<Stop>,
}

/// Why the sending ended early.
#[derive(Debug)]
pub enum Stop {
    /// The invocation's time is over; it makes sense to go on after the wait.
    OutOfTime(Duration),
    /// Adobe did not answer several batches in a row, or none in all the time there was.
    Unanswered,
    /// The plan is too old.
    Expired,
    /// Nothing more can be sent or recorded.
    Failed(Error),
}

/// What is sent where.
#[derive(Debug)]
pub struct Sending<'a, A, D> {
    /// The organization.
    pub adobe: &'a A,
    /// Where the journal goes.
    pub data: &'a D,
    /// The time.
    pub clock: &'a Clock,
    /// `runs/<run_id>/journal/<slice>`, without the chunk's number.
    pub journal: String,
    /// Whether Adobe only checks.
    pub test: bool,
    /// How many batches that the journal does not know may have been sent all the same, by earlier slices.
    pub doubtful: usize,
    /// From then on nothing is sent.
    pub expires: Timestamp,
    /// Where it is told how far the sending is.
    pub live: Live<'a, D>,
}

/// The most batches that a killed slice has sent and not written down.
pub const MOST_DOUBTFUL: usize = BATCHES_IN_A_CHUNK;

/// Outcomes that are not in the journal yet.
struct Unwritten {
    entries: Vec<JournalEntry>,
    since: Timestamp,
    chunks: usize,
}

impl<A: AdobeDirectory, D: Documents> Sending<'_, A, D> {
    /// Sends the batches of the plan, but for what earlier slices have the answer of, until all are sent or something
    /// forbids it. What was sent is in the journal when this returns, unless the store refused it.
    pub async fn run(&self, plan: &Plan, batches: &[Batch], answered: Answered) -> Execution {
        let mut execution = Execution::nothing_sent(plan, answered);
        execution.doubtful = self.doubtful;
        let mut unwritten = Unwritten {
            entries: Vec::new(),
            since: self.clock.now(),
            chunks: 0,
        };
        let (mut unanswered, mut unsent) = (0, batches.iter());
        while let Some(planned) = unsent.next() {
            let Some(batch) = execution.without_refused(plan, planned) else {
                continue;
            };
            if let Some(outcome) = execution.answered.of(&batch) {
                execution.batches_before += 1;
                execution.record(&batch, &outcome);
                continue;
            }
            // The journal knows those that were never answered; they are none of the others.
            let is_silent = execution.answered.is_in_doubt(&batch);
            let silence = unanswered > 0 && unanswered == execution.batches_sent;
            let repeated = is_silent || execution.doubtful > 0;
            let submission = self.submission(unsent.len() == 0, repeated);
            let outcome = match self.send(plan, &batch, submission, silence).await {
                Ok(outcome) => outcome,
                Err(stop) => {
                    execution.stop = Some(stop);
                    execution.leave_out([planned]);
                    break;
                }
            };
            execution.count(&batch);
            if !is_silent {
                execution.doubtful = execution.doubtful.saturating_sub(1);
            }
            execution.record(&batch, &outcome);
            unanswered = if outcome.unreachable {
                unanswered + 1
            } else {
                0
            };
            let number = batches.len() - unsent.len() - 1;
            let entry = (number, batch, outcome, self.clock.now());
            unwritten.entries.push(entry);
            if let Err(error) = self.write_when_due(&mut unwritten, &mut execution).await {
                execution.stop = Some(Stop::Failed(error));
                break;
            }
            if unanswered >= UNANSWERED_IN_A_ROW && unsent.len() > 0 {
                execution.stop = Some(Stop::Unanswered);
                break;
            }
        }
        if let Err(error) = self.write(&mut unwritten, &mut execution).await {
            execution.stop = Some(Stop::Failed(error));
        }
        execution.leave_out(unsent);
        execution
    }

    fn submission(&self, is_last: bool, repeated: bool) -> Submission {
        Submission {
            test: self.test,
            last: if is_last { Last::Yes } else { Last::No },
            repeated,
        }
    }

    /// One batch. `silence`: Adobe has answered none before it.
    async fn send(
        &self,
        plan: &Plan,
        batch: &Batch,
        submission: Submission,
        silence: bool,
    ) -> Result<BatchOutcome, Stop> {
        if self.clock.now() >= self.expires {
            return Err(Stop::Expired);
        }
        match self.adobe.apply(batch, submission).await {
            Ok(outcome) if self.test => Ok(without_untestable(outcome, batch, &plan.new_groups)),
            Ok(outcome) => Ok(outcome),
            Err(umapi::Error::OutOfTime { wait }) if self.is_too_old_after(wait) => {
                Err(Stop::Expired)
            }
            // Another event would meet the same silence, and one more after it.
            Err(umapi::Error::OutOfTime { .. }) if silence => Err(Stop::Unanswered),
            Err(umapi::Error::OutOfTime { wait }) => Err(Stop::OutOfTime(wait)),
            Err(error) => Err(Stop::Failed(Error::Adobe(error))),
        }
    }

    fn is_too_old_after(&self, wait: Duration) -> bool {
        let then = self.clock.now().checked_add(wait);
        then.is_ok_and(|then| then >= self.expires)
    }

    async fn write_when_due(
        &self,
        unwritten: &mut Unwritten,
        execution: &mut Execution,
    ) -> Result<(), Error> {
        let age = Duration::try_from(self.clock.now().duration_since(unwritten.since))
            .unwrap_or_default();
        if unwritten.entries.len() >= BATCHES_IN_A_CHUNK || age >= LONGEST_IN_MEMORY {
            self.write(unwritten, execution).await?;
            self.live.sending(execution.actions_answered()).await;
        }
        Ok(())
    }

    async fn write(
        &self,
        unwritten: &mut Unwritten,
        execution: &mut Execution,
    ) -> Result<(), Error> {
        unwritten.since = self.clock.now();
        if unwritten.entries.is_empty() {
            return Ok(());
        }
        let key = chunk(&self.journal, unwritten.chunks);
        let text = report::journal_chunk(&unwritten.entries);
        execution.answered.add(&text);
        self.data
            .put_if(
                &key,
                "application/x-ndjson",
                Bytes::from(text),
                &Expected::Nothing,
            )
            .await
            .map_err(Error::Store)?;
        unwritten.entries.clear();
        unwritten.chunks += 1;
        Ok(())
    }
}

/// The key of a chunk of the journal.
pub(super) fn chunk(journal: &str, number: usize) -> String {
    format!("{journal}-{number:05}.ndjson")
}

impl Execution {
    /// Before this slice sends anything.
    pub fn nothing_sent(plan: &Plan, answered: Answered) -> Self {
        Self {
            outcomes: Outcomes::nothing_sent(plan),
            refused: BTreeMap::new(),
            refused_groups: BTreeMap::new(),
            batches_before: 0,
            batches_sent: 0,
            commands_sent: 0,
            answered,
            doubtful: 0,
            stop: None,
        }
    }

    /// What earlier slices did of a plan of which nothing more is sent.
    pub fn of_earlier(plan: &Plan, batches: &[Batch], answered: Answered) -> Self {
        let mut execution = Self::nothing_sent(plan, answered);
        let mut unsent = Vec::new();
        for planned in batches {
            let Some(batch) = execution.without_refused(plan, planned) else {
                continue;
            };
            match execution.answered.of(&batch) {
                Some(outcome) => {
                    execution.batches_before += 1;
                    execution.record(&batch, &outcome);
                }
                None => unsent.push(planned),
            }
        }
        execution.leave_out(unsent);
        execution
    }

    /// How many actions Adobe has answered, in all slices.
    pub fn actions_answered(&self) -> usize {
        self.answered.len()
    }

    /// Somebody of whom some actions were not sent is not done, whatever became of the others.
    fn leave_out<'a>(&mut self, unsent: impl IntoIterator<Item = &'a Batch>) {
        for action in unsent.into_iter().flat_map(Batch::actions) {
            if let Some(known) = self.outcomes.of(&action.target)
                && *known == Some(ActionOutcome::Done)
            {
                *known = None;
            }
        }
    }

    /// The batch without what is left to do for people whose account Adobe refused to make: those commands name an address,
    /// which may be that of an account of another type.
    fn without_refused(&self, plan: &Plan, batch: &Batch) -> Option<Batch> {
        let is_refused = |action: &&Action| {
            let change = action.target.change();
            change.is_some_and(|change| self.is_not_made(plan, change))
        };
        let actions = batch.actions().iter().filter(|action| !is_refused(action));
        Batch::try_from(actions.cloned().collect::<Vec<_>>()).ok()
    }

    /// Whether there is an account to make, and the first command, which makes it, may be what Adobe refused.
    fn is_not_made(&self, plan: &Plan, change: usize) -> bool {
        let is_creation = |change: &Change| change.create.is_some();
        let Some(Some(ActionOutcome::Failed(errors))) = self.outcomes.changes.get(change) else {
            return false;
        };
        plan.changes.get(change).is_some_and(is_creation)
            && errors
                .iter()
                .any(|error| matches!(error.command, None | Some(0)))
    }

    fn count(&mut self, batch: &Batch) {
        self.batches_sent += 1;
        let commands = batch.actions().iter().map(|action| action.commands.len());
        self.commands_sent += commands.sum::<usize>();
    }

    fn record(&mut self, batch: &Batch, outcome: &BatchOutcome) {
        for (action, outcome) in batch.actions().iter().zip(&outcome.actions) {
            let Some(known) = self.outcomes.of(&action.target) else {
                continue;
            };
            if let ActionOutcome::Failed(errors) = outcome {
                let refused = errors.iter().map(|error| refused(action, error));
                match &action.target {
                    Target::NewGroup { position, .. } => self.refused_groups.entry(*position),
                    Target::Account { change, .. } => self.refused.entry(*change),
                }
                .or_default()
                .extend(refused);
            }
            match (known.as_mut(), outcome) {
                (Some(ActionOutcome::Failed(errors)), ActionOutcome::Failed(more)) => {
                    errors.extend(more.iter().cloned());
                }
                (Some(ActionOutcome::Failed(_)), ActionOutcome::Done) => {}
                (None | Some(ActionOutcome::Done), _) => *known = Some(outcome.clone()),
            }
        }
    }
}

/// A test makes no group, so Adobe does not know those that it would have made: what it says of memberships in them is
/// no refusal.
fn without_untestable(
    mut outcome: BatchOutcome,
    batch: &Batch,
    new_groups: &[GroupName],
) -> BatchOutcome {
    for (action, became) in batch.actions().iter().zip(&mut outcome.actions) {
        let names_new_group = |error: &CommandError| {
            let command = error.command.and_then(|at| action.commands.get(at));
            error.code == UNKNOWN_GROUP
                && matches!(command, Some(Command::Add(names) | Command::Remove(names))
                    if names.iter().any(|name| new_groups.contains(name)))
        };
        if let ActionOutcome::Failed(errors) = became {
            errors.retain(|error| !names_new_group(error));
            if errors.is_empty() {
                *became = ActionOutcome::Done;
            }
        }
    }
    outcome
}
