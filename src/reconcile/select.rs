//! Which objects of the roster a directory group means, and who their members are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::config::options::{Options, Users};
use crate::config::{Config, MappingEntry, UserFilter};
use crate::model::id::{RosterId, fold};
use crate::model::roster::{Attributes, Collection, Role, Roster};

/// Clever names its objects, OneRoster gives classes and courses a title: to a mapping both mean the same.
const OBJECT_NAMES: [&str; 2] = ["name", "title"];

/// The roles that a filter means.
pub(super) fn roles(filter: UserFilter) -> &'static [Role] {
    match filter {
        UserFilter::Students => &[Role::Student],
        UserFilter::Teachers => &[Role::Teacher],
        UserFilter::Users => &[Role::Student, Role::Teacher],
    }
}

/// The directory groups whose members are read: all of the mapping where groups are processed, and those that select.
pub(super) fn read_entries<'a>(
    config: &'a Config,
    options: &'a Options,
) -> impl Iterator<Item = &'a MappingEntry> {
    config
        .mapping
        .iter()
        .filter(|entry| options.process_groups || selects(&options.users, entry))
}

/// Whether membership in the directory group selects a person.
pub(super) fn selects(users: &Users, entry: &MappingEntry) -> bool {
    match users {
        Users::All => false,
        Users::Mapped => true,
        Users::Groups(names) => names.contains(&entry.directory_group),
    }
}

/// The attributes that an entry is matched by, lower-case, `name` and `title` both where one is.
pub(super) fn attributes_of<'a>(config: &'a Config, entry: &'a MappingEntry) -> BTreeSet<&'a str> {
    let listed = match &entry.match_by {
        Some(own) => std::slice::from_ref(own),
        None => config.source.match_groups_by.as_slice(),
    };
    let mut names: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    if OBJECT_NAMES.iter().any(|name| names.contains(name)) {
        names.extend(OBJECT_NAMES);
    }
    names
}

/// Who belongs to a directory group; `None` where it matches no object.
pub(super) fn members(
    roster: &Roster,
    by_course: &BTreeMap<&RosterId, Vec<&RosterId>>,
    config: &Config,
    entry: &MappingEntry,
) -> Option<BTreeSet<RosterId>> {
    let wanted = attributes_of(config, entry);
    let is_meant =
        |attributes: &Attributes| wanted.iter().any(|name| has(attributes, name, &entry.name));
    let roles = roles(entry.user_filter);
    match entry.collection {
        Collection::Classes => {
            let classes: Vec<_> = roster
                .classes
                .values()
                .filter(|class| is_meant(&class.attributes))
                .collect();
            let members = classes.iter().flat_map(|class| &class.members);
            let people = members
                .filter(|(_, role)| roles.contains(role))
                .map(|(person, _)| person.clone());
            (!classes.is_empty()).then(|| people.collect())
        }
        Collection::Courses => {
            let courses: Vec<_> = roster
                .courses
                .values()
                .filter(|course| is_meant(&course.attributes))
                .collect();
            let classes = courses
                .iter()
                .filter_map(|course| by_course.get(&course.id))
                .flatten();
            let members = classes
                .filter_map(|class| roster.classes.get(*class))
                .flat_map(|class| &class.members);
            let people = members
                .filter(|(_, role)| roles.contains(role))
                .map(|(person, _)| person.clone());
            (!courses.is_empty()).then(|| people.collect())
        }
        Collection::Schools => {
            let schools: BTreeSet<_> = roster
                .schools
                .values()
                .filter(|school| is_meant(&school.attributes))
                .map(|school| school.id.clone())
                .collect();
            let at_one = |schools_of: &BTreeSet<RosterId>| !schools_of.is_disjoint(&schools);
            let people = roster.people.values().filter(|person| {
                roles.iter().any(|role| person.roles.contains(role)) && at_one(&person.schools)
            });
            (!schools.is_empty()).then(|| people.map(|person| person.id.clone()).collect())
        }
    }
}

/// The classes of each course.
pub(super) fn classes_by_course(roster: &Roster) -> BTreeMap<&RosterId, Vec<&RosterId>> {
    let mut by_course = BTreeMap::<_, Vec<_>>::new();
    for class in roster.classes.values() {
        if let Some(course) = &class.course {
            by_course.entry(course).or_default().push(&class.id);
        }
    }
    by_course
}

fn has(attributes: &Attributes, name: &str, wanted: &str) -> bool {
    attributes
        .get(name)
        .and_then(text)
        .is_some_and(|value| fold(&value) == wanted)
}

/// The text that matching compares; lists, objects and null have none.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
