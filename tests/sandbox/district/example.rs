//! The district that the example configuration is about.

use super::District;
use super::build::Builder;

pub(super) const SCHOOLS: [&str; 3] = [
    "Harbor Elementary School",
    "Rockaway Beach Middle School",
    "Alder Creek High School",
];

pub(super) const COURSES: [(&str, &str); 4] = [
    ("Class 001, Homeroom", "HR-001"),
    ("Econ 101", "ECON-101"),
    ("Studio Art", "ART-101"),
    ("Algebra I", "MATH-101"),
];

/// Name, course, school and period. Positions count from 0.
pub(super) const SECTIONS: [(&str, usize, usize, usize); 14] = [
    ("Class 001, Homeroom - Rivera - 0", 0, 0, 0),
    ("Class 002, Homeroom - Okoye - 0", 0, 0, 0),
    ("Class 003, Homeroom - Stark - 0", 0, 1, 0),
    ("Class 004, Homeroom - Lund - 0", 0, 2, 0),
    ("Econ 101 - Period 1", 1, 2, 1),
    ("Econ 101 - Period 2", 1, 2, 2),
    ("Econ 101 - Period 4", 1, 2, 4),
    ("Studio Art - Period 1", 2, 1, 1),
    ("Studio Art - Period 3", 2, 2, 3),
    ("Studio Art - Period 5", 2, 2, 5),
    ("Algebra I - Period 1", 3, 1, 1),
    ("Algebra I - Period 2", 3, 1, 2),
    ("Algebra I - Period 3", 3, 2, 3),
    ("Algebra I - Period 6", 3, 2, 6),
];

impl District {
    /// The schools, courses and sections that `infra/config` names, and others, with a few hundred people.
    pub fn example() -> Self {
        let mut builder = Builder::new("66b1f0c0000000000000e001", "Rockaway Beach Schools", 8);
        for name in SCHOOLS {
            builder.school(name);
        }
        builder.students(330);
        builder.teachers(27);
        for (name, code) in COURSES {
            builder.course(name, code);
        }
        for (name, course, school, period) in SECTIONS {
            builder.section(name, course, school, period);
        }
        builder.district
    }
}
