//! What is found at which path.

use std::collections::BTreeSet;

use super::super::district::{District, Person, Section};
use super::super::query;
use super::row::{Role, Row, Type};
use super::rules::{Oddities, Sessions};

/// What a path leads to.
#[derive(Debug)]
pub(super) enum Found<'a> {
    /// A record.
    One(Type, Row<'a>),
    /// A collection, in the order of the district.
    Many(Type, Vec<Row<'a>>),
    /// A path that there is, with an id that there is not.
    UnknownId,
    /// Something that the application may not read, or that the server has not.
    Refused(u16),
    /// No path.
    Nothing,
}

/// Follows a path below the root, still percent-encoded.
pub(super) fn find<'a>(district: &'a District, path: &str, oddities: &Oddities) -> Found<'a> {
    let parts: Vec<String> = path
        .trim_end_matches('/')
        .split('/')
        .map(query::percent)
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if parts.first() == Some(&"enrollments") && oddities.without_enrollments {
        return Found::Nothing;
    }
    match (parts.first().copied(), oddities.sessions) {
        (Some("academicSessions" | "terms"), Sessions::Refused(status)) => {
            return Found::Refused(status);
        }
        (Some("academicSessions"), Sessions::TermsAlone) => return Found::Nothing,
        _ => {}
    }
    match parts[..] {
        [collection] => match whole(district, collection) {
            Some((kind, rows)) => Found::Many(kind, rows),
            None => Found::Nothing,
        },
        [collection, id] => match whole(district, collection) {
            Some((kind, rows)) => match rows.into_iter().find(|row| row.id().trim() == id.trim()) {
                Some(row) => Found::One(kind, row),
                None => Found::UnknownId,
            },
            None => Found::Nothing,
        },
        _ if oddities.without_nested => Found::Nothing,
        _ => nested(district, &parts, oddities),
    }
}

fn whole<'a>(district: &'a District, name: &str) -> Option<(Type, Vec<Row<'a>>)> {
    let schools = || district.schools.iter().map(Row::School);
    let students = || people(&district.students, Role::Student);
    let teachers = || people(&district.teachers, Role::Teacher);
    let guardian = || district.students.first().map(|_pupil| Row::Guardian);
    Some(match name {
        "orgs" => (
            Type::Org,
            std::iter::once(Row::District(district))
                .chain(schools())
                .collect(),
        ),
        "schools" => (Type::Org, schools().collect()),
        "academicSessions" => (
            Type::AcademicSession,
            district.terms.iter().map(Row::Session).collect(),
        ),
        "terms" => {
            let terms = district.terms.iter().filter(|term| term.kind == "term");
            (Type::AcademicSession, terms.map(Row::Session).collect())
        }
        "courses" => (
            Type::Course,
            district.courses.iter().map(Row::Course).collect(),
        ),
        "classes" => (
            Type::Class,
            district.sections.iter().map(Row::Class).collect(),
        ),
        "enrollments" => (
            Type::Enrollment,
            district
                .sections
                .iter()
                .chain(&district.status.unlisted)
                .flat_map(enrollments)
                .collect(),
        ),
        "users" => (
            Type::User,
            students().chain(teachers()).chain(guardian()).collect(),
        ),
        "students" => (Type::User, students().collect()),
        "teachers" => (Type::User, teachers().collect()),
        _ => return None,
    })
}

fn nested<'a>(district: &'a District, parts: &[&str], oddities: &Oddities) -> Found<'a> {
    let section = |id: &str| {
        district
            .sections
            .iter()
            .find(|section| section.id.trim() == id.trim())
    };
    let outer = |name: &str, id: &str| {
        whole(district, name)
            .is_some_and(|(_, rows)| rows.iter().any(|row| row.id().trim() == id.trim()))
    };
    match *parts {
        [
            "schools",
            school,
            inner @ ("classes" | "courses" | "students" | "teachers" | "enrollments"),
        ] => {
            if !outer("schools", school) {
                return Found::UnknownId;
            }
            of_school(district, school, inner)
        }
        [
            "schools",
            school,
            "classes",
            class,
            inner @ ("enrollments" | "students" | "teachers"),
        ] => match section(class).filter(|section| section.school.trim() == school.trim()) {
            None => Found::UnknownId,
            Some(section) if inner == "enrollments" => {
                Found::Many(Type::Enrollment, enrollments(section).collect())
            }
            Some(section) => of_class(district, section, inner, oddities),
        },
        ["courses", course, "classes"] => {
            if !outer("courses", course) {
                return Found::UnknownId;
            }
            let classes = district.sections.iter().filter(|section| {
                section
                    .course
                    .as_deref()
                    .is_some_and(|id| id.trim() == course.trim())
            });
            Found::Many(Type::Class, classes.map(Row::Class).collect())
        }
        ["terms", term, "classes"] => {
            if !outer("terms", term) {
                return Found::UnknownId;
            }
            let classes = district.sections.iter();
            let classes = classes.filter(|section| section.terms.iter().any(|id| id == term));
            Found::Many(Type::Class, classes.map(Row::Class).collect())
        }
        ["classes", class, inner @ ("students" | "teachers")] => match section(class) {
            None => Found::UnknownId,
            Some(section) => of_class(district, section, inner, oddities),
        },
        _ => Found::Nothing,
    }
}

fn of_school<'a>(district: &'a District, school: &str, inner: &str) -> Found<'a> {
    let there = |id: &String| id.trim() == school.trim();
    let sections = || {
        district
            .sections
            .iter()
            .filter(|section| there(&section.school))
    };
    let at = |everybody: &'a [Person], role| {
        let people = everybody
            .iter()
            .filter(|person| person.schools.iter().any(there));
        let rows = people.map(|person| Row::User(person, role)).collect();
        Found::Many(Type::User, rows)
    };
    match inner {
        "students" => at(&district.students, Role::Student),
        "teachers" => at(&district.teachers, Role::Teacher),
        "classes" => Found::Many(Type::Class, sections().map(Row::Class).collect()),
        "courses" => {
            let taught: BTreeSet<_> = sections()
                .filter_map(|section| section.course.as_ref())
                .collect();
            let courses = district
                .courses
                .iter()
                .filter(|course| taught.contains(&course.id));
            Found::Many(Type::Course, courses.map(Row::Course).collect())
        }
        _ => Found::Many(Type::Enrollment, sections().flat_map(enrollments).collect()),
    }
}

/// Neither status nor dates of enrollments are to be seen here: whoever is enrolled is listed.
fn of_class<'a>(
    district: &'a District,
    section: &'a Section,
    inner: &str,
    oddities: &Oddities,
) -> Found<'a> {
    let mut ids: BTreeSet<&String> = match inner {
        "students" => section.students.iter().collect(),
        _ => section.teachers.iter().collect(),
    };
    if oddities.teachers_among_students {
        ids.extend(&section.teachers);
    }
    let students = people(&district.students, Role::Student);
    let everybody = students.chain(people(&district.teachers, Role::Teacher));
    let rows =
        everybody.filter(|row| matches!(row, Row::User(person, _) if ids.contains(&person.id)));
    Found::Many(Type::User, rows.collect())
}

fn people(people: &[Person], role: Role) -> impl Iterator<Item = Row<'_>> {
    people.iter().map(move |person| Row::User(person, role))
}

/// Teachers first.
fn enrollments(section: &Section) -> impl Iterator<Item = Row<'_>> {
    let teachers = section.teachers.iter().map(|id| (id, Role::Teacher));
    let students = section.students.iter().map(|id| (id, Role::Student));
    let all = teachers.chain(students);
    all.map(|(id, role)| Row::Enrollment(section, id, role))
}
