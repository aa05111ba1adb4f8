//! One page of a collection.

use serde_json::{Value, json};

use super::super::district::{District, Row};
use super::super::query;
use super::super::server::Response;
use super::refuse;

/// Rows on a page for which nobody said how many.
const USUAL: usize = 100;
/// The most rows on a page.
const MOST: usize = 10_000;

/// What a query asks for.
struct Wish {
    limit: usize,
    cursor: Cursor,
}

enum Cursor {
    Start,
    After(String),
    Before(String),
}

/// The page that the query asks for.
pub(super) fn page(
    district: &District,
    path: &str,
    query: &str,
    mut rows: Vec<Row<'_>>,
    link_to_empty_page: bool,
) -> Response {
    let wish = match wish(query) {
        Ok(wish) => wish,
        Err(refused) => return refused,
    };
    rows.sort_by(|one, other| one.id().cmp(other.id()));
    // The cursor is the id, so that no id can be there twice, whatever the district says.
    rows.dedup_by(|one, other| one.id() == other.id());
    let (from, to) = wish.range(&rows);
    let shown = &rows[from..to];
    let data: Vec<Value> = shown
        .iter()
        .map(|row| {
            let uri = format!("/v2.1/{}/{}", row.collection(), query::escape(row.id()));
            json!({"data": row.json(district), "uri": uri})
        })
        .collect();
    let is_full = shown.len() == wish.limit;
    let has_next = to < rows.len() || (is_full && link_to_empty_page);
    let mut links = vec![json!({"rel": "self", "uri": uri(path, query)})];
    if let Some(last) = shown.last().filter(|_| has_next) {
        links.push(link("next", path, wish.limit, "starting_after", last.id()));
    }
    if let Some(first) = shown.first().filter(|_| from > 0) {
        links.push(link("prev", path, wish.limit, "ending_before", first.id()));
    }
    Response::json(200, &json!({"data": data, "links": links}))
}

impl Wish {
    /// The places of the first row and of the one after the last.
    fn range(&self, rows: &[Row<'_>]) -> (usize, usize) {
        match &self.cursor {
            Cursor::Start => (0, self.limit.min(rows.len())),
            Cursor::After(id) => {
                let from = rows.partition_point(|row| row.id() <= id.as_str());
                (from, (from + self.limit).min(rows.len()))
            }
            Cursor::Before(id) => {
                let to = rows.partition_point(|row| row.id() < id.as_str());
                (to.saturating_sub(self.limit), to)
            }
        }
    }
}

fn wish(query: &str) -> Result<Wish, Response> {
    let query = query::pairs(query);
    let limit = match query.get("limit") {
        None => USUAL,
        Some(limit) => match limit.parse::<i64>() {
            Err(_) | Ok(..=0) => return Err(refuse(400, "limit must be a positive number")),
            Ok(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
        },
    };
    if limit > MOST {
        return Err(refuse(413, "limit must be at most 10000"));
    }
    let cursor = match (query.get("starting_after"), query.get("ending_before")) {
        (None, None) => Cursor::Start,
        (Some(id), None) if !id.is_empty() => Cursor::After(id.clone()),
        (None, Some(id)) if !id.is_empty() => Cursor::Before(id.clone()),
        _ => {
            return Err(refuse(
                400,
                "one of starting_after and ending_before, with an id",
            ));
        }
    };
    Ok(Wish { limit, cursor })
}

fn uri(path: &str, query: &str) -> String {
    if query.is_empty() {
        format!("/v2.1/{path}")
    } else {
        format!("/v2.1/{path}?{query}")
    }
}

fn link(rel: &str, path: &str, limit: usize, cursor: &str, id: &str) -> Value {
    let id = query::escape(id);
    json!({"rel": rel, "uri": format!("/v2.1/{path}?limit={limit}&{cursor}={id}")})
}
