//! Which removals are held, and by what.

use std::collections::{BTreeMap, BTreeSet};

use super::same_name::Names;
use super::{Finding, FindingName, Held, findings};
use crate::config::options::Options;
use crate::model::id::{Email, GroupName};
use crate::reconcile::desired::{Desired, Unmatched, Unusable};
use crate::reconcile::plan::{Change, Kind, Removal};

/// The positions of findings.
type Reasons = BTreeSet<usize>;

/// What the guards hold, each hold with the findings that are behind it.
#[derive(Debug, Default)]
pub(super) struct Holds {
    /// In the order of [`FindingName::ALL`].
    pub(super) findings: Vec<Finding>,
    /// Every removal.
    everything: Reasons,
    /// Whatever would happen to Adobe-only people.
    adobe_only: Reasons,
    /// Taking all groups from Adobe-only people, or taking them out of the organization.
    departures: Reasons,
    /// Removals from single groups. Who holds one stays in the organization.
    groups: BTreeMap<GroupName, Reasons>,
    /// The groups of directory groups that were not found. Adobe-only people who hold one keep everything.
    not_found: BTreeSet<GroupName>,
    /// Removals from accounts with one of these names.
    names: Names,
    /// Removals from accounts with one of these addresses.
    addresses: BTreeMap<Email, Reasons>,
}

impl Holds {
    /// Asks every guard.
    pub(super) fn new(
        desired: &Desired,
        found_unusable: &BTreeSet<Email>,
        over_limit: Option<Finding>,
        options: &Options,
    ) -> Self {
        let mut holds = Self::default();
        for unmatched in &desired.unmatched {
            holds.not_found(unmatched, options);
        }
        if let Some(state) = &desired.district_not_running {
            let reason = holds.find(findings::district_not_running(state));
            holds.everything.insert(reason);
        }
        if let Some(people) = desired.limited_to {
            let reason = holds.find(findings::limited_read(people));
            holds.everything.insert(reason);
        }
        if let Some(finding) = over_limit {
            let reason = holds.find(finding);
            holds.adobe_only.insert(reason);
        }
        if !desired.unusable.is_empty() {
            holds.unusable(&desired.unusable, found_unusable, options);
        }
        holds
    }

    fn find(&mut self, finding: Finding) -> usize {
        self.findings.push(finding);
        self.findings.len() - 1
    }

    /// Without groups to compare, membership in Adobe does not tell who was in the directory group.
    fn not_found(&mut self, unmatched: &Unmatched, options: &Options) {
        let reason = self.find(findings::directory_group_not_found(unmatched));
        if unmatched.selects && (unmatched.adobe_groups.is_empty() || !options.process_groups) {
            self.adobe_only.insert(reason);
        }
        self.hold_groups(&unmatched.adobe_groups, reason);
        self.not_found
            .extend(unmatched.adobe_groups.iter().cloned());
    }

    /// Whoever has an account under their address has no other one; whose account nobody can tell could have any that
    /// fits.
    fn unusable(&mut self, people: &[Unusable], found: &BTreeSet<Email>, options: &Options) {
        let reason = self.find(findings::person_unusable(people.len()));
        for person in people {
            if let Some(email) = &person.email {
                let known = self.addresses.entry(email.clone()).or_default();
                known.insert(reason);
                if found.contains(email) {
                    continue;
                }
            }
            if let Some((first, last)) = &person.name {
                self.names.insert(first, last, reason);
                continue;
            }
            self.hold_groups(&person.adobe_groups, reason);
            if person.in_all {
                self.departures.insert(reason);
            }
            if person.selects_unseen || (person.selects && !options.process_groups) {
                self.adobe_only.insert(reason);
            }
        }
    }

    fn hold_groups(&mut self, groups: &BTreeSet<GroupName>, reason: usize) {
        for group in groups {
            self.groups.entry(group.clone()).or_default().insert(reason);
        }
    }

    /// Whether nothing at all happens to Adobe-only people.
    pub(super) fn stop_adobe_only(&self) -> bool {
        !self.everything.is_empty() || !self.adobe_only.is_empty()
    }

    /// Groups from which removals are held: all that are managed, where every removal is.
    pub(super) fn held_groups(&self, desired: &Desired) -> BTreeSet<GroupName> {
        if self.everything.is_empty() {
            self.groups.keys().cloned().collect()
        } else {
            desired.managed.clone()
        }
    }

    /// What goes on of a change, if anything, and what of it is held, if anything. Counts each removal that is held
    /// for each finding behind it.
    pub(super) fn split(
        &self,
        change: Change,
        counts: &mut [usize],
    ) -> (Option<Change>, Option<Held>) {
        let mut reasons = Reasons::new();
        let mut is_held = |behind: Reasons| {
            for reason in &behind {
                if let Some(count) = counts.get_mut(*reason) {
                    *count += 1;
                }
            }
            let is_held = !behind.is_empty();
            reasons.extend(behind);
            is_held
        };
        let whole = self.whole(&change);
        let (removal, rest) = match &change.remove {
            Removal::Groups(groups) => {
                let (held, rest) = groups
                    .iter()
                    .cloned()
                    .partition(|group| is_held(self.behind_group(group, &whole)));
                (Removal::Groups(held), Removal::Groups(rest))
            }
            departure @ (Removal::AllGroups | Removal::FromOrg { .. }) => {
                if is_held(self.behind_departure(&change, &whole)) {
                    (departure.clone(), Removal::none())
                } else {
                    (Removal::none(), departure.clone())
                }
            }
        };
        if removal.is_none() {
            return (Some(change), None);
        }
        let going = Change {
            remove: rest,
            ..change.clone()
        };
        let held = Held {
            change,
            removal,
            findings: self.names_of(&reasons),
        };
        (Some(going).filter(|change| !change.is_empty()), Some(held))
    }

    /// Why nobody leaves this group.
    fn behind_group(&self, group: &GroupName, whole: &Reasons) -> Reasons {
        let single = self.groups.get(group).into_iter().flatten();
        single.chain(whole).copied().collect()
    }

    /// Why this account keeps all groups and its place in the organization.
    fn behind_departure(&self, change: &Change, whole: &Reasons) -> Reasons {
        let groups = change.groups_before.iter();
        let single = groups.filter_map(|group| self.groups.get(group)).flatten();
        let both = whole.iter().chain(&self.departures);
        single.chain(both).copied().collect()
    }

    fn names_of(&self, reasons: &Reasons) -> BTreeSet<FindingName> {
        reasons
            .iter()
            .filter_map(|reason| self.findings.get(*reason))
            .map(|finding| finding.name)
            .collect()
    }

    /// Why every removal of this change is held.
    fn whole(&self, change: &Change) -> Reasons {
        let mut reasons = self.everything.clone();
        let (first, last) = names(change);
        reasons.extend(self.names.matching(first, last));
        reasons.extend(self.addresses.get(&change.email).into_iter().flatten());
        if change.kind == Kind::AdobeOnly {
            reasons.extend(&self.adobe_only);
            let lost = change.groups_before.intersection(&self.not_found);
            reasons.extend(lost.filter_map(|group| self.groups.get(group)).flatten());
        }
        reasons
    }
}

/// The names of the account; of one that nobody has looked at, the roster's.
fn names(change: &Change) -> (Option<&str>, Option<&str>) {
    let (first, last) = match &change.create {
        Some(profile) => (&profile.first_name, &profile.last_name),
        None => (&change.names_before.0, &change.names_before.1),
    };
    (first.as_deref(), last.as_deref())
}
