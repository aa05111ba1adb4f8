//! The connector files that the root file names.

use super::section::{Field, Findings, Section};
use super::tree::{Node, Position, Value};
use super::words;

/// A file that the root file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// Where.
    pub(super) at: Position,
    /// Its name relative to the root file.
    pub(super) name: String,
}

/// `adobe_users.connectors.umapi`.
pub(super) fn umapi(adobe_users: &mut Section<'_>, findings: &mut Findings) -> Option<Reference> {
    let mut connectors = adobe_users.section("connectors", findings);
    let reference = required(&mut connectors, "umapi", findings);
    connectors.finish(findings);
    reference
}

/// `directory_users.connectors.oneroster`.
pub(super) fn source(
    directory_users: &mut Section<'_>,
    findings: &mut Findings,
) -> Option<Reference> {
    let mut connectors = directory_users.section("connectors", findings);
    let reference = required(&mut connectors, "oneroster", findings);
    for key in ["ldap", "okta", "csv", "adobe_console"] {
        if let Some(field) = connectors.take_unlisted(key) {
            field.refuse(
                findings,
                "people are read from a roster here, not from this kind of directory. Delete the line, or put '#' before it",
            );
        }
    }
    connectors.finish(findings);
    reference
}

/// The file of a connector that nothing goes without.
fn required(
    connectors: &mut Section<'_>,
    key: &'static str,
    findings: &mut Findings,
) -> Option<Reference> {
    let Some(field) = connectors.take(key) else {
        findings.problem(
            connectors.at,
            format!("{key}: this key is missing in connectors. Write {key}: connector-{key}.yml"),
        );
        return None;
    };
    only(field, findings)
}

/// The one file of a reference: a name, or a list of one name.
fn only(field: Field<'_>, findings: &mut Findings) -> Option<Reference> {
    let nodes: Vec<&Node> = match &field.node.value {
        Value::Sequence(items) => items.iter().filter(|item| !item.is_empty()).collect(),
        Value::Scalar { .. } | Value::Mapping(_) => vec![field.node],
    };
    for further in nodes.iter().filter(|node| node.text().is_none()) {
        findings.problem(
            further.at,
            format!(
                "{}: a further Adobe organization is not available in this version. Name one file",
                field.key
            ),
        );
    }
    let mut names = nodes.into_iter().filter(|node| node.text().is_some());
    let first = names.next()?;
    for further in names {
        findings.problem(
            further.at,
            format!(
                "{}: more than one file is not available in this version. Put everything into one",
                field.key
            ),
        );
    }
    let written = first.text().unwrap_or_default();
    relative(written)
        .map_err(|wrong| {
            let message = format!("{}: {} {wrong}", field.key, words::quoted(written));
            findings.problem(first.at, message);
        })
        .ok()
        .map(|name| Reference { at: first.at, name })
}

/// A name that stays in the folder of the root file.
///
/// # Errors
/// What is wrong with it, without repeating it.
pub(super) fn relative(text: &str) -> Result<String, &'static str> {
    let name = text.trim().trim_start_matches("./");
    if name.contains('\\') {
        return Err("is a Windows path. Write '/' between folder and file");
    }
    if name.is_empty()
        || name.starts_with('/')
        || name.contains(':')
        || name.split('/').any(|part| part == "..")
    {
        return Err(
            "cannot be found from S3. Upload the file beside the root file, and write its name alone",
        );
    }
    Ok(name.to_owned())
}

/// The names in a tree, as far as they can be used.
pub(super) fn named(root: &Node) -> Vec<String> {
    let mut ignored = Findings::new("");
    let mut file = Section::root(root);
    let mut adobe = file.section("adobe_users", &mut ignored);
    let mut directory = file.section("directory_users", &mut ignored);
    let found = [
        source(&mut directory, &mut ignored),
        umapi(&mut adobe, &mut ignored),
    ];
    found
        .into_iter()
        .flatten()
        .map(|reference| reference.name)
        .collect()
}

/// What a file that is not YAML seems to name, so that its connector files can be checked all the same: the source,
/// then the Adobe organization.
pub(super) fn guessed(text: &str) -> [Option<String>; 2] {
    ["oneroster:", "umapi:"].map(|key| {
        text.lines()
            .filter_map(|line| line.trim().strip_prefix(key))
            .map(|value| value.split('#').next().unwrap_or_default())
            .map(|value| value.trim().trim_matches(['"', '\'']))
            .find_map(|value| relative(value).ok())
    })
}
