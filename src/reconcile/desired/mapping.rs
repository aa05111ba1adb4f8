//! The mapping as the rules use it: which directory groups matter, what each feeds, who is selected by it.

use std::collections::{BTreeMap, BTreeSet};

use super::members::roles;
use crate::config::options::{Options, Users};
use crate::config::{Config, MappingEntry};
use crate::model::id::GroupName;

/// The directory groups that have to be read: all where groups are processed, else those that select people.
pub(super) fn entries_read<'a>(
    config: &'a Config,
    options: &'a Options,
) -> impl Iterator<Item = &'a MappingEntry> {
    config.mapping.iter().filter(|entry| {
        options.process_groups
            || match &options.users {
                Users::All => false,
                Users::Mapped => true,
                Users::Groups(groups) => groups.contains(&entry.directory_group),
            }
    })
}

/// What one directory group means for the people in it.
#[derive(Debug, Default)]
struct Entry<'a> {
    feeds: BTreeSet<&'a GroupName>,
    selects: bool,
}

/// Everything that the mapping says, by directory group.
#[derive(Debug)]
pub(super) struct Mapping<'a> {
    /// Every Adobe group of the mapping, as the mapping first spells it.
    pub(super) managed: BTreeSet<GroupName>,
    entries: BTreeMap<&'a str, Entry<'a>>,
}

impl<'a> Mapping<'a> {
    /// Of all entries, read or not: what is managed does not depend on the options of one pass.
    pub(super) fn new(config: &'a Config, options: &Options) -> Self {
        let mut managed = BTreeSet::new();
        let mut entries = BTreeMap::<&str, Entry<'_>>::new();
        for entry in &config.mapping {
            let known = entries.entry(&entry.directory_group).or_default();
            known.selects |= selects(entry, config, options);
            for group in &entry.adobe_groups {
                known.feeds.insert(group);
                // Not `replace`: the first spelling stays.
                managed.insert(group.clone());
            }
        }
        Self { managed, entries }
    }

    /// The Adobe groups that a directory group feeds, as the mapping first spells them.
    pub(super) fn feeds(&self, directory_group: &str) -> impl Iterator<Item = GroupName> {
        self.entries
            .get(directory_group)
            .into_iter()
            .flat_map(|entry| &entry.feeds)
            .filter_map(|group| self.managed.get(*group).cloned())
    }

    /// Whether membership in the directory group makes somebody selected who would not be otherwise.
    pub(super) fn selects(&self, directory_group: &str) -> bool {
        self.entries
            .get(directory_group)
            .is_some_and(|entry| entry.selects)
    }
}

/// Whether an entry decides who is selected. With `users: all`, a group of teachers selects people whom an
/// `all_users_filter` of students does not mean.
pub(in crate::reconcile) fn selects(
    entry: &MappingEntry,
    config: &Config,
    options: &Options,
) -> bool {
    match &options.users {
        Users::All => {
            let all = roles(config.source.all_users_filter);
            roles(entry.user_filter)
                .iter()
                .any(|role| !all.contains(role))
        }
        Users::Mapped => true,
        Users::Groups(groups) => groups.contains(&entry.directory_group),
    }
}
