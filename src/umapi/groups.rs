//! The list of groups (UMAPI, `group`), read whole or not at all.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::client::Client;
use super::page::{NoPage, decoded, page_count};
use super::read::{MOST_PAGES, bad_page, unread};
use super::request::Outgoing;
use super::{Error, Last, endpoint};
use crate::model::id::GroupName;

/// What a page behind the last one may say instead of a list.
const BEHIND_THE_END: &str = "Not found";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    result: Option<String>,
    last_page: Option<bool>,
    groups: Option<Vec<Row>>,
}

/// What else Adobe tells of a group is of no concern, its type among it: that has been missing at times.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    group_name: Option<String>,
}

/// What a page says.
struct Page {
    is_last: bool,
    /// How many pages there are, where the headers say.
    pages: Option<u32>,
    names: Vec<GroupName>,
}

impl Client {
    /// The names of all groups, from page 0 to the one that says it is the last.
    pub(super) async fn read_groups(&self, last: Last) -> Result<BTreeSet<GroupName>, Error> {
        let mut names = BTreeSet::new();
        let mut pages = None;
        for number in 0..MOST_PAGES {
            let final_request = match last {
                Last::Yes if pages == Some(number + 1) => Last::Yes,
                Last::Yes | Last::No => Last::No,
            };
            let page = self.groups_page(number, final_request).await?;
            pages = page.pages.or(pages);
            let before = names.len();
            names.extend(page.names);
            if page.is_last {
                let (groups, pages) = (names.len(), number + 1);
                tracing::info!(groups, pages, "the list of Adobe's groups is read");
                return Ok(names);
            }
            if names.len() == before {
                let reason =
                    "it names no group that was not on the pages before, and is not the last";
                return Err(bad_page(endpoint::GROUPS, number, reason));
            }
        }
        Err(bad_page(
            endpoint::GROUPS,
            MOST_PAGES,
            "there are too many pages",
        ))
    }

    async fn groups_page(&self, number: u32, last: Last) -> Result<Page, Error> {
        let url = self.url("groups", [number.to_string().as_str()]);
        let outgoing = Outgoing::get(url, last);
        self.fetch(self.groups_call(), &outgoing, |reply| {
            Ok(decoded::<Wire>(reply)?.and_then(|wire| wire.checked(number, page_count(reply))))
        })
        .await
        .map_err(|failure| unread(endpoint::GROUPS, failure))?
        .and_then(|page| page)
        .map_err(|no_page: NoPage| bad_page(endpoint::GROUPS, number, &no_page.to_string()))
    }
}

impl Wire {
    fn checked(self, number: u32, pages: Option<u32>) -> Result<Page, NoPage> {
        match self.result.as_deref() {
            Some("success") => {}
            Some(BEHIND_THE_END) if number > 0 => {
                return Ok(Page {
                    is_last: true,
                    pages,
                    names: Vec::new(),
                });
            }
            _ => return Err(NoPage::NoSuccess),
        }
        let rows = self.groups.ok_or(NoPage::NoGroups)?.into_iter();
        Ok(Page {
            is_last: self.last_page.ok_or(NoPage::NoLastPage)?,
            pages,
            names: rows
                .filter_map(|row| row.group_name)
                .map(|name| GroupName::new(&name))
                .filter(|name| !name.as_str().is_empty())
                .collect(),
        })
    }
}
