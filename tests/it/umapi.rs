//! Adobe's User Management API against hand-made replies, each with one oddity.

mod apply;
mod failures;
mod groups;
mod members;
mod privacy;
mod read;
mod reply;
mod simulated;
mod slices;
mod token;

use std::collections::{BTreeSet, VecDeque};
use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use roster_sync::clock::{Clock, Deadline};
use roster_sync::config::{self, RequestsPerMinute};
use roster_sync::http::{Hosts, Http, Invocation, Transport};
use roster_sync::model::directory::{Directory, Scope};
use roster_sync::model::id::{Email, GroupName, IdentityType};
use roster_sync::reconcile::action::{Action, Address, Batch, Command, Target};
use roster_sync::reconcile::outcome::{ActionOutcome, BatchOutcome, CommandError};
use roster_sync::umapi::{AdobeDirectory, Client, Credentials, Error, Last, Submission};
use serde_json::{Value, json};

use crate::simulators::server::{Fault, Request, Response, Server};

const TOKENS: &str = "/ims/token/v3";
const USERS: &str = "/v2/usermanagement/users/";
const GROUPS: &str = "/v2/usermanagement/groups/";
const ACTIONS: &str = "/v2/usermanagement/action/12AB@AdobeOrg";

/// What the service says next. The last reply stays.
type Script = Arc<Mutex<VecDeque<Response>>>;

/// An Adobe that reads from a script, half a second a request, and a client with fifteen minutes of time.
struct World {
    server: Server,
    clock: Clock,
    start: Timestamp,
    tokens: Script,
    replies: Script,
    client: Client,
}

/// What a test may set.
struct Settings {
    timeout: Duration,
    retries: u32,
    time: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(20),
            retries: 3,
            time: Duration::from_mins(15),
        }
    }
}

impl World {
    async fn new(replies: impl IntoIterator<Item = Response>) -> Self {
        Self::with(Settings::default(), replies).await
    }

    async fn with(settings: Settings, replies: impl IntoIterator<Item = Response>) -> Self {
        let start: Timestamp = "2026-11-24T06:00:00Z".parse().unwrap();
        let clock = Clock::simulated(start);
        let replies: Script = Arc::new(Mutex::new(replies.into_iter().collect()));
        let tokens: Script = Script::default();
        let (asked, answered) = (Arc::clone(&tokens), Arc::clone(&replies));
        let mut issued = 0;
        let handler = Box::new(move |request: &Request| {
            if request.path != TOKENS {
                return next(&answered).unwrap_or_else(|| Response::empty(599));
            }
            issued += 1;
            next(&asked).unwrap_or_else(|| token(&format!("token-{issued}"), 86_399))
        });
        let server = Server::start(clock.clone(), Duration::from_millis(500), handler).await;
        let deadline = Deadline::new(start, start.checked_add(settings.time).unwrap());
        let http = Http::new(
            Transport::new(Hosts::as_written()).unwrap(),
            clock.clone(),
            Invocation::new(deadline),
        );
        let client = Client::new(
            http,
            &configuration(&server, &settings),
            credentials(),
            false,
        );
        Self {
            server,
            clock,
            start,
            tokens,
            replies,
            client,
        }
    }

    async fn read(&self) -> Result<Directory, Error> {
        self.client.read(&Scope::Everybody, Last::No).await
    }

    async fn read_members(&self, of: &[&str]) -> Result<Directory, Error> {
        let scope = Scope::Members(groups(of).into_iter().collect());
        self.client.read(&scope, Last::No).await
    }

    async fn groups(&self) -> Result<BTreeSet<GroupName>, Error> {
        self.client.groups(Last::No).await
    }

    async fn apply(&self, actions: Vec<Action>) -> Result<BatchOutcome, Error> {
        self.client
            .apply(
                &Batch::try_from(actions).unwrap(),
                submission(false, Last::No),
            )
            .await
    }

    fn script(&self, replies: impl IntoIterator<Item = Response>) {
        *self.replies.lock().unwrap() = replies.into_iter().collect();
    }

    /// The requests to a path that begins like this.
    fn asked(&self, path: &str) -> Vec<Request> {
        let mut log = self.server.log();
        log.retain(|request| request.path.starts_with(path));
        log
    }

    /// The bodies of all action requests.
    fn sent(&self) -> Vec<Value> {
        self.asked(ACTIONS)
            .iter()
            .map(|request| serde_json::from_slice(&request.body).unwrap())
            .collect()
    }

    /// Simulated seconds since the start.
    fn seconds(&self) -> f64 {
        self.clock.now().duration_since(self.start).as_secs_f64()
    }

