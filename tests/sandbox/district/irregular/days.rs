//! What is irregular about dates. Nothing of it but the last two says that anything is over.

use super::super::enrollment_id;
use super::Planter;

/// Terms as they should not be, each with its days.
const TERMS: [(&str, [&str; 2]); 5] = [
    ("Reversed", ["2027-01-29", "2026-08-31"]),
    ("Open", ["2026-08-31", ""]),
    ("Unreadable", ["8/31/2026", "soon"]),
    (
        "Stamped",
        ["2026-08-31T00:00:00.000Z", "2027-01-29T23:59:59-08:00"],
    ),
    ("Undated", [" ", ""]),
];

impl Planter {
    /// Every odd term by itself, and beside one that is over; one that is gone beside one that is not.
    pub(super) fn days(&mut self) {
        let district = &mut self.district;
        let fall = district.terms[1].id.clone();
        let over = district.add_term("Over", ["2026-08-31", "2026-10-30"]);
        let gone = district.add_term("Gone", ["2026-08-31", "2026-10-30"]);
        district.status.to_be_deleted.insert(gone.clone());
        let mut held = vec![vec![gone, fall]];
        for (title, days) in TERMS {
            let term = district.add_term(title, days);
            held.push(vec![term.clone()]);
            held.push(vec![over.clone(), term]);
        }
        // All but the first one, which is full of other things.
        let sections = district.sections.iter_mut().skip(1);
        for (section, terms) in sections.zip(held) {
            section.terms = terms;
        }
        self.planted.ended = self.enrolled_between(["2026-09-01", "2026-11-21"]);
        self.planted.begins = self.enrolled_between(["2026-11-26", ""]);
    }

    /// Two people whose enrollments in one of their sections have these days.
    fn enrolled_between(&mut self, days: [&str; 2]) -> Vec<String> {
        let mut people = Vec::new();
        while people.len() < 2 {
            let person = self.victim().id.clone();
            let mut sections = self.district.sections.iter();
            let section = sections.find(|section| section.students.contains(&person));
            if let Some(section) = section {
                let id = enrollment_id(&section.id, &person);
                let days = days.map(str::to_owned);
                self.district.status.days.insert(id, days);
                people.push(person);
            }
        }
        people
    }
}
