//! Terms and other days, and what of a district counts on one of them.

use jiff::civil::Date;

use super::{District, Section, enrollment_id};

/// A school year or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its id.
    pub id: String,
    /// `title`; Clever says `name`.
    pub title: String,
    /// `schoolYear` or `term`; Clever does not say.
    pub kind: &'static str,
    /// The id of the year that it is a part of.
    pub parent: Option<String>,
    /// Its first and its last day, as they are written.
    pub days: [String; 2],
}

/// The year in which it always is November 2026, and its halves.
pub(super) fn year() -> Vec<Term> {
    let term = |number, title: &str, kind, parent: Option<&str>, days| Term {
        id: id(number),
        title: title.to_owned(),
        kind,
        parent: parent.map(str::to_owned),
        days: written(days),
    };
    let year = id(1);
    let part = Some(year.as_str());
    let days = ["2026-08-31", "2027-06-18"];
    vec![
        term(1, "2026-2027", "schoolYear", None, days),
        term(2, "Fall", "term", part, [days[0], "2027-01-29"]),
        term(3, "Spring", "term", part, ["2027-02-01", days[1]]),
    ]
}

/// When sections take place: some all the year round, most in one half of it, some at no time that anybody knows. All of
/// them do now.
pub(super) fn of_section(number: usize) -> Vec<String> {
    let terms: &[usize] = match number % 5 {
        1 => &[2, 3],
        3 => &[],
        4 => &[1],
        // There is no such term.
        0 => &[2, 0xfffff],
        _ => &[2],
    };
    terms.iter().map(|number| id(*number)).collect()
}

/// As Clever's ids are.
fn id(number: usize) -> String {
    format!("66b1f0c00006{number:012x}")
}

fn written(days: [&str; 2]) -> [String; 2] {
    days.map(str::to_owned)
}

impl District {
    /// Another term, between these days as they are written; returns its id.
    pub fn add_term(&mut self, title: &str, days: [&str; 2]) -> String {
        let term = Term {
            id: id(0x100 + self.terms.len()),
            title: title.to_owned(),
            kind: "term",
            parent: None,
            days: written(days),
        };
        self.terms.push(term);
        id(0x100 + self.terms.len() - 1)
    }

    /// Somebody is in the section of that name between these days only. Clever does not know.
    pub fn enroll_between(&mut self, section: &str, person: &str, days: [&str; 2]) {
        let id = enrollment_id(&self.section_named(section).id, person);
        self.status.days.insert(id, written(days));
    }

    /// The days of an enrollment as they are written: where its class has no terms, those of the year.
    pub fn days_of(&self, section: &Section, person: &str) -> [String; 2] {
        let own = self.status.days.get(&enrollment_id(&section.id, person));
        let year = || match self.terms.first() {
            Some(year) if section.terms.is_empty() => year.days.clone(),
            _ => written(["", ""]),
        };
        own.cloned().unwrap_or_else(year)
    }

    /// The one term that Clever tells of a section: its only one, or the year that its terms are parts of.
    pub fn term_at_clever<'a>(&'a self, section: &'a Section) -> Option<&'a str> {
        let [first, others @ ..] = &section.terms[..] else {
            return None;
        };
        if others.is_empty() {
            return Some(first);
        }
        let mut terms = self.terms.iter();
        terms.find_map(|term| term.parent.as_deref().filter(|_| term.id == *first))
    }

    /// What a reader who believes in dates has to see of it at Clever.
    #[must_use]
    pub fn in_force_at_clever(&self, day: Date) -> Self {
        let mut district = self.clone();
        for section in &mut district.sections {
            section.terms = self
                .term_at_clever(section)
                .map(str::to_owned)
                .into_iter()
                .collect();
            if self.takes_place(section, day, |_| true) == Some(false) {
                section.students.clear();
                section.teachers.clear();
            }
        }
        district
    }

    /// Whether a section takes place on that day; `None` where all of its terms are gone.
    pub(super) fn takes_place(
        &self,
        section: &Section,
        day: Date,
        counts: impl Fn(&String) -> bool,
    ) -> Option<bool> {
        if section.terms.is_empty() {
            return Some(true);
        }
        let mut takes_place = None;
        for id in section.terms.iter().filter(|id| counts(id)) {
            let term = self.terms.iter().find(|term| term.id == *id);
            let now = term.is_none_or(|term| includes(&term.days, day));
            takes_place = Some(now || takes_place == Some(true));
        }
        takes_place
    }
}

/// Whether it is between these days, both included. What is blank, or no date, is no limit, nor are days in the wrong
/// order.
pub(super) fn includes([first, last]: &[String; 2], day: Date) -> bool {
    let first = date(first).unwrap_or(Date::MIN);
    let last = date(last).unwrap_or(Date::MAX);
    first > last || (first <= day && day <= last)
}

fn date(written: &str) -> Option<Date> {
    written.trim().get(..10)?.parse().ok()
}
