//! `adobe_users`, without its connectors: which accounts no pass touches, and what `update_user_info` may change.

use std::collections::BTreeSet;

use crate::model::id::IdentityType;

use super::pattern::Pattern;
use super::section::{Field, Findings, Section};
use super::tree::Position;
use super::{Exclusions, UpdateAttribute, mapping, words};

/// UST's words.
const ATTRIBUTES: [(&str, UpdateAttribute); 3] = [
    ("firstname", UpdateAttribute::FirstName),
    ("lastname", UpdateAttribute::LastName),
    ("email", UpdateAttribute::Email),
];

/// Reads the three `exclude_*` lists; each may be one value, too.
pub(super) fn exclusions(section: &mut Section<'_>, findings: &mut Findings) -> Exclusions {
    let mut exclusions = Exclusions::default();
    if let Some(field) = section.take("exclude_identity_types") {
        for (at, text) in field.texts(findings) {
            match text.parse::<IdentityType>() {
                Ok(kind) => {
                    exclusions.identity_types.insert(kind);
                }
                Err(_same) => findings.problem(
                    at,
                    format!(
                        "{}: {}",
                        field.key,
                        words::unknown(text, IdentityType::ALL.map(IdentityType::as_str))
                    ),
                ),
            }
        }
    }
    if let Some(field) = section.take("exclude_adobe_groups") {
        for (at, text) in field.texts(findings) {
            match mapping::adobe_group(text) {
                Ok(group) => {
                    exclusions.groups.insert(group);
                }
                Err(message) => findings.problem(at, format!("{}: {message}", field.key)),
            }
        }
    }
    if let Some(field) = section.take("exclude_users") {
        let patterns = patterns(&field, findings).into_iter();
        exclusions.users = patterns.map(|(_, pattern)| pattern).collect();
    }
    exclusions
}

/// Each pattern with its place. It may be somebody's name: no message repeats it.
pub(super) fn patterns(field: &Field<'_>, findings: &mut Findings) -> Vec<(Position, Pattern)> {
    let mut patterns = Vec::new();
    for (at, text) in field.texts(findings) {
        match Pattern::new(text) {
            Ok(pattern) => patterns.push((at, pattern)),
            Err(message) => findings.problem(at, format!("{}: {message}", field.key)),
        }
    }
    patterns
}

/// `update_attributes`.
pub(super) fn update_attributes(
    section: &mut Section<'_>,
    findings: &mut Findings,
) -> BTreeSet<UpdateAttribute> {
    let Some(field) = section.take("update_attributes") else {
        return UpdateAttribute::ALL.into();
    };
    let mut attributes = BTreeSet::new();
    for (at, text) in field.texts(findings) {
        let folded = crate::model::id::fold(text);
        let known = ATTRIBUTES.iter().find(|(word, _)| *word == folded);
        let message = match known {
            Some((_, attribute)) => {
                attributes.insert(*attribute);
                continue;
            }
            None if folded == "username" => {
                "the login name of an account is never changed: people sign in with it. Leave username out".to_owned()
            }
            None => words::unknown(text, ATTRIBUTES.map(|(word, _)| word)),
        };
        findings.problem(at, format!("{}: {message}", field.key));
    }
    attributes
}
