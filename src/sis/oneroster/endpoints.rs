//! The parts of OneRoster 1.1 that are read. Nothing else of it is: no demographics, no guardians, no results.

use super::server::{Endpoint, Place, segment};
use super::wire::Wrapper;
use crate::model::id::RosterId;
use crate::model::roster::Role;

pub(super) const SCHOOLS: Endpoint = endpoint("OneRoster schools", "orgs", "schools");
pub(super) const COURSES: Endpoint = endpoint("OneRoster courses", "courses", "courses");
pub(super) const SESSIONS: Endpoint = endpoint(
    "OneRoster academic sessions",
    "academicSessions",
    "academicSessions",
);
/// Academic sessions of the type term; some servers have nothing else.
pub(super) const TERMS: Endpoint = endpoint("OneRoster terms", "academicSessions", "terms");
pub(super) const CLASSES: Endpoint = endpoint("OneRoster classes", "classes", "classes");
pub(super) const ENROLLMENTS: Endpoint =
    endpoint("OneRoster enrollments", "enrollments", "enrollments");
/// One person at a time.
pub(super) const USER: Endpoint = endpoint("OneRoster user", "user", "users");
const STUDENTS: Endpoint = endpoint("OneRoster students", "users", "students");
const TEACHERS: Endpoint = endpoint("OneRoster teachers", "users", "teachers");
const CLASS_ENROLLMENTS: Endpoint =
    endpoint("OneRoster class enrollments", "enrollments", "enrollments");
const CLASS_STUDENTS: Endpoint = endpoint("OneRoster class students", "users", "students");
const CLASS_TEACHERS: Endpoint = endpoint("OneRoster class teachers", "users", "teachers");
const SCHOOL_STUDENTS: Endpoint = endpoint("OneRoster school students", "users", "students");
const SCHOOL_TEACHERS: Endpoint = endpoint("OneRoster school teachers", "users", "teachers");

const fn endpoint(name: &'static str, kind: &'static str, path: &'static str) -> Endpoint {
    Endpoint {
        name,
        wrapper: Wrapper { kind, path },
    }
}

/// Everybody of a role.
pub(super) fn people(role: Role) -> Endpoint {
    match role {
        Role::Student => STUDENTS,
        Role::Teacher => TEACHERS,
    }
}

/// The enrollments of a class; the standard has them below its school only. `None` where an id fits into no path.
pub(super) fn enrollments_of_class(school: &RosterId, class: &RosterId) -> Option<Place> {
    let (school, class) = (segment(school)?, segment(class)?);
    let path = format!("schools/{school}/classes/{class}/enrollments");
    Some(nested(CLASS_ENROLLMENTS, path))
}

/// The people of a role in a class.
pub(super) fn people_of_class(class: &RosterId, role: Role) -> Option<Place> {
    let endpoint = match role {
        Role::Student => CLASS_STUDENTS,
        Role::Teacher => CLASS_TEACHERS,
    };
    let path = format!("classes/{}/{}", segment(class)?, endpoint.wrapper.path);
    Some(nested(endpoint, path))
}

/// The people of a role at a school.
pub(super) fn people_of_school(school: &RosterId, role: Role) -> Option<Place> {
    let endpoint = match role {
        Role::Student => SCHOOL_STUDENTS,
        Role::Teacher => SCHOOL_TEACHERS,
    };
    let path = format!("schools/{}/{}", segment(school)?, endpoint.wrapper.path);
    Some(nested(endpoint, path))
}

fn nested(endpoint: Endpoint, path: String) -> Place {
    Place {
        endpoint,
        path,
        nested: true,
    }
}
