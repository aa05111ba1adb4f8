//! UST's format strings: text with the names of attributes in braces, as in Python's `str.format`.

mod parse;
mod spec;

use std::collections::BTreeSet;
use std::fmt;

use spec::Spec;

/// How one value of an Adobe account is made of the attributes of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Attribute {
        /// Lower-case.
        name: String,
        /// How its value is cut and padded.
        spec: Spec,
    },
}

/// What a blank attribute does to the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// It is empty text: in names.
    Empty,
    /// There is no value: in everything else.
    NoValue,
}

impl Format {
    /// Only this attribute.
    pub fn attribute(name: &str) -> Self {
        Self {
            pieces: vec![Piece::Attribute {
                name: name.to_lowercase(),
                spec: Spec::default(),
            }],
        }
    }

    /// Reads a format as UST writes it: text, `{attribute}`, `{attribute:spec}`; `{{` and `}}` are braces.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse::pieces(text).map(|pieces| Self { pieces })
    }

    /// The value, where it is the same for everybody because no attribute is named.
    pub fn constant(&self) -> Option<String> {
        let named = self.attributes();
        named
            .is_empty()
            .then(|| self.fill(Blank::Empty, |_| None))
            .flatten()
    }

    /// What it says without attributes, piece by piece.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Attribute { .. } => None,
        })
    }

    /// The attributes that it names, in lower case.
    pub fn attributes(&self) -> BTreeSet<&str> {
        let names = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Attribute { name, spec: _ } => Some(name.as_str()),
            Piece::Text(_) => None,
        });
        names.collect()
    }

    /// The value, trimmed; `None` where it is blank. `value_of` is asked by lower-case name. What is blank is not padded.
    pub fn fill<'a>(
        &self,
        blank: Blank,
        value_of: impl Fn(&str) -> Option<&'a str>,
    ) -> Option<String> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Attribute { name, spec } => match (value_of(name), blank) {
                    (Some(value), _) => filled.push_str(&spec.apply(value)),
                    (None, Blank::Empty) => {}
                    (None, Blank::NoValue) => return None,
                },
            }
        }
        let filled = filled.trim();
        (!filled.is_empty()).then(|| filled.to_owned())
    }
}

/// As it would be written; two that say the same are the same text.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => {
                    f.write_str(&text.replace('{', "{{").replace('}', "}}"))?;
                }
                Piece::Attribute { name, spec } if *spec == Spec::default() => {
                    write!(f, "{{{name}}}")?;
                }
                Piece::Attribute { name, spec } => write!(f, "{{{name}:{spec}}}")?,
            }
        }
        Ok(())
    }
}

/// The seven formats of `connector-oneroster.yml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formats {
    /// `user_email_format`.
    pub email: Format,
    /// `user_given_name_format`.
    pub given_name: Format,
    /// `user_surname_format`.
    pub surname: Format,
    /// `user_country_code_format`.
    pub country: Option<Format>,
    /// `user_username_format`.
    pub username: Option<Format>,
    /// `user_domain_format`.
    pub domain: Option<Format>,
    /// `user_identity_type_format`.
    pub identity_type: Option<Format>,
}

impl Default for Formats {
    /// `{email}`, `{givenName}`, `{familyName}`, and nothing else.
    fn default() -> Self {
        Self {
            email: Format::attribute("email"),
            given_name: Format::attribute("givenName"),
            surname: Format::attribute("familyName"),
            country: None,
            username: None,
            domain: None,
            identity_type: None,
        }
    }
}

impl Formats {
    /// Each with the key that it stands under.
    pub fn by_key(&self) -> impl Iterator<Item = (&'static str, &Format)> {
        [
            ("user_email_format", Some(&self.email)),
            ("user_given_name_format", Some(&self.given_name)),
            ("user_surname_format", Some(&self.surname)),
            ("user_country_code_format", self.country.as_ref()),
            ("user_username_format", self.username.as_ref()),
            ("user_domain_format", self.domain.as_ref()),
            ("user_identity_type_format", self.identity_type.as_ref()),
        ]
        .into_iter()
        .filter_map(|(key, format)| Some((key, format?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(format: &str, blank: Blank) -> Option<String> {
        let value_of = |name: &str| match name {
            "givenname" => Some("BILLY"),
            "id" => Some("77"),
            _ => None,
        };
        Format::parse(format).unwrap().fill(blank, value_of)
    }

    #[test]
    fn attributes_are_put_into_the_text_in_their_own_case() {
        let some = |text: &str| Some(text.to_owned());
        for (format, value) in [
            ("{givenName}.{ID}@xxx.com", some("BILLY.77@xxx.com")),
            ("{{{id}}}", some("{77}")),
            (" {id!s:0>5} ", some("00077")),
            ("{givenName:.1}{id:>3}", some("B 77")),
            ("fixed", some("fixed")),
            ("{id} {middleName}", None),
            ("", None),
        ] {
            assert_eq!(filled(format, Blank::NoValue), value, "{format}");
        }
        assert_eq!(filled("{id} {middleName:*>5}", Blank::Empty), some("77"));
        assert_eq!(filled("{middleName}", Blank::Empty), None);
    }

    #[test]
    fn a_format_is_written_as_it_is_read() {
        for format in [
            "{email}",
            "{{x}} {id:0>5}.{name:^8.3}",
            "{id:>3}",
            "{id:.1}",
        ] {
            let read = Format::parse(format).unwrap();
            assert_eq!(Format::parse(&read.to_string()), Ok(read), "{format}");
        }
        assert_eq!(
            Format::parse("{Email!s}@{{").unwrap().to_string(),
            "{email}@{{"
        );
    }

    #[test]
    fn a_format_knows_what_it_asks_for() {
        let format = Format::parse("{givenName:.1}-{id}-{ID}").unwrap();
        assert_eq!(format.attributes(), BTreeSet::from(["givenname", "id"]));
        assert_eq!(format.constant(), None);
        let fixed = Format::parse(" U{{S}} ").unwrap();
        assert_eq!(fixed.constant().as_deref(), Some("U{S}"));
    }

    #[test]
    fn what_python_would_stumble_over_has_a_sentence() {
        for (format, why) in [
            ("{", "'{' is not closed"),
            ("{email", "'{' is not closed"),
            ("{a{b}", "'{' is not closed"),
            ("email}", "'}' closes nothing"),
            ("{a}}", "'}' closes nothing"),
            ("{}", "names no attribute"),
            ("{:>5}", "names no attribute"),
            ("{0}", "counts values"),
            ("{a.b}", "a part of an attribute"),
            ("{a[0]}", "a part of an attribute"),
            ("{ email }", "no blanks around it"),
            ("{email!r}", "for programmers"),
            ("{email!}", "for programmers"),
            ("{email!sx}", "for programmers"),
            ("{id:05d}", "no format of a text"),
            ("{id:{width}}", "braces inside its braces"),
        ] {
            let message = Format::parse(format).unwrap_err();
            assert!(message.contains(why), "{format}: {message}");
        }
    }
}
