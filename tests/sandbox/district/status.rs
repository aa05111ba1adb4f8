//! What OneRoster says of its records and Clever does not: whether they still count, and when.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::terms::includes;
use super::{District, Section};

/// The records that do not count any more though they are still listed, and those that are not listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Ids of people, classes, courses, schools, terms and single enrollments whose status is `tobedeleted`.
    pub to_be_deleted: BTreeSet<String>,
    /// Ids of people who may not sign in: `enabledUser` is `false`.
    pub not_enabled: BTreeSet<String>,
    /// The first and the last day of enrollments, by their ids, as they are written.
    pub days: BTreeMap<String, [String; 2]>,
    /// Classes that enrollments name and that are not shared themselves.
    pub unlisted: Vec<Section>,
}

/// The id of somebody's enrollment in a section: OneRoster lists enrollments as records of their own.
pub fn enrollment_id(section: &str, person: &str) -> String {
    format!("{section}-{person}")
}

impl District {
    /// The district without everything that OneRoster says does not count on that day: what a reader who believes it has to
    /// see.
    #[must_use]
    pub fn in_force(&self, day: Date) -> Self {
        let mut district = self.clone();
        let Status {
            to_be_deleted: gone,
            not_enabled,
            days: _,
            unlisted: _,
        } = &self.status;
        district.schools.retain(|school| !gone.contains(&school.id));
        district.courses.retain(|course| !gone.contains(&course.id));
        let counts = |id: &String| !gone.contains(id) && !not_enabled.contains(id);
        district.students.retain(|person| counts(&person.id));
        district.teachers.retain(|person| counts(&person.id));
        let takes_place =
            |section: &Section| self.takes_place(section, day, |term| !gone.contains(term));
        district
            .sections
            .retain(|section| !gone.contains(&section.id) && takes_place(section).is_some());
        for section in &mut district.sections {
            let own = section.clone();
            let enrolled = |person: &String| {
                takes_place(&own) == Some(true)
                    && !gone.contains(&enrollment_id(&own.id, person))
                    && includes(&self.days_of(&own, person), day)
            };
            section.students.retain(enrolled);
            section.teachers.retain(enrolled);
        }
        district
    }
}
