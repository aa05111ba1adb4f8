//! OneRoster's replies as they come: `{"users": [{…}, …]}`. The wrapper is named after the type of its records, but
//! servers are known that name it after the path.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::http::Reply;
use crate::sis::fields::{self, BadJson, Fields, Unusable, items, text};

/// What stands beside the records and is none (all `imsx_…`, too).
const BESIDE: [&str; 7] = [
    "statusInfoSet",
    "totalCount",
    "limit",
    "offset",
    "pageCount",
    "metadata",
    "links",
];

/// Where a server says that it failed, in any letter case.
const CODES: [&str; 2] = ["imsx_codemajor", "codemajor"];

/// Why a reply is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoPage {
    /// No JSON.
    #[error(transparent)]
    Json(#[from] BadJson),
    /// The server's own words are not passed on: they may quote anything.
    #[error("it says that the request failed")]
    Failure,
    /// Not even an empty one.
    #[error("it has no list of records")]
    NoList,
}

/// The names that the records of a page may stand under.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrapper {
    /// By the standard: the type of the records.
    pub(super) kind: &'static str,
    /// The last part of the path.
    pub(super) path: &'static str,
}

/// A page, with its records unread.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) items: Vec<&'a RawValue>,
    /// The number of records on all pages, as far as the server says.
    pub(super) total: Option<usize>,
    /// The number of records on this page is told apart from it.
    pub(super) counts_apart: bool,
}

type Top<'a> = BTreeMap<String, &'a RawValue>;

impl<'a> Page<'a> {
    /// Reads the envelope; `None` where there is no body at all.
    pub(super) fn of(reply: &'a Reply, wrapper: Wrapper) -> Result<Option<Self>, NoPage> {
        let Some(top) = top(reply)? else {
            return Ok(None);
        };
        let items = named(&top, wrapper)
            .or_else(|| only_list(&top))
            .ok_or(NoPage::NoList)?;
        let total = reply
            .header("x-total-count")
            .and_then(number)
            .or_else(|| number(&text(top.get("totalCount")?)??));
        let counts_apart = reply.header("x-count").is_some();
        Ok(Some(Self {
            items,
            total,
            counts_apart,
        }))
    }
}

/// The one record of a reply; `None` where there is no body at all.
pub(super) fn single(reply: &Reply, wrapper: Wrapper) -> Result<Option<&RawValue>, NoPage> {
    let Some(top) = top(reply)? else {
        return Ok(None);
    };
    let items = named(&top, wrapper).ok_or(NoPage::NoList)?;
    Ok(items.first().copied())
}

/// The reply's object, unless it reports a failure: some servers do so with a status of success.
fn top(reply: &Reply) -> Result<Option<Top<'_>>, NoPage> {
    if reply.bytes().trim_ascii().is_empty() {
        return Ok(None);
    }
    let top: Top<'_> = fields::json(reply).map_err(|bad| match bad {
        BadJson::Shape => NoPage::NoList,
        other => NoPage::Json(other),
    })?;
    let infos = top.get("statusInfoSet").map(|raw| items(raw));
    let infos = infos.into_iter().flatten();
    let mut infos = infos.filter_map(|info| Fields::of(info).ok());
    let failed = top.iter().any(|(name, raw)| is_failure(name, raw))
        || infos.any(|info| info.raw().any(|(name, raw)| is_failure(name, raw)));
    if failed {
        return Err(NoPage::Failure);
    }
    Ok(Some(top))
}

fn is_failure(name: &str, raw: &RawValue) -> bool {
    let word = || text(raw).flatten().unwrap_or_default();
    CODES.contains(&name.to_lowercase().as_str())
        && ["failure", "unsupported"].contains(&word().trim().to_lowercase().as_str())
}

/// The records under one of the names that they should have: a list, a single record, or null for none.
fn named<'a>(top: &Top<'a>, wrapper: Wrapper) -> Option<Vec<&'a RawValue>> {
    let raw = top.get(wrapper.kind).or_else(|| top.get(wrapper.path))?;
    matches!(raw.get().as_bytes().first(), Some(b'[' | b'{' | b'n')).then(|| items(raw))
}

