//! When a collection is at its end. Pure.
//!
//! OneRoster pages by `limit` and `offset`, over rows that may move meanwhile. A collection is over at an empty page, or
//! when there are as many rows as the server said there were and the last page was not full. A short page alone says
//! nothing (servers cut pages silently), nor does a total (it may be the page's own), nor a link.

use std::collections::BTreeSet;

use super::plan::Left;
use crate::model::id::RosterId;

/// More pages than any district has; a collection that goes on is a loop that no other rule saw.
const MOST_PAGES: usize = 20_000;

/// What the end, or its absence, is judged by.
#[derive(Debug, Default)]
pub(super) struct Paging {
    pages: usize,
    rows: usize,
    seen: BTreeSet<RosterId>,
    /// The first page: its first id, the number of its rows, and whether there were as many as asked for.
    first: Option<(RosterId, usize, bool)>,
    total: Total,
    /// The total was another one on a later page.
    moved: bool,
    /// A row of an earlier page came again.
    repeated: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Total {
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
        self.rows
    }

    /// How many pages of `limit` rows are left, as far as the server says.
    pub(super) fn left(&self, limit: usize) -> Left {
        match (self.total, &self.first) {
            (Total::Is(total), Some((_, rows, full))) => {
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
        total: Option<usize>,
        limit: usize,
    ) -> Result<Step, Broken> {
        if self.pages >= MOST_PAGES {
            return Err(Broken::TooMany);
        }
        self.pages += 1;
        let full = ids.len() >= limit;
        self.note_total(total, ids.len(), full);
        let Some(first) = ids.iter().find_map(|id| *id) else {
            return if ids.is_empty() {
                self.end()
            } else {
                Err(Broken::NoIds)
            };
        };
        if self.is_the_first_again(ids, first) {
            return if self.first.as_ref().is_some_and(|(_, _, full)| *full) {
                Err(Broken::OffsetIgnored)
            } else {
                self.end()
            };
        }
        if self.pages == 1 {
            self.first = Some((first.clone(), ids.len(), full));
        }
        if !self.note_rows(ids) {
            return Err(Broken::Repeats);
        }
        match self.total {
            Total::Is(total) if self.rows > total => self.total = Total::Wrong,
            Total::Is(total) if self.rows == total && !full => return self.end(),
            _ => {}
        }
        Ok(Step::On)
    }

    /// The total of the first page counts, unless it is no more than what that page holds: then it may be the page's.
    fn note_total(&mut self, total: Option<usize>, rows: usize, full: bool) {
        match (self.total, total) {
            (Total::Unknown, Some(total))
                if self.pages == 1 && (total > rows || (total == rows && !full)) =>
            {
                self.total = Total::Is(total);
            }
            // Beyond the end, some servers say that there is nothing at all.
            (Total::Is(known), Some(total)) if rows > 0 => self.moved |= known != total,
            _ => {}
        }
    }

    /// Whether the page brought anything new.
    fn note_rows(&mut self, ids: &[Option<&RosterId>]) -> bool {
        let here: BTreeSet<&RosterId> = ids.iter().flatten().copied().collect();
        let before = self.seen.len();
        for id in here {
            // Twice on one page is one record that is listed twice, and nothing else is missing for it.
            self.repeated |= !self.seen.insert(id.clone());
        }
        self.rows += ids.len();
        self.seen.len() > before
    }

    fn is_the_first_again(&self, ids: &[Option<&RosterId>], first: &RosterId) -> bool {
        self.pages == 2
            && self
                .first
                .as_ref()
                .is_some_and(|(id, rows, _)| id == first && *rows == ids.len())
            && ids.iter().flatten().all(|id| self.seen.contains(*id))
    }

    fn end(&self) -> Result<Step, Broken> {
        match self.total {
            _ if self.moved => Err(Broken::Moved),
            _ if self.repeated => Err(Broken::Repeats),
            Total::Is(total) if self.rows < total => Err(Broken::Short),
            _ => Ok(Step::End),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads pages of ids, at most three on each, until something is decided.
    fn read(pages: &[(&[&str], Option<usize>)]) -> Result<usize, Broken> {
        let mut paging = Paging::default();
        for (number, (ids, total)) in pages.iter().enumerate() {
            let ids: Vec<RosterId> = ids.iter().map(|id| RosterId::new(*id)).collect();
            let ids: Vec<Option<&RosterId>> = ids.iter().map(Some).collect();
            if paging.page(&ids, *total, 3)? == Step::End {
                return Ok(number + 1);
            }
        }
        panic!("no end after {} pages", pages.len())
    }

    const NONE: (&[&str], Option<usize>) = (&[], None);

    #[test]
    fn without_a_total_only_an_empty_page_is_the_end() {
        assert_eq!(read(&[(&["a", "b"], None), (&["c"], None), NONE]), Ok(3));
        assert_eq!(read(&[NONE]), Ok(1));
    }

    #[test]
    fn a_total_that_is_reached_on_a_page_that_is_not_full_is_the_end() {
        assert_eq!(read(&[(&["a", "b"], Some(2))]), Ok(1));
        let pages: [(&[&str], _); 2] = [(&["a", "b", "c"], Some(4)), (&["d"], Some(4))];
        assert_eq!(read(&pages), Ok(2));
        // A server that cuts pages to two rows.
        let pages: [(&[&str], _); 2] = [(&["a", "b"], Some(4)), (&["c", "d"], Some(4))];
        assert_eq!(read(&pages), Ok(2));
    }

    #[test]
    fn a_total_that_is_the_page_s_own_is_no_end() {
        let page = |ids: &'static [&'static str]| (ids, Some(ids.len()));
        let pages = [
            page(&["a", "b", "c"]),
            page(&["d", "e", "f"]),
            page(&["g"]),
            page(&[]),
        ];
        assert_eq!(read(&pages), Ok(4));
    }

    #[test]
    fn a_total_that_is_too_small_is_not_believed() {
        let pages: [(&[&str], _); 4] = [
            (&["a", "b", "c"], Some(4)),
            (&["d", "e", "f"], Some(4)),
            (&["g"], Some(4)),
            (&[], Some(4)),
        ];
        assert_eq!(read(&pages), Ok(4));
    }

    #[test]
    fn an_end_before_the_total_is_none() {
        assert_eq!(read(&[(&["a", "b"], Some(3)), NONE]), Err(Broken::Short));
        assert_eq!(read(&[(&[], Some(3))]), Err(Broken::Short));
    }

    #[test]
    fn a_total_that_moves_is_told_at_the_end() {
        let pages: [(&[&str], _); 2] = [(&["a", "b", "c"], Some(5)), (&["d", "e"], Some(6))];
        assert_eq!(read(&pages), Err(Broken::Moved));
    }

    #[test]
    fn a_row_of_an_earlier_page_means_that_others_may_be_missing() {
        let pages: [(&[&str], _); 3] = [(&["a", "b", "c"], None), (&["c", "d"], None), NONE];
        assert_eq!(read(&pages), Err(Broken::Repeats));
        // On one page it is one record that is listed twice.
        assert_eq!(read(&[(&["a", "a", "b"], None), NONE]), Ok(2));
    }

    #[test]
    fn a_server_that_ignores_the_offset_has_shown_everything_or_nothing_of_use() {
        let short: (&[&str], _) = (&["a", "b"], None);
        assert_eq!(read(&[short, short]), Ok(2));
        let full: (&[&str], _) = (&["a", "b", "c"], None);
        assert_eq!(read(&[full, full]), Err(Broken::OffsetIgnored));
        let cut: (&[&str], _) = (&["a", "b"], Some(7));
        assert_eq!(read(&[cut, cut]), Err(Broken::Short));
    }

    #[test]
    fn a_server_that_repeats_its_last_page_is_not_asked_for_ever() {
        let last: (&[&str], _) = (&["d"], None);
        assert_eq!(
            read(&[(&["a", "b", "c"], None), last, last]),
            Err(Broken::Repeats)
        );
    }

    #[test]
    fn what_is_left_follows_from_the_total_and_the_first_page() {
        let left = |ids: &[&str], total| {
            let ids: Vec<RosterId> = ids.iter().map(|id| RosterId::new(*id)).collect();
            let ids: Vec<Option<&RosterId>> = ids.iter().map(Some).collect();
            let mut paging = Paging::default();
            paging.page(&ids, total, 3).unwrap();
            paging.left(3)
        };
        assert_eq!(left(&["a", "b", "c"], Some(4)), Left::Pages(1));
        assert_eq!(left(&["a", "b", "c"], Some(9)), Left::Pages(3));
        assert_eq!(left(&["a", "b"], Some(9)), Left::Pages(4));
        assert_eq!(left(&["a", "b", "c"], None), Left::Unknown);
    }
}
