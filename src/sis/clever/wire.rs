//! Clever's pages and records as they come: `{data: [{data: {…}, uri}], links: [{rel, uri}]}`.
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

/// Why a reply is no page. `serde_json`'s own messages quote what they stumble over, so they are not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoPage {
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
    #[error("it has no list `data`")]
    NoData,
    /// A link to go on with, and nothing before it.
    #[error("it is empty and links to a next page all the same")]
    EmptyWithNext,
}

/// What a page says about the page after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// There is one, and it may be empty.
    Linked,
    /// There are links, and none to a next page.
    NotLinked,
    /// There are no links at all, which says nothing.
    Unsaid,
}

/// A page, with its records unread.
#[derive(Debug)]
pub(super) struct Page<'a> {
    /// Each an item of `data`.
    pub(super) items: Vec<&'a RawValue>,
    /// What `links` says.
    pub(super) next: Next,
}

#[derive(Deserialize)]
struct RawPage<'a> {
    #[serde(borrow)]
    data: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    links: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    rel: Option<String>,
}

/// A reply's bytes as JSON of this shape.
pub(super) fn json<'a, T: Deserialize<'a>>(reply: &'a Reply) -> Result<T, NoPage> {
    let bytes: &[u8] = reply.bytes();
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        _ if bytes.trim_ascii_start().starts_with(b"<") => NoPage::WebPage,
        Category::Eof | Category::Io => NoPage::Truncated,
        Category::Data => NoPage::NoData,
        Category::Syntax => NoPage::NotJson {
            line: error.line(),
            column: error.column(),
        },
    })
}

impl<'a> Page<'a> {
    /// Reads the envelope.
    pub(super) fn of(reply: &'a Reply) -> Result<Self, NoPage> {
        let raw: RawPage<'a> = json(reply)?;
        let next = next(raw.links);
        if raw.data.is_empty() && next == Next::Linked {
            return Err(NoPage::EmptyWithNext);
        }
        Ok(Self {
            items: raw.data,
            next,
        })
    }
}

fn next(links: Option<&RawValue>) -> Next {
    let links = links.and_then(|raw| serde_json::from_str::<Vec<Link>>(raw.get()).ok());
    match links.as_deref() {
        None | Some([]) => Next::Unsaid,
        Some(links) if links.iter().any(|link| link.rel.as_deref() == Some("next")) => Next::Linked,
        Some(_) => Next::NotLinked,
    }
}

/// Why a record cannot be used. Names fields, never what is in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    /// `data` of the item is missing or no object.
    #[error("the record is not an object")]
    NotAnObject,
    /// Without an id nothing can refer to it.
    #[error("the record has no id")]
    NoId,
    /// `name` of a person.
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
}

/// The fields of one object, each unread until it is asked for.
#[derive(Debug)]
pub(super) struct Fields<'a>(BTreeMap<String, &'a RawValue>);

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

impl<'a> Fields<'a> {
    /// The record in an item of a page.
    pub(super) fn of_item(item: &'a RawValue) -> Result<Self, Unusable> {
        let item: Option<Item<'a>> = serde_json::from_str(item.get()).ok();
        item.and_then(|item| object(item.data))
            .ok_or(Unusable::NotAnObject)
    }

    /// Every field's name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Every field with its name, unread.
    pub(super) fn raw(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, raw)| (name.as_str(), *raw))
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
        match self.0.get(name) {
            None => Ok(None),
            Some(raw) if raw.get() == "null" => Ok(None),
            Some(raw) => object(raw).map(Some).ok_or(Unusable::NoObject(name)),
        }
    }
}

fn object(raw: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(raw.get()).ok().map(Fields)
}

/// `None` is neither text nor number nor null.
#[expect(
    clippy::option_option,
    reason = "no text at all and something else than text are two answers"
)]
fn text(raw: &RawValue) -> Option<Option<String>> {
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
