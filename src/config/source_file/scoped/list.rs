//! A file of scoped sources: CSV with the columns `product`, `user_filter` and `secret`. No message repeats a cell: a
//! credential may stand in the wrong one.

use std::collections::BTreeSet;

use super::{Naming, public_token};
use crate::config::directory_group;
use crate::config::section::Findings;
use crate::config::table::{self, Columns, Heading, Row};
use crate::config::text::{self, Unreadable};
use crate::config::{ScopedSource, UserFilter, credentials, words};

const COLUMNS: Columns<Column> = Columns {
    words: &[
        ("product", Column::Product),
        ("user_filter", Column::UserFilter),
        ("secret", Column::Secret),
        ("client_id", Column::ClientId),
        ("client_secret", Column::ClientSecret),
        ("access_token", Column::AccessToken),
    ],
    required: &[(Column::Product, "product")],
    known: "the first line names the columns, and they are: product, user_filter, secret; commas between them in a .csv file, tabs in any other",
    twice: "",
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Product,
    UserFilter,
    Secret,
    ClientId,
    ClientSecret,
    AccessToken,
}

/// The sources of a file; the first has the number of `naming`. `None` where a problem says why one is missing.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    naming: Naming<'_>,
    unnamed: &mut BTreeSet<String>,
    findings: &mut Findings,
) -> Option<Vec<ScopedSource>> {
    let text = text::decode(bytes)
        .map_err(|Unreadable { at, message }| findings.problem(at, message))
        .ok()?;
    let rows = table::read(name, text, &COLUMNS, findings);
    let Some((heading, rows)) = rows.filter(|(_, rows)| !rows.is_empty()) else {
        if !findings.has_problems() {
            findings.problem(
                (1, 1),
                "no source stands in this file. Write a row for each",
            );
        }
        return None;
    };
    let sources: Vec<Option<ScopedSource>> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let naming = Naming {
                number: naming.number + index,
                ..naming
            };
            source(&heading, row, naming, unnamed, findings)
        })
        .collect();
    sources.into_iter().collect()
}

/// The source of a row; `None` where a problem says why not.
fn source(
    heading: &Heading<Column>,
    row: &Row<'_>,
    naming: Naming<'_>,
    unnamed: &mut BTreeSet<String>,
    findings: &mut Findings,
) -> Option<ScopedSource> {
    if let Some((at, wrong)) = heading.misplaced(row) {
        findings.problem(at, wrong);
        return None;
    }
    let (product_at, product) = heading.cell(row, Column::Product);
    let (_, named) = heading.cell(row, Column::Secret);
    let secret = if named.is_empty() {
        naming.secret(product)
    } else {
        Ok(named.to_owned())
    };
    let place = secret.unwrap_or_else(|example| example);
    let open = refuse_credentials(heading, row, &place, findings);
    let user_filter = user_filter(heading, row, findings);
    if product.is_empty() {
        findings.problem(
            product_at,
            "product: this source has none. Write the directory group that everybody of it is in",
        );
        return None;
    }
    let secret = if named.is_empty() {
        naming
            .own_secret(product, unnamed)
            .map_err(|message| findings.problem(product_at, format!("product: {message}")))
            .ok()?
    } else {
        place
    };
    let (_, token) = heading.cell(row, Column::AccessToken);
    Some(ScopedSource {
        product: product.to_owned(),
        user_filter: user_filter?,
        secret,
        public_token: public_token(token),
    })
    .filter(|_| !open)
}

/// Whether credentials stand in the row. Clever's public token and the example texts are none.
fn refuse_credentials(
    heading: &Heading<Column>,
    row: &Row<'_>,
    secret: &str,
    findings: &mut Findings,
) -> bool {
    let columns = [
        ("client_id", Column::ClientId),
        ("client_secret", Column::ClientSecret),
        ("access_token", Column::AccessToken),
    ];
    let mut open = false;
    for (key, column) in columns {
        let (at, text) = heading.cell(row, column);
        let public = column == Column::AccessToken && public_token(text).is_some();
        if text.is_empty() || words::is_example_text(text) || public {
            continue;
        }
        open = true;
        findings.problem(
            at,
            format!(
                "{key}: credentials do not belong in this file. Empty the cell. {}",
                credentials::put_source(secret)
            ),
        );
    }
    open
}

/// Everybody, where the cell is blank.
fn user_filter(
    heading: &Heading<Column>,
    row: &Row<'_>,
    findings: &mut Findings,
) -> Option<UserFilter> {
    let (at, text) = heading.cell(row, Column::UserFilter);
    if text.is_empty() {
        return Some(UserFilter::Users);
    }
    let filter = directory_group::user_filter(text);
    if filter.is_none() {
        findings.problem(
            at,
            "user_filter: this is none of students, teachers and users",
        );
    }
    filter
}
