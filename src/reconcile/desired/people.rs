//! People of the roster into users of Adobe.

mod account;
mod counting;
mod forecast;
mod left_out;
mod sharing;
mod unusable;

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::Calendar;
use super::mapping::Mapping;
use super::matching::Matched;
use super::members::roles;
use super::{Unusable, User};
use crate::config::Config;
use crate::config::options::{Options, Strategy, Users};
use crate::model::id::{Email, GroupName, RosterId, UserKey};
use crate::model::roster::{Person, Role, Roster};
use crate::reconcile::forecast::Forecast;
use crate::reconcile::history::Counts;
use crate::reconcile::problem::{Problem, ProblemName};
use account::{Account, account};
use forecast::Forecasts;
use left_out::LeftOut;
use sharing::Sharing;

/// Everybody who matters, usable or not.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) users: BTreeMap<UserKey, User>,
    pub(super) still_listed: BTreeSet<UserKey>,
    pub(super) unusable: Vec<Unusable>,
    pub(super) limited_to: Option<u64>,
    pub(super) counts: Counts,
    pub(super) forecast: Vec<Forecast>,
    pub(super) problems: Vec<Problem>,
    pub(super) notices: Vec<String>,
}

/// What is needed to judge one person.
struct Rules<'a> {
    config: &'a Config,
    options: &'a Options,
    mapping: &'a Mapping<'a>,
    matched: &'a Matched<'a>,
    calendar: &'a Calendar<'a>,
}

/// How one person matters.
#[derive(Debug, Clone, Copy)]
struct Matters {
    /// On the day of the pass: in a directory group, or one of all.
    today: bool,
    /// Whether `users` selects the person, dates aside.
    listed: bool,
    /// Whether it does, or did until a date ended what is not active any more.
    dated: bool,
}

/// Makes users of everybody in a directory group and, with `users: all`, of everybody whom `all_users_filter` means;
/// and of those whom only their dates keep out.
pub(super) fn people(
    roster: &Roster,
    config: &Config,
    options: &Options,
    mapping: &Mapping<'_>,
    matched: &Matched<'_>,
    calendar: &Calendar<'_>,
) -> People {
    let rules = Rules {
        config,
        options,
        mapping,
        matched,
        calendar,
    };
    let mut people = People::default();
    let mut accounts = Accounts::default();
    let mut counted = Vec::new();
    for (person, matters) in rules.considered(roster, &mut people) {
        match account(person, config) {
            Ok(account) => {
                if account.name_unusable {
                    people.problems.push(name_unusable(person, &account.email));
                }
                counted.push((person, matters));
                rules.add(&mut accounts, person, matters, account);
            }
            Err(_of_no_account) if !matters.today && !matters.dated => {}
            Err(why) => {
                let unusable = rules.unfit(person);
                people.problems.push(unfit(person, why, &unusable));
                people.unusable.push(unusable);
            }
        }
    }
    let mut crowded = BTreeSet::new();
    for crowd in accounts.sharing.crowds() {
        crowded.extend(crowd.people.iter().copied().copied());
        accounts.users.remove(&crowd.key);
        accounts.forecast.forget(&crowd.key);
        let persons = crowd.people.iter().filter_map(|id| roster.people.get(**id));
        people.unusable.extend(rules.crowded(persons));
    }
    counted.retain(|(person, _)| !crowded.contains(&person.id));
    people.counts = rules.counts(&counted);
    people.problems.extend(accounts.sharing.problems());
    people.forecast = accounts.forecast.in_all();
    people.still_listed = accounts.still_listed;
    people.users = accounts.users;
    settle(&mut people.users, &accounts.unexplained);
    people.notices.extend(filtered(&people.users));
    people
        .notices
        .extend(lapsed(&people.users, options.strategy));
    people.notices.extend(still_listed(accounts.not_active));
    rules.add_unreadable(roster, &mut people);
    people
}

