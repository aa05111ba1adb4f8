//! The numbers of a plan: a sentence at its beginning, a list at its end.

use crate::reconcile::guard::Checked;
use crate::reconcile::plan::Kind;
use crate::report::tally::{HeldAccounts, Tally, waiting};
use crate::report::text::{count, thousands};

/// Numbers, each behind what it counts.
pub(in crate::report) fn in_all(rows: &[(&str, usize)]) -> String {
    let lines = rows.iter();
    let lines = lines.map(|(what, number)| format!("  {what}: {}\n", thousands(*number)));
    format!("In all\n{}", lines.collect::<String>())
}

/// Where there is nothing to send.
pub(in crate::report) fn nothing(checked: &Checked) -> Option<String> {
    let plan = &checked.plan;
    (plan.changes.is_empty() && plan.new_groups.is_empty()).then(|| {
        format!(
            "Nothing to send. {} held.\n",
            count(checked.held.len(), "account is", "accounts are")
        )
    })
}

/// What there is of, in a sentence.
pub(super) fn in_short(checked: &Checked) -> String {
    if let Some(nothing) = nothing(checked) {
        return nothing;
    }
    let of = |kind| {
        let changes = checked.plan.changes.iter();
        changes.filter(|change| change.kind == kind).count()
    };
    let tally = Tally::of(checked);
    let ended = match tally.sum(|row| row.ended) {
        0 => String::new(),
        ended => format!(", {} of them by date", thousands(ended)),
    };
    let go = count(
        tally.sum(|row| row.leaves),
        "membership goes",
        "memberships go",
    );
    let parts = [
        (
            checked.plan.new_groups.len(),
            "new user group",
            "new user groups",
        ),
        (of(Kind::Creation), "new account", "new accounts"),
        (of(Kind::Update), "changed account", "changed accounts"),
        (
            of(Kind::AdobeOnly),
            "changed Adobe-only account",
            "changed Adobe-only accounts",
        ),
    ];
    let parts = parts.into_iter().filter(|(number, ..)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, one, many)| count(number, one, many))
        .collect();
    format!(
        "{}.\n{}, {go}{ended}. {} held.\n",
        parts.join(", "),
        count(
            tally.sum(|row| row.joins),
            "membership comes",
            "memberships come"
        ),
        count(
            checked.held.len(),
            "account has something",
            "accounts have something"
        )
    )
}

/// All numbers; nothing where nothing is sent.
pub(super) fn totals(checked: &Checked) -> Option<String> {
    if nothing(checked).is_some() {
        return None;
    }
    let changes = &checked.plan.changes;
    let of = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let tally = Tally::of(checked);
    let accounts = HeldAccounts::of(checked);
    let approvals = checked.approvals.iter();
    let let_through: usize = approvals.map(|approval| approval.let_through.len()).sum();
    let mut rows = vec![
        ("New user groups", checked.plan.new_groups.len()),
        ("New accounts", of(Kind::Creation)),
        ("Accounts of roster people that change", of(Kind::Update)),
        ("Adobe-only accounts that change", of(Kind::AdobeOnly)),
        ("Memberships that are added", tally.sum(|row| row.joins)),
        ("Memberships that are removed", tally.sum(|row| row.leaves)),
        (
            "Removed memberships that a date ended",
            tally.sum(|row| row.ended),
        ),
        ("Accounts of which something is held", checked.held.len()),
        ("Memberships that are held", tally.sum(|row| row.held)),
    ];
    let further = [
        ("Accounts that are not made, held", accounts.creations),
        (
            "Accounts that wait for their grace to end",
            waiting(checked),
        ),
        (
            "Removals and new accounts let through by approvals",
            let_through,
        ),
    ];
    rows.extend(further.into_iter().filter(|(_, number)| *number > 0));
    Some(in_all(&rows))
}
