//! How many memberships of each Adobe group begin, end and are held.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::words::lost;
use crate::model::id::GroupName;
use crate::reconcile::ending::{Ended, Ending};
use crate::reconcile::guard::Checked;
use crate::reconcile::plan::{Change, Removal};

/// Of one Adobe group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// People who get it.
    pub(super) joins: usize,
    /// People who lose it, those whom a date explains among them.
    pub(super) leaves: usize,
    /// People who lose it because of a date: expected ends.
    pub(super) ended: usize,
    /// People who would lose it, and keep it because of a guard.
    pub(super) held: usize,
}

/// By Adobe group. Who loses everything loses each group of the account.
#[derive(Debug)]
pub(super) struct Tally<'a>(pub(super) BTreeMap<&'a GroupName, Row>);

impl<'a> Tally<'a> {
    pub(super) fn of(checked: &'a Checked) -> Self {
        let mut rows = BTreeMap::<&GroupName, Row>::new();
        for change in &checked.plan.changes {
            for group in change.add.keys() {
                rows.entry(group).or_default().joins += 1;
            }
            for group in lost(change, &change.remove) {
                let row = rows.entry(group).or_default();
                row.leaves += 1;
                row.ended += usize::from(change.ended.contains_key(group));
            }
        }
        for held in &checked.held {
            for group in lost(&held.change, &held.removal) {
                rows.entry(group).or_default().held += 1;
            }
        }
        Self(rows)
    }

    /// Of all Adobe groups.
    pub(super) fn sum(&self, column: fn(&Row) -> usize) -> usize {
        self.0.values().map(column).sum()
    }
}

/// Whole accounts that guards leave as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct HeldAccounts {
    /// They would lose all groups, or leave the organization.
    pub(super) departures: usize,
    /// They would be made.
    pub(super) creations: usize,
}

impl HeldAccounts {
    pub(super) fn of(checked: &Checked) -> Self {
        let whole = |removal: &Removal| !matches!(removal, Removal::Groups(_));
        let held = || checked.held.iter();
        Self {
            departures: held().filter(|held| whole(&held.removal)).count(),
            creations: held().filter(|held| held.creation).count(),
        }
    }
}

/// Accounts that keep something for a while; one may keep its groups for a shorter time than its place.
pub(super) fn waiting(checked: &Checked) -> usize {
    let waiting = checked.plan.waiting.iter();
    waiting.map(|one| &one.email).collect::<BTreeSet<_>>().len()
}

/// The expected ends of a removal.
pub(super) fn ended<'a>(
    change: &'a Change,
    removal: &'a Removal,
) -> impl Iterator<Item = (&'a GroupName, &'a Ending)> {
    let lost = lost(change, removal);
    let ended = change.ended.iter();
    ended.filter(|(group, _)| lost.contains(*group))
}

/// Licences that one date ends, by Adobe group.
pub(super) type Licences<'a> = BTreeMap<&'a GroupName, usize>;

/// What dates end and no guard holds: by the last day, then by what ended on it.
pub(super) fn causes(checked: &Checked) -> BTreeMap<(Date, &Ended), Licences<'_>> {
    let mut causes = BTreeMap::<(Date, &Ended), Licences<'_>>::new();
    for change in &checked.plan.changes {
        for (group, ending) in ended(change, &change.remove) {
            let cause = causes.entry((ending.last_day, &ending.ended));
            *cause.or_default().entry(group).or_default() += 1;
        }
    }
    causes
}
