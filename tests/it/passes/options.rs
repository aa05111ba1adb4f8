//! UST's further options, each from the event to the end state.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{action_requests, example, findings, problems, state, stranger};
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

/// The example with another line in a file; `before` is what it is put before.
fn example_with(file: &str, before: &str, line: &str) -> Setup {
    let mut setup = Setup::example();
    let text = &setup.files[file];
    assert_eq!(text.matches(before).count(), 1, "{before} in {file}");
    let text = text.replace(before, &format!("{line}{before}"));
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

// ----- strategy

#[tokio::test]
async fn a_push_sends_everything_for_everybody_every_time_and_reads_nothing_of_adobe() {
    let world = example().await;
    let strangers = of_strangers(&world);
    assert_ne!(of_the_roster(&world), world.desired());
    let first = world.pass(json!({"strategy": "push"})).await;
    assert_eq!(first["status"], "complete");
    assert_eq!(first["strategy"], "push");
    assert_eq!(of_the_roster(&world), world.desired());
    assert_eq!(of_strangers(&world), strangers, "nobody else is touched");
    assert_eq!(asked(&world, Endpoint::Users), 0);
    assert_eq!(asked(&world, Endpoint::Groups), 0);

    let people = world.desired().len();
    let counters = &first["counters"];
    assert_eq!(counters["directory_users_selected"], people);
    assert_eq!(counters["users_pushed"], people);
    assert_eq!(
        counters["actions"],
        json!({"total": people, "success": people, "error": 0})
    );
    assert_eq!(counters["adobe_users_created"], 0);
    let summary = world.text("latest/summary.txt");
    assert!(
        summary.contains(&format!(" pushed to Adobe: {people}\n")),
        "{summary}"
    );
    assert!(!summary.contains("Number of Adobe"), "{summary}");

    let (before, sent) = (state(&world.adobe), action_requests(&world));
    let second = world.pass(json!({"strategy": "push"})).await;
    assert_eq!(second["counters"], first["counters"]);
    assert_eq!(action_requests(&world), 2 * sent);
    assert_eq!(state(&world.adobe), before);
}

#[tokio::test]
async fn a_push_that_is_only_planned_asks_adobe_nothing() {
    let world = example().await;
    let planned = world
        .pass(json!({"strategy": "push", "mode": "plan"}))
        .await;
    assert_eq!(planned["counters"]["users_pushed"], world.desired().len());
    assert_eq!(world.adobe.server.log().len(), 0);
    let plan = world.text("latest/plan.txt");
    assert!(
        plan.contains("taken out of the other mapped groups"),
        "{plan}"
    );
}

#[tokio::test]
async fn a_push_into_an_empty_organization_and_lost_answers_come_to_the_same_end() {
    let mut setup = Setup::example();
    setup.adobe.clear();
    let world = World::start(setup.clone()).await;
    assert_eq!(
        world.pass(json!({"strategy": "push"})).await["status"],
        "complete"
    );
    assert_eq!(world.memberships(), world.desired());

    let disturbed = World::start(setup).await;
    lose_answers(&disturbed);
    let answer = disturbed.pass(json!({"strategy": "push"})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(state(&disturbed.adobe), state(&world.adobe));
}

// ----- adobe_only_user_list

const LIST: &str = "config/leavers.csv";

/// Three leavers, one of whom holds a role, and a pass that is told to delete them.
async fn with_leavers() -> (World, Value) {
    let world = example().await;
    for (email, groups) in [
        ("gone.one@rockaway.example", &["Spark", "Staff"][..]),
        ("gone.two@rockaway.example", &[]),
        ("head@rockaway.example", &["_org_admin", "Spark"]),
    ] {
        world.adobe.put(stranger(email, groups));
    }
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "delete"});
    (world, event)
}

#[tokio::test]
async fn a_list_is_dealt_with_without_a_roster_and_spares_admins() {
    let (world, event) = with_leavers().await;
    world.put(
        LIST,
        "type,username,domain\nfederatedID,Gone.One@rockaway.example,\nfederatedID,gone.two@rockaway.example,\n\
         federatedID,head@rockaway.example,\n",
    );
    let others = |world: &World| {
        let mut accounts = world.adobe.users();
        accounts.retain(|account| !account.email.ends_with("@rockaway.example"));
        accounts
    };
    let before = others(&world);
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.clever.server.log().len(), 0, "no roster is read");
    for gone in ["gone.one@rockaway.example", "gone.two@rockaway.example"] {
        assert_eq!(world.adobe.account(Identity::Federated, gone), None);
    }
    let head = world
        .adobe
        .account(Identity::Federated, "head@rockaway.example");
    assert!(head.unwrap().groups.contains("_org_admin"));
    assert_eq!(others(&world), before, "nobody else is touched");
    assert!(problems(&world.json("latest/summary.json")).contains(&"admin-kept".to_owned()));

    let counters = &answer["counters"];
    assert_eq!(counters["directory_users_read"], 0);
    assert_eq!(counters["directory_users_selected"], 0);
    assert_eq!(counters["adobe_users_created"], 0);
    assert_eq!(counters["actions"]["error"], 0);
}

