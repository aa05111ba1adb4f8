//! UST's list of Adobe-only people (`adobe_only_user_list`): a CSV file that `write-file` made, or that somebody wrote.

use std::collections::BTreeSet;

use super::Problems;
use super::section::Findings;
use super::table::{self, Columns, Heading, Row};
use super::text;
use crate::model::id::{Email, IdentityType, UserKey};

/// The first line has some of these. `username` (UST up to 2.6) and `email` (later) mean the login name.
const COLUMNS: Columns<Column> = Columns {
    words: &[
        ("type", Column::Type),
        ("username", Column::Username),
        ("email", Column::Username),
        ("domain", Column::Domain),
        ("umapi", Column::Organization),
    ],
    required: &[(Column::Type, "type"), (Column::Username, "username")],
    known: "the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other",
    twice: " (username and email mean the same)",
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Type,
    Username,
    Domain,
    Organization,
}

/// The accounts of a list, each once, in the order of the list. `name` tells commas (`.csv`) from tabs (anything else).
/// No message repeats a cell: even the first line may name people where its own is missing.
///
/// # Errors
/// Every bad row; one of them refuses the list.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Vec<UserKey>, Problems> {
    let mut findings = Findings::new(name);
    let keys = match text::decode(bytes) {
        Ok(text) => read(name, text, &mut findings),
        Err(text::Unreadable { at, message }) => {
            findings.problem(at, message);
            Vec::new()
        }
    };
    let (problems, _) = findings.into_parts();
    if problems.is_empty() {
        Ok(keys)
    } else {
        Err(Problems(problems))
    }
}

fn read(name: &str, text: &str, findings: &mut Findings) -> Vec<UserKey> {
    let Some((heading, rows)) = table::read(name, text, &COLUMNS, findings) else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let keys = rows
        .iter()
        .filter_map(|row| key(&heading, row, findings))
        .filter(|key| seen.insert(key.clone()));
    keys.collect()
}

/// The account of a row; `None` where a problem says why not.
fn key(heading: &Heading<Column>, row: &Row<'_>, findings: &mut Findings) -> Option<UserKey> {
    if let Some((at, wrong)) = heading.misplaced(row) {
        findings.problem(at, wrong);
        return None;
    }
    let (at, organization) = heading.cell(row, Column::Organization);
    if !organization.is_empty() {
        findings.problem(at, "umapi: further Adobe organizations are not available in this version. Delete the line, or this cell if the account is in your own");
        return None;
    }
    let (type_at, identity_type) = heading.cell(row, Column::Type);
    let (name_at, username) = heading.cell(row, Column::Username);
    let (_, domain) = heading.cell(row, Column::Domain);
    let identity_type = identity_type
        .parse::<IdentityType>()
        .map_err(|error| findings.problem(type_at, format!("type: this is {error}")));
    if username.is_empty() {
        findings.problem(name_at, "username: this account has no login name");
        return None;
    }
    let identity_type = identity_type.ok()?;
    if !username.contains('@') && (domain.is_empty() || !identity_type.is_owned()) {
        let wrong = if identity_type.is_owned() {
            "username: a login name that is not an e-mail address needs its domain in the column domain"
        } else {
            "username: the login name of an Adobe ID is an e-mail address"
        };
        findings.problem(name_at, wrong);
        return None;
    }
    Some(UserKey::of_account(
        identity_type,
        &Email::new(username),
        Some(username),
        Some(domain),
    ))
}
