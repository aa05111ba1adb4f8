//! The grammar of a directory group: `{group filter}::{group name}::{user filter}`.

use crate::model::id::fold;
use crate::model::roster::Collection;

use super::{UserFilter, words};

/// The words of the first part. Clever says sections where OneRoster says classes, and a school is an org.
pub(super) const GROUP_FILTERS: [(&str, Collection); 5] = [
    ("schools", Collection::Schools),
    ("courses", Collection::Courses),
    ("classes", Collection::Classes),
    ("sections", Collection::Classes),
    ("orgs", Collection::Schools),
];

/// The words of the third part.
pub(super) const USER_FILTERS: [(&str, UserFilter); 3] = [
    ("students", UserFilter::Students),
    ("teachers", UserFilter::Teachers),
    ("users", UserFilter::Users),
];

/// What the directory groups of the mapping are.
#[derive(Debug)]
pub(super) enum Keys {
    /// Objects of the roster, in this grammar.
    Objects(Grammar),
    /// Products, each as often as a source has it; `None` where not all of them are known.
    Products(Option<Vec<String>>),
}

/// How directory groups are written: `group_delimiter` and the filters of plain names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grammar {
    /// What stands between the parts.
    pub(super) delimiter: String,
    /// `default_group_filter`.
    pub(super) collection: Collection,
    /// `default_user_filter`.
    pub(super) user_filter: UserFilter,
    /// Whether the file that says so could be read.
    pub(super) known: bool,
}

impl Default for Grammar {
    fn default() -> Self {
        Self {
            delimiter: "::".to_owned(),
            collection: Collection::Classes,
            user_filter: UserFilter::Students,
            known: false,
        }
    }
}

/// What a directory group means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DirectoryGroup {
    pub(super) collection: Collection,
    /// Folded.
    pub(super) name: String,
    pub(super) user_filter: UserFilter,
    /// Lower-case.
    pub(super) match_by: Option<String>,
}

impl Grammar {
    /// Reads one directory group.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub(super) fn parse(&self, text: &str) -> Result<DirectoryGroup, String> {
        let delimiter = self.delimiter.as_str();
        if !text.contains(delimiter) {
            if self.known {
                self.refuse_other_delimiters(text)?;
            }
            return Ok(DirectoryGroup {
                collection: self.collection,
                name: named(text, text)?,
                user_filter: self.user_filter,
                match_by: None,
            });
        }
        if text.contains(&delimiter.repeat(2)) {
            return Err(format!(
                "{} has an empty part between two '{delimiter}'. {}",
                words::quoted(text),
                self.shape()
            ));
        }
        if self.is_ambiguous(text) {
            return Err(format!(
                "{} holds a '{}' too many. {}",
                words::quoted(text),
                last(delimiter),
                self.shape()
            ));
        }
        let parts: Vec<&str> = text.split(delimiter).map(str::trim).collect();
        let (collection, name, people, match_by) = match parts.as_slice() {
            [collection, name, people] => (*collection, *name, *people, None),
            [collection, name, people, attribute]
                if is_attribute(attribute) && user_filter(people).is_some() =>
            {
                (*collection, *name, *people, Some(fold(attribute)))
            }
            parts => return Err(self.wrong_parts(text, parts.len())),
        };
        if collection.is_empty() || people.is_empty() {
            return Err(format!(
                "a part of {} is empty. {}",
                words::quoted(text),
                self.shape()
            ));
        }
        Ok(DirectoryGroup {
            collection: word(text, collection, &GROUP_FILTERS)?,
            name: named(text, name)?,
            user_filter: word(text, people, &USER_FILTERS)?,
            match_by,
        })
    }

    fn wrong_parts(&self, text: &str, count: usize) -> String {
        let delimiter = &self.delimiter;
        let in_a_name = if count > 3 {
            format!(
                ". A name that holds '{delimiter}' itself needs another group_delimiter in connector-oneroster.yml"
            )
        } else {
            String::new()
        };
        format!(
            "{} has {count} parts. {}{in_a_name}",
            words::quoted(text),
            self.shape()
        )
    }

    /// Three parts with something else between them would be a plain name, and be found nowhere.
    fn refuse_other_delimiters(&self, text: &str) -> Result<(), String> {
        let three = |other: &&&str| {
            let parts: Vec<&str> = text.split(**other).map(str::trim).collect();
            matches!(parts.as_slice(), [first, _, .., last]
                if is_word(first, &GROUP_FILTERS) && is_word(last, &USER_FILTERS))
        };
        let found = ["::", ":", "|", "/", ";", ","].iter().find(three);
        found.map_or(Ok(()), |other| {
            Err(format!(
                "in {}, '{other}' stands between the parts, and it should be '{}'. {}",
                words::quoted(text),
                self.delimiter,
                self.shape()
            ))
        })
    }

    /// `:::` could be cut in two ways.
    fn is_ambiguous(&self, text: &str) -> bool {
        let delimiter = self.delimiter.as_str();
        delimiter.chars().count() > 1 && text.contains(&format!("{delimiter}{}", last(delimiter)))
    }

    fn shape(&self) -> String {
        let delimiter = self.delimiter.as_str();
        format!(
            "Write the three parts {{schools, courses, classes or sections}}{delimiter}{{name}}{delimiter}{{students, teachers or users}}, or the name alone"
        )
    }
}

