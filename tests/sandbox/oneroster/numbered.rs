//! A district whose ids are numbers.

use std::collections::BTreeMap;

use super::super::district::{District, Person, enrollment_id};

/// The part of a generated id that is the same in all of them.
const PREFIX: &str = "66b1f0c0";

/// The same district under other ids. What has no id of the generator's form keeps its own.
pub(super) fn numbered(district: &District) -> District {
    let mut numbered = district.clone();
    let patches = std::mem::take(&mut numbered.patches);
    let status = std::mem::take(&mut numbered.status);
    let mut enrollments = BTreeMap::new();
    change(&mut numbered.id);
    for school in &mut numbered.schools {
        change(&mut school.id);
    }
    for term in &mut numbered.terms {
        change(&mut term.id);
        term.parent.iter_mut().for_each(change);
    }
    for course in &mut numbered.courses {
        change(&mut course.id);
    }
    for section in &mut numbered.sections {
        let old = section.id.clone();
        change(&mut section.id);
        change(&mut section.school);
        section.course.iter_mut().for_each(change);
        section.terms.iter_mut().for_each(change);
        for person in section.students.iter_mut().chain(&mut section.teachers) {
            let before = enrollment_id(&old, person);
            change(person);
            enrollments.insert(before, enrollment_id(&section.id, person));
        }
    }
    let people = numbered.students.iter_mut();
    for Person { id, schools, .. } in people.chain(&mut numbered.teachers) {
        change(id);
        schools.iter_mut().for_each(change);
    }
    let changed = |mut id: String| {
        enrollments.get(&id).cloned().unwrap_or_else(|| {
            change(&mut id);
            id
        })
    };
    let patches = patches
        .into_iter()
        .map(|(id, fields)| (changed(id), fields));
    numbered.patches = patches.collect();
    numbered.status.to_be_deleted = status.to_be_deleted.into_iter().map(changed).collect();
    numbered.status.not_enabled = status.not_enabled.into_iter().map(changed).collect();
    let days = status.days.into_iter();
    numbered.status.days = days.map(|(id, days)| (changed(id), days)).collect();
    numbered
}

fn change(id: &mut String) {
    let tail = id.strip_prefix(PREFIX);
    if let Some(number) = tail.and_then(|tail| u64::from_str_radix(tail, 16).ok()) {
        *id = number.to_string();
    }
}
