//! The directory with what a pass did, by story.

use roster_sync::config::options::AdobeOnlyUserAction;
use roster_sync::model::directory::Directory;
use roster_sync::model::id::{Email, GroupName, IdentityType};
use roster_sync::pass::kept::after;
use roster_sync::reconcile::outcome::{ActionOutcome, CommandError, Outcomes};
use roster_sync::reconcile::plan::Plan;

use crate::core_rules::world::World;

const ART: &str = "classes::Art::students";

fn art(students: &[&str]) -> World {
    World::new()
        .students(students)
        .class("Art", students, &[])
        .map(ART, &["Spark"])
}

/// With the outcomes of the changes whose addresses are among these.
fn done(world: &World, addresses: &[&str]) -> Directory {
    let plan = world.plan();
    let mut outcomes = Outcomes::nothing_sent(&plan);
    for (change, outcome) in plan.changes.iter().zip(&mut outcomes.changes) {
        if addresses.contains(&change.address.user.as_str()) {
            *outcome = Some(ActionOutcome::Done);
        }
    }
    after(world.directory(), &plan, &outcomes)
}

fn told(directory: &Directory) -> Vec<String> {
    let users = directory.users.iter().map(|user| {
        let groups: Vec<&str> = user.groups.iter().map(GroupName::as_str).collect();
        let (kind, email) = (user.identity_type, user.email.as_str());
        let login = user.username.as_deref().unwrap_or("-");
        let names = [&user.first_name, &user.last_name].map(|name| name.as_deref().unwrap_or("-"));
        format!("{kind} {email} {login} {names:?} {groups:?}")
    });
    users.collect()
}

#[test]
fn who_was_created_has_an_account_with_its_groups_and_names() {
    let left = done(&art(&["ann", "ben"]), &["ann@x.test"]);
    assert_eq!(
        told(&left),
        [r#"federatedID ann@x.test ann@x.test ["First ann", "Last ann"] ["Spark"]"#]
    );
}

#[test]
fn an_account_that_is_addressed_by_login_name_gets_what_was_meant_for_it() {
    let world = art(&["ann"])
        .format(|formats| {
            formats.username = Some(roster_sync::config::format::Format::attribute("login"));
        })
        .tell("ann", "login", "a1")
        .account("ann", &["Chess"])
        .which(|account| {
            account.username = Some("A1".to_owned());
            account.email = Email::new("");
        });
    assert_eq!(
        told(&done(&world, &["A1"])),
        [r#"federatedID  A1 ["First ann", "Last ann"] ["Chess", "Spark"]"#]
    );
}

#[test]
fn a_new_address_and_a_new_name_are_the_accounts_own() {
    let world = art(&["ann"])
        .with(|options| options.update_user_info = true)
        .account("ann", &["Spark"])
        .which(|account| {
            account.email = Email::new("old@x.test");
            account.first_name = None;
        });
    assert_eq!(
        told(&done(&world, &["old@x.test"])),
        [r#"federatedID ann@x.test ann@x.test ["First ann", "Last ann"] ["Spark"]"#]
    );
}

#[test]
fn who_left_the_organization_is_gone_and_who_left_all_groups_has_none() {
    let gone = art(&["ann"])
        .account("ann", &["Spark"])
        .account("zoe", &["Chess"]);
    let ann = r#"federatedID ann@x.test ann@x.test ["First ann", "Last ann"] ["Spark"]"#;
    let removed = gone.action(AdobeOnlyUserAction::Remove);
    assert_eq!(told(&done(&removed, &["zoe@x.test"])), [ann]);
    let bare = removed.action(AdobeOnlyUserAction::RemoveAdobeGroups);
    let zoe = r#"federatedID zoe@x.test zoe@x.test ["First zoe", "Last zoe"] []"#;
    assert_eq!(told(&done(&bare, &["zoe@x.test"])), [ann, zoe]);
}

#[test]
fn what_adobe_refused_in_part_stands_as_it_was_read() {
    let world = art(&["ann"]).account("ann", &["Chess"]);
    let plan = world.plan();
    let refused = CommandError {
        command: Some(0),
        code: "error.group.not_found".to_owned(),
        message: "no such group".to_owned(),
    };
    let outcomes = Outcomes {
        groups: Vec::new(),
        changes: vec![Some(ActionOutcome::Failed(vec![refused]))],
    };
    let left = after(world.directory(), &plan, &outcomes);
    assert_eq!(left.users, world.directory().users);
}

#[test]
fn an_adobe_id_of_the_same_address_is_another_account() {
    let world = art(&["ann"])
        .account("ann", &[])
        .account("ann", &["Chess"])
        .which(|account| account.identity_type = IdentityType::Adobe);
    let left = done(&world, &["ann@x.test"]);
    assert_eq!(
        told(&left),
        [
            r#"adobeID ann@x.test ann@x.test ["First ann", "Last ann"] ["Chess"]"#,
            r#"federatedID ann@x.test ann@x.test ["First ann", "Last ann"] ["Spark"]"#,
        ]
    );
}

/// Two rows with one address: the change belongs to the one that looks as the plan saw it.
#[test]
fn of_two_accounts_with_one_address_each_gets_its_own_change() {
    let world = art(&["ann"])
        .account("ann", &["Spark"])
        .account("zoe", &["Spark"])
        .which(|account| account.username = Some("zoe1".to_owned()))
        .account("zoe", &["Spark", "Chess"])
        .which(|account| account.username = Some("zoe2".to_owned()));
    let plan = world.plan();
    let of_zoe: Vec<_> = plan
        .changes
        .iter()
        .filter(|change| change.address.user.as_str() == "zoe@x.test")
        .collect();
    assert_eq!(of_zoe.len(), 2, "both lose Spark");
    let one = Plan {
        changes: vec![
            (*of_zoe
                .iter()
                .find(|change| change.groups_before.len() == 2)
                .unwrap())
            .clone(),
        ],
        ..Plan::default()
    };
    let outcomes = Outcomes {
        groups: Vec::new(),
        changes: vec![Some(ActionOutcome::Done)],
    };
    let left = told(&after(world.directory(), &one, &outcomes));
    assert!(
        left[1].contains(r#"zoe1 ["First zoe", "Last zoe"] ["Spark"]"#),
        "{left:?}"
    );
    assert!(
        left[2].contains(r#"zoe2 ["First zoe", "Last zoe"] ["Chess"]"#),
        "{left:?}"
    );
}

#[test]
fn a_directory_that_is_not_the_one_of_the_plan_stays_as_it_is() {
    let world = art(&["ann"]).account("ann", &["Chess"]);
    let plan = world.plan();
    let outcomes = Outcomes {
        groups: Vec::new(),
        changes: vec![Some(ActionOutcome::Done)],
    };
    let other = art(&["ann"]).account("ann", &["Express"]).directory();
    let left = after(other.clone(), &plan, &outcomes);
    assert_eq!(left.users, other.users);
}
