//! What guards hold: first what they found, then who keeps what.

use std::collections::BTreeMap;

use super::{PlanInput, part};
use crate::model::id::GroupName;
use crate::reconcile::guard::{Checked, Held};
use crate::reconcile::plan::Removal;
use crate::report::reasons::{Grouped, Reason, why_lost};
use crate::report::text::{count, name};
use crate::report::words::loses;
use crate::report::{approving, sections, words};

/// Each finding once, and how to approve what they hold.
pub(in crate::report) fn findings(input: &PlanInput<'_>) -> Option<String> {
    let checked = input.checked;
    let title = if checked.held.is_empty() {
        "Findings"
    } else {
        "HELD: a guard keeps this from being sent"
    };
    let findings = checked.findings.iter();
    let findings: String = findings.map(sections::finding).collect();
    let approve = approving::how_to_approve(input.run_id, input.held_hash);
    part(title, &(findings + &approve))
}

/// Who keeps each Adobe group, which accounts stay as they are, and which are not made; each by why it was planned and
/// what holds it.
pub(in crate::report) fn held(checked: &Checked) -> Option<String> {
    let mut groups = BTreeMap::<&GroupName, Grouped>::new();
    let mut whole = Grouped::default();
    let mut creations = Grouped::default();
    for one in &checked.held {
        let email = one.change.email.as_str();
        match &one.removal {
            Removal::Groups(kept) => {
                for group in kept {
                    let why = behind(one, why_lost(&one.change, group));
                    groups.entry(group).or_default().add(why, email);
                }
            }
            removal @ (Removal::AllGroups | Removal::FromOrg { .. }) => {
                let planned = Reason::new(format!("planned: {}", loses(removal)));
                whole.add(behind(one, planned), email);
            }
        }
        if one.creation {
            let account = Reason::new(one.change.identity_type().as_str());
            creations.add(behind(one, account), email);
        }
    }
    let mut parts: Vec<String> = groups
        .into_iter()
        .filter_map(|(group, people)| {
            let keep = count(people.number(), "keeps it", "keep it");
            let title = format!("HELD: {} ({keep})", name(group.as_str()));
            part(&title, &people.lines('='))
        })
        .collect();
    let stay = count(whole.number(), "stays as it is", "stay as they are");
    parts.extend(part(
        &format!("HELD: whole accounts ({stay})"),
        &whole.lines('='),
    ));
    let made = count(creations.number(), "is not made", "are not made");
    parts.extend(part(
        &format!("HELD: new accounts ({made})"),
        &creations.lines('='),
    ));
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// Why it was planned, and what holds it.
fn behind(held: &Held, mut planned: Reason) -> Reason {
    let findings = words::findings(&held.findings).join(", ");
    planned.cause = format!("held by {findings}; {}", planned.cause);
    planned
}
