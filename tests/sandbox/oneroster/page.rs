//! One page of a collection.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::query::{self, escape};
use super::super::server::{Request, Response};
use super::row::{Row, Type, Writer};
use super::rules::{Oddities, Sessions, Total, Wrapper};
use super::select::{self, Filter};
use super::{HOST, refuse};

/// Rows on a page for which nobody said how many.
const USUAL: usize = 100;
/// Where an endless `Link` leads.
const ELSEWHERE: &str = "https://elsewhere.example";

type Query = BTreeMap<String, String>;

/// A single record.
pub(super) fn single(writer: Writer<'_>, request: &Request, kind: Type, row: Row<'_>) -> Response {
    let query = query::pairs(&request.query);
    let mut record = writer.json(row);
    if let Some(fields) = query.get("fields") {
        match select::fields(fields, kind) {
            Ok(fields) => select::only(&mut record, &fields),
            Err(unknown) => return refuse(400, "invalid_selection_field", &unknown),
        }
    }
    let mut words = request.path.trim_end_matches('/').rsplit('/').skip(1);
    let word = match &writer.oddities.wrapper {
        Wrapper::Type => kind.words()[1].to_owned(),
        Wrapper::Path => singular(words.next().unwrap_or_default()),
        Wrapper::Word(word) => word.clone(),
    };
    Response::json(200, &json!({ word: record }))
}

/// The page that the query asks for.
pub(super) fn page(
    writer: Writer<'_>,
    request: &Request,
    kind: Type,
    mut rows: Vec<Row<'_>>,
) -> Response {
    let oddities = writer.oddities;
    let query = query::pairs(&request.query);
    if query.contains_key("sort") && oddities.refuses_sort {
        return refuse(422, "invaliddata", "sort is not taken");
    }
    let chosen = match choose(writer, kind, &query, &mut rows) {
        Ok(chosen) => chosen,
        Err((code, message)) => return refuse(400, code, &message),
    };
    let (Ok(limit), Ok(offset)) = (number(&query, "limit", USUAL), number(&query, "offset", 0))
    else {
        return refuse(400, "invaliddata", "limit and offset are numbers");
    };
    if limit == 0 {
        return refuse(400, "invaliddata", "limit is at least 1");
    }
    let offset = if oddities.ignores_offset { 0 } else { offset };
    let limit = oddities.page_cap.map_or(limit, |cap| cap.min(limit));
    let shown = rows.iter().skip(offset).take(limit);
    let records: Vec<Value> = shown
        .map(|row| {
            let mut record = writer.json(*row);
            if let Some(fields) = &chosen {
                select::only(&mut record, fields);
            }
            Value::Object(record)
        })
        .collect();
    let place = Place {
        limit,
        offset,
        total: rows.len(),
    };
    place.reply(oddities, request, kind, records)
}

/// Filters and sorts; returns the fields that are asked for.
fn choose<'q>(
    writer: Writer<'_>,
    kind: Type,
    query: &'q Query,
    rows: &mut Vec<Row<'_>>,
) -> Result<Option<Vec<&'q str>>, (&'static str, String)> {
    if let Some(filter) = query.get("filter") {
        let filter = Filter::parse(filter, kind);
        let filter = filter.map_err(|message| ("invalid_filter_field", message))?;
        rows.retain(|row| filter.takes(writer, *row));
    }
    if let Some(field) = query.get("sort") {
        let order = query.get("orderBy").map(String::as_str);
        let sorted = select::sort(writer, rows, kind, field, order);
        sorted.map_err(|message| ("invalid_sort_field", message))?;
    }
    let fields = query
        .get("fields")
        .map(|fields| select::fields(fields, kind));
    let fields = fields.transpose();
    fields.map_err(|message| ("invalid_selection_field", message))
}

fn number(query: &Query, name: &str, absent: usize) -> Result<usize, std::num::ParseIntError> {
    query.get(name).map_or(Ok(absent), |text| text.parse())
}

/// Which part of a collection a page is.
struct Place {
    limit: usize,
    offset: usize,
    total: usize,
}

impl Place {
    fn reply(
        &self,
        oddities: &Oddities,
        request: &Request,
        kind: Type,
        records: Vec<Value>,
    ) -> Response {
        let path = request.path.trim_end_matches('/');
        let misnamed = oddities.sessions == Sessions::Misnamed && kind == Type::AcademicSession;
        let word = match &oddities.wrapper {
            _ if misnamed => "sessions".to_owned(),
            Wrapper::Type => kind.words()[0].to_owned(),
            Wrapper::Path => path.rsplit('/').next().unwrap_or_default().to_owned(),
            Wrapper::Word(word) => word.clone(),
        };
        let count = records.len().to_string();
        let mut body = Map::from_iter([(word, Value::Array(records))]);
        if oddities.total == Total::Body {
            body.insert("totalCount".to_owned(), json!(self.total));
            body.insert("limit".to_owned(), json!(self.limit));
            body.insert("offset".to_owned(), json!(self.offset));
        }
        let mut response = Response::json(200, &Value::Object(body))
            .with("x-count", &count)
            .with("link", &self.links(oddities, request));
        if oddities.total == Total::Header {
            response = response.with("x-total-count", &self.total.to_string());
        }
        response
    }

    /// RFC 8288, to the host that the server is known by.
    fn links(&self, oddities: &Oddities, request: &Request) -> String {
        let link = |origin: &str, kept: &str, offset: usize, rel: &str| {
            let (path, limit) = (&request.path, self.limit);
            format!("<{origin}{path}?{kept}limit={limit}&offset={offset}>; rel=\"{rel}\"")
        };
        let next = self.offset + self.limit;
        if oddities.endless_next {
            return link(ELSEWHERE, "", next, "next");
        }
        let mut kept = String::new();
        for (name, value) in query::list(&request.query) {
            if name != "limit" && name != "offset" {
                kept.extend([&escape(&name), "=", &escape(&value), "&"]);
            }
        }
        let origin = format!("https://{HOST}");
        let last = self.total.saturating_sub(1) / self.limit * self.limit;
        let mut links = vec![
            link(&origin, &kept, 0, "first"),
            link(&origin, &kept, last, "last"),
        ];
        if self.offset > 0 {
            let offset = self.offset.saturating_sub(self.limit);
            links.push(link(&origin, &kept, offset, "prev"));
        }
        if next < self.total {
            links.push(link(&origin, &kept, next, "next"));
        }
        links.join(", ")
    }
}

fn singular(word: &str) -> String {
    let single = word.strip_suffix("sses").map(|stem| format!("{stem}ss"));
    single.unwrap_or_else(|| word.strip_suffix('s').unwrap_or(word).to_owned())
}
