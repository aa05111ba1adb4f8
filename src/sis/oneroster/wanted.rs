//! What of the roster matters, once schools, courses and classes are known. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::endpoints;
use super::plan::Calls;
use super::record::ClassRow;
use super::server::Place;
use crate::model::id::RosterId;
use crate::model::matching::Matcher;
use crate::model::roster::{Collection, Group, Needs, Person, Role};

/// The classes and schools that directory groups mean, and of whom everybody is needed.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) classes: BTreeMap<RosterId, WantedClass>,
    /// Each with the roles of people who are needed.
    pub(super) schools: BTreeMap<RosterId, BTreeSet<Role>>,
    /// All schools, wanted or not.
    of_schools: usize,
    everybody: BTreeSet<Role>,
}

/// A class that a directory group means, itself or through its course.
#[derive(Debug, Default)]
pub(super) struct WantedClass {
    pub(super) roles: BTreeSet<Role>,
    /// Where its enrollments are, too.
    pub(super) school: Option<RosterId>,
}

/// A list of people of one class or school.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) place: Place,
    pub(super) role: Role,
    pub(super) whose: Whose,
}

/// Whose people are listed.
#[derive(Debug, Clone)]
pub(super) enum Whose {
    Class(RosterId),
    School(RosterId),
}

impl Wanted {
    /// Everything that any directory group means.
    pub(super) fn of(
        needs: &Needs,
        schools: &[Group],
        courses: &[Group],
        classes: &[ClassRow],
    ) -> Self {
        let matched = |objects: &[Group], collection| -> BTreeMap<RosterId, BTreeSet<Role>> {
            let matcher = Matcher::new(&needs.groups, collection);
            let roles =
                |object: &Group| Some((object.id.clone(), matcher.roles(&object.attributes)?));
            objects.iter().filter_map(roles).collect()
        };
        let courses = matched(courses, Collection::Courses);
        let matcher = Matcher::new(&needs.groups, Collection::Classes);
        let mut wanted = BTreeMap::<RosterId, WantedClass>::new();
        for ClassRow { class, school } in classes {
            let course = class.course.as_ref().and_then(|id| courses.get(id));
            let own = matcher.roles(&class.attributes);
            if own.is_none() && course.is_none() {
                continue;
            }
            let known = wanted.entry(class.id.clone()).or_default();
            known.roles.extend(own.iter().flatten());
            known.roles.extend(course.into_iter().flatten());
            known.school = known.school.take().or_else(|| school.clone());
        }
        Self {
            classes: wanted,
            schools: matched(schools, Collection::Schools),
            of_schools: schools.len(),
            everybody: needs.everybody.clone(),
        }
    }

    /// Whether everybody of this role is needed, so that nothing less than the whole collection will do.
    pub(super) fn everybody(&self, role: Role) -> bool {
        self.everybody.contains(&role)
    }

    /// The roles of which anybody is needed.
    pub(super) fn roles(&self) -> BTreeSet<Role> {
        let of_classes = self.classes.values().flat_map(|class| &class.roles);
        let of_schools = self.schools.values().flatten();
        let all = of_classes.chain(of_schools).chain(&self.everybody);
        all.copied().collect()
    }

    /// Whether somebody enrolled so is a member who is asked for.
    pub(super) fn is_member(&self, class: &RosterId, role: Role) -> bool {
        let class = self.classes.get(class);
        class.is_some_and(|class| class.roles.contains(&role))
    }

    /// Whether the person matters although no class that matters has them.
    pub(super) fn is_needed(&self, person: &Person) -> bool {
        let at_school = |school| {
            let roles: Option<&BTreeSet<Role>> = self.schools.get(school);
            roles.is_some_and(|roles| !roles.is_disjoint(&person.roles))
        };
        !self.everybody.is_disjoint(&person.roles) || person.schools.iter().any(at_school)
    }

    /// The lists of enrollments, class by class; `None` where one of them has no path.
    pub(super) fn enrollments(&self) -> Option<Vec<(RosterId, Place)>> {
        self.classes
            .iter()
            .map(|(id, class)| {
                let place = endpoints::enrollments_of_class(class.school.as_ref()?, id)?;
                Some((id.clone(), place))
            })
            .collect()
    }

    /// How many lists of people of this role there are; `None` where one of them has no path.
    pub(super) fn calls(&self, role: Role) -> Option<Calls> {
        Some(Calls {
            classes: self.people_of_classes(role)?.len(),
            schools: self.people_of_schools(role)?.len(),
            of_schools: self.of_schools,
        })
    }

    /// The lists of people of this role in classes; `None` where one of them has no path.
    pub(super) fn people_of_classes(&self, role: Role) -> Option<Vec<Call>> {
        self.classes
            .iter()
            .filter(|(_, class)| class.roles.contains(&role))
            .map(|(id, _)| {
                Some(Call {
                    place: endpoints::people_of_class(id, role)?,
                    role,
                    whose: Whose::Class(id.clone()),
                })
            })
            .collect()
    }

    /// The lists of people of this role at schools; `None` where one of them has no path.
    pub(super) fn people_of_schools(&self, role: Role) -> Option<Vec<Call>> {
        self.schools
            .iter()
            .filter(|(_, roles)| roles.contains(&role))
            .map(|(id, _)| {
                Some(Call {
                    place: endpoints::people_of_school(id, role)?,
                    role,
                    whose: Whose::School(id.clone()),
                })
            })
            .collect()
    }
}
