//! What holds of every whole pass, whatever a school chooses.

mod started;
mod worlds;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{action_requests, state};
use crate::simulators::adobe::{Account, Endpoint};
use crate::simulators::world::World;
use worlds::{Choice, choices};

/// The entries of all action requests that took effect, from that place of Adobe's log on.
fn entries(world: &World, from: usize) -> Vec<Value> {
    let log = world.adobe.log().into_iter().skip(from);
    let applied = log
        .filter(|entry| entry.endpoint == Endpoint::Action && entry.status == 200 && !entry.test);
    applied
        .filter_map(|entry| entry.body)
        .flat_map(|body| body.as_array().unwrap().clone())
        .collect()
}

/// The groups that an entry names.
fn groups(entry: &Value) -> Vec<String> {
    let steps = entry["do"].as_array().unwrap().iter();
    let listed = steps.flat_map(|step| [&step["add"]["group"], &step["remove"]["group"]]);
    let listed = listed.filter_map(Value::as_array).flatten();
    let made = entry["usergroup"].as_str();
    let named = listed.filter_map(Value::as_str).chain(made);
    named.map(str::to_lowercase).collect()
}

/// Whom or what an entry is about.
fn about(entry: &Value) -> String {
    json!([
        entry["user"],
        entry["domain"],
        entry["useAdobeID"],
        entry["usergroup"]
    ])
    .to_string()
}

/// What a summary says, without what differs from pass to pass.
fn said(world: &World) -> Value {
    let summary = world.json("latest/summary.json");
    let mut held = summary["held"].clone();
    held["key"] = Value::Null;
    // The hash stands beside it, too.
    held["approve"] = Value::Null;
    let fields = [
        "status", "counters", "planned", "findings", "problems", "notices",
    ];
    let said = fields.map(|field| (field.to_owned(), summary[field].clone()));
    let mut said = serde_json::Map::from_iter(said);
    said.insert("held".to_owned(), held);
    Value::Object(said)
}

fn emails(accounts: &[Account]) -> BTreeSet<(String, &'static str)> {
    let accounts = accounts.iter();
    accounts
        .map(|account| (account.email.to_lowercase(), account.identity.as_str()))
        .collect()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

/// A pass of each mode in a row; returns what `apply` said.
async fn every_mode(choice: &Choice) -> Result<(String, Value), TestCaseError> {
    let world = choice.world(0).await;
    let before = world.adobe.users();
    let untouched = state(&world.adobe);
    let planned = world.pass(json!({"mode": "plan"})).await;
    prop_assert_eq!(action_requests(&world), 0);
    let tested = world.pass(json!({"mode": "test"})).await;
    prop_assert_eq!(state(&world.adobe), untouched);
    let from = world.adobe.log().len();
    let applied = world.pass(json!({})).await;
    let (said, after) = (said(&world), state(&world.adobe));
    prop_assert_eq!(&tested["counters"], &applied["counters"]);

    let entries = entries(&world, from);
    touches_nobody_else(choice, &before, &entries)?;
    counts_add_up(choice, &before, &world, &entries, &applied)?;
    if number(&applied["counters"]["actions"]["error"]) == 0 {
        let mut counters = applied["counters"].clone();
        counters["actions"] = json!({"total": 0, "success": 0, "error": 0});
        prop_assert_eq!(&planned["counters"], &counters);
    }
    if choice.strategy == "sync" && choice.adobe_users == "all" {
        let again = world.pass(json!({})).await;
        let actions = &again["counters"]["actions"];
        prop_assert_eq!(&actions["success"], 0);
        prop_assert_eq!(&actions["error"], &applied["counters"]["actions"]["error"]);
        prop_assert_eq!(state(&world.adobe), after.clone());
    }
    Ok((after, said))
}

fn touches_nobody_else(
    choice: &Choice,
    before: &[Account],
    entries: &[Value],
) -> Result<(), TestCaseError> {
    let managed = choice.managed();
    for entry in entries {
        for group in groups(entry) {
            prop_assert!(managed.contains(&group), "{} is named", group);
        }
        // With push nobody knows what an account holds.
        if choice.strategy == "push" {
            continue;
        }
        let user = entry["user"].as_str().unwrap_or_default();
        let is_adobe_id = entry["useAdobeID"] == true;
        // Whoever is in no mapped group is not read then, and looks new, as in UST.
        let is_read = |account: &&Account| {
            let mut groups = account.groups.iter().map(|group| group.to_lowercase());
            choice.adobe_users == "all" || groups.any(|group| managed.contains(&group))
        };
        let spared = before.iter().filter(is_read);
        let spared = spared.filter(|account| choice.spares(account));
        for account in spared {
            let same = account.email.eq_ignore_ascii_case(user);
            let reaches = is_adobe_id != account.identity.is_owned();
            prop_assert!(!(same && reaches), "{} is named", account.email);
        }
    }
    Ok(())
}

fn counts_add_up(
    choice: &Choice,
    before: &[Account],
    world: &World,
    entries: &[Value],
    applied: &Value,
) -> Result<(), TestCaseError> {
    let counters = &applied["counters"];
    let count = |name: &str| number(&counters[name]);
    let size = |n: usize| u64::try_from(n).unwrap();
    let named: BTreeSet<String> = entries.iter().map(about).collect();
    prop_assert_eq!(number(&counters["actions"]["total"]), size(named.len()));
    let actions = &counters["actions"];
    prop_assert_eq!(
        number(&actions["total"]),
        number(&actions["success"]) + number(&actions["error"])
    );
    if choice.strategy == "push" {
        return Ok(());
    }
    let (before, after) = (emails(before), emails(&world.adobe.users()));
    if choice.adobe_users == "all" {
        prop_assert_eq!(count("adobe_users_read"), size(before.len()));
        // Adobe may have made an account and refused a group in the same action, which then is an error.
        let made = size(after.difference(&before).count());
        let (created, errors) = (count("adobe_users_created"), number(&actions["error"]));
        prop_assert!(
            (created..=created + errors).contains(&made),
            "{} and {}",
            created,
            made
        );
    }
    let told = count("adobe_users_excluded")
        + count("adobe_users_unchanged")
        + count("adobe_users_updated")
        + count("adobe_only_users");
    let departs = ["remove-adobe-groups", "remove", "delete"].contains(&choice.action);
    // Who was spared that, and lost mapped groups instead, is no row of the summary.
    let spared = if departs { size(named.len()) } else { 0 };
    prop_assert!((told..=told + spared).contains(&count("adobe_users_read")));
    let gone = size(before.difference(&after).count());
    if ["remove", "delete"].contains(&choice.action) {
        prop_assert!(gone <= count("adobe_only_users"));
    } else {
        prop_assert_eq!(gone, 0);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_mode_counts_alike_and_touches_nobody_else_in_any_order(choice in choices(), turn in 1_usize..30) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (after, first) = every_mode(&choice).await?;
            let turned = choice.world(turn).await;
            turned.pass(json!({})).await;
            prop_assert_eq!(said(&turned), first);
            prop_assert_eq!(state(&turned.adobe), after);
            Ok(())
        })?;
    }
}
