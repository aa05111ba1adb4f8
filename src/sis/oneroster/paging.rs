//! When a collection is at its end. Pure.
//!
//! OneRoster pages by `limit` and `offset`, over rows that may move meanwhile: a row that is deleted pulls another one
//! over the edge of the next page, unseen. So every page begins with the last row of the one before, and the pages fit
//! together where they have just this one in common. A collection is over at a page without
//! a new row, or when there are as many rows as the server said there were and the last page was smaller than others. A short page
//! alone says nothing (servers cut pages silently), nor does a total (it may be the page's own), nor a link.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::plan::Left;
use crate::model::id::RosterId;

/// More pages than any district has; a collection that goes on is a loop that no other rule saw.
const MOST_PAGES: usize = 20_000;

/// Nobody cuts pages to fewer rows than this, which the standard gives to those who do not ask for a number.
const USUAL_ROWS: usize = 100;

/// The number of all rows, as the server tells it with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Total {
    pub(super) rows: usize,
    /// It cannot be the number of the page's own rows.
    pub(super) is_whole: bool,
}

/// What the end, or its absence, is judged by.
#[derive(Debug, Default)]
pub(super) struct Paging {
    pages: usize,
    rows: usize,
    /// The ids of all rows so far, as [`short`] ones: there may be a million.
    seen: BTreeSet<u64>,
    /// The first page: its first id, the number of its rows, and whether there were as many as asked for.
    first: Option<(RosterId, usize, bool)>,
    /// The most rows of a page.
    widest: usize,
    total: Known,
    /// The total was another one on a later page.
    moved: bool,
    /// A row of an earlier page came again.
    repeated: bool,
    /// The last row of the last page has no id by which it could be known again.
    nameless: bool,
    /// The server has shown the first page again: it takes only offsets that are whole pages, or none.
    whole_pages: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Known {
    /// No page has told one that could be that of all pages.
    #[default]
    Unknown,
    Is(usize),
    /// There are more rows than it says.
    Wrong,
}

/// What comes after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Another page, if only to see that it is empty.
    On,
    /// Nothing: the collection is whole.
    End,
}

/// Pages that do not fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    /// Something was added or deleted meanwhile.
    #[error("the number of records changed while they were read")]
    Moved,
    /// The order is not the same for all pages, so others may be missing.
    #[error("it repeats records of earlier pages")]
    Repeats,
    /// Rows are missing.
    #[error("it is empty although there should be more records")]
    Short,
    /// Every page is the first one.
    #[error("the server sends the first page again, whatever the offset")]
    OffsetIgnored,
    /// Rows without ids: repetitions would go unseen.
    #[error("none of its records has a sourcedId")]
    NoIds,
    /// [`MOST_PAGES`].
    #[error("there are more than {MOST_PAGES} pages")]
    TooMany,
}

impl Broken {
    /// Whether it may be because the roster was changed meanwhile, so that a second reading can do better.
    pub(super) fn may_pass(self) -> bool {
        match self {
            Self::Moved | Self::Repeats | Self::Short => true,
            Self::OffsetIgnored | Self::NoIds | Self::TooMany => false,
        }
    }
}

impl Paging {
    /// The number of the page that comes next, counted from 1.
    pub(super) fn number(&self) -> usize {
        self.pages + 1
    }

    /// The rows that come before the next page.
    pub(super) fn offset(&self) -> usize {
        self.rows - self.overlap()
    }

    /// How many rows the next page has in common with those before: none where it could have no others.
    fn overlap(&self) -> usize {
        usize::from(self.widest > 1 && !self.nameless && !self.whole_pages)
    }

    /// Whether a row was on an earlier page.
    pub(super) fn has(&self, id: &RosterId) -> bool {
        self.seen.contains(&short(id))
    }

    /// How many pages of `limit` rows are left, as far as the server says.
    pub(super) fn left(&self, limit: usize) -> Left {
        match (self.total, &self.first) {
            (Known::Is(total), Some((_, rows, full))) => {
                // A server that cut the first page cuts the others, too.
                let rows_per_page = if *full { limit } else { *rows };
                Left::Pages(total.saturating_sub(self.rows) / rows_per_page.max(1) + 1)
            }
            _ => Left::Unknown,
        }
    }

