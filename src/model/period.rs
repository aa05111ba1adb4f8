//! Days of the calendar, as terms, enrollments and roles have them.

use jiff::civil::Date;

/// From a first to a last day; both count, and a side that is open has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// `None`: as long ago as you like.
    pub first: Option<Date>,
    /// `None`: for ever.
    pub last: Option<Date>,
}

impl Period {
    /// Every day.
    pub const ALWAYS: Self = Self {
        first: None,
        last: None,
    };

    /// Whether it ends before it begins, so that it says nothing.
    pub fn is_reversed(self) -> bool {
        matches!((self.first, self.last), (Some(first), Some(last)) if first > last)
    }

    /// Whether neither side is known.
    pub fn is_open(self) -> bool {
        self == Self::ALWAYS
    }

    /// What it says, if anything: one that is reversed does not, nor one that is open on both sides.
    pub fn said(self) -> Option<Self> {
        (!self.is_reversed() && !self.is_open()).then_some(self)
    }

    /// Whether it is this day. Of a period that says nothing every day is.
    pub fn includes(self, day: Date) -> bool {
        let said = self.said().unwrap_or(Self::ALWAYS);
        said.starts() <= day && day <= said.stops()
    }

    fn starts(self) -> Date {
        self.first.unwrap_or(Date::MIN)
    }

    fn stops(self) -> Date {
        self.last.unwrap_or(Date::MAX)
    }

    fn between(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self {
            first: Some(first).filter(|day| *day > Date::MIN),
            last: Some(last).filter(|day| *day < Date::MAX),
        })
    }
}

/// A set of days: periods in their order, none of which overlaps or touches the next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(Vec<Period>);

impl Days {
    /// Every day.
    pub fn always() -> Self {
        Self(vec![Period::ALWAYS])
    }

    /// No day.
    pub fn never() -> Self {
        Self(Vec::new())
    }

    /// All days of these periods. One that is reversed has none.
    pub fn of(periods: impl IntoIterator<Item = Period>) -> Self {
        let mut periods: Vec<Period> = periods
            .into_iter()
            .filter(|period| !period.is_reversed())
            .collect();
        periods.sort_by_key(|period| (period.starts(), period.stops()));
        let mut days = Vec::<Period>::new();
        for period in periods {
            match days.last_mut() {
                Some(before) if touches(*before, period) => {
                    let last = before.stops().max(period.stops());
                    before.last = Some(last).filter(|day| *day < Date::MAX);
                }
                _ => days.push(period),
            }
        }
        Self(days)
    }

    /// Whether it is every day.
    pub fn is_always(&self) -> bool {
        self.0 == [Period::ALWAYS]
    }

    /// Whether it is this day.
    pub fn contains(&self, day: Date) -> bool {
        let mut periods = self.0.iter();
        periods.any(|period| period.starts() <= day && day <= period.stops())
    }

    /// The last of the days that are before this one.
    pub fn last_before(&self, day: Date) -> Option<Date> {
        let yesterday = day.yesterday().ok()?;
        let past = self.0.iter().filter(|period| period.starts() < day);
        past.map(|period| period.stops().min(yesterday)).max()
    }

    /// The days of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let pairs = self
            .0
            .iter()
            .flat_map(|one| other.0.iter().map(move |other| (one, other)));
        Self::of(pairs.filter_map(|(one, other)| {
            let first = one.starts().max(other.starts());
            Period::between(first, one.stops().min(other.stops()))
        }))
    }

    /// The days of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied())
    }

    /// The days after `from`, and up to `to`, on which it changes: each with whether it is that day (and was not the day
    /// before), or not any more.
    pub fn changes(&self, from: Date, to: Date) -> Vec<(Date, bool)> {
        let mut changes = Vec::new();
        for period in &self.0 {
            changes.extend(period.first.map(|day| (day, true)));
            let after = period.last.and_then(|day| day.tomorrow().ok());
            changes.extend(after.map(|day| (day, false)));
        }
        changes.retain(|(day, _)| from < *day && *day <= to);
        changes
    }
}

/// Whether the later one begins within the earlier one, or on the day after it.
fn touches(earlier: Period, later: Period) -> bool {
    let after = earlier.stops().tomorrow();
    after.is_ok_and(|after| later.starts() <= after) || earlier.last.is_none()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use proptest::prelude::*;

    use super::*;

    const FIRST: Date = jiff::civil::date(2026, 1, 1);

    fn day(number: i64) -> Date {
        FIRST + number.days()
    }

    fn period() -> impl Strategy<Value = Period> {
        let side = || prop::option::of((0_i64..30).prop_map(day));
        (side(), side()).prop_map(|(first, last)| Period { first, last })
    }

    fn days() -> impl Strategy<Value = (Vec<Period>, Days)> {
        prop::collection::vec(period(), 0..4).prop_map(|all| (all.clone(), Days::of(all)))
    }

    /// As plainly as it can be said.
    fn is_in(periods: &[Period], day: Date) -> bool {
        periods.iter().any(|period| {
            period.first.is_none_or(|first| first <= day)
                && period.last.is_none_or(|last| day <= last)
                && !period.is_reversed()
        })
    }

    #[test]
    fn the_first_and_the_last_day_count() {
        let days = Days::of([Period {
            first: Some(day(3)),
            last: Some(day(5)),
        }]);
        assert_eq!(
            (2..7).map(|n| days.contains(day(n))).collect::<Vec<_>>(),
            [false, true, true, true, false]
        );
        assert_eq!(days.last_before(day(9)), Some(day(5)));
        assert_eq!(days.last_before(day(4)), Some(day(3)));
        assert_eq!(days.last_before(day(3)), None);
        assert_eq!(days.changes(day(3), day(6)), [(day(6), false)]);
        assert_eq!(days.changes(day(2), day(5)), [(day(3), true)]);
    }

    proptest! {
        #[test]
        fn sets_are_as_their_days((periods, one) in days(), (others, other) in days(), n in -2_i64..33) {
            let today = day(n);
            prop_assert_eq!(one.contains(today), is_in(&periods, today));
            prop_assert_eq!(one.and(&other).contains(today), is_in(&periods, today) && is_in(&others, today));
            prop_assert_eq!(one.or(&other).contains(today), is_in(&periods, today) || is_in(&others, today));
            let past = (-60..n).rev().find(|n| one.contains(day(*n))).map(day);
            prop_assert_eq!(one.last_before(today), past);
            let changes: Vec<(Date, bool)> = (n + 1..=n + 20)
                .filter(|n| one.contains(day(*n)) != one.contains(day(n - 1)))
                .map(|n| (day(n), one.contains(day(n))))
                .collect();
            prop_assert_eq!(one.changes(today, day(n + 20)), changes);
        }

        #[test]
        fn the_same_days_are_the_same_set((periods, one) in days()) {
            let mut turned = periods;
            turned.reverse();
            prop_assert_eq!(&Days::of(turned), &one);
            prop_assert_eq!(one.or(&one), one.and(&Days::always()));
        }
    }
}
