//! `plan.txt`: the plan for people, a diff.
//!
//! Which pass it is and how much it does, in a sentence; what guards found and how to approve it; a table of Adobe groups;
//! who keeps what; then who joins (`+`) and leaves (`-`) each Adobe group, by why; new accounts, changed names, Adobe-only
//! accounts, who waits for grace, what approvals did; numbers at the end. Everybody is listed, behind the number of those
//! who share the reason. Names from outside are on one line, and cut where they are very long.

mod groups;
mod held;
mod others;
mod totals;

use std::fmt;

use jiff::civil::Date;

use super::{approving, push_text};
use crate::config::options::{Mode, Strategy};
use crate::reconcile::guard::Checked;
pub(super) use held::{findings, held};
pub(super) use others::new_accounts;
pub(super) use totals::{in_all, nothing};

/// What the plan for people tells.
#[derive(Clone, Copy)]
pub struct PlanInput<'a> {
    /// `<UTC yyyymmddThhmmssZ>-<8 hex>`.
    pub run_id: &'a str,
    /// The day of the pass.
    pub today: Date,
    /// What is done with the plan.
    pub mode: Mode,
    /// The hash of what is held, where anything is.
    pub held_hash: Option<&'a str>,
    /// The plan after the guards.
    pub checked: &'a Checked,
}

/// Masked: the plan names people.
impl fmt::Debug for PlanInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanInput")
            .field("run_id", &self.run_id)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// The plan, group by group. With strategy push, who is pushed and what each Adobe group is told.
pub fn plan_txt(input: &PlanInput<'_>) -> String {
    let parts = match input.checked.plan.strategy {
        Strategy::Push => push_text::parts(input),
        Strategy::Sync => compared(input),
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn compared(input: &PlanInput<'_>) -> Vec<Option<String>> {
    let checked = input.checked;
    let changes = &checked.plan.changes;
    vec![
        Some(title(input) + &totals::in_short(checked)),
        findings(input),
        groups::table(checked),
        held(checked),
        others::new_groups(checked),
        groups::groups(changes),
        new_accounts("New accounts", changes),
        others::updates(changes),
        others::adobe_only(changes),
        others::waiting(checked),
        approving::listed(checked, input.mode),
        totals::totals(checked),
    ]
}

/// Which plan it is, and what becomes of it.
pub(super) fn title(input: &PlanInput<'_>) -> String {
    let becomes = match input.mode {
        Mode::Plan => "nothing of it is sent",
        Mode::Test => "Adobe checks it and changes nothing",
        Mode::Apply => "it is sent",
    };
    format!(
        "Plan for {} of pass {}. Mode {}: {becomes}.\n",
        input.today,
        input.run_id,
        input.mode.as_str()
    )
}

/// A heading and its lines; nothing without lines.
pub(super) fn part(title: &str, lines: &str) -> Option<String> {
    (!lines.is_empty()).then(|| format!("{title}\n{lines}"))
}
