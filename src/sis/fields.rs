//! Replies and records as JSON, read no further than somebody asks.
//!
//! Records stay slices of the page until somebody asks for a field by name, so that what nobody asks for (dates of
//! birth, passwords, guardians, telephone numbers) is never decoded, let alone kept.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::http::Reply;

/// Some tools put this in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a reply is not the JSON that is wanted. `serde_json`'s own messages quote what they stumble over, so they are
/// not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadJson {
    /// HTML: a sign-in page, or a proxy's.
    #[error("it is a web page instead of data")]
    WebPage,
    /// Cut off.
    #[error("it ends in the middle")]
    Truncated,
    /// Bytes that are no JSON.
    #[error("it is not JSON (line {line}, column {column})")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON of another shape.
    #[error("it is JSON of an unknown shape")]
    Shape,
}

/// A reply's bytes as JSON of this shape.
pub(super) fn json<'a, T: Deserialize<'a>>(reply: &'a Reply) -> Result<T, BadJson> {
    let bytes: &[u8] = reply.bytes();
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        _ if bytes.trim_ascii_start().starts_with(b"<") => BadJson::WebPage,
        Category::Eof | Category::Io => BadJson::Truncated,
        Category::Data => BadJson::Shape,
        Category::Syntax => BadJson::NotJson {
            line: error.line(),
            column: error.column(),
        },
    })
}

/// Why a record cannot be used. Names fields, never what is in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    /// It is something else.
    #[error("the record is not an object")]
    NotAnObject,
    /// Without an id nothing can refer to it.
    #[error("the record has no id")]
    NoId,
    /// `name` of a person at Clever.
    #[error("the record has no name")]
    NoName,
    /// A field that should be text.
    #[error("`{0}` is not text")]
    NotText(&'static str),
    /// A field that should be a list of ids.
    #[error("`{0}` is not a list of ids")]
    NotIds(&'static str),
    /// A field that should be an object.
    #[error("`{0}` is not an object")]
    NoObject(&'static str),
    /// A field that should refer to another record.
    #[error("`{0}` does not say which record it means")]
    NoReference(&'static str),
}

/// The fields of one object, each unread until it is asked for.
#[derive(Debug)]
pub(super) struct Fields<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    /// The fields of a record.
    pub(super) fn of(record: &'a RawValue) -> Result<Self, Unusable> {
        object(record).ok_or(Unusable::NotAnObject)
    }

    /// Every field's name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Every field with its name, unread.
    pub(super) fn raw(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, raw)| (name.as_str(), *raw))
    }

    /// A field, unread; `None` where it is absent or null.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let raw = self.0.get(name).copied();
        raw.filter(|raw| raw.get() != "null")
    }

    /// A text or a number, as it is written; `None` where it is absent, null or blank.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, Unusable> {
        match self.0.get(name) {
            None => Ok(None),
            Some(raw) => text(raw).ok_or(Unusable::NotText(name)),
        }
    }

    /// Texts or numbers; nulls and blanks are left out. Absent and null are empty.
    pub(super) fn texts(&self, name: &'static str) -> Result<Vec<String>, Unusable> {
        let Some(raw) = self.0.get(name) else {
            return Ok(Vec::new());
        };
        let list: Option<Vec<&RawValue>> =
            serde_json::from_str(raw.get()).map_err(|_unquotable| Unusable::NotIds(name))?;
        list.unwrap_or_default()
            .into_iter()
            .filter_map(|raw| text(raw).ok_or(Unusable::NotIds(name)).transpose())
            .collect()
    }

    /// An object; `None` where it is absent or null.
    pub(super) fn object(&self, name: &'static str) -> Result<Option<Self>, Unusable> {
        match self.get(name) {
            None => Ok(None),
            Some(raw) => object(raw).map(Some).ok_or(Unusable::NoObject(name)),
        }
    }
}

fn object(raw: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(raw.get()).ok().map(Fields)
}

/// The items of a list; a single item stands for a list of one, null for an empty one.
pub(super) fn items(raw: &RawValue) -> Vec<&RawValue> {
    match serde_json::from_str::<Option<Vec<&RawValue>>>(raw.get()) {
        Ok(list) => list.unwrap_or_default(),
        Err(_single) => vec![raw],
    }
}

/// `None` is neither text nor number nor null.
#[expect(
    clippy::option_option,
    reason = "no text at all and something else than text are two answers"
)]
pub(super) fn text(raw: &RawValue) -> Option<Option<String>> {
    let json = raw.get();
    let text = match json.bytes().next()? {
        b'"' => serde_json::from_str::<String>(json).ok()?,
        // Kept as written: a number of twenty digits is an id all the same.
        b'-' | b'0'..=b'9' => json.to_owned(),
        b'n' => String::new(),
        _ => return None,
    };
    Some((!text.trim().is_empty()).then_some(text))
}
