//! Rows into records by id. A record that is listed twice is one, and the order in which its rows came does not matter.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Attributes, Class, Group, Person};
use crate::model::id::RosterId;

/// Of several rows of one person the one that counts and says most is the first; what it does not say, others do.
pub(super) fn people(mut rows: Vec<Person>) -> BTreeMap<RosterId, Person> {
    rows.sort_by(|one, other| order(one).cmp(&order(other)));
    let mut by_id = BTreeMap::<RosterId, Person>::new();
    for row in rows {
        let Some(known) = by_id.get_mut(&row.id) else {
            by_id.insert(row.id.clone(), row);
            continue;
        };
        known.roles.extend(row.roles);
        known.schools.extend(row.schools);
        known.active |= row.active;
        known.enabled |= row.enabled;
        known.email = known.email.take().or(row.email);
        known.given_name = known.given_name.take().or(row.given_name);
        known.family_name = known.family_name.take().or(row.family_name);
        for (name, texts) in row.attributes {
            known.attributes.entry(name).or_insert(texts);
        }
    }
    by_id
}

/// Absent values go behind all others.
fn order(row: &Person) -> impl Ord + '_ {
    let names = [&row.email, &row.given_name, &row.family_name];
    let names = names.map(|name| (name.is_none(), name));
    (&row.id, !row.active, !row.enabled, names, &row.attributes)
}

/// Of several rows of one school or course one that is active counts.
pub(super) fn groups(mut rows: Vec<Group>) -> BTreeMap<RosterId, Group> {
    rows.sort_by(|one, other| {
        let active_first = other.active.cmp(&one.active);
        let same = one.id.cmp(&other.id).then(active_first);
        same.then_with(|| by_attributes(&one.attributes, &other.attributes))
    });
    let mut by_id = BTreeMap::new();
    for row in rows {
        by_id.entry(row.id.clone()).or_insert(row);
    }
    by_id
}

/// The same, and the class has the members of all its rows.
pub(super) fn classes(mut rows: Vec<Class>) -> BTreeMap<RosterId, Class> {
    rows.sort_by(|one, other| {
        let active_first = other.active.cmp(&one.active);
        let same = one.id.cmp(&other.id).then(active_first);
        same.then_with(|| by_attributes(&one.attributes, &other.attributes))
            .then_with(|| other.course.cmp(&one.course))
    });
    let mut by_id = BTreeMap::<RosterId, Class>::new();
    for row in rows {
        let Some(known) = by_id.get_mut(&row.id) else {
            by_id.insert(row.id.clone(), row);
            continue;
        };
        known.members.extend(row.members);
        known.course = known.course.take().or(row.course);
    }
    by_id
}

/// JSON values have no order of their own; as written they have.
fn by_attributes(one: &Attributes, other: &Attributes) -> Ordering {
    let written = |attributes: &Attributes| -> Vec<(String, String)> {
        let attributes = attributes.iter();
        attributes
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    };
    written(one).cmp(&written(other))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::roster::{Member, Role};

    fn id(text: &str) -> RosterId {
        RosterId::new(text)
    }

    fn person(email: Option<&str>, given_name: Option<&str>, active: bool) -> Person {
        Person {
            id: id("ana"),
            roles: BTreeSet::from([Role::Student]),
            schools: BTreeSet::new(),
            email: email.map(str::to_owned),
            given_name: given_name.map(str::to_owned),
            family_name: None,
            attributes: BTreeMap::new(),
            active,
            enabled: true,
        }
    }

    fn class(member: &str, course: Option<&str>) -> Class {
        Class {
            id: id("art"),
            active: true,
            course: course.map(RosterId::new),
            members: vec![Member {
                person: id(member),
                role: Role::Student,
                active: true,
            }],
            attributes: Attributes::new(),
        }
    }

    #[test]
    fn a_class_that_is_listed_twice_keeps_everybody_and_its_course() {
        for rows in [
            vec![class("ana", None), class("bo", Some("c"))],
            vec![class("bo", Some("c")), class("ana", None)],
        ] {
            let classes = classes(rows);
            let class = classes.values().next().unwrap();
            assert_eq!(class.members.len(), 2);
            assert_eq!(class.course, Some(id("c")));
        }
    }

    #[test]
    fn a_person_who_is_listed_twice_is_what_both_rows_say_in_any_order() {
        let rows = [
            person(Some("old@x.test"), Some("Old"), false),
            person(None, Some("Ana"), true),
            person(Some("ana@x.test"), None, true),
        ];
        let mut turned = rows.clone();
        turned.reverse();
        for rows in [rows, turned] {
            let people = people(rows.into());
            let known = people.values().next().unwrap();
            assert_eq!(known.email.as_deref(), Some("ana@x.test"));
            assert_eq!(known.given_name.as_deref(), Some("Ana"));
            assert!(known.active);
        }
    }

    #[test]
    fn a_school_that_is_listed_twice_is_the_active_one() {
        let row = |active, title: &str| Group {
            id: id("north"),
            active,
            attributes: Attributes::from([("name".to_owned(), title.into())]),
        };
        for rows in [
            vec![row(true, "North"), row(false, "Old North")],
            vec![row(false, "Old North"), row(true, "North")],
        ] {
            assert_eq!(groups(rows).values().next(), Some(&row(true, "North")));
        }
    }
}
