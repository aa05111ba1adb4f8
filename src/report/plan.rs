//! `plan.txt`: the plan for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::model::id::GroupName;
use crate::reconcile::guard::Checked;
use crate::reconcile::plan::{Change, Kind, Removal};

/// Holds on top; then per Adobe group who joins and who leaves, and why; accounts that are made, changed, or go; the
/// numbers at the end.
pub fn plan_txt(checked: &Checked) -> String {
    let mut text = String::new();
    holds(&mut text, checked);
    groups(&mut text, checked);
    accounts(&mut text, checked);
    numbers(&mut text, checked);
    text
}

fn holds(text: &mut String, checked: &Checked) {
    if checked.held.is_empty() {
        return;
    }
    line(text, "HELD (planned, and not sent)");
    for finding in &checked.findings {
        line(
            text,
            &format!(
                "  {}: {} {}",
                finding.name.as_str(),
                finding.message,
                finding.next_step
            ),
        );
    }
    for held in &checked.held {
        let why: Vec<_> = held
            .findings
            .iter()
            .map(|finding| finding.as_str())
            .collect();
        line(
            text,
            &format!(
                "  = {}  {}  ({})",
                held.change.email.as_str(),
                lost(&held.removal),
                why.join(", ")
            ),
        );
    }
    line(text, "");
}

fn lost(removal: &Removal) -> String {
    match removal {
        Removal::Groups(groups) => {
            format!(
                "from {}",
                groups
                    .iter()
                    .map(GroupName::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        }
        Removal::AllGroups => "from all groups".to_owned(),
        Removal::FromOrg {
            delete_account: false,
        } => "from the organization".to_owned(),
        Removal::FromOrg {
            delete_account: true,
        } => "from the organization, with the account".to_owned(),
    }
}

fn groups(text: &mut String, checked: &Checked) {
    let mut by_group = BTreeMap::<&GroupName, (Vec<String>, Vec<String>)>::new();
    for change in &checked.plan.changes {
        for (group, why) in &change.add {
            let why: Vec<_> = why.iter().map(String::as_str).collect();
            let entry = format!("  + {}  ({})", change.email.as_str(), why.join("; "));
            by_group.entry(group).or_default().0.push(entry);
        }
        if let Removal::Groups(groups) = &change.remove {
            for group in groups {
                let entry = format!("  - {}  ({})", change.email.as_str(), reason(change));
                by_group.entry(group).or_default().1.push(entry);
            }
        }
    }
    for (group, (joins, leaves)) in by_group {
        line(
            text,
            &format!("{}  (+{} -{})", group.as_str(), joins.len(), leaves.len()),
        );
        for entry in joins.iter().chain(&leaves) {
            line(text, entry);
        }
        line(text, "");
    }
}

fn reason(change: &Change) -> &'static str {
    match change.kind {
        Kind::AdobeOnly => "not among the selected people of the roster",
        Kind::Creation | Kind::Update => "in no directory group that feeds it",
    }
}

fn accounts(text: &mut String, checked: &Checked) {
    let mut entries = BTreeSet::new();
    for change in &checked.plan.changes {
        let email = change.email.as_str();
        if change.create.is_some() {
            entries.insert((0, format!("  + {email}  ({})", change.identity_type())));
        }
        if !change.update.is_empty() {
            entries.insert((1, format!("  ~ {email}  (names or address)")));
        }
        if matches!(change.remove, Removal::AllGroups | Removal::FromOrg { .. }) {
            entries.insert((2, format!("  - {email}  {}", lost(&change.remove))));
        }
    }
    if entries.is_empty() {
        return;
    }
    line(text, "Accounts");
    for (_, entry) in entries {
        line(text, &entry);
    }
    line(text, "");
}

fn numbers(text: &mut String, checked: &Checked) {
    let changes = &checked.plan.changes;
    let of = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let joins: usize = changes.iter().map(|change| change.add.len()).sum();
    let leaves: usize = changes
        .iter()
        .map(|change| match &change.remove {
            Removal::Groups(groups) => groups.len(),
            Removal::AllGroups | Removal::FromOrg { .. } => 0,
        })
        .sum();
    if changes.is_empty() && checked.held.is_empty() {
        line(text, "Nothing to do.");
    }
    line(
        text,
        &format!(
            "{} new users, {} changed, {} Adobe-only; {joins} memberships added, {leaves} removed; {} held",
            of(Kind::Creation),
            of(Kind::Update),
            of(Kind::AdobeOnly),
            checked.held.len()
        ),
    );
}

/// Writing to a String cannot fail.
fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").unwrap_or_default();
}
