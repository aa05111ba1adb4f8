//! A school that comes with the files of UST's manual: its keys, its quoting, its indentation.

use serde_json::json;

use crate::config::examples::{MANUAL_ROOT, MANUAL_SOURCE};
use crate::simulators::world::{ROOT_FILE, Setup, World};

/// The manual's files around the mapping of a large district. A fresh start has more Adobe-only users than UST's 200.
fn as_in_the_manual() -> Setup {
    let mut setup = Setup::large();
    let (before, rest) = MANUAL_ROOT.split_once("      groups:\n").unwrap();
    let (_, after) = rest.split_once("\nlimits:\n").unwrap();
    let groups: String = setup
        .mapping
        .yaml()
        .lines()
        .flat_map(|line| ["       ", line, "\n"])
        .collect();
    let root = format!("{before}      groups:\n{groups}\nlimits:\n{after}");
    let root = root.replace("max_adobe_only_users: 200", "max_adobe_only_users: 50%");
    setup.file(ROOT_FILE, root);
    setup.file("connector-oneroster.yml", MANUAL_SOURCE.to_owned());
    setup
}

#[tokio::test]
async fn a_large_district_from_the_manuals_files_is_in_step_after_one_pass() {
    let world = World::start(as_in_the_manual()).await;
    assert_ne!(world.memberships(), world.desired());
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    let sent = world.adobe.action_times().len();

    let second = world.pass(json!({})).await;
    assert_eq!(second["status"], "complete");
    assert_eq!(world.adobe.action_times().len(), sent);
}
