//! Districts of any size.

use super::District;
use super::build::Builder;
use super::names::{GRADES, LEVELS, PLACES, SUBJECTS};

/// How large a district is. The same shape gives the same district.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Whatever number.
    pub seed: u64,
    /// Schools, at least one.
    pub schools: usize,
    /// Pupils.
    pub students: usize,
    /// Teachers.
    pub teachers: usize,
    /// Courses, at least one.
    pub courses: usize,
    /// Sections, dealt out to courses and schools in turn.
    pub sections: usize,
}

impl District {
    /// A district of that shape. Names of schools and courses differ; those of sections may repeat, as in real ones.
    pub fn generate(shape: Shape) -> Self {
        let mut builder = Builder::new(
            "66b1f0c0000000000000d157",
            "Bayside School District",
            shape.seed,
        );
        for number in 0..shape.schools {
            builder.school(&school_name(number));
        }
        builder.students(shape.students);
        builder.teachers(shape.teachers);
        for number in 0..shape.courses {
            builder.course(&course_name(number), &format!("C-{number:04}"));
        }
        for number in 0..shape.sections {
            let course = number % shape.courses;
            // A course moves on to the next school once all courses had their turn.
            let school = (number / shape.courses + course) % shape.schools;
            let period = 1 + builder.random.below(8);
            let name = format!(
                "{} - Period {period}",
                builder.district.courses[course].name
            );
            builder.section(&name, course, school, period);
        }
        builder.district
    }
}

pub(super) fn school_name(number: usize) -> String {
    let level = LEVELS[number % LEVELS.len()];
    let place = PLACES[number / LEVELS.len() % PLACES.len()];
    numbered(
        format!("{place} {level}"),
        number / (LEVELS.len() * PLACES.len()),
    )
}

fn course_name(number: usize) -> String {
    let subject = SUBJECTS[number % SUBJECTS.len()];
    let grade = GRADES[number / SUBJECTS.len() % GRADES.len()];
    numbered(
        format!("{subject} {grade}"),
        number / (SUBJECTS.len() * GRADES.len()),
    )
}

/// Once the names are used up, they come with a number.
fn numbered(name: String, round: usize) -> String {
    if round == 0 {
        name
    } else {
        format!("{name} {}", round + 1)
    }
}
