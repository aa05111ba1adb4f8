//! Adobe's full lists, which are given about once in two hours.

mod snapshot;
mod spent;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::simulators::adobe::Endpoint;
use crate::simulators::district::{District, Shape};
use crate::simulators::mapping::Mapping;
use crate::simulators::world::{FIFTEEN_MINUTES, Setup, World};

/// A school with so many people, none of whom has an account, and these limits beside the first.
fn school(people: usize, limits: &str) -> Setup {
    let district = District::generate(Shape {
        seed: 17,
        schools: 1,
        students: people - 4,
        teachers: 4,
        courses: 4,
        sections: 8,
    });
    let mapping = Mapping::over(&district, 4);
    let mut setup = Setup::new(district, mapping, Vec::new());
    let defaults = [("users", "all"), ("process_groups", "yes")];
    setup.options(&defaults, &format!("200{limits}"));
    setup
}

/// How often the list of all users was asked for, page by page.
fn pages(world: &World) -> usize {
    let requests = world.adobe.requests();
    requests.get(&Endpoint::Users).copied().unwrap_or_default()
}

/// What mode plan finds to do.
async fn plan(world: &World) -> Value {
    planned(world, json!({"mode": "plan"})).await
}

async fn planned(world: &World, event: Value) -> Value {
    let answer = world.invoke(event, FIFTEEN_MINUTES).await.unwrap();
    assert_eq!(answer["status"], "complete", "{answer}");
    world.json("latest/plan.json")
}

/// Where the plan compares what an earlier pass read: how old it says that is.
fn age(plan: &Value) -> Option<String> {
    let notices = plan["notices"].as_array()?.iter();
    let mut notices = notices.filter_map(Value::as_str);
    let said = notices.find(|notice| notice.contains("Adobe was not read anew"))?;
    assert!(said.contains("fresh: true reads anew"), "{said}");
    let (said, _) = said.split_once(" ago")?;
    Some(said.rsplit_once(" read ")?.1.to_owned())
}

/// Nothing to do for anybody.
fn is_empty(plan: &Value) -> bool {
    let planned = plan["planned"].as_object().unwrap();
    planned.values().all(|number| *number == 0)
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

fn hours(world: &World, hours: u64) {
    world.clock.advance(Duration::from_hours(hours));
}
