//! Lists of users, each read whole or not at all.

use std::collections::BTreeSet;

use super::client::{Client, Failure};
use super::page::{Names, Page, Row};
use super::request::Outgoing;
use super::{Error, Last, advice, endpoint};
use crate::http;
use crate::model::directory::{Directory, User};
use crate::model::id::GroupName;

/// Far more than any organization has, at up to 2,000 accounts a page: a listing that goes on has no end.
pub(super) const MOST_PAGES: u32 = 10_000;

/// The accounts of the lists so far.
#[derive(Default)]
struct Accounts {
    users: Vec<User>,
    names: Names,
    left_out: usize,
    pages: u32,
}

impl Accounts {
    /// Takes the rows of one page; how many of them were on no page of the list before. Whoever a group's list names is
    /// in the group, whether or not its groups are listed, too.
    fn add(&mut self, rows: Vec<Row>, of: Option<&GroupName>, seen: &mut BTreeSet<u64>) -> usize {
        let before = seen.len();
        self.pages += 1;
        for row in rows {
            let new = seen.insert(row.mark());
            match row.account(&mut self.names) {
                Some(mut user) => {
                    user.groups.extend(of.cloned());
                    self.users.push(user);
                }
                None => self.left_out += usize::from(new),
            }
        }
        seen.len() - before
    }

    fn whole(self, unread_groups: BTreeSet<GroupName>) -> Directory {
        let directory = Directory {
            unread_groups,
            ..Directory::new(self.users)
        };
        tracing::info!(
            accounts = directory.users.len(),
            left_out = self.left_out,
            pages = self.pages,
            unread_groups = directory.unread_groups.len(),
            "Adobe's users are read"
        );
        directory
    }
}

impl Client {
    /// Every account. Accounts of a type that is none of the three (Adobe lists some as `unknown`) and accounts without
    /// an address are left out and counted in the log: no rule can match them to a person of the roster, so they can be
    /// neither changed nor removed.
    pub(super) async fn read_everybody(&self, last: Last) -> Result<Directory, Error> {
        let mut accounts = Accounts::default();
        self.read_list(None, last, &mut accounts).await?;
        Ok(accounts.whole(BTreeSet::new()))
    }

    /// The members of these groups, group by group.
    pub(super) async fn read_members(
        &self,
        groups: &BTreeSet<GroupName>,
        last: Last,
    ) -> Result<Directory, Error> {
        let mut accounts = Accounts::default();
        let mut unread = BTreeSet::new();
        for (number, group) in groups.iter().enumerate() {
            let last = if number + 1 == groups.len() {
                last
            } else {
                Last::No
            };
            if !is_segment(group) {
                unread.insert(group.clone());
                continue;
            }
            let before = accounts.users.len();
            match self.read_list(Some(group), last, &mut accounts).await {
                Ok(()) => {}
                Err(Error::Refused { status: 404, .. }) => {
                    accounts.users.truncate(before);
                    unread.insert(group.clone());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(accounts.whole(unread))
    }

    /// From page 0 to the one that says it is the last.
    async fn read_list(
        &self,
        of: Option<&GroupName>,
        last: Last,
        accounts: &mut Accounts,
    ) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        let mut pages = None;
        for number in 0..MOST_PAGES {
            let final_request = match last {
                Last::Yes if pages == Some(number + 1) => Last::Yes,
                Last::Yes | Last::No => Last::No,
            };
            let page = self.users_page(of, number, final_request).await?;
            pages = page.pages.or(pages);
            let new = accounts.add(page.rows, of, &mut seen);
            if page.is_last {
                return Ok(());
            }
            if new == 0 {
                return Err(bad_page(
                    list_endpoint(of),
                    number,
                    "it names no account that was not on the pages before, and is not the last",
                ));
            }
        }
        Err(bad_page(
            list_endpoint(of),
            MOST_PAGES,
            "there are too many pages",
        ))
    }

    async fn users_page(
        &self,
        of: Option<&GroupName>,
        number: u32,
        last: Last,
    ) -> Result<Page, Error> {
        let page = number.to_string();
        let segments = [page.as_str()].into_iter();
        let mut url = self.url("users", segments.chain(of.map(GroupName::as_str)));
        url.query_pairs_mut().append_pair("directOnly", "true");
        let outgoing = Outgoing::get(url, last);
        let call = match of {
            None => self.users_call(),
            Some(_) => self.members_call(),
        };
        let endpoint = call.endpoint;
        self.fetch(call, &outgoing, Page::of)
            .await
            .map_err(|failure| unread(endpoint, failure))?
            .and_then(|page| page)
            .map_err(|no_page| bad_page(endpoint, number, &no_page.to_string()))
    }
}

fn list_endpoint(of: Option<&GroupName>) -> &'static str {
    of.map_or(endpoint::USERS, |_| endpoint::MEMBERS)
}

/// Whether the name can stand in a path: without it, or with dots that mean a folder, the path would be that of the
/// list of all users.
fn is_segment(group: &GroupName) -> bool {
    !matches!(group.as_str(), "" | "." | "..")
}

pub(super) fn bad_page(endpoint: &'static str, number: u32, reason: &str) -> Error {
    Error::BadReply {
        endpoint,
        reason: format!("page {number}: {reason}"),
    }
}

pub(super) fn unread(endpoint: &'static str, failure: Failure) -> Error {
    match failure {
        Failure::Fatal(error) => error,
        Failure::Request(http::Error::Status { status, .. })
            if status < 500 && !matches!(status, 408 | 429) =>
        {
            Error::Refused {
                endpoint,
                status,
                advice: advice::on_request(status),
            }
        }
        Failure::Request(error) => Error::Unavailable(error),
    }
}
