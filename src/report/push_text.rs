//! `plan.txt` of strategy push: Adobe was not read, so it tells what everybody is told, not what changes.

use std::collections::BTreeMap;

use super::approving;
use super::plan_text::{PlanInput, findings, held, in_all, new_accounts, nothing, title};
use super::reasons::{Grouped, Reason};
use super::text::{count, few, name, thousands};
use super::words::lost;
use crate::model::id::GroupName;
use crate::reconcile::guard::Checked;
use crate::reconcile::plan::Change;

/// How much it is in all, what is held, who is pushed, who is put into each Adobe group, and what approvals did.
pub(super) fn parts(input: &PlanInput<'_>) -> Vec<Option<String>> {
    let checked = input.checked;
    let changes = &checked.plan.changes;
    vec![
        Some(title(input)),
        Some(totals(checked)),
        findings(input),
        held(checked),
        new_accounts("Accounts that are made where they do not exist", changes),
        others(changes),
        groups(changes),
        approving::listed(checked, input.mode),
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
    if let Some(nothing) = nothing(checked) {
        return nothing;
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
    let mut groups = BTreeMap::<&GroupName, (Grouped, usize)>::new();
    for change in changes {
        for (group, from) in &change.add {
            let from = Reason::new(few(from.iter().map(String::as_str)));
            let (joining, _) = groups.entry(group).or_default();
            joining.add(from, change.email.as_str());
        }
        for group in lost(change, &change.remove) {
            groups.entry(group).or_default().1 += 1;
        }
    }
    let parts: Vec<String> = groups
        .into_iter()
        .map(|(group, (joining, leaving))| {
            let title = format!(
                "{} (+{} -{})\n",
                name(group.as_str()),
                thousands(joining.number()),
                thousands(leaving)
            );
            title + &joining.lines('+')
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}
