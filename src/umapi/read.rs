//! The list of users, read whole or not at all.

use std::collections::BTreeSet;

use super::client::{Client, Failure};
use super::page::{Names, Page, Row};
use super::request::Outgoing;
use super::{Error, Last, advice, endpoint};
use crate::http;
use crate::model::directory::{Directory, User};

/// Far more than any organization has, at up to 2,000 accounts a page: a listing that goes on has no end.
const MOST_PAGES: u32 = 10_000;

/// The accounts of the pages so far.
#[derive(Default)]
struct Listing {
    seen: BTreeSet<u64>,
    users: Vec<User>,
    names: Names,
    left_out: usize,
}

impl Listing {
    /// How many of the rows were on no page before.
    fn add(&mut self, rows: Vec<Row>) -> usize {
        let before = self.seen.len();
        for row in rows {
            let new = self.seen.insert(row.mark());
            match row.account(&mut self.names) {
                Some(user) => self.users.push(user),
                None => self.left_out += usize::from(new),
            }
        }
        self.seen.len() - before
    }

    fn whole(self, pages: u32) -> Directory {
        let directory = Directory::new(self.users);
        tracing::info!(
            accounts = directory.users.len(),
            left_out = self.left_out,
            pages,
            "the list of Adobe's users is read"
        );
        directory
    }
}

impl Client {
    /// Every account, from page 0 to the one that says it is the last. Accounts of a type that is none of the three
    /// (Adobe lists some as `unknown`) and accounts without an address are left out and counted in the log: no rule can
    /// match them to a person of the roster, so they can be neither changed nor removed.
    pub(super) async fn read_users(&self, last: Last) -> Result<Directory, Error> {
        let mut listing = Listing::default();
        let mut pages = None;
        for number in 0..MOST_PAGES {
            let final_request = match last {
                Last::Yes if pages == Some(number + 1) => Last::Yes,
                Last::Yes | Last::No => Last::No,
            };
            let page = self.users_page(number, final_request).await?;
            pages = page.pages.or(pages);
            let new = listing.add(page.rows);
            if page.is_last {
                return Ok(listing.whole(number + 1));
            }
            if new == 0 {
                return Err(bad_page(
                    number,
                    "it names no account that was not on the pages before, and is not the last",
                ));
            }
        }
        Err(bad_page(MOST_PAGES, "there are too many pages"))
    }

    async fn users_page(&self, number: u32, last: Last) -> Result<Page, Error> {
        let mut url = self.url("users", Some(&number.to_string()));
        url.query_pairs_mut().append_pair("directOnly", "true");
        let outgoing = Outgoing {
            url,
            mark: self.mark(last),
            body: None,
        };
        self.fetch(self.users_call(), &outgoing, Page::of)
            .await
            .map_err(unread)?
            .and_then(|page| page)
            .map_err(|no_page| bad_page(number, &no_page.to_string()))
    }
}

fn bad_page(number: u32, reason: &str) -> Error {
    Error::BadReply {
        endpoint: endpoint::USERS,
        reason: format!("page {number}: {reason}"),
    }
}

fn unread(failure: Failure) -> Error {
    match failure {
        Failure::Fatal(error) => error,
        Failure::Request(http::Error::Status { status, .. })
            if status < 500 && !matches!(status, 408 | 429) =>
        {
            Error::Refused {
                endpoint: endpoint::USERS,
                status,
                advice: advice::on_request(status),
            }
        }
        Failure::Request(error) => Error::Unavailable(error),
    }
}
