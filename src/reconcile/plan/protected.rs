//! Whom and what no action names: `protected` of the root file. A pattern that cannot tell protects.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::{self, Reach};
use crate::config::Protected;
use crate::config::pattern::Pattern;
use crate::model::directory;
use crate::model::id::{GroupName, UserKey, fold};
use crate::reconcile::desired::{self, Desired};

/// Whether a pattern means the account: its login name, its address, or the domain of one of them.
pub(super) fn means_account(protected: &Protected, account: &directory::User) -> bool {
    means(
        protected,
        || reach::of_account(account),
        account.domain.as_deref(),
    )
}

/// Whether a pattern means somebody of the roster, or one of those who share the account.
pub(super) fn means_person(protected: &Protected, key: &UserKey, user: &desired::User) -> bool {
    means(
        protected,
        || reach::of_people(key, user),
        user.domain.as_deref(),
    )
}

/// Whether nobody joins or leaves the group.
pub(super) fn means_group(protected: &Protected, group: &GroupName) -> bool {
    any(&protected.groups, group.folded())
}

fn means(
    protected: &Protected,
    names: impl FnOnce() -> BTreeSet<Reach>,
    domain: Option<&str>,
) -> bool {
    let Protected { users, domains, .. } = protected;
    // Almost every school, and there are many people.
    if users.is_empty() && domains.is_empty() {
        return false;
    }
    domain.is_some_and(|domain| any(domains, &fold(domain)))
        || names()
            .iter()
            .any(|name| any(users, name.user()) || any(domains, name.domain()))
}

fn any(patterns: &[Pattern], text: &str) -> bool {
    let mut patterns = patterns.iter();
    patterns.any(|pattern| pattern.matches(text) != Some(false))
}

/// Names of everybody in the roster whom a pattern means: an account under one of them is theirs, too.
pub(super) fn names(desired: &Desired, protected: &Protected) -> BTreeSet<Reach> {
    let people = desired.users.iter();
    let meant = people.filter(|(key, user)| means_person(protected, key, user));
    meant
        .flat_map(|(key, user)| reach::of_people(key, user))
        .collect()
}

/// Those of the groups that may be joined and left.
pub(super) fn without(protected: &Protected, groups: &BTreeSet<GroupName>) -> BTreeSet<GroupName> {
    let open = groups.iter().filter(|group| !means_group(protected, group));
    open.cloned().collect()
}

/// Those of the person's groups that may be joined, each with its reasons.
pub(super) fn joined(
    protected: &Protected,
    user: &desired::User,
) -> BTreeMap<GroupName, BTreeSet<String>> {
    let mut groups = user.groups.clone();
    groups.retain(|group, _| !means_group(protected, group));
    groups
}

/// Those of the account's groups that nobody leaves.
pub(super) fn held(protected: &Protected, account: &directory::User) -> BTreeSet<GroupName> {
    let groups = account.groups.iter();
    let held = groups.filter(|group| means_group(protected, group));
    held.cloned().collect()
}

/// How many selected people of the roster were left out, and which groups of the mapping are left as they are.
pub(super) fn notices(desired: &Desired, protected: &Protected) -> Vec<String> {
    let people = desired.users.iter();
    let people = people
        .filter(|(key, user)| user.selected && user.touched && means_person(protected, key, user));
    let who = match people.count() {
        0 => None,
        1 => Some("1 selected person of the roster is".to_owned()),
        people => Some(format!("{people} selected people of the roster are")),
    };
    let groups = desired.managed.iter();
    let groups: Vec<&str> = groups
        .filter(|group| means_group(protected, group))
        .map(GroupName::as_str)
        .collect();
    let which = (!groups.is_empty()).then(|| {
        format!(
            "Nobody joins or leaves {}, which the mapping names: protected.groups of user-sync-config.yml means it.",
            groups.join(", ")
        )
    });
    let who = who.map(|who| {
        format!(
            "{who} left alone: protected.users or protected.domains of user-sync-config.yml means them."
        )
    });
    who.into_iter().chain(which).collect()
}

/// How many accounts stay because of `protected.foreign_accounts`.
pub(super) fn foreign(accounts: usize) -> Option<String> {
    let who = match accounts {
        0 => return None,
        1 => "1 account was".to_owned(),
        accounts => format!("{accounts} accounts were"),
    };
    Some(format!(
        "{who} not removed from the organization, because no pass has made or changed it (protected.foreign_accounts of \
         user-sync-config.yml). Remove such accounts in the Admin Console."
    ))
}
