//! Every event that the function accepts. A file of each shape is in `events/`.

mod fields;

use jiff::Timestamp;
use serde_json::Value;

use crate::config::options::{self, Overrides};
use crate::config::words;
use fields::Fields;

/// What an invocation is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A schedule fired.
    Schedule {
        /// When it was due; of a legacy rule, when it fired.
        scheduled_time: Option<Timestamp>,
        /// The options of the schedule's input.
        overrides: Overrides,
    },
    /// Somebody, or a program, asks for a pass.
    OnDemand {
        /// The time that stands for the clock.
        time: Option<Timestamp>,
        /// The name that stands for the request id.
        execution: Option<String>,
        /// The options; without any, `invocation_defaults` decide.
        overrides: Overrides,
    },
    /// Go on with that pass.
    Slice {
        /// Its id: letters, digits and hyphens.
        run_id: String,
    },
}

/// Every problem of an event that is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Error(pub Vec<String>);

/// Reads an event.
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
    let event = if map.contains_key("detail-type") || map.contains_key("source") {
        from_aws(&mut fields)
    } else if map.contains_key("run_id") {
        Some(slice(&mut fields))
    } else if map.contains_key("trigger") {
        Some(schedule(&mut fields))
    } else {
        Some(on_demand(&mut fields))
    };
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
    fields.text("execution");
    let overrides = overrides(fields);
    Event::Schedule {
        scheduled_time: scheduled_time.or(time),
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

/// `{"run_id": …}`; the engine may add its own count of slices.
fn slice(fields: &mut Fields<'_>) -> Event {
    if fields.take("close").is_some() {
        fields.problem("close is not available in this version".to_owned());
    }
    if let Some(count) = fields.take("slice")
        && !count.is_u64()
    {
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
    Event::Slice { run_id }
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
                None | Some(Value::Null) => true,
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
                overrides: Overrides::default(),
            })
        }
        ("aws.s3", _) | (_, "Object Created") => {
            fields.problem("events of S3 are not available in this version. Use a schedule, or start a pass with {}".to_owned());
            None
        }
        _ => {
            fields.problem(format!(
                "an event of {} with detail-type {} is not known; possible are a schedule's own event, or options without source and detail-type",
                words::quoted(&source),
                words::quoted(&kind)
            ));
            None
        }
    }
}
