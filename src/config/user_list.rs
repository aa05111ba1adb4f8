//! UST's list of Adobe-only people (`adobe_only_user_list`): a CSV file that `write-file` made, or that somebody wrote.

mod place;

use std::collections::BTreeSet;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::section::Findings;
use super::text;
use super::{Problems, tree::Position};
use crate::model::id::{Email, IdentityType, UserKey, fold};
use place::Place;

/// The columns, of which the first line has some. `username` (UST up to 2.6) and `email` (later) mean the login name.
const COLUMNS: [(&str, Column); 5] = [
    ("type", Column::Type),
    ("username", Column::Username),
    ("email", Column::Username),
    ("domain", Column::Domain),
    ("umapi", Column::Organization),
];

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
    let is_csv = Path::new(name)
        .extension()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("csv"));
    let delimiter = if is_csv { b',' } else { b'\t' };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut columns: Option<Vec<Option<Column>>> = None;
    let mut keys = Vec::new();
    let mut seen = BTreeSet::new();
    for record in reader.records() {
        let Ok(record) = record else {
            // Text in memory that is UTF-8 and may have rows of any length is always read.
            findings.problem((1, 1), "this list cannot be read");
            break;
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let row = Row {
            place: Place::of(text, delimiter, &record),
            record,
        };
        let Some(columns) = &columns else {
            let Some(known) = row.columns(findings) else {
                break;
            };
            columns = Some(known);
            continue;
        };
        if let Some(key) = row.key(columns, findings)
            && seen.insert(key.clone())
        {
            keys.push(key);
        }
    }
    keys
}

/// A line that is not blank.
struct Row<'t> {
    place: Place<'t>,
    record: StringRecord,
}

impl Row<'_> {
    /// What the columns are, of the first row; `None` where a problem says why not.
    fn columns(&self, findings: &mut Findings) -> Option<Vec<Option<Column>>> {
        const KNOWN: &str = "the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other";
        let mut columns: Vec<Option<Column>> = Vec::new();
        let mut good = true;
        for (index, cell) in self.record.iter().enumerate() {
            let folded = fold(cell);
            let column = COLUMNS.iter().find(|(word, _)| *word == folded);
            let column = column.map(|(_, column)| *column);
            let wrong = match column {
                Some(known) if columns.contains(&Some(known)) => {
                    Some("this column stands here a second time (username and email mean the same). Keep one of them".to_owned())
                }
                None if !folded.is_empty() => Some(format!("this column is not known: {KNOWN}")),
                Some(_) | None => None,
            };
            if let Some(message) = wrong {
                findings.problem(self.place.cell(index), message);
                good = false;
            }
            columns.push(column);
        }
        for (wanted, word) in [(Column::Type, "type"), (Column::Username, "username")] {
            if good && !columns.contains(&Some(wanted)) {
                findings.problem(
                    self.place.cell(0),
                    format!("the column {word} is missing: {KNOWN}"),
                );
                good = false;
            }
        }
        good.then_some(columns)
    }

    /// The account of a row; `None` where a problem says why not.
    fn key(&self, columns: &[Option<Column>], findings: &mut Findings) -> Option<UserKey> {
        for (index, cell) in self.record.iter().enumerate() {
            let wrong = match columns.get(index).copied().flatten() {
                _ if cell.contains(['\n', '\r']) => {
                    "a quotation mark is opened here and not closed on its line"
                }
                None if !cell.is_empty() => "this cell belongs to no column of the first line",
                Some(Column::Organization) if !cell.is_empty() => {
                    "umapi: further Adobe organizations are not available in this version. Delete the line, or this cell if the account is in your own"
                }
                _ => continue,
            };
            findings.problem(self.place.cell(index), wrong);
            return None;
        }
        let (type_at, identity_type) = self.cell(columns, Column::Type);
        let (name_at, username) = self.cell(columns, Column::Username);
        let (_, domain) = self.cell(columns, Column::Domain);
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

    /// The cell of a column and where it is; at the beginning of the row where it has none.
    fn cell(&self, columns: &[Option<Column>], wanted: Column) -> (Position, &str) {
        let index = columns.iter().position(|column| *column == Some(wanted));
        let cell = index.and_then(|index| Some((index, self.record.get(index)?)));
        match cell {
            Some((index, text)) => (self.place.cell(index), text),
            None => (self.place.cell(0), ""),
        }
    }
}
