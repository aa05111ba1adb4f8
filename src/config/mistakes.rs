//! What the YAML scanner stumbles over, in an administrator's words.

mod marks;
mod slip;

use super::tree::{Flaw, Position};

/// The first error of a file, put where its cause stands.
pub(super) fn explain(text: &str, at: Position, info: &str) -> Flaw {
    let lines: Vec<&str> = text.lines().collect();
    tab(&lines, at.0)
        .or_else(|| marks::unclosed(&lines, at, info))
        .or_else(|| marks::trailing(&lines, at, info))
        .or_else(|| slip::slipped_adobe_groups(&lines, at.0))
        .or_else(|| outdented_entry(&lines, at.0))
        .or_else(|| missing_colon(&lines, at.0, info))
        .or_else(|| missing_blank(&lines, at.0, info))
        .or_else(|| marks::bracket(&lines, at, info))
        .or_else(|| marks::bare_braces(&lines, at))
        .or_else(|| slipped_line(&lines, at, info))
        .unwrap_or_else(|| Flaw {
            at,
            message: in_our_words(info),
        })
}

/// The line with this number, from 1.
fn line<'a>(lines: &[&'a str], number: usize) -> &'a str {
    lines
        .get(number.wrapping_sub(1))
        .copied()
        .unwrap_or_default()
}

/// Blanks and tabs at its beginning.
fn indentation(line: &str) -> usize {
    line.chars().take_while(|c| *c == ' ' || *c == '\t').count()
}

/// A tab in the indentation, on the line of the error, the one before, or the one after.
fn tab(lines: &[&str], number: usize) -> Option<Flaw> {
    let tabbed = |number: &usize| {
        let text = line(lines, *number);
        !text.trim().is_empty() && text.chars().take(indentation(text)).any(|c| c == '\t')
    };
    let number = [number, number.saturating_sub(1), number + 1]
        .into_iter()
        .find(tabbed)?;
    let column = line(lines, number).chars().position(|c| c == '\t')? + 1;
    Some(Flaw {
        at: (number, column),
        message: "this line is indented with a tab; YAML takes only blanks there. Replace the tab by blanks, as many as the lines around it have (Notepad++: Edit > Blank Operations > TAB to Space)".to_owned(),
    })
}

/// An entry of a list whose hyphen has no blank behind it.
pub(super) fn glued_hyphen(at: Position) -> Flaw {
    Flaw {
        at,
        message: "a blank is missing behind this hyphen. Write '- ' and the value; a value that begins with a hyphen stands in quotes".to_owned(),
    }
}

/// An entry of a list to the left of the key that the list belongs to.
fn outdented_entry(lines: &[&str], number: usize) -> Option<Flaw> {
    let entry = line(lines, number);
    let key = line(lines, content_above(lines, number)?);
    let (left, right) = (indentation(entry), indentation(key));
    let opens = key.trim_end().ends_with(':') && entry.trim_start().starts_with("- ");
    (opens && left < right).then(|| Flaw {
        at: (number, left + 1),
        message: format!(
            "an entry of a list begins below its key or further to the right. {} begins in column {}, so begin the entries in column {}, and move all that is in them by as many blanks",
            key.trim(),
            right + 1,
            right + 3
        ),
    })
}

/// A line that is indented further than the one above it, which has its value already: one of the two is wrong, and the
/// line before tells which.
fn slipped_line(lines: &[&str], at: Position, info: &str) -> Option<Flaw> {
    info.find("mapping values")?;
    let here = line(lines, at.0);
    // A second colon on one line is another mistake.
    if here.chars().position(|c| c == ':')? + 1 != at.1 {
        return None;
    }
    let above = content_above(lines, at.0)?;
    let (outer, inner) = (indentation(line(lines, above)), indentation(here));
    if inner <= outer {
        return None;
    }
    let before = content_above(lines, above).map(|number| line(lines, number));
    let alike = before.is_some_and(|before| {
        let opens = before.trim_end().ends_with(':') && indentation(before) == outer;
        opens || indentation(before) == inner
    });
    let (number, is, should) = if alike {
        (above, outer, inner)
    } else {
        (at.0, inner, outer)
    };
    Some(Flaw {
        at: (number, is + 1),
        message: format!(
            "this line is not indented like the lines around it. Begin it in column {}",
            should + 1
        ),
    })
}

