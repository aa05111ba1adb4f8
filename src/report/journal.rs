//! `journal/`: what became of each action, one line of JSON each.
//!
//! `{batch, request_id, identity_type, user, domain, outcome, errors, answered, time}`. `batch` counts from 0, as in the
//! plan; `outcome` is `done` or `failed`; `answered` is false where the request as a whole brought no usable answer;
//! `time` is when the answer came. Of a user group that is made, `usergroup` stands in the place of `identity_type`, `user`
//! and `domain`.

use jiff::Timestamp;
use serde_json::json;

use super::words::{errors, object, target};
use crate::reconcile::action::Batch;
use crate::reconcile::outcome::{ActionOutcome, BatchOutcome};

/// One batch that was sent: its number in the plan, what it held, what became of it, and when.
pub type JournalEntry<'a> = (usize, &'a Batch, BatchOutcome, Timestamp);

/// The lines of some batches, in their order.
pub fn journal_chunk(entries: &[JournalEntry<'_>]) -> String {
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
