//! People who are in the roster and cannot be used. They are not gone, so the guards have to know what could be theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Unusable;
use super::super::calendar::Path;
use super::super::scoped::is_scoped;
use super::account::{address, told_names};
use super::{People, Rules, roles};
use crate::config::MappingEntry;
use crate::model::id::{Email, RosterId};
use crate::model::roster::{
    Collection, Member, Person, Role, Roster, SkippedRecord, UnknownMember,
};
use crate::reconcile::problem::{Problem, ProblemName};

impl Rules<'_> {
    /// A person who is known and has no address that can be used, or no known identity type.
    pub(super) fn unfit(&self, person: &Person) -> Unusable {
        let name = match told_names(person, self.config) {
            [None, None] => None,
            [first, last] => Some((first.unwrap_or_default(), last.unwrap_or_default())),
        };
        let in_all = person.roles.iter().any(|role| self.in_all(*role));
        let in_all = in_all || self.is_lapsed(&person.id);
        Unusable {
            email: address(person, self.config),
            ..self.unusable(name, self.listed_groups_of(&person.id), in_all)
        }
    }

    /// People whose address or login name is nobody's. Who shares an address has an account of another one, if any, and the
    /// account of the address is not to be touched either.
    pub(super) fn crowded<'p>(&self, people: impl Iterator<Item = &'p Person>) -> Vec<Unusable> {
        let mut unusable: Vec<Unusable> = people.map(|person| self.unfit(person)).collect();
        let mut shared = BTreeMap::<Email, usize>::new();
        for email in unusable.iter().filter_map(|person| person.email.clone()) {
            *shared.entry(email).or_default() += 1;
        }
        shared.retain(|_, people| *people > 1);
        for person in &mut unusable {
            person.email.take_if(|email| shared.contains_key(email));
        }
        let of_address = |email| Unusable {
            email: Some(email),
            ..self.unusable(None, BTreeSet::new(), false)
        };
        unusable.extend(shared.into_keys().map(of_address));
        unusable
    }

    /// The directory groups of any day: who is not in one today is not gone.
    fn listed_groups_of(&self, person: &RosterId) -> BTreeSet<String> {
        let groups = self.matched.of(person);
        groups
            .filter(|(_, membership)| membership.is_dated())
            .map(|(group, _)| group.to_owned())
            .collect()
    }

    /// Whether something selects the person on other days: nothing in Adobe need show it any more.
    fn is_lapsed(&self, person: &RosterId) -> bool {
        let today = self.calendar.today;
        let mut groups = self.matched.of(person);
        groups
            .any(|(group, one)| one.is_dated() && !one.is_on(today) && self.mapping.selects(group))
    }

    /// People of whom there is no record: it was skipped, or no page held it.
    pub(super) fn add_unreadable(&self, roster: &Roster, people: &mut People) {
        for record in &roster.skipped {
            people.problems.push(record_skipped(record));
            people.unusable.extend(self.behind(record, roster));
        }
        let mut unknown = BTreeMap::<&RosterId, BTreeSet<Role>>::new();
        let counts = |member: &&UnknownMember| self.is_member(member, roster);
        for member in roster.unknown_members.iter().filter(counts) {
            people.problems.push(member_unknown(member));
            let as_what = unknown.entry(&member.person).or_default();
            as_what.insert(member.role);
        }
        for (person, as_what) in unknown {
            let in_all = as_what.into_iter().any(|role| self.in_all(role));
            people
                .unusable
                .extend(self.nameless(self.groups_of(person), in_all));
        }
    }

    /// Whether one of the enrollments that name the person so counts on the day.
    fn is_member(&self, member: &UnknownMember, roster: &Roster) -> bool {
        let named = |other: &&Member| other.person == member.person && other.role == member.role;
        let is_on = |class, other| {
            let path = Path {
                person: &member.person,
                role: member.role,
                through: Some((class, other)),
                school: None,
            };
            let membership = self.calendar.membership(path, true);
            membership.is_on(self.calendar.today)
        };
        let class = roster.classes.get(&member.class);
        class.is_some_and(|class| {
            let mut members = class.members.iter().filter(named);
            members.any(|other| is_on(class, other))
        })
    }

    /// Whoever a skipped record stands for: people of any directory group that the record could have fed.
    fn behind(&self, record: &SkippedRecord, roster: &Roster) -> Option<Unusable> {
        let (mut collections, people) = reach(record);
        if is_scoped(self.config) && record.id.is_none() {
            // Nothing tells which source it came from.
            collections = &[Collection::Classes];
        }
        let could_feed = |entry: &&&MappingEntry| {
            let mut meant = roles(entry.user_filter).iter();
            collections.contains(&entry.collection) && meant.any(|role| people.contains(role))
        };
        let mut groups: BTreeSet<String> = self
            .matched
            .found
            .iter()
            .filter(could_feed)
            .map(|entry| entry.directory_group.clone())
            .collect();
        if let Some(id) = &record.id
            && !roster.people.contains_key(id)
        {
            groups.extend(self.listed_groups_of(id));
        }
        let is_person = matches!(record.collection, "students" | "teachers" | "users");
        let in_all = is_person && people.iter().any(|role| self.in_all(*role))
            || record.id.as_ref().is_some_and(|id| self.is_lapsed(id));
        self.nameless(groups, in_all)
    }

    /// Nothing to say about somebody who would not have mattered.
    fn nameless(&self, groups: BTreeSet<String>, in_all: bool) -> Option<Unusable> {
        (in_all || !groups.is_empty()).then(|| self.unusable(None, groups, in_all))
    }

    fn unusable(
        &self,
        name: Option<(String, String)>,
        directory_groups: BTreeSet<String>,
        in_all: bool,
    ) -> Unusable {
        let selecting = || {
            let groups = directory_groups.iter();
            groups.filter(|group| self.mapping.selects(group))
        };
        Unusable {
            name,
            email: None,
            adobe_groups: directory_groups
                .iter()
                .flat_map(|group| self.mapping.feeds(group))
                .collect(),
            selects: selecting().next().is_some(),
            selects_unseen: selecting().any(|group| self.mapping.feeds(group).next().is_none()),
            directory_groups,
            in_all,
        }
    }
}

