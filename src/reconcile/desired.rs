//! What the mapping and the roster say Adobe should look like.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{Problem, ProblemName};
use super::select::{attributes_of, classes_by_course, members, read_entries, roles, selects};
use crate::config::options::{Options, Users};
use crate::config::{Config, MappingEntry};
use crate::model::id::{Country, Email, GroupName, RosterId, UserKey};
use crate::model::roster::{Needs, Person, Roster};

/// Somebody of the roster as an Adobe account should be.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The address, in the roster's spelling.
    pub email: Email,
    /// `None`: the roster does not say, so nothing is said to Adobe.
    pub first_name: Option<String>,
    /// `None`: the roster does not say, so nothing is said to Adobe.
    pub last_name: Option<String>,
    /// The configured default, as no roster knows a country.
    pub country: Option<Country>,
    /// Every directory group (as written in the mapping) that the person is a member of.
    pub directory_groups: BTreeSet<String>,
    /// Adobe groups, each with the directory groups that say so.
    pub groups: BTreeMap<GroupName, BTreeSet<String>>,
    /// Whether `users` selects the person. Who is read and not selected counts as absent, as in UST.
    pub selected: bool,
    /// How many people of the roster share the address.
    pub people: usize,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "User({:?}, {:?})",
            self.groups.keys(),
            self.directory_groups
        )
    }
}

/// A directory group that matches no object of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// As written in the mapping.
    pub directory_group: String,
    /// The Adobe groups that it feeds.
    pub adobe_groups: BTreeSet<GroupName>,
}

/// A person of the roster who could not be used: no e-mail address, an unreadable record, an unknown member. Not gone.
#[derive(Clone, PartialEq, Eq)]
pub struct Unusable {
    /// First and last name, where at least one is known.
    pub name: Option<(String, String)>,
    /// The directory groups that the person is a member of.
    pub directory_groups: BTreeSet<String>,
    /// The Adobe groups that those feed.
    pub adobe_groups: BTreeSet<GroupName>,
}

impl std::fmt::Debug for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unusable({:?})", self.adobe_groups)
    }
}

/// The roster as the rules see it.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// Everybody who was read and can be used.
    pub users: BTreeMap<UserKey, User>,
    /// The groups that the mapping names, in its spelling: the only ones from which anybody is ever removed.
    pub managed: BTreeSet<GroupName>,
    /// Directory groups that match nothing.
    pub unmatched: Vec<Unmatched>,
    /// People who could not be used.
    pub unusable: Vec<Unusable>,
    /// How many schools, courses and classes could not be read: who belongs to them is not known.
    pub unreadable_objects: usize,
    /// `max_user_count`, where it is set: the rest only looks gone.
    pub limited_to: Option<u64>,
    /// The state of the district, where it is not `running`.
    pub district_not_running: Option<String>,
    /// What was left out or is odd.
    pub problems: Vec<Problem>,
    /// Sentences for the summary.
    pub notices: Vec<String>,
}

/// What the roster source has to read.
pub fn needs(config: &Config, options: &Options) -> Needs {
    let mut needs = Needs::default();
    for entry in read_entries(config, options) {
        let names = attributes_of(config, entry).into_iter().map(str::to_owned);
        needs
            .match_attributes
            .entry(entry.collection)
            .or_default()
            .extend(names);
        needs.roles.extend(roles(entry.user_filter));
    }
    if options.users == Users::All {
        needs.roles.extend(roles(config.source.all_users_filter));
    }
    needs
}

/// Matches directory groups, collects their members, and makes users of people.
pub fn desired(roster: &Roster, config: &Config, options: &Options) -> Desired {
    let mut desired = Desired {
        managed: config
            .mapping
            .iter()
            .flat_map(|entry| entry.adobe_groups.iter().cloned())
            .collect(),
        district_not_running: roster
            .district_state
            .clone()
            .filter(|state| state != "running"),
        unreadable_objects: roster
            .skipped
            .iter()
            .filter(|record| record.has_members)
            .count(),
        notices: roster.notices.clone(),
        ..Desired::default()
    };
    let people = people(roster, config, options, &mut desired);
    for (id, entries) in &people {
        match roster.people.get(id) {
            Some(person) => add_person(person, entries, config, options, &mut desired),
            None => desired.unusable.push(Unusable {
                name: None,
                directory_groups: names_of(entries),
                adobe_groups: fed_by(entries),
            }),
        }
    }
    record_problems(roster, &mut desired);
    shared_problems(&mut desired);
    desired
}

