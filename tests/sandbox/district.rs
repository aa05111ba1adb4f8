//! A school district as plain data: what a student information system shares.

#[path = "district/build.rs"]
mod build;
#[path = "district/canary.rs"]
pub mod canary;
#[path = "district/example.rs"]
mod example;
#[path = "district/first_load.rs"]
mod first_load;
#[path = "district/generate.rs"]
mod generate;
#[path = "district/irregular.rs"]
mod irregular;
#[path = "district/names.rs"]
mod names;
#[path = "district/row.rs"]
mod row;
#[path = "district/status.rs"]
mod status;
#[path = "district/terms.rs"]
mod terms;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use generate::Shape;
pub use irregular::Planted;
pub use row::Row;
pub use status::{Status, enrollment_id};
pub use terms::Term;

/// Everything that a district shares. Unless it is irregular, all ids are Clever's: 24 hexadecimal digits.
#[derive(Debug, Clone, PartialEq)]
pub struct District {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Clever's word: `running`, `pending`, `error` or `paused`.
    pub state: String,
    /// Schools.
    pub schools: Vec<School>,
    /// School years, first the one that it is, and their terms.
    pub terms: Vec<Term>,
    /// Courses.
    pub courses: Vec<Course>,
    /// Sections with their enrollments.
    pub sections: Vec<Section>,
    /// Pupils.
    pub students: Vec<Person>,
    /// Teachers.
    pub teachers: Vec<Person>,
    /// By the id of a record: fields that it shows instead of its own, or besides them. So that a record can be odd.
    pub patches: BTreeMap<String, Map<String, Value>>,
    /// What OneRoster says of records besides; Clever has no such fields.
    pub status: Status,
}

/// A school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `sis_id` and `school_number`.
    pub number: String,
}

/// A course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its id.
    pub id: String,
    /// Its name; several courses may have the same.
    pub name: String,
    /// `number`.
    pub number: String,
}

/// A section of a course: a class, in OneRoster's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its id.
    pub id: String,
    /// Its name; several sections may have the same.
    pub name: String,
    /// `sis_id`.
    pub number: String,
    /// The school it is taught at.
    pub school: String,
    /// The course; Clever knows sections without one.
    pub course: Option<String>,
    /// Ids of the terms that it is taught in; none where nobody says.
    pub terms: Vec<String>,
    /// At which hours it is taught.
    pub period: String,
    /// Ids of pupils.
    pub students: Vec<String>,
    /// Ids of teachers, the first one first.
    pub teachers: Vec<String>,
}

/// A pupil or a teacher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id that enrollments use.
    pub id: String,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// E-mail address.
    pub email: Option<String>,
    /// `sis_id`, and `student_number` or `teacher_number`.
    pub number: String,
    /// Ids of schools, the primary one first.
    pub schools: Vec<String>,
}

impl District {
    /// Nobody and nothing.
    pub fn empty(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            state: "running".to_owned(),
            schools: Vec::new(),
            terms: Vec::new(),
            courses: Vec::new(),
            sections: Vec::new(),
            students: Vec::new(),
            teachers: Vec::new(),
            patches: BTreeMap::new(),
            status: Status::default(),
        }
    }

    /// The record with this id shows `value` as its `field`.
    pub fn patch(&mut self, id: &str, field: &str, value: Value) {
        let fields = self.patches.entry(id.to_owned()).or_default();
        fields.insert(field.to_owned(), value);
    }

    /// The section of that name.
    ///
    /// # Panics
    /// Where there is none: a slip of the test.
    pub fn section_named(&self, name: &str) -> &Section {
        let mut sections = self.sections.iter();
        let found = sections.find(|section| section.name == name);
        found.unwrap_or_else(|| panic!("the district has no section {name}"))
    }

    /// The same, to change it.
    ///
    /// # Panics
    /// Where there is none: a slip of the test.
    pub fn section_mut(&mut self, name: &str) -> &mut Section {
        let mut sections = self.sections.iter_mut();
        let found = sections.find(|section| section.name == name);
        found.unwrap_or_else(|| panic!("the district has no section {name}"))
    }

    /// The pupil with that address.
    ///
    /// # Panics
    /// Where there is none: a slip of the test.
    pub fn student_mut(&mut self, email: &str) -> &mut Person {
        let mut students = self.students.iter_mut();
        let found = students.find(|student| student.email.as_deref() == Some(email));
        found.expect("the district has a pupil with that address")
    }

    /// The pupil leaves the district: the record, and the places in sections.
    pub fn leaves(&mut self, student: &str) {
        self.students.retain(|person| person.id != student);
        for section in &mut self.sections {
            section.students.retain(|id| id != student);
        }
    }
}
