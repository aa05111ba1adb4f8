//! People of the roster into users of Adobe.

mod unusable;

use std::collections::{BTreeMap, BTreeSet};

use super::mapping::Mapping;
use super::matching::Matched;
use super::members::roles;
use super::{Unusable, User};
use crate::config::Config;
use crate::config::options::{Options, Users};
use crate::model::id::{Email, RosterId, UserKey};
use crate::model::roster::{Person, Role, Roster};
use crate::reconcile::problem::{Problem, ProblemName};

/// Everybody who matters, usable or not.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) users: BTreeMap<UserKey, User>,
    pub(super) unusable: Vec<Unusable>,
    pub(super) limited_to: Option<u64>,
    pub(super) problems: Vec<Problem>,
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
    let (considered, limited_to) = rules.considered(roster);
    let mut people = People {
        limited_to,
        ..People::default()
    };
    let mut sharing = BTreeMap::<Email, Vec<&RosterId>>::new();
    for person in considered {
        if let Some(email) = usable_email(person) {
            sharing.entry(email.clone()).or_default().push(&person.id);
            rules.add_user(&mut people.users, person, email);
        } else {
            people.unusable.push(rules.without_email(person));
            people.problems.push(email_unusable(person));
        }
    }
    people.problems.extend(shared(&sharing));
    rules.add_unreadable(roster, &mut people);
    people
}

impl Rules<'_> {
    /// Everybody with a record who matters, by roster id, and `max_user_count` where it leaves somebody out.
    fn considered<'r>(&self, roster: &'r Roster) -> (Vec<&'r Person>, Option<u64>) {
        let mut considered: Vec<&Person> = roster
            .people
            .values()
            .filter(|person| {
                self.matched.groups_of.contains_key(&person.id)
                    || person.roles.iter().any(|role| self.in_all(*role))
            })
            .collect();
        let limit = self.config.source.max_user_count.filter(|n| *n > 0);
        let most = limit.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let cut = considered.len() > most;
        considered.truncate(most);
        (considered, limit.filter(|_| cut))
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

    /// A second person with the same address adds nothing but groups: the names of the first one stay.
    fn add_user(&self, users: &mut BTreeMap<UserKey, User>, person: &Person, email: Email) {
        let directory_groups = self.groups_of(&person.id);
        let key = UserKey::of_email(self.config.identity_type, &email);
        let user = users.entry(key).or_insert_with(|| User {
            email,
            username: None,
            domain: None,
            first_name: known(person.given_name.as_ref()),
            last_name: known(person.family_name.as_ref()),
            country: self.config.default_country.clone(),
            directory_groups: BTreeSet::new(),
            groups: BTreeMap::new(),
            selected: false,
            touched: true,
        });
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

fn usable_email(person: &Person) -> Option<Email> {
    person
        .email
        .as_deref()
        .map(Email::new)
        .filter(Email::is_address)
}

/// A blank name is no name.
fn known(name: Option<&String>) -> Option<String> {
    name.filter(|name| !name.trim().is_empty()).cloned()
}

fn email_unusable(person: &Person) -> Problem {
    let email = person
        .email
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let message = if email.is_some() {
        "Adobe cannot take this e-mail address, so the person was left out. Correct it in the roster."
    } else {
        "The roster has no e-mail address for this person, who was left out. Add one in the roster."
    };
    Problem {
        name: ProblemName::EmailUnusable,
        email: email.map(Email::new),
        roster_id: Some(person.id.clone()),
        message: message.to_owned(),
        refused: None,
    }
}

/// One problem for each address that several people have.
fn shared(sharing: &BTreeMap<Email, Vec<&RosterId>>) -> impl Iterator<Item = Problem> {
    sharing
        .iter()
        .filter(|(_, people)| people.len() > 1)
        .map(|(email, people)| Problem {
            name: ProblemName::EmailShared,
            email: Some(email.clone()),
            roster_id: people.first().map(|id| (*id).clone()),
            message: format!(
                "{} people of the roster have this e-mail address; Adobe knows them as one account, which gets the \
                 groups of all of them and the name of the first. Give each an address of their own in the roster.",
                people.len()
            ),
            refused: None,
        })
}
