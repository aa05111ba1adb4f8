//! Every event that the function accepts. A file of each shape is in `events/`.

mod fields;
mod upload;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::config::options::{self, Overrides};
use crate::config::words;
use fields::Fields;
pub use upload::{Place, Upload};

/// What an invocation is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A schedule fired.
    Schedule {
        /// When it was due; where that is not told, when it fired.
        scheduled_time: Option<Timestamp>,
        /// Whether an engine waits for the answer and comes back.
        by_engine: bool,
        /// The options of the schedule's input.
        overrides: Overrides,
    },
    /// Somebody, or a program, asks for a pass.
    OnDemand {
        /// The time that stands for the clock.
        time: Option<Timestamp>,
        /// The name that stands for the request id: an engine waits for the answer and comes back.
        execution: Option<String>,
        /// The options; without any, `invocation_defaults` decide.
        overrides: Overrides,
    },
    /// S3 tells of an object that was put into a bucket; [`Upload::starts_a_pass`] says whether it is one that starts a
    /// pass, which has no options.
    Uploaded {
        /// The object.
        object: Upload,
        /// When it was put there: the same however often the event is delivered.
        time: Timestamp,
        /// Whether an engine waits for the answer and comes back.
        by_engine: bool,
    },
    /// Go on with that pass.
    Slice {
        /// Its id: letters, digits and hyphens.
        run_id: String,
        /// Whether an engine waits for the answer and comes back.
        by_engine: bool,
    },
    /// The engine gave up a pass: its summary is closed as failed.
    Close {
        /// The event of the pass: a slice, or the one that started it.
        pass: Box<Self>,
        /// The name of the last error; empty where the engine does not tell it, at most 2,000 characters.
        error: String,
        /// Its message, with the same bounds.
        cause: String,
    },
}

impl Event {
    /// Whether an engine waits for the answer and comes back.
    pub fn is_by_engine(&self) -> bool {
        match self {
            Self::Schedule { by_engine, .. }
            | Self::Uploaded { by_engine, .. }
            | Self::Slice { by_engine, .. } => *by_engine,
            Self::OnDemand { execution, .. } => execution.is_some(),
            Self::Close { .. } => true,
        }
    }

    /// The time that it names for the pass that it starts.
    pub fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Schedule { scheduled_time, .. } => *scheduled_time,
            Self::OnDemand { time, .. } => *time,
            Self::Uploaded { time, .. } => Some(*time),
            Self::Slice { .. } | Self::Close { .. } => None,
        }
    }

    /// Refuses a time that can only be a mistake: it decides which dates are over, and so who loses what.
    ///
    /// # Errors
    /// Where it is more than a year before or after now.
    pub fn is_of(&self, now: Timestamp) -> Result<(), Error> {
        let Some(time) = self.time() else {
            return Ok(());
        };
        if now.duration_since(time).abs() <= FURTHEST {
            return Ok(());
        }
        Err(Error(vec![format!(
            "the time of this event, {time}, is more than a year away from now: a pass takes the day of the event for today. Leave out time and scheduled_time"
        )]))
    }

    /// The object that starts the pass, or started the one that is closed.
    pub fn upload(&self) -> Option<&Upload> {
        match self {
            Self::Uploaded { object, .. } => Some(object),
            Self::Close { pass, .. } => pass.upload(),
            Self::Schedule { .. } | Self::OnDemand { .. } | Self::Slice { .. } => None,
        }
    }
}

/// Every problem of an event that is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Error(pub Vec<String>);

/// Whoever tries what another day would bring stays within a school year.
const FURTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// The longest text that an engine's last words may have, in characters.
const LONGEST_TEXT: usize = 2000;

/// Reads an event. A field that is null is absent.
///
/// # Errors
/// All that is wrong with it at once.
pub fn parse(value: &Value) -> Result<Event, Error> {
    let Value::Object(map) = value else {
        return Err(Error(vec![
            "an event is a JSON object; {} stands for the options of invocation_defaults"
                .to_owned(),
        ]));
    };
    let mut fields = Fields::new(map);
    let pass = if fields.has("detail-type") || fields.has("source") {
        from_aws(&mut fields)
    } else if map.contains_key("run_id") {
        // Null, too: who forgets the id means a pass that is there, and wants no new one.
        Some(slice(&mut fields))
    } else if fields.has("trigger") {
        Some(schedule(&mut fields))
    } else {
        Some(on_demand(&mut fields))
    };
    let close = close(&mut fields);
    let event = pass.map(|pass| match close {
        None => pass,
        Some((error, cause)) => Event::Close {
            pass: Box::new(pass),
            error,
            cause,
        },
    });
    fields.finish(event)
}