/// The collections whose directory groups a skipped record could have fed, and with people of which roles. Classes
/// name their members, so a person is missed there by id; which schools somebody goes to is in the record alone.
fn reach(record: &SkippedRecord) -> (&'static [Collection], &'static [Role]) {
    const BOTH: &[Role] = &[Role::Student, Role::Teacher];
    match record.collection {
        "courses" => (&[Collection::Courses], BOTH),
        "sections" | "classes" | "enrollments" => {
            (&[Collection::Courses, Collection::Classes], BOTH)
        }
        "students" => (&[Collection::Schools], &[Role::Student]),
        "teachers" => (&[Collection::Schools], &[Role::Teacher]),
        "users" | "schools" | "orgs" => (&[Collection::Schools], BOTH),
        _ => (&[], &[]),
    }
}

/// Without an id it may be a record, or something that is missing among all of them.
fn record_skipped(record: &SkippedRecord) -> Problem {
    let SkippedRecord {
        collection,
        id,
        reason,
    } = record;
    let message = if id.is_some() {
        format!(
            "A record of {collection} could not be read and was left out: {reason}. Correct it in the roster."
        )
    } else {
        format!(
            "Something of {collection} could not be used: {reason}. Correct it in the roster, or share it with this application."
        )
    };
    Problem {
        name: ProblemName::RecordSkipped,
        email: None,
        roster_id: id.clone(),
        message,
        refused: None,
    }
}

fn member_unknown(member: &UnknownMember) -> Problem {
    Problem {
        name: ProblemName::MemberUnknown,
        email: None,
        roster_id: Some(member.person.clone()),
        message: format!(
            "The class {} names this {}, and the roster has no such person. Share the person with this application, \
             or take them out of the class.",
            member.class.as_str(),
            member.role.as_str()
        ),
        refused: None,
    }
}
