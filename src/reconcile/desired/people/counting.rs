//! How many people there are, dates aside.

use std::collections::BTreeSet;

use super::{Matters, Rules};
use crate::model::roster::Person;
use crate::reconcile::history::Counts;

impl Rules<'_> {
    /// Of everybody who can be used, and of the directory groups that were found whole. An empty one has none, which is a
    /// count, too.
    pub(super) fn counts(&self, people: &[(&Person, Matters)]) -> Counts {
        let mut counts = Counts::default();
        counts.people.insert(self.options.users.written(), 0);
        for entry in &self.matched.found {
            let name = entry.directory_group.clone();
            counts.directory_groups.insert(name, 0);
        }
        for (person, matters) in people {
            self.count(person, *matters, &mut counts);
        }
        for unmatched in &self.matched.unmatched {
            counts.directory_groups.remove(&unmatched.directory_group);
        }
        counts
    }

    /// Dates aside, whoever counts is one of each directory group.
    fn count(&self, person: &Person, matters: Matters, counts: &mut Counts) {
        let mut fed = BTreeSet::new();
        for (group, membership) in self.matched.of(&person.id) {
            if !membership.listed {
                continue;
            }
            fed.extend(self.mapping.feeds(group));
            let known = counts.directory_groups.entry(group.to_owned());
            *known.or_default() += 1;
        }
        for group in fed {
            *counts.adobe_groups.entry(group).or_default() += 1;
        }
        if matters.listed || self.selects_all(matters) {
            let alike = counts.people.entry(self.options.users.written());
            *alike.or_default() += 1;
        }
    }
}
