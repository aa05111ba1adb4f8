//! The attributes of records that matching, formats and filters ask for, and nothing else of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_json::value::RawValue;

use super::fields::{Fields, items, text};
use crate::model::roster::Attributes;

/// What matching asks for, under the (lower-case) names that it asks by. What one source calls a `name` another calls
/// a `title`; who asks by one of the words alone means the other, too.
pub(super) fn of_group(wanted: &BTreeSet<String>, fields: &Fields<'_>) -> Attributes {
    let other = |name: &str| match name {
        "title" if !wanted.contains("name") => Some("name"),
        "name" if !wanted.contains("title") => Some("title"),
        _ => None,
    };
    wanted
        .iter()
        .filter_map(|name| {
            let raw = field(fields, name).or_else(|| field(fields, other(name)?))?;
            Some((name.clone(), scalar(raw)?))
        })
        .collect()
}

/// What formats and filters ask of a person, under the (lower-case) names that they ask by: the texts of a single value
/// or of a list. What is blank is not there.
pub(super) fn of_person(
    wanted: &BTreeSet<String>,
    fields: &Fields<'_>,
) -> BTreeMap<String, Vec<String>> {
    wanted
        .iter()
        .filter_map(|name| {
            let texts = texts(field(fields, name)?);
            (!texts.is_empty()).then(|| (name.clone(), texts))
        })
        .collect()
}

/// A field by its name without regard to case.
fn field<'a>(fields: &Fields<'a>, wanted: &str) -> Option<&'a RawValue> {
    fields
        .raw()
        .find(|(name, _)| name.to_lowercase() == wanted)
        .map(|(_, raw)| raw)
}

/// Only what can equal a name in a mapping: no lists and no objects, which may hold people.
fn scalar(raw: &RawValue) -> Option<Value> {
    let value = match raw.get().bytes().next()? {
        b'[' | b'{' => return None,
        _ => serde_json::from_str(raw.get()).ok()?,
    };
    (value != Value::Null).then_some(value)
}

/// All single values; what is nested says nothing.
fn texts(raw: &RawValue) -> Vec<String> {
    let single = |raw: &RawValue| match raw.get() {
        word @ ("true" | "false") => Some(word.to_owned()),
        _ => text(raw).flatten(),
    };
    items(raw).into_iter().filter_map(single).collect()
}