#[tokio::test]
async fn two_of_a_list_are_two_actions() {
    let (world, event) = with_leavers().await;
    world.put(
        LIST,
        "type,username,domain\nfederatedID,gone.one@rockaway.example,\nfederatedID,gone.two@rockaway.example,\n",
    );
    let counters = world.pass(event).await["counters"].clone();
    assert_eq!(counters["adobe_only_users"], 2);
    assert_eq!(
        counters["actions"],
        json!({"total": 2, "success": 2, "error": 0})
    );
}

#[tokio::test]
async fn a_list_with_bad_rows_is_refused_with_all_of_them() {
    let (world, event) = with_leavers().await;
    world.put(
        LIST,
        "type,username,domain\nfederatedID,gone.one@rockaway.example,\nmagicID,gone.two@rockaway.example,\n\
         federatedID,gone,\n",
    );
    let before = state(&world.adobe);
    let failure = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "ConfigInvalid");
    for row in ["leavers.csv:3:", "leavers.csv:4:"] {
        assert!(failure.message.contains(row), "{}", failure.message);
    }
    assert!(!failure.message.contains("gone"), "{}", failure.message);
    assert_eq!(state(&world.adobe), before);
    assert_eq!(world.adobe.server.log().len(), 0);
}

#[tokio::test]
async fn a_list_that_is_not_there_is_named() {
    let (world, event) = with_leavers().await;
    let failure = world.invoke(event, FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "ConfigInvalid");
    assert!(
        failure.message.contains("leavers.csv"),
        "{}",
        failure.message
    );
    assert_eq!(world.json("latest/summary.json")["status"], "failed");
    assert_eq!(world.adobe.server.log().len(), 0);
}

#[tokio::test]
async fn a_list_over_the_limit_is_held() {
    let mut setup = Setup::example();
    setup.options(&[("process_groups", "yes")], "1");
    let world = World::start(setup).await;
    let mut list = "type,username,domain\n".to_owned();
    for email in ["gone.one@rockaway.example", "gone.two@rockaway.example"] {
        world.adobe.put(stranger(email, &["Spark"]));
        list += &format!("federatedID,{email},\n");
    }
    world.put(LIST, list);
    let before = state(&world.adobe);
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "remove"});
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "held");
    assert_eq!(answer["counters"]["adobe_only_users"], 0);
    assert_eq!(state(&world.adobe), before);
    assert_eq!(
        findings(&world.json("latest/summary.json")),
        ["adobe-only-users-over-limit"]
    );
}

// ----- write-file

/// The file, and the keys that should stand in it.
fn written(world: &World, answer: &Value) -> (String, String) {
    let strangers = world
        .adobe
        .users()
        .into_iter()
        .filter(|account| !world.desired().contains_key(&account.email.to_lowercase()));
    let rows: BTreeSet<String> = strangers
        .map(|account| {
            format!(
                "{},{},\n",
                account.identity.as_str(),
                account.email.to_lowercase()
            )
        })
        .collect();
    let wanted = rows
        .into_iter()
        .fold("type,username,domain\n".to_owned(), |all, row| all + &row);
    let key = format!("{}/adobe-only-users.csv", run(answer));
    (world.text(&key), wanted)
}

#[tokio::test]
async fn write_file_lists_who_is_in_adobe_only_in_every_mode() {
    for event in [
        json!({"adobe_only_user_action": "write-file", "mode": "test"}),
        json!({"adobe_only_user_action": "write-file", "mode": "plan"}),
    ] {
        let world = example().await;
        world.adobe.put(stranger("Plain@rockaway.example", &[]));
        let before = state(&world.adobe);
        let answer = world.pass(event).await;
        assert_eq!(answer["status"], "complete");
        let (file, wanted) = written(&world, &answer);
        assert!(wanted.contains("federatedID,plain@rockaway.example,"));
        assert_eq!(file, wanted);
        assert_eq!(state(&world.adobe), before);
    }
}

#[tokio::test]
async fn write_file_lists_those_over_the_limit_and_takes_mapped_groups_below_it() {
    let mut setup = Setup::example();
    setup.options(&[("users", "mapped"), ("process_groups", "yes")], "1");
    let event = json!({"adobe_only_user_action": "write-file"});
    let world = World::start(setup).await;
    let strangers = of_strangers(&world);
    let answer = world.pass(event.clone()).await;
    assert_eq!(answer["status"], "held");
    let (file, wanted) = written(&world, &answer);
    assert!(wanted.lines().count() > 2);
    assert_eq!(file, wanted);
    assert_eq!(of_strangers(&world), strangers);

    let world = example().await;
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    let (file, wanted) = written(&world, &answer);
    assert_eq!(file, wanted);
}

