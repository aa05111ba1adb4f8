//! What approvals let through.

use std::collections::{BTreeMap, BTreeSet};

use super::{FindingName, findings};
use crate::reconcile::approval::{Account, Approval, ApprovalUse, Item, What};
use crate::reconcile::plan::{Change, Kind, Plan};

/// The valid approvals of a pass.
///
/// Where the roster was not read, or not read whole, nobody can tell who has come back since the hold. An approval counts
/// then only where its hold was made in the same state; any other one waits for a pass that has read the roster.
#[derive(Debug)]
pub(super) struct Allowed<'a> {
    approvals: &'a [Approval],
    /// The guards of today that only an approval of their own hold passes.
    unread: BTreeSet<FindingName>,
    /// What may go, by account.
    items: BTreeMap<&'a Account, BTreeSet<&'a What>>,
}

impl<'a> Allowed<'a> {
    pub(super) fn new(approvals: &'a [Approval], unread: BTreeSet<FindingName>) -> Self {
        let mut items = BTreeMap::<_, BTreeSet<_>>::new();
        for approval in approvals.iter().filter(|one| counts(one, &unread)) {
            for Item { account, what } in &approval.items {
                items.entry(account).or_default().insert(what);
            }
        }
        Self {
            approvals,
            unread,
            items,
        }
    }

    /// What may go of this account.
    pub(super) fn of(&self, change: &Change) -> Option<&BTreeSet<&'a What>> {
        // Of a large district without approvals there is nothing to look up.
        if self.items.is_empty() {
            return None;
        }
        self.items.get(&Account::of(&change.address))
    }

    /// How many Adobe-only people may lose all that they are to lose.
    pub(super) fn adobe_only(&self, plan: &Plan) -> usize {
        let people = plan.changes.iter().filter(|change| {
            let allowed = self.of(change);
            change.kind == Kind::AdobeOnly
                && !change.remove.is_none()
                && allowed.is_some_and(|allowed| {
                    let lost = What::of(&change.remove);
                    lost.iter().all(|what| allowed.contains(what))
                })
        });
        people.count()
    }

    /// What became of each approval, in their order; `sent` is everything approved that goes on.
    pub(super) fn uses(&self, sent: &BTreeSet<Item>) -> Vec<ApprovalUse> {
        let uses = self.approvals.iter().map(|approval| {
            let Approval {
                name,
                run_id,
                hash,
                items,
                alike,
                findings: _,
            } = approval;
            let goes = items.iter().any(|item| sent.contains(item));
            let refused = if !counts(approval, &self.unread) {
                Some(findings::approval_waits(&self.unread))
            } else if !goes && !alike {
                Some(findings::APPROVAL_OF_OTHER_OPTIONS.to_owned())
            } else {
                None
            };
            let (let_through, dropped) = if refused.is_some() {
                (Vec::new(), Vec::new())
            } else {
                let items = items.iter().cloned();
                items.partition(|item| sent.contains(item))
            };
            ApprovalUse {
                name: name.clone(),
                run_id: Some(run_id.clone()),
                hash: Some(hash.clone()),
                refused,
                let_through,
                dropped,
            }
        });
        uses.collect()
    }
}

fn counts(approval: &Approval, unread: &BTreeSet<FindingName>) -> bool {
    unread.is_subset(&approval.findings)
}
