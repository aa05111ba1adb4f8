//! The district of a first load.

use crate::simulators::district::District;
use crate::simulators::mapping::Mapping;

#[test]
fn a_first_load_has_as_many_people_as_it_was_asked_for() {
    for people in [1, 2, 15, 16, 17, 400, 2000] {
        let district = District::first_load(people);
        assert_eq!(district.students.len() + district.teachers.len(), people);
    }
}

#[test]
fn a_district_of_any_size_has_everything_that_the_example_configuration_names() {
    for people in [1, 2000] {
        let district = District::first_load(people);
        let example = District::example();
        let names = |district: &District| -> Vec<String> {
            let schools = district.schools.iter().map(|school| school.name.clone());
            let courses = district.courses.iter().map(|course| course.name.clone());
            let sections = district.sections.iter().map(|section| section.name.clone());
            schools.chain(courses).chain(sections).collect()
        };
        let there = names(&district);
        for name in names(&example) {
            assert!(there.contains(&name), "{people} people, no {name}");
        }
    }
}

#[test]
fn every_pupil_is_mapped() {
    let district = District::first_load(3000);
    let mapped = Mapping::example().desired(&district);
    let pupils = mapped
        .iter()
        .filter(|user| user.email.ends_with("@students.district.example"));
    assert_eq!(pupils.count(), district.students.len());
    assert!(mapped.len() > district.students.len(), "and some teachers");
}
