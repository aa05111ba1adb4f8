//! People of the roster into users of Adobe.

mod account;
mod left_out;
mod sharing;
mod unusable;

use std::collections::{BTreeMap, BTreeSet};

use super::mapping::Mapping;
use super::matching::Matched;
use super::members::roles;
use super::{Unusable, User};
use crate::config::Config;
use crate::config::options::{Options, Users};
use crate::model::id::{RosterId, UserKey};
use crate::model::roster::{Person, Role, Roster};
use crate::reconcile::problem::{Problem, ProblemName};
use account::{Account, account};
use left_out::LeftOut;
use sharing::Sharing;

/// Everybody who matters, usable or not.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) users: BTreeMap<UserKey, User>,
    pub(super) still_listed: BTreeSet<UserKey>,
    pub(super) unusable: Vec<Unusable>,
    pub(super) limited_to: Option<u64>,
    pub(super) problems: Vec<Problem>,
    pub(super) notices: Vec<String>,
}

/// What is needed to judge one person.
struct Rules<'a> {
    config: &'a Config,
    options: &'a Options,
    mapping: &'a Mapping<'a>,
    matched: &'a Matched<'a>,
}

/// Makes users of everybody in a directory group and, with `users: all`, of everybody whom `all_users_filter` means.
pub(super) fn people(
    roster: &Roster,
    config: &Config,
    options: &Options,
    mapping: &Mapping<'_>,
    matched: &Matched<'_>,
) -> People {
    let rules = Rules {
        config,
        options,
        mapping,
        matched,
    };
    let mut people = People::default();
    let mut sharing = Sharing::default();
    for person in rules.considered(roster, &mut people) {
        match account(person, config) {
            Ok(account) => {
                let key = sharing.key_of(person, &account);
                rules.add_user(&mut people.users, person, key, account);
            }
            Err(why) => {
                let unusable = rules.unfit(person);
                people.problems.push(unfit(person, why, &unusable));
                people.unusable.push(unusable);
            }
        }
    }
    people.problems.extend(sharing.problems());
    people.notices.extend(filtered(&people.users));
    rules.add_still_listed(roster, &mut people);
    rules.add_unreadable(roster, &mut people);
    people
}

impl Rules<'_> {
    /// Everybody with a record who matters and comes along, by roster id; with `max_user_count` the first of them.
    fn considered<'r>(&self, roster: &'r Roster, people: &mut People) -> Vec<&'r Person> {
        let mut left_out = LeftOut::default();
        let mut considered: Vec<&Person> = roster
            .people
            .values()
            .filter(|person| {
                self.matched.groups_of.contains_key(&person.id)
                    || person.roles.iter().any(|role| self.in_all(*role))
            })
            .filter(|person| left_out.keeps(person, self.config))
            .collect();
        people.notices.extend(left_out.notices());
        people.problems.extend(left_out.problems);
        let limit = self.config.source.max_user_count.filter(|n| *n > 0);
        let most = limit.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        people.limited_to = limit.filter(|_| considered.len() > most);
        considered.truncate(most);
        considered
    }

    /// Whoever is in no directory group any more because something is not active, and is active all the same.
    fn add_still_listed(&self, roster: &Roster, people: &mut People) {
        let ended = self.matched.ended.iter();
        let outside = ended.filter(|person| !self.matched.groups_of.contains_key(**person));
        let mut count = 0;
        for person in outside.filter_map(|person| roster.people.get(*person)) {
            let in_all = person.roles.iter().any(|role| self.in_all(*role));
            if in_all || !LeftOut::default().keeps(person, self.config) {
                continue;
            }
            if let Ok(account) = account(person, self.config) {
                count += 1;
                people.still_listed.extend(account.names());
            }
        }
        if count > 0 {
            people.notices.push(format!(
                "People of the roster whose classes or enrollments of the mapping are no longer active: {count}. They \
                 count as Adobe-only, and lose mapped groups at most, whatever adobe_only_user_action says."
            ));
        }
    }

    /// Whether `users: all` means everybody of this role.
    fn in_all(&self, role: Role) -> bool {
        self.options.users == Users::All
            && roles(self.config.source.all_users_filter).contains(&role)
    }

    fn groups_of(&self, person: &RosterId) -> BTreeSet<String> {
        let groups = self.matched.groups_of.get(person).into_iter().flatten();
        groups.map(|group| (*group).to_owned()).collect()
    }

    /// `users: all` selects everybody who is read.
    fn is_selected(&self, groups: &BTreeSet<String>) -> bool {
        self.options.users == Users::All || groups.iter().any(|group| self.mapping.selects(group))
    }

    /// Whether `user_filter` lets the pass touch the account. A pattern that cannot tell does not.
    fn is_touched(&self, key: &UserKey) -> bool {
        let filter = self.options.user_filter.as_ref();
        filter.is_none_or(|pattern| pattern.matches(&key.username) == Some(true))
    }

    /// A second person of the same account adds nothing but groups: the names of the first one stay.
    fn add_user(
        &self,
        users: &mut BTreeMap<UserKey, User>,
        person: &Person,
        key: UserKey,
        account: Account,
    ) {
        let directory_groups = self.groups_of(&person.id);
        let touched = self.is_touched(&key);
        let names = account.names();
        let user = users.entry(key).or_insert_with(|| User {
            email: account.email,
            username: account.username,
            domain: account.domain,
            first_name: account.first_name,
            last_name: account.last_name,
            country: account.country,
            country_unusable: account.country_unusable,
            directory_groups: BTreeSet::new(),
            groups: BTreeMap::new(),
            selected: false,
            further_names: BTreeSet::new(),
            touched,
        });
        user.further_names.extend(names);
        user.directory_groups.extend(directory_groups);
        user.selected |= self.is_selected(&user.directory_groups);
        if !user.selected {
            return;
        }
        for group in &user.directory_groups {
            for adobe_group in self.mapping.feeds(group) {
                let reasons = user.groups.entry(adobe_group).or_default();
                reasons.insert(group.clone());
            }
        }
    }
}

/// How many of the selected people `user_filter` leaves alone.
fn filtered(users: &BTreeMap<UserKey, User>) -> Option<String> {
    let alone = users.values().filter(|user| user.selected && !user.touched);
    match alone.count() {
        0 => None,
        1 => Some("user_filter leaves 1 selected person of the roster alone.".to_owned()),
        count => Some(format!(
            "user_filter leaves {count} selected people of the roster alone."
        )),
    }
}

/// Why somebody with a record cannot be used.
fn unfit(person: &Person, why: ProblemName, unusable: &Unusable) -> Problem {
    let message = match (why, &unusable.email) {
        (ProblemName::IdentityTypeUnknown, _) => {
            "What user_identity_type_format makes of this person is none of adobeID, enterpriseID and federatedID, so \
             the person was left out. Correct it in the roster, or the format in connector-oneroster.yml."
        }
        (_, Some(_)) => {
            "Adobe cannot take this e-mail address, so the person was left out. Correct it in the roster."
        }
        (_, None) => {
            "The roster has no e-mail address for this person, who was left out. Add one in the roster."
        }
    };
    Problem {
        name: why,
        email: unusable.email.clone(),
        roster_id: Some(person.id.clone()),
        message: message.to_owned(),
        refused: None,
    }
}