/// The records under a name of the server's own, if only one can be meant.
fn only_list<'a>(top: &Top<'a>) -> Option<Vec<&'a RawValue>> {
    let mut lists = top
        .iter()
        .filter(|(name, _)| !BESIDE.contains(&name.as_str()) && !name.starts_with("imsx_"))
        .filter(|(_, raw)| raw.get().starts_with('['));
    let (_, list) = lists.next()?;
    lists.next().is_none().then(|| items(list))
}

fn number(text: &str) -> Option<usize> {
    text.trim().parse().ok()
}

/// The record of an item, with its id.
pub(super) fn id(fields: &Fields<'_>) -> Result<String, Unusable> {
    let id = fields.text("sourcedId")?.ok_or(Unusable::NoId)?;
    Ok(id.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::transport::Reply;

    const STUDENTS: Wrapper = Wrapper {
        kind: "users",
        path: "students",
    };

    fn reply(body: &str) -> Reply {
        Reply {
            status: 200,
            headers: reqwest::header::HeaderMap::new(),
            body: crate::http::error::Body(body.to_owned().into()),
        }
    }

    fn count(body: &str) -> Result<Option<usize>, NoPage> {
        let reply = reply(body);
        let page = Page::of(&reply, STUDENTS)?;
        Ok(page.map(|page| page.items.len()))
    }

    #[test]
    fn the_list_has_its_own_name_the_path_s_or_any() {
        for body in [
            r#"{"users": [{}, {}]}"#,
            r#"{"students": [{}, {}], "users2": [1]}"#,
            r#"{"pupils": [{}, {}], "totalCount": 2, "metadata": [], "imsx_x": [], "statusInfoSet": []}"#,
            "\u{feff}{\"users\": [{}, {}]}",
        ] {
            assert_eq!(count(body), Ok(Some(2)), "{body}");
        }
        assert_eq!(count(r#"{"users": null}"#), Ok(Some(0)));
        assert_eq!(count(r#"{"users": {"sourcedId": "a"}}"#), Ok(Some(1)));
        assert_eq!(count(" "), Ok(None));
    }

    #[test]
    fn no_list_is_not_an_empty_one() {
        for body in [
            "{}",
            "[]",
            r#""users""#,
            r#"{"users": "none"}"#,
            r#"{"one": [], "other": []}"#,
            r#"{"metadata": []}"#,
        ] {
            assert_eq!(count(body), Err(NoPage::NoList), "{body}");
        }
        assert_eq!(
            count("<html>Sign in</html>"),
            Err(NoPage::Json(BadJson::WebPage))
        );
    }

    #[test]
    fn a_failure_is_one_with_any_status() {
        for body in [
            r#"{"imsx_codeMajor": "failure", "users": []}"#,
            r#"{"CodeMajor": " Failure "}"#,
            r#"{"statusInfoSet": [{"imsx_codeMajor": "failure"}], "users": []}"#,
            r#"{"statusInfoSet": {"codeMajor": "unsupported"}, "users": []}"#,
        ] {
            assert_eq!(count(body), Err(NoPage::Failure), "{body}");
        }
        let success = r#"{"statusInfoSet": [{"imsx_codeMajor": "success"}], "users": []}"#;
        assert_eq!(count(success), Ok(Some(0)));
    }

    #[test]
    fn the_total_is_in_a_header_or_in_the_body() {
        let mut with_header = reply(r#"{"users": [], "totalCount": 3}"#);
        let total = |reply: &Reply| Page::of(reply, STUDENTS).unwrap().unwrap().total;
        assert_eq!(total(&with_header), Some(3));
        with_header
            .headers
            .insert("X-Total-Count", "7".parse().unwrap());
        assert_eq!(total(&with_header), Some(7));
        assert_eq!(
            total(&reply(r#"{"users": [], "totalCount": "12"}"#)),
            Some(12)
        );
        assert_eq!(total(&reply(r#"{"users": []}"#)), None);
    }
}
