//! Text for people: on one line, not too long, counted, and wrapped.

/// A terminal is so wide.
const WIDTH: usize = 100;
/// A name from outside is cut behind so many characters. Texts for programs have all of it.
const LONGEST_NAME: usize = 200;
/// The same of a sentence, which may hold several names.
const LONGEST_SENTENCE: usize = 2_000;
/// Of a list within a sentence, so many are named.
const NAMED: usize = 3;

/// A name from outside: on one line, and cut where it is very long.
pub(super) fn name(text: &str) -> String {
    cut(text, LONGEST_NAME)
}

/// A sentence with names from outside: on one line, and cut where it is very long.
pub(super) fn sentence(text: &str) -> String {
    cut(text, LONGEST_SENTENCE)
}

fn cut(text: &str, longest: usize) -> String {
    let mut chars = text.trim().chars();
    let plain: String = chars.by_ref().take(longest).map(harmless).collect();
    let rest = if chars.next().is_some() { "…" } else { "" };
    format!("{}{rest}", plain.trim())
}

/// What moves the cursor, breaks the line, turns the direction of writing or cannot be seen is a blank.
fn harmless(c: char) -> char {
    let unseen = matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    );
    if c.is_control() || unseen { ' ' } else { c }
}

/// `a, b, c and 2 more`.
pub(super) fn few<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let named: Vec<String> = names.by_ref().take(NAMED).map(name).collect();
    let rest = match names.count() {
        0 => String::new(),
        rest => format!(" and {} more", thousands(rest)),
    };
    format!("{}{rest}", named.join(", "))
}

/// `1,940`.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 person`, `2,000 people`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{} {word}", thousands(number))
}

/// Whether a line is as wide as a terminal at most.
pub(super) fn fits(line: &str) -> bool {
    line.trim_end().chars().count() <= WIDTH
}

/// Names with commas behind the head, on as many lines as they need; those after the first begin with the indent.
pub(super) fn wrapped(head: &str, indent: usize, names: &[String]) -> String {
    let mut text = head.to_owned();
    let mut column = head.chars().count();
    let mut is_empty = head.trim().is_empty();
    for (position, name) in names.iter().enumerate() {
        let comma = if position + 1 < names.len() { "," } else { "" };
        let width = name.chars().count() + comma.len();
        if is_empty {
            is_empty = false;
        } else if column + 1 + width > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(name);
        text.push_str(comma);
        column += width;
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_stays_on_its_line() {
        assert_eq!(name(" a\r\nb\u{1b}[31m\u{2028}c "), "a  b [31m c");
    }

    #[test]
    fn nothing_turns_the_direction_of_writing_or_hides() {
        let marks = "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
        for mark in marks.chars().chain("\u{200b}\u{feff}\u{ad}".chars()) {
            assert_eq!(name(&format!("a{mark}b")), "a b", "{mark:?}");
            assert_eq!(sentence(&format!("a{mark}b")), "a b", "{mark:?}");
        }
        assert_eq!(name("נועה Zoë 李"), "נועה Zoë 李");
    }

    #[test]
    fn what_is_very_long_is_cut_with_an_ellipsis() {
        let cut = name(&"ä".repeat(10_000));
        assert_eq!(cut, format!("{}…", "ä".repeat(LONGEST_NAME)));
        let whole = "ä".repeat(LONGEST_NAME);
        assert_eq!(name(&whole), whole);
        let cut = sentence(&"word ".repeat(10_000));
        assert!(cut.chars().count() <= LONGEST_SENTENCE + 1 && cut.ends_with("word…"));
    }

    #[test]
    fn thousands_are_separated() {
        let all = [0, 7, 999, 1_000, 65_536, 1_234_567].map(thousands);
        assert_eq!(all, ["0", "7", "999", "1,000", "65,536", "1,234,567"]);
    }

    #[test]
    fn lines_are_as_wide_as_a_terminal_and_lose_no_name() {
        let names: Vec<String> = (0..100).map(|n| format!("p{n:0>30}@x.test")).collect();
        let text = wrapped("  few (3):", 4, &names);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        let joined: Vec<&str> = text.split_whitespace().skip(2).collect();
        assert_eq!(joined.join(" "), names.join(", "));
        let long = ["x".repeat(150)];
        assert_eq!(wrapped("    ", 4, &long), format!("    {}\n", long[0]));
    }
}
