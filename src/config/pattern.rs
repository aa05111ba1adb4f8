//! UST's patterns: regular expressions in Python's style, for a whole name, without regard to case.

use std::fmt;

use fancy_regex::Regex;

/// A pattern that was understood. It has to match the whole text; UST binds its anchors to the outer alternatives only,
/// so that `ana|bo` there means everything that begins with `ana` (`user-sync.py`, `rules.py`).
#[derive(Clone)]
pub struct Pattern {
    written: String,
    regex: Regex,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it: it may hold people's names.
    pub fn new(text: &str) -> Result<Self, String> {
        if sets_differ(text) {
            return Err(
                "inside [ ], each of [ & - ~ needs a \\ before it where it stands for itself"
                    .to_owned(),
            );
        }
        // Alone, too: `a)|(b` would else close the group around it and need no whole match.
        let alone = Regex::new(text);
        let whole = Regex::new(&format!(r"(?i)\A(?:{text})\z"));
        match (alone, whole) {
            (Ok(_), Ok(regex)) => Ok(Self {
                written: text.to_owned(),
                regex,
            }),
            // What the library says quotes the pattern.
            _ => Err(
                "this is not a regular expression; a name as it is needs a \\ before each of . + * ? ( ) [ ] { } ^ $ |"
                    .to_owned(),
            ),
        }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether the whole text matches; `None` where the pattern takes too long to tell.
    pub fn matches(&self, text: &str) -> Option<bool> {
        self.regex.is_match(text).ok()
    }
}

/// Whether a set in brackets holds what is plain text in Python and means something here: `[`, `&&`, `--`, `~~`.
fn sets_differ(text: &str) -> bool {
    let mut letters = text.chars().peekable();
    let mut inside = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '[' if inside => return true,
            '[' => {
                inside = true;
                // A closing bracket that comes first stands for itself.
                letters.next_if_eq(&'^');
                letters.next_if_eq(&']');
            }
            ']' => inside = false,
            '&' | '-' | '~' if inside && letters.peek() == Some(&letter) => return true,
            _ => {}
        }
    }
    false
}

/// Masked: a pattern may be somebody's name.
impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pattern(…)")
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Pattern {}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(text).unwrap()
    }

    #[test]
    fn the_whole_text_has_to_match_in_any_case() {
        assert!(matches(r".*@x\.test", "Ana@X.TEST"));
        assert!(!matches("ana", "ana@x.test"));
        assert!(!matches("ana|bo", "anabel"));
        assert!(matches("ana|bo", "bo"));
    }

    #[test]
    fn look_around_and_named_groups_are_pythons() {
        assert!(matches("(?!admin).*", "ana"));
        assert!(!matches("(?!admin).*", "admin.one"));
        assert!(matches("(?P<twice>.)(?P=twice)", "aa"));
    }

    #[test]
    fn what_is_no_pattern_is_not_repeated() {
        for text in ["(ana", "ana)|(bo", "*ana", "[ana", "(?P<ana"] {
            let message = Pattern::new(text).unwrap_err();
            assert!(!message.contains("ana"), "{message}");
        }
    }

    #[test]
    fn sets_mean_what_they_mean_in_python() {
        for text in [r"[\w.+-]+@x", "[]a]", "[^]a]+", r"a--b[\[\]]", r"\[a--b]"] {
            assert!(Pattern::new(text).is_ok(), "{text}");
        }
        for text in ["[[a]", "[a-z&&b]", r"[\w.--]", "[+~~]", "[[:alpha:]]"] {
            assert!(
                Pattern::new(text).unwrap_err().contains("inside [ ]"),
                "{text}"
            );
        }
    }

    #[test]
    fn what_takes_too_long_is_not_decided() {
        let pattern = Pattern::new("(a|b|ab)*(?=c)bac").unwrap();
        assert_eq!(pattern.matches(&"ab".repeat(40)), None);
        assert_eq!(format!("{pattern:?}"), "Pattern(…)");
    }
}