fn last(delimiter: &str) -> &str {
    delimiter
        .char_indices()
        .next_back()
        .and_then(|(start, _)| delimiter.get(start..))
        .unwrap_or_default()
}

fn is_attribute(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_word<T>(text: &str, known: &[(&'static str, T)]) -> bool {
    let folded = fold(text);
    known.iter().any(|(word, _)| *word == folded)
}

/// Whom a word of the third part means.
pub(super) fn user_filter(text: &str) -> Option<UserFilter> {
    let folded = fold(text);
    USER_FILTERS
        .iter()
        .find(|(word, _)| *word == folded)
        .map(|(_, filter)| *filter)
}

fn named(text: &str, name: &str) -> Result<String, String> {
    let folded = fold(name);
    if folded.is_empty() {
        return Err(format!("{} has no group name", words::quoted(text)));
    }
    Ok(folded)
}

fn word<T: Copy>(text: &str, part: &str, known: &[(&'static str, T)]) -> Result<T, String> {
    let folded = fold(part);
    let found = known
        .iter()
        .find(|(word, _)| *word == folded)
        .map(|(_, value)| *value);
    found.ok_or_else(|| {
        let choices: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        format!(
            "in {}, {}",
            words::quoted(text),
            words::unknown(part, choices)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<DirectoryGroup, String> {
        Grammar::default().parse(text)
    }

    fn group(collection: Collection, name: &str, user_filter: UserFilter) -> DirectoryGroup {
        DirectoryGroup {
            collection,
            name: name.to_owned(),
            user_filter,
            match_by: None,
        }
    }

    #[test]
    fn three_parts_are_read_without_case_and_blanks() {
        assert_eq!(
            parse("SECTIONS :: Class 003, Homeroom - Stark - 0 :: Users"),
            Ok(group(
                Collection::Classes,
                "class 003, homeroom - stark - 0",
                UserFilter::Users
            ))
        );
        assert_eq!(
            parse("orgs::A  B::teachers"),
            Ok(group(Collection::Schools, "a  b", UserFilter::Teachers))
        );
    }

    #[test]
    fn a_plain_name_takes_the_default_filters() {
        assert_eq!(
            parse(" xxx "),
            Ok(group(Collection::Classes, "xxx", UserFilter::Students))
        );
        let grammar = Grammar {
            delimiter: "|".to_owned(),
            collection: Collection::Courses,
            user_filter: UserFilter::Users,
            known: true,
        };
        assert_eq!(
            grammar.parse("a::b"),
            Ok(group(Collection::Courses, "a::b", UserFilter::Users))
        );
        assert_eq!(
            grammar.parse("schools|a:::b|students"),
            Ok(group(Collection::Schools, "a:::b", UserFilter::Students))
        );
    }

    #[test]
    fn a_fourth_part_names_the_attribute() {
        let art = parse("classes::ART-101::students::classCode").unwrap();
        assert_eq!(art.match_by.as_deref(), Some("classcode"));
        assert!(
            parse("classes::ART::students::class code")
                .unwrap_err()
                .contains("4 parts")
        );
        assert!(
            parse("classes::ART::101::students")
                .unwrap_err()
                .contains("4 parts")
        );
        assert!(
            parse("classes::ART::students::")
                .unwrap_err()
                .contains("4 parts")
        );
    }

    #[test]
    fn three_parts_with_something_else_between_them_are_no_name() {
        let grammar = Grammar {
            known: true,
            ..Grammar::default()
        };
        for text in [
            "courses:A:students",
            "courses|A, B|students",
            "orgs/A/Users",
        ] {
            let message = grammar.parse(text).unwrap_err();
            assert!(message.contains("it should be '::'"), "{message}");
        }
        for text in ["Courses: Arts", "classes/arts/drama", "a:b:students"] {
            assert!(grammar.parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for (text, why) in [
            ("classes::A", "2 parts"),
            ("a::b::c::d::e", "5 parts"),
            ("sections:::A::students", "too many"),
            ("sections::::students", "empty part"),
            ("sections:: ::students", "no group name"),
            ("courses::A::", "a part of"),
            ("::A::students", "a part of"),
            ("  ", "no group name"),
            ("course::A::students", "did you mean 'courses'"),
            ("courses::A::stud", "did you mean 'students'"),
            ("courses::A::pupils", "students, teachers, users"),
        ] {
            let message = parse(text).unwrap_err();
            assert!(message.contains(why), "{text}: {message}");
        }
    }
}
