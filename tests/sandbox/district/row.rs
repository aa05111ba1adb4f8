//! Records as Clever v2.1 writes them (<https://dev.clever.com/v2.1/docs/data-models>).

use serde_json::{Value, json};

use super::{Course, District, Person, School, Section, Term, canary};

const CREATED: &str = "2026-08-03T05:12:44.000Z";
const MODIFIED: &str = "2026-11-20T05:09:31.000Z";

/// A record of any collection.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    /// The district itself.
    District(&'a District),
    /// A school.
    School(&'a School),
    /// A term, or a year.
    Term(&'a Term),
    /// A course.
    Course(&'a Course),
    /// A section.
    Section(&'a Section),
    /// A pupil.
    Student(&'a Person),
    /// A teacher.
    Teacher(&'a Person),
}

impl<'a> Row<'a> {
    /// The id, by which collections are ordered.
    pub fn id(self) -> &'a str {
        match self {
            Self::District(district) => &district.id,
            Self::School(school) => &school.id,
            Self::Term(term) => &term.id,
            Self::Course(course) => &course.id,
            Self::Section(section) => &section.id,
            Self::Student(person) | Self::Teacher(person) => &person.id,
        }
    }

    /// The collection in which the record has its address.
    pub fn collection(self) -> &'static str {
        match self {
            Self::District(_) => "districts",
            Self::School(_) => "schools",
            Self::Term(_) => "terms",
            Self::Course(_) => "courses",
            Self::Section(_) => "sections",
            Self::Student(_) => "students",
            Self::Teacher(_) => "teachers",
        }
    }

    /// The record, with its patches.
    pub fn json(self, district: &District) -> Value {
        let mut record = match self {
            Self::District(district) => district_row(district),
            Self::School(school) => school_row(school),
            Self::Term(term) => {
                let [first, last] = &term.days;
                json!({"id": term.id, "name": term.title, "start_date": first, "end_date": last})
            }
            Self::Course(course) => {
                json!({"id": course.id, "name": course.name, "number": course.number})
            }
            Self::Section(section) => section_row(section, district.term_at_clever(section)),
            Self::Student(person) => student_row(person),
            Self::Teacher(person) => teacher_row(person),
        };
        let fields = record.as_object_mut().expect("every record is an object");
        if !matches!(self, Self::District(_)) {
            fields.insert("district".to_owned(), json!(district.id));
            fields.insert("created".to_owned(), json!(CREATED));
            fields.insert("last_modified".to_owned(), json!(MODIFIED));
        }
        if let Some(patches) = district.patches.get(self.id()) {
            fields.extend(patches.clone());
        }
        record
    }
}

fn district_row(district: &District) -> Value {
    json!({
        "id": district.id,
        "name": district.name,
        "state": district.state,
        "sis_type": "powerschool",
        "launch_date": "2026-08-03",
        "last_sync": MODIFIED,
        "pause_start": null,
        "pause_end": null,
        "error": null,
    })
}

fn school_row(school: &School) -> Value {
    json!({
        "id": school.id,
        "name": school.name,
        "school_number": school.number,
        "sis_id": school.number,
        "state_id": school.number,
        "low_grade": "1",
        "high_grade": "12",
        "phone": "(555) 010-0100",
        "principal": {"name": "", "email": ""},
        "location": {"address": "", "city": "Rockaway Beach", "state": "OR", "zip": "97136"},
    })
}

fn section_row(section: &Section, term: Option<&str>) -> Value {
    json!({
        "id": section.id,
        "name": section.name,
        "sis_id": section.number,
        "section_number": section.number,
        "school": section.school,
        "course": section.course,
        "term_id": term,
        "period": section.period,
        "subject": "other",
        "grade": "Other",
        "students": section.students,
        "teachers": section.teachers,
        "teacher": section.teachers.first(),
        "ext": {},
    })
}

fn student_row(person: &Person) -> Value {
    let enrollments: Vec<Value> = person
        .schools
        .iter()
        .map(|school| json!({"school": school, "start_date": "2026-08-31", "end_date": "2027-06-18"}))
        .collect();
    json!({
        "id": person.id,
        "name": {"first": person.first, "middle": "", "last": person.last},
        "email": person.email,
        "sis_id": person.number,
        "student_number": person.number,
        "state_id": person.number,
        "school": person.schools.first(),
        "schools": person.schools,
        "enrollments": enrollments,
        "grade": "9",
        "graduation_year": "2030",
        "gender": "X",
        "dob": canary::BIRTHDAY,
        "race": "",
        "hispanic_ethnicity": "",
        "ell_status": "N",
        "frl_status": "",
        "iep_status": "",
        "home_language": "",
        "credentials": {"district_username": person.number, "district_password": canary::PASSWORD},
        "location": {"address": canary::ADDRESS, "city": "Rockaway Beach", "state": "OR", "zip": "97136"},
        "contacts": [{
            "name": canary::GUARDIAN,
            "type": "guardian",
            "relationship": "Guardian",
            "phone": canary::PHONE,
            "phone_type": "Cell",
            "email": canary::GUARDIAN_EMAIL,
        }],
        "ext": {},
    })
}

fn teacher_row(person: &Person) -> Value {
    json!({
        "id": person.id,
        "name": {"first": person.first, "middle": "", "last": person.last},
        "email": person.email,
        "sis_id": person.number,
        "teacher_number": person.number,
        "state_id": person.number,
        "school": person.schools.first(),
        "schools": person.schools,
        "title": "Teacher",
        "credentials": {"district_username": person.number, "district_password": canary::PASSWORD},
        "ext": {},
    })
}
