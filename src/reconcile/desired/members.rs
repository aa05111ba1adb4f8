//! Who is in an object of the roster.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::UserFilter;
use crate::model::id::RosterId;
use crate::model::roster::{Class, Collection, Role, Roster};

/// The roles that a user filter means.
pub(super) fn roles(filter: UserFilter) -> &'static [Role] {
    match filter {
        UserFilter::Students => &[Role::Student],
        UserFilter::Teachers => &[Role::Teacher],
        UserFilter::Users => &[Role::Student, Role::Teacher],
    }
}

/// The roster turned round, from objects to the people in them.
#[derive(Debug)]
pub(super) struct Members<'r> {
    roster: &'r Roster,
    status: bool,
    classes_of_course: BTreeMap<&'r RosterId, Vec<&'r Class>>,
    people_of_school: BTreeMap<&'r RosterId, Vec<(&'r RosterId, Role)>>,
}

impl<'r> Members<'r> {
    /// One walk over classes and people. With `status`, only what is active counts.
    pub(super) fn new(roster: &'r Roster, status: bool) -> Self {
        let mut classes_of_course = BTreeMap::<_, Vec<_>>::new();
        let classes = roster.classes.values();
        for class in classes.filter(|class| class.active || !status) {
            if let Some(course) = &class.course {
                classes_of_course.entry(course).or_default().push(class);
            }
        }
        let mut people_of_school = BTreeMap::<_, Vec<_>>::new();
        for person in roster.people.values() {
            for school in &person.schools {
                let people = people_of_school.entry(school).or_default();
                people.extend(person.roles.iter().map(|role| (&person.id, *role)));
            }
        }
        Self {
            roster,
            status,
            classes_of_course,
            people_of_school,
        }
    }

    /// The people of one object in one of the roles. Of a class also those whom no page of people held.
    pub(super) fn of(
        &self,
        collection: Collection,
        object: &RosterId,
        roles: &[Role],
    ) -> BTreeSet<&'r RosterId> {
        let in_class = |class: &'r Class| {
            class
                .members
                .iter()
                .filter(|member| member.active || !self.status)
                .map(|member| (&member.person, member.role))
        };
        let people: Vec<(&'r RosterId, Role)> = match collection {
            Collection::Schools => self
                .people_of_school
                .get(object)
                .into_iter()
                .flatten()
                .copied()
                .collect(),
            Collection::Courses => self
                .classes_of_course
                .get(object)
                .into_iter()
                .flatten()
                .flat_map(|class| in_class(class))
                .collect(),
            Collection::Classes => self
                .roster
                .classes
                .get(object)
                .into_iter()
                .flat_map(in_class)
                .collect(),
        };
        people
            .into_iter()
            .filter(|(_, role)| roles.contains(role))
            .map(|(id, _)| id)
            .collect()
    }
}
