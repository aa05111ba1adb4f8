//! What `summary.json` tells of the plan and of what holds it.

use serde_json::{Value, json};

use crate::reconcile::approval::{ApprovalUse, Item, What};
use crate::reconcile::guard::{Checked, Finding};
use crate::reconcile::plan::Kind;
use crate::report::SummaryInput;
use crate::report::tally::{HeldAccounts, Tally};
use crate::report::words::object;

pub(super) fn planned(checked: &Checked) -> Value {
    let changes = &checked.plan.changes;
    let of = |wanted| {
        changes
            .iter()
            .filter(|change| change.kind == wanted)
            .count()
    };
    let tally = Tally::of(checked);
    object([
        ("new_groups", json!(checked.plan.new_groups.len())),
        ("creations", json!(of(Kind::Creation))),
        ("updates", json!(of(Kind::Update))),
        ("adobe_only", json!(of(Kind::AdobeOnly))),
        ("memberships_added", json!(tally.sum(|row| row.joins))),
        ("memberships_removed", json!(tally.sum(|row| row.leaves))),
        ("memberships_ended", json!(tally.sum(|row| row.ended))),
    ])
}

pub(super) fn findings(checked: &Checked) -> Value {
    let finding = |finding: &Finding| {
        json!({
            "name": finding.name.as_str(),
            "message": finding.message,
            "next_step": finding.next_step,
            "held": finding.held,
        })
    };
    checked.findings.iter().map(finding).collect()
}

pub(super) fn held(input: &SummaryInput<'_>) -> Value {
    let nothing = Checked::default();
    let checked = input.checked.unwrap_or(&nothing);
    let run_id = input.run.run_id;
    let accounts = HeldAccounts::of(checked);
    let key = (!checked.held.is_empty()).then(|| format!("runs/{run_id}/held.json"));
    let approve = input.held_hash;
    let approve = approve.map(|hash| json!({"run_id": run_id, "hash": hash}));
    json!({
        "count": checked.held.len(),
        "memberships": Tally::of(checked).sum(|row| row.held),
        "departures": accounts.departures,
        "creations": accounts.creations,
        "key": key,
        "hash": input.held_hash,
        "approve": approve,
    })
}

pub(super) fn approvals(checked: &Checked) -> Value {
    checked.approvals.iter().map(approval).collect()
}

fn approval(approval: &ApprovalUse) -> Value {
    let ApprovalUse {
        name,
        run_id,
        hash,
        refused,
        let_through,
        dropped,
    } = approval;
    json!({
        "name": name,
        "run_id": run_id,
        "hash": hash,
        "refused": refused,
        "let_through": let_through.len(),
        "dropped": dropped.iter().map(item).collect::<Value>(),
    })
}

fn item(item: &Item) -> Value {
    let (what, group) = match &item.what {
        What::Group(group) => ("group", Some(group.as_str())),
        What::AllGroups => ("all-groups", None),
        What::Organization => ("organization", None),
        What::Account => ("account", None),
        What::Creation => ("creation", None),
    };
    let account = &item.account;
    let domain = Some(&account.domain).filter(|domain| !domain.is_empty());
    json!({
        "identity_type": account.identity_type,
        "user": account.user,
        "domain": domain,
        "what": what,
        "group": group,
    })
}
