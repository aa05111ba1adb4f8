//! The engine that drives a pass from slice to slice, as the state machine of `infra` does: it sends events, waits, and
//! comes back. It decides only; whoever asks it invokes the function and lets the time pass.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::runtime::Answer;
use super::world::continues;

/// A slice that died is sent again so often, without an answer in between.
const RETRIES: u32 = 5;
/// The wait before the first of them; each further one waits twice as long.
const FIRST_RETRY: Duration = Duration::from_secs(10);
/// How the errors begin that are Lambda's, and not the function's own.
const OF_LAMBDA: [&str; 4] = ["Lambda.", "Runtime.", "Sandbox.", "States.Timeout"];
/// The errors of the function that pass by themselves.
const TRANSIENT: [&str; 4] = [
    "AdobeUnavailable",
    "LeaseLost",
    "RosterUnavailable",
    "StoreUnavailable",
];

/// One execution.
#[derive(Debug, Clone)]
pub struct Engine {
    trigger: Value,
    event: Value,
    run_id: Option<Value>,
    slice: u64,
    retries: u32,
    given_up: Option<Answer>,
}

/// What comes after an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// [`Engine::event`] after this wait.
    Event(Duration),
    /// The pass has ended with this answer.
    Ended(Value),
    /// The engine has given it up, because of this error.
    Failed(Answer),
}

impl Engine {
    /// Begins now. Beside the fields of the trigger's own event the first one has the time and the execution's name.
    pub fn start(mut trigger: Value, execution: &str, now: Timestamp) -> Self {
        trigger["time"] = json!(now.to_string());
        trigger["execution"] = json!(execution);
        Self {
            event: trigger.clone(),
            trigger,
            run_id: None,
            slice: 1,
            retries: 0,
            given_up: None,
        }
    }

    /// The event that is due.
    pub fn event(&self) -> &Value {
        &self.event
    }

    /// The number of the slice that the event is for.
    pub fn slice(&self) -> u64 {
        self.slice
    }

    /// What the answer to the event leads to.
    pub fn answered(&mut self, answer: Answer, now: Timestamp) -> Next {
        if let Some(error) = self.given_up.take() {
            return Next::Failed(error);
        }
        match answer {
            Answer::Response(answer) => self.went_on(answer, now),
            Answer::Error { ref error_type, .. }
                if is_retried(error_type) && self.retries < RETRIES =>
            {
                self.retries += 1;
                Next::Event(FIRST_RETRY * 2_u32.pow(self.retries - 1))
            }
            Answer::Error {
                ref error_type,
                ref message,
            } => {
                self.event = match &self.run_id {
                    Some(run_id) => json!({"run_id": run_id}),
                    None => self.trigger.clone(),
                };
                self.event["close"] = json!({"error": error_type, "cause": message});
                self.given_up = Some(answer);
                Next::Event(Duration::ZERO)
            }
        }
    }

    fn went_on(&mut self, answer: Value, now: Timestamp) -> Next {
        self.retries = 0;
        if answer["start_over"] == true {
            self.trigger["scheduled_time"] = Value::Null;
            self.trigger["time"] = json!(now.to_string());
            self.event = self.trigger.clone();
            self.run_id = None;
            self.slice = 1;
            return Next::Event(Duration::ZERO);
        }
        let Some(wait) = continues(&answer) else {
            return Next::Ended(answer);
        };
        self.slice += 1;
        self.event = json!({"run_id": answer["run_id"], "slice": self.slice});
        self.run_id = Some(answer["run_id"].clone());
        Next::Event(wait)
    }
}

fn is_retried(error: &str) -> bool {
    OF_LAMBDA.iter().any(|of| error.starts_with(of)) || TRANSIENT.contains(&error)
}
