//! UST's scoped sources: the rosters of several districts as one, in which every source is a class of its product.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{attributes, is_running, members};
use crate::config::{Config, PRODUCT, ScopedSource, product_name};
use crate::model::id::{RosterId, fold};
use crate::model::period::Period;
use crate::model::roster::{
    Attributes, Class, Collection, Incomplete, Member, Needs, Parts, Person, Role, Roster,
};

/// Whether there are several sources.
pub(super) fn is_scoped(config: &Config) -> bool {
    !config.source.scoped.is_empty()
}

/// What is read of one of the sources: everybody whom its filter means.
pub fn needs(source: &ScopedSource, config: &Config) -> Needs {
    let roles: BTreeSet<_> = members::roles(source.user_filter).iter().copied().collect();
    Needs {
        everybody: roles.clone(),
        roles,
        person_attributes: attributes::asked(config),
        ..Needs::default()
    }
}

/// Whether a source, which is a class here, brought nobody at all, not even somebody whose record cannot be read: then
/// it is more likely not shared than empty.
pub(super) fn has_nobody(roster: &Roster, source: &RosterId) -> bool {
    let class = roster.classes.get(source);
    class.is_some_and(|class| class.members.is_empty())
}

/// One roster of those of the sources, in their order. Who has an id in several sources and is the same person there is
/// one person, in the products of all of them (UST's connector goes by the id alone). An id is unique within its
/// district only: a further person with it is called by it and the number of the source.
///
/// # Errors
/// None that rosters of sources can cause: nobody is a member here who is not among the people.
pub fn united(rosters: Vec<(&ScopedSource, Roster)>) -> Result<Roster, Incomplete> {
    let products: Vec<&str> = rosters
        .iter()
        .map(|(source, _)| source.product.as_str())
        .collect();
    let mut union = Union::default();
    for (place, (source, roster)) in rosters.into_iter().enumerate() {
        let name = product_name(&source.product, products.iter().copied());
        union.add(place + 1, name.unwrap_or_default(), roster);
    }
    let asked = BTreeSet::from([PRODUCT.to_owned()]);
    union
        .parts
        .attribute_names
        .insert(Collection::Classes, asked);
    Roster::whole(union.parts)
}

#[derive(Debug, Default)]
struct Union {
    parts: Parts,
    /// What those are called who have an id, and where their first records are; somebody whose record was skipped has
    /// none.
    called: BTreeMap<RosterId, Vec<(RosterId, Option<usize>)>>,
}

impl Union {
    fn add(&mut self, number: usize, name: String, roster: Roster) {
        let mut own = BTreeMap::<RosterId, RosterId>::new();
        let mut members = Vec::new();
        for mut person in roster.people.into_values() {
            let name = self.name(number, &person);
            own.insert(std::mem::replace(&mut person.id, name.clone()), name);
            members.extend(person.roles.iter().map(|role| member(&person.id, *role)));
            self.parts.people.push(person);
        }
        for mut record in roster.skipped {
            if let Some(id) = record.id.take() {
                let name = own.entry(id);
                let name = name.or_insert_with_key(|id| self.new_name(number, id, None));
                members.push(member(name, Role::Student));
                record.id = Some(name.clone());
            }
            self.parts.skipped.push(record);
        }
        self.parts.classes.push(Class {
            id: RosterId::new(number.to_string()),
            active: true,
            course: None,
            terms: BTreeSet::new(),
            members,
            attributes: Attributes::from([(PRODUCT.to_owned(), Value::String(name))]),
        });
        self.parts
            .person_attribute_names
            .extend(roster.person_attribute_names);
        for notice in roster.notices {
            if !self.parts.notices.contains(&notice) {
                self.parts.notices.push(notice);
            }
        }
        let state = &mut self.parts.district_state;
        if state.as_deref().is_none_or(is_running) {
            *state = roster.district_state.or(state.take());
        }
    }

    /// What a person is called: as in an earlier source, where it is the same one.
    fn name(&mut self, number: usize, person: &Person) -> RosterId {
        let known = self.called.get(&person.id).into_iter().flatten();
        let mut same = known.filter(|(_, record)| {
            let record = record.and_then(|place| self.parts.people.get(place));
            record.is_some_and(|other| is_same(other, person))
        });
        if let Some((name, _)) = same.next() {
            return name.clone();
        }
        self.new_name(number, &person.id, Some(self.parts.people.len()))
    }

    /// The id, where nobody is called so yet.
    fn new_name(&mut self, number: usize, id: &RosterId, record: Option<usize>) -> RosterId {
        let called = self.called.entry(id.clone()).or_default();
        let name = if called.is_empty() {
            id.clone()
        } else {
            RosterId::new(format!("{} (source {number})", id.as_str()))
        };
        called.push((name.clone(), record));
        name
    }
}

fn member(person: &RosterId, role: Role) -> Member {
    Member {
        person: person.clone(),
        role,
        active: true,
        period: Period::ALWAYS,
    }
}

/// Whether two records with the same id are of one person, of whom all that decides is the same. An address makes
/// somebody known, and without one the name does.
fn is_same(one: &Person, other: &Person) -> bool {
    let address = |person: &Person| person.email.as_deref().map(fold);
    let is_known = match (address(one), address(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.given_name == other.given_name && one.family_name == other.family_name,
        _ => false,
    };
    is_known
        && one.attributes == other.attributes
        && (one.active, one.enabled) == (other.active, other.enabled)
}