#[tokio::test]
async fn the_file_that_a_pass_writes_is_a_list_that_another_takes() {
    let world = example().await;
    let answer = world
        .pass(json!({"adobe_only_user_action": "write-file", "mode": "plan"}))
        .await;
    let (file, _) = written(&world, &answer);
    let strangers = of_strangers(&world);
    assert!(!strangers.is_empty());
    world.put(LIST, &file);
    let event = json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "remove"});
    let answer = world.pass(event).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(
        answer["counters"]["adobe_only_users"],
        file.lines().count() - 1
    );
    assert!(of_strangers(&world).is_empty());
}

#[tokio::test]
async fn no_other_pass_writes_that_file() {
    let world = example().await;
    for event in [
        json!({"mode": "plan"}),
        json!({"strategy": "push", "adobe_only_user_action": "write-file", "mode": "plan"}),
    ] {
        world.pass(event).await;
    }
    let keys = world.keys();
    assert!(!keys.iter().any(|key| key.ends_with(".csv")), "{keys:?}");
}

// ----- auto_create

/// The mapping names a group that Adobe does not have, and it may be made.
fn mistyped() -> Setup {
    let mut setup = example_with(
        ROOT_FILE,
        "  default_country_code:",
        "  group_sync_options:\n    auto_create: Yes\n",
    );
    let root = setup.files[ROOT_FILE].replace("- \"Photoshop\"", "- \"Photoshopp\"");
    setup.file(ROOT_FILE, root);
    setup
}

/// Who should be in the group that is made.
fn desired_in_the_new_group(world: &World) -> BTreeSet<String> {
    let desired = world.desired().into_iter();
    desired
        .filter(|(_, groups)| groups.contains("photoshop"))
        .map(|(email, _)| email)
        .collect()
}

fn members(world: &World, group: &str) -> BTreeSet<String> {
    let memberships = world.memberships().into_iter();
    memberships
        .filter(|(_, groups)| groups.contains(group))
        .map(|(email, _)| email)
        .collect()
}

#[tokio::test]
async fn a_group_that_adobe_does_not_have_is_made_before_people_join_it() {
    let world = World::start(mistyped()).await;
    let photoshop = members(&world, "photoshop");
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(asked(&world, Endpoint::Groups), 1);
    let made = world.adobe.groups();
    let made = made
        .iter()
        .find(|group| group.name == "Photoshopp")
        .unwrap();
    assert_eq!(made.kind, GroupKind::UserGroup);
    assert_eq!(made.description, "Made by roster-sync");
    assert_eq!(
        members(&world, "photoshopp"),
        desired_in_the_new_group(&world)
    );
    assert_eq!(
        members(&world, "photoshop"),
        photoshop,
        "it is not managed any more"
    );

    let counters = &answer["counters"];
    assert_eq!(counters["adobe_user_groups_created"], 1);
    let summary = world.text("latest/summary.txt");
    assert!(
        summary.contains("Number of Adobe user-groups created: 1\n"),
        "{summary}"
    );
    let lines = world.text(&format!("{}/changes.ndjson", run(&answer)));
    assert_eq!(counters["actions"]["total"], lines.lines().count());
    let plan = world.text(&format!("{}/plan.txt", run(&answer)));
    assert!(plan.contains("New user groups\n  + Photoshopp\n"), "{plan}");

    let sent = action_requests(&world);
    let second = world.pass(json!({})).await;
    assert_eq!(second["counters"]["actions"]["total"], 0);
    assert_eq!(action_requests(&world), sent);
}

#[tokio::test]
async fn a_test_makes_no_group_and_is_no_failure_for_it() {
    let world = World::start(mistyped()).await;
    let before = state(&world.adobe);
    let tested = world.pass(json!({"mode": "test"})).await;
    assert_eq!(tested["status"], "complete");
    assert_eq!(state(&world.adobe), before);
    let notices = world.json("latest/summary.json")["notices"].to_string();
    assert!(notices.contains("makes no user group"), "{notices}");
    let applied = world.pass(json!({})).await;
    assert_eq!(tested["counters"], applied["counters"]);
}

#[tokio::test]
async fn answers_that_are_lost_make_no_difference_to_new_groups() {
    let undisturbed = World::start(mistyped()).await;
    undisturbed.pass(json!({})).await;
    let world = World::start(mistyped()).await;
    lose_answers(&world);
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["counters"]["adobe_user_groups_created"], 1);
    assert_eq!(state(&world.adobe), state(&undisturbed.adobe));
}

