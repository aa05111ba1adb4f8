//! Who was found in the classes and schools that matter.

use std::collections::{BTreeMap, BTreeSet};

use super::list::Listed;
use super::record::Enrollment;
use super::wanted::Wanted;
use crate::model::id::RosterId;
use crate::model::roster::{Member, Person, Role, SkippedRecord};

/// The members of each class, and whether one of their enrollments is active.
type Members = BTreeMap<RosterId, BTreeMap<(RosterId, Role), bool>>;

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
            .map(|((person, role), active)| Member {
                person,
                role,
                active,
            })
            .collect()
    }

    /// Somebody who is enrolled twice is a member as long as one of the enrollments is active.
    pub(super) fn enroll(&mut self, enrollment: Enrollment) {
        let class = self.members.entry(enrollment.class).or_default();
        *class
            .entry((enrollment.person, enrollment.role))
            .or_default() |= enrollment.active;
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
            });
        }
    }

    /// The roles that members have, active or not.
    pub(super) fn roles(&self) -> BTreeSet<Role> {
        let members = self.members.values().flat_map(BTreeMap::keys);
        members.map(|(_, role)| *role).collect()
    }

    /// Takes people whom a class lists. Where none of its enrollments names anybody of the role, active or not, the
    /// enrollments are not those of the class, and whoever is in it may be missing.
    pub(super) fn compare(&mut self, class: &RosterId, role: Role, people: &[Person]) {
        let members = self.members.get(class).into_iter().flat_map(BTreeMap::keys);
        let is_enrolled = members.map(|(_, role)| *role).any(|known| known == role);
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

    /// Active members of whom there is no record, readable or not.
    pub(super) fn strangers(&self) -> BTreeSet<RosterId> {
        let read = self.people.records.iter().map(|person| &person.id);
        let skipped = self.people.skipped.iter();
        let known: BTreeSet<&RosterId> = read
            .chain(skipped.filter_map(|record| record.id.as_ref()))
            .collect();
        let members = self.members.values().flatten();
        members
            .filter(|((person, _), active)| **active && !known.contains(person))
            .map(|((person, _), _)| person.clone())
            .collect()
    }

    /// Forgets everybody whom nobody needs, and that the same record could not be read in several lists.
    pub(super) fn drop_others(&mut self, wanted: &Wanted) {
        let mut told = BTreeSet::new();
        self.people.skipped.retain(|record| {
            record.id.is_none() || told.insert((record.collection, record.id.clone()))
        });
        let members = self.members.values().flat_map(BTreeMap::keys);
        let members: BTreeSet<&RosterId> = members.map(|(person, _)| person).collect();
        self.people
            .records
            .retain(|person| members.contains(&person.id) || wanted.is_needed(person));
    }
}
