//! What formats and `include_only` ask of people, and whether anybody carries it.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::config::format::Formats;
use crate::model::id::fold;
use crate::model::roster::{Person, Roster};

/// What every source keeps of a person, asked for or not.
const OWN: [&str; 3] = ["email", "givenname", "familyname"];

/// The further attributes that a source has to keep, by lower-case name.
pub(super) fn asked(config: &Config) -> BTreeSet<String> {
    let source = &config.source;
    let formats = source.formats.by_key();
    let in_formats = formats.flat_map(|(_, format)| format.attributes());
    let conditions = source.include_only.iter();
    in_formats
        .chain(conditions.map(|condition| condition.attribute.as_str()))
        .filter(|name| !OWN.contains(name))
        .map(str::to_owned)
        .collect()
}

/// One sentence for each attribute that a written format or `include_only` names and nobody in the roster carries: the
/// pass is not to go on, as everybody would be left out. A roster without people tells nothing.
pub fn unknown(roster: &Roster, config: &Config) -> Vec<String> {
    if roster.people.is_empty() {
        return Vec::new();
    }
    let carried: BTreeSet<String> = roster
        .person_attribute_names
        .iter()
        .map(|name| fold(name))
        .collect();
    let is_carried = |name: &str| carried.contains(name) || has_anybody(roster, name);
    named(config)
        .into_iter()
        .filter(|(name, _)| !is_carried(name))
        .map(|(name, keys)| {
            let advice = nearest(name, &roster.person_attribute_names);
            format!(
                "{}: nobody in the roster has an attribute '{name}'{advice}. Correct it in connector-oneroster.yml.",
                keys.join(", ")
            )
        })
        .collect()
}

/// The attributes by lower-case name, each with the keys that name it. A format that is as it would be without its key
/// is not written.
fn named(config: &Config) -> BTreeMap<&str, Vec<&'static str>> {
    let usual = Formats::default();
    let usual: BTreeMap<_, _> = usual.by_key().collect();
    let mut named = BTreeMap::<&str, Vec<&'static str>>::new();
    for (key, format) in config.source.formats.by_key() {
        if usual.get(key) == Some(&format) {
            continue;
        }
        for name in format.attributes() {
            named.entry(name).or_default().push(key);
        }
    }
    for condition in &config.source.include_only {
        let keys = named.entry(&condition.attribute).or_default();
        if keys.last() != Some(&"include_only") {
            keys.push("include_only");
        }
    }
    named
}

/// Whether anybody has a value of it: a source need not list what it always keeps.
fn has_anybody(roster: &Roster, name: &str) -> bool {
    let has = |person: &Person| match name {
        "email" => person.email.is_some(),
        "givenname" => person.given_name.is_some(),
        "familyname" => person.family_name.is_some(),
        other => person.attributes.contains_key(other),
    };
    roster.people.values().any(has)
}

/// `; the nearest name that exists is 'sourcedId'`, or nothing where there is none.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a String>) -> String {
    let nearest = known.into_iter().max_by(|one, other| {
        let likeness = |known: &str| strsim::jaro_winkler(name, &fold(known));
        likeness(one)
            .total_cmp(&likeness(other))
            .then_with(|| other.cmp(one))
    });
    nearest.map_or_else(String::new, |nearest| {
        format!("; the nearest name that exists is '{nearest}'")
    })
}