/// Everybody who is read, with the directory groups of each, in the order of roster ids.
fn people<'c>(
    roster: &Roster,
    config: &'c Config,
    options: &'c Options,
    desired: &mut Desired,
) -> BTreeMap<RosterId, Vec<&'c MappingEntry>> {
    let by_course = classes_by_course(roster);
    let mut people = BTreeMap::<RosterId, Vec<&MappingEntry>>::new();
    for entry in read_entries(config, options) {
        let Some(members) = members(roster, &by_course, config, entry) else {
            desired.unmatched.push(Unmatched {
                directory_group: entry.directory_group.clone(),
                adobe_groups: entry.adobe_groups.iter().cloned().collect(),
            });
            continue;
        };
        for member in members {
            people.entry(member).or_default().push(entry);
        }
    }
    if options.users == Users::All {
        let all = roles(config.source.all_users_filter);
        let everybody = roster
            .people
            .values()
            .filter(|person| all.iter().any(|role| person.roles.contains(role)));
        for person in everybody {
            people.entry(person.id.clone()).or_default();
        }
    }
    if let Some(most) = config.source.max_user_count {
        let keep = usize::try_from(most).unwrap_or(usize::MAX);
        if people.len() > keep {
            people = people.into_iter().take(keep).collect();
            desired.limited_to = Some(most);
        }
    }
    people
}

fn add_person(
    person: &Person,
    entries: &[&MappingEntry],
    config: &Config,
    options: &Options,
    desired: &mut Desired,
) {
    let email = person.email.as_deref().map(Email::new);
    let Some(email) = email.filter(Email::is_address) else {
        desired.unusable.push(Unusable {
            name: full_name(person),
            directory_groups: names_of(entries),
            adobe_groups: fed_by(entries),
        });
        desired.problems.push(email_unusable(person));
        return;
    };
    let key = UserKey::of_email(config.identity_type, &email);
    let selected =
        options.users == Users::All || entries.iter().any(|entry| selects(&options.users, entry));
    let user = desired.users.entry(key).or_insert_with(|| User {
        email,
        first_name: person.given_name.clone(),
        last_name: person.family_name.clone(),
        country: config.default_country.clone(),
        directory_groups: BTreeSet::new(),
        groups: BTreeMap::new(),
        selected: false,
        people: 0,
    });
    user.people += 1;
    user.selected |= selected;
    user.directory_groups.extend(names_of(entries));
    for entry in entries {
        for group in &entry.adobe_groups {
            user.groups
                .entry(group.clone())
                .or_default()
                .insert(entry.directory_group.clone());
        }
    }
}

fn names_of(entries: &[&MappingEntry]) -> BTreeSet<String> {
    entries
        .iter()
        .map(|entry| entry.directory_group.clone())
        .collect()
}

fn fed_by(entries: &[&MappingEntry]) -> BTreeSet<GroupName> {
    entries
        .iter()
        .flat_map(|entry| entry.adobe_groups.iter().cloned())
        .collect()
}

fn full_name(person: &Person) -> Option<(String, String)> {
    let first = person.given_name.clone().unwrap_or_default();
    let last = person.family_name.clone().unwrap_or_default();
    (!first.is_empty() || !last.is_empty()).then_some((first, last))
}

fn email_unusable(person: &Person) -> Problem {
    let what = match &person.email {
        None => "has no e-mail address",
        Some(_) => "has an e-mail address that Adobe cannot take",
    };
    Problem {
        name: ProblemName::EmailUnusable,
        email: person.email.as_deref().map(Email::new),
        roster_id: Some(person.id.clone()),
        message: format!("This person {what} and is left out; correct the record in the roster."),
        refused: None,
    }
}

fn record_problems(roster: &Roster, desired: &mut Desired) {
    desired
        .problems
        .extend(roster.skipped.iter().map(|record| Problem {
            name: ProblemName::RecordSkipped,
            email: None,
            roster_id: record.id.clone(),
            message: format!(
                "A record of {} was left out: {}.",
                record.collection, record.reason
            ),
            refused: None,
        }));
    desired
        .problems
        .extend(roster.unknown_members.iter().map(|member| Problem {
            name: ProblemName::MemberUnknown,
            email: None,
            roster_id: Some(member.person.clone()),
            message: format!(
                "The class {} names this {}, and the roster holds no such person.",
                member.class.as_str(),
                member.role.as_str()
            ),
            refused: None,
        }));
}

fn shared_problems(desired: &mut Desired) {
    let shared = desired.users.values().filter(|user| user.people > 1).map(|user| Problem {
        name: ProblemName::EmailShared,
        email: Some(user.email.clone()),
        roster_id: None,
        message: format!(
            "{} people of the roster share this address: they are one account with the groups of all.",
            user.people
        ),
        refused: None,
    });
    let shared: Vec<_> = shared.collect();
    desired.problems.extend(shared);
}
