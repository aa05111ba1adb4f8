//! A roster that is changed while it is read.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Url;
use roster_sync::clock::Clock;
use roster_sync::model::id::RosterId;
use roster_sync::model::roster::{Collection, Needs, Roster};
use roster_sync::sis::{Credentials, Error};

use super::{BOTH, chain, needs, read_as, source};
use crate::simulators::district::{District, Shape};
use crate::simulators::oneroster::{CLIENT_ID, CLIENT_SECRET, Oddities, OneRoster, ROOT, Total};
use crate::simulators::server::Request;

fn district() -> District {
    District::generate(Shape {
        seed: 7,
        schools: 1,
        students: 60,
        teachers: 4,
        courses: 2,
        sections: 6,
    })
}

/// Every course.
fn wanted(district: &District) -> Needs {
    let names = district.courses.iter().map(|course| course.name.as_str());
    let groups: Vec<_> = names
        .map(|name| (Collection::Courses, name, &BOTH[..]))
        .collect();
    needs(&groups)
}

/// Class and person of all enrollments.
fn enrolled(district: &District) -> BTreeSet<(String, String)> {
    let sections = district.sections.iter();
    let members = sections.flat_map(|section| {
        let people = section.students.iter().chain(&section.teachers);
        people.map(|id| (section.id.clone(), id.clone()))
    });
    members.collect()
}

/// What becomes of the district meanwhile.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// Whoever is enrolled first is enrolled no more.
    Removed,
    /// Somebody is enrolled before everybody else.
    Added,
    /// Both, the new one after everybody else: the number stays.
    Replaced,
}

impl Change {
    fn happens(self, district: &mut District) {
        district
            .sections
            .sort_by(|one, other| one.id.cmp(&other.id));
        for section in &mut district.sections {
            section.students.sort();
        }
        let absent = |district: &District, section: usize| {
            let enrolled = &district.sections[section].students;
            let people = district.students.iter().map(|person| person.id.clone());
            people
                .filter(|id| !enrolled.contains(id))
                .collect::<BTreeSet<_>>()
        };
        if !matches!(self, Self::Added) {
            let mut sections = district.sections.iter_mut();
            let section = sections.find(|section| !section.students.is_empty());
            section.unwrap().students.remove(0);
        }
        if matches!(self, Self::Added) {
            let id = absent(district, 0).pop_first();
            district.sections[0].students.extend(id);
        }
        if matches!(self, Self::Replaced) {
            let last = district.sections.len() - 1;
            let id = absent(district, last).pop_last();
            district.sections[last].students.extend(id);
        }
    }
}

/// A district that changes before the n-th page of enrollments, or before that and all others.
async fn served(total: Total, change: Change, n: usize, for_good: bool) -> (OneRoster, Clock) {
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let sis = OneRoster::start(clock.clone(), Duration::from_millis(1), district()).await;
    sis.odd(Oddities {
        total,
        ..Oddities::default()
    });
    let (served, mut seen) = (sis.clone(), 0);
    sis.server.fault(Box::new(move |request: &Request| {
        let is_page = request.path.ends_with("/enrollments");
        seen += usize::from(is_page);
        if is_page && (seen == n || (for_good && seen > n)) {
            served.change(|district| change.happens(district));
        }
        None
    }));
    (sis, clock)
}

async fn read(sis: &OneRoster, clock: &Clock) -> Result<Roster, Error> {
    let mut source = source(&sis.server);
    source.host = Url::parse(&format!("{}{ROOT}", sis.url())).unwrap();
    source.page_size = 10;
    let client = Credentials::Client {
        id: CLIENT_ID.into(),
        secret: CLIENT_SECRET.into(),
    };
    read_as(clock, &source, client, &wanted(&district())).await
}

#[tokio::test]
async fn nobody_who_stays_is_missed_however_the_enrollments_change_between_two_pages() {
    let changes = [Change::Removed, Change::Added, Change::Replaced];
    let (mut whole, mut refused) = (0, 0);
    for total in [Total::Header, Total::Nowhere] {
        for (change, for_good) in changes
            .into_iter()
            .flat_map(|one| [(one, false), (one, true)])
        {
            for n in 2..9 {
                let (sis, clock) = served(total, change, n, for_good).await;
                let before = enrolled(&sis.district());
                let roster = read(&sis, &clock).await;
                let after = enrolled(&sis.district());
                let what = format!("{change:?} at {n}, {total:?}, {for_good}");
                let roster = match roster {
                    Ok(roster) => roster,
                    Err(error) => {
                        refused += 1;
                        assert!(for_good, "{what}: {}", chain(&error));
                        assert!(matches!(error, Error::BadPage { .. }), "{what}");
                        continue;
                    }
                };
                whole += 1;
                for (class, person) in before.intersection(&after) {
                    let members = &roster.classes[&RosterId::new(class.as_str())].members;
                    let mut ids = members.iter().map(|member| member.person.as_str());
                    assert!(ids.any(|id| id == person), "{what}");
                }
            }
        }
    }
    assert!(whole >= 42 && refused >= 20, "{whole} {refused}");
}
