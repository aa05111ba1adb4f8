//! One district, served in every way in which servers were seen to serve one: the roster stays the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::date;
use reqwest::Url;
use roster_sync::clock::{Clock, Deadline};
use roster_sync::config::{Platform, SignatureMethod, Source};
use roster_sync::http::{Hosts, Http, Invocation, Transport};
use roster_sync::model::period::Period;
use roster_sync::model::roster::{Collection, Needs, Person, Roster};
use roster_sync::sis::clever::Clever as CleverSource;
use roster_sync::sis::{Credentials, Error, RosterSource};

use super::{BOTH, STUDENT, TEACHER, needs, read_as, source};
use crate::simulators::clever::Clever;
use crate::simulators::district::{District, Shape, enrollment_id};
use crate::simulators::oneroster::oauth1::Method;
use crate::simulators::oneroster::{
    CLIENT_ID, CLIENT_SECRET, Flag, Oddities, OneRoster, ROOT, Sessions, Total, Wrapper,
};
use crate::simulators::server::{Fault, Response};

/// Directory groups by what they are called, each with the addresses and names of its people.
type Seen = BTreeMap<String, BTreeSet<String>>;

/// Two schools with records that do not count any more.
fn district() -> District {
    let mut district = District::generate(Shape {
        seed: 41,
        schools: 2,
        students: 36,
        teachers: 6,
        courses: 4,
        sections: 9,
    });
    let section = &district.sections[0];
    let gone = [
        enrollment_id(&section.id, &section.students[0]),
        district.sections[1].id.clone(),
        district.students[3].id.clone(),
    ];
    district.status.to_be_deleted.extend(gone);
    let pupil = district.students[5].id.clone();
    district.status.not_enabled.insert(pupil);
    let section = district.sections[0].clone();
    for (pupil, days) in section.students.iter().skip(1).zip([
        ["2026-09-01", "2027-01-29"],
        ["2026-09-01T00:00:00.000Z", ""],
    ]) {
        district.enroll_between(&section.name, pupil, days);
    }
    district
}

/// Groups of every kind. With `everybody`, all pupils as well.
fn wanted(district: &District, everybody: bool) -> Needs {
    let section = |n: usize| district.sections[n].name.as_str();
    let mut needs = needs(&[
        (Collection::Classes, section(0), &BOTH),
        (Collection::Classes, section(1), &STUDENT),
        (Collection::Classes, section(2), &TEACHER),
        (Collection::Courses, &district.courses[1].name, &BOTH),
        (Collection::Schools, &district.schools[0].name, &STUDENT),
        (Collection::Schools, &district.schools[1].name, &TEACHER),
    ]);
    if everybody {
        needs.everybody = STUDENT.into();
    }
    needs.terms = true;
    needs
}

/// When classes are held and who is in them until when, whatever the ids are.
fn held(roster: &Roster) -> Vec<String> {
    let day = |period: Period| (period.first, period.last);
    let term = |id| {
        let term = roster.terms.get(id);
        term.map(|term| (&term.title, term.active, day(term.period)))
    };
    let classes = roster.classes.values().map(|class| {
        let terms: BTreeSet<_> = class.terms.iter().map(term).collect();
        let members = class.members.iter();
        let members: BTreeSet<_> = members
            .filter_map(|member| {
                let person = roster.people.get(&member.person)?;
                Some((shown(person), member.active, day(member.period)))
            })
            .collect();
        format!("{:?} {terms:?} {members:?}", class.attributes)
    });
    let mut classes: Vec<String> = classes.collect();
    classes.sort();
    classes
}

fn shown(person: &Person) -> String {
    let parts = [&person.email, &person.given_name, &person.family_name];
    let parts = parts.map(|part| part.as_deref().unwrap_or_default());
    parts.join(" ")
}

/// What counts of a roster, person by person, whatever its ids are.
fn seen(roster: &Roster, needs: &Needs) -> Seen {
    let counts = |person: &&Person| person.active && person.enabled;
    let mut seen = Seen::new();
    for group in &needs.groups {
        let key = format!("{}::{}", group.collection.as_str(), group.name);
        let people = seen.entry(key).or_default();
        let named = |attributes: &roster_sync::model::roster::Attributes| {
            let mut values = attributes.values().filter_map(|value| value.as_str());
            values.any(|value| value.to_lowercase() == group.name)
        };
        let of_class = |class: &roster_sync::model::roster::Class| match group.collection {
            Collection::Classes => named(&class.attributes),
            Collection::Courses => class
                .course
                .as_ref()
                .is_some_and(|id| named(&roster.courses[id].attributes)),
            Collection::Schools => false,
        };
        for class in roster.classes.values().filter(|class| class.active) {
            let members = class.members.iter().filter(|_| of_class(class));
            let members =
                members.filter(|member| member.active && group.roles.contains(&member.role));
            let members = members.filter_map(|member| roster.people.get(&member.person));
            people.extend(members.filter(counts).map(shown));
        }
        let schools = roster.schools.values();
        let schools = schools
            .filter(|school| group.collection == Collection::Schools && named(&school.attributes));
        for school in schools {
            let there = roster.people.values().filter(|person| {
                person.schools.contains(&school.id) && !group.roles.is_disjoint(&person.roles)
            });
            people.extend(there.filter(counts).map(shown));
        }
    }
    for role in &needs.everybody {
        let all = roster
            .people
            .values()
            .filter(|person| person.roles.contains(role));
        seen.insert(
            format!("all {}", role.as_str()),
            all.filter(counts).map(shown).collect(),
        );
    }
    seen
}

