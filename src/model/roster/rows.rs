//! Rows into records by id. A record that is listed twice is one, and the order in which its rows came does not matter.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Attributes, Class, Group, Person, Term};
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
        known.roles_at.extend(row.roles_at);
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
        known.terms.extend(row.terms);
    }
    by_id
}

/// Of several rows of one term one that is active counts; of those the one that lasts longest, as it ends nothing early.
pub(super) fn terms(mut rows: Vec<Term>) -> BTreeMap<RosterId, Term> {
    let last = |term: &Term| term.period.last.unwrap_or(Date::MAX);
    rows.sort_by(|one, other| {
        let active_first = other.active.cmp(&one.active);
        let same = one.id.cmp(&other.id).then(active_first);
        same.then_with(|| last(other).cmp(&last(one)))
            .then_with(|| one.period.cmp(&other.period))
            .then_with(|| one.title.cmp(&other.title))
    });
    let mut by_id = BTreeMap::new();
    for row in rows {
        by_id.entry(row.id.clone()).or_insert(row);
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

    use jiff::civil::date;

    use super::*;
    use crate::model::period::Period;
    use crate::model::roster::{Member, Role, RoleAt};

    fn id(text: &str) -> RosterId {
        RosterId::new(text)
    }

    fn person(email: Option<&str>, given_name: Option<&str>, active: bool) -> Person {
        Person {
            id: id("ana"),
            roles: BTreeSet::from([Role::Student]),
            schools: BTreeSet::new(),
            roles_at: BTreeSet::new(),
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
            terms: BTreeSet::new(),
            members: vec![Member {
                person: id(member),
                role: Role::Student,
                active: true,
                period: Period::ALWAYS,
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
    fn a_class_that_is_listed_twice_is_held_in_the_terms_of_both_rows() {
        let of = |term| {
            let mut row = class("ana", None);
            row.terms.extend([id(term)]);
            row
        };
        let classes = classes(vec![class("ana", None), of("fall"), of("spring")]);
        let terms = &classes.values().next().unwrap().terms;
        assert_eq!(*terms, BTreeSet::from([id("fall"), id("spring")]));
    }

    #[test]
    fn a_person_who_is_listed_twice_has_the_roles_of_both_rows() {
        let of = |role, last| {
            let mut row = person(None, None, true);
            row.roles_at.insert(RoleAt {
                role,
                school: None,
                period: Period { first: None, last },
            });
            row
        };
        let rows = vec![
            of(Role::Student, Some(date(2026, 6, 30))),
            of(Role::Student, None),
            of(Role::Teacher, None),
            of(Role::Teacher, None),
        ];
        assert_eq!(people(rows).values().next().unwrap().roles_at.len(), 3);
    }

    fn term(title: &str, last: Option<Date>, active: bool) -> Term {
        Term {
            id: id("fall"),
            title: Some(title.to_owned()),
            active,
            period: Period { first: None, last },
        }
    }

    #[test]
    fn a_term_that_is_listed_twice_is_the_active_one_that_ends_last() {
        let days = [Some(date(2027, 1, 29)), Some(date(2027, 2, 5)), None];
        for (one, other, kept) in [
            (term("A", days[0], true), term("B", days[1], true), "B"),
            (term("A", days[1], true), term("B", None, true), "B"),
            (term("A", days[0], true), term("B", days[1], false), "A"),
            (term("A", days[0], true), term("B", days[0], true), "A"),
        ] {
            for rows in [
                vec![one.clone(), other.clone()],
                vec![other.clone(), one.clone()],
            ] {
                let terms = terms(rows);
                let title = terms.values().next().unwrap().title.as_deref();
                assert_eq!((terms.len(), title), (1, Some(kept)));
            }
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
