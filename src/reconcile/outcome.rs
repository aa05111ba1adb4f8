//! What became of the actions that were sent.

/// One error of Adobe's about one command.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
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
