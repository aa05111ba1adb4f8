//! The Adobe groups of a plan: a table of all, then each with those who come and go.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::id::GroupName;
use crate::reconcile::guard::Checked;
use crate::reconcile::plan::Change;
use crate::report::plan_text::part;
use crate::report::reasons::{Grouped, Reason, why_lost};
use crate::report::tally::Tally;
use crate::report::text::{few, name, thousands};
use crate::report::words::lost;

/// How many join, leave and are held, beside the managed members before the pass, where they are known.
pub(super) fn table(checked: &Checked) -> Option<String> {
    let tally = Tally::of(checked);
    let mut text = format!(
        "{:>9}{:>9}{:>9}{:>9}  Adobe group\n",
        "members", "join", "leave", "held"
    );
    for (group, row) in &tally.0 {
        let members = checked.plan.members.get(*group);
        let members = members.map_or_else(String::new, |members| thousands(*members));
        let [joins, leaves, held] = [row.joins, row.leaves, row.held].map(|number| match number {
            0 => String::new(),
            number => thousands(number),
        });
        let group = name(group.as_str());
        // Writing to a String cannot fail.
        writeln!(text, "{members:>9}{joins:>9}{leaves:>9}{held:>9}  {group}").unwrap_or_default();
    }
    (!tally.0.is_empty()).then_some(text)
}

#[derive(Default)]
struct Members {
    joining: Grouped,
    leaving: Grouped,
}

/// Who joins each Adobe group and which directory groups give it, and who leaves it and why.
pub(super) fn groups(changes: &[Change]) -> Option<String> {
    let mut groups = BTreeMap::<&GroupName, Members>::new();
    for change in changes {
        let email = change.email.as_str();
        for (group, from) in &change.add {
            let from = Reason::new(few(from.iter().map(String::as_str)));
            groups.entry(group).or_default().joining.add(from, email);
        }
        for group in lost(change, &change.remove) {
            let why = why_lost(change, group);
            groups.entry(group).or_default().leaving.add(why, email);
        }
    }
    let parts: Vec<String> = groups
        .into_iter()
        .filter_map(|(group, Members { joining, leaving })| {
            let title = format!(
                "{} (+{} -{})",
                name(group.as_str()),
                thousands(joining.number()),
                thousands(leaving.number())
            );
            part(&title, &(joining.lines('+') + &leaving.lines('-')))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}