/// Only what dates alone have ended has ended, and who is selected has not lapsed. What is unexplained is told by name.
fn settle(
    users: &mut BTreeMap<UserKey, User>,
    unexplained_of: &BTreeMap<UserKey, BTreeSet<GroupName>>,
) {
    for (key, user) in users {
        let User {
            ended,
            groups,
            further_names,
            ..
        } = user;
        let names = further_names.iter().chain([key]);
        let unexplained: Vec<_> = names.filter_map(|name| unexplained_of.get(name)).collect();
        let is_explained = |group: &GroupName| !unexplained.iter().any(|set| set.contains(group));
        ended.retain(|group, _| is_explained(group) && !groups.contains_key(group));
        user.lapsed &= !user.selected;
    }
}

/// The accounts of everybody so far.
#[derive(Debug, Default)]
struct Accounts<'r> {
    users: BTreeMap<UserKey, User>,
    sharing: Sharing<'r>,
    forecast: Forecasts,
    /// Adobe groups that somebody of this name is not to have, and not for a date alone.
    unexplained: BTreeMap<UserKey, BTreeSet<GroupName>>,
    still_listed: BTreeSet<UserKey>,
    /// People whose directory groups are not active any more.
    not_active: usize,
}

impl<'r> Rules<'r> {
    /// Everybody with a record who matters and comes along, by roster id, first those of today; with `max_user_count` the
    /// first of them. Whom `dates` or `include_only` leave out is told of those of today alone.
    fn considered(&self, roster: &'r Roster, people: &mut People) -> Vec<(&'r Person, Matters)> {
        let mut left_out = LeftOut::default();
        let (mut considered, mut others) = (Vec::new(), Vec::new());
        for person in roster.people.values() {
            let Some(matters) = self.matters(person) else {
                continue;
            };
            if matters.today {
                if left_out.keeps(person, self.config) {
                    considered.push((person, matters));
                }
            } else if LeftOut::default().keeps(person, self.config) {
                others.push((person, matters));
            }
        }
        people.notices.extend(left_out.notices());
        people.problems.extend(left_out.problems);
        let limit = self.config.source.max_user_count.filter(|n| *n > 0);
        let most = limit.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        people.limited_to = limit.filter(|_| considered.len() > most);
        considered.truncate(most);
        considered.extend(others);
        considered
    }

    /// `None`: the person does not matter on any day.
    fn matters(&self, person: &Person) -> Option<Matters> {
        let today = self.calendar.today;
        let memberships: Vec<_> = self.matched.of(&person.id).collect();
        let (mut all, mut all_today) = (false, false);
        for role in person.roles.iter().filter(|role| self.in_all(**role)) {
            all = true;
            let days = self.calendar.of_role(person, *role, None);
            all_today |= days.contains(today);
        }
        if !all && memberships.is_empty() {
            return None;
        }
        let selecting = || {
            memberships
                .iter()
                .filter(|(group, _)| self.mapping.selects(group))
        };
        Some(Matters {
            today: all_today || memberships.iter().any(|(_, one)| one.is_on(today)),
            listed: all || selecting().any(|(_, one)| one.listed),
            dated: all || selecting().any(|(_, one)| one.is_dated()),
        })
    }

    /// Whether `users: all` means everybody of this role.
    fn in_all(&self, role: Role) -> bool {
        self.options.users == Users::All
            && roles(self.config.source.all_users_filter).contains(&role)
    }

    /// The directory groups of today.
    fn groups_of(&self, person: &RosterId) -> BTreeSet<String> {
        let groups = self.matched.of(person);
        groups
            .filter(|(_, membership)| membership.is_on(self.calendar.today))
            .map(|(group, _)| group.to_owned())
            .collect()
    }

    /// `users: all` selects everybody who is read.
    fn selects_all(&self, matters: Matters) -> bool {
        matters.today && self.options.users == Users::All
    }

    /// Whether `user_filter` lets the pass touch the account. A pattern that cannot tell does not.
    fn is_touched(&self, key: &UserKey) -> bool {
        let filter = self.options.user_filter.as_ref();
        filter.is_none_or(|pattern| pattern.matches(&key.username) == Some(true))
    }

