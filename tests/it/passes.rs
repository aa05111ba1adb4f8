//! Whole passes: a district at Clever, an organization at Adobe, the handler between them.

mod answers;
mod approvals;
mod classlink;
mod dates;
mod faults;
mod grace;
mod harm;
mod history;
mod irregular;
mod killed;
mod laws;
mod lease;
mod manual;
mod options;
mod privacy;
mod progress;
mod protected;
mod scarce;
mod scoped;
mod secrets;
mod semester;
mod sending;
mod uploads;
mod whole;

use serde_json::{Value, json};

use crate::simulators::adobe::{Account, Adobe};
use crate::simulators::server::{Fault, Request, Response};
use crate::simulators::world::{ROOT_FILE, Setup, World};

/// Lines of `limits` that leave out the guards of numbers and counts, for what no school does in one night.
const UNGUARDED: &str = "\n  max_group_removals_percent: 100\n  never_empty_groups_of: 0\n  max_removals_percent: 100\n  \
     max_people_missing_percent: 100\n  max_group_people_missing_percent: 100";

/// The options of a school that deletes Adobe-only people.
const DELETES: [(&str, &str); 3] = [
    ("users", "mapped"),
    ("process_groups", "yes"),
    ("adobe_only_user_action", "delete"),
];

/// That school, with further lines of its main file; its organization has one account, which holds this group besides.
fn deleting(lines: &str, group: &str) -> Setup {
    let mut setup = Setup::example();
    setup.options(&DELETES, "200");
    setup.adobe.truncate(1);
    setup.adobe[0].groups.insert(group.to_owned());
    let root = format!("{}{lines}", setup.files[ROOT_FILE]);
    setup.file(ROOT_FILE, root);
    setup
}

/// The example school with its drifted organization.
async fn example() -> World {
    World::start(Setup::example()).await
}

/// Action requests that reached Adobe.
fn action_requests(world: &World) -> usize {
    world.adobe.action_times().len()
}

/// Everything at Adobe, as text that can be compared.
fn state(adobe: &Adobe) -> String {
    adobe.snapshot()
}

/// Requests whose path ends so meet the fault.
fn at(end: &'static str, fault: Fault) -> impl FnMut(&Request) -> Option<Fault> + Send {
    move |request| request.path.ends_with(end).then(|| fault.clone())
}

/// A plain refusal.
fn status(code: u16) -> Fault {
    Fault::Reply(Response::json(code, &json!({"message": "no"})))
}

/// The names of a summary's findings.
fn findings(summary: &Value) -> Vec<String> {
    names(&summary["findings"])
}

/// The names of a summary's problems.
fn problems(summary: &Value) -> Vec<String> {
    names(&summary["problems"])
}

fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|entry| entry["name"].as_str().expect("a name").to_owned())
        .collect()
}

/// Somebody whom no roster knows, with these groups.
fn stranger(email: &str, groups: &[&str]) -> Account {
    Account::federated(email)
        .named("Some", "Body")
        .of_country("US")
        .in_groups(groups.iter().copied())
}
