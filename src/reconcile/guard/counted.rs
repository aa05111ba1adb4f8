//! What history is told.

use std::collections::BTreeMap;

use super::fate::Tally;
use super::shrink::{Found, fed};
use crate::config::Config;
use crate::config::options::{AdobeOnlyUserAction, AdobeUsers, Options, Strategy};
use crate::reconcile::desired::Desired;
use crate::reconcile::history::{Counts, History, IdentitySettings};

/// What a pass compared and found.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) desired: &'a Desired,
    pub(super) config: &'a Config,
    pub(super) options: &'a Options,
    pub(super) history: &'a History,
    /// How many people grace lets wait.
    pub(super) waiting: usize,
    pub(super) found: &'a Found,
    /// Where the settings are others.
    pub(super) identity: Option<usize>,
    /// What each finding holds.
    pub(super) tally: &'a [Tally],
    /// Whether the roster was not read, or not read whole.
    pub(super) is_unread: bool,
}

impl Told<'_> {
    /// The counts that are believed, and the settings; `None` where counts say nothing: nothing was counted, the roster was
    /// not read whole, or nothing was compared with it.
    pub(super) fn counted(&self) -> Option<(Counts, IdentitySettings)> {
        let Self {
            desired,
            config,
            options,
            history,
            found,
            ..
        } = self;
        let now = &desired.counts;
        let pushes = options.strategy == Strategy::Push;
        if now.people.is_empty() || self.is_unread || pushes || self.is_listed() {
            return None;
        }
        let last = history.last();
        let (mut counts, mut identity) = last
            .map(|entry| (entry.counts.clone(), entry.identity.clone()))
            .unwrap_or_default();
        let mapped = |name: &String| {
            let mut entries = config.mapping.iter();
            entries.any(|entry| entry.directory_group == *name)
        };
        counts.directory_groups.retain(|name, _| mapped(name));
        counts
            .adobe_groups
            .retain(|group, _| desired.managed.contains(group));
        for (key, &people) in &now.people {
            let is_settled = |(name, reason, before): &(String, usize, usize)| {
                name != key || self.is_settled(*reason, self.few_wait(*before))
            };
            let is_believed = found.people.iter().all(is_settled);
            self.tell(&mut counts.people, key, people, is_believed);
        }
        let are_settled = |reason: usize| self.is_settled(reason, true);
        for (name, &people) in &now.directory_groups {
            let mut known = found.directory_groups.iter();
            let is_believed = known.all(|(one, reason)| one != name || are_settled(*reason));
            self.tell(&mut counts.directory_groups, name, people, is_believed);
        }
        for (group, people) in fed(desired, config) {
            let mut known = found.adobe_groups.iter();
            let is_believed = known.all(|(one, reason)| *one != group || are_settled(*reason));
            self.tell(&mut counts.adobe_groups, &group, people, is_believed);
        }
        let is_believed = self.identity.is_none_or(are_settled);
        if is_believed && (identity.is_known() || self.compares_all()) {
            identity = IdentitySettings::of(config);
        }
        Some((counts, identity))
    }

    /// Takes a count for right that is believed, unless it is new and nobody has compared it with all of Adobe.
    fn tell<K: Ord + Clone>(
        &self,
        counts: &mut BTreeMap<K, usize>,
        key: &K,
        people: usize,
        is_believed: bool,
    ) {
        if is_believed && (counts.contains_key(key) || self.compares_all()) {
            counts.insert(key.clone(), people);
        }
    }

    /// Whether nothing is left to decide: the finding holds nothing, because a person approved it, or because a pass that
    /// plans everything had nothing to take, now or after grace.
    fn is_settled(&self, reason: usize, few_wait: bool) -> bool {
        let Tally { held, approved } = self.tally.get(reason).copied().unwrap_or_default();
        held == 0
            && if approved > 0 {
                few_wait
            } else {
                self.waiting == 0 && self.plans_all()
            }
    }

    /// Whether those whom grace lets wait are not the ones who are missing.
    fn few_wait(&self, before: usize) -> bool {
        let limit = self.config.limits.people_missing;
        !limit.is_exceeded(self.waiting, before)
    }

    /// Whether every removal that is due was planned.
    fn plans_all(&self) -> bool {
        self.compares_all()
            && self.options.process_groups
            && self.options.user_filter.is_none()
            && self.options.adobe_only_user_action != AdobeOnlyUserAction::Exclude
    }

    /// Whether everybody who holds a managed group was read.
    fn compares_all(&self) -> bool {
        !matches!(self.options.adobe_users, AdobeUsers::Groups(_))
    }

    fn is_listed(&self) -> bool {
        self.options.adobe_only_user_list.is_some()
    }
}
