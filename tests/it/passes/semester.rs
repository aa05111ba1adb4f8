//! A semester ends: licences go by themselves, nobody else loses anything, and what no date explains waits.

use std::time::Duration;

use serde_json::{Value, json};

use super::{DELETES, findings};
use crate::simulators::adobe::Identity;
use crate::simulators::district::District;
use crate::simulators::server::{Fault, Request, Response};
use crate::simulators::world::{FIFTEEN_MINUTES, Setup, World};

/// The class whose term is over, and the one that disappears.
const ENDS: &str = "Econ 101 - Period 2";
const LOST: &str = "Class 003, Homeroom - Stark - 0";

/// The example school, which deletes Adobe-only people; the class of the mapping that ends is held in a term that includes
/// today for the last time.
async fn school(at_classlink: bool) -> World {
    let mut setup = Setup::example();
    if at_classlink {
        setup = setup.at_classlink();
    }
    setup.options(&DELETES, "200");
    setup.adobe.clear();
    let world = World::start(setup).await;
    let today = world.today();
    world.change(|district| {
        let term = district.add_term("Fall 2026", ["2026-08-20", &today.to_string()]);
        district.section_mut(ENDS).terms = vec![term];
    });
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    world
}

async fn tomorrow(world: &World) -> Value {
    world.clock.advance(Duration::from_hours(24));
    world.pass(json!({})).await
}

fn loses_class(district: &mut District) {
    district.sections.retain(|section| section.name != LOST);
}

#[tokio::test]
async fn the_licences_of_a_term_go_with_the_first_pass_after_its_last_day() {
    for at_classlink in [false, true] {
        let world = school(at_classlink).await;
        let before = world.memberships();
        let last_day = world.today().to_string();
        let forecast = world.json("latest/summary.json")["forecast"].clone();
        world.change(loses_class);
        let answer = tomorrow(&world).await;
        let summary = world.json("latest/summary.json");
        assert_eq!(answer["status"], "held", "{summary:#}");
        assert_eq!(findings(&summary), ["directory-group-not-found"]);
        // What was foretold has happened.
        let ended = &summary["ended"];
        assert_eq!(ended.as_array().unwrap().len(), 1, "{ended:#}");
        assert_eq!(ended[0]["term"], "Fall 2026");
        assert_eq!(ended[0]["last_day"], last_day.as_str());
        let day = world.today().to_string();
        let all = forecast.as_array().unwrap().iter();
        let foretold: u64 = all
            .filter(|one| one["day"] == day.as_str())
            .map(|one| one["end"].as_u64().unwrap())
            .sum();
        assert_eq!(ended[0]["licences"].as_u64(), Some(foretold));
        assert!(foretold > 0);
        // Everybody is there, and whoever lost something lost what the class had given.
        let after = world.memberships();
        for (person, groups) in &before {
            let account = world.adobe.account(Identity::Federated, person);
            assert!(account.is_some(), "{person} is gone");
            let left = after.get(person).cloned().unwrap_or_default();
            let lost: Vec<_> = groups.difference(&left).collect();
            assert!(
                lost.iter().all(|group| *group == "all apps"),
                "{person} lost {lost:?}"
            );
        }
    }
}

/// Adobe's list of users is busy for an hour, just before midnight.
#[tokio::test]
async fn a_pass_that_goes_on_after_midnight_keeps_the_day_it_began_on() {
    let world = school(false).await;
    let before = world.memberships();
    let last_day = world.today();
    world.clock.advance(Duration::from_mins(5 * 60 + 45));
    assert_eq!(world.today(), last_day);
    let mut busy = true;
    world.adobe.server.fault(Box::new(move |request: &Request| {
        let is_list = request.path.contains("/users/");
        (is_list && std::mem::take(&mut busy)).then(|| {
            let reply = Response::json(429, &json!({})).with("retry-after", "3600");
            Fault::Reply(reply)
        })
    }));
    let answers = world.pass_in(json!({}), FIFTEEN_MINUTES).await;
    assert!(answers.len() > 1 && world.today() > last_day);
    let summary = world.json("latest/summary.json");
    assert_eq!(summary["today"], last_day.to_string());
    assert_eq!(summary["ended"], json!([]));
    assert_eq!(world.memberships(), before);
    // The next one has the next day.
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    assert_ne!(world.memberships(), before);
}