/// The number of the nearest line above that says something.
fn content_above(lines: &[&str], number: usize) -> Option<usize> {
    (1..number)
        .rev()
        .find(|above| is_content(line(lines, *above)))
}

/// Neither blank nor a comment.
fn is_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// Words of the scanner, and ours. The first that is contained counts.
const OUR_WORDS: [(&str, &str); 20] = [
    (
        "valid YAML whitespace",
        "behind the colon or the hyphen stands a tab; write a blank there",
    ),
    (
        "indentation in quoted scalar",
        "the quotation mark that opens here is not closed on its line",
    ),
    (
        "mapping values are not allowed",
        "a colon stands where none can be. If it belongs to the value, put the value in quotes; else indent this line and the one above it alike",
    ),
    (
        "unexpected end of stream",
        "a quotation mark is opened here or above and never closed",
    ),
    (
        "did not find expected '-'",
        "this line is not indented like the entries of the list above it. Entries of one list begin in the same column, with '- '",
    ),
    (
        "block sequence entries are not allowed",
        "an entry with '-' stands where none can be. Put the list on lines of its own below its key",
    ),
    (
        "did not find expected key",
        "this line is not indented like the keys above it, or its key has no colon. Keys of one section begin in the same column",
    ),
    (
        "simple key",
        "this line has no colon behind its key, or the colon has no blank behind it",
    ),
    (
        "invalid indentation",
        "this line is not indented as its place asks for",
    ),
    (
        "illegal placement of ':'",
        "a key stands inside brackets: a '[' or '{' above is not closed",
    ),
    (
        "expected node content",
        "a value is missing here, or a '[' or '{' above is not closed",
    ),
    (
        "expected ',' or ']'",
        "a list that is opened with '[' is not closed with ']', or a comma is missing in it",
    ),
    (
        "expected ',' or '}'",
        "a section that is opened with '{' is not closed with '}', or a comma is missing in it",
    ),
    (
        "unknown anchor",
        "what begins with '*' refers to something that is not there. A value that begins with '*' must stand in quotes",
    ),
    (
        "anchor or alias",
        "a value that begins with '*' or '&' must stand in quotes",
    ),
    (
        "escape",
        "a backslash in double quotes begins a special character. Put the value in single quotes",
    ),
    (
        "unexpected character",
        "a value that begins with this character must stand in quotes",
    ),
    ("TAG", "a value that begins with '!' must stand in quotes"),
    (
        "directive",
        "a line that begins with '%' must stand in quotes",
    ),
    ("tab", "a tab stands where YAML takes only blanks"),
];

fn in_our_words(info: &str) -> String {
    OUR_WORDS
        .iter()
        .find(|(theirs, _)| info.contains(theirs))
        .map_or_else(
            || format!("this is not valid YAML ({info})"),
            |(_, ours)| (*ours).to_owned(),
        )
}

/// What the scanner says of a line whose cause stands above it.
const LATE: [&str; 3] = ["mapping values", "expected key", "simple key"];

/// A key whose colon has no blank behind it; the scanner notices it at the next line that is not a comment.
fn missing_blank(lines: &[&str], number: usize, info: &str) -> Option<Flaw> {
    LATE.iter().find(|theirs| info.contains(*theirs))?;
    let number = content_above(lines, number)?;
    let text = line(lines, number);
    let (key, value) = text.trim().split_once(':')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let glued = value.starts_with(|c: char| !c.is_whitespace() && c != ':');
    (is_key && glued).then(|| Flaw {
        at: (number, indentation(text) + key.len() + 1),
        message: format!("a blank is missing behind this colon. Write '{key}: ' and the value"),
    })
}

/// A key without its colon; the scanner notices it one line late.
fn missing_colon(lines: &[&str], number: usize, info: &str) -> Option<Flaw> {
    let number = number
        .checked_sub(1)
        .filter(|_| LATE.iter().any(|theirs| info.contains(theirs)))?;
    let above = line(lines, number);
    let bare = is_content(above) && !above.contains(':') && !above.trim_start().starts_with('-');
    bare.then(|| Flaw {
        at: (number, indentation(above) + 1),
        message: "this line has no colon. A line looks like this: 'key: value'".to_owned(),
    })
}
