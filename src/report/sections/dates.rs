//! What the dates of the roster end, today and in the days to come.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;

use crate::config::options::Mode;
use crate::reconcile::forecast::{DAYS_AHEAD, Forecast};
use crate::report::reasons::what_ended;
use crate::report::sections::is_all_done;
use crate::report::tally::{Licences, causes};
use crate::report::text::{count, name, thousands};
use crate::report::{Status, SummaryInput};

/// So many lines are listed; `summary.json` has the rest.
const LISTED: usize = 20;
/// So many Adobe groups are named on a line.
const GROUPS: usize = 4;

/// By what ended and on which day, the largest first.
pub(in crate::report) fn ended(input: &SummaryInput<'_>) -> Option<String> {
    let causes = causes(input.checked?);
    let mut rows: Vec<_> = causes
        .into_iter()
        .map(|(cause, licences)| (cause, licences.values().sum::<usize>(), licences))
        .collect();
    rows.sort_by_key(|(_, number, _)| std::cmp::Reverse(*number));
    let is_done = matches!(input.status, Status::Complete | Status::Held) && is_all_done(input);
    let verb = match input.run.mode {
        Mode::Apply if is_done => "ended",
        Mode::Plan | Mode::Test | Mode::Apply => "end",
    };
    let mut text = format!("Licences that {verb} by date\n");
    for ((last_day, ended), number, licences) in rows.iter().take(LISTED) {
        // Writing to a String cannot fail.
        writeln!(
            text,
            "  {} {verb} with {} (last day {last_day}): {}",
            thousands(*number),
            what_ended(ended),
            by_group(licences)
        )
        .unwrap_or_default();
    }
    let rest = rows.iter().skip(LISTED);
    let (more, number) = rest.fold((0, 0), |(more, sum), (_, number, _)| {
        (more + 1, sum + number)
    });
    if more > 0 {
        let dates = count(more, "more date", "more dates");
        writeln!(
            text,
            "  … and {} with {dates}, see summary.json",
            thousands(number)
        )
        .unwrap_or_default();
    }
    (!rows.is_empty()).then_some(text)
}

/// `All Apps 1,900, Spark 40`.
fn by_group(licences: &Licences<'_>) -> String {
    let mut groups: Vec<_> = licences.iter().collect();
    groups.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
    let named = groups.iter().take(GROUPS);
    let named =
        named.map(|(group, number)| format!("{} {}", name(group.as_str()), thousands(**number)));
    let mut parts: Vec<String> = named.collect();
    let rest: usize = groups.iter().skip(GROUPS).map(|(_, number)| **number).sum();
    if rest > 0 {
        parts.push(format!("others {}", thousands(rest)));
    }
    parts.join(", ")
}

/// By day and Adobe group; where that are too many lines, by day.
pub(in crate::report) fn forecast(input: &SummaryInput<'_>) -> Option<String> {
    let forecast = &input.checked?.plan.forecast;
    if forecast.is_empty() {
        return None;
    }
    let lines = if forecast.len() > LISTED {
        by_day(forecast)
    } else {
        let lines = forecast.iter();
        let line = |one: &Forecast| {
            let group = name(one.adobe_group.as_str());
            (one.day, group, one.end, one.begin)
        };
        lines.map(line).collect()
    };
    let mut text =
        format!("Coming up in the next {DAYS_AHEAD} days, if the roster stays as it is\n");
    for (day, what, end, begin) in lines.iter().take(LISTED) {
        let numbers = coming(*end, *begin);
        // Writing to a String cannot fail.
        writeln!(text, "  {day}  {what}: {numbers}").unwrap_or_default();
    }
    let rest = lines.iter().skip(LISTED);
    let (days, end, begin) = rest.fold((0, 0, 0), |(days, ends, begins), (_, _, end, begin)| {
        (days + 1, ends + end, begins + begin)
    });
    if days > 0 {
        let days = count(days, "more day", "more days");
        let numbers = coming(end, begin);
        writeln!(text, "  … and {days}: {numbers}, see summary.json").unwrap_or_default();
    }
    Some(text)
}

/// Day, what, how many licences end and begin.
type Line = (Date, String, usize, usize);

fn by_day(forecast: &[Forecast]) -> Vec<Line> {
    let mut days = BTreeMap::<Date, (usize, usize, usize)>::new();
    for one in forecast {
        let (groups, end, begin) = days.entry(one.day).or_default();
        *groups += 1;
        *end += one.end;
        *begin += one.begin;
    }
    let line = |(day, (groups, end, begin))| {
        let what = count(groups, "Adobe group", "Adobe groups");
        (day, what, end, begin)
    };
    days.into_iter().map(line).collect()
}

/// `1,940 end, 12 begin`.
fn coming(end: usize, begin: usize) -> String {
    let ends = (end > 0).then(|| count(end, "ends", "end"));
    let begins = (begin > 0).then(|| count(begin, "begins", "begin"));
    let parts: Vec<String> = ends.into_iter().chain(begins).collect();
    parts.join(", ")
}
