//! UST's further options, each from the event to the end state.

mod groups;
mod lists;
mod logins;
mod push;

use serde_json::Value;

use crate::simulators::adobe::{Endpoint, GroupKind, Identity};
use crate::simulators::server::{Fault, Request, Response};
use crate::simulators::world::{FIFTEEN_MINUTES, Memberships, ROOT_FILE, Setup, World};

/// How often Adobe was asked for this.
fn asked(world: &World, endpoint: Endpoint) -> usize {
    let requests = world.adobe.requests();
    requests.get(&endpoint).copied().unwrap_or_default()
}

/// The memberships of those whom the mapping means.
fn of_the_roster(world: &World) -> Memberships {
    let desired = world.desired();
    let mut memberships = world.memberships();
    memberships.retain(|email, _| desired.contains_key(email));
    memberships
}

/// The memberships of everybody else.
fn of_strangers(world: &World) -> Memberships {
    let desired = world.desired();
    let mut memberships = world.memberships();
    memberships.retain(|email, _| !desired.contains_key(email));
    memberships
}

fn run(answer: &Value) -> String {
    format!("runs/{}", answer["run_id"].as_str().unwrap())
}

/// The example with another key in a file: `before` is the text that it is put before.
fn example_with(file: &str, before: &str, key: &str) -> Setup {
    let mut setup = Setup::example();
    let text = setup.files[file].replacen(before, &format!("{key}{before}"), 1);
    assert!(text.contains(key), "{before:?} in {file}");
    setup.file(file, text);
    setup
}

/// The action requests answer only every second time, though all of them take effect.
fn lose_answers(world: &World) {
    let mut seen = 0;
    world.adobe.server.fault(Box::new(move |request: &Request| {
        let action = request.path.contains("/action/");
        seen += usize::from(action);
        (action && seen % 2 == 1).then_some(Fault::ResetAfterEffect)
    }));
}
