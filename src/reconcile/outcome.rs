//! What became of the actions that were sent.

use super::action::Target;
use super::plan::Plan;

/// One error of Adobe's about one command.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CommandError {
    /// The position of the command in the action, where Adobe tells it.
    pub command: Option<usize>,
    /// Adobe's error code, or one of ours where the whole request failed.
    pub code: String,
    /// Adobe's words. May name people: it goes to the bucket, never to a log.
    pub message: String,
}

/// What became of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionOutcome {
    /// Done, or already so.
    Done,
    /// Adobe refused at least one command.
    Failed(Vec<CommandError>),
}

/// What became of one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchOutcome {
    /// In the order of the batch's actions, one each.
    pub actions: Vec<ActionOutcome>,
    /// Whether the request as a whole brought no usable answer (an outage rather than a refusal).
    pub unreachable: bool,
}

/// What became of a plan; `None` is not sent, or not all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// One for each new user group of the plan.
    pub groups: Vec<Option<ActionOutcome>>,
    /// One for each change of the plan.
    pub changes: Vec<Option<ActionOutcome>>,
}

impl Outcomes {
    /// Before anything is sent.
    pub fn nothing_sent(plan: &Plan) -> Self {
        Self {
            groups: vec![None; plan.new_groups.len()],
            changes: vec![None; plan.changes.len()],
        }
    }

    /// That of what an action is about, if the plan has it.
    pub fn of(&mut self, target: &Target) -> Option<&mut Option<ActionOutcome>> {
        match target {
            Target::NewGroup { position, .. } => self.groups.get_mut(*position),
            Target::Account { change, .. } => self.changes.get_mut(*change),
        }
    }

    /// Groups first, as they are sent.
    pub fn iter(&self) -> impl Iterator<Item = Option<&ActionOutcome>> {
        self.groups.iter().chain(&self.changes).map(Option::as_ref)
    }
}