    /// The first request of ours meets this fault.
    fn fault_once(&self, fault: Fault) {
        let mut fault = Some(fault);
        self.server.fault(Box::new(move |request| {
            if request.path == TOKENS {
                return None;
            }
            fault.take()
        }));
    }
}

fn next(script: &Script) -> Option<Response> {
    let mut script = script.lock().unwrap();
    if script.len() > 1 {
        script.pop_front()
    } else {
        script.front().cloned()
    }
}

fn configuration(server: &Server, settings: &Settings) -> config::Umapi {
    let url = |path: &str| Url::parse(&format!("{}{path}", server.url())).unwrap();
    config::Umapi {
        org_id: None,
        base: url("/v2/usermanagement/"),
        token_url: url(TOKENS),
        secret: None,
        timeout: settings.timeout,
        retries: settings.retries,
        requests_per_minute: RequestsPerMinute {
            action: 10,
            users: 25,
            groups: 5,
        },
    }
}

fn credentials() -> Credentials {
    Credentials {
        client_id: "planted-id".into(),
        client_secret: "planted-secret\n".into(),
        org_id: "12AB@AdobeOrg".to_owned(),
    }
}

fn token(token: &str, seconds: u32) -> Response {
    let body = json!({"access_token": token, "token_type": "bearer", "expires_in": seconds});
    Response::json(200, &body)
}

fn page(users: &[Value], last: bool) -> Response {
    Response::json(
        200,
        &json!({"lastPage": last, "result": "success", "users": users}),
    )
}

fn listed(email: &str) -> Value {
    json!({"email": email, "username": email, "type": "federatedID", "firstname": "Sam",
        "lastname": "Sample", "country": "US", "status": "active", "groups": ["Art"]})
}

/// Adobe has done all of it.
fn done(actions: usize) -> Response {
    Response::json(
        200,
        &json!({"result": "success", "completed": actions, "notCompleted": 0, "completedInTestMode": 0}),
    )
}

fn partial(completed: usize, not_completed: usize, errors: &Value) -> Response {
    Response::json(
        200,
        &json!({"result": "partial", "completed": completed, "notCompleted": not_completed,
            "completedInTestMode": 0, "errors": errors}),
    )
}

fn groups(names: &[&str]) -> Vec<GroupName> {
    names.iter().map(|name| GroupName::new(name)).collect()
}

fn address(identity_type: IdentityType, user: &str) -> Address {
    Address {
        identity_type,
        user: Email::new(user),
        domain: None,
    }
}

/// Somebody joins a group and leaves another.
fn action(number: usize) -> Action {
    let user = format!("pupil{number}@school.example");
    Action {
        request_id: format!("action-{number}"),
        target: Target::Account {
            change: number,
            address: address(IdentityType::Federated, &user),
        },
        commands: vec![
            Command::Remove(groups(&["Music"])),
            Command::Add(groups(&["Art"])),
        ],
    }
}

fn actions(count: usize) -> Vec<Action> {
    (0..count).map(action).collect()
}

/// A user group is made.
fn new_group(number: usize, name: &str) -> Action {
    Action {
        request_id: format!("group-{number}"),
        target: Target::NewGroup {
            position: number,
            name: GroupName::new(name),
        },
        commands: vec![Command::CreateGroup],
    }
}

/// The errors' places and codes, or nothing for what is done.
fn codes(outcome: &BatchOutcome) -> Vec<Vec<(Option<usize>, &str)>> {
    outcome
        .actions
        .iter()
        .map(|action| match action {
            ActionOutcome::Done => Vec::new(),
            ActionOutcome::Failed(errors) => errors
                .iter()
                .map(|CommandError { command, code, .. }| (*command, code.as_str()))
                .collect(),
        })
        .collect()
}

/// That every action failed with this code of no command.
fn all_failed(count: usize, code: &str) -> Vec<Vec<(Option<usize>, &str)>> {
    vec![vec![(None, code)]; count]
}

fn refused(error: &Error) -> (u16, &'static str) {
    match error {
        Error::Refused { status, advice, .. } => (*status, advice),
        other => panic!("not refused: {other}"),
    }
}

fn marks(requests: &[Request]) -> Vec<Option<&str>> {
    requests
        .iter()
        .map(|request| request.header("pragma"))
        .collect()
}

/// The message with those of all causes.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// A batch that was not sent before.
fn submission(test: bool, last: Last) -> Submission {
    Submission {
        test,
        last,
        repeated: false,
    }
}
