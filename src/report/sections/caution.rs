//! What was found and is held, what approvals did, and who waits.

use std::fmt::Write as _;

use crate::model::id::GroupName;
use crate::reconcile::guard::{Finding, FindingName};
use crate::report::tally::{self, HeldAccounts, Row, Tally};
use crate::report::text::{count, name, sentence, thousands};
use crate::report::{SummaryInput, approving};

/// So many Adobe groups are listed.
const GROUPS: usize = 10;

/// What the guards found, what they hold, the way out, and how to approve.
pub(in crate::report) fn findings(input: &SummaryInput<'_>) -> Option<String> {
    let checked = input.checked?;
    if checked.findings.is_empty() && checked.held.is_empty() {
        return None;
    }
    let findings = checked.findings.iter();
    let mut text = format!("Findings\n{}", findings.map(finding).collect::<String>());
    if checked.held.is_empty() {
        return Some(text);
    }
    text += &held(&Tally::of(checked), HeldAccounts::of(checked));
    // Writing to a String cannot fail.
    writeln!(
        text,
        "  Who it concerns is listed under HELD in runs/{}/plan.txt.",
        input.run.run_id
    )
    .unwrap_or_default();
    text += &approving::how_to_approve(input.run.run_id, input.held_hash);
    Some(text)
}

/// One finding, its lines indented.
pub(in crate::report) fn finding(finding: &Finding) -> String {
    let held = match finding.held {
        _ if finding.name.ends_the_pass() => String::new(),
        0 => "    It holds nothing.\n".to_owned(),
        // An invitation cannot be taken back either.
        held if finding.name == FindingName::IdentitySettingsChanged => format!(
            "    It holds {}.\n",
            count(held, "removal or new account", "removals and new accounts")
        ),
        held => format!("    It holds {}.\n", count(held, "removal", "removals")),
    };
    format!(
        "  {}: {}\n{held}    What to do: {}\n",
        finding.name.as_str(),
        sentence(&finding.message),
        sentence(&finding.next_step)
    )
}

/// What is held in all, beside what goes on.
fn held(tally: &Tally<'_>, accounts: HeldAccounts) -> String {
    let mut text = "  Held in all\n".to_owned();
    let mut rows: Vec<(&GroupName, Row)> =
        tally.0.iter().map(|(name, row)| (*name, *row)).collect();
    rows.retain(|(_, row)| row.held > 0);
    // The largest first; of equals, by name.
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.held));
    for (group, row) in rows.iter().take(GROUPS) {
        let group = name(group.as_str());
        let memberships = count(row.held, "membership", "memberships");
        let others = match row.leaves {
            0 => String::new(),
            leaves => format!("; {} not held", count(leaves, "removal is", "removals are")),
        };
        // Writing to a String cannot fail.
        writeln!(text, "    {group}: {memberships}{others}").unwrap_or_default();
    }
    let rest = rows.iter().skip(GROUPS);
    let (groups, memberships) = rest.fold((0, 0), |(groups, held), (_, row)| {
        (groups + 1, held + row.held)
    });
    if groups > 0 {
        let memberships = count(memberships, "membership", "memberships");
        let groups = count(groups, "more Adobe group", "more Adobe groups");
        writeln!(text, "    {groups}: {memberships}").unwrap_or_default();
    }
    let whole = [
        (
            accounts.departures,
            "account stays as it is",
            "accounts stay as they are",
        ),
        (
            accounts.creations,
            "new account is not made",
            "new accounts are not made",
        ),
    ];
    for (number, one, many) in whole.into_iter().filter(|(number, ..)| *number > 0) {
        writeln!(text, "    {}", count(number, one, many)).unwrap_or_default();
    }
    text
}

/// What became of each approval.
pub(in crate::report) fn approvals(input: &SummaryInput<'_>) -> Option<String> {
    let approvals = &input.checked?.approvals;
    let lines = approvals.iter();
    let lines = lines.map(|one| format!("  {}\n", approving::became(one, input.run.mode)));
    (!approvals.is_empty()).then(|| format!("Approvals\n{}", lines.collect::<String>()))
}

/// How many keep something for a while, and until when.
pub(in crate::report) fn waiting(input: &SummaryInput<'_>) -> Option<String> {
    let checked = input.checked?;
    let next = checked.plan.waiting.iter().map(|one| one.until).min()?;
    let what = match tally::waiting(checked) {
        1 => "1 account in Adobe only keeps".to_owned(),
        many => format!("{} accounts in Adobe only keep", thousands(many)),
    };
    Some(format!(
        "Waiting\n  {what} something for a while. The next removal is due on {next}.\n"
    ))
}
