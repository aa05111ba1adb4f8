//! Batches of actions, sent so that every action gets a verdict.

use std::time::Duration;

use super::client::{Client, Failure};
use super::reply::{self, Circumstances};
use super::request::Outgoing;
use super::{Error, Last, Submission, wire};
use crate::http;
use crate::reconcile::action::{Action, Batch};
use crate::reconcile::outcome::{BatchOutcome, CommandError};

/// The waits before actions are sent again that met something busy behind Adobe's API.
const WAITS_WHEN_BUSY: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(30)];

impl Client {
    /// Sends a batch; then, twice at most, those of its actions that met something busy.
    pub(super) async fn apply_batch(
        &self,
        batch: &Batch,
        submission: Submission,
    ) -> Result<BatchOutcome, Error> {
        let Submission {
            test,
            last,
            repeated,
        } = submission;
        let actions: Vec<&Action> = batch.actions().iter().collect();
        let mut outcome = self.post(&actions, last, test, repeated).await?;
        for wait in WAITS_WHEN_BUSY {
            let busy: Vec<usize> = positions_of_busy(&outcome);
            let call = self.actions_call();
            if busy.is_empty() || self.http.wait(call.endpoint, wait).await.is_err() {
                break;
            }
            let again: Vec<&Action> = busy
                .iter()
                .filter_map(|position| actions.get(*position).copied())
                .collect();
            tracing::info!(actions = again.len(), "Adobe was busy; sent again");
            // Commands before the one that met something busy may have taken effect.
            match self.post(&again, last, test, true).await {
                Ok(later) if !later.unreachable => replace(&mut outcome, &busy, later),
                Ok(_unreachable) => break,
                Err(cause) => {
                    // What is known of the others is not given up for it; the next request meets it again.
                    tracing::warn!(%cause, "sending again failed");
                    break;
                }
            }
        }
        Ok(outcome)
    }

    async fn post(
        &self,
        actions: &[&Action],
        last: Last,
        test: bool,
        repeated: bool,
    ) -> Result<BatchOutcome, Error> {
        let mut url = self.url("action", []);
        if test {
            url.query_pairs_mut().append_pair("testOnly", "true");
        }
        let outgoing = Outgoing::post(url, last, wire::body(actions));
        match self.send(self.actions_call(), &outgoing).await {
            Ok(sent) => {
                let circumstances = Circumstances {
                    test,
                    repeated: repeated || sent.repeated_after_ambiguity,
                };
                Ok(BatchOutcome {
                    actions: reply::interpret(sent.reply.bytes(), actions, circumstances),
                    unreachable: false,
                })
            }
            Err(Failure::Fatal(error)) => Err(error),
            Err(Failure::Request(error)) => Ok(BatchOutcome {
                actions: reply::all(actions.len(), &verdict(&error)),
                unreachable: error.is_transient(),
            }),
        }
    }
}

fn positions_of_busy(outcome: &BatchOutcome) -> Vec<usize> {
    outcome
        .actions
        .iter()
        .enumerate()
        .filter(|(_, action)| reply::is_busy(action))
        .map(|(position, _)| position)
        .collect()
}

fn replace(outcome: &mut BatchOutcome, positions: &[usize], later: BatchOutcome) {
    for (position, verdict) in positions.iter().zip(later.actions) {
        if let Some(place) = outcome.actions.get_mut(*position) {
            *place = verdict;
        }
    }
}

/// What is said of every action of a request that failed as a whole.
fn verdict(error: &http::Error) -> CommandError {
    const LATER: &str = "the next pass looks and sends what is missing";
    let ours = |code: &str, what: String| reply::error(None, code, format!("{what}; {LATER}"));
    match error {
        http::Error::Status {
            status, attempts, ..
        } if error.is_transient() => ours(
            &format!("http-{status}"),
            format!("Adobe answered with status {status}, the last of {attempts} times"),
        ),
        http::Error::Status { status, body, .. } => reply::refusal(*status, &body.0),
        http::Error::Timeout { attempts, .. } => ours(
            "timeout",
            format!("Adobe did not answer in time, {attempts} times"),
        ),
        http::Error::Connection { attempts, .. } => ours(
            "connection",
            format!("the connection to Adobe failed, {attempts} times"),
        ),
        // The latter two do not come this far: they end the pass.
        http::Error::TooLarge { .. }
        | http::Error::OutOfTime { .. }
        | http::Error::Request { .. } => reply::in_doubt(),
    }
}
