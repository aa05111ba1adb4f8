//! `journal/`: what became of each action, one line of JSON each.
//!
//! `{batch, request_id, identity_type, user, domain, asked, outcome, errors, answered, time}`. `batch` counts from 0, as in
//! the plan; `asked` is a hash of whom the action is about and its commands; `outcome` is `done` or `failed`; `answered` is
//! false where the request as a whole brought no usable answer; `time` is when the answer came. Of a user group that is
//! made, `usergroup` stands in the place of `identity_type`, `user` and `domain`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::plan_lines::commands;
use super::words::{errors, object, sha256, target};
use crate::reconcile::action::{Action, Batch};
use crate::reconcile::outcome::{ActionOutcome, BatchOutcome, CommandError};

/// One batch that was sent: its number in the plan, what it held, what became of it, and when.
pub type JournalEntry = (usize, Batch, BatchOutcome, Timestamp);

/// The lines of some batches, in their order.
pub fn journal_chunk(entries: &[JournalEntry]) -> String {
    let mut text = String::new();
    for (number, batch, outcome, time) in entries {
        for (action, became) in batch.actions().iter().zip(&outcome.actions) {
            let (word, refused) = match became {
                ActionOutcome::Done => ("done", &[][..]),
                ActionOutcome::Failed(refused) => ("failed", refused.as_slice()),
            };
            let line = object(target(&action.target).into_iter().chain([
                ("batch", json!(number)),
                ("request_id", json!(action.request_id)),
                ("asked", json!(asked(action))),
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

/// The same account and the same commands have the same hash.
fn asked(action: &Action) -> String {
    let whom = object(target(&action.target));
    sha256(json!([whom, commands(action)]).to_string())
}

/// What became of the actions of earlier events, as far as Adobe answered.
#[derive(Debug, Clone, Default)]
pub struct Answered(BTreeMap<String, ActionOutcome>);

#[derive(Deserialize)]
struct Line {
    asked: String,
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
        for line in read.filter(|line| line.answered) {
            let outcome = if line.outcome == "done" {
                ActionOutcome::Done
            } else {
                ActionOutcome::Failed(line.errors)
            };
            self.0.insert(line.asked, outcome);
        }
    }

    /// What became of a batch, where every action of it was answered.
    pub fn of(&self, batch: &Batch) -> Option<BatchOutcome> {
        let actions = batch.actions().iter();
        let outcomes = actions.map(|action| self.0.get(&asked(action)).cloned());
        Some(BatchOutcome {
            actions: outcomes.collect::<Option<Vec<_>>>()?,
            unreachable: false,
        })
    }
}
