//! What Adobe's answers mean.

use super::Error;
use super::client::from_http;
use super::wire::{ActionReply, ErrorRow, Refusal, UsersPage};
use crate::http::error::Body;
use crate::http::{self, Reply, Sent};
use crate::reconcile::action::Batch;
use crate::reconcile::outcome::{ActionOutcome, BatchOutcome, CommandError};

/// Our own codes, beside Adobe's, for requests that failed as a whole.
const UNREADABLE: &str = "reply-unreadable";

/// Errors that say "already so" when an earlier attempt of the same request took effect (UMAPI, ErrorRef).
const ALREADY_SO: [&str; 3] = [
    "error.user.already_exists",
    "error.user.already_in_org",
    "error.usergroup.user_list.invalid",
];

/// A page of users, or why it is none; names nobody.
pub(super) fn users(reply: &Reply) -> Result<UsersPage, String> {
    let page: UsersPage = serde_json::from_slice(reply.bytes()).map_err(|error| {
        format!(
            "it is not a page of users ({:?} at line {})",
            error.classify(),
            error.line()
        )
    })?;
    if page.result == "success" {
        Ok(page)
    } else {
        Err("its result is not success".to_owned())
    }
}

/// The outcome of an answered request.
pub(super) fn outcome(batch: &Batch, sent: &Sent) -> BatchOutcome {
    let Ok(reply) = serde_json::from_slice::<ActionReply>(sent.reply.bytes()) else {
        return all_failed(
            batch,
            UNREADABLE,
            "Adobe's answer cannot be read; what became of this is not known.",
            false,
        );
    };
    let contradicts = match reply.result.as_str() {
        "success" => !reply.errors.is_empty() || reply.not_completed.is_some_and(|count| count > 0),
        _ => reply.errors.is_empty(),
    };
    let mut actions = vec![ActionOutcome::Done; batch.actions().len()];
    let mut placed = true;
    for error in &reply.errors {
        let Some(position) = position(batch, error) else {
            placed = false;
            continue;
        };
        let code = error.error_code.clone().unwrap_or_default();
        if sent.repeated_after_ambiguity && ALREADY_SO.contains(&code.as_str()) {
            continue;
        }
        let error = CommandError {
            command: error.step,
            code,
            message: error.message.clone().unwrap_or_default(),
        };
        match actions.get_mut(position) {
            Some(ActionOutcome::Failed(errors)) => errors.push(error),
            Some(done) => *done = ActionOutcome::Failed(vec![error]),
            None => placed = false,
        }
    }
    if contradicts || !placed {
        return all_failed(
            batch,
            UNREADABLE,
            "Adobe's answer contradicts itself; what became of this is not known.",
            false,
        );
    }
    BatchOutcome {
        actions,
        unreachable: false,
    }
}

/// By `requestID` first; by position where Adobe repeats none.
fn position(batch: &Batch, error: &ErrorRow) -> Option<usize> {
    let by_id = error.request_id.as_ref().and_then(|id| {
        batch
            .actions()
            .iter()
            .position(|action| action.request_id == *id)
    });
    by_id.or(error.index.filter(|index| *index < batch.actions().len()))
}

/// The outcome of a request without a usable answer, or why nothing more can be sent.
pub(super) fn failure(batch: &Batch, error: http::Error) -> Result<BatchOutcome, Error> {
    match &error {
        http::Error::Status {
            status: 401 | 403 | 404,
            ..
        }
        | http::Error::OutOfTime { .. }
        | http::Error::Request { .. } => Err(from_http(error)),
        http::Error::Status { status, body, .. }
            if *status < 500 && *status != 429 && *status != 408 =>
        {
            let Refusal { result, message } = refusal(body);
            let code = result.unwrap_or_else(|| format!("http-{status}"));
            let message = message.unwrap_or_else(|| "Adobe refused the whole request.".to_owned());
            Ok(all_failed(batch, &code, &message, false))
        }
        http::Error::Status { status, .. } => {
            let message = "Adobe did not take the request, however often it was sent.";
            Ok(all_failed(batch, &format!("http-{status}"), message, true))
        }
        http::Error::Timeout { .. } => Ok(all_failed(
            batch,
            "timeout",
            "Adobe did not answer in time.",
            true,
        )),
        http::Error::Connection { .. } | http::Error::TooLarge { .. } => Ok(all_failed(
            batch,
            "connection",
            "The connection to Adobe failed.",
            true,
        )),
    }
}

fn refusal(body: &Body) -> Refusal {
    serde_json::from_slice(&body.0).unwrap_or_default()
}

fn all_failed(batch: &Batch, code: &str, message: &str, unreachable: bool) -> BatchOutcome {
    let error = CommandError {
        command: None,
        code: code.to_owned(),
        message: message.to_owned(),
    };
    BatchOutcome {
        actions: vec![ActionOutcome::Failed(vec![error]); batch.actions().len()],
        unreachable,
    }
}
