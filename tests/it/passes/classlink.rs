//! What a OneRoster server does to a pass: the same end as ever, or nothing at all.

use std::time::Duration;

use serde_json::{Value, json};

use super::{action_requests, state, status};
use crate::simulators::oneroster::{Oddities, Total};
use crate::simulators::server::{Fault, Request, Response};
use crate::simulators::world::{FIFTEEN_MINUTES, Memberships, Setup, World};

/// A world in step in which somebody has left since, read by pages of so many rows.
async fn with_something_to_lose(page_size: usize) -> World {
    let mut setup = Setup::example();
    setup.adobe = setup.mapping.desired(&setup.district);
    let mut setup = setup.at_classlink();
    let source = setup.files["connector-oneroster.yml"]
        .replace("page_size: 3000", &format!("page_size: {page_size}"));
    setup.file("connector-oneroster.yml", source);
    let world = World::start(setup).await;
    assert_eq!(world.memberships(), world.desired());
    let pupil = world.oneroster.district().section_named(SECTION).students[0].clone();
    world.change(|district| district.leaves(&pupil));
    assert_ne!(world.memberships(), world.desired());
    world
}

/// A section that is mapped.
const SECTION: &str = "Econ 101 - Period 2";

/// The pass ends as if nothing had been, or it fails and nothing has changed. Where something is held, nobody who should
/// have a group has lost it.
async fn same_or_nothing(world: &World, what: &str) -> Option<Value> {
    let (before, desired) = (state(&world.adobe), world.desired());
    let held = world.memberships();
    match world.invoke(json!({}), FIFTEEN_MINUTES).await {
        Ok(answer) if answer["status"] == "complete" => {
            assert!(world.memberships() == desired, "{what}");
            Some(answer)
        }
        Ok(answer) => {
            assert_eq!(answer["status"], "held", "{what}");
            nobody_lost(world, &held, &desired, what);
            Some(answer)
        }
        Err(failure) => {
            assert!(
                failure.name.as_str().starts_with("Roster"),
                "{what}: {failure:?}"
            );
            assert!(state(&world.adobe) == before, "{what}");
            assert_eq!(action_requests(world), 0, "{what}");
            None
        }
    }
}

/// The n-th request meets the fault; with `for_good`, so do all others of its path.
fn nth(world: &World, n: usize, fault: Fault, for_good: bool) {
    let mut seen = 0;
    let mut path = None;
    world
        .oneroster
        .server
        .fault(Box::new(move |request: &Request| {
            seen += 1;
            if seen == n {
                path = Some(request.path.clone());
            }
            let meant = seen == n || (for_good && path.as_ref() == Some(&request.path));
            meant.then(|| fault.clone())
        }));
}

fn throttled() -> Fault {
    Fault::Reply(Response::empty(429).with("retry-after", "40"))
}

/// How many requests a pass makes of the roster.
async fn requests_by(page_size: usize) -> usize {
    let world = with_something_to_lose(page_size).await;
    assert!(same_or_nothing(&world, "no fault").await.is_some());
    world.oneroster.server.log().len()
}

#[tokio::test]
async fn each_request_that_fails_once_comes_to_the_same_end() {
    for (page_size, faults) in [
        (
            3000,
            vec![
                status(500),
                status(503),
                throttled(),
                Fault::CutBody(60),
                Fault::Truncate(60),
                Fault::Reset,
                Fault::ResetAfterEffect,
            ],
        ),
        (150, vec![Fault::CutBody(99)]),
    ] {
        let requests = requests_by(page_size).await;
        assert!(requests >= 6, "{requests}");
        for n in 1..=requests {
            for fault in &faults {
                let world = with_something_to_lose(page_size).await;
                nth(&world, n, fault.clone(), false);
                let what = format!("{fault:?} at {n} by {page_size}");
                let answer = same_or_nothing(&world, &what).await;
                assert_eq!(answer.expect(&what)["status"], "complete", "{what}");
            }
        }
    }
}

