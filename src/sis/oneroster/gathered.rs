//! Who was found in the classes and schools that matter.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::list::Listed;
use super::record::Enrollment;
use super::wanted::Wanted;
use crate::model::id::RosterId;
use crate::model::period::Period;
use crate::model::roster::{Member, Person, Role, SkippedRecord};

/// The members of each class. Somebody may have several enrollments in it, each for another time; two that say the same
/// are one.
type Members = BTreeMap<RosterId, BTreeSet<Enrolled>>;

/// An enrollment, as far as its class is known.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Enrolled {
    person: RosterId,
    role: Role,
    period: Period,
    active: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    members: Members,
    pub(super) people: Listed<Person>,
    /// Enrollments that could not be used.
    pub(super) skipped: Vec<SkippedRecord>,
    pub(super) notices: Vec<String>,
}

impl Gathered {
    /// The members of a class, in the order of their ids.
    pub(super) fn take_members(&mut self, class: &RosterId) -> Vec<Member> {
        let members = self.members.remove(class).unwrap_or_default();
        members
            .into_iter()
            .map(|enrolled| Member {
                person: enrolled.person,
                role: enrolled.role,
                active: enrolled.active,
                period: enrolled.period,
            })
            .collect()
    }

    pub(super) fn enroll(&mut self, enrollment: Enrollment) {
        let class = self.members.entry(enrollment.class).or_default();
        class.insert(Enrolled {
            person: enrollment.person,
            role: enrollment.role,
            period: enrollment.period,
            active: enrollment.active,
        });
    }

    pub(super) fn enroll_all(&mut self, listed: Listed<Enrollment>) {
        self.skipped.extend(listed.skipped);
        for enrollment in listed.records {
            self.enroll(enrollment);
        }
    }

    /// Everybody whom a class lists in this role, readable or not, becomes a member.
    pub(super) fn enroll_listed(&mut self, class: &RosterId, role: Role, people: &Listed<Person>) {
        let skipped = people
            .skipped
            .iter()
            .filter_map(|record| record.id.as_ref());
        let read = people.records.iter();
        let read = read.filter(|person| person.roles.contains(&role));
        for person in read.map(|person| &person.id).chain(skipped) {
            self.enroll(Enrollment {
                class: class.clone(),
                person: person.clone(),
                role,
                active: true,
                period: Period::ALWAYS,
            });
        }
    }

    /// The roles that members have, active or not.
    pub(super) fn roles(&self) -> BTreeSet<Role> {
        let members = self.members.values().flatten();
        members.map(|enrolled| enrolled.role).collect()
    }

    /// Takes people whom a class lists. Where none of its enrollments names anybody of the role, active or not, the
    /// enrollments are not those of the class, and whoever is in it may be missing.
    pub(super) fn compare(&mut self, class: &RosterId, role: Role, people: &[Person]) {
        let mut members = self.members.get(class).into_iter().flatten();
        let is_enrolled = members.any(|enrolled| enrolled.role == role);
        if !is_enrolled && people.iter().any(|person| person.roles.contains(&role)) {
            self.skipped.push(SkippedRecord {
                collection: "enrollments",
                id: Some(class.clone()),
                reason: format!(
                    "the class with this id lists {role}s, and no enrollment names one",
                    role = role.as_str()
                ),
            });
        }
    }

    /// Active members of whom there is no record, readable or not: those of the day first, then those whose enrollments
    /// are over or still to begin, who may be in the roster all the same.
    pub(super) fn strangers(&self, day: Option<Date>) -> Vec<RosterId> {
        let read = self.people.records.iter().map(|person| &person.id);
        let skipped = self.people.skipped.iter();
        let known: BTreeSet<&RosterId> = read
            .chain(skipped.filter_map(|record| record.id.as_ref()))
            .collect();
        let members = self.members.values().flatten();
        let members =
            members.filter(|enrolled| enrolled.active && !known.contains(&enrolled.person));
        let mut strangers = BTreeMap::<&RosterId, bool>::new();
        for Enrolled { person, period, .. } in members {
            *strangers.entry(person).or_default() |= day.is_none_or(|day| period.includes(day));
        }
        let (now, others): (Vec<_>, Vec<_>) = strangers.into_iter().partition(|(_, now)| *now);
        let all = now.into_iter().chain(others);
        all.map(|(person, _)| person.clone()).collect()
    }

    /// Forgets everybody whom nobody needs, and that the same record could not be read in several lists.
    pub(super) fn drop_others(&mut self, wanted: &Wanted) {
        let mut told = BTreeSet::new();
        self.people.skipped.retain(|record| {
            record.id.is_none() || told.insert((record.collection, record.id.clone()))
        });
        let members = self.members.values().flatten();
        let members: BTreeSet<&RosterId> = members.map(|enrolled| &enrolled.person).collect();
        self.people
            .records
            .retain(|person| members.contains(&person.id) || wanted.is_needed(person));
    }
}
