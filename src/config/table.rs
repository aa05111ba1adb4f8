//! CSV files as administrators write them: a line that names the columns, and rows. No message repeats a cell.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::place::Place;
use super::section::Findings;
use super::tree::Position;
use crate::model::id::fold;

/// The columns that a kind of file may have.
#[derive(Debug)]
pub(super) struct Columns<C: 'static> {
    /// Their names in lower case; two names may mean one column.
    pub(super) words: &'static [(&'static str, C)],
    /// Those without which a row says nothing.
    pub(super) required: &'static [(C, &'static str)],
    /// Which there are, for messages.
    pub(super) known: &'static str,
    /// What to add where a column stands there twice.
    pub(super) twice: &'static str,
}

/// A line that is not blank.
#[derive(Debug)]
pub(super) struct Row<'t> {
    place: Place<'t>,
    record: StringRecord,
}

/// What the columns of one file are.
#[derive(Debug)]
pub(super) struct Heading<C>(Vec<Option<C>>);

/// The heading and the rows below it; `None` where there are none, or a problem says why. `name` tells commas (`.csv`)
/// from tabs (anything else).
pub(super) fn read<'t, C: Copy + PartialEq>(
    name: &str,
    text: &'t str,
    columns: &Columns<C>,
    findings: &mut Findings,
) -> Option<(Heading<C>, Vec<Row<'t>>)> {
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
    let mut rows = Vec::new();
    for record in reader.records() {
        let Ok(record) = record else {
            // Text in memory that is UTF-8 and may have rows of any length is always read.
            findings.problem((1, 1), "this list cannot be read");
            return None;
        };
        if !record.iter().all(str::is_empty) {
            let place = Place::of(text, delimiter, &record);
            rows.push(Row { place, record });
        }
    }
    if rows.is_empty() {
        return None;
    }
    let heading = Heading::of(&rows.remove(0), columns, findings)?;
    Some((heading, rows))
}

impl Row<'_> {
    /// Where its cell with this number is, from 0.
    pub(super) fn at(&self, index: usize) -> Position {
        self.place.cell(index)
    }
}

impl<C: Copy + PartialEq> Heading<C> {
    fn of(row: &Row<'_>, columns: &Columns<C>, findings: &mut Findings) -> Option<Self> {
        let Columns { known, twice, .. } = columns;
        let mut found: Vec<Option<C>> = Vec::new();
        let mut good = true;
        for (index, cell) in row.record.iter().enumerate() {
            let folded = fold(cell);
            let mut words = columns.words.iter();
            let column = words.find(|(word, _)| *word == folded);
            let column = column.map(|(_, column)| *column);
            let wrong = match column {
                Some(column) if found.contains(&Some(column)) => Some(format!(
                    "this column stands here a second time{twice}. Keep one of them"
                )),
                None if !folded.is_empty() => Some(format!("this column is not known: {known}")),
                Some(_) | None => None,
            };
            if let Some(message) = wrong {
                findings.problem(row.at(index), message);
                good = false;
            }
            found.push(column);
        }
        for (column, word) in columns.required {
            if good && !found.contains(&Some(*column)) {
                let message = format!("the column {word} is missing: {known}");
                findings.problem(row.at(0), message);
                good = false;
            }
        }
        good.then_some(Self(found))
    }

    /// The first cell that is not where cells are, and what is wrong with it.
    pub(super) fn misplaced(&self, row: &Row<'_>) -> Option<(Position, &'static str)> {
        row.record.iter().enumerate().find_map(|(index, cell)| {
            let wrong = if cell.contains(['\n', '\r']) {
                "a quotation mark is opened here and not closed on its line"
            } else if !cell.is_empty() && self.0.get(index).copied().flatten().is_none() {
                "this cell belongs to no column of the first line"
            } else {
                return None;
            };
            Some((row.at(index), wrong))
        })
    }

    /// The cell of a column and where it is; at the beginning of the row where it has none.
    pub(super) fn cell<'r>(&self, row: &'r Row<'_>, wanted: C) -> (Position, &'r str) {
        let index = self.0.iter().position(|column| *column == Some(wanted));
        let cell = index.and_then(|index| Some((index, row.record.get(index)?)));
        cell.map_or((row.at(0), ""), |(index, text)| (row.at(index), text))
    }
}
