//! What history is told.

use std::collections::{BTreeMap, BTreeSet};

use super::fate::Tally;
use super::shrink::{Found, fed, feeds};
use crate::config::Config;
use crate::config::options::{AdobeOnlyUserAction, AdobeUsers, Options, Strategy};
use crate::model::id::{Email, GroupName};
use crate::reconcile::desired::Desired;
use crate::reconcile::history::{Counts, History, IdentitySettings};
use crate::reconcile::plan::{Removal, Waiting};

/// What a pass compared and found.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) desired: &'a Desired,
    pub(super) config: &'a Config,
    pub(super) options: &'a Options,
    pub(super) history: &'a History,
    /// Whom grace lets wait.
    pub(super) waiting: &'a [Waiting],
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
            waiting,
            ..
        } = self;
        let limits = &config.limits;
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
            let few_wait =
                |before: usize| !limits.people_missing.is_exceeded(waiting.len(), before);
            let is_settled = |(name, reason, before): &(String, usize, usize)| {
                name != key || self.is_settled(*reason, || few_wait(*before))
            };
            let is_believed = found.people.iter().all(is_settled);
            self.tell(&mut counts.people, key, people, is_believed);
        }
        let doubted = self.doubted(&found.directory_groups, |name| {
            feeds(name, config).collect()
        });
        for (name, &people) in &now.directory_groups {
            let is_believed = !doubted.contains(name);
            self.tell(&mut counts.directory_groups, name, people, is_believed);
        }
        let doubted = self.doubted(&found.adobe_groups, |group| [group].into());
        for (group, people) in fed(desired, config) {
            let is_believed = !doubted.contains(&group);
            if !is_believed {
                // So that it is compared with Adobe again.
                counts.adobe_groups.remove(&group);
            }
            self.tell(&mut counts.adobe_groups, &group, people, is_believed);
        }
        let is_settled = |reason: usize| self.is_settled(reason, || true);
        let is_believed = self.identity.is_none_or(is_settled);
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
    fn is_settled(&self, reason: usize, few_wait: impl FnOnce() -> bool) -> bool {
        let Tally { held, approved } = self.tally.get(reason).copied().unwrap_or_default();
        held == 0
            && if approved > 0 {
                few_wait()
            } else {
                self.waiting.is_empty() && self.plans_all()
            }
    }

    /// What shrank and is not settled, be it because those who are missing wait for the end of grace. `fed` are the Adobe
    /// groups behind a key.
    fn doubted<'k, K: Ord>(
        &self,
        found: &'k [(K, usize, usize)],
        fed: impl Fn(&'k K) -> BTreeSet<&'k GroupName>,
    ) -> BTreeSet<&'k K> {
        let limit = self.config.limits.group_people_missing;
        let is_doubted = |key, reason, before| {
            !self.is_settled(reason, || {
                !limit.is_exceeded(self.waiting_in(&fed(key)), before)
            })
        };
        let doubted = found
            .iter()
            .filter(|(key, reason, before)| is_doubted(key, *reason, *before));
        doubted.map(|(key, ..)| key).collect()
    }

    /// How many people wait who may be members of one of these groups.
    fn waiting_in(&self, groups: &BTreeSet<&GroupName>) -> usize {
        let mut may_be = BTreeMap::<&Email, bool>::new();
        for Waiting { email, removal, .. } in self.waiting {
            // Of somebody whose licences go by themselves, these tell.
            let known = may_be.entry(email);
            match removal {
                Removal::Groups(leaving) => {
                    let is_one = groups.iter().any(|group| leaving.contains(*group));
                    *known.or_insert(is_one) = is_one;
                }
                Removal::AllGroups | Removal::FromOrg { .. } => _ = known.or_insert(true),
            }
        }
        may_be.values().filter(|may_be| **may_be).count()
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
