//! `plan.ndjson.gz`: the plan as it will be sent, batch by batch.
//!
//! The first line is `{schema, sha256, batches, actions}`; `sha256` is the hash of all bytes after that line,
//! unpacked. Each further line is `{batch, actions: [{request_id, identity_type, user, domain, kind, commands}]}`.
//! `batch` counts from 0. A command is an object with one field: `create`, `update`, `remove`, `add`, `remove_all`,
//! `remove_from_org`. Of a user group that is made, `usergroup` stands in the place of `identity_type`, `user` and
//! `domain`, `kind` is `new-group`, and the command `create_group`. With strategy push every account is a `creation`:
//! one that is there is taken as it is.

use serde_json::{Value, json};

use super::SCHEMA;
use super::packed::gzip;
use super::words::{NEW_GROUP, kind, names, object, sha256, target};
use crate::model::id::Email;
use crate::reconcile::action::{Action, Batch, Command, Profile, Target, Update};
use crate::reconcile::guard::Checked;

/// The plan, packed with gzip. The same plan gives the same bytes.
pub fn plan_ndjson(checked: &Checked, batches: &[Batch]) -> Vec<u8> {
    let mut lines = String::new();
    for (number, batch) in batches.iter().enumerate() {
        let actions: Value = batch
            .actions()
            .iter()
            .map(|one| action(one, checked))
            .collect();
        let line = json!({"batch": number, "actions": actions});
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    let actions: usize = batches.iter().map(|batch| batch.actions().len()).sum();
    let head = json!({
        "schema": SCHEMA,
        "sha256": sha256(&lines),
        "batches": batches.len(),
        "actions": actions,
    });
    gzip(&format!("{head}\n{lines}"))
}

fn action(action: &Action, checked: &Checked) -> Value {
    let kind = match &action.target {
        Target::NewGroup { .. } => Some(NEW_GROUP),
        Target::Account { change, .. } => {
            let change = checked.plan.changes.get(*change);
            change.map(|change| kind(change.kind))
        }
    };
    object(target(&action.target).into_iter().chain([
        ("request_id", json!(action.request_id)),
        ("kind", json!(kind)),
        ("commands", commands(action)),
    ]))
}

fn commands(action: &Action) -> Value {
    action.commands.iter().map(command).collect()
}

fn command(command: &Command) -> Value {
    match command {
        Command::CreateGroup => json!({"create_group": true}),
        Command::Create(profile) => json!({"create": self::profile(profile)}),
        Command::Update(update) => json!({"update": self::update(update)}),
        Command::Remove(groups) => json!({"remove": names(groups)}),
        Command::RemoveAll => json!({"remove_all": true}),
        Command::Add(groups) => json!({"add": names(groups)}),
        Command::RemoveFromOrg { delete_account } => {
            json!({"remove_from_org": {"delete_account": delete_account}})
        }
    }
}

fn profile(profile: &Profile) -> Value {
    let Profile {
        email,
        first_name,
        last_name,
        country,
        update_existing,
    } = profile;
    json!({
        "email": email.as_str(),
        "first_name": first_name,
        "last_name": last_name,
        "country": country.as_str(),
        "update_existing": update_existing,
    })
}

/// Only what is given: the rest stays as it is in Adobe.
fn update(update: &Update) -> Value {
    let Update {
        email,
        username,
        first_name,
        last_name,
    } = update;
    let fields = [
        ("email", email.as_ref().map(Email::as_str)),
        ("username", username.as_deref()),
        ("first_name", first_name.as_deref()),
        ("last_name", last_name.as_deref()),
    ];
    object(
        fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, json!(value?)))),
    )
}
