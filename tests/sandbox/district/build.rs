//! Puts districts together, record by record.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::super::random::Random;
use super::names::{FAMILY, GIVEN};
use super::{Course, District, Person, School, Section, terms};

/// The collection in the middle of an id.
const SCHOOL: u16 = 1;
const COURSE: u16 = 2;
const SECTION: u16 = 3;
const STUDENT: u16 = 4;
const TEACHER: u16 = 5;

/// A district in the making.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) district: District,
    pub(super) random: Random,
    /// Ids of pupils by the id of a school.
    pupils_at: BTreeMap<String, Vec<String>>,
    /// Ids of teachers by the id of a school.
    teachers_at: BTreeMap<String, Vec<String>>,
}

impl Builder {
    pub(super) fn new(id: &str, name: &str, seed: u64) -> Self {
        Self {
            district: District {
                terms: terms::year(),
                ..District::empty(id, name)
            },
            random: Random::new(seed),
            pupils_at: BTreeMap::new(),
            teachers_at: BTreeMap::new(),
        }
    }

    pub(super) fn school(&mut self, name: &str) {
        let number = self.district.schools.len() + 1;
        self.district.schools.push(School {
            id: id(SCHOOL, number),
            name: name.to_owned(),
            number: format!("{number:03}"),
        });
    }

    pub(super) fn course(&mut self, name: &str, code: &str) {
        let number = self.district.courses.len() + 1;
        self.district.courses.push(Course {
            id: id(COURSE, number),
            name: name.to_owned(),
            number: code.to_owned(),
        });
    }

    /// A section with one or two teachers of the school and a class of its pupils. Positions count from 0.
    pub(super) fn section(&mut self, name: &str, course: usize, school: usize, period: usize) {
        let size = 15 + self.random.below(16);
        let teachers = 1 + usize::from(self.random.percent(15));
        let id = &self.district.schools[school].id;
        let pupils = self.random.some(at(&self.pupils_at, id), size);
        let teachers = self.random.some(at(&self.teachers_at, id), teachers);
        self.add_section(name, [course, school, period], pupils, teachers);
    }

    /// A homeroom of these pupils, with a teacher of the school.
    pub(super) fn homeroom(&mut self, name: &str, course: usize, school: usize, pupils: &[String]) {
        let id = &self.district.schools[school].id;
        let teachers = self.random.some(at(&self.teachers_at, id), 1);
        self.add_section(name, [course, school, 0], pupils.to_vec(), teachers);
    }

    fn add_section(
        &mut self,
        name: &str,
        [course, school, period]: [usize; 3],
        students: Vec<String>,
        teachers: Vec<String>,
    ) {
        let number = self.district.sections.len() + 1;
        self.district.sections.push(Section {
            id: id(SECTION, number),
            name: name.to_owned(),
            number: format!("S-{number:05}"),
            course: Some(self.district.courses[course].id.clone()),
            school: self.district.schools[school].id.clone(),
            terms: terms::of_section(number),
            period: period.to_string(),
            students,
            teachers,
        });
    }

    /// Pupils, school by school in turn; two in a hundred are at a second school.
    pub(super) fn students(&mut self, count: usize) {
        for number in 1..=count {
            let person = self.person(STUDENT, number, "students.district.example", 2);
            note(&person, &mut self.pupils_at);
            self.district.students.push(person);
        }
    }

    /// Teachers, school by school in turn; ten in a hundred are at a second school.
    pub(super) fn teachers(&mut self, count: usize) {
        for number in 1..=count {
            let person = self.person(TEACHER, number, "district.example", 10);
            note(&person, &mut self.teachers_at);
            self.district.teachers.push(person);
        }
    }

    fn person(&mut self, kind: u16, number: usize, domain: &str, at_two_schools: usize) -> Person {
        let (first, last) = (*self.random.pick(&GIVEN), *self.random.pick(&FAMILY));
        let schools = self.district.schools.len();
        let mut at = vec![number % schools];
        if self.random.percent(at_two_schools) {
            let other = self.random.below(schools);
            if !at.contains(&other) {
                at.push(other);
            }
        }
        let at = at
            .into_iter()
            .map(|school| self.district.schools[school].id.clone());
        Person {
            id: id(kind, number),
            first: first.to_owned(),
            last: last.to_owned(),
            email: Some(format!("{}.{}{number}@{domain}", plain(first), plain(last))),
            number: format!("{}{number:06}", if kind == STUDENT { "P" } else { "T" }),
            schools: at.collect(),
        }
    }
}

/// Ascending in the number, as Clever's ids are in the time of their making.
fn id(kind: u16, number: usize) -> String {
    format!("66b1f0c0{kind:04x}{number:012x}")
}

fn at<'a>(people: &'a BTreeMap<String, Vec<String>>, school: &str) -> &'a [String] {
    people.get(school).map_or(&[], Vec::as_slice)
}

fn note(person: &Person, at: &mut BTreeMap<String, Vec<String>>) {
    for school in &person.schools {
        at.entry(school.clone())
            .or_default()
            .push(person.id.clone());
    }
}

/// The letters of a name that an e-mail address takes.
fn plain(name: &str) -> String {
    name.nfd()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase()
}
