//! UST's format strings: text with the names of attributes in braces, as in Python's `str.format`.

use std::collections::BTreeSet;

/// How one value of an Adobe account is made of the attributes of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A lower-case name.
    Attribute(String),
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
            pieces: vec![Piece::Attribute(name.to_lowercase())],
        }
    }

    /// The attributes that it names, in lower case.
    pub fn attributes(&self) -> BTreeSet<&str> {
        let names = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Attribute(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        });
        names.collect()
    }

    /// The value, trimmed; `None` where it is blank. `value_of` is asked by lower-case name.
    pub fn fill<'a>(
        &self,
        blank: Blank,
        value_of: impl Fn(&str) -> Option<&'a str>,
    ) -> Option<String> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Attribute(name) => match (value_of(name), blank) {
                    (Some(value), _) => filled.push_str(value),
                    (None, Blank::Empty) => {}
                    (None, Blank::NoValue) => return None,
                },
            }
        }
        let filled = filled.trim();
        (!filled.is_empty()).then(|| filled.to_owned())
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
