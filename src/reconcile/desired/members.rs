//! Who is in an object of the roster, whatever the day.

use std::collections::BTreeMap;

use super::calendar::Path;
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
    classes_of_course: BTreeMap<&'r RosterId, Vec<&'r Class>>,
    people_of_school: BTreeMap<&'r RosterId, Vec<(&'r RosterId, Role)>>,
}

impl<'r> Members<'r> {
    /// One walk over classes and people.
    pub(super) fn new(roster: &'r Roster) -> Self {
        let mut classes_of_course = BTreeMap::<_, Vec<_>>::new();
        for class in roster.classes.values() {
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
            classes_of_course,
            people_of_school,
        }
    }

    /// The ways of people in one of the roles into one object, active or not. Of a class also those of people whom no
    /// page of people held.
    pub(super) fn of(
        &self,
        collection: Collection,
        object: &'r RosterId,
        roles: &[Role],
    ) -> Vec<Path<'r>> {
        let of_school = |(person, role): &(&'r RosterId, Role)| Path {
            person,
            role: *role,
            through: None,
            school: Some(object),
        };
        let mut paths: Vec<Path<'r>> = match collection {
            Collection::Schools => {
                let people = self.people_of_school.get(object).into_iter().flatten();
                people.map(of_school).collect()
            }
            Collection::Courses => {
                let classes = self.classes_of_course.get(object).into_iter().flatten();
                classes.flat_map(|class| in_class(class)).collect()
            }
            Collection::Classes => {
                let class = self.roster.classes.get(object).into_iter();
                class.flat_map(in_class).collect()
            }
        };
        paths.retain(|path| roles.contains(&path.role));
        paths
    }
}

fn in_class(class: &Class) -> impl Iterator<Item = Path<'_>> {
    class.members.iter().map(move |member| Path {
        person: &member.person,
        role: member.role,
        through: Some((class, member)),
        school: None,
    })
}
