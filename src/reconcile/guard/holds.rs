//! What the guards hold, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::fate::Tally;
use super::same_name::Names;
use super::{Finding, FindingName, findings};
use crate::config::options::Options;
use crate::model::id::{Email, GroupName};
use crate::reconcile::desired::{Desired, Unmatched, Unusable};
use crate::reconcile::plan::{Change, Kind, Plan};

/// The positions of findings.
pub(super) type Reasons = BTreeSet<usize>;

/// What the guards hold, each hold with the findings that are behind it.
#[derive(Debug, Default)]
pub(super) struct Holds {
    /// In the order of [`FindingName::ALL`].
    pub(super) findings: Vec<Finding>,
    /// Every removal, expected ends among them: the roster was not read, or not read whole.
    unread: Reasons,
    /// Every other removal.
    everything: Reasons,
    /// New accounts.
    creations: Reasons,
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
    /// Asks the guards that look at what was read.
    pub(super) fn new(
        desired: &Desired,
        plan: &Plan,
        over_limit: Option<Finding>,
        options: &Options,
    ) -> Self {
        let mut holds = Self::default();
        for unmatched in &desired.unmatched {
            holds.not_found(unmatched, options);
        }
        if let Some(state) = &desired.district_not_running {
            let reason = holds.find(findings::district_not_running(state));
            holds.unread.insert(reason);
        }
        if let Some(people) = desired.limited_to {
            let reason = holds.find(findings::limited_read(people));
            holds.unread.insert(reason);
        }
        if let Some(finding) = over_limit {
            holds.hold_adobe_only(finding);
        }
        let people: Vec<&Unusable> = desired.unusable.iter().chain(&plan.unplaced).collect();
        if !people.is_empty() {
            holds.unusable(&people, &plan.found_unusable, options);
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
        self.behind_groups(&unmatched.adobe_groups, reason);
        self.not_found
            .extend(unmatched.adobe_groups.iter().cloned());
    }

    /// Whoever has an account under their address has no other one; whose account nobody can tell could have any that
    /// fits.
    fn unusable(&mut self, people: &[&Unusable], found: &BTreeSet<Email>, options: &Options) {
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
            self.behind_groups(&person.adobe_groups, reason);
            if person.in_all {
                self.departures.insert(reason);
            }
            if person.selects_unseen || (person.selects && !options.process_groups) {
                self.adobe_only.insert(reason);
            }
        }
    }

    /// Holds every removal that no date explains.
    pub(super) fn hold_everything(&mut self, finding: Finding) -> usize {
        let reason = self.find(finding);
        self.everything.insert(reason);
        reason
    }

    /// Holds every removal that no date explains, and every new account.
    pub(super) fn hold_creations_too(&mut self, finding: Finding) -> usize {
        let reason = self.hold_everything(finding);
        self.creations.insert(reason);
        reason
    }

    /// Holds removals from these groups.
    pub(super) fn hold_groups(&mut self, groups: &BTreeSet<GroupName>, finding: Finding) -> usize {
        let reason = self.find(finding);
        self.behind_groups(groups, reason);
        reason
    }

    /// Holds whatever would happen to Adobe-only people.
    fn hold_adobe_only(&mut self, finding: Finding) {
        let reason = self.find(finding);
        self.adobe_only.insert(reason);
    }

    /// The same for a finding that is there.
    pub(super) fn adobe_only_too(&mut self, reason: usize) {
        self.adobe_only.insert(reason);
    }

    fn behind_groups(&mut self, groups: &BTreeSet<GroupName>, reason: usize) {
        for group in groups {
            self.groups.entry(group.clone()).or_default().insert(reason);
        }
    }

    /// Whether nothing at all happens to Adobe-only people, approvals aside.
    pub(super) fn stop_adobe_only(&self) -> bool {
        !self.unread.is_empty() || !self.everything.is_empty() || !self.adobe_only.is_empty()
    }

    /// Whether the roster was not read, or not read whole.
    pub(super) fn is_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Groups from which removals are held: all that are managed, where every removal is.
    pub(super) fn held_groups(&self, desired: &Desired) -> BTreeSet<GroupName> {
        if self.unread.is_empty() && self.everything.is_empty() {
            self.groups.keys().cloned().collect()
        } else {
            desired.managed.clone()
        }
    }

    /// Why an expected end is held.
    pub(super) fn behind_ends(&self) -> &Reasons {
        &self.unread
    }

    /// Why nobody gets an account.
    pub(super) fn behind_creations(&self) -> &Reasons {
        &self.creations
    }

    /// Why nobody leaves this group; `whole` is what holds for the whole change.
    pub(super) fn behind_group(&self, group: &GroupName, whole: &Reasons) -> Reasons {
        let single = self.groups.get(group).into_iter().flatten();
        single.chain(whole).copied().collect()
    }

    /// Why this account keeps all groups and its place in the organization.
    pub(super) fn behind_departure(&self, change: &Change, whole: &Reasons) -> Reasons {
        let groups = change.groups_before.iter();
        let single = groups.filter_map(|group| self.groups.get(group)).flatten();
        let both = whole.iter().chain(&self.departures);
        single.chain(both).copied().collect()
    }

    /// Why every removal of this change is held.
    pub(super) fn behind_all(&self, change: &Change) -> Reasons {
        let mut reasons: Reasons = self.unread.union(&self.everything).copied().collect();
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

    /// The findings, each with what it holds.
    pub(super) fn found(&self, tally: &[Tally]) -> Vec<Finding> {
        let findings = self.findings.iter().cloned().zip(tally);
        findings
            .map(|(finding, tally)| Finding {
                held: tally.held,
                ..finding
            })
            .collect()
    }

    /// The guards behind some reasons.
    pub(super) fn names_of(&self, reasons: &Reasons) -> BTreeSet<FindingName> {
        reasons
            .iter()
            .filter_map(|reason| self.findings.get(*reason))
            .map(|finding| finding.name)
            .collect()
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