/// How a district is served, and how it is asked for.
#[derive(Debug, Clone, Default)]
struct Way {
    oddities: Oddities,
    page_size: u32,
    token: bool,
    sha1: bool,
    /// Nowhere is an enrollment to be seen.
    no_enrollments: bool,
}

fn client() -> Credentials {
    Credentials::Client {
        id: CLIENT_ID.into(),
        secret: CLIENT_SECRET.into(),
    }
}

async fn read_by_way(district: &District, needs: &Needs, way: &Way) -> Result<Roster, Error> {
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let sis = OneRoster::start(clock.clone(), Duration::from_millis(1), district.clone()).await;
    sis.rules(|rules| {
        rules.oddities = way.oddities.clone();
        rules.bearer = way.token.then(|| "a-token".to_owned());
        if way.sha1 {
            rules.method = Method::HmacSha1;
        }
    });
    if way.no_enrollments {
        sis.server.fault(Box::new(|request| {
            let hidden = request.path.ends_with("/enrollments");
            hidden.then(|| Fault::Reply(Response::empty(404)))
        }));
    }
    let mut source = source(&sis.server);
    source.host = Url::parse(&format!("{}{ROOT}", sis.url())).unwrap();
    source.page_size = way.page_size;
    if way.sha1 {
        source.signature_method = SignatureMethod::HmacSha1;
    }
    let credentials = if way.token {
        Credentials::Token("a-token".into())
    } else {
        client()
    };
    read_as(&clock, &source, credentials, needs).await
}

/// What is in force of a district, as Clever shares it: who does not count is nowhere.
async fn at_clever(district: &District, needs: &Needs) -> Roster {
    let mut district = district.in_force(date(2026, 11, 24));
    let people = district.students.iter().chain(&district.teachers);
    let known: BTreeSet<String> = people.map(|person| person.id.clone()).collect();
    for section in &mut district.sections {
        section.students.retain(|id| known.contains(id));
        section.teachers.retain(|id| known.contains(id));
    }
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let sis = Clever::start(clock.clone(), Duration::from_millis(1), district).await;
    let source = Source {
        platform: Platform::Clever,
        host: Url::parse(&format!("{}/v2.1/", sis.url())).unwrap(),
        ..source(&sis.server)
    };
    let end = clock.now().checked_add(Duration::from_mins(15)).unwrap();
    let transport = Transport::new(Hosts::as_written()).unwrap();
    let deadline = Deadline::new(clock.now(), end);
    let http = Http::new(transport, clock, Invocation::new(deadline));
    let token = Credentials::Token(sis.token().into());
    CleverSource::new(http, &source, token)
        .read(needs)
        .await
        .unwrap()
}

fn plain(page_size: u32) -> Way {
    Way {
        page_size,
        ..Way::default()
    }
}

