//! Irregular districts: what they say was planted is there, and both servers show it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::simulators::district::{District, Person, Planted, Shape};
use crate::simulators::mapping::{Entry, Kind, Who, address};
use crate::simulators::world::{Setup, World};

pub(super) const SHAPE: Shape = Shape {
    seed: 23,
    schools: 3,
    students: 240,
    teachers: 20,
    courses: 6,
    sections: 30,
};

fn person<'a>(district: &'a District, id: &str) -> &'a Person {
    let mut people = district.students.iter().chain(&district.teachers);
    people.find(|person| person.id == id).unwrap()
}

/// All people lists of ids.
fn alone(planted: &Planted) -> Vec<&String> {
    let pairs = planted.shared_email.iter().chain(&planted.two_ids);
    let pairs = pairs.chain(&planted.cased_ids).chain(&planted.twins);
    [
        &planted.without_email,
        &planted.bad_email,
        &planted.listed_twice,
        &planted.mixed_case,
        &planted.padded,
        &planted.unicode,
        &planted.nameless,
        &planted.long_named,
        &planted.odd_ids,
        &planted.odd_email,
        &planted.markup,
        &planted.numeric_ids,
        &planted.unreadable,
        &planted.without_id,
        &planted.without_schools,
        &planted.without_sections,
        &planted.ended,
        &planted.begins,
    ]
    .into_iter()
    .flatten()
    .chain(pairs.flatten())
    .collect()
}

#[test]
fn the_same_shape_gives_the_same_district() {
    assert_eq!(District::irregular(SHAPE), District::irregular(SHAPE));
    let other = Shape { seed: 24, ..SHAPE };
    assert_ne!(District::irregular(SHAPE), District::irregular(other));
}

#[test]
fn nobody_is_planted_twice_and_everybody_planted_exists() {
    let (district, planted) = District::irregular(SHAPE);
    let all = alone(&planted);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    for id in all {
        person(&district, id);
    }
}

#[test]
fn addresses_are_as_irregular_as_it_says() {
    let (district, planted) = District::irregular(SHAPE);
    for id in planted.without_email.iter().chain(&planted.bad_email) {
        assert_eq!(address(person(&district, id)), None, "{id}");
    }
    for id in &planted.padded {
        assert!(address(person(&district, id)).is_some());
    }
    let written = |id: &String| person(&district, id).email.clone().unwrap();
    for id in &planted.mixed_case {
        assert_ne!(written(id), written(id).to_lowercase());
    }
    let [one, other] = &planted.shared_email[0];
    assert_eq!(written(one), written(other));
    assert_ne!(person(&district, one).last, "");
    let [one, other] = &planted.two_ids[0];
    let (one, other) = (person(&district, one), person(&district, other));
    assert_eq!(
        (&one.email, &one.first, &one.last),
        (&other.email, &other.first, &other.last)
    );
    // Whoever shares an address is known to do so.
    let mut owners = BTreeMap::<String, BTreeSet<&String>>::new();
    for person in district.students.iter().chain(&district.teachers) {
        if let Some(email) = address(person) {
            owners.entry(email).or_default().insert(&person.id);
        }
    }
    let shared = owners.values().filter(|ids| ids.len() > 1).count();
    let pairs = [&planted.shared_email, &planted.two_ids, &planted.twins];
    assert_eq!(shared, pairs.into_iter().map(Vec::len).sum::<usize>());
}

#[test]
fn records_are_as_irregular_as_it_says() {
    let (district, planted) = District::irregular(SHAPE);
    let rows = |id: &String| district.students.iter().filter(|one| one.id == *id).count();
    assert!(planted.listed_twice.iter().all(|id| rows(id) == 2));
    let named = |id: &String| {
        let one = person(&district, id);
        !one.first.trim().is_empty() || !one.last.trim().is_empty()
    };
    assert!(!planted.nameless.iter().any(named));
    assert_eq!(planted.refused_by_adobe(&district).len(), 5);
    let sections = || district.sections.iter();
    let members = || sections().flat_map(|one| one.students.iter().chain(&one.teachers));
    assert!(!members().any(|id| planted.without_sections.contains(id)));
    let known = |id: &&String| {
        let mut people = district.students.iter().chain(&district.teachers);
        people.any(|one| one.id == **id)
    };
    let unknown: Vec<&String> = members().filter(|id| !known(id)).collect();
    assert_eq!(unknown, planted.unknown.iter().collect::<Vec<_>>());
    assert!(!unknown.is_empty() && unknown.len() * 100 < members().count());
    for id in &planted.empty_sections {
        let section = sections().find(|one| one.id == *id).unwrap();
        assert!(section.students.is_empty() && section.teachers.is_empty());
    }
    assert!(sections().any(|one| one.teachers.len() == 3));
    assert!(sections().any(|one| one.course.is_none()));
    let without_course = sections().find(|one| one.id == planted.without_course);
    let course = without_course.unwrap().course.clone().unwrap();
    assert!(!district.courses.iter().any(|one| one.id == course));
    let people = || district.students.iter().chain(&district.teachers);
    assert!(!people().any(|one| one.schools.contains(&planted.empty_school)));
    assert!(sections().any(|one| one.name.chars().count() == 10_000));
    assert!(
        district
            .students
            .iter()
            .any(|one| one.first.chars().count() == 10_000)
    );
    let enrolled = |planted: &[String], begins: &str| {
        let days = district.status.days.iter();
        let days = days.filter(|(_, [first, _])| first == begins);
        let ids: Vec<&String> = days.map(|(id, _)| id).collect();
        assert_eq!((ids.len(), planted.len()), (2, 2));
        assert!(
            planted
                .iter()
                .all(|person| ids.iter().any(|id| id.ends_with(person)))
        );
    };
    enrolled(&planted.ended, "2026-09-01");
    enrolled(&planted.begins, "2026-11-26");
    for id in &planted.odd_records {
        assert!(id.contains(['/', '%', '#']), "{id}");
    }
}

#[test]
fn a_title_in_several_spellings_means_all_of_its_sections() {
    let (district, planted) = District::irregular(SHAPE);
    let entry = Entry::new(Kind::Classes, &planted.common_title, Who::Teachers, &[]);
    let titled = district.sections.iter().skip(2).take(3);
    let teachers: BTreeSet<&str> = titled
        .flat_map(|section| section.teachers.iter().map(String::as_str))
        .collect();
    assert_eq!(entry.members(&district).1, teachers);
}

#[tokio::test]
async fn a_pass_over_an_irregular_district_at_clever_ends_in_the_desired_state() {
    let (district, planted) = District::irregular(SHAPE);
    let mapping = planted.mapping(&district);
    let refused = planted.without_account(&district);
    let world = World::start(Setup::new(district, mapping, Vec::new())).await;
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "partial", "{answer}");
    let mut desired = world.desired();
    desired.retain(|email, _| !refused.contains(email));
    assert_eq!(world.memberships(), desired);
}
