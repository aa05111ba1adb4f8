//! Whole passes over irregular districts: no record ends a pass, whoever cannot be used keeps everything, and everybody
//! else is in step.

mod school;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{DELETES, action_requests, problems, state};
use crate::simulators::district::{District, enrollment_id};
use crate::simulators::mapping::Who;
use crate::simulators::sis::Platform;
use crate::simulators::world::{Setup, World};
use school::{School, Wrong};

/// What may happen to Adobe-only people; each with a district of its own.
const ACTIONS: [(u64, &str); 4] = [
    (31, "preserve"),
    (32, "remove-adobe-groups"),
    (33, "remove"),
    (34, "delete"),
];

/// Who or what a problem is about: an id, else an address, else nothing.
fn told(summary: &Value) -> BTreeSet<Wrong> {
    let problems = summary["problems"].as_array().unwrap();
    let all: BTreeSet<Wrong> = problems
        .iter()
        .map(|problem| {
            let text = |field: &str| problem[field].as_str().map(str::to_lowercase);
            assert!(problem["message"].as_str().unwrap().len() > 20);
            let id = problem["roster_id"].as_str().map(str::to_owned);
            let whom = id.or_else(|| text("email")).unwrap_or_default();
            (text("name").unwrap(), whom)
        })
        .collect();
    assert_eq!(all.len(), problems.len(), "nobody is told twice");
    all
}

/// The counters, as they would be if Adobe refused nothing.
fn without_refusals(answer: &Value) -> Value {
    let mut counters = answer["counters"].clone();
    let refused = counters["actions"]["error"].as_u64().unwrap();
    let created = counters["adobe_users_created"].as_u64().unwrap();
    counters["adobe_users_created"] = json!(created + refused);
    counters["actions"] = json!({"total": 0, "success": 0, "error": 0});
    counters
}

/// Plan, test, apply, and once more.
async fn comes_to_what_it_should(platform: Platform) {
    for (seed, action) in ACTIONS {
        let case = format!("{platform:?}, {action}");
        let school = School::of(platform, action, seed);
        let world = World::start(school.setup.clone()).await;
        let before = state(&world.adobe);

        let planned = world.pass(json!({"mode": "plan"})).await;
        assert_eq!(action_requests(&world), 0, "{case}");
        let tested = world.pass(json!({"mode": "test"})).await;
        assert_eq!(state(&world.adobe), before, "{case}");
        assert!(action_requests(&world) > 0, "{case}");
        let applied = world.pass(json!({})).await;
        assert_eq!(applied["status"], "held", "{case}: {applied}");
        assert_eq!(tested["counters"], applied["counters"], "{case}");
        assert_eq!(planned["counters"], without_refusals(&applied), "{case}");

        assert_eq!(
            told(&world.json("latest/summary.json")),
            school.wrong(),
            "{case}"
        );
        let (found, wanted) = (School::found(&world), school.wanted());
        let differ = found.symmetric_difference(&wanted).collect::<Vec<_>>();
        assert!(differ.is_empty(), "{case}: {differ:#?}");

        let refused = applied["counters"]["actions"]["error"].clone();
        let (after, sent) = (state(&world.adobe), world.adobe.action_bodies().len());
        let again = world.pass(json!({})).await;
        assert_eq!(again["counters"]["actions"]["total"], refused, "{case}");
        assert_eq!(again["counters"]["actions"]["error"], refused, "{case}");
        assert_eq!(state(&world.adobe), after, "{case}");
        for body in &world.adobe.action_bodies()[sent..] {
            for one in body.as_array().unwrap() {
                let user = one["user"].as_str().unwrap();
                assert!(school.is_refused(user), "{case}: {user}");
            }
        }
    }
}

#[tokio::test]
async fn whoever_clever_shows_unusable_keeps_everything_and_everybody_else_is_in_step() {
    comes_to_what_it_should(Platform::Clever).await;
}

#[tokio::test]
async fn whoever_classlink_shows_unusable_keeps_everything_and_everybody_else_is_in_step() {
    comes_to_what_it_should(Platform::ClassLink).await;
}

#[tokio::test]
async fn names_are_brought_up_to_date_where_adobe_takes_them() {
    for platform in [Platform::Clever, Platform::ClassLink] {
        let school = School::of(platform, "preserve", 36);
        let world = World::start(school.setup.clone()).await;
        let event = json!({"update_user_info": true});
        world.pass(event.clone()).await;
        let names = |world: &World| -> BTreeSet<[String; 3]> {
            let accounts = world.adobe.users().into_iter();
            accounts
                .map(|account| [account.email.to_lowercase(), account.first, account.last])
                .collect()
        };
        let (found, wanted) = (names(&world), school.names());
        let differ = found.symmetric_difference(&wanted).collect::<Vec<_>>();
        assert!(differ.is_empty(), "{platform:?}: {differ:#?}");
        let after = state(&world.adobe);
        let again = world.pass(event).await;
        assert_eq!(
            again["counters"]["actions"]["success"], 0,
            "{platform:?}: {again}"
        );
        assert_eq!(state(&world.adobe), after);
    }
}

/// Makes a record unreadable on either platform.
fn spoil(district: &mut District, kind: &str, id: &str) {
    let odd = json!({"odd": [1, {"deep": null}]});
    let fields: &[&str] = match kind {
        "person" => &["email", "schools", "name", "orgs"],
        "class" => &["students", "course"],
        "enrollment" => &["user", "students"],
        _ => &["status", "id"],
    };
    for field in fields {
        district.patch(id, field, odd.clone());
    }
}

#[tokio::test]
async fn a_record_of_any_kind_that_cannot_be_read_is_told_and_takes_nothing_from_anybody() {
    for platform in [Platform::Clever, Platform::ClassLink] {
        for kind in ["person", "class", "enrollment", "school", "course"] {
            let case = format!("{platform:?}, {kind}");
            let mut setup = Setup::example();
            let mapping = &mut setup.mapping;
            mapping.0.retain(|entry| entry.who != Who::Teachers);
            setup.options(&DELETES, "100%");
            if platform == Platform::ClassLink {
                setup = setup.at_classlink();
            }
            let world = World::start(setup).await;
            world.pass(json!({})).await;
            let before = world.memberships();
            let district = world.sis().district();
            let mut schools = district.schools.iter();
            let school = schools.find(|one| one.name == "Harbor Elementary School");
            let mut courses = district.courses.iter();
            let course = courses.find(|one| one.name == "Studio Art").unwrap();
            let mut classes = district.sections.iter();
            let class = classes.find(|one| one.course.as_ref() == Some(&course.id));
            let class = class.unwrap();
            let id = match kind {
                "person" => class.students[0].clone(),
                "enrollment" if platform == Platform::ClassLink => {
                    enrollment_id(&class.id, &class.students[0])
                }
                "class" | "enrollment" => class.id.clone(),
                "school" => school.unwrap().id.clone(),
                _ => course.id.clone(),
            };
            world.change(|district| spoil(district, kind, &id));
            let answer = world.pass(json!({})).await;
            assert_ne!(answer["status"], "failed", "{case}");
            let summary = world.json("latest/summary.json");
            assert!(
                problems(&summary).contains(&"record-skipped".to_owned()),
                "{case}: {summary:#}"
            );
            assert_eq!(world.memberships(), before, "{case}");
        }
    }
}
