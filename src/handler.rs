//! Event in, pass, response out: what Lambda calls.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tracing::Instrument as _;

use crate::clock::{Clock, Deadline};
use crate::config::options::Overrides;
use crate::event::{self, Event, Place, Upload};
use crate::http::Hosts;
use crate::pass::{self, Caller, Connect, ErrorName, Start, Trigger};
use crate::settings::Settings;
use crate::store::aws::Aws;
use crate::telemetry;
use crate::wiring::Wiring;

/// An invocation that failed, as the Lambda runtime reports it: a stable name and the whole chain of causes.
#[derive(Debug)]
pub struct Failure {
    /// The stable name.
    pub name: ErrorName,
    /// What happened; names no person.
    pub message: String,
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self {
            error_type: failure.name.as_str().to_owned(),
            error_message: failure.message,
        }
    }
}

impl From<pass::Error> for Failure {
    fn from(error: pass::Error) -> Self {
        Self {
            name: error.name(),
            message: error.whole_message(),
        }
    }
}

impl From<event::Error> for Failure {
    fn from(error: event::Error) -> Self {
        Self {
            name: ErrorName::EventInvalid,
            message: error.to_string(),
        }
    }
}

/// Serves invocations until the process ends. Settings that cannot be used fail every invocation with
/// `ConfigInvalid`, not the start of the process: an administrator sees the message where events are tried.
///
/// # Errors
/// Where no HTTP client can be set up, or the Runtime API is lost.
pub async fn run(clock: Clock, hosts: Hosts) -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_env();
    telemetry::init(
        settings
            .as_ref()
            .map_or("info", |settings| &settings.log_level),
    );
    match settings {
        Ok(settings) => {
            let aws = Aws::connect().await;
            let config = aws.documents(&settings.config.folder);
            let data = aws.documents(&settings.data);
            let wiring = Wiring::new(config, data, aws.secrets(), settings, clock, hosts)?;
            let wiring = &wiring;
            lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| async move {
                let (body, context) = event.into_parts();
                let end = i64::try_from(context.deadline)
                    .ok()
                    .and_then(|millis| Timestamp::from_millisecond(millis).ok())
                    .unwrap_or(Timestamp::MAX);
                // A pass is a large future: on the heap it is a small one.
                Box::pin(answer(wiring, &body, &context.request_id, end))
                    .await
                    .map_err(reported)
            }))
            .await
        }
        Err(problems) => {
            let message = problems.to_string();
            lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| {
                let failure = Failure {
                    name: ErrorName::ConfigInvalid,
                    message: message.clone(),
                };
                async move { Err::<Value, _>(reported(failure)) }
            }))
            .await
        }
    }
}

/// Answers one event. `end` is the end of the invocation's time.
///
/// # Errors
/// A failed pass, or an event that is none.
pub async fn answer<C: Connect>(
    world: &C,
    body: &Value,
    request_id: &str,
    end: Timestamp,
) -> Result<Value, Failure> {
    let event = event::parse(body)?;
    event.is_of(world.clock().now())?;
    if let Some(object) = event.upload() {
        let Settings { data, config, .. } = world.settings();
        let root = format!("{}{}", config.folder.prefix, config.file);
        object.starts_a_pass(
            Place {
                bucket: &data.bucket,
                key: &data.prefix,
            },
            Place {
                bucket: &config.folder.bucket,
                key: &root,
            },
        )?;
    }
    let mut deadline = Deadline::new(world.clock().now(), end);
    if event.is_by_engine() {
        deadline = deadline.with_longest_wait(LONGEST_WAIT);
    }
    let (clock, zone) = (world.clock(), &world.settings().time_zone);
    let trigger = trigger(event, body, request_id, clock, zone);
    let span = telemetry::pass_span(trigger.run_id(), request_id);
    let owner = owner(request_id);
    let caller = Caller {
        owner: &owner,
        deadline,
    };
    Ok(pass::run(world, trigger, caller).instrument(span).await?)
}

/// Longer waits cost more in here than in an engine, where they cost nothing.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Lambda may deliver an event twice, under the same request id.
fn owner(request_id: &str) -> String {
    let random = RandomState::new().build_hasher().finish();
    format!("{request_id}/{random:016x}")
}

fn reported(failure: Failure) -> Failure {
    tracing::error!(error = failure.name.as_str(), "the invocation failed");
    failure
}

/// The pass that an event means. The same event means the same pass, however often it is delivered.
fn trigger(
    event: Event,
    body: &Value,
    request_id: &str,
    clock: &Clock,
    zone: &TimeZone,
) -> Trigger {
    match event {
        Event::Slice { run_id, .. } => Trigger::Resume { run_id },
        Event::Close { pass, error, cause } => {
            let (run_id, start) = match trigger(*pass, body, request_id, clock, zone) {
                Trigger::Start(start) => (start.run_id.clone(), Some(start)),
                other => (other.run_id().to_owned(), None),
            };
            Trigger::Close {
                run_id,
                start,
                error,
                cause,
            }
        }
        Event::Schedule {
            scheduled_time,
            overrides,
            ..
        } => Trigger::Start(match scheduled_time {
            Some(time) => start("schedule", time, &schedule_identity(body), overrides, zone),
            None => start("schedule", clock.now(), request_id, overrides, zone),
        }),
        Event::OnDemand {
            time,
            execution,
            overrides,
        } => {
            let identity = execution.as_deref().unwrap_or(request_id);
            let time = time.unwrap_or_else(|| clock.now());
            Trigger::Start(start("on-demand", time, identity, overrides, zone))
        }
        Event::Uploaded { object, time, .. } => {
            let identity = upload_identity(&object);
            let overrides = Overrides::default();
            Trigger::Start(start(pass::APPROVAL, time, &identity, overrides, zone))
        }
    }
}

/// All that the schedule says. What an engine adds is left out where the schedule says when it was due, be it in AWS's own
/// event: one that fires twice is one pass. `close` is said of the pass that the rest means.
fn schedule_identity(body: &Value) -> String {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("close");
        let says = |name| fields.get(name).is_some_and(Value::is_string);
        let (is_due, is_of_aws) = (says("scheduled_time"), says("source"));
        if is_due {
            fields.remove("time");
        }
        if is_due || is_of_aws {
            fields.remove("execution");
        }
    }
    body.to_string()
}

/// The same object put once more is another one.
fn upload_identity(object: &Upload) -> String {
    json!([object.bucket, object.key, object.version]).to_string()
}

fn start(
    trigger: &'static str,
    time: Timestamp,
    identity: &str,
    overrides: Overrides,
    zone: &TimeZone,
) -> Start {
    Start {
        run_id: run_id(time, identity),
        trigger,
        today: time.to_zoned_datetime(zone.clone()).date(),
        overrides,
    }
}

/// `<UTC yyyymmddThhmmssZ>-<8 hex of a hash>`.
fn run_id(time: Timestamp, identity: &str) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(identity).iter().take(4) {
        // Writing to a String cannot fail.
        write!(hash, "{byte:02x}").unwrap_or_default();
    }
    let utc = time.to_zoned_datetime(TimeZone::UTC);
    format!("{}-{hash}", utc.strftime("%Y%m%dT%H%M%SZ"))
}
