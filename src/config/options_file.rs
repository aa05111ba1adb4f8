//! `invocation_defaults` of the root file.

use super::options::{self, Overrides};
use super::section::{Field, Findings};
use super::tree::{Node, Value};

/// Reads the section.
pub(super) fn read(field: Field<'_>, findings: &mut Findings) -> Overrides {
    let mut section = field.section(findings);
    let mut overrides = Overrides::default();
    for name in options::NAMES {
        let Some(field) = section.take(name) else {
            continue;
        };
        let values = match &field.node.value {
            Value::Scalar { text, .. } => vec![text.trim().to_owned()],
            Value::Sequence(items) => items
                .iter()
                .filter_map(Node::text)
                .map(|text| text.trim().to_owned())
                .collect(),
            Value::Mapping(_) => {
                field.text(findings);
                continue;
            }
        };
        match overrides.set(name, &values) {
            Ok(None) => {}
            Ok(Some(notice)) => findings.notice(notice),
            Err(message) => findings.problem(field.node.at, message),
        }
    }
    for (name, instead) in [
        ("mode", "; test_mode says what happens without it"),
        ("fresh", ""),
    ] {
        if let Some(field) = section.take_unlisted(name) {
            let message = format!("this stands in events only. Delete the line{instead}");
            field.refuse(findings, message);
        }
    }
    section.finish(findings);
    overrides
}

/// `ssl_verify` of the server section: certificates are always checked.
pub(super) fn certificate_check(field: &Field<'_>, findings: &mut Findings) {
    match field.flag(findings) {
        Some(true) => field.idle("certificates are always checked", findings),
        Some(false) => field.problem(findings, options::CERTIFICATES),
        None => {}
    }
}

/// What `users` says that the mapping does not know.
pub(super) fn unknown_groups(
    overrides: &Overrides,
    mapping: &[super::MappingEntry],
) -> Vec<String> {
    let Some(users) = &overrides.users else {
        return Vec::new();
    };
    options::users(users, mapping).err().unwrap_or_default()
}
