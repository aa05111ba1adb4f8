//! `plan.txt` of strategy push: Adobe was not read, so it tells what everybody is told, not what changes.

use std::collections::BTreeMap;

use super::plan_text::{creation, held, in_all, nothing, part};
use super::words::{count, lost, one_line};
use crate::model::id::GroupName;
use crate::reconcile::guard::Checked;
use crate::reconcile::plan::Change;

/// How much it is in all, what is held, who is pushed, and who is put into each Adobe group.
pub(super) fn parts(checked: &Checked) -> Vec<Option<String>> {
    let changes = &checked.plan.changes;
    vec![
        Some(totals(checked)),
        held(checked),
        part(
            "Accounts that are made where they do not exist",
            changes.iter().filter_map(creation).collect(),
        ),
        others(changes),
        groups(changes),
    ]
}

fn removals(changes: &[Change]) -> usize {
    let lost = changes
        .iter()
        .map(|change| lost(change, &change.remove).len());
    lost.sum()
}

fn totals(checked: &Checked) -> String {
    let changes = &checked.plan.changes;
    if changes.is_empty() {
        return nothing(checked);
    }
    in_all(&[
        ("Accounts that are pushed", changes.len()),
        (
            "Memberships that are asked for",
            changes.iter().map(|change| change.add.len()).sum(),
        ),
        ("Removals that are asked for", removals(changes)),
        ("Accounts of which something is held", checked.held.len()),
    ])
}

/// One sentence instead of a line for each person and each group that is not theirs.
fn others(changes: &[Change]) -> Option<String> {
    let people = changes
        .iter()
        .filter(|change| !change.remove.is_none())
        .count();
    (people > 0).then(|| {
        format!(
            "Everybody who is named here is taken out of the other mapped groups, whether or not they are in them: {}, {}.\n",
            count(people, "person", "people"),
            count(removals(changes), "removal", "removals")
        )
    })
}

/// The groups with those who are put into them; `-` counts those who are taken out.
fn groups(changes: &[Change]) -> Option<String> {
    let mut groups = BTreeMap::<&GroupName, (Vec<String>, usize)>::new();
    for change in changes {
        let email = one_line(change.email.as_str());
        for (group, from) in &change.add {
            let from: Vec<&str> = from.iter().map(String::as_str).collect();
            let line = format!("  + {email}: {}\n", one_line(&from.join(", ")));
            groups.entry(group).or_default().0.push(line);
        }
        for group in lost(change, &change.remove) {
            groups.entry(group).or_default().1 += 1;
        }
    }
    let parts: Vec<String> = groups
        .into_iter()
        .map(|(group, (mut joining, leaving))| {
            // The plan is in the order of sending; people look for an address.
            joining.sort();
            let name = one_line(group.as_str());
            let title = format!("{name} (+{} -{leaving})\n", joining.len());
            title + &joining.concat()
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}
