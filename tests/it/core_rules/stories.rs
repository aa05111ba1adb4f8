//! What happens to people when something changes.

use roster_sync::config::options::{AdobeOnlyUserAction, Users};
use roster_sync::model::id::{Email, GroupName, IdentityType};
use roster_sync::model::roster::Role;
use roster_sync::reconcile::action::{Action, Batch, Command};
use roster_sync::reconcile::counters::{Actions, counters};
use roster_sync::reconcile::outcome::{ActionOutcome, CommandError, Outcomes};
use roster_sync::reconcile::pack::pack;

use super::render;
use super::world::World;

/// Art and Music, each with a group of its own and one they share.
fn school() -> World {
    World::new()
        .map("classes::Art::students", &["Art Tools", "Spark"])
        .map("classes::Music::students", &["Music Tools", "Spark"])
        .map("classes::Art::teachers", &["Staff"])
        .class("Art", &["ana"], &["tea"])
        .class("Music", &["bo"], &[])
        .students(&["ana", "bo"])
        .person("tea", Role::Teacher)
}

#[test]
fn a_pupil_moves_from_music_to_art() {
    let world = school()
        .account("ana", &["music tools", "Spark", "Chess Club"])
        .account("bo", &["Music Tools", "Spark"])
        .account("tea", &["Staff"]);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: remove music tools; add Art Tools (classes::Art::students)
    3/3/3/0/2/0/1/0
    ");
}

#[test]
fn a_teacher_leaves() {
    let mut world = school().account("tea", &["Staff", "Manual"]);
    world.parts.classes[0].members.pop();
    world.parts.people.pop();
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Art Tools (classes::Art::students), Spark (classes::Art::students)
    + bo@x.test: create federatedID US [First bo, Last bo]; add Music Tools (classes::Music::students), Spark (classes::Music::students)
    - tea@x.test: remove Staff
    2/2/1/0/0/2/0/1
    ");
}

#[test]
fn additions_go_first_and_adobe_only_people_last() {
    let world = school()
        .account("aaa", &["Spark"])
        .account("ana", &["Art Tools", "Spark", "Music Tools"])
        .account("bo", &["Spark"]);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ bo@x.test: add Music Tools (classes::Music::students)
    + tea@x.test: create federatedID US [First tea, Last tea]; add Staff (classes::Art::teachers)
    ~ ana@x.test: remove Music Tools
    - aaa@x.test: remove Spark
    3/3/3/0/0/1/2/1
    ");
}

#[test]
fn an_account_is_found_by_its_address_where_the_login_name_differs() {
    let world = school()
        .account("bo", &["Spark"])
        .which(|account| account.username = Some("B.Olsen@x.test".to_owned()))
        .account("ana", &[])
        .which(|account| account.username = Some("ana77".to_owned()))
        .with(|options| options.update_user_info = true);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: add Art Tools (classes::Art::students), Spark (classes::Art::students)
    ~ bo@x.test: add Music Tools (classes::Music::students)
    + tea@x.test: create federatedID US [First tea, Last tea] or update; add Staff (classes::Art::teachers)
    3/3/2/0/0/1/2/0
    ");
}

