//! A district that the example configuration is about, of any size.

use super::District;
use super::build::Builder;
use super::example::{COURSES, SCHOOLS, SECTIONS};
use super::generate::school_name;
use super::names::FAMILY;

/// So many people have a teacher among them.
const PEOPLE_TO_A_TEACHER: usize = 16;
/// Pupils of a school.
const IN_A_SCHOOL: usize = 600;
/// Pupils of a homeroom.
const IN_A_HOMEROOM: usize = 25;
/// Homerooms for each section of another course.
const HOMEROOMS_TO_AN_ELECTIVE: usize = 4;
/// The course of all homerooms, by its position.
const HOMEROOM: usize = 0;

impl District {
    /// So many pupils and teachers in a fitting number of schools and sections, among them everything that `infra/config`
    /// names. Every pupil has a homeroom, which is the course of its first directory group.
    pub fn first_load(people: usize) -> Self {
        let mut builder = Builder::new("66b1f0c0000000000000f157", "Rockaway Beach Schools", 50);
        let teachers = people / PEOPLE_TO_A_TEACHER;
        let pupils = people - teachers;
        for name in SCHOOLS {
            builder.school(name);
        }
        for number in SCHOOLS.len()..pupils.div_ceil(IN_A_SCHOOL) {
            builder.school(&school_name(number - SCHOOLS.len()));
        }
        builder.students(pupils);
        builder.teachers(teachers);
        for (name, code) in COURSES {
            builder.course(name, code);
        }
        for (name, course, school, period) in SECTIONS {
            builder.section(name, course, school, period);
        }
        for school in 0..builder.district.schools.len() {
            homerooms(&mut builder, school);
        }
        builder.district
    }
}

/// Homerooms for all pupils whose first school it is, and a few sections of other courses.
fn homerooms(builder: &mut Builder, school: usize) {
    let id = builder.district.schools[school].id.clone();
    let students = builder.district.students.iter();
    let pupils: Vec<String> = students
        .filter(|person| person.schools.first() == Some(&id))
        .map(|person| person.id.clone())
        .collect();
    for (number, pupils) in pupils.chunks(IN_A_HOMEROOM).enumerate() {
        let place = builder.district.sections.len() + 1;
        let teacher = builder.random.pick(&FAMILY);
        let name = format!("Class {place:03}, Homeroom - {teacher} - 0");
        builder.homeroom(&name, HOMEROOM, school, pupils);
        if number.is_multiple_of(HOMEROOMS_TO_AN_ELECTIVE) {
            let course = 1 + builder.random.below(COURSES.len() - 1);
            let period = 1 + builder.random.below(8);
            let name = format!("{} - Period {period}", COURSES[course].0);
            builder.section(&name, course, school, period);
        }
    }
}
