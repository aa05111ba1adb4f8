//! How accounts are made of people, and which people come along: `user_*_format` and `include_only`.

use std::collections::BTreeSet;

use crate::config::format::{Format, Formats};
use crate::config::section::{Field, Findings, Section};
use crate::config::tree::{Node, Value};
use crate::config::{Condition, words};
use crate::model::id::{Country, IdentityType, fold};

/// The seven formats. An empty one is its default.
pub(super) fn formats(file: &mut Section<'_>, findings: &mut Findings) -> Formats {
    let default = Formats::default();
    let mut read = |key, unique| {
        let field = file.take(key)?;
        format(&field, unique, findings)
    };
    Formats {
        email: read("user_email_format", true).unwrap_or(default.email),
        given_name: read("user_given_name_format", false).unwrap_or(default.given_name),
        surname: read("user_surname_format", false).unwrap_or(default.surname),
        username: read("user_username_format", true),
        domain: read("user_domain_format", false),
        country: file
            .take("user_country_code_format")
            .and_then(|field| fixed::<Country>(&field, findings)),
        identity_type: file
            .take("user_identity_type_format")
            .and_then(|field| fixed::<IdentityType>(&field, findings)),
    }
}

/// One format. What is `unique` may not be the same for everybody.
fn format(field: &Field<'_>, unique: bool, findings: &mut Findings) -> Option<Format> {
    if matches!(field.node.value, Value::Mapping(_)) {
        field.problem(
            findings,
            "a value that begins with '{' must stand in quotes, such as \"{email}\"",
        );
        return None;
    }
    let format = match Format::parse(field.text(findings)?) {
        Ok(format) => format,
        Err(message) => {
            field.problem(findings, message);
            return None;
        }
    };
    if unique && format.attributes().is_empty() {
        field.problem(
            findings,
            "this names no attribute, so everybody would be one account. Write an attribute in braces, such as {email}",
        );
    }
    if unique
        && let Some(odd) = format
            .texts()
            .find_map(|text| text.chars().find(|c| is_odd(*c)))
    {
        field.problem(
            findings,
            format!("the character {odd} would stand in everybody's address. Write what is the same for everybody, and attributes in braces: {{sis_id}}@example.org"),
        );
    }
    Some(format)
}

/// What no address and no login name has, and what is left of other notations: `${email}`, `'{email}'`.
fn is_odd(c: char) -> bool {
    matches!(c, '$' | '\'' | '"' | '<' | '>' | '[' | ']') || c.is_whitespace()
}

/// A format whose value is checked where it is the same for everybody.
fn fixed<T: std::str::FromStr>(field: &Field<'_>, findings: &mut Findings) -> Option<Format>
where
    T::Err: std::fmt::Display,
{
    let format = format(field, false, findings)?;
    if let Some(Err(error)) = format.constant().map(|text| text.parse::<T>()) {
        field.problem(
            findings,
            format!("this names no attribute, so it is the value itself, and that is wrong: {error}. An attribute is written in braces"),
        );
    }
    Some(format)
}

/// The conditions in the order of the file.
pub(super) fn include_only(field: Field<'_>, findings: &mut Findings) -> Vec<Condition> {
    let entries = field.node.entries();
    if entries.is_empty() {
        field.problem(
            findings,
            "attributes with values are expected here, one on each line below: 'gender: F'",
        );
    }
    let mut conditions: Vec<Condition> = Vec::new();
    for (name, value) in entries {
        let Some(condition) = condition(name, value, findings) else {
            continue;
        };
        if conditions
            .iter()
            .any(|known| known.attribute == condition.attribute)
        {
            findings.problem(
                name.at,
                format!("include_only: {} stands here a second time, in other letters. Several values are a list: [10, 11]", words::quoted(&condition.attribute)),
            );
        }
        conditions.push(condition);
    }
    conditions
}

/// One attribute and its values. The values may say something about people: they are not repeated.
fn condition(name: &Node, value: &Node, findings: &mut Findings) -> Option<Condition> {
    let written = name.text().unwrap_or_default();
    let attribute = fold(written);
    let plain = |c: char| c.is_alphanumeric() || "_-".contains(c);
    if attribute.is_empty() || !attribute.chars().all(plain) {
        findings.problem(
            name.at,
            format!(
                "include_only: {} is not the name of an attribute of people",
                words::quoted(written)
            ),
        );
        return None;
    }
    let nodes: Vec<&Node> = match &value.value {
        Value::Sequence(items) => items.iter().collect(),
        Value::Scalar { .. } | Value::Mapping(_) => vec![value],
    };
    let mut values = BTreeSet::new();
    for node in &nodes {
        match node.text() {
            Some(text) if !node.is_empty() => {
                values.insert(fold(text));
            }
            None if !node.is_empty() => findings.problem(
                node.at,
                format!("include_only: a value of {attribute} is one text, not a section"),
            ),
            _ => findings.problem(
                node.at,
                format!("include_only: a value of {attribute} is empty, and nobody has that. Write the value, or delete the line"),
            ),
        }
    }
    if nodes.is_empty() {
        findings.problem(
            value.at,
            format!(
                "include_only: {attribute} has an empty list. Write its values, or delete the line"
            ),
        );
    }
    (!values.is_empty()).then_some(Condition { attribute, values })
}
