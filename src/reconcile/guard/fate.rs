//! What becomes of each thing that a change does.

use std::collections::{BTreeMap, BTreeSet};

use super::allowed::Allowed;
use super::holds::{Holds, Reasons};
use super::{FindingName, Held};
use crate::model::id::GroupName;
use crate::reconcile::approval::{Account, Item, What};
use crate::reconcile::plan::{Change, Kind, Removal};

/// What becomes of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// Guards hold it; never without a reason.
    Held(Reasons),
    /// An approval lets it through, whatever guards are behind it.
    Approved(Reasons),
    /// A date of the roster explains it.
    Expected,
    /// It goes, and counts.
    Free,
}

/// How many things one finding is behind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// That it holds.
    pub(super) held: usize,
    /// That go on because they are approved.
    pub(super) approved: usize,
}

/// What becomes of each thing that one change does.
#[derive(Debug)]
pub(super) struct Fates {
    /// The new account.
    creation: Option<Fate>,
    /// Leaving single groups.
    groups: BTreeMap<GroupName, Fate>,
    /// Leaving all groups, or the organization.
    departure: Option<Fate>,
}

/// Knows what is held and what is approved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) holds: &'a Holds,
    pub(super) allowed: &'a Allowed<'a>,
}

impl Judge<'_> {
    /// An approval comes first, then the date, then the guards.
    pub(super) fn fates(self, change: &Change) -> Fates {
        let Self { holds, allowed } = self;
        let allowed = allowed.of(change);
        let judged = |what: &What, behind: Reasons, free: Fate| match behind {
            behind if allowed.is_some_and(|allowed| allowed.contains(what)) => {
                Fate::Approved(behind)
            }
            behind if behind.is_empty() => free,
            behind => Fate::Held(behind),
        };
        let whole = holds.behind_all(change);
        let mut fates = Fates {
            creation: is_creation(change).then(|| {
                let behind = holds.behind_creations().clone();
                judged(&What::Creation, behind, Fate::Free)
            }),
            groups: BTreeMap::new(),
            departure: None,
        };
        match &change.remove {
            Removal::Groups(groups) => {
                for group in groups {
                    let (behind, free) = if change.ended.contains_key(group) {
                        (holds.behind_ends().clone(), Fate::Expected)
                    } else {
                        (holds.behind_group(group, &whole), Fate::Free)
                    };
                    let fate = judged(&What::Group(group.clone()), behind, free);
                    fates.groups.insert(group.clone(), fate);
                }
            }
            departure @ (Removal::AllGroups | Removal::FromOrg { .. }) => {
                let behind = holds.behind_departure(change, &whole);
                let mut what = What::of(departure).into_iter();
                fates.departure = what.next().map(|what| judged(&what, behind, Fate::Free));
            }
        }
        fates.held_together()
    }
}

/// Whether guards of creations look at it.
fn is_creation(change: &Change) -> bool {
    change.kind == Kind::Creation && change.create.is_some()
}

impl Fates {
    /// Without the account there is nothing to take anything from.
    fn held_together(mut self) -> Self {
        let Some(Fate::Held(behind)) = &self.creation else {
            return self;
        };
        for fate in self.groups.values_mut().chain(&mut self.departure) {
            match fate {
                Fate::Held(reasons) => reasons.extend(behind),
                Fate::Approved(_) | Fate::Expected | Fate::Free => {
                    *fate = Fate::Held(behind.clone());
                }
            }
        }
        self
    }

    fn all(&self) -> impl Iterator<Item = &Fate> {
        let groups = self.groups.values();
        self.creation.iter().chain(groups).chain(&self.departure)
    }

    /// The managed groups that the account leaves without an approval, each with whether a date explains it.
    pub(super) fn leaving<'a>(
        &'a self,
        change: &'a Change,
        managed: &'a BTreeSet<GroupName>,
    ) -> impl Iterator<Item = (&'a GroupName, bool)> {
        let is_explained = |fate: &Fate| match fate {
            Fate::Free => Some(false),
            Fate::Expected => Some(true),
            Fate::Approved(_) | Fate::Held(_) => None,
        };
        let groups = self.groups.iter();
        let single = groups.filter_map(move |(group, fate)| Some((group, is_explained(fate)?)));
        let departs = self.departure.as_ref().and_then(is_explained);
        let before = change.groups_before.intersection(managed);
        let every = before.filter(|group| !group.is_admin_role());
        single.chain(every.filter_map(move |group| Some((group, departs?))))
    }

    /// What goes on of the change, if anything, and what of it is held, if anything.
    pub(super) fn split(
        self,
        change: Change,
        names_of: impl Fn(&Reasons) -> BTreeSet<FindingName>,
    ) -> (Option<Change>, Option<Held>) {
        let mut reasons = Reasons::new();
        for fate in self.all() {
            if let Fate::Held(behind) = fate {
                reasons.extend(behind);
            }
        }
        if reasons.is_empty() {
            return (Some(change), None);
        }
        let creation = matches!(self.creation, Some(Fate::Held(_)));
        let (removal, rest) = match self.departure {
            Some(Fate::Held(_)) => (change.remove.clone(), Removal::none()),
            Some(_) => (Removal::none(), change.remove.clone()),
            None => {
                let is_held = |fate: &Fate| matches!(fate, Fate::Held(_));
                let (held, rest): (Vec<_>, Vec<_>) =
                    self.groups.into_iter().partition(|(_, fate)| is_held(fate));
                let groups = |part: Vec<(GroupName, Fate)>| {
                    Removal::Groups(part.into_iter().map(|(group, _)| group).collect())
                };
                (groups(held), groups(rest))
            }
        };
        let going = (!creation).then(|| change.clone().taking(rest));
        let held = Held {
            change,
            removal,
            creation,
            findings: names_of(&reasons),
        };
        (going.filter(|change| !change.is_empty()), Some(held))
    }

    /// Counts each thing for each finding behind it.
    pub(super) fn count(&self, tally: &mut [Tally]) {
        for fate in self.all() {
            let (behind, held, approved) = match fate {
                Fate::Held(behind) => (behind, 1, 0),
                Fate::Approved(behind) => (behind, 0, 1),
                Fate::Expected | Fate::Free => continue,
            };
            for reason in behind {
                if let Some(tally) = tally.get_mut(*reason) {
                    tally.held += held;
                    tally.approved += approved;
                }
            }
        }
    }

    /// What goes on because it is approved.
    pub(super) fn approved(&self, change: &Change) -> Vec<Item> {
        let is_approved = |fate: &Fate| matches!(fate, Fate::Approved(_));
        let mut what = Vec::new();
        if self.creation.as_ref().is_some_and(is_approved) {
            what.push(What::Creation);
        }
        if self.departure.as_ref().is_some_and(is_approved) {
            what.extend(What::of(&change.remove));
        }
        let groups = self.groups.iter().filter(|(_, fate)| is_approved(fate));
        what.extend(groups.map(|(group, _)| What::Group(group.clone())));
        if what.is_empty() {
            return Vec::new();
        }
        let account = Account::of(&change.address);
        let item = |what| Item {
            account: account.clone(),
            what,
        };
        what.into_iter().map(item).collect()
    }
}

impl Change {
    /// With no more taken away than this.
    fn taking(mut self, remove: Removal) -> Self {
        let is_taken = |group: &GroupName| matches!(&remove, Removal::Groups(groups) if groups.contains(group));
        self.ended.retain(|group, _| is_taken(group));
        self.remove = remove;
        self
    }
}
