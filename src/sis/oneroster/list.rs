//! One list of the server, page by page, whole or not at all.

use std::collections::BTreeSet;

use super::paging::{Broken, Paging, Step};
use super::plan::Left;
use super::server::{Decoded, Place, Rows, Server};
use crate::http;
use crate::model::id::RosterId;
use crate::model::roster::SkippedRecord;
use crate::sis::Error;
use crate::sis::fields::Fields;

/// A page that a server cannot make is asked for in halves, down to this, which is the standard's default.
const LEAST_ROWS: usize = 100;

/// Everything that a list holds, or holds so far.
#[derive(Debug)]
pub(super) struct Listed<T> {
    pub(super) records: Vec<T>,
    /// What could not be used.
    pub(super) skipped: Vec<SkippedRecord>,
    /// Every field's name that at least one record carries.
    pub(super) names: BTreeSet<String>,
}

/// Nothing: what a list that is not needed holds.
impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            skipped: Vec::new(),
            names: BTreeSet::new(),
        }
    }
}

impl<T> Listed<T> {
    /// Whether there was no record at all, readable or not.
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.skipped.is_empty()
    }

    /// Both together.
    pub(super) fn extend(&mut self, other: Self) {
        self.records.extend(other.records);
        self.skipped.extend(other.skipped);
        self.names.extend(other.names);
    }
}

/// A list that is being read.
#[derive(Debug)]
pub(super) struct List<'a, T, D> {
    server: &'a Server<'a>,
    place: Place,
    decode: D,
    limit: usize,
    sorted: bool,
    paging: Paging,
    ended: bool,
    /// It did not fit together once already.
    again: bool,
    listed: Listed<T>,
}

impl<'a, T, D> List<'a, T, D>
where
    D: Fn(RosterId, &Fields<'_>) -> Decoded<T>,
{
    /// Nothing is asked for yet.
    pub(super) fn new(server: &'a Server<'a>, place: Place, decode: D) -> Self {
        Self {
            server,
            place,
            decode,
            limit: server.limit,
            sorted: !server.unsorted.get(),
            paging: Paging::default(),
            ended: false,
            again: false,
            listed: Listed::default(),
        }
    }

    /// Whether it is whole.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether nothing has been read of it.
    pub(super) fn is_unread(&self) -> bool {
        self.paging.number() == 1
    }

    /// What was read so far.
    pub(super) fn records(&self) -> &[T] {
        &self.listed.records
    }

    /// How many pages are left, as far as the server says.
    pub(super) fn left(&self) -> Left {
        self.paging.left(self.limit)
    }

    /// Reads to the end.
    pub(super) async fn whole(mut self) -> Result<Listed<T>, Error> {
        while !self.ended {
            self.step().await?;
        }
        if !self.place.nested {
            tracing::info!(
                endpoint = self.place.endpoint.name,
                records = self.listed.records.len(),
                skipped = self.listed.skipped.len(),
                "collection read"
            );
        }
        Ok(self.listed)
    }

    /// Reads one page. Pages that do not fit together are read once more from the first: the roster may have been
    /// changed meanwhile.
    pub(super) async fn step(&mut self) -> Result<(), Error> {
        let number = self.paging.number();
        let page = self.fetch(number).await?;
        let ids: Vec<Option<&RosterId>> = page.records.iter().map(|(id, _)| id.as_ref()).collect();
        let known = ids
            .iter()
            .map(|id| id.is_some_and(|id| self.paging.has(id)));
        let known: Vec<bool> = known.collect();
        match self.paging.page(&ids, page.total, self.limit) {
            Ok(step) => {
                self.ended = step == Step::End;
                self.keep(page, &known);
                Ok(())
            }
            Err(broken) if broken.may_pass() && !self.again => {
                self.start_again(broken);
                Ok(())
            }
            Err(broken) => {
                let ask = self.server.ask(self.place.endpoint, number);
                Err(ask.bad_page(broken.to_string()))
            }
        }
    }

    /// A page, in as small a size as the server needs, and unsorted where it does not sort.
    async fn fetch(&mut self, number: usize) -> Result<Rows<T>, Error> {
        loop {
            let (limit, offset) = (self.limit.to_string(), self.paging.offset().to_string());
            let mut query = vec![("limit", limit.as_str()), ("offset", offset.as_str())];
            if self.sorted {
                query.extend([("sort", "sourcedId"), ("orderBy", "asc")]);
            }
            let page = self
                .server
                .page(&self.place, number, &query, &self.decode)
                .await;
            match page {
                Err(Error::Refused {
                    status: 400 | 422, ..
                }) if self.sorted && number == 1 => {
                    self.sorted = false;
                    self.server.unsorted.set(true);
                }
                Err(Error::Unavailable(http::Error::Status {
                    status: status @ 502..=504,
                    ..
                })) if self.limit > LEAST_ROWS => {
                    self.server
                        .keep_failure(&self.place, number, &query, status);
                    self.limit = (self.limit / 2).max(LEAST_ROWS);
                    tracing::info!(
                        endpoint = self.place.endpoint.name,
                        rows = self.limit,
                        "pages are made smaller"
                    );
                }
                page => return page,
            }
        }
    }

    fn start_again(&mut self, broken: Broken) {
        tracing::info!(endpoint = self.place.endpoint.name, cause = %broken, "collection is read once more");
        self.again = true;
        self.paging = Paging::default();
        self.listed = Listed::default();
    }

    /// Keeps what was not on an earlier page.
    fn keep(&mut self, page: Rows<T>, known: &[bool]) {
        self.listed.names.extend(page.names);
        let new = page.records.into_iter().zip(known);
        for ((id, record), _) in new.filter(|(_, known)| !**known) {
            match record {
                Ok(record) => self.listed.records.extend(record),
                Err(unusable) => self.listed.skipped.push(SkippedRecord {
                    collection: self.place.endpoint.wrapper.path,
                    id,
                    reason: unusable.to_string(),
                }),
            }
        }
    }
}
