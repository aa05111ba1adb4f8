//! Generated districts: the same from the same seed, of the size asked for, and sound.

use std::collections::BTreeSet;

use crate::simulators::district::{District, Shape};
use crate::simulators::drift::drifted;
use crate::simulators::mapping::{AdobeUser, Entry, Kind, Mapping, Who};

const SHAPE: Shape = Shape {
    seed: 7,
    schools: 12,
    students: 5000,
    teachers: 400,
    courses: 60,
    sections: 900,
};

#[test]
fn the_same_seed_gives_the_same_district() {
    assert_eq!(District::generate(SHAPE), District::generate(SHAPE));
    let other = District::generate(Shape { seed: 8, ..SHAPE });
    assert_ne!(District::generate(SHAPE), other);
}

#[test]
fn a_district_has_its_shape() {
    let district = District::generate(SHAPE);
    let sizes = [
        district.schools.len(),
        district.students.len(),
        district.teachers.len(),
        district.courses.len(),
        district.sections.len(),
    ];
    assert_eq!(sizes, [12, 5000, 400, 60, 900]);
}

#[test]
fn everything_that_is_named_exists_and_addresses_differ() {
    for district in [District::generate(SHAPE), District::example()] {
        let students: BTreeSet<&String> = district.students.iter().map(|one| &one.id).collect();
        let teachers: BTreeSet<&String> = district.teachers.iter().map(|one| &one.id).collect();
        let schools: BTreeSet<&String> = district.schools.iter().map(|one| &one.id).collect();
        let courses: BTreeSet<&String> = district.courses.iter().map(|one| &one.id).collect();
        for section in &district.sections {
            assert!(!section.students.is_empty() && !section.teachers.is_empty());
            assert!(section.students.iter().all(|id| students.contains(id)));
            assert!(section.teachers.iter().all(|id| teachers.contains(id)));
            assert!(schools.contains(&section.school));
            assert!(courses.contains(section.course.as_ref().unwrap()));
        }
        let people = || district.students.iter().chain(&district.teachers);
        assert!(people().all(|one| one.schools.iter().all(|id| schools.contains(id))));
        let addresses: BTreeSet<&String> = people().filter_map(|one| one.email.as_ref()).collect();
        assert_eq!(addresses.len(), people().count());
        assert!(
            addresses
                .iter()
                .all(|address| address.len() <= 60 && address.is_ascii())
        );
    }
}

#[test]
fn a_district_is_as_untidy_as_real_ones() {
    let district = District::generate(SHAPE);
    let two_schools = |one: &&crate::simulators::district::Person| one.schools.len() > 1;
    assert!(district.students.iter().filter(two_schools).count() > 50);
    assert!(district.teachers.iter().filter(two_schools).count() > 20);
    let co_taught = district
        .sections
        .iter()
        .filter(|one| one.teachers.len() > 1);
    assert!(co_taught.count() > 50);
    let names = || {
        district
            .students
            .iter()
            .map(|one| format!("{} {}", one.first, one.last))
    };
    assert!(names().any(|name| name.contains('\'')));
    assert!(names().any(|name| !name.is_ascii()));
}

#[test]
fn a_mapping_has_different_entries_of_all_kinds() {
    let district = District::generate(SHAPE);
    let mapping = Mapping::over(&district, 60);
    let texts: BTreeSet<String> = mapping.0.iter().map(Entry::to_string).collect();
    assert_eq!(texts.len(), 60);
    for kind in [Kind::Schools, Kind::Courses, Kind::Sections] {
        for who in [Who::Students, Who::Teachers, Who::Users] {
            let same = mapping
                .0
                .iter()
                .filter(|one| one.kind == kind && one.who == who);
            assert!(same.count() >= 3, "{kind:?} {who:?}");
        }
    }
    assert!(mapping.0.iter().all(|entry| !entry.adobe_groups.is_empty()));
}

#[test]
fn the_desired_state_follows_the_enrollments() {
    let district = District::example();
    let desired = Mapping::example().desired(&district);
    let section = district
        .sections
        .iter()
        .find(|one| one.name == "Econ 101 - Period 2")
        .unwrap();
    let holds = |id: &String, group: &str| {
        let mut people = district.students.iter().chain(&district.teachers);
        let email = people
            .find(|one| one.id == *id)
            .unwrap()
            .email
            .as_ref()
            .unwrap();
        let user = desired.iter().find(|user| user.email == *email);
        user.is_some_and(|user| user.groups.contains(group))
    };
    assert!(section.students.iter().all(|id| holds(id, "All Apps")));
    assert!(
        section
            .teachers
            .iter()
            .all(|id| !holds(id, "All Apps") && holds(id, "Pro DC"))
    );
}

#[test]
fn drift_changes_as_many_memberships_as_it_is_told() {
    let district = District::generate(SHAPE);
    let mapping = Mapping::over(&district, 60);
    let desired = mapping.desired(&district);
    let groups = mapping.adobe_groups();
    assert_eq!(drifted(&desired, &groups, 0, 3), desired);
    let drifted = drifted(&desired, &groups, 5, 3);
    let (before, after) = (memberships(&desired), memberships(&drifted));
    let (lost, gained) = (
        before.difference(&after).count(),
        after.difference(&before).count(),
    );
    let share = (lost + gained) * 100;
    assert!(lost > 0 && gained > lost);
    assert!(
        share > 4 * before.len() && share <= 6 * before.len(),
        "{lost} {gained}"
    );
    assert!(drifted.iter().any(|user| user.first == "Former"));
    assert!(
        desired
            .iter()
            .any(|user| !drifted.iter().any(|known| known.email == user.email))
    );
}

fn memberships(users: &[AdobeUser]) -> BTreeSet<(&str, &str)> {
    users
        .iter()
        .flat_map(|user| {
            user.groups
                .iter()
                .map(|group| (user.email.as_str(), group.as_str()))
        })
        .collect()
}
