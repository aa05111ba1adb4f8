//! How a OneRoster server can be set, and in what ways running ones differ from the standard.

use serde_json::{Value, json};

use super::oauth1::Method;

/// What can be set. Without oddities the server is as the standard has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How requests have to be signed.
    pub method: Method,
    /// A bearer token that is let in besides.
    pub bearer: Option<String>,
    /// What is odd.
    pub oddities: Oddities,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            method: Method::HmacSha256,
            bearer: None,
            oddities: Oddities::default(),
        }
    }
}

/// What servers were seen to do, each off by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Oddities {
    /// More rows than this do not come on a page, whatever `limit` says.
    pub page_cap: Option<usize>,
    /// Where the number of all rows stands.
    pub total: Total,
    /// `Link` has a next page for ever, on another host and without filter, sort and fields.
    pub endless_next: bool,
    /// The key of the list.
    pub wrapper: Wrapper,
    /// How `enabledUser` is written.
    pub enabled_user: Flag,
    /// There is no `/enrollments`.
    pub without_enrollments: bool,
    /// Which academic sessions there are.
    pub sessions: Sessions,
    /// There are no nested paths.
    pub without_nested: bool,
    /// An unknown id, in whatever path, is 204 and no body instead of 404.
    pub no_content_for_unknown: bool,
    /// `sort` is 422.
    pub refuses_sort: bool,
    /// Ids are numbers. Those of irregular districts and of enrollments stay texts.
    pub numeric_ids: bool,
    /// A record's own id has blanks around it; references to it have none.
    pub padded_ids: bool,
    /// Lists without entries are null.
    pub null_lists: bool,
    /// The pupils of a class are its teachers, too.
    pub teachers_among_students: bool,
    /// Every page is the first one.
    pub ignores_offset: bool,
}

/// What is to be seen of academic sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sessions {
    /// All of them, and terms by themselves, too.
    #[default]
    Shown,
    /// `/terms`, and no `/academicSessions`.
    TermsAlone,
    /// Neither: both paths are answered with this status.
    Refused(u16),
    /// Both, under a key that is nobody else's.
    Misnamed,
}

/// Where the number of all rows stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Total {
    /// In `X-Total-Count`.
    #[default]
    Header,
    /// In the body: `totalCount`, beside `limit` and `offset`.
    Body,
    /// Nowhere.
    Nowhere,
}

/// The key of the list in the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Wrapper {
    /// After the type of the rows: `users` for `/students`.
    #[default]
    Type,
    /// After the last word of the path: `students` for `/students`.
    Path,
    /// This word.
    Word(String),
}

/// How a boolean is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Flag {
    /// `"true"`, the standard's way.
    #[default]
    Text,
    /// `true`.
    Boolean,
    /// `1`.
    Number,
}

impl Flag {
    pub(super) fn value(self, yes: bool) -> Value {
        match self {
            Self::Text => json!(yes.to_string()),
            Self::Boolean => json!(yes),
            Self::Number => json!(u8::from(yes)),
        }
    }
}
