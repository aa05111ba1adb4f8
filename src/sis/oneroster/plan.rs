//! Which calls cost fewer requests: one for every class and school that matters, or the pages of a whole collection.
//! Pure.
//!
//! Each collection (enrollments, students, teachers) is decided by itself, one after the other. Its size shows on its
//! first page, which is asked for only where the calls could cost more than is saved already. So the requests of a
//! reading are at most those of the better of both ways (all collections whole, or none) and the first pages, at most
//! one for each collection, that were looked at in vain.

/// Pages of a collection that come after its first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// So many.
    Pages(usize),
    /// The server does not say.
    Unknown,
}

/// How a collection is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// All its pages.
    Sweep,
    /// A call for each class and school.
    Each,
}

impl Way {
    /// For logs.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Sweep => "all",
            Self::Each => "by group",
        }
    }
}

/// The lists that can stand for a collection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Calls {
    /// Each takes a request. A class fits on one page.
    pub(super) classes: usize,
    /// A school has its share of the collection's pages.
    pub(super) schools: usize,
    /// All schools that share the collection.
    pub(super) of_schools: usize,
}

impl Calls {
    /// The requests that they take where the collection has so many pages left.
    fn requests(self, pages: usize) -> usize {
        let share = self.schools * pages / self.of_schools.max(self.schools).max(1);
        self.classes + self.schools + share
    }
}

/// Decides, and remembers how many requests were saved so far.
#[derive(Debug, Default)]
pub(super) struct Planner {
    saved: usize,
}

impl Planner {
    /// Whether so many calls cost no more than one page and what is saved, so that there is nothing to look at.
    pub(super) fn unseen(&mut self, calls: Calls) -> bool {
        let lists = calls.classes + calls.schools;
        let more = lists.saturating_sub(1);
        // One school has no more pages than all of them; how many several have shows with the first page.
        let enough = more <= self.saved && (calls.schools == 0 || lists == 1);
        if enough {
            self.saved -= more;
        }
        enough
    }

    /// After a look at the first page. Where the server tells no totals, every list of its own takes a second request
    /// to be seen at its end, and all that is known of the collection is that it has such an end, too.
    pub(super) fn seen(&mut self, calls: Calls, left: Left) -> Way {
        match left {
            Left::Pages(pages) if calls.requests(pages) < pages => {
                self.saved += pages - calls.requests(pages);
                Way::Each
            }
            Left::Pages(_) | Left::Unknown => Way::Sweep,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn classes(classes: usize) -> Calls {
        Calls {
            classes,
            ..Calls::default()
        }
    }

    /// The requests that are made for collections of so many pages, each or so many calls.
    fn cost(collections: &[(usize, usize)]) -> usize {
        let mut planner = Planner::default();
        let one = |(pages, calls): &(usize, usize)| {
            if planner.unseen(classes(*calls)) {
                return *calls;
            }
            match planner.seen(classes(*calls), Left::Pages(pages - 1)) {
                Way::Sweep => *pages,
                Way::Each => 1 + calls,
            }
        };
        collections.iter().map(one).sum()
    }

    #[test]
    fn one_class_is_asked_for_without_a_look_at_the_rest() {
        assert_eq!(cost(&[(500, 1), (4000, 1)]), 2);
    }

    #[test]
    fn many_classes_of_a_small_district_are_swept() {
        assert_eq!(cost(&[(2, 300), (12, 300), (1, 300)]), 15);
    }

    #[test]
    fn a_few_classes_of_a_large_district_cost_one_look() {
        assert_eq!(cost(&[(500, 30), (4000, 30), (50, 30)]), 91);
    }

    #[test]
    fn without_totals_everything_is_swept() {
        let mut planner = Planner::default();
        assert!(!planner.unseen(classes(2)));
        assert_eq!(planner.seen(classes(2), Left::Unknown), Way::Sweep);
    }

    #[test]
    fn schools_are_as_large_as_their_share() {
        let way = |schools, of_schools, pages| {
            let calls = Calls {
                classes: 0,
                schools,
                of_schools,
            };
            let mut planner = Planner::default();
            if planner.unseen(calls) {
                return None;
            }
            Some(planner.seen(calls, Left::Pages(pages)))
        };
        assert_eq!(way(1, 20, 100), None);
        assert_eq!(way(5, 20, 100), Some(Way::Each));
        assert_eq!(way(20, 20, 100), Some(Way::Sweep));
        assert_eq!(way(5, 20, 5), Some(Way::Sweep));
    }

    proptest! {
        #[test]
        fn the_better_way_is_missed_by_a_page_for_each_collection_at_most(
            collections in prop::collection::vec((1_usize..60, 1_usize..60), 1..=3)
        ) {
            let whole: usize = collections.iter().map(|(pages, _)| pages).sum();
            let each: usize = collections.iter().map(|(_, calls)| calls).sum();
            let most = whole.min(each) + collections.len();
            prop_assert!(cost(&collections) <= most);
        }

        /// As districts are: far more enrollments than pupils, far more pupils than teachers.
        #[test]
        fn in_a_district_the_better_way_is_missed_by_two_pages_at_most(
            pupils in 10_usize..200, classes in 1_usize..400
        ) {
            let pages = [pupils, pupils * 6, pupils / 10];
            let collections = pages.map(|pages| (pages, classes));
            let whole: usize = pages.iter().sum();
            prop_assert!(cost(&collections) <= whole.min(classes * 3) + 2);
        }
    }
}
