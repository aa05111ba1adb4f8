//! `journal/`: what became of each action, one line of JSON each.
//!
//! `{batch, request_id, identity_type, user, domain, outcome, errors, answered, time}`. `batch` and `request_id` are those of
//! the plan, which is the same for all slices; `outcome` is `done` or `failed`; `answered` is false where the request as a
//! whole brought no usable answer; `time` is when the answer came. Of a user group that is made, `usergroup` stands in the
//! place of `identity_type`, `user` and `domain`.
//!
//! A digest, which later slices read instead of many chunks, holds `{request_id, outcome, errors, answered}` alone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::words::{errors, object, target};
use crate::reconcile::action::Batch;
use crate::reconcile::outcome::{ActionOutcome, BatchOutcome, CommandError};

/// One batch that was sent: its number in the plan, what it held, what became of it, and when.
pub type JournalEntry = (usize, Batch, BatchOutcome, Timestamp);

/// The lines of some batches, in their order.
pub fn journal_chunk(entries: &[JournalEntry]) -> String {
    let mut text = String::new();
    for (number, batch, outcome, time) in entries {
        for (action, became) in batch.actions().iter().zip(&outcome.actions) {
            let (word, refused) = word(became);
            let line = object(target(&action.target).into_iter().chain([
                ("batch", json!(number)),
                ("request_id", json!(action.request_id)),
                ("outcome", json!(word)),
                ("errors", errors(refused)),
                ("answered", json!(!outcome.unreachable)),
                ("time", json!(time.to_string())),
            ]));
            text.push_str(&line.to_string());
            text.push('\n');
        }
    }
    text
}

/// What became of the actions of a pass, as far as Adobe answered, by their request ids.
#[derive(Debug, Clone, Default)]
pub struct Answered {
    outcomes: BTreeMap<String, ActionOutcome>,
    /// Those that were sent and never answered: they may have taken effect.
    silent: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Line {
    request_id: String,
    answered: bool,
    outcome: String,
    errors: Vec<CommandError>,
}

impl Answered {
    /// Takes the lines of a chunk of the journal. One that cannot be read tells nothing: its action is sent again, which
    /// changes nothing.
    pub fn add(&mut self, chunk: &str) {
        let lines = chunk.lines();
        let read = lines.filter_map(|line| serde_json::from_str::<Line>(line).ok());
        for line in read {
            if !line.answered {
                if !self.outcomes.contains_key(&line.request_id) {
                    self.silent.insert(line.request_id);
                }
                continue;
            }
            let outcome = if line.outcome == "done" {
                ActionOutcome::Done
            } else {
                ActionOutcome::Failed(line.errors)
            };
            self.silent.remove(&line.request_id);
            self.outcomes.insert(line.request_id, outcome);
        }
    }

    /// What became of a batch, where every action of it was answered.
    pub fn of(&self, batch: &Batch) -> Option<BatchOutcome> {
        let actions = batch.actions().iter();
        let outcomes = actions.map(|action| self.outcomes.get(&action.request_id).cloned());
        Some(BatchOutcome {
            actions: outcomes.collect::<Option<Vec<_>>>()?,
            unreachable: false,
        })
    }

    /// Whether something of the batch was sent before and never answered.
    pub fn is_in_doubt(&self, batch: &Batch) -> bool {
        let mut actions = batch.actions().iter();
        actions.any(|action| self.silent.contains(&action.request_id))
    }

    /// How many actions.
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether Adobe has answered none.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// The lines of all of them, for [`add`](Self::add).
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for (request_id, became) in &self.outcomes {
            let (word, refused) = word(became);
            let line = json!({
                "request_id": request_id,
                "outcome": word,
                "errors": errors(refused),
                "answered": true,
            });
            text.push_str(&line.to_string());
            text.push('\n');
        }
        for request_id in &self.silent {
            let line = json!({
                "request_id": request_id,
                "outcome": "failed",
                "errors": [],
                "answered": false,
            });
            text.push_str(&line.to_string());
            text.push('\n');
        }
        text
    }
}

fn word(became: &ActionOutcome) -> (&'static str, &[CommandError]) {
    match became {
        ActionOutcome::Done => ("done", &[]),
        ActionOutcome::Failed(refused) => ("failed", refused),
    }
}
