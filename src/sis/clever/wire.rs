//! Clever's pages as they come: `{data: [{data: {…}, uri}], links: [{rel, uri}]}`.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::http::Reply;
use crate::sis::fields::{self, BadJson, Fields, Unusable};

/// Why a reply is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoPage {
    /// No JSON.
    #[error(transparent)]
    Json(BadJson),
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

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    data: &'a RawValue,
}

/// A reply's bytes as JSON of this shape.
pub(super) fn json<'a, T: Deserialize<'a>>(reply: &'a Reply) -> Result<T, NoPage> {
    fields::json(reply).map_err(|bad| match bad {
        BadJson::Shape => NoPage::NoData,
        BadJson::WebPage | BadJson::Truncated | BadJson::NotJson { .. } => NoPage::Json(bad),
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

/// The record in an item of a page.
pub(super) fn record(item: &RawValue) -> Result<Fields<'_>, Unusable> {
    let item: Option<Item<'_>> = serde_json::from_str(item.get()).ok();
    Fields::of(item.ok_or(Unusable::NotAnObject)?.data)
}
