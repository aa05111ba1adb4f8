//! Over random calendars: a licence is there on its days, and what is foretold happens.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use roster_sync::config::options::Users;
use roster_sync::model::period::Period;
use roster_sync::model::roster::{Member, Role, RoleAt};
use roster_sync::reconcile::forecast::Forecast;

use super::super::world::World;

const TODAY: Date = date(2026, 11, 24);
const CLASSES: [&str; 4] = ["Art", "Band", "Club", "Drama"];
const GROUPS: [&[&str]; 4] = [&["Spark"], &["Spark", "Sound"], &["Sound"], &[]];
const PEOPLE: [&str; 4] = ["ana", "bo", "cy", "dee"];

fn near() -> impl Strategy<Value = Option<Date>> {
    prop::option::weighted(0.7, (-40_i64..80).prop_map(|n| TODAY + n.days()))
}

fn period() -> impl Strategy<Value = Period> {
    (near(), near()).prop_map(|(first, last)| Period { first, last })
}

fn worlds() -> impl Strategy<Value = World> {
    let terms = prop::collection::vec(period(), 3);
    let held = prop::collection::vec(prop::sample::subsequence(vec![0_usize, 1, 2, 3], 0..3), 4);
    let active = prop::collection::vec(prop::bool::weighted(0.9), 4);
    let members = prop::collection::vec((0_usize..4, 0_usize..4, period(), any::<bool>()), 0..12);
    let roles = prop::collection::vec((0_usize..4, period()), 0..3);
    let users = prop_oneof![
        Just(Users::Mapped),
        Just(Users::All),
        Just(Users::Groups(BTreeSet::from([
            "classes::Art::students".to_owned()
        ]))),
    ];
    let shared = prop::bool::weighted(0.3);
    (terms, held, active, members, roles, users, shared).prop_map(
        |(terms, held, active, members, roles, users, shared)| {
            let mut world = World::new().students(&PEOPLE);
            world.options.users = users;
            for (n, term) in terms.into_iter().enumerate() {
                world = world.term(&n.to_string(), "", "");
                world.parts.terms[n].period = term;
            }
            for (n, class) in CLASSES.into_iter().enumerate() {
                world = world.class(class, &[], &[]);
                world = world.map(&format!("classes::{class}::students"), GROUPS[n]);
                // The fourth is of a term that nobody knows.
                let terms: Vec<String> = held[n].iter().map(usize::to_string).collect();
                let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
                world = world.held_in(class, &terms);
                world.parts.classes[n].active = active[n];
            }
            for (class, person, period, open) in members {
                world = world.enrol(PEOPLE[person], CLASSES[class]);
                let member = world.parts.classes[class].members.last_mut().unwrap();
                member.period = if open { Period::ALWAYS } else { period };
            }
            for (person, period) in roles {
                world = world.but(PEOPLE[person], |person| {
                    person.roles_at.insert(RoleAt {
                        role: Role::Student,
                        school: None,
                        period,
                    });
                });
            }
            if shared {
                world = world.but("bo", |person| person.email = Some("ana@x.test".to_owned()));
            }
            world
        },
    )
}

fn includes(period: Period, day: Date) -> bool {
    let reversed = matches!((period.first, period.last), (Some(first), Some(last)) if first > last);
    reversed
        || period.first.is_none_or(|first| first <= day)
            && period.last.is_none_or(|last| day <= last)
}

/// As the design says it, with no sets of days: whether somebody is in a class on a day.
fn is_in(world: &World, class: usize, member: &Member, day: Date) -> bool {
    let class = &world.parts.classes[class];
    let terms: Vec<Option<Period>> = class
        .terms
        .iter()
        .map(|id| {
            world
                .parts
                .terms
                .iter()
                .find(|term| term.id == *id)
                .map(|term| term.period)
        })
        .collect();
    let says_nothing = |period: &Option<Period>| {
        period.is_none_or(|period| {
            period == Period::ALWAYS
                || matches!((period.first, period.last), (Some(first), Some(last)) if first > last)
        })
    };
    let held = terms.is_empty()
        || terms.iter().any(says_nothing)
        || terms.iter().flatten().any(|term| includes(*term, day));
    let person = world
        .parts
        .people
        .iter()
        .find(|person| person.id == member.person)
        .unwrap();
    let roles: Vec<Period> = person.roles_at.iter().map(|at| at.period).collect();
    let role = roles.is_empty()
        || roles
            .iter()
            .any(|period| says_nothing(&Some(*period)) || includes(*period, day));
    class.active && member.active && held && role && includes(member.period, day)
}

