//! Quotation marks and brackets that have no counterpart, or stand where none is wanted.

use super::{Flaw, Position, is_content, line};

/// A mark that is opened and not closed. What it encloses may be a secret: it is not repeated.
pub(super) fn unclosed(lines: &[&str], at: Position, info: &str) -> Option<Flaw> {
    let late = ["indentation in quoted scalar", "unexpected end of stream"];
    late.iter().find(|theirs| info.contains(*theirs))?;
    let text: Vec<char> = line(lines, at.0).chars().collect();
    let mark = *text.get(at.1.checked_sub(1)?)?;
    if !matches!(mark, '"' | '\'') {
        return None;
    }
    let last = text.iter().rev().find(|c| !c.is_whitespace())?;
    let other = matches!(last, '"' | '\'') && *last != mark;
    let advice = if other {
        format!("The value ends with {last}: write {mark} there, too")
    } else {
        format!("Write {mark} behind the value, on the same line")
    };
    Some(Flaw {
        at,
        message: format!("the quotation mark {mark} that opens here is not closed. {advice}"),
    })
}

/// What follows a closing mark.
pub(super) fn trailing(lines: &[&str], at: Position, info: &str) -> Option<Flaw> {
    info.find("trailing content after")?;
    let text: Vec<char> = line(lines, at.0).chars().collect();
    let (before, behind) = text.split_at_checked(at.1.checked_sub(1)?)?;
    let mark = before.iter().rev().find(|c| matches!(c, '"' | '\''))?;
    let message = match (behind.first(), mark) {
        (Some(','), _) => {
            "a comma follows the closing quotation mark. Several values on one line stand in brackets: [\"A\", \"B\"]"
        }
        (_, '\'') => {
            "something follows the closing quotation mark. If the quotation mark belongs to the value, put the value in double quotes"
        }
        _ => {
            "something follows the closing quotation mark. If the quotation mark belongs to the value, put the value in single quotes"
        }
    };
    Some(Flaw {
        at,
        message: message.to_owned(),
    })
}

/// A bracket above the error that is opened and not closed.
pub(super) fn bracket(lines: &[&str], at: Position, info: &str) -> Option<Flaw> {
    let theirs = [
        "invalid indentation",
        "illegal placement of ':'",
        "expected node content",
        "expected ',' or",
    ];
    theirs.iter().find(|theirs| info.contains(*theirs))?;
    let open = |number: usize| {
        let text = line(lines, number);
        is_content(text)
            .then(|| open_bracket(text))
            .flatten()
            .map(|(column, bracket)| (number, column, bracket))
    };
    let (number, column, bracket) = (1..=at.0).rev().find_map(open)?;
    let closing = if bracket == '[' { ']' } else { '}' };
    Some(Flaw {
        at: (number, column),
        message: format!(
            "the '{bracket}' that opens here is not closed. Write '{closing}' behind the last value"
        ),
    })
}

/// The last bracket of a line that is not closed on it: its column and itself.
fn open_bracket(text: &str) -> Option<(usize, char)> {
    let mut open = Vec::new();
    let mut quoted = None;
    let mut before = ' ';
    for (index, c) in text.chars().enumerate() {
        match (quoted, c) {
            (Some(mark), c) if c == mark => quoted = None,
            (None, '#') if before.is_whitespace() => break,
            // Within a word, an apostrophe is a letter.
            (None, '"' | '\'') if !before.is_alphanumeric() => quoted = Some(c),
            (None, '[' | '{') => open.push((index + 1, c)),
            (None, ']' | '}') => {
                open.pop();
            }
            (Some(_) | None, _) => {}
        }
        before = c;
    }
    open.pop()
}

/// A format in braces without quotes: YAML takes `{` for the beginning of a section.
pub(super) fn bare_braces(lines: &[&str], at: Position) -> Option<Flaw> {
    let text = line(lines, at.0);
    let (key, value) = text.split_once(": ")?;
    let (_, behind) = value.trim_start().strip_prefix('{')?.split_once('}')?;
    let behind = behind.trim_start();
    if behind.is_empty() || behind.starts_with('#') {
        return None;
    }
    let blanks = value.chars().take_while(|c| c.is_whitespace()).count();
    Some(Flaw {
        at: (at.0, key.chars().count() + 2 + blanks + 1),
        message: "a value that begins with '{' must stand in quotes".to_owned(),
    })
}
