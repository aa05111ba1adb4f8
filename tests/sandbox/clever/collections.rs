//! What is found at which path.

use std::collections::BTreeSet;

use super::super::district::{District, Person, Row, Section};
use super::super::query;

/// What a path leads to.
#[derive(Debug)]
pub(super) enum Found<'a> {
    /// A record.
    One(Row<'a>),
    /// A collection, in no order.
    Many(Vec<Row<'a>>),
}

/// Follows a path below `/v2.1/`; `None` is a 404.
pub(super) fn find<'a>(district: &'a District, path: &str) -> Option<Found<'a>> {
    let mut parts = path.split('/');
    let collection = whole(district, parts.next()?)?;
    let Some(id) = parts.next() else {
        return Some(Found::Many(collection));
    };
    let id = query::percent(id);
    let row = collection.into_iter().find(|row| row.id() == id)?;
    let Some(inner) = parts.next() else {
        return Some(Found::One(row));
    };
    if parts.next().is_some() {
        return None;
    }
    nested(district, row, inner)
}

fn whole<'a>(district: &'a District, name: &str) -> Option<Vec<Row<'a>>> {
    Some(match name {
        "districts" => vec![Row::District(district)],
        "schools" => district.schools.iter().map(Row::School).collect(),
        "courses" => district.courses.iter().map(Row::Course).collect(),
        "sections" => district.sections.iter().map(Row::Section).collect(),
        "students" => district.students.iter().map(Row::Student).collect(),
        "teachers" => district.teachers.iter().map(Row::Teacher).collect(),
        "terms" => district.terms.iter().map(Row::Term).collect(),
        // Documented, and of no interest here: nobody is in them.
        "contacts" | "school_admins" | "district_admins" => Vec::new(),
        _ => return None,
    })
}

fn nested<'a>(district: &'a District, row: Row<'a>, inner: &str) -> Option<Found<'a>> {
    match row {
        Row::School(school) => Some(Found::Many(match inner {
            "students" => people(
                &district.students,
                |person| person.schools.contains(&school.id),
                Row::Student,
            ),
            "teachers" => people(
                &district.teachers,
                |person| person.schools.contains(&school.id),
                Row::Teacher,
            ),
            "sections" => sections(district, |section| section.school == school.id),
            _ => return None,
        })),
        Row::Course(course) => match inner {
            "sections" => Some(Found::Many(sections(district, |section| {
                section.course.as_ref() == Some(&course.id)
            }))),
            _ => None,
        },
        Row::Term(term) => match inner {
            "sections" => Some(Found::Many(sections(district, |section| {
                district.term_at_clever(section) == Some(&term.id)
            }))),
            _ => None,
        },
        Row::Section(section) => of_section(district, section, inner),
        Row::Student(person) if inner != "students" => {
            of_person(district, person, inner, |section| {
                section.students.contains(&person.id)
            })
        }
        Row::Teacher(person) if inner != "teachers" => {
            of_person(district, person, inner, |section| {
                section.teachers.contains(&person.id)
            })
        }
        Row::Student(_) | Row::Teacher(_) | Row::District(_) => None,
    }
}

/// `mine` says which sections are the person's.
fn of_person<'a>(
    district: &'a District,
    person: &Person,
    inner: &str,
    mine: impl Fn(&Section) -> bool,
) -> Option<Found<'a>> {
    let shares_one = |with: fn(&Section) -> &Vec<String>| {
        let sections = district.sections.iter().filter(|section| mine(section));
        sections.flat_map(with).collect::<BTreeSet<_>>()
    };
    Some(match inner {
        "sections" => Found::Many(sections(district, mine)),
        "schools" => Found::Many(schools(district, person)),
        "school" => {
            let first = person.schools.first()?;
            let mut all = district.schools.iter();
            Found::One(Row::School(all.find(|school| school.id == *first)?))
        }
        "students" => {
            let ids = shares_one(|section| &section.students);
            let meant = |other: &Person| ids.contains(&other.id);
            Found::Many(people(&district.students, meant, Row::Student))
        }
        "teachers" => {
            let ids = shares_one(|section| &section.teachers);
            let meant = |other: &Person| ids.contains(&other.id);
            Found::Many(people(&district.teachers, meant, Row::Teacher))
        }
        _ => return None,
    })
}

fn of_section<'a>(district: &'a District, section: &'a Section, inner: &str) -> Option<Found<'a>> {
    match inner {
        "students" => Some(Found::Many(people(
            &district.students,
            |person| section.students.contains(&person.id),
            Row::Student,
        ))),
        "teachers" => Some(Found::Many(people(
            &district.teachers,
            |person| section.teachers.contains(&person.id),
            Row::Teacher,
        ))),
        "teacher" => {
            let first = section.teachers.first()?;
            let mut all = district.teachers.iter();
            Some(Found::One(Row::Teacher(all.find(|one| one.id == *first)?)))
        }
        "school" => {
            let school = district
                .schools
                .iter()
                .find(|school| school.id == section.school)?;
            Some(Found::One(Row::School(school)))
        }
        "course" => {
            let id = section.course.as_ref()?;
            let course = district.courses.iter().find(|course| course.id == *id)?;
            Some(Found::One(Row::Course(course)))
        }
        "term" => {
            let id = district.term_at_clever(section)?;
            let term = district.terms.iter().find(|term| term.id == id)?;
            Some(Found::One(Row::Term(term)))
        }
        _ => None,
    }
}

fn people<'a>(
    people: &'a [Person],
    meant: impl Fn(&Person) -> bool,
    row: fn(&'a Person) -> Row<'a>,
) -> Vec<Row<'a>> {
    people
        .iter()
        .filter(|person| meant(person))
        .map(row)
        .collect()
}

fn sections(district: &District, meant: impl Fn(&Section) -> bool) -> Vec<Row<'_>> {
    let sections = district.sections.iter();
    sections
        .filter(|section| meant(section))
        .map(Row::Section)
        .collect()
}

fn schools<'a>(district: &'a District, person: &Person) -> Vec<Row<'a>> {
    let schools = district.schools.iter();
    schools
        .filter(|school| person.schools.contains(&school.id))
        .map(Row::School)
        .collect()
}
