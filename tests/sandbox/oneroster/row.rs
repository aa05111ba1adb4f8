//! Records as OneRoster 1.1 writes them (1EdTech, OneRoster 1.1 specification, section 4).

use serde_json::{Map, Value, json};

use super::super::district::{
    Course, District, Person, School, Section, Term, canary, enrollment_id,
};
use super::super::query::escape;
use super::rules::Oddities;

const MODIFIED: &str = "2026-11-20T05:09:31.000Z";
/// References lead to another host than the one that was asked.
const REFERENCES: &str = "https://references.example/ims/oneroster/v1p1";
/// The id of everybody's guardian.
const GUARDIAN: &str = "guardian-1";

/// What somebody is, at large or in a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Student,
    Teacher,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Teacher => "teacher",
        }
    }
}

/// What rows are. It names their list and their fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Org,
    AcademicSession,
    Course,
    Class,
    User,
    Enrollment,
}

impl Type {
    /// The keys of a list and of a single record.
    pub(super) fn words(self) -> [&'static str; 2] {
        match self {
            Self::Org => ["orgs", "org"],
            Self::AcademicSession => ["academicSessions", "academicSession"],
            Self::Course => ["courses", "course"],
            Self::Class => ["classes", "class"],
            Self::User => ["users", "user"],
            Self::Enrollment => ["enrollments", "enrollment"],
        }
    }

    /// Whether its records have a field of that name.
    pub(super) fn has(self, field: &str) -> bool {
        let own = match self {
            Self::Org => "name type identifier parent children",
            Self::AcademicSession => "title startDate endDate type parent children schoolYear",
            Self::Course => {
                "title schoolYear courseCode grades subjects subjectCodes org resources"
            }
            Self::Class => {
                "title classCode classType location grades subjects subjectCodes course school terms periods resources"
            }
            Self::User => {
                "username userIds enabledUser givenName familyName middleName role identifier email sms phone agents \
                 orgs grades password"
            }
            Self::Enrollment => "user class school role primary beginDate endDate",
        };
        let common = "sourcedId status dateLastModified metadata";
        [common, own]
            .into_iter()
            .any(|names| names.split(' ').any(|name| name == field))
    }
}

