//! `summary.json` and its head.
//!
//! | field | |
//! |---|---|
//! | `schema` | [`SCHEMA`] |
//! | **head**: | the response has these and no others |
//! | `status` | `complete`, `partial`, `held`, `continue`, `failed`; in a response without a summary, `skipped`, too |
//! | `run_id`, `mode`, `strategy` | `plan`, `test` or `apply`; `sync` or `push` |
//! | `wait_seconds` | seconds until the next event makes sense, for `continue`; else null |
//! | `slices_left` | about how many more slices the sending takes, for `continue`; null where that is not known |
//! | `counters` | UST's numbers by name, see [`Counters`](crate::reconcile::counters::Counters); null where the pass did not come so far |
//! | `report_key` | null |
//! | `limited_read` | true where `max_user_count` cut the roster; else absent |
//! | `start_over` | true where a fresh pass has to do what this one left; else absent |
//! | **results**: | |
//! | `trigger`, `today`, `slice` | what started the pass; its day; how many slices it has had |
//! | `options` | the options by their names, as they were used; null where the pass did not come so far |
//! | `planned` | what goes on after the guards: `new_groups`, accounts (`creations`, `updates`, `adobe_only`), `memberships_added`, `memberships_removed`, and of the latter `memberships_ended`, those that a date of the roster ended; with strategy push, what is asked for, already so or not; null where there is no plan |
//! | `findings` | `[{name, message, next_step, held}]`; `held`: each group that somebody would leave is one, and so is a whole account that would lose everything or be made |
//! | `held` | `{count, memberships, departures, creations, key, hash, approve}`: accounts; memberships that are kept; accounts that would lose all groups or leave; accounts that would be made; where they are listed, and the hash of that list; `approve` is what an object under `approvals/` has to hold, `{run_id, hash}`. The last three are null where nothing is held |
//! | `approvals` | `[{name, run_id, hash, refused, let_through, dropped}]`, by name; `refused` is a sentence, or null; `let_through` is how many things that were held go on, in modes `plan` and `test`, would; `dropped` is what of the hold is not planned any more, `[{identity_type, user, domain, what, group}]`; `what` is `group`, `all-groups`, `organization`, `account` or `creation` |
//! | `ended` | `[{cause, term, last_day, licences, adobe_groups}]`: memberships that a date ended and nothing holds, as planned; `cause` is `term`, `enrollment` or `role`, `term` its title or null, `adobe_groups` has the licences by Adobe group |
//! | `waiting` | `{count, next}`: accounts in Adobe only that keep something for a while (`grace`), and the first day on which one loses it, or null |
//! | `forecast` | `[{day, adobe_group, begin, end}]`: licences that begin and end with the first pass of a day, for the next days, if the roster stays as it is |
//! | `problems` | `[{name, email, roster_id, message, refused}]`; `refused` is `{command, code, message}` or null |
//! | `problem_counts` | problems by name |
//! | `notices` | sentences |
//! | `timings` | `{created, started, ended, seconds, stages: [{stage, seconds}]}`; `created` is when the pass began, the rest is of this slice |
//! | `requests` | HTTP requests by endpoint, of all slices |
//! | `progress` | `{stage, batches, batches_before, batches_sent, commands_sent}`: how far earlier slices and this one came |
//! | `error` | `{name, message, next_step}` of a failed pass; else null |

mod outlook;
mod plan;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::words::{names, object};
use super::{RunInfo, SCHEMA, Status, SummaryInput};
use crate::config::options::{AdobeUsers, Options, Strategy, Users};
use crate::config::pattern::Pattern;
use crate::model::id::{Email, RosterId};
use crate::reconcile::guard::{Checked, FindingName};
use crate::reconcile::problem::Problem;

/// The fields of the head, in the order of the documentation.
const HEAD: [&str; 10] = [
    "status",
    "run_id",
    "mode",
    "strategy",
    "wait_seconds",
    "slices_left",
    "counters",
    "report_key",
    "limited_read",
    "start_over",
];

/// The head of a summary, which is the response.
pub fn head_of(summary: &Value) -> Value {
    object(
        HEAD.into_iter()
            .filter_map(|name| Some((name, summary.get(name)?.clone()))),
    )
}

/// The summary for programs.
pub fn summary_json(input: &SummaryInput<'_>) -> Value {
    let mut fields = head(input);
    let RunInfo {
        trigger,
        today,
        slice,
        ..
    } = input.run;
    let of_plan = |list: fn(&Checked) -> Value| input.checked.map_or_else(|| json!([]), list);
    fields.extend([
        ("schema", json!(SCHEMA)),
        ("trigger", json!(trigger)),
        ("today", json!(today.to_string())),
        ("slice", json!(slice)),
        ("options", input.run.options.map_or(Value::Null, options)),
        ("planned", input.checked.map_or(Value::Null, plan::planned)),
        ("findings", of_plan(plan::findings)),
        ("held", plan::held(input)),
        ("approvals", of_plan(plan::approvals)),
        ("ended", of_plan(outlook::ended)),
        ("waiting", outlook::waiting(input.checked)),
        ("forecast", of_plan(outlook::forecast)),
        ("problems", input.problems.iter().map(problem).collect()),
        ("problem_counts", problem_counts(input.problems)),
        ("notices", json!(input.notices)),
        ("timings", timings(&input.run)),
        ("requests", json!(input.requests)),
        ("progress", progress(input)),
        ("error", error(input)),
    ]);
    object(fields)
}