#[test]
fn an_account_without_an_address_is_named_by_login_name_and_domain() {
    let world = school()
        .account("old", &["Spark"])
        .which(|account| {
            account.email = Email::new("");
            account.username = Some("old77".to_owned());
        })
        .account("older", &["Spark"])
        .which(|account| account.email = Email::new(""));
    insta::assert_snapshot!(render::changes(&world.checked()), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Art Tools (classes::Art::students), Spark (classes::Art::students)
    + bo@x.test: create federatedID US [First bo, Last bo]; add Music Tools (classes::Music::students), Spark (classes::Music::students)
    + tea@x.test: create federatedID US [First tea, Last tea]; add Staff (classes::Art::teachers)
    - old77 in x.test: remove Spark
    - older@x.test: remove Spark
    ");
}

#[test]
fn the_second_account_with_somebodys_address_is_left_alone() {
    let world = school()
        .account("ana", &["Art Tools", "Spark"])
        .account("ana", &["Music Tools"])
        .which(|account| account.username = Some("other@x.test".to_owned()));
    let text = render::pass(&world);
    assert!(!text.contains("Music Tools\n"), "{text}");
    assert!(!text.contains("ana@x.test"), "{text}");
}

#[test]
fn an_admin_is_kept_whatever_the_action_says() {
    for action in [
        AdobeOnlyUserAction::RemoveAdobeGroups,
        AdobeOnlyUserAction::Remove,
        AdobeOnlyUserAction::Delete,
    ] {
        let world = World::new()
            .map("classes::Art::students", &["Spark", "_admin_Spark"])
            .class("Art", &[], &[])
            .account("boss", &["_org_admin", "Spark", "_admin_spark", "Manual"])
            .action(action);
        assert_eq!(
            render::pass(&world),
            "- boss@x.test: remove Spark\nproblem admin-kept boss@x.test\n0/0/1/0/0/0/0/0\n",
            "nobody is counted as deleted who was not"
        );
    }
}

#[test]
fn a_role_of_the_mapping_is_given_and_never_taken() {
    let world = World::new()
        .map("classes::Art::teachers", &["_admin_Spark"])
        .class("Art", &[], &["tea"])
        .person("tea", Role::Teacher)
        .person("ex", Role::Teacher)
        .account("tea", &[])
        .account("ex", &["_admin_Spark"])
        .account("gone", &["_admin_Spark"])
        .with(|options| options.users = Users::All);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ tea@x.test: add _admin_Spark (classes::Art::teachers)
    problem admin-kept ex@x.test
    problem admin-kept gone@x.test
    2/2/3/0/1/0/1/1
    ");
}

#[test]
fn an_admin_without_a_mapped_role_is_nothing_to_report_under_preserve() {
    let world = World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &[], &[])
        .account("boss", &["_org_admin", "Spark"]);
    insta::assert_snapshot!(render::pass(&world), @"
    - boss@x.test: remove Spark
    0/0/1/0/0/0/0/1
    ");
}

/// What each batch does, by address.
fn addresses(batches: &[Batch]) -> Vec<Vec<String>> {
    let one = |action: &Action| {
        let address = action.target.address().unwrap();
        format!("{} {}", action.request_id, address.user.as_str())
    };
    batches
        .iter()
        .map(|batch| batch.actions().iter().map(one).collect())
        .collect()
}

#[test]
fn one_address_is_never_twice_in_a_batch() {
    let world = school()
        .account("ana", &["Spark"])
        .which(|account| account.identity_type = IdentityType::Adobe)
        .account("zed", &["Spark"]);
    insta::assert_debug_snapshot!(addresses(&pack(&world.checked().plan)), @r#"
    [
        [
            "a1 ana@x.test",
            "a2 bo@x.test",
            "a3 tea@x.test",
            "a4 zed@x.test",
        ],
        [
            "a5 ana@x.test",
        ],
    ]
    "#);
}

#[test]
fn more_than_ten_commands_become_several_actions_in_later_batches() {
    let groups: Vec<String> = (0..205).map(|n| format!("Group {n:03}")).collect();
    let names: Vec<&str> = groups.iter().map(String::as_str).collect();
    let world = World::new()
        .map("classes::Art::students", &names)
        .map("classes::Music::students", &["Spark"])
        .class("Art", &["ana"], &[])
        .class("Music", &["bo"], &[])
        .students(&["ana", "bo"])
        .account("ana", &["Spark"])
        .which(|account| account.email = Email::new("old@x.test"))
        .with(|options| options.update_user_info = true);
    let batches = pack(&world.checked().plan);
    // The first action changes the address, so the others use the new one.
    insta::assert_debug_snapshot!(addresses(&batches), @r#"
    [
        [
            "a1 bo@x.test",
            "a2 old@x.test",
        ],
        [
            "a3 ana@x.test",
        ],
        [
            "a4 ana@x.test",
        ],
    ]
    "#);
    let commands = |batch: usize, action: usize| &batches[batch].actions()[action].commands;
    assert_eq!(commands(0, 1).len(), 10);
    assert!(matches!(commands(0, 1)[0], Command::Remove(_)));
    // Once the old address finds nobody, the action is done.
    assert!(matches!(commands(0, 1)[9], Command::Update(_)));
    // Whoever waits keeps the order.
    let added: Vec<GroupName> = (0..3)
        .flat_map(|batch| batches[batch].actions().last().unwrap().commands.clone())
        .filter_map(|command| match command {
            Command::Add(groups) => Some(groups),
            _ => None,
        })
        .flatten()
        .collect();
    let names: Vec<GroupName> = names.into_iter().map(GroupName::new).collect();
    assert_eq!(added, names);
}

#[test]
fn counters_count_what_was_done() {
    let world = school()
        .account("bo", &["Spark"])
        .account("zed", &["Spark"]);
    let checked = world.checked();
    assert_eq!(checked.plan.changes.len(), 4);
    let refused = ActionOutcome::Failed(vec![CommandError {
        command: Some(0),
        code: "error.user.nonexistent".to_owned(),
        message: String::new(),
    }]);
    let outcomes = Outcomes {
        groups: Vec::new(),
        changes: vec![
            Some(ActionOutcome::Done),
            Some(refused),
            Some(ActionOutcome::Done),
            None,
        ],
    };
    let counted = counters(&checked, &outcomes);
    assert_eq!(render::counters(&counted), "3/3/2/0/2/2/0/0");
    let actions = Actions {
        total: 3,
        success: 2,
        error: 1,
    };
    assert_eq!(counted.actions, actions);
}

#[test]
fn an_address_in_somebody_elses_account_is_not_created_there() {
    let text = render::pass(
        &World::new()
            .map("classes::Art::students", &["Art"])
            .class("Art", &["ana", "bo"], &[])
            .students(&["ana", "bo"])
            .account("ana", &["Art"])
            .which(|account| {
                account.username = Some("ana@x.test".to_owned());
                account.email = Email::new("bo@x.test");
            }),
    );
    insta::assert_snapshot!(text, @"
    found person-unusable (0)
    problem address-taken bo@x.test
    2/2/1/0/1/0/0/0
    ");
}
