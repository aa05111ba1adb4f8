//! Dates as rosters write them, and those that cannot be used.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::value::RawValue;

use super::fields::{Fields, text};
use crate::model::id::RosterId;
use crate::model::period::Period;

/// Before it no roster was kept that is read here. Programs write such dates where they have none: 0001-01-01, 1900-01-01,
/// 1970-01-01.
const FIRST_YEAR: i16 = 1971;

/// What has dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dated {
    Term,
    Enrollment,
    /// An entry of somebody's `roles`.
    Role,
}

impl Dated {
    fn counted(self, number: usize) -> String {
        let word = match self {
            Self::Term => "term",
            Self::Enrollment => "enrollment",
            Self::Role => "role",
        };
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {word}{plural}")
    }
}

/// What has dates, the record that it is or stands in, and its place among several of that record.
type Whose = (Dated, RosterId, usize);

/// The periods of one reading that are not what they should be. A record that comes twice counts once.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    unreadable: RefCell<BTreeSet<Whose>>,
    reversed: RefCell<BTreeSet<Whose>>,
}

impl Doubts {
    /// The period between two fields. A date that cannot be read is absent, and the period is none the worse for it: that
    /// somebody is enrolled is still said.
    pub(super) fn period(
        &self,
        (what, id, place): (Dated, &RosterId, usize),
        fields: &Fields<'_>,
        [first, last]: [&str; 2],
    ) -> Period {
        let side = |name| match fields.get(name).map(day) {
            None | Some(Day::None) => None,
            Some(Day::Is(date)) => Some(date),
            Some(Day::Unreadable) => {
                let mut unreadable = self.unreadable.borrow_mut();
                unreadable.insert((what, id.clone(), place));
                None
            }
        };
        let period = Period {
            first: side(first),
            last: side(last),
        };
        if period.is_reversed() {
            let mut reversed = self.reversed.borrow_mut();
            reversed.insert((what, id.clone(), place));
        }
        period
    }

    /// A sentence for each kind of doubt.
    pub(super) fn notices(&self) -> Vec<String> {
        let unreadable = counted(&self.unreadable.borrow()).map(|counted| {
            format!("Dates that cannot be read count as absent: those of {counted}. Correct them in the roster; a date is written like 2026-09-01.")
        });
        let reversed = counted(&self.reversed.borrow()).map(|counted| {
            format!("Dates that end before they begin count as absent: those of {counted}. Correct them in the roster.")
        });
        unreadable.into_iter().chain(reversed).collect()
    }
}

/// How many of each kind; `None` where there are none at all.
fn counted(doubts: &BTreeSet<Whose>) -> Option<String> {
    let mut numbers = BTreeMap::<Dated, usize>::new();
    for (what, ..) in doubts {
        *numbers.entry(*what).or_default() += 1;
    }
    let counted = numbers.into_iter();
    let counted: Vec<String> = counted.map(|(what, number)| what.counted(number)).collect();
    (!counted.is_empty()).then(|| counted.join(", "))
}

/// What stands where a date should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// Nothing.
    None,
    Is(Date),
    /// Something else.
    Unreadable,
}

/// `2026-09-01`, alone or at the beginning of a timestamp. The day is the one that is written, whatever the time and the
/// zone: it is the school's.
fn day(raw: &RawValue) -> Day {
    let Some(written) = text(raw) else {
        return Day::Unreadable;
    };
    let Some(written) = written else {
        return Day::None;
    };
    let date = written.trim().split(['T', 't', ' ']).next();
    match date.and_then(|date| date.parse::<Date>().ok()) {
        Some(date) if date.year() >= FIRST_YEAR => Day::Is(date),
        _ => Day::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(json: &str) -> Day {
        day(&RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn a_day_is_the_one_that_is_written() {
        for text in [
            "2026-09-01",
            " 2026-09-01 ",
            "2026-09-01T23:59:59.999Z",
            "2026-09-01T00:00:00-05:00",
            "2026-09-01t00:00",
            "2026-09-01 00:00:00",
        ] {
            let json = format!("\"{text}\"");
            assert_eq!(read(&json), Day::Is(date(2026, 9, 1)), "{text}");
        }
    }

    #[test]
    fn blanks_are_no_day_and_something_else_cannot_be_read() {
        for json in ["null", "\"\"", "\" \""] {
            assert_eq!(read(json), Day::None, "{json}");
        }
        for json in [
            "\"9/1/2026\"",
            "\"01.09.2026\"",
            "\"2026-02-30\"",
            "\"2026-09\"",
            "\"0000-00-00\"",
            "\"0001-01-01T00:00:00\"",
            "\"1970-01-01\"",
            "\"never\"",
            "1788220800",
            "true",
            "{\"date\": \"2026-09-01\"}",
        ] {
            assert_eq!(read(json), Day::Unreadable, "{json}");
        }
    }
}