#[tokio::test]
async fn each_request_that_is_refused_comes_to_the_same_end_or_to_nothing() {
    let kinds = [(3000, &[401, 403, 404, 302][..]), (150, &[404])];
    for (page_size, codes) in kinds {
        for n in 1..=requests_by(page_size).await {
            for fault in codes.iter().copied().map(status) {
                for for_good in [false, true] {
                    let world = with_something_to_lose(page_size).await;
                    nth(&world, n, fault.clone(), for_good);
                    same_or_nothing(&world, &format!("{fault:?} at {n} by {page_size}")).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn what_never_answers_rightly_comes_to_nothing() {
    for n in 1..=requests_by(3000).await {
        for fault in [status(500), throttled(), Fault::Truncate(10)] {
            let world = with_something_to_lose(3000).await;
            nth(&world, n, fault.clone(), true);
            let what = format!("{fault:?} from {n}");
            assert!(same_or_nothing(&world, &what).await.is_none(), "{what}");
        }
    }
}

#[tokio::test]
async fn a_page_that_is_null_and_one_that_comes_late_are_no_harm() {
    for n in 1..=requests_by(150).await {
        for null in [true, false] {
            let world = with_something_to_lose(150).await;
            let mut seen = 0;
            let clock = world.clock.clone();
            world
                .oneroster
                .server
                .fault(Box::new(move |request: &Request| {
                    seen += 1;
                    if seen == n && !null {
                        clock.advance(Duration::from_mins(4));
                    }
                    let path = request.path.rsplit('/').next().unwrap_or_default();
                    let empty = Response::json(200, &json!({ path: null }));
                    (seen == n && null).then_some(Fault::Reply(empty))
                }));
            let what = format!("{n}, null: {null}");
            let answer = same_or_nothing(&world, &what).await;
            assert!(null || answer.is_some(), "{what}");
        }
    }
}

/// Every page is served twice before the next one: the second time, it stands for the next.
#[tokio::test]
async fn a_page_that_comes_twice_is_no_harm() {
    for n in 2..=requests_by(150).await {
        let world = with_something_to_lose(150).await;
        let (mut seen, mut pages) = (0, std::collections::BTreeMap::new());
        let honest = world.oneroster.clone();
        world
            .oneroster
            .server
            .fault(Box::new(move |request: &Request| {
                seen += 1;
                let before = pages.insert(request.path.clone(), request.clone());
                let before = before.filter(|_| seen == n)?;
                Some(Fault::Reply(honest.page_again(&before)))
            }));
        same_or_nothing(&world, &format!("{n}")).await;
    }
}

/// Everybody who is there before and after keeps what both have in common.
fn nobody_lost(world: &World, before: &Memberships, after: &Memberships, what: &str) {
    let held = world.memberships();
    for (email, groups) in before {
        let Some(still) = after.get(email) else {
            continue;
        };
        for group in groups.intersection(still) {
            assert!(
                held.get(email).is_some_and(|held| held.contains(group)),
                "{what}: somebody lost {group}"
            );
        }
    }
}

/// Paths that end so answer with a success and nobody.
fn nobody(world: &World, paths: &'static [&'static str]) {
    world
        .oneroster
        .server
        .fault(Box::new(move |request: &Request| {
            let path = request.path.rsplit("/v1p1").next().unwrap_or_default();
            let meant = paths.iter().any(|hidden| match hidden.strip_prefix('…') {
                Some(end) => path.ends_with(end),
                None => path == *hidden,
            });
            let empty = Response::json(200, &json!({"users": []})).with("x-total-count", "0");
            meant.then_some(Fault::Reply(empty))
        }));
}

#[tokio::test]
async fn an_empty_list_that_others_contradict_takes_nothing_from_anybody() {
    for page_size in [3000, 150] {
        for paths in [
            &["/students"][..],
            &["/teachers"],
            &["/students", "/teachers"],
            &["…/students"],
            &["…/teachers"],
            &["…/students", "…/teachers"],
            &["/enrollments"],
            &["…/enrollments"],
            &["…/enrollments", "/students"],
            &["…/enrollments", "/students", "/teachers"],
            &["…/enrollments", "…/students", "…/teachers"],
            &["/classes"],
            &["/courses"],
            &["/schools"],
        ] {
            let world = with_something_to_lose(page_size).await;
            nobody(&world, paths);
            let what = format!("{paths:?} by {page_size}");
            same_or_nothing(&world, &what).await;
        }
    }
}

#[tokio::test]
async fn who_is_hidden_is_told() {
    for (paths, message) in [
        (
            &["…/students"][..],
            "OneRoster students cannot be read: it has no records, although enrollments name students",
        ),
        (
            &["…/enrollments"],
            "OneRoster enrollments cannot be read: none names a student, although classes list some",
        ),
    ] {
        let world = with_something_to_lose(3000).await;
        nobody(&world, paths);
        let failure = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
        assert_eq!(failure.name.as_str(), "RosterIncomplete");
        assert!(failure.message.contains(message), "{}", failure.message);
        assert!(
            failure
                .message
                .contains("look at what the roster server shares")
        );
    }
}

#[tokio::test]
async fn totals_that_lie_are_no_harm() {
    for lie in [-100_i64, -1, 1, 100] {
        for cap in [None, Some(40)] {
            for path in ["/students", "/enrollments", "/classes"] {
                let world = with_something_to_lose(60).await;
                world.oneroster.odd(Oddities {
                    page_cap: cap,
                    total: Total::Nowhere,
                    ..Oddities::default()
                });
                lying(&world, path, lie);
                same_or_nothing(&world, &format!("{lie} {cap:?} {path}")).await;
            }
        }
    }
}

/// This path's pages tell so many rows more than there are.
fn lying(world: &World, path: &'static str, lie: i64) {
    let district = world.oneroster.district();
    let rows = match path {
        "/students" => district.students.len(),
        "/classes" => district.sections.len(),
        _ => {
            let sections = district.sections.iter();
            let members = sections.map(|section| section.students.len() + section.teachers.len());
            members.sum()
        }
    };
    let told = (i64::try_from(rows).unwrap() + lie).max(0).to_string();
    world
        .oneroster
        .server
        .fault(Box::new(move |request: &Request| {
            let meant = request.path == format!("/ims/oneroster/v1p1{path}");
            meant.then(|| Fault::Header("x-total-count", told.clone()))
        }));
}

/// What a plan changes, account by account. The reasons of a line are in the order of their names, and sections have another
/// one at Clever.
async fn planned(setup: Setup, odd: impl Fn(&mut Oddities)) -> Vec<Vec<String>> {
    let world = World::start(setup).await;
    let mut oddities = Oddities::default();
    odd(&mut oddities);
    world.oneroster.odd(oddities);
    let answer = world.pass(json!({"mode": "plan"})).await;
    let run = answer["run_id"].as_str().unwrap();
    let text = world.text(&format!("runs/{run}/changes.ndjson"));
    let text = text.replace("sections::", "classes::");
    let lines = text.lines().map(|line| {
        let mut parts: Vec<String> = line
            .split([',', ' ', ':', '[', ']'])
            .map(str::to_owned)
            .collect();
        parts.sort();
        parts
    });
    lines.collect()
}

#[tokio::test]
async fn the_plan_is_that_of_clever_in_whatever_way_the_roster_is_served() {
    let expected = planned(Setup::example(), |_| {}).await;
    assert!(expected.len() > 50, "{}", expected.len());
    let odd: [fn(&mut Oddities); 7] = [
        |_| {},
        |odd| odd.page_cap = Some(40),
        |odd| odd.total = Total::Nowhere,
        |odd| odd.without_enrollments = true,
        |odd| odd.without_nested = true,
        |odd| odd.padded_ids = true,
        |odd| {
            odd.teachers_among_students = true;
            odd.null_lists = true;
            odd.refuses_sort = true;
        },
    ];
    for (n, odd) in odd.into_iter().enumerate() {
        let plan = planned(Setup::example().at_classlink(), odd).await;
        let differs = plan.iter().zip(&expected).find(|(one, other)| one != other);
        assert!(plan == expected, "{n}: {differs:?}");
    }
}
