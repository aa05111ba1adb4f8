//! `plan.txt`: the plan for people, group by group.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::push_text;
use super::sections::finding;
use super::words::{count, findings, list, loses, lost, one_line};
use crate::config::options::Strategy;
use crate::model::id::GroupName;
use crate::reconcile::guard::Checked;
use crate::reconcile::plan::{Change, Kind, Removal};

/// How much it is in all, what is held, new user groups, then new accounts, changed names, who joins (`+`) and leaves
/// (`-`) each Adobe group and why, and what happens to Adobe-only accounts. With strategy push, who is pushed and what
/// each Adobe group is told.
pub fn plan_txt(checked: &Checked) -> String {
    let parts = match checked.plan.strategy {
        Strategy::Push => push_text::parts(checked),
        Strategy::Sync => compared(checked),
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn compared(checked: &Checked) -> Vec<Option<String>> {
    let changes = &checked.plan.changes;
    let new_group = |group: &GroupName| format!("+ {}", one_line(group.as_str()));
    vec![
        Some(totals(checked)),
        held(checked),
        part(
            "New user groups",
            checked.plan.new_groups.iter().map(new_group).collect(),
        ),
        part(
            "New accounts",
            changes.iter().filter_map(creation).collect(),
        ),
        part(
            "Changed names and addresses",
            changes.iter().filter_map(update).collect(),
        ),
        groups(changes),
        part(
            "Adobe-only accounts",
            changes.iter().filter_map(adobe_only).collect(),
        ),
    ]
}

pub(super) fn part(title: &str, lines: Vec<String>) -> Option<String> {
    if lines.is_empty() {
        return None;
    }
    let mut text = format!("{title}\n");
    for line in lines {
        // Writing to a String cannot fail.
        writeln!(text, "  {line}").unwrap_or_default();
    }
    Some(text)
}

pub(super) fn held(checked: &Checked) -> Option<String> {
    if checked.findings.is_empty() && checked.held.is_empty() {
        return None;
    }
    let mut text = "HELD: a guard keeps this from being sent\n".to_owned();
    for one in &checked.findings {
        text.push_str(&finding(one));
    }
    for one in &checked.held {
        let kept = match &one.removal {
            Removal::Groups(groups) => format!("keeps {}", list(groups)),
            whole @ (Removal::AllGroups | Removal::FromOrg { .. }) => {
                format!("is left as it is; planned: {}", loses(whole))
            }
        };
        let email = one_line(one.change.email.as_str());
        let why = findings(&one.findings).join(", ");
        writeln!(text, "  = {email} {kept} ({why})").unwrap_or_default();
    }
    Some(text)
}

pub(super) fn creation(change: &Change) -> Option<String> {
    let profile = change.create.as_ref()?;
    let email = one_line(profile.email.as_str());
    let from = directory_groups(change).unwrap_or_else(|| "all users".to_owned());
    Some(format!("+ {email} ({}): {from}", change.identity_type()))
}

fn update(change: &Change) -> Option<String> {
    let update = &change.update;
    let fields = [
        ("e-mail address", update.email.is_some()),
        ("first name", update.first_name.is_some()),
        ("last name", update.last_name.is_some()),
    ];
    let changed: Vec<&str> = fields
        .into_iter()
        .filter_map(|(name, changes)| changes.then_some(name))
        .collect();
    let email = one_line(change.email.as_str());
    (!update.is_empty()).then(|| format!("~ {email}: {}", changed.join(", ")))
}

fn adobe_only(change: &Change) -> Option<String> {
    let email = one_line(change.email.as_str());
    (change.kind == Kind::AdobeOnly).then(|| format!("- {email} {}", loses(&change.remove)))
}

fn groups(changes: &[Change]) -> Option<String> {
    let mut groups = BTreeMap::<&GroupName, (Vec<String>, Vec<String>)>::new();
    for change in changes {
        let email = one_line(change.email.as_str());
        for (group, from) in &change.add {
            let from: Vec<&str> = from.iter().map(String::as_str).collect();
            let line = format!("+ {email}: {}", one_line(&from.join(", ")));
            groups.entry(group).or_default().0.push(line);
        }
        for group in lost(change, &change.remove) {
            let line = format!("- {email}: {}", why_not(change));
            groups.entry(group).or_default().1.push(line);
        }
    }
    let parts: Vec<String> = groups
        .into_iter()
        .filter_map(|(group, (mut joining, mut leaving))| {
            // The plan is in the order of sending; people look for an address.
            joining.sort();
            leaving.sort();
            let title = format!(
                "{} (+{} -{})",
                one_line(group.as_str()),
                joining.len(),
                leaving.len()
            );
            part(&title, joining.into_iter().chain(leaving).collect())
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// Why a group is lost: no directory group of the person feeds it, or the person is not in the roster.
fn why_not(change: &Change) -> String {
    if change.kind == Kind::AdobeOnly {
        return "Adobe-only".to_owned();
    }
    directory_groups(change).map_or_else(
        || "in no directory group that feeds it".to_owned(),
        |today| format!("in no directory group that feeds it, but in {today}"),
    )
}

fn directory_groups(change: &Change) -> Option<String> {
    let names: Vec<&str> = change.directory_groups.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| one_line(&names.join(", ")))
}

/// Where there is nothing to send.
pub(super) fn nothing(checked: &Checked) -> String {
    format!(
        "Nothing to send. {} held.\n",
        count(checked.held.len(), "account is", "accounts are")
    )
}

/// Numbers, each behind what it counts.
pub(super) fn in_all(rows: &[(&str, usize)]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .map(|(what, number)| format!("  {what}: {number}"))
        .collect();
    format!("In all\n{}\n", lines.join("\n"))
}

fn totals(checked: &Checked) -> String {
    let changes = &checked.plan.changes;
    let new_groups = checked.plan.new_groups.len();
    if changes.is_empty() && new_groups == 0 {
        return nothing(checked);
    }
    let of = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let added: usize = changes.iter().map(|change| change.add.len()).sum();
    let removed: usize = changes
        .iter()
        .map(|change| lost(change, &change.remove).len())
        .sum();
    in_all(&[
        ("New user groups", new_groups),
        ("New accounts", of(Kind::Creation)),
        ("Accounts of roster people that change", of(Kind::Update)),
        ("Adobe-only accounts that change", of(Kind::AdobeOnly)),
        ("Memberships that are added", added),
        ("Memberships that are removed", removed),
        ("Accounts of which something is held", checked.held.len()),
    ])
}
