//! What the YAML scanner stumbles over, in an administrator's words.

use super::tree::{Flaw, Position};

/// The first error of a file, put where its cause stands.
pub(super) fn explain(text: &str, at: Position, info: &str) -> Flaw {
    let lines: Vec<&str> = text.lines().collect();
    tab(&lines, at.0)
        .or_else(|| slipped_adobe_groups(&lines, at.0))
        .or_else(|| missing_colon(&lines, at.0, info))
        .or_else(|| missing_blank(&lines, at.0, info))
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

/// The slip of the manual's own examples: `adobe_groups:` not exactly below `directory_group:`.
fn slipped_adobe_groups(lines: &[&str], number: usize) -> Option<Flaw> {
    let is_adobe = |number: &usize| {
        line(lines, *number)
            .trim_start()
            .starts_with("adobe_groups:")
    };
    let number = [number, number.saturating_sub(1), number + 1]
        .into_iter()
        .find(is_adobe)?;
    let group = (1..number)
        .rev()
        .find(|above| is_content(line(lines, *above)))
        .map(|above| line(lines, above))?;
    let after_dash = group.trim_start().strip_prefix('-')?;
    if !after_dash.trim_start().starts_with("directory_group:") {
        return None;
    }
    let here = line(lines, number);
    let below = indentation(group) + 1 + indentation(after_dash);
    if indentation(here) == below {
        return None;
    }
    Some(Flaw {
        at: (number, indentation(here) + 1),
        message: format!(
            "adobe_groups: begins in column {}, and it must begin exactly below directory_group, in column {}. Write it like this:\n{}",
            indentation(here) + 1,
            below + 1,
            corrected(lines, number, group, below)
        ),
    })
}

/// The entry as it should stand, at most a few lines of it.
fn corrected(lines: &[&str], number: usize, group: &str, below: usize) -> String {
    const MOST: usize = 5;
    let items = (number + 1..=lines.len())
        .map(|next| line(lines, next))
        .take_while(|next| {
            let item = next.trim_start();
            item.starts_with('-') && !item.contains("directory_group:")
        })
        .map(|item| format!("{}{}", " ".repeat(below + 2), item.trim()));
    let mut shown = vec![
        group.trim_end().to_owned(),
        format!("{}{}", " ".repeat(below), line(lines, number).trim()),
    ];
    shown.extend(items.take(MOST));
    shown.join("\n")
}

/// Neither blank nor a comment.
fn is_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// Words of the scanner, and ours. The first that is contained counts.
const OUR_WORDS: [(&str, &str); 21] = [
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
        "trailing content after double-quoted",
        "something follows the closing quotation mark. If the quotation mark belongs to the value, put the value in single quotes",
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
    let above = (1..number).rev();
    let number = above.into_iter().find(|n| is_content(line(lines, *n)))?;
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
