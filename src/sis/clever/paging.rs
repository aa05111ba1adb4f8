//! When a collection is at its end. Pure.
//!
//! Clever pages by a cursor in ascending order of ids: `limit`, `starting_after=<last id>`. A collection is over when
//! two signs agree: a page with fewer rows than the limit that links to no next page, or no rows at all. Neither a
//! short page nor a missing link is believed alone.

use std::collections::BTreeSet;

use super::wire::Next;
use crate::model::id::RosterId;

/// More pages than any district has; a collection that goes on is a loop that no other rule saw.
const MOST_PAGES: usize = 20_000;

/// What the end, or its absence, is judged by.
#[derive(Debug)]
pub(super) struct Paging {
    limit: usize,
    pages: usize,
    seen: BTreeSet<RosterId>,
    last: Option<RosterId>,
    /// The last page was full and linked to no next one, so nothing must follow.
    nothing_must_follow: bool,
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
    /// The cursor is ignored, or the order is not what it was.
    #[error("it repeats records of earlier pages")]
    Repeats,
    /// Rows without ids: no cursor to go on with.
    #[error("none of its records has an id")]
    NoIds,
    /// The page before said that it was the last.
    #[error("it follows a page that said there was none after it")]
    AfterTheEnd,
    /// [`MOST_PAGES`].
    #[error("there are more than {MOST_PAGES} pages")]
    TooMany,
}

impl Paging {
    /// Before the first page, of at most `limit` rows.
    pub(super) fn new(limit: u32) -> Self {
        Self {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            pages: 0,
            seen: BTreeSet::new(),
            last: None,
            nothing_must_follow: false,
        }
    }

    /// The number of the page that comes next, counted from 1.
    pub(super) fn number(&self) -> usize {
        self.pages + 1
    }

    /// The id after which the next page starts; `None` for the first.
    pub(super) fn cursor(&self) -> Option<&RosterId> {
        self.last.as_ref()
    }

    /// Takes note of a page with the ids of its rows (`None` where a row has none) and of what it says of the next.
    pub(super) fn page<'a>(
        &mut self,
        rows: impl ExactSizeIterator<Item = Option<&'a RosterId>>,
        next: Next,
    ) -> Result<Step, Broken> {
        let count = rows.len();
        if count == 0 {
            return Ok(Step::End);
        }
        if self.nothing_must_follow {
            return Err(Broken::AfterTheEnd);
        }
        let before = self.seen.len();
        for id in rows.flatten() {
            if !self.seen.insert(id.clone()) {
                return Err(Broken::Repeats);
            }
            self.last = Some(id.clone());
        }
        if self.seen.len() == before {
            return Err(Broken::NoIds);
        }
        self.pages += 1;
        if self.pages >= MOST_PAGES {
            return Err(Broken::TooMany);
        }
        Ok(self.after(count, next))
    }

    fn after(&mut self, count: usize, next: Next) -> Step {
        match next {
            Next::NotLinked if count < self.limit => Step::End,
            Next::NotLinked => {
                self.nothing_must_follow = true;
                Step::On
            }
            Next::Linked | Next::Unsaid => Step::On,
        }
    }
}
