//! Clever's records as the roster's nouns.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::id::RosterId;
use crate::model::period::Period;
use crate::model::roster::{Class, Group, Member, Person, Role, Term};
use crate::sis::attributes;
use crate::sis::dates::{Dated, Doubts};
use crate::sis::fields::{Fields, Unusable, items, text};

/// The parts of a `name`, and the attributes that formats and filters know them by, as in UST.
pub(super) const NAMES: [(&str, &str); 3] = [
    ("first", "givenName"),
    ("last", "familyName"),
    ("middle", "middleName"),
];

/// A person of `/students` or `/teachers`: id, name, address, schools and what is asked for; nothing else of the record.
pub(super) fn person(
    id: RosterId,
    role: Role,
    wanted: &BTreeSet<String>,
    fields: &Fields<'_>,
) -> Result<Person, Unusable> {
    let name = fields.object("name")?.ok_or(Unusable::NoName)?;
    Ok(Person {
        id,
        roles: BTreeSet::from([role]),
        schools: ids(fields, "schools", Some("school"))?,
        roles_at: BTreeSet::new(),
        email: fields.text("email")?,
        given_name: name.text("first")?,
        family_name: name.text("last")?,
        attributes: person_attributes(wanted, fields, &name)?,
        active: true,
        enabled: true,
    })
}

/// Top-level fields, and the parts of the name as if they were.
fn person_attributes(
    wanted: &BTreeSet<String>,
    fields: &Fields<'_>,
    name: &Fields<'_>,
) -> Result<BTreeMap<String, Vec<String>>, Unusable> {
    let mut attributes = attributes::of_person(wanted, fields);
    for (part, attribute) in NAMES {
        let attribute = attribute.to_lowercase();
        if !wanted.contains(&attribute) {
            continue;
        }
        if let Some(text) = name.text(part)? {
            attributes.insert(attribute, vec![text]);
        }
    }
    Ok(attributes)
}

/// A school or a course.
pub(super) fn group(id: RosterId, wanted: &BTreeSet<String>, fields: &Fields<'_>) -> Group {
    Group {
        id,
        active: true,
        attributes: attributes::of_group(wanted, fields),
    }
}

/// A term. It has a name where others have a title, and no status.
pub(super) fn term(id: RosterId, dates: &Doubts, fields: &Fields<'_>) -> Term {
    let period = dates.period((Dated::Term, &id, 0), fields, ["start_date", "end_date"]);
    Term {
        id,
        title: fields.get("name").and_then(text).flatten(),
        active: true,
        period,
    }
}

/// A section with its members of these roles. Co-teachers count: `teacher` is only the first of them.
pub(super) fn class(
    id: RosterId,
    roles: &BTreeSet<Role>,
    wanted: &BTreeSet<String>,
    fields: &Fields<'_>,
) -> Result<Class, Unusable> {
    let mut members = Vec::new();
    for role in roles {
        let people = match role {
            Role::Student => ids(fields, "students", None),
            Role::Teacher => ids(fields, "teachers", Some("teacher")),
        }?;
        members.extend(people.into_iter().map(|person| Member {
            person,
            role: *role,
            active: true,
            period: Period::ALWAYS,
        }));
    }
    Ok(Class {
        id,
        active: true,
        course: fields.text("course")?.map(RosterId::new),
        terms: terms(fields),
        members,
        attributes: attributes::of_group(wanted, fields),
    })
}

/// The term of a section, which some versions call `term`. What is no id is a term that nobody knows, so that the section
/// ends with no other.
fn terms(fields: &Fields<'_>) -> BTreeSet<RosterId> {
    let terms = ["term_id", "term"].into_iter();
    let terms = terms.filter_map(|name| fields.get(name)).flat_map(items);
    terms
        .filter_map(|term| text(term).unwrap_or_else(|| Some(String::new())))
        .map(RosterId::new)
        .collect()
}

/// The ids of a list, and of the single field that stands beside it.
fn ids(
    fields: &Fields<'_>,
    many: &'static str,
    one: Option<&'static str>,
) -> Result<BTreeSet<RosterId>, Unusable> {
    let mut ids = fields.texts(many)?;
    if let Some(one) = one {
        ids.extend(fields.text(one)?);
    }
    Ok(ids.into_iter().map(RosterId::new).collect())
}