#[tokio::test]
async fn a_group_that_adobe_refuses_to_make_is_named() {
    let world = World::start(mistyped()).await;
    world.adobe.server.fault(Box::new(|request: &Request| {
        let body = String::from_utf8_lossy(&request.body);
        let errors = json!([{"index": 0, "step": 0, "requestID": "a1", "user": "Photoshopp",
            "errorCode": "error.group.invalid_name", "message": "no such name"}]);
        let reply = json!({"result": "error", "completed": 0, "notCompleted": 1, "errors": errors});
        body.contains("createUserGroup")
            .then(|| Fault::Reply(Response::json(200, &reply)))
    }));
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "partial");
    assert_eq!(answer["counters"]["adobe_user_groups_created"], 0);
    let summary = world.json("latest/summary.json");
    let problems = summary["problems"].as_array().unwrap();
    let about_groups = problems
        .iter()
        .filter(|problem| problem["name"] == "command-failed" && problem["email"] == Value::Null);
    let messages: Vec<_> = about_groups
        .map(|problem| problem["message"].clone())
        .collect();
    assert_eq!(
        messages,
        ["Adobe refused to make the user group Photoshopp."]
    );
}

// ----- adobe_users

#[tokio::test]
async fn only_mapped_groups_are_read_and_one_that_is_missing_makes_nobody_new_or_gone() {
    let mut setup = Setup::example();
    let root = setup.files[ROOT_FILE].replace("- \"Staff\"", "- \"Stafff\"");
    setup.file(ROOT_FILE, root);
    let world = World::start(setup).await;
    let accounts = |world: &World| -> BTreeSet<String> {
        world
            .adobe
            .users()
            .into_iter()
            .map(|account| account.email)
            .collect()
    };
    let before = accounts(&world);
    let staff = members(&world, "staff");
    let strangers = of_strangers(&world);
    let event = json!({"adobe_users": "mapped", "adobe_only_user_action": "remove"});
    let answer = world.pass(event).await;
    assert_ne!(answer["status"], "failed");
    assert_eq!(asked(&world, Endpoint::Users), 0);
    assert!(asked(&world, Endpoint::UsersOfGroup) > 1);
    assert_eq!(accounts(&world), before, "nobody is new, nobody is gone");
    assert_eq!(members(&world, "staff"), staff);
    let kept: BTreeMap<_, _> = of_strangers(&world);
    assert!(kept.keys().eq(strangers.keys()));
    let told = world.text("latest/summary.txt");
    assert!(told.contains("Stafff"), "{told}");
}

#[tokio::test]
async fn mapped_groups_that_are_all_there_come_to_the_same_end_as_a_full_reading() {
    let whole = example().await;
    whole.pass(json!({})).await;
    let world = example().await;
    let answer = world.pass(json!({"adobe_users": "mapped"})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(asked(&world, Endpoint::Users), 0);
    assert_eq!(world.memberships(), whole.memberships());
}

// ----- login names

/// Everybody signs in under a name that is not the address.
fn with_login_names() -> Setup {
    let mut setup = example_with(
        "connector-oneroster.yml",
        "  # What a directory_group without filters means.",
        "  user_username_format: \"{givenName}.{familyName}\"\n  user_domain_format: login.example\n",
    );
    setup.adobe.clear();
    setup
}

#[tokio::test]
async fn accounts_are_made_under_their_login_names_and_found_again() {
    let world = World::start(with_login_names()).await;
    let answer = world.pass(json!({})).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(world.memberships(), world.desired());
    for account in world.adobe.users() {
        assert!(!account.username.contains('@'), "{}", account.username);
        assert_eq!(account.domain, "login.example");
    }
    let sent = action_requests(&world);
    let second = world.pass(json!({})).await;
    assert_eq!(second["counters"]["actions"]["total"], 0);
    assert_eq!(action_requests(&world), sent);
}

#[tokio::test]
async fn answers_that_are_lost_make_no_difference_to_accounts_with_login_names() {
    let undisturbed = World::start(with_login_names()).await;
    undisturbed.pass(json!({})).await;
    let world = World::start(with_login_names()).await;
    lose_answers(&world);
    assert_eq!(world.pass(json!({})).await["status"], "complete");
    assert_eq!(state(&world.adobe), state(&undisturbed.adobe));
}

#[tokio::test]
async fn an_attribute_that_nobody_has_ends_the_pass_before_adobe_is_read() {
    let setup = example_with(
        "connector-oneroster.yml",
        "  # What a directory_group without filters means.",
        "  user_username_format: \"{shoe_size}\"\n  user_domain_format: \"{hat_size}\"\n",
    );
    let world = World::start(setup).await;
    let failure = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "ConfigInvalid");
    for attribute in ["shoe_size", "hat_size"] {
        assert!(failure.message.contains(attribute), "{}", failure.message);
    }
    assert_eq!(world.adobe.server.log().len(), 0);
}
