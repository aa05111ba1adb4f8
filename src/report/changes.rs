//! `changes.ndjson`: one line per new user group and per account, for audits and spreadsheets.
//!
//! `{identity_type, user, domain, email, kind, directory_groups, before, after, why, ended, outcome, errors, held}`
//!
//! Of a user group that is made: `{usergroup, kind, outcome, errors}`, `kind` being `new-group`.
//!
//! * `before` and `after` are `{email, first_name, last_name, groups}`; `before` is null for an account that is made,
//!   `after` for one that leaves the organization. With strategy push nobody knows what was before: `before` is null,
//!   and `after` has the groups that the mapping gives, whatever others the account holds. `after` is what was planned, held removals not counted, whatever
//!   the outcome. A name that nobody knows is null.
//! * `why` has the directory groups of each group that is joined. `directory_groups` are the person's today: for a group
//!   that is lost, none of them feeds it.
//! * `ended` has the groups that are lost because of a date of the roster:
//!   `{"<Adobe group>": {cause, term, last_day, directory_group}}`. `cause` is `term`, `enrollment` or `role`; `term` is
//!   the title of the term, or null; `last_day` the last day of the membership; `directory_group` the one that gave it.
//!   A group that is lost and not in `ended` is fed by no directory group of the person, or the account is in Adobe only.
//! * `outcome` is `done`, `failed`, `not-sent`, `planned` (mode `plan`), or `held`: nothing of it goes on. In mode
//!   `test`, `done` means that Adobe would take it.
//! * `errors` are Adobe's: `[{command, code, message}]`.
//! * `held` is what guards hold: `[{removal, creation, ended, findings}]`; `removal` as in `held.json`, null where nothing
//!   would be removed; `creation` is true where the account is not made, so that it has neither `before` nor `after`;
//!   `ended` as above, of the groups that are kept.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::words::{NEW_GROUP, account, endings, errors, held, kind, names, object, usergroup};
use crate::config::options::Mode;
use crate::model::id::GroupName;
use crate::reconcile::action::Address;
use crate::reconcile::guard::{Checked, Held};
use crate::reconcile::outcome::{ActionOutcome, CommandError, Outcomes};
use crate::reconcile::plan::{Change, Removal};

/// The new user groups and the accounts of the plan in its order, then the accounts of which everything is held.
pub fn changes_ndjson(checked: &Checked, outcomes: &Outcomes, mode: Mode) -> String {
    let mut held = BTreeMap::<&Address, Vec<&Held>>::new();
    for one in &checked.held {
        held.entry(&one.change.address).or_default().push(one);
    }
    let mut text = String::new();
    for (position, group) in checked.plan.new_groups.iter().enumerate() {
        let outcome = outcomes.groups.get(position).and_then(Option::as_ref);
        add_group_line(&mut text, group, word(outcome, mode), outcome);
    }
    for (position, change) in checked.plan.changes.iter().enumerate() {
        let outcome = outcomes.changes.get(position).and_then(Option::as_ref);
        let held = held.remove(&change.address).unwrap_or_default();
        add_line(&mut text, change, word(outcome, mode), outcome, &held);
    }
    // In the order of the plan, not of addresses.
    for one in &checked.held {
        let Some(held) = held.remove(&one.change.address) else {
            continue;
        };
        let kept = Change {
            remove: Removal::none(),
            add: BTreeMap::new(),
            ..one.change.clone()
        };
        add_line(&mut text, &kept, "held", None, &held);
    }
    text
}

fn word(outcome: Option<&ActionOutcome>, mode: Mode) -> &'static str {
    match (outcome, mode) {
        (Some(ActionOutcome::Done), _) => "done",
        (Some(ActionOutcome::Failed(_)), _) => "failed",
        (None, Mode::Plan) => "planned",
        (None, Mode::Test | Mode::Apply) => "not-sent",
    }
}

fn add_group_line(
    text: &mut String,
    group: &GroupName,
    word: &str,
    outcome: Option<&ActionOutcome>,
) {
    let line = object([
        usergroup(group),
        ("kind", json!(NEW_GROUP)),
        ("outcome", json!(word)),
        ("errors", errors(refused(outcome))),
    ]);
    text.push_str(&line.to_string());
    text.push('\n');
}

/// Adobe's errors about one line.
fn refused(outcome: Option<&ActionOutcome>) -> &[CommandError] {
    match outcome {
        Some(ActionOutcome::Failed(refused)) => refused,
        Some(ActionOutcome::Done) | None => &[],
    }
}

fn add_line(
    text: &mut String,
    change: &Change,
    word: &str,
    outcome: Option<&ActionOutcome>,
    held: &[&Held],
) {
    let why: BTreeMap<&str, _> = change
        .add
        .iter()
        .map(|(group, directory_groups)| (group.as_str(), directory_groups))
        .collect();
    let line = object(account(&change.address).into_iter().chain([
        ("email", json!(change.email.as_str())),
        ("kind", json!(kind(change.kind))),
        ("directory_groups", json!(change.directory_groups)),
        ("before", before(change)),
        ("after", after(change, held)),
        ("why", json!(why)),
        ("ended", endings(change, &change.remove)),
        ("outcome", json!(word)),
        ("errors", errors(refused(outcome))),
        ("held", held.iter().map(|one| self::held(one)).collect()),
    ]));
    text.push_str(&line.to_string());
    text.push('\n');
}

fn before(change: &Change) -> Value {
    if change.create.is_some() {
        return Value::Null;
    }
    let (first, last) = &change.names_before;
    let email = change.email.as_str();
    state(email, first.as_ref(), last.as_ref(), &change.groups_before)
}

fn after(change: &Change, held: &[&Held]) -> Value {
    if held.iter().any(|held| held.creation) {
        return Value::Null;
    }
    let mut groups = match &change.remove {
        Removal::FromOrg { .. } => return Value::Null,
        Removal::AllGroups => BTreeSet::new(),
        Removal::Groups(lost) => change.groups_before.difference(lost).cloned().collect(),
    };
    groups.extend(change.add.keys().cloned());
    if let Some(profile) = &change.create {
        let email = profile.email.as_str();
        let (first, last) = (&profile.first_name, &profile.last_name);
        return state(email, first.as_ref(), last.as_ref(), &groups);
    }
    let (first, last) = &change.names_before;
    let update = &change.update;
    let email = update.email.as_ref().unwrap_or(&change.email);
    let first = update.first_name.as_ref().or(first.as_ref());
    let last = update.last_name.as_ref().or(last.as_ref());
    state(email.as_str(), first, last, &groups)
}

fn state(
    email: &str,
    first: Option<&String>,
    last: Option<&String>,
    groups: &BTreeSet<GroupName>,
) -> Value {
    json!({"email": email, "first_name": first, "last_name": last, "groups": names(groups)})
}
