//! Whether the roster has far fewer people than the last good pass counted, or than Adobe has.
//!
//! People are counted without regard to dates, so that a term that ends is no shrinkage. What a pass has never believed is
//! compared with Adobe, each time anew.

use std::collections::BTreeSet;

use super::findings;
use super::holds::Holds;
use crate::config::options::Options;
use crate::config::{Config, MoreThan};
use crate::model::id::GroupName;
use crate::reconcile::desired::{Desired, selects};
use crate::reconcile::history::{Counts, Entry};
use crate::reconcile::plan::Plan;

/// A count that is far smaller than it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shrunk<K> {
    /// What was counted.
    pub(super) key: K,
    /// How many there were.
    pub(super) before: usize,
    /// How many there are.
    pub(super) now: usize,
}

/// Everything that shrank, by what it is compared with. In a stated order.
#[derive(Debug, Default)]
pub(super) struct Shrinkage {
    /// Selected people, by what `users` says, and whether the history says how many there were.
    pub(super) people: Vec<(Shrunk<String>, bool)>,
    /// Directory groups, against the last good pass.
    pub(super) directory_groups: Vec<Shrunk<String>>,
    /// What feeds an Adobe group, against its managed members.
    pub(super) adobe_groups: Vec<Shrunk<GroupName>>,
}

impl Shrinkage {
    /// Compares. Nothing is compared that was not counted.
    pub(super) fn new(
        desired: &Desired,
        plan: &Plan,
        config: &Config,
        last: Option<&Entry>,
    ) -> Self {
        let limits = &config.limits;
        let now = &desired.counts;
        let before = last.map(|entry| &entry.counts);
        let people = now.people.iter().filter_map(|(key, &now)| {
            let known = before.and_then(|before| before.people.get(key).copied());
            let before = known.unwrap_or(plan.sizes.managed_people);
            let shrunk = shrunk(key, before, now, limits.people_missing)?;
            Some((shrunk, known.is_some()))
        });
        let directory_groups = now.directory_groups.iter().filter_map(|(key, &now)| {
            let before = *before?.directory_groups.get(key)?;
            shrunk(key, before, now, limits.group_people_missing)
        });
        // Nobody has counted what a new directory group feeds, be the Adobe group an old one.
        let new = config.mapping.iter().filter(|entry| {
            let group = &entry.directory_group;
            before.is_none_or(|before| !before.directory_groups.contains_key(group))
        });
        let newly_fed: BTreeSet<&GroupName> = new.flat_map(|entry| &entry.adobe_groups).collect();
        let is_new = |group: &GroupName| {
            newly_fed.contains(group)
                || before.is_none_or(|before| !before.adobe_groups.contains_key(group))
        };
        let counted = fed(desired, config).into_iter();
        let adobe_groups = counted.filter(|(group, _)| is_new(group));
        let adobe_groups = adobe_groups.filter_map(|(group, now)| {
            let members = *plan.members.get(&group)?;
            shrunk(&group, members, now, limits.group_people_missing)
        });
        Self {
            people: people.collect(),
            directory_groups: directory_groups.collect(),
            adobe_groups: adobe_groups.collect(),
        }
    }
}

fn shrunk<K: Clone>(key: &K, before: usize, now: usize, allowed: MoreThan) -> Option<Shrunk<K>> {
    let is_shrunk = allowed.is_exceeded(before.saturating_sub(now), before);
    is_shrunk.then(|| Shrunk {
        key: key.clone(),
        before,
        now,
    })
}

/// How many people feed each managed group, roles aside. Only of those all of whose directory groups were read and found.
pub(super) fn fed(desired: &Desired, config: &Config) -> Vec<(GroupName, usize)> {
    let Counts {
        people: _,
        directory_groups,
        adobe_groups,
    } = &desired.counts;
    let unknown = config
        .mapping
        .iter()
        .filter(|entry| !directory_groups.contains_key(&entry.directory_group));
    let unknown: BTreeSet<&GroupName> = unknown.flat_map(|entry| &entry.adobe_groups).collect();
    let known = desired.managed.iter();
    let known = known.filter(|group| !group.is_admin_role() && !unknown.contains(group));
    known
        .map(|group| {
            let people = adobe_groups.get(group).copied().unwrap_or_default();
            (group.clone(), people)
        })
        .collect()
}

/// The findings about what shrank, and where each is.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By what `users` says, with how many there were.
    pub(super) people: Vec<(String, usize, usize)>,
    /// The same by directory group.
    pub(super) directory_groups: Vec<(String, usize, usize)>,
    /// The same by Adobe group.
    pub(super) adobe_groups: Vec<(GroupName, usize, usize)>,
}

impl Found {
    /// Holds what shrinkage holds.
    pub(super) fn new(
        shrinkage: &Shrinkage,
        holds: &mut Holds,
        config: &Config,
        options: &Options,
        last: Option<&Entry>,
    ) -> Self {
        let mut found = Self::default();
        let day = last.map(|entry| entry.day);
        for (people, is_known) in &shrinkage.people {
            let day = day.filter(|_| *is_known);
            let finding = findings::roster_shrank(people, day, config.limits.people_missing);
            let reason = holds.hold_everything(finding);
            let one = (people.key.clone(), reason, people.before);
            found.people.push(one);
        }
        let allowed = config.limits.group_people_missing;
        for some in findings::singly_or_together(&shrinkage.directory_groups) {
            let fed = some.iter().flat_map(|one| feeds(&one.key, config));
            let fed: BTreeSet<GroupName> = fed.cloned().collect();
            let finding = findings::directory_groups_shrank(some, day, allowed, &fed);
            let reason = holds.hold_groups(&fed, finding);
            // Membership in Adobe does not tell who was in such a group.
            if some
                .iter()
                .any(|one| selects_unseen(&one.key, config, options))
            {
                holds.adobe_only_too(reason);
            }
            let keys = some.iter().map(|one| (one.key.clone(), reason, one.before));
            found.directory_groups.extend(keys);
        }
        for some in findings::singly_or_together(&shrinkage.adobe_groups) {
            let fed: BTreeSet<GroupName> = some.iter().map(|one| one.key.clone()).collect();
            let finding = findings::adobe_groups_shrank(some, allowed);
            let reason = holds.hold_groups(&fed, finding);
            let keys = some.iter().map(|one| (one.key.clone(), reason, one.before));
            found.adobe_groups.extend(keys);
        }
        found
    }
}

/// The Adobe groups that a directory group feeds.
pub(super) fn feeds<'a>(
    directory_group: &'a str,
    config: &'a Config,
) -> impl Iterator<Item = &'a GroupName> {
    let entries = config.mapping.iter();
    let entries = entries.filter(move |entry| entry.directory_group == directory_group);
    entries.flat_map(|entry| &entry.adobe_groups)
}

/// Whether the directory group decides who is selected, and no Adobe group shows who is in it.
fn selects_unseen(directory_group: &str, config: &Config, options: &Options) -> bool {
    let mut entries = config.mapping.iter();
    let selects = entries
        .any(|entry| entry.directory_group == directory_group && selects(entry, config, options));
    selects && (!options.process_groups || feeds(directory_group, config).next().is_none())
}
