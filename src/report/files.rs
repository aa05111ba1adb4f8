//! Files for programs: plan, changes, what is held, journal.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::config::options::Mode;
use crate::model::id::{Email, GroupName};
use crate::reconcile::action::{Action, Batch, Command};
use crate::reconcile::guard::{Checked, Held};
use crate::reconcile::outcome::{ActionOutcome, BatchOutcome};
use crate::reconcile::plan::{Change, Kind, Removal};

const SCHEMA: u32 = 1;

/// `plan.ndjson.gz`: a first line with schema, number of batches and the hash over all other lines; then one line per
/// batch.
pub fn plan_ndjson(checked: &Checked, batches: &[Batch]) -> Vec<u8> {
    let mut lines = String::new();
    for (number, batch) in batches.iter().enumerate() {
        let actions: Vec<Value> = batch.actions().iter().map(action).collect();
        push(
            &mut lines,
            &json!({ "batch": number + 1, "actions": actions }),
        );
    }
    let mut text = String::new();
    push(
        &mut text,
        &json!({
            "schema": SCHEMA,
            "batches": batches.len(),
            "changes": checked.plan.changes.len(),
            "sha256": hex(&Sha256::digest(&lines)),
        }),
    );
    text.push_str(&lines);
    gzip(text.as_bytes())
}

/// Into memory, where writing does not fail.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap_or_default();
    encoder.finish().unwrap_or_default()
}

/// `changes.ndjson`: one line per user: before, after, why, outcome.
pub fn changes_ndjson(checked: &Checked, outcomes: &[Option<ActionOutcome>], mode: Mode) -> String {
    let mut text = String::new();
    for (position, change) in checked.plan.changes.iter().enumerate() {
        let outcome = match (mode, outcomes.get(position)) {
            (Mode::Plan, _) => "planned",
            (_, Some(Some(ActionOutcome::Done))) => "done",
            (_, Some(Some(ActionOutcome::Failed(_)))) => "failed",
            (_, Some(None) | None) => "not-sent",
        };
        push(&mut text, &changed(change, outcome));
    }
    for held in &checked.held {
        let change = Change {
            remove: held.removal.clone(),
            add: std::collections::BTreeMap::new(),
            create: None,
            ..held.change.clone()
        };
        push(&mut text, &changed(&change, "held"));
    }
    text
}

fn changed(change: &Change, outcome: &str) -> Value {
    let kind = match change.kind {
        Kind::Creation => "create",
        Kind::Update => "update",
        Kind::AdobeOnly => "adobe-only",
    };
    json!({
        "user": change.email.as_str(),
        "type": change.identity_type().as_str(),
        "kind": kind,
        "before": {
            "groups": names(change.groups_before.iter()),
            "first_name": change.names_before.0,
            "last_name": change.names_before.1,
        },
        "create": change.create.is_some(),
        "update": {
            "email": change.update.email.as_ref().map(Email::as_str),
            "first_name": change.update.first_name,
            "last_name": change.update.last_name,
        },
        "add": change.add.iter().map(|(group, why)| json!({ "group": group.as_str(), "why": why })).collect::<Vec<_>>(),
        "remove": removal(&change.remove),
        "directory_groups": change.directory_groups,
        "outcome": outcome,
    })
}

fn removal(removal: &Removal) -> Value {
    match removal {
        Removal::Groups(groups) => json!({ "groups": names(groups.iter()) }),
        Removal::AllGroups => json!({ "groups": "all" }),
        Removal::FromOrg { delete_account } => {
            json!({ "from_org": true, "delete_account": delete_account })
        }
    }
}

/// `held.json` and its hash, which covers what is held, sorted, alone: the same hold has the same hash every night.
pub fn held_json(held: &[Held]) -> (Value, String) {
    let mut items: Vec<Value> = held
        .iter()
        .map(|held| json!({
            "user": held.change.email.folded(),
            "type": held.change.identity_type().as_str(),
            "remove": removal(&held.removal),
            "findings": held.findings.iter().map(|finding| finding.as_str()).collect::<Vec<_>>(),
        }))
        .collect();
    items.sort_by_cached_key(Value::to_string);
    let hash = hex(&Sha256::digest(Value::Array(items.clone()).to_string()));
    (
        json!({ "schema": SCHEMA, "hash": hash, "held": items }),
        hash,
    )
}

/// One line per action: batch, request id, user, outcome, Adobe's errors, time.
pub fn journal_chunk(entries: &[(usize, &Batch, BatchOutcome, Timestamp)]) -> String {
    let mut text = String::new();
    for (number, batch, outcome, time) in entries {
        for (action, outcome) in batch.actions().iter().zip(&outcome.actions) {
            let errors = match outcome {
                ActionOutcome::Done => None,
                ActionOutcome::Failed(errors) => Some(errors),
            };
            push(
                &mut text,
                &json!({
                    "time": time.to_string(),
                    "batch": number + 1,
                    "request_id": action.request_id,
                    "user": action.address.user.as_str(),
                    "outcome": if errors.is_some() { "failed" } else { "done" },
                    "errors": errors,
                }),
            );
        }
    }
    text
}

fn action(action: &Action) -> Value {
    json!({
        "request_id": action.request_id,
        "user": action.address.user.as_str(),
        "type": action.address.identity_type.as_str(),
        "domain": action.address.domain,
        "commands": action.commands.iter().map(command).collect::<Vec<_>>(),
    })
}

fn command(command: &Command) -> Value {
    match command {
        Command::Create(profile) => json!({ "create": {
            "email": profile.email.as_str(),
            "first_name": profile.first_name,
            "last_name": profile.last_name,
            "country": profile.country.as_str(),
            "update_existing": profile.update_existing,
        }}),
        Command::Update(update) => json!({ "update": {
            "email": update.email.as_ref().map(Email::as_str),
            "username": update.username,
            "first_name": update.first_name,
            "last_name": update.last_name,
        }}),
        Command::Remove(groups) => json!({ "remove": names(groups.iter()) }),
        Command::RemoveAll => json!({ "remove": "all" }),
        Command::Add(groups) => json!({ "add": names(groups.iter()) }),
        Command::RemoveFromOrg { delete_account } => {
            json!({ "remove_from_org": { "delete_account": delete_account } })
        }
    }
}

fn names<'a>(groups: impl Iterator<Item = &'a GroupName>) -> Vec<&'a str> {
    groups.map(GroupName::as_str).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

fn push(text: &mut String, line: &Value) {
    text.push_str(&line.to_string());
    text.push('\n');
}