/// Who has which Adobe group on this day, by address.
fn licences(world: &World, day: Date) -> BTreeSet<(String, String)> {
    let mut of_person = BTreeMap::<&str, BTreeSet<usize>>::new();
    for (n, class) in world.parts.classes.iter().enumerate() {
        for member in class
            .members
            .iter()
            .filter(|member| is_in(world, n, member, day))
        {
            of_person
                .entry(member.person.as_str())
                .or_default()
                .insert(n);
        }
    }
    // Who is selected is an account: people who share one are selected together.
    let address = |id: &str| {
        let people = &world.parts.people;
        people
            .iter()
            .find(|person| person.id.as_str() == id)
            .unwrap()
            .email
            .clone()
            .unwrap()
    };
    let mut licences = BTreeSet::new();
    for (person, classes) in of_person {
        let selected = match &world.options.users {
            Users::All | Users::Mapped => true,
            Users::Groups(_) => classes.contains(&0),
        };
        let groups = classes.iter().flat_map(|n| GROUPS[*n]);
        licences.extend(
            groups
                .filter(|_| selected)
                .map(|group| (address(person), (*group).to_owned())),
        );
    }
    licences
}

proptest! {
    #[test]
    fn licences_are_there_on_their_days(world in worlds(), n in 0_i64..90) {
        prop_assume!(!matches!(world.options.users, Users::Groups(_)) || !shares(&world));
        let day = TODAY + n.days();
        let world = World { today: day, ..world };
        let desired = world.desired();
        let licensed: BTreeSet<(String, String)> = desired
            .users
            .values()
            .flat_map(|user| user.groups.keys().map(|group| (user.email.as_str().to_owned(), group.as_str().to_owned())))
            .collect();
        prop_assert_eq!(licensed, licences(&world, day));
    }

    #[test]
    fn what_is_foretold_happens(world in worlds()) {
        prop_assume!(!matches!(world.options.users, Users::Groups(_)) || !shares(&world));
        let mut expected = BTreeMap::<(Date, String), (usize, usize)>::new();
        let mut before = licences(&world, TODAY);
        for n in 1..=60_i64 {
            let day = TODAY + n.days();
            let now = licences(&world, day);
            for (_, group) in now.difference(&before) {
                expected.entry((day, group.clone())).or_default().0 += 1;
            }
            for (_, group) in before.difference(&now) {
                expected.entry((day, group.clone())).or_default().1 += 1;
            }
            before = now;
        }
        let foretold: BTreeMap<(Date, String), (usize, usize)> = world
            .desired()
            .forecast
            .into_iter()
            .map(|Forecast { day, adobe_group, begin, end }| ((day, adobe_group.as_str().to_owned()), (begin, end)))
            .collect();
        prop_assert_eq!(foretold, expected);
    }

    /// Whatever a date explains was a licence on the last day that it names, and on no day since.
    #[test]
    fn an_expected_end_was_a_licence(world in worlds()) {
        // Who is not selected any more loses what other classes would give as well.
        prop_assume!(!shares(&world) && !matches!(world.options.users, Users::Groups(_)));
        for user in world.desired().users.values() {
            for (group, ending) in &user.ended {
                let everything = |day| {
                    let mut world = World { options: world.options.clone(), ..copy(&world) };
                    world.options.users = Users::Mapped;
                    for class in &mut world.parts.classes {
                        class.active = true;
                    }
                    licences(&world, day).contains(&(user.email.as_str().to_owned(), group.as_str().to_owned()))
                };
                prop_assert!(everything(ending.last_day));
                let mut day = ending.last_day.tomorrow().unwrap();
                while day <= TODAY {
                    prop_assert!(!everything(day), "{} {}", day, group.as_str());
                    day = day.tomorrow().unwrap();
                }
            }
        }
    }

    #[test]
    fn counts_do_not_know_the_day(world in worlds(), n in -60_i64..60) {
        let counts = world.desired().counts;
        let world = World { today: TODAY + n.days(), ..world };
        prop_assert_eq!(world.desired().counts, counts);
    }
}

fn shares(world: &World) -> bool {
    world.parts.people[1].email == world.parts.people[0].email
}

fn copy(world: &World) -> World {
    let mut copy = World::new();
    copy.parts = world.parts.clone();
    copy.config.mapping.clone_from(&world.config.mapping);
    copy
}