    /// A second person of the same account adds nothing but groups: the names of the first one stay.
    fn add<'p>(
        &self,
        accounts: &mut Accounts<'p>,
        person: &'p Person,
        matters: Matters,
        account: Account,
    ) {
        let names = account.names();
        let not_active = self
            .matched
            .of(&person.id)
            .any(|(group, one)| !one.is_dated() && self.mapping.selects(group));
        let directory_groups = self.groups_of(&person.id);
        let mut selecting = directory_groups.iter();
        let selected =
            self.selects_all(matters) || selecting.any(|group| self.mapping.selects(group));
        if !selected && !matters.dated && not_active {
            accounts.not_active += 1;
            accounts.still_listed.extend(names.iter().cloned());
        }
        let unexplained: BTreeSet<GroupName> = self.unexplained(person).collect();
        for name in names.iter().filter(|_| !unexplained.is_empty()) {
            let known = accounts.unexplained.entry(name.clone()).or_default();
            known.extend(unexplained.iter().cloned());
        }
        if !matters.today && !matters.dated {
            return;
        }
        let key = accounts.sharing.key_of(person, &account);
        let touched = self.is_touched(&key);
        let user = accounts
            .users
            .entry(key.clone())
            .or_insert_with(|| account.user(touched));
        user.further_names.extend(names);
        user.directory_groups.extend(directory_groups);
        user.selected |= selected;
        user.lapsed |= matters.dated;
        self.add_ended(user, person);
        if user.selected || user.lapsed {
            self.add_forecast(&mut accounts.forecast, key, user, person);
        }
        if user.selected {
            for group in &user.directory_groups {
                for adobe_group in self.mapping.feeds(group) {
                    let reasons = user.groups.entry(adobe_group).or_default();
                    reasons.insert(group.clone());
                }
            }
        }
    }

    /// What a date has ended.
    fn add_ended(&self, user: &mut User, person: &Person) {
        for (group, membership) in self.matched.of(&person.id) {
            let over = membership.ending(group);
            let Some(ending) = over.filter(|_| !membership.is_on(self.calendar.today)) else {
                continue;
            };
            for adobe_group in self.mapping.feeds(group) {
                let latest = user.ended.entry(adobe_group);
                let latest = latest.or_insert_with(|| ending.clone());
                if *latest < ending {
                    latest.clone_from(&ending);
                }
            }
        }
    }

    /// The Adobe groups of memberships that no date has ended, and that are none all the same.
    fn unexplained(&self, person: &Person) -> impl Iterator<Item = GroupName> {
        let memberships = self.matched.of(&person.id);
        let over = memberships.filter(|(_, one)| one.inactive && !one.is_on(self.calendar.today));
        over.flat_map(|(group, _)| self.mapping.feeds(group))
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

/// How many people only their dates keep out.
fn lapsed(users: &BTreeMap<UserKey, User>, strategy: Strategy) -> Option<String> {
    let count = users.values().filter(|user| user.lapsed).count();
    let what = match strategy {
        Strategy::Sync => "They are not Adobe-only: they lose mapped groups, and nothing else.",
        Strategy::Push => {
            "Strategy push sends nothing for them: a pass with strategy sync takes what they still hold."
        }
    };
    (count > 0).then(|| {
        format!(
            "People of the roster who would be selected on other days, as the terms of their classes, their enrollments or their \
             roles do not include this one: {count}. {what}"
        )
    })
}

/// How many people have directory groups that are no longer active.
fn still_listed(count: usize) -> Option<String> {
    (count > 0).then(|| {
        format!(
            "People of the roster whose classes or enrollments of the mapping are no longer active: {count}. They \
             count as Adobe-only, and lose mapped groups at most, whatever adobe_only_user_action says."
        )
    })
}

/// A name that is left out.
fn name_unusable(person: &Person, email: &Email) -> Problem {
    Problem {
        name: ProblemName::NameUnusable,
        email: Some(email.clone()),
        roster_id: Some(person.id.clone()),
        message: "The first or last name of this person is longer than any name, so the roster counts as not saying it. \
                  Correct it in the roster."
            .to_owned(),
        refused: None,
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