    /// Takes note of a page of at most `limit` rows with their ids (`None` where a row has none), and of what it says
    /// about the number of all rows.
    pub(super) fn page(
        &mut self,
        ids: &[Option<&RosterId>],
        total: Option<Total>,
        limit: usize,
    ) -> Result<Step, Broken> {
        if self.pages >= MOST_PAGES {
            return Err(Broken::TooMany);
        }
        self.pages += 1;
        let overlap = self.overlap();
        let full = ids.len() >= limit;
        self.note_total(total, ids.len(), full);
        let Some(first) = ids.iter().find_map(|id| *id) else {
            if !ids.is_empty() {
                return Err(Broken::NoIds);
            }
            // The row that should be on it is gone.
            self.moved |= overlap > 0;
            return self.end();
        };
        if self.is_the_first_again(ids, first) {
            if overlap > 0 {
                self.whole_pages = true;
                self.pages -= 1;
                return Ok(Step::On);
            }
            return if self.first.as_ref().is_some_and(|(_, _, full)| *full) {
                Err(Broken::OffsetIgnored)
            } else {
                self.end()
            };
        }
        if self.pages == 1 {
            self.first = Some((first.clone(), ids.len(), full));
        }
        // Where all pages are cut alike, one of them may be the last, or only look like it.
        let is_smaller = !full && (self.pages == 1 || ids.len() < self.widest);
        self.widest = self.widest.max(ids.len());
        if !self.note_rows(ids, overlap) {
            return if ids.len() == overlap {
                self.end()
            } else {
                Err(Broken::Repeats)
            };
        }
        match self.total {
            Known::Is(total) if self.rows > total => self.total = Known::Wrong,
            Known::Is(total) if self.rows == total && is_smaller => return self.end(),
            _ => {}
        }
        Ok(Step::On)
    }

    /// The total of the first page counts, unless it is no more than what that page holds: then it may be the page's,
    /// and the server may cut pages.
    fn note_total(&mut self, total: Option<Total>, rows: usize, full: bool) {
        let Some(total) = total else { return };
        match self.total {
            Known::Unknown if self.pages == 1 => {
                let is_whole = total.is_whole || rows < USUAL_ROWS;
                if total.rows > rows || (total.rows == rows && !full && is_whole) {
                    self.total = Known::Is(total.rows);
                }
            }
            // Beyond the end, some servers say that there is nothing at all.
            Known::Is(known) if rows > 0 => self.moved |= known != total.rows,
            _ => {}
        }
    }

    /// Whether the page brought anything new. So many of its rows are those of the page before.
    fn note_rows(&mut self, ids: &[Option<&RosterId>], overlap: usize) -> bool {
        // Twice on one page is one record that is listed twice, and nothing else is missing for it.
        let here: BTreeSet<u64> = ids.iter().flatten().map(|id| short(id)).collect();
        let before = self.seen.len();
        self.seen.extend(&here);
        let new = self.seen.len() - before;
        let known = here.len() - new;
        self.moved |= known < overlap;
        self.repeated |= known > overlap;
        self.rows += ids.len() - overlap;
        self.nameless = ids.last().is_some_and(Option::is_none);
        new > 0
    }

    fn is_the_first_again(&self, ids: &[Option<&RosterId>], first: &RosterId) -> bool {
        self.pages == 2
            && self
                .first
                .as_ref()
                .is_some_and(|(id, rows, _)| id == first && *rows == ids.len())
            && ids.iter().flatten().all(|id| self.has(id))
    }

    fn end(&self) -> Result<Step, Broken> {
        match self.total {
            _ if self.moved => Err(Broken::Moved),
            _ if self.repeated => Err(Broken::Repeats),
            Known::Is(total) if self.rows < total => Err(Broken::Short),
            _ => Ok(Step::End),
        }
    }
}

/// Eight bytes for an id. That two of a million ids share them is less likely than one in ten million, and would only
/// look like a row that came again.
fn short(id: &RosterId) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.as_str().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