type Change = (&'static str, fn(&mut Oddities));

/// Everything that is odd and hides nothing.
const ODDITIES: [Change; 18] = [
    ("pages are cut", |odd| odd.page_cap = Some(4)),
    ("pages of one row", |odd| odd.page_cap = Some(1)),
    ("no total", |odd| odd.total = Total::Nowhere),
    ("total in the body", |odd| odd.total = Total::Body),
    ("a link for ever", |odd| odd.endless_next = true),
    ("wrapper by path", |odd| odd.wrapper = Wrapper::Path),
    ("a wrapper of its own", |odd| {
        odd.wrapper = Wrapper::Word("rows".to_owned());
    }),
    ("sessions under another name", |odd| {
        odd.sessions = Sessions::Misnamed;
    }),
    ("booleans", |odd| odd.enabled_user = Flag::Boolean),
    ("integers", |odd| odd.enabled_user = Flag::Number),
    ("no enrollments", |odd| odd.without_enrollments = true),
    ("nothing nested", |odd| odd.without_nested = true),
    ("204", |odd| odd.no_content_for_unknown = true),
    ("sort refused", |odd| odd.refuses_sort = true),
    ("numbers", |odd| odd.numeric_ids = true),
    ("padded", |odd| odd.padded_ids = true),
    ("nulls", |odd| odd.null_lists = true),
    ("teachers among pupils", |odd| {
        odd.teachers_among_students = true;
    }),
];

/// Nothing was left out, and nothing has to be told.
fn is_untroubled(roster: &Roster) -> bool {
    roster.notices.is_empty() && roster.skipped.is_empty() && roster.unknown_members.is_empty()
}

#[tokio::test]
async fn the_district_is_the_same_at_clever() {
    for everybody in [false, true] {
        let district = district();
        let needs = wanted(&district, everybody);
        let here = read_by_way(&district, &needs, &plain(1000)).await.unwrap();
        let there = at_clever(&district, &needs).await;
        assert_eq!(seen(&here, &needs), seen(&there, &needs));
        let groups = seen(&here, &needs);
        let people = groups.values().filter(|people| !people.is_empty());
        assert!(people.count() > 3);
    }
}

#[tokio::test]
async fn pages_of_any_size_and_all_ways_in_show_the_same() {
    let district = district();
    let needs = wanted(&district, false);
    let expected = seen(&at_clever(&district, &needs).await, &needs);
    for page_size in [1, 2, 3, 5, 36, 37, 100, 10_000] {
        let (signed, token) = (plain(page_size), plain(page_size));
        let sha1 = plain(page_size);
        for way in [
            signed,
            Way {
                token: true,
                ..token
            },
            Way { sha1: true, ..sha1 },
        ] {
            let roster = read_by_way(&district, &needs, &way).await.unwrap();
            assert_eq!(seen(&roster, &needs), expected, "{way:?}");
            assert!(
                roster.notices.is_empty()
                    && roster.skipped.is_empty()
                    && roster.unknown_members.is_empty()
            );
        }
    }
}

#[tokio::test]
async fn whatever_is_odd_and_whatever_else_besides_the_roster_is_the_same() {
    let district = district();
    let needs = [false, true].map(|everybody| wanted(&district, everybody));
    let mut expected = Vec::new();
    for needs in &needs {
        expected.push(seen(&at_clever(&district, needs).await, needs));
    }
    let mut odd = 0;
    for (n, (one, change)) in ODDITIES.into_iter().enumerate() {
        for (other, another) in ODDITIES.into_iter().skip(n) {
            let (needs, expected) = (&needs[odd % 2], &expected[odd % 2]);
            let mut way = plain(if odd % 3 == 0 { 5 } else { 1000 });
            odd += 1;
            change(&mut way.oddities);
            another(&mut way.oddities);
            if way.oddities.without_enrollments && way.oddities.without_nested {
                continue;
            }
            let name = format!("{one} and {other} by {}", way.page_size);
            let roster = read_by_way(&district, needs, &way).await;
            let roster = roster.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert_eq!(&seen(&roster, needs), expected, "{name}");
            assert!(is_untroubled(&roster), "{name}");
        }
    }
}

#[tokio::test]
async fn every_oddity_by_itself_shows_the_same_by_small_pages_and_by_large_ones() {
    let district = district();
    for everybody in [false, true] {
        let needs = wanted(&district, everybody);
        let expected = seen(&at_clever(&district, &needs).await, &needs);
        let usual = held(&read_by_way(&district, &needs, &plain(1000)).await.unwrap());
        for (day, some) in [("2027-01-29", true), ("2026-09-01", true), ("2025", false)] {
            assert_eq!(usual.concat().contains(day), some, "{day}");
        }
        for (name, change) in ODDITIES {
            for page_size in [3, 1000] {
                let mut way = plain(page_size);
                change(&mut way.oddities);
                let roster = read_by_way(&district, &needs, &way).await;
                let roster = roster.unwrap_or_else(|error| panic!("{name}: {error:?}"));
                assert_eq!(seen(&roster, &needs), expected, "{name} by {page_size}");
                assert_eq!(held(&roster), usual, "{name} by {page_size}");
                assert!(is_untroubled(&roster), "{name} by {page_size}");
            }
        }
    }
}

#[tokio::test]
async fn where_no_enrollment_is_to_be_seen_ended_ones_count_and_the_summary_says_so() {
    let district = district();
    let needs = wanted(&district, false);
    // The one whose enrollment ended is listed as long as the record is.
    let mut without = district.clone();
    without.status.to_be_deleted.remove(&enrollment_id(
        &district.sections[0].id,
        &district.sections[0].students[0],
    ));
    let expected = seen(&at_clever(&without, &needs).await, &needs);
    for (name, change) in ODDITIES {
        for page_size in [3, 1000] {
            let mut way = plain(page_size);
            way.no_enrollments = true;
            change(&mut way.oddities);
            let roster = read_by_way(&district, &needs, &way).await;
            if way.oddities.without_nested {
                assert!(
                    matches!(roster, Err(Error::Refused { status: 404, .. })),
                    "{name}"
                );
                continue;
            }
            let roster = roster.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert_eq!(seen(&roster, &needs), expected, "{name} by {page_size}");
            assert_eq!(roster.notices.len(), 1, "{name}");
            assert!(roster.notices[0].contains("status and their dates are not known"));
        }
    }
}
