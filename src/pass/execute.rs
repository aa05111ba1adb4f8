//! Sends batches in order and keeps the journal.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::error::Error;
use crate::clock::Clock;
use crate::model::id::GroupName;
use crate::reconcile::action::{Action, Batch, Command, Target};
use crate::reconcile::outcome::{ActionOutcome, BatchOutcome, CommandError, Outcomes};
use crate::reconcile::plan::{Change, Plan};
use crate::reconcile::problem::Refused;
use crate::report::{self, Answered, JournalEntry};
use crate::store::Documents;
use crate::umapi::{self, AdobeDirectory, Last};

/// The journal is written after so many batches,
const BATCHES_IN_A_CHUNK: usize = 10;
/// or after so long, whichever comes first.
const LONGEST_IN_MEMORY: Duration = Duration::from_secs(5);
/// After so many batches in a row that Adobe did not answer at all, no more are sent.
const UNANSWERED_IN_A_ROW: usize = 3;

/// What Adobe says of a membership in a group that it does not have.
const UNKNOWN_GROUP: &str = "error.group.not_found";
/// In words that go after "refused to", where Adobe does not tell which command it was.
const WHOLE_ACTION: &str = "carry out the action";

/// How far the sending came.
#[derive(Debug)]
pub struct Execution {
    /// Of new groups and of changes.
    pub outcomes: Outcomes,
    /// What Adobe refused, by the position of the change.
    pub refused: BTreeMap<usize, Vec<Refused>>,
    /// What Adobe refused of new groups, by the position of the group.
    pub refused_groups: BTreeMap<usize, Vec<Refused>>,
    /// Batches of which earlier events have the answer.
    pub batches_before: usize,
    /// Batches that were sent.
    pub batches_sent: usize,
    /// Commands in them.
    pub commands_sent: usize,
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
    /// What earlier events sent and need not send again.
    pub answered: Answered,
}

/// Outcomes that are not in the journal yet.
struct Unwritten {
    entries: Vec<JournalEntry>,
    since: Timestamp,
    chunks: usize,
}

impl<A: AdobeDirectory, D: Documents> Sending<'_, A, D> {
    /// Sends the batches of the plan, until all are sent or something forbids it. What was sent is in the journal when
    /// this returns, unless the store refused it.
    pub async fn run(&self, plan: &Plan, batches: &[Batch]) -> Execution {
        let mut execution = Execution::nothing_sent(plan);
        let mut unwritten = Unwritten {
            entries: Vec::new(),
            since: self.clock.now(),
            chunks: 0,
        };
        let (mut unanswered, mut unsent) = (0, batches.iter());
        while let Some(planned) = unsent.next() {
            let last = if unsent.len() == 0 {
                Last::Yes
            } else {
                Last::No
            };
            let Some(batch) = execution.without_refused(plan, planned) else {
                continue;
            };
            if let Some(outcome) = self.answered.of(&batch) {
                execution.batches_before += 1;
                execution.record(&batch, &outcome);
                continue;
            }
            let silence = unanswered > 0 && unanswered == execution.batches_sent;
            let outcome = match self.send(plan, &batch, last, silence).await {
                Ok(outcome) => outcome,
                Err(stop) => {
                    execution.stop = Some(stop);
                    execution.leave_out([planned]);
                    break;
                }
            };
            execution.count(&batch);
            execution.record(&batch, &outcome);
            unanswered = if outcome.unreachable {
                unanswered + 1
            } else {
                0
            };
            let number = batches.len() - unsent.len() - 1;
            let entry = (number, batch, outcome, self.clock.now());
            unwritten.entries.push(entry);
            if let Err(error) = self.write_when_due(&mut unwritten).await {
                execution.stop = Some(Stop::Failed(error));
                break;
            }
            if unanswered >= UNANSWERED_IN_A_ROW && unsent.len() > 0 {
                execution.stop = Some(Stop::Unanswered);
                break;
            }
        }
        if let Err(error) = self.write(&mut unwritten).await {
            execution.stop = Some(Stop::Failed(error));
        }
        execution.leave_out(unsent);
        execution
    }

    /// One batch. `silence`: Adobe has answered none before it.
    async fn send(
        &self,
        plan: &Plan,
        batch: &Batch,
        last: Last,
        silence: bool,
    ) -> Result<BatchOutcome, Stop> {
        match self.adobe.apply(batch, self.test, last).await {
            Ok(outcome) if self.test => Ok(without_untestable(outcome, batch, &plan.new_groups)),
            Ok(outcome) => Ok(outcome),
            // Another event would meet the same silence, and one more after it.
            Err(umapi::Error::OutOfTime { .. }) if silence => Err(Stop::Unanswered),
            Err(umapi::Error::OutOfTime { wait }) => Err(Stop::OutOfTime(wait)),
            Err(error) => Err(Stop::Failed(Error::Adobe(error))),
        }
    }

    async fn write_when_due(&self, unwritten: &mut Unwritten) -> Result<(), Error> {
        let age = Duration::try_from(self.clock.now().duration_since(unwritten.since))
            .unwrap_or_default();
        if unwritten.entries.len() >= BATCHES_IN_A_CHUNK || age >= LONGEST_IN_MEMORY {
            self.write(unwritten).await?;
        }
        Ok(())
    }

    async fn write(&self, unwritten: &mut Unwritten) -> Result<(), Error> {
        unwritten.since = self.clock.now();
        if unwritten.entries.is_empty() {
            return Ok(());
        }
        let key = chunk(&self.journal, unwritten.chunks);
        let text = report::journal_chunk(&unwritten.entries);
        self.data
            .put(&key, "application/x-ndjson", Bytes::from(text))
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
    fn nothing_sent(plan: &Plan) -> Self {
        Self {
            outcomes: Outcomes::nothing_sent(plan),
            refused: BTreeMap::new(),
            refused_groups: BTreeMap::new(),
            batches_before: 0,
            batches_sent: 0,
            commands_sent: 0,
            stop: None,
        }
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

fn refused(action: &Action, error: &CommandError) -> Refused {
    let command = match (error.command, &action.target) {
        // Without a place in the action, too: it has one command.
        (_, Target::NewGroup { name, .. }) => format!("make the user group {}", name.as_str()),
        (Some(position), Target::Account { .. }) => action
            .commands
            .get(position)
            .map_or_else(|| WHOLE_ACTION.to_owned(), described),
        (None, Target::Account { .. }) => WHOLE_ACTION.to_owned(),
    };
    Refused {
        command,
        code: error.code.clone(),
        message: error.message.clone(),
    }
}

/// In words that go after "refused to".
fn described(command: &Command) -> String {
    let names = |groups: &[GroupName]| {
        groups
            .iter()
            .map(GroupName::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match command {
        Command::CreateGroup => "make the user group".to_owned(),
        Command::Create(_) => "create the account".to_owned(),
        Command::Update(_) => "update names or address".to_owned(),
        Command::Remove(groups) => format!("remove from {}", names(groups)),
        Command::RemoveAll => "remove from all groups".to_owned(),
        Command::Add(groups) => format!("add to {}", names(groups)),
        Command::RemoveFromOrg {
            delete_account: true,
        } => "delete the account".to_owned(),
        Command::RemoveFromOrg {
            delete_account: false,
        } => "remove from the organization".to_owned(),
    }
}