/// A record of any collection.
#[derive(Debug, Clone, Copy)]
pub(super) enum Row<'a> {
    District(&'a District),
    School(&'a School),
    Session(&'a Term),
    Course(&'a Course),
    Class(&'a Section),
    User(&'a Person, Role),
    /// Somebody whom `/users` lists and no class.
    Guardian,
    Enrollment(&'a Section, &'a str, Role),
}

impl Row<'_> {
    pub(super) fn id(self) -> String {
        match self {
            Self::District(district) => district.id.clone(),
            Self::School(school) => school.id.clone(),
            Self::Session(term) => term.id.clone(),
            Self::Course(course) => course.id.clone(),
            Self::Class(section) => section.id.clone(),
            Self::User(person, _) => person.id.clone(),
            Self::Guardian => GUARDIAN.to_owned(),
            Self::Enrollment(section, person, _) => enrollment_id(&section.id, person),
        }
    }
}

/// Writes records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) district: &'a District,
    pub(super) oddities: &'a Oddities,
}

impl Writer<'_> {
    /// The record, with its patches.
    pub(super) fn json(self, row: Row<'_>) -> Map<String, Value> {
        let mut record = match row {
            Row::District(district) => self.org(&district.name, "district", &district.id, None),
            Row::School(school) => self.org(
                &school.name,
                "school",
                &school.number,
                Some(&self.district.id),
            ),
            Row::Session(term) => self.session(term),
            Row::Course(course) => self.course(course),
            Row::Class(section) => self.class(section),
            Row::User(person, role) => self.user(person, role),
            Row::Guardian => guardian(),
            Row::Enrollment(section, person, role) => self.enrollment(section, person, role),
        };
        let fields = record.as_object_mut().expect("every record is an object");
        let id = row.id();
        let gone = self.district.status.to_be_deleted.contains(&id);
        let status = if gone { "tobedeleted" } else { "active" };
        fields.insert("sourcedId".to_owned(), self.own_id(&id));
        fields.insert("status".to_owned(), json!(status));
        fields.insert("dateLastModified".to_owned(), json!(MODIFIED));
        fields.entry("metadata").or_insert_with(|| json!({}));
        if let Some(patches) = self.district.patches.get(&id) {
            fields.extend(patches.clone());
        }
        std::mem::take(fields)
    }

    fn own_id(self, id: &str) -> Value {
        if self.oddities.padded_ids {
            json!(format!(" {id} "))
        } else {
            self.id(id)
        }
    }

    fn id(self, id: &str) -> Value {
        match id.parse::<u64>() {
            Ok(number) if self.oddities.numeric_ids => json!(number),
            _ => json!(id),
        }
    }

    fn reference(self, to: Type, id: &str) -> Value {
        let [collection, kind] = to.words();
        let href = format!("{REFERENCES}/{collection}/{}", escape(id));
        json!({"href": href, "sourcedId": self.id(id), "type": kind})
    }

    fn list(self, entries: Vec<Value>) -> Value {
        if entries.is_empty() && self.oddities.null_lists {
            Value::Null
        } else {
            Value::Array(entries)
        }
    }

    fn org(self, name: &str, kind: &str, identifier: &str, parent: Option<&String>) -> Value {
        json!({
            "name": name,
            "type": kind,
            "identifier": identifier,
            "parent": parent.map(|id| self.reference(Type::Org, id)),
            "children": self.list(Vec::new()),
        })
    }

    fn session(self, term: &Term) -> Value {
        let reference = |id: &String| self.reference(Type::AcademicSession, id);
        let parts = self.district.terms.iter();
        let parts = parts.filter(|part| part.parent.as_ref() == Some(&term.id));
        let [first, last] = &term.days;
        json!({
            "title": term.title,
            "startDate": first,
            "endDate": last,
            "type": term.kind,
            "parent": term.parent.as_ref().map(reference),
            "children": self.list(parts.map(|part| reference(&part.id)).collect()),
            "schoolYear": "2027",
        })
    }

    fn course(self, course: &Course) -> Value {
        let year = self.district.terms.first();
        json!({
            "title": course.name,
            "schoolYear": year.map(|year| self.reference(Type::AcademicSession, &year.id)),
            "courseCode": course.number,
            "grades": self.list(Vec::new()),
            "subjects": self.list(Vec::new()),
            "subjectCodes": self.list(Vec::new()),
            "org": self.reference(Type::Org, &self.district.id),
            "resources": self.list(Vec::new()),
        })
    }

    fn class(self, section: &Section) -> Value {
        let terms = section.terms.iter();
        let terms = terms.map(|id| self.reference(Type::AcademicSession, id));
        let course = section.course.as_ref();
        json!({
            "title": section.name,
            "classCode": section.number,
            "classType": "scheduled",
            "location": "",
            "grades": self.list(Vec::new()),
            "subjects": self.list(Vec::new()),
            "subjectCodes": self.list(Vec::new()),
            "course": course.map(|id| self.reference(Type::Course, id)),
            "school": self.reference(Type::Org, &section.school),
            "terms": self.list(terms.collect()),
            "periods": [section.period],
            "resources": self.list(Vec::new()),
        })
    }

    fn user(self, person: &Person, role: Role) -> Value {
        let pupil = role == Role::Student;
        let orgs = person
            .schools
            .iter()
            .map(|id| self.reference(Type::Org, id));
        let agents = pupil.then(|| self.reference(Type::User, GUARDIAN));
        let grades = pupil.then(|| json!("09"));
        let private = json!({
            "birthDate": canary::BIRTHDAY,
            "address": canary::ADDRESS,
            "guardian": {"name": canary::GUARDIAN, "email": canary::GUARDIAN_EMAIL},
        });
        let enabled = !self.district.status.not_enabled.contains(&person.id);
        json!({
            "username": person.number,
            "userIds": [{"type": "SIS", "identifier": person.number}],
            "enabledUser": self.oddities.enabled_user.value(enabled),
            "givenName": person.first,
            "familyName": person.last,
            "middleName": "",
            "role": role.as_str(),
            "identifier": person.number,
            "email": person.email,
            "sms": if pupil { canary::PHONE } else { "" },
            "phone": "",
            "agents": self.list(agents.into_iter().collect()),
            "orgs": self.list(orgs.collect()),
            "grades": self.list(grades.into_iter().collect()),
            "password": canary::PASSWORD,
            "metadata": if pupil { private } else { json!({}) },
        })
    }

    fn enrollment(self, section: &Section, person: &str, role: Role) -> Value {
        let primary = role == Role::Teacher
            && section
                .teachers
                .first()
                .is_some_and(|first| first == person);
        let [first, last] = self.district.days_of(section, person);
        json!({
            "user": self.reference(Type::User, person),
            "class": self.reference(Type::Class, &section.id),
            "school": self.reference(Type::Org, &section.school),
            "role": role.as_str(),
            "primary": primary.to_string(),
            "beginDate": first,
            "endDate": last,
        })
    }
}

fn guardian() -> Value {
    json!({
        "username": "",
        "userIds": [],
        "enabledUser": "true",
        "givenName": "Canary",
        "familyName": "Guardian",
        "middleName": "",
        "role": "guardian",
        "identifier": "",
        "email": canary::GUARDIAN_EMAIL,
        "sms": canary::PHONE,
        "phone": canary::PHONE,
        "agents": [],
        "orgs": [],
        "grades": [],
        "password": canary::PASSWORD,
    })
}
