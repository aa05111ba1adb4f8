//! Lambda's Runtime API, the side that a function polls
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>), and the caller behind it.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use jiff::Timestamp;
use roster_sync::clock::Clock;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::listen::{body, listen, reply};
use super::server::Response;

const VERSION: &str = "/2018-06-01/runtime/";
const FUNCTION: &str = "arn:aws:lambda:us-west-2:123456789012:function:roster-sync";

/// What became of an invocation.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// What the function returned.
    Response(Value),
    /// The function failed, could not start (`/init/error`), or answered too late (`Sandbox.Timedout`).
    Error {
        /// `errorType`.
        error_type: String,
        /// `errorMessage`.
        message: String,
    },
}

impl Answer {
    fn error(error_type: &str, message: &str) -> Self {
        Self::Error {
            error_type: error_type.to_owned(),
            message: message.to_owned(),
        }
    }

    /// What the function returned.
    ///
    /// # Panics
    /// Where it failed.
    pub fn response(self) -> Value {
        match self {
            Self::Response(value) => value,
            Self::Error {
                error_type,
                message,
            } => panic!("{error_type}: {message}"),
        }
    }
}

/// A running Runtime API. Clones share everything.
#[derive(Debug, Clone)]
pub struct RuntimeApi {
    address: SocketAddr,
    clock: Clock,
    events: mpsc::UnboundedSender<Invocation>,
    state: Arc<Mutex<State>>,
}

/// An event on its way to the function.
#[derive(Debug)]
struct Invocation {
    id: String,
    event: Value,
    time_limit: Duration,
    answer: oneshot::Sender<Answer>,
}

/// An event that the function has.
#[derive(Debug)]
struct Running {
    deadline: Timestamp,
    answer: oneshot::Sender<Answer>,
}

#[derive(Debug, Default)]
struct State {
    invoked: u64,
    running: BTreeMap<String, Running>,
    /// Why the function could not start.
    init_error: Option<Answer>,
}

type Events = Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Invocation>>>;

impl RuntimeApi {
    /// On a free port. Deadlines are in the time of the clock.
    pub async fn start(clock: Clock) -> Self {
        Self::start_on("127.0.0.1:0", clock).await
    }

    /// On this address.
    ///
    /// # Panics
    /// Where the port is taken.
    pub async fn start_on(address: &str, clock: Clock) -> Self {
        let (events, waiting) = mpsc::unbounded_channel();
        let waiting: Events = Arc::new(tokio::sync::Mutex::new(waiting));
        let state = Arc::new(Mutex::new(State::default()));
        let (served, time) = (Arc::clone(&state), clock.clone());
        let address = listen(address, move |request| {
            serve(
                request,
                Arc::clone(&waiting),
                Arc::clone(&served),
                time.clone(),
            )
        })
        .await;
        Self {
            address,
            clock,
            events,
            state,
        }
    }

    /// `127.0.0.1:port`, the value of `AWS_LAMBDA_RUNTIME_API`.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Gives the function an event and waits for its answer. The time begins when the function takes the event.
    pub async fn invoke(&self, event: Value, time_limit: Duration) -> Answer {
        let (answer, answered) = oneshot::channel();
        let id = {
            let mut state = self.lock();
            if let Some(failed) = &state.init_error {
                return failed.clone();
            }
            state.invoked += 1;
            format!("00000000-0000-4000-8000-{:012x}", state.invoked)
        };
        let invocation = Invocation {
            id,
            event,
            time_limit,
            answer,
        };
        if self.events.send(invocation).is_err() {
            return Answer::error("Runtime.ExitError", "the Runtime API has ended");
        }
        let lost = Answer::error("Runtime.ExitError", "the function ended without an answer");
        answered.await.unwrap_or(lost)
    }

    /// The function's process ends in the middle of whatever it does: that is the answer to every event that it has.
    pub fn exit(&self) {
        let running = std::mem::take(&mut self.lock().running);
        for running in running.into_values() {
            let ended = Answer::error("Runtime.ExitError", "the process ended without an answer");
            drop(running.answer.send(ended));
        }
    }

    /// The time in which deadlines are.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(
    request: hyper::Request<Incoming>,
    waiting: Events,
    state: Arc<Mutex<State>>,
    clock: Clock,
) -> io::Result<hyper::Response<s3s::Body>> {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path().to_owned();
    let parts: Vec<&str> = path
        .strip_prefix(VERSION)
        .unwrap_or_default()
        .split('/')
        .collect();
    let response = match (method.as_str(), &parts[..]) {
        ("GET", ["invocation", "next"]) => next(&waiting, &state, &clock).await,
        ("POST", ["invocation", id, "response"]) => {
            let body = body(request).await?;
            let answer = serde_json::from_slice(&body).map_or_else(
                |_| Answer::error("Runtime.InvalidResponse", "the response is not JSON"),
                Answer::Response,
            );
            finish(&state, id, answer, &clock)
        }
        ("POST", ["invocation", id, "error"]) => {
            let answer = failure(&body(request).await?);
            finish(&state, id, answer, &clock)
        }
        ("POST", ["init", "error"]) => {
            let answer = failure(&body(request).await?);
            init_failed(&waiting, &state, answer).await
        }
        _ => refuse(404, "PathNotFound", "there is no such path"),
    };
    reply(response)
}

/// Waits for an event, however long that takes.
async fn next(waiting: &Events, state: &Mutex<State>, clock: &Clock) -> Response {
    let Some(invocation) = waiting.lock().await.recv().await else {
        return refuse(
            500,
            "InternalServerError",
            "nobody will invoke the function any more",
        );
    };
    let deadline = clock.now() + invocation.time_limit;
    let response = Response::json(200, &invocation.event)
        .with("lambda-runtime-aws-request-id", &invocation.id)
        .with(
            "lambda-runtime-deadline-ms",
            &deadline.as_millisecond().to_string(),
        )
        .with("lambda-runtime-invoked-function-arn", FUNCTION)
        .with(
            "lambda-runtime-trace-id",
            "Root=1-00000000-000000000000000000000000;Sampled=0",
        );
    let answer = invocation.answer;
    lock(state)
        .running
        .insert(invocation.id, Running { deadline, answer });
    response
}

fn finish(state: &Mutex<State>, id: &str, answer: Answer, clock: &Clock) -> Response {
    let Some(running) = lock(state).running.remove(id) else {
        return refuse(
            400,
            "InvalidRequestID",
            "no invocation of that id is running",
        );
    };
    let in_time = clock.now() <= running.deadline;
    let answer = if in_time {
        answer
    } else {
        Answer::error(
            "Sandbox.Timedout",
            "the function answered after its time was over",
        )
    };
    // A caller that does not wait any more is no failure of the function.
    drop(running.answer.send(answer));
    Response::json(202, &json!({"status": "OK"}))
}

/// Nobody who waits, and nobody who comes, gets any other answer.
async fn init_failed(waiting: &Events, state: &Mutex<State>, answer: Answer) -> Response {
    lock(state).init_error = Some(answer.clone());
    let mut waiting = waiting.lock().await;
    while let Ok(invocation) = waiting.try_recv() {
        drop(invocation.answer.send(answer.clone()));
    }
    Response::json(202, &json!({"status": "OK"}))
}

fn failure(body: &[u8]) -> Answer {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    Answer::error(text("errorType"), text("errorMessage"))
}

fn refuse(status: u16, kind: &str, message: &str) -> Response {
    Response::json(status, &json!({"errorType": kind, "errorMessage": message}))
}
