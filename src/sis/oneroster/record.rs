//! OneRoster's records as the roster's nouns. Only the fields that are named here, and those that formats and filters
//! ask for, are ever decoded: passwords, telephone numbers and guardians stay bytes.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use crate::model::id::{RosterId, fold};
use crate::model::period::Period;
use crate::model::roster::{Class, Group, Person, Role, RoleAt, Term};
use crate::sis::attributes;
use crate::sis::dates::{Dated, Doubts};
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
    pub(super) period: Period,
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
            terms: terms(fields),
            members: Vec::new(),
            attributes: attributes::of_group(wanted, fields),
        },
        school: reference(fields, "school")?,
    })
}

/// A school year, a semester, a term: whatever classes are held in.
pub(super) fn term(id: RosterId, dates: &Doubts, fields: &Fields<'_>) -> Result<Term, Unusable> {
    let period = dates.period((Dated::Term, &id, 0), fields, ["startDate", "endDate"]);
    Ok(Term {
        id,
        title: fields.get("title").and_then(text).flatten(),
        active: is_active(fields)?,
        period,
    })
}

/// A person: id, roles, name, address, schools and what is asked for.
pub(super) fn person(
    id: RosterId,
    roles: BTreeSet<Role>,
    wanted: &BTreeSet<String>,
    dates: &Doubts,
    fields: &Fields<'_>,
) -> Result<Person, Unusable> {
    Ok(Person {
        roles,
        schools: schools(fields)?,
        roles_at: roles_at(&id, dates, fields)?,
        id,
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
        role_of(&entry)
    });
    of_list.chain(role_of(fields)).collect()
}

/// The entries of `roles`, which version 1.2 has and which may have dates.
fn roles_at(
    id: &RosterId,
    dates: &Doubts,
    fields: &Fields<'_>,
) -> Result<BTreeSet<RoleAt>, Unusable> {
    let mut roles_at = BTreeSet::new();
    let entries = fields.get("roles").map(items).unwrap_or_default();
    for (place, entry) in entries.into_iter().enumerate() {
        let Ok(entry) = Fields::of(entry) else {
            continue;
        };
        if let Some(role) = role_of(&entry) {
            let whose = (Dated::Role, id, place);
            roles_at.insert(RoleAt {
                role,
                school: reference(&entry, "org")?,
                period: dates.period(whose, &entry, ["beginDate", "endDate"]),
            });
        }
    }
    Ok(roles_at)
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

/// An enrollment in this class in this role.
pub(super) fn enrollment(
    id: &RosterId,
    class: RosterId,
    role: Role,
    dates: &Doubts,
    fields: &Fields<'_>,
) -> Result<Enrollment, Unusable> {
    Ok(Enrollment {
        class,
        person: reference(fields, "user")?.ok_or(Unusable::NoReference("user"))?,
        role,
        active: is_active(fields)?,
        period: dates.period((Dated::Enrollment, id, 0), fields, ["beginDate", "endDate"]),
    })
}

/// The role of an enrollment or of an entry of `roles`, where it makes a member; not that of aides, proctors, guardians.
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

/// Where a class refers to its terms; servers are known that use the name of the CSV column.
const TERMS: [&str; 3] = ["terms", "term", "termSourcedIds"];

/// The terms of a class: references or bare ids, a list or one alone, and ids in one text with commas between them. An
/// entry that does not say which term it means is one that nobody knows, so that the class ends with no other.
fn terms(fields: &Fields<'_>) -> BTreeSet<RosterId> {
    let entries = TERMS.into_iter().filter_map(|name| fields.get(name));
    let mut terms = BTreeSet::new();
    for entry in entries.flat_map(items) {
        match referred(entry) {
            None => _ = terms.insert(RosterId::new("")),
            Some(None) => {}
            Some(Some(ids)) => {
                let ids = ids.as_str().split(',').map(str::trim);
                terms.extend(ids.filter(|id| !id.is_empty()).map(RosterId::new));
            }
        }
    }
    terms
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
