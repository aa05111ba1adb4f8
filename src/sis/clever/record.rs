//! Clever's records as the roster's nouns.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_json::value::RawValue;

use super::wire::{Fields, Unusable};
use crate::model::id::RosterId;
use crate::model::roster::{Attributes, Class, Group, Member, Person, Role};

/// A person of `/students` or `/teachers`: id, name, address and schools, nothing else of the record.
pub(super) fn person(id: RosterId, role: Role, fields: &Fields<'_>) -> Result<Person, Unusable> {
    let name = fields.object("name")?.ok_or(Unusable::NoName)?;
    Ok(Person {
        id,
        roles: BTreeSet::from([role]),
        schools: ids(fields, "schools", Some("school"))?,
        email: fields.text("email")?,
        given_name: name.text("first")?,
        family_name: name.text("last")?,
        attributes: BTreeMap::new(),
        active: true,
        enabled: true,
    })
}

/// A school or a course.
pub(super) fn group(id: RosterId, wanted: &BTreeSet<String>, fields: &Fields<'_>) -> Group {
    Group {
        id,
        active: true,
        attributes: attributes(wanted, fields),
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
        }));
    }
    Ok(Class {
        id,
        active: true,
        course: fields.text("course")?.map(RosterId::new),
        members,
        attributes: attributes(wanted, fields),
    })
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

/// What matching asks for, under the (lower-case) names that it asks by. Everything that Clever lists has a `name`; who
/// asks by `title` alone, OneRoster's word, means that, and the other way round.
fn attributes(wanted: &BTreeSet<String>, fields: &Fields<'_>) -> Attributes {
    let other = |name: &str| match name {
        "title" if !wanted.contains("name") => Some("name"),
        "name" if !wanted.contains("title") => Some("title"),
        _ => None,
    };
    wanted
        .iter()
        .filter_map(|name| {
            let raw = field(fields, name).or_else(|| field(fields, other(name)?))?;
            Some((name.clone(), scalar(raw)?))
        })
        .collect()
}

/// A field by its name without regard to case.
fn field<'a>(fields: &Fields<'a>, wanted: &str) -> Option<&'a RawValue> {
    fields
        .raw()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, raw)| raw)
}

/// Only what can equal a name in a mapping: no lists and no objects, which may hold people.
fn scalar(raw: &RawValue) -> Option<Value> {
    let value = match raw.get().bytes().next()? {
        b'[' | b'{' => return None,
        _ => serde_json::from_str(raw.get()).ok()?,
    };
    (value != Value::Null).then_some(value)
}
