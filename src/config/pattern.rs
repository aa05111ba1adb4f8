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
        let whole = format!(r"(?i)\A(?:{text})\z");
        match Regex::new(&whole) {
            Ok(regex) => Ok(Self {
                written: text.to_owned(),
                regex,
            }),
            Err(_quotes) => Err(
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
        let message = Pattern::new("(ana").unwrap_err();
        assert!(!message.contains("ana"), "{message}");
    }
}
