//! Where a cell stands in its file: the CSV reader tells where a row begins, and nothing of its cells.

use csv::StringRecord;

use super::tree::Position;

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'t> {
    /// The file from the row on.
    text: &'t str,
    line: usize,
    delimiter: char,
}

impl<'t> Place<'t> {
    /// The place of a row of this file.
    pub(super) fn of(text: &'t str, delimiter: u8, record: &StringRecord) -> Self {
        let (byte, line) = record
            .position()
            .map_or((0, 1), |position| (position.byte(), position.line()));
        let byte = usize::try_from(byte).unwrap_or(0);
        let rest = text.get(byte..).unwrap_or_default();
        let row = rest.trim_start_matches(['\r', '\n']);
        // The reader begins a row before the blank lines above it.
        let blank = rest
            .strip_suffix(row)
            .map_or(0, |blank| blank.matches('\n').count());
        Self {
            text: row,
            line: usize::try_from(line).unwrap_or(1) + blank,
            delimiter: char::from(delimiter),
        }
    }

    /// The place of its cell with this number, from 0.
    pub(super) fn cell(&self, index: usize) -> Position {
        let (mut line, mut column) = (self.line, 1);
        let (mut passed, mut quoted) = (0, false);
        for letter in self.text.chars() {
            if passed == index {
                break;
            }
            match letter {
                '"' => quoted = !quoted,
                letter if letter == self.delimiter && !quoted => passed += 1,
                _ => {}
            }
            if letter == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        (line, column)
    }
}