/// The input that the template gives the schedule.
fn schedule(fields: &mut Fields<'_>) -> Event {
    if let Some(trigger) = fields.text("trigger")
        && trigger != "schedule"
    {
        fields.problem(format!(
            "trigger: {}",
            words::unknown(&trigger, ["schedule"])
        ));
    }
    let scheduled_time = fields.timestamp("scheduled_time");
    let time = fields.timestamp("time");
    let by_engine = fields.text("execution").is_some();
    let overrides = overrides(fields);
    Event::Schedule {
        scheduled_time: scheduled_time.or(time),
        by_engine,
        overrides,
    }
}

fn on_demand(fields: &mut Fields<'_>) -> Event {
    let time = fields.timestamp("time");
    let execution = fields.text("execution");
    let overrides = overrides(fields);
    Event::OnDemand {
        time,
        execution,
        overrides,
    }
}

fn overrides(fields: &mut Fields<'_>) -> Overrides {
    let mut overrides = Overrides::default();
    for name in options::EVENT_NAMES.into_iter().chain(options::NAMES) {
        let Some(values) = fields.values(name) else {
            continue;
        };
        // A notice says that an option has no effect, and means what happens anyway: nothing to refuse.
        if let Err(problem) = overrides.set(name, &values) {
            fields.problem(problem);
        }
    }
    if let Some(problem) = options::contradiction(&overrides) {
        fields.problem(problem);
    }
    overrides
}

/// `{"error": …, "cause": …}`: what the engine says when it gives up.
fn close(fields: &mut Fields<'_>) -> Option<(String, String)> {
    let Value::Object(map) = fields.take("close")? else {
        fields.problem("close: an object is expected, with error and cause".to_owned());
        return None;
    };
    let mut of_close = Fields::new(map);
    let [error, cause] = ["error", "cause"].map(|name| {
        let text = of_close.text(name).unwrap_or_default();
        text.chars().take(LONGEST_TEXT).collect()
    });
    for problem in of_close.problems() {
        fields.problem(format!("close: {problem}"));
    }
    Some((error, cause))
}

/// `{"run_id": …}`; the engine may add its own count of slices.
fn slice(fields: &mut Fields<'_>) -> Event {
    let closes = fields.has("close");
    let count = if closes { None } else { fields.take("slice") };
    if count.as_ref().is_some_and(|count| !count.is_u64()) {
        fields.problem("slice: a number is expected".to_owned());
    }
    let run_id = fields.text("run_id").unwrap_or_default();
    // The id becomes part of the names of objects.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if run_id.is_empty() || run_id.len() > 64 || !run_id.chars().all(plain) {
        fields.problem(
            "run_id: this is not the id of a pass, such as 20261124T020000Z-1a2b3c4d".to_owned(),
        );
    }
    Event::Slice {
        run_id,
        by_engine: closes || count.is_some(),
    }
}

/// What EventBridge and its Scheduler send on their own: an envelope around a detail.
fn from_aws(fields: &mut Fields<'_>) -> Option<Event> {
    for name in [
        "version",
        "id",
        "account",
        "region",
        "resources",
        "replay-name",
    ] {
        fields.take(name);
    }
    let source = fields.text("source").unwrap_or_default();
    let kind = fields.text("detail-type").unwrap_or_default();
    let time = fields.timestamp("time");
    let detail = fields.take("detail");
    match (source.as_str(), kind.as_str()) {
        ("aws.events" | "aws.scheduler", "Scheduled Event") => {
            let empty = match detail {
                None => true,
                Some(Value::Object(detail)) => detail.is_empty(),
                Some(Value::String(detail)) => matches!(detail.trim(), "" | "{}"),
                Some(_) => false,
            };
            if !empty {
                fields.problem(
                    "detail: a schedule's own event carries no options. Give the schedule an input instead: {\"trigger\": \"schedule\", …options}".to_owned(),
                );
            }
            Some(Event::Schedule {
                scheduled_time: time,
                by_engine: fields.text("execution").is_some(),
                overrides: Overrides::default(),
            })
        }
        ("aws.s3", "Object Created") => {
            if time.is_none() {
                fields.problem("time: the time of the event is missing".to_owned());
            }
            let object = upload::of_detail(fields, detail);
            Some(Event::Uploaded {
                by_engine: fields.text("execution").is_some(),
                object: object?,
                time: time?,
            })
        }
        _ => {
            fields.problem(format!(
                "an event of {} with detail-type {} is not known; possible are a schedule's own event, 'Object Created' of 'aws.s3' for an approval, or options without source and detail-type",
                words::quoted(&source),
                words::quoted(&kind)
            ));
            None
        }
    }
}