fn head(input: &SummaryInput<'_>) -> Vec<(&'static str, Value)> {
    let options = input.run.options;
    let strategy = options.map_or_else(Strategy::default, |options| options.strategy);
    let mut head = vec![
        ("status", json!(input.status.as_str())),
        ("run_id", json!(input.run.run_id)),
        ("mode", json!(input.run.mode.as_str())),
        ("strategy", json!(strategy.as_str())),
        ("wait_seconds", json!(wait_seconds(input.status))),
        ("slices_left", json!(input.slices_left)),
        ("counters", json!(input.counters)),
        ("report_key", Value::Null),
    ];
    let limited = |checked: &Checked| {
        let mut findings = checked.findings.iter();
        findings.any(|finding| finding.name == FindingName::LimitedRead)
    };
    if input.checked.is_some_and(limited) {
        head.push(("limited_read", json!(true)));
    }
    if input.start_over {
        head.push(("start_over", json!(true)));
    }
    head
}

/// Whole seconds, rounded up: who comes back after them is not too early.
pub(super) fn wait_seconds(status: Status) -> Option<u64> {
    match status {
        Status::Continue { wait } => {
            Some(wait.as_secs() + u64::from(wait > Duration::from_secs(wait.as_secs())))
        }
        Status::Complete | Status::Partial | Status::Held | Status::Failed => None,
    }
}

fn options(options: &Options) -> Value {
    let Options {
        mode,
        process_groups,
        update_user_info,
        users,
        adobe_only_user_action,
        strategy,
        adobe_users,
        user_filter,
        exclude_unmapped_users,
        adobe_only_user_list,
        fresh,
    } = options;
    let users = match users {
        Users::All => json!("all"),
        Users::Mapped => json!("mapped"),
        Users::Groups(groups) => json!({"group": groups}),
    };
    let adobe_users = match adobe_users {
        AdobeUsers::All => json!("all"),
        AdobeUsers::Mapped => json!("mapped"),
        AdobeUsers::Groups(groups) => json!({"group": names(groups)}),
    };
    json!({
        "mode": mode.as_str(),
        "strategy": strategy.as_str(),
        "adobe_users": adobe_users,
        "user_filter": user_filter.as_ref().map(Pattern::as_str),
        "exclude_unmapped_users": exclude_unmapped_users,
        "adobe_only_user_list": adobe_only_user_list,
        "fresh": fresh,
        "process_groups": process_groups,
        "update_user_info": update_user_info,
        "users": users,
        "adobe_only_user_action": adobe_only_user_action.as_str(),
    })
}

/// The answer of a pass that is not to go on yet. There is no summary of it.
pub fn waiting_head(run_id: &str, wait: Duration) -> Value {
    bare_head(run_id, Status::Continue { wait }.as_str(), Some(wait))
}

/// The answer where another pass is busy or waiting: its id, and nothing was done.
pub fn skipped_head(run_id: &str) -> Value {
    bare_head(run_id, "skipped", None)
}

fn bare_head(run_id: &str, status: &str, wait: Option<Duration>) -> Value {
    let wait = wait.and_then(|wait| wait_seconds(Status::Continue { wait }));
    json!({
        "status": status,
        "run_id": run_id,
        "mode": null,
        "strategy": null,
        "wait_seconds": wait,
        "slices_left": null,
        "counters": null,
        "report_key": null,
    })
}

/// How long to wait before the next slice, where a head says `continue`.
pub fn wait_of(head: &Value) -> Option<Duration> {
    let seconds = head.get("wait_seconds").and_then(Value::as_u64)?;
    Some(Duration::from_secs(seconds))
}

/// Whether a head says that a fresh pass has to go on.
pub fn starts_over(head: &Value) -> bool {
    head.get("start_over").is_some()
}

fn problem(problem: &Problem) -> Value {
    let refused = problem.refused.as_ref().map(|refused| {
        json!({"command": refused.command, "code": refused.code, "message": refused.message})
    });
    json!({
        "name": problem.name.as_str(),
        "email": problem.email.as_ref().map(Email::as_str),
        "roster_id": problem.roster_id.as_ref().map(RosterId::as_str),
        "message": problem.message,
        "refused": refused,
    })
}

fn problem_counts(problems: &[Problem]) -> Value {
    let mut counts = BTreeMap::<&str, u64>::new();
    for problem in problems {
        *counts.entry(problem.name.as_str()).or_default() += 1;
    }
    json!(counts)
}

fn timings(run: &RunInfo<'_>) -> Value {
    let ends = run
        .stages
        .iter()
        .skip(1)
        .map(|(_, begin)| *begin)
        .chain([run.ended]);
    let stages: Value = run
        .stages
        .iter()
        .zip(ends)
        .map(|((stage, begin), end)| json!({"stage": stage, "seconds": seconds(*begin, end)}))
        .collect();
    json!({
        "created": run.created.to_string(),
        "started": run.started.to_string(),
        "ended": run.ended.to_string(),
        "seconds": seconds(run.started, run.ended),
        "stages": stages,
    })
}

/// To the millisecond; zero where a clock was set back.
fn seconds(begin: Timestamp, end: Timestamp) -> f64 {
    let time = Duration::try_from(end.duration_since(begin)).unwrap_or_default();
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(millis).as_secs_f64()
}

fn progress(input: &SummaryInput<'_>) -> Value {
    json!({
        "stage": input.run.stages.last().map(|(stage, _)| stage),
        "batches": input.batches,
        "batches_before": input.batches_before,
        "batches_sent": input.batches_sent,
        "commands_sent": input.commands_sent,
    })
}

fn error(input: &SummaryInput<'_>) -> Value {
    input.failure.as_ref().map_or(Value::Null, |failure| {
        json!({
            "name": failure.name,
            "message": failure.message,
            "next_step": failure.next_step,
        })
    })
}
