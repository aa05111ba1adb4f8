//! `summary.json`, schema 1.
//!
//! The head is the response, too: `status`, `run_id`, `mode`, `strategy`, `wait_seconds`, `slices_left`, `counters`,
//! `report_key`; what does not exist yet is null. Then: `schema`, `trigger`, `today`, `slice`, `options`, `findings`
//! (`name`, `message`, `next_step`, `held`), `held` (`count`, `key`, `hash`), `problems` (`name`, `email`,
//! `roster_id`, `message`, `refused`), `notices`, `timings` (`started`, `ended`, `stages`), `requests` by endpoint,
//! `progress` (`stage`, `batches`, `batches_sent`), `error` (`name`, `message`, `next_step`).

use serde_json::{Map, Value, json};

use super::{Status, SummaryInput};
use crate::config::options::{Options, Users};
use crate::reconcile::guard::FindingName;
use crate::reconcile::problem::Problem;

/// The version of the schema.
const SCHEMA: u32 = 1;

const HEAD: [&str; 9] = [
    "status",
    "run_id",
    "mode",
    "strategy",
    "wait_seconds",
    "slices_left",
    "counters",
    "report_key",
    "limited_read",
];

/// The whole summary.
pub fn summary_json(input: &SummaryInput<'_>) -> Value {
    let run = &input.run;
    let wait = match input.status {
        Status::Continue { wait } => Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)),
        Status::Complete | Status::Partial | Status::Held | Status::Failed => None,
    };
    let findings = input
        .checked
        .map(|checked| checked.findings.as_slice())
        .unwrap_or_default();
    let held = input.checked.map_or(0, |checked| checked.held.len());
    let limited = findings
        .iter()
        .any(|finding| finding.name == FindingName::LimitedRead);
    json!({
        "schema": SCHEMA,
        "status": input.status.as_str(),
        "run_id": run.run_id,
        "mode": run.mode.as_str(),
        "strategy": "sync",
        "wait_seconds": wait,
        "slices_left": null,
        "counters": input.counters,
        "report_key": null,
        "limited_read": limited,
        "trigger": run.trigger,
        "today": run.today.to_string(),
        "slice": run.slice,
        "options": run.options.map(options),
        "findings": findings.iter().map(|finding| json!({
            "name": finding.name.as_str(),
            "message": finding.message,
            "next_step": finding.next_step,
            "held": finding.held,
        })).collect::<Vec<_>>(),
        "held": {
            "count": held,
            "key": (held > 0).then(|| format!("runs/{}/held.json", run.run_id)),
            "hash": input.held_hash,
        },
        "problems": input.problems.iter().map(problem).collect::<Vec<_>>(),
        "notices": input.notices,
        "timings": {
            "started": run.started.to_string(),
            "ended": run.ended.to_string(),
            "stages": stages(input),
        },
        "requests": input.requests,
        "progress": {
            "stage": run.stages.last().map(|(stage, _)| stage),
            "batches": input.batches,
            "batches_sent": input.batches_sent,
        },
        "error": input.failure.as_ref().map(|failure| json!({
            "name": failure.name,
            "message": failure.message,
            "next_step": failure.next_step,
        })),
    })
}

/// The head of a summary: the response.
pub fn head_of(summary: &Value) -> Value {
    let head: Map<String, Value> = HEAD
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                summary.get(*name).cloned().unwrap_or(Value::Null),
            )
        })
        .collect();
    Value::Object(head)
}

fn options(options: &Options) -> Value {
    let users = match &options.users {
        Users::All => json!("all"),
        Users::Mapped => json!("mapped"),
        Users::Groups(names) => json!({ "group": names }),
    };
    json!({
        "users": users,
        "adobe_users": "all",
        "process_groups": options.process_groups,
        "update_user_info": options.update_user_info,
        "adobe_only_user_action": options.adobe_only_user_action.as_str(),
    })
}

fn problem(problem: &Problem) -> Value {
    let Problem {
        name,
        email,
        roster_id,
        message,
        refused,
    } = problem;
    json!({
        "name": name.as_str(),
        "email": email.as_ref().map(|email| email.as_str()),
        "roster_id": roster_id.as_ref().map(|id| id.as_str()),
        "message": message,
        "refused": refused.as_ref().map(|refused| json!({
            "command": refused.command,
            "code": refused.code,
            "message": refused.message,
        })),
    })
}

fn stages(input: &SummaryInput<'_>) -> Vec<Value> {
    let ends = input
        .run
        .stages
        .iter()
        .skip(1)
        .map(|(_, start)| *start)
        .chain([input.run.ended]);
    let stages = input.run.stages.iter().zip(ends);
    stages
        .map(|((stage, start), end)| json!({ "stage": stage, "seconds": end.duration_since(*start).as_secs_f64() }))
        .collect()
}
