//! OneRoster's records as the roster's nouns. Only the fields that are named here, and those that formats and filters
//! ask for, are ever decoded: passwords, telephone numbers and guardians stay bytes.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use crate::model::id::{RosterId, fold};
use crate::model::roster::{Class, Group, Person, Role};
use crate::sis::attributes;
use crate::sis::fields::{Fields, Unusable, items, text};

/// A class, and the school through which its enrollments are reached.
#[derive(Debug)]
pub(super) struct ClassRow {
    pub(super) class: Class,
    pub(super) school: Option<RosterId>,
}

/// An enrollment of somebody who is a member.
#[derive(Debug)]
pub(super) struct Enrollment {
    pub(super) class: RosterId,
    pub(super) person: RosterId,
    pub(super) role: Role,
    pub(super) active: bool,
}

/// A school or a course.
pub(super) fn group(
    id: RosterId,
    wanted: &BTreeSet<String>,
    fields: &Fields<'_>,
) -> Result<Group, Unusable> {
    Ok(Group {
        id,
        active: is_active(fields)?,
        attributes: attributes::of_group(wanted, fields),
    })
}

/// A class; its members come with enrollments.
pub(super) fn class(
    id: RosterId,
    wanted: &BTreeSet<String>,
    fields: &Fields<'_>,
) -> Result<ClassRow, Unusable> {
    Ok(ClassRow {
        class: Class {
            id,
            active: is_active(fields)?,
            course: reference(fields, "course")?,
            members: Vec::new(),
            attributes: attributes::of_group(wanted, fields),
        },
        school: reference(fields, "school")?,
    })
}

/// A person: id, roles, name, address, schools and what is asked for.
pub(super) fn person(
    id: RosterId,
    roles: BTreeSet<Role>,
    wanted: &BTreeSet<String>,
    fields: &Fields<'_>,
) -> Result<Person, Unusable> {
    Ok(Person {
        id,
        roles,
        schools: schools(fields)?,
        email: fields.text("email")?,
        given_name: fields.text("givenName")?,
        family_name: fields.text("familyName")?,
        attributes: attributes::of_person(wanted, fields),
        active: is_active(fields)?,
        enabled: is_enabled(fields),
    })
}

/// Student and teacher, as far as `role` or `roles` say so.
pub(super) fn roles(fields: &Fields<'_>) -> BTreeSet<Role> {
    let of_list = fields.get("roles").map(items).unwrap_or_default();
    let of_list = of_list.into_iter().filter_map(|entry| {
        let entry = Fields::of(entry).ok()?;
        role(entry.get("role")?)
    });
    let single = fields.get("role").and_then(role);
    of_list.chain(single).collect()
}

/// What somebody is whom a list for this role has. A list of pupils may hold teachers (`ClassLink`'s of a class does),
/// and who says so is none; a pupil who helps to teach is a teacher all the same.
pub(super) fn listed_roles(role: Role, fields: &Fields<'_>) -> BTreeSet<Role> {
    let own = roles(fields);
    if role == Role::Student && own == BTreeSet::from([Role::Teacher]) {
        own
    } else {
        BTreeSet::from([role])
    }
}

/// The class of an enrollment: most are of classes that nobody asked for, and of those nothing else is read.
pub(super) fn class_of(fields: &Fields<'_>) -> Result<RosterId, Unusable> {
    reference(fields, "class")?.ok_or(Unusable::NoReference("class"))
}

/// An enrollment in this class; `None` for aides, proctors, guardians and everybody else who is no member.
pub(super) fn enrollment(
    class: RosterId,
    fields: &Fields<'_>,
) -> Result<Option<Enrollment>, Unusable> {
    let Some(role) = role_of(fields) else {
        return Ok(None);
    };
    Ok(Some(Enrollment {
        class,
        person: reference(fields, "user")?.ok_or(Unusable::NoReference("user"))?,
        role,
        active: is_active(fields)?,
    }))
}

/// The role of an enrollment, where it makes a member.
pub(super) fn role_of(fields: &Fields<'_>) -> Option<Role> {
    fields.get("role").and_then(role)
}

fn role(raw: &RawValue) -> Option<Role> {
    let word = fold(&text(raw)??);
    [Role::Student, Role::Teacher]
        .into_iter()
        .find(|role| role.as_str() == word)
}

/// `tobedeleted`, `inactive` and any other word mean that the record does not count; none at all, that it does.
fn is_active(fields: &Fields<'_>) -> Result<bool, Unusable> {
    let status = fields.text("status")?;
    Ok(status.is_none_or(|status| fold(&status) == "active"))
}

/// Only a clear no keeps somebody out.
fn is_enabled(fields: &Fields<'_>) -> bool {
    let Some(raw) = fields.get("enabledUser") else {
        return true;
    };
    let word = match text(raw).flatten() {
        Some(text) => fold(&text),
        None => raw.get().to_owned(),
    };
    !["false", "0"].contains(&word.as_str())
}

/// From `orgs`, and from `roles` as version 1.2 has them.
fn schools(fields: &Fields<'_>) -> Result<BTreeSet<RosterId>, Unusable> {
    let mut schools = BTreeSet::new();
    for org in fields.get("orgs").map(items).unwrap_or_default() {
        schools.extend(referred(org).ok_or(Unusable::NotIds("orgs"))?);
    }
    for entry in fields.get("roles").map(items).unwrap_or_default() {
        if let Ok(entry) = Fields::of(entry) {
            schools.extend(reference(&entry, "org")?);
        }
    }
    Ok(schools)
}

/// The id of the record that a field refers to; `None` where it is absent, null or blank.
fn reference(fields: &Fields<'_>, name: &'static str) -> Result<Option<RosterId>, Unusable> {
    match fields.get(name) {
        None => Ok(None),
        Some(raw) => referred(raw).ok_or(Unusable::NoReference(name)),
    }
}

/// `{sourcedId, href, type}`, or the bare id. `href` may lead anywhere and is not read. `None` is neither: an object
/// that says something and not which record it means could mean any.
#[expect(
    clippy::option_option,
    reason = "no reference and something else than one are two answers"
)]
fn referred(raw: &RawValue) -> Option<Option<RosterId>> {
    let id = match raw.get().as_bytes().first()? {
        b'{' => {
            let fields = Fields::of(raw).ok()?;
            let mut names = fields.names().peekable();
            if names.peek().is_some() && !names.any(|name| name == "sourcedId") {
                return None;
            }
            fields.text("sourcedId").ok()?
        }
        _ => text(raw)?,
    };
    Some(id.map(|id| RosterId::new(id.trim())))
}
