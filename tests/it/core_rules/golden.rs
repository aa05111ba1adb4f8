//! What UST did in one small world, option by option with our differences (the golden scenarios of the primary
//! organization).

use roster_sync::config::Limit;
use roster_sync::config::options::{AdobeOnlyUserAction, Mode, Strategy, Users};
use roster_sync::model::id::{Email, IdentityType, UserKey};
use roster_sync::model::roster::Role;
use roster_sync::reconcile::counters::{Actions, counters};
use roster_sync::reconcile::desired::Desired;
use roster_sync::reconcile::guard::{Checked, check};
use roster_sync::reconcile::outcome::{ActionOutcome, CommandError, Outcomes};
use roster_sync::reconcile::pack::pack;
use roster_sync::reconcile::plan::plan_listed;

use super::render;
use super::world::World;

fn base() -> World {
    World::new()
        .map("sections::A::students", &["Spark"])
        .map("sections::B::students", &["All Apps"])
        .class("A", &["u1", "u2"], &[])
        .class("B", &["u3"], &[])
        .students(&["u1", "u2", "u3", "u4"])
        .person("u9", Role::Teacher)
        .account("u1", &["Spark"])
        .account("u2", &["All Apps", "Manual"])
        .account("stray", &["Spark", "Manual"])
        .account("plain", &["Manual"])
        .account("adm", &["Manual"])
        .which(|account| account.identity_type = IdentityType::Adobe)
        .set(|config| {
            config.exclusions.identity_types.insert(IdentityType::Adobe);
        })
}

#[test]
fn base_world() {
    insta::assert_snapshot!(render::pass(&base()), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; add All Apps (sections::B::students)
    - stray@x.test: remove Spark
    3/3/5/1/1/1/1/2
    ");
}

/// `(total, success, error)` where everything is done but what has one of these addresses.
fn actions(checked: &Checked, refused: &[&str]) -> Actions {
    let outcome = |email: &Email| {
        if refused.contains(&email.as_str()) {
            ActionOutcome::Failed(vec![CommandError {
                command: Some(0),
                code: "error.user.nonexistent".to_owned(),
                message: String::new(),
            }])
        } else {
            ActionOutcome::Done
        }
    };
    let changes = checked.plan.changes.iter();
    let outcomes = Outcomes {
        groups: Vec::new(),
        changes: changes.map(|change| Some(outcome(&change.email))).collect(),
    };
    counters(checked, &outcomes).actions
}

fn sent(total: usize, success: usize, error: usize) -> Actions {
    Actions {
        total,
        success,
        error,
    }
}

#[test]
fn test_mode_plans_the_same() {
    let world = base().with(|options| options.mode = Mode::Test);
    assert_eq!(render::pass(&world), render::pass(&base()));
}

#[test]
fn every_action_is_counted_once() {
    let with = |change: fn(World) -> World| actions(&change(base()).checked(), &[]);
    assert_eq!(with(|world| world), sent(3, 3, 0));
    assert_eq!(
        with(|world| world.with(|options| options.process_groups = false)),
        sent(1, 1, 0)
    );
    assert_eq!(
        with(|world| world.with(|options| options.users = Users::All)),
        sent(5, 5, 0)
    );
    assert_eq!(
        with(|world| world.action(AdobeOnlyUserAction::Exclude)),
        sent(2, 2, 0)
    );
    assert_eq!(
        with(|world| world.action(AdobeOnlyUserAction::Remove)),
        sent(4, 4, 0)
    );
    assert_eq!(
        with(|world| {
            let world = world.action(AdobeOnlyUserAction::Remove);
            world.limit(Limit::Count(1))
        }),
        sent(2, 2, 0)
    );
}

#[test]
fn an_error_on_u3_is_one_error_however_many_commands_fail() {
    assert_eq!(actions(&base().checked(), &["u3@x.test"]), sent(3, 2, 1));
}

#[test]
fn write_file() {
    let world = base().action(AdobeOnlyUserAction::WriteFile);
    assert_eq!(render::pass(&world), render::pass(&base()));
    let listed = |world: &World| -> Vec<String> {
        let keys = world.checked().plan.adobe_only.into_iter();
        keys.map(|key| key.username).collect()
    };
    assert_eq!(listed(&world), ["plain@x.test", "stray@x.test"]);
    // Over the limit, too.
    let world = world.limit(Limit::Count(1));
    assert_eq!(listed(&world), ["plain@x.test", "stray@x.test"]);
    assert!(listed(&base().action(AdobeOnlyUserAction::Exclude)).is_empty());
}

#[test]
fn write_file_without_groups() {
    let world = base()
        .action(AdobeOnlyUserAction::WriteFile)
        .with(|options| options.process_groups = false);
    insta::assert_snapshot!(render::pass(&world), @"
    + u3@x.test: create federatedID US [First u3, Last u3]
    3/3/5/1/4/1/0/0
    ");
    assert_eq!(world.plan().adobe_only.len(), 2);
}

/// `delete` for two accounts of a list.
fn listed(limit: Limit) -> Checked {
    let world = base().action(AdobeOnlyUserAction::Delete).limit(limit);
    let list = ["stray@x.test", "plain@x.test"]
        .map(|email| UserKey::of_email(IdentityType::Federated, &Email::new(email)));
    let plan = plan_listed(
        &list,
        &world.directory(),
        &world.config,
        &world.options,
        &world.known,
    );
    let nobody = Desired::default();
    check(plan, &nobody, &world.config, &world.options, world.past())
}

#[test]
fn user_list_and_delete() {
    let checked = listed(Limit::Count(200));
    insta::assert_snapshot!(render::whole(&checked), @"
    - plain@x.test: delete
    - stray@x.test: delete
    0/0/0/0/0/0/0/2
    ");
    assert_eq!(actions(&checked, &[]), sent(2, 2, 0));
}

#[test]
fn user_list_and_a_percentage() {
    let checked = listed(Limit::Percent(50));
    insta::assert_snapshot!(render::whole(&checked), @"
    held plain@x.test: delete (adobe-only-users-over-limit)
    held stray@x.test: delete (adobe-only-users-over-limit)
    found adobe-only-users-over-limit (2)
    0/0/0/0/0/0/0/0
    ");
    assert_eq!(actions(&checked, &[]), sent(0, 0, 0));
}

#[test]
fn push() {
    let world = base().with(|options| options.strategy = Strategy::Push);
    insta::assert_snapshot!(render::pass(&world), @"
    + u1@x.test: create federatedID US [First u1, Last u1]; remove All Apps; add Spark (sections::A::students)
    + u2@x.test: create federatedID US [First u2, Last u2]; remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; remove Spark; add All Apps (sections::B::students)
    3/3/pushed 3
    ");
    assert_eq!(actions(&world.checked(), &[]), sent(3, 3, 0));
}

#[test]
fn no_process_groups() {
    let world = base().with(|options| options.process_groups = false);
    insta::assert_snapshot!(render::pass(&world), @"
    + u3@x.test: create federatedID US [First u3, Last u3]
    3/3/5/1/4/1/0/-
    ");
}

#[test]
fn users_all() {
    let world = base().with(|options| options.users = Users::All);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; add All Apps (sections::B::students)
    + u4@x.test: create federatedID US [First u4, Last u4]
    + u9@x.test: create federatedID US [First u9, Last u9]
    - stray@x.test: remove Spark
    5/5/5/1/1/3/1/2
    ");
}

#[test]
fn exclude() {
    let world = base().action(AdobeOnlyUserAction::Exclude);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; add All Apps (sections::B::students)
    3/3/5/3/1/1/1/-
    ");
}

#[test]
fn remove() {
    let world = base().action(AdobeOnlyUserAction::Remove);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; add All Apps (sections::B::students)
    - plain@x.test: remove from org
    - stray@x.test: remove from org
    3/3/5/1/1/1/1/2
    ");
}

#[test]
fn delete() {
    let world = base().action(AdobeOnlyUserAction::Delete);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; add All Apps (sections::B::students)
    - plain@x.test: delete
    - stray@x.test: delete
    3/3/5/1/1/1/1/2
    ");
}

#[test]
fn remove_without_groups() {
    let world = base()
        .action(AdobeOnlyUserAction::Remove)
        .with(|options| options.process_groups = false);
    insta::assert_snapshot!(render::pass(&world), @"
    + u3@x.test: create federatedID US [First u3, Last u3]
    - plain@x.test: remove from org
    - stray@x.test: remove from org
    3/3/5/1/2/1/0/2
    ");
}

#[test]
fn remove_over_the_limit() {
    let world = base()
        .action(AdobeOnlyUserAction::Remove)
        .limit(Limit::Count(1));
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; add All Apps (sections::B::students)
    held plain@x.test: remove from org (adobe-only-users-over-limit)
    held stray@x.test: remove from org (adobe-only-users-over-limit)
    found adobe-only-users-over-limit (2)
    3/3/5/1/3/1/1/0
    ");
}

#[test]
fn a_percentage_is_rounded_down() {
    let world = |percent| {
        base()
            .action(AdobeOnlyUserAction::Remove)
            .limit(Limit::Percent(percent))
    };
    assert!(world(50).checked().findings.is_empty());
    let refused = world(49).checked();
    assert_eq!(refused.adobe_only_processed, 0);
    let finding = &refused.findings[0];
    insta::assert_snapshot!(format!("{}\n{}", finding.message, finding.next_step), @"
    2 accounts are in Adobe and not among the selected people of the roster; limits.max_adobe_only_users allows 1 (49% of 4 accounts). Nothing was done to them.
    Look at the plan: if these people should be dealt with, raise limits.max_adobe_only_users in user-sync-config.yml to at least 50%; if not, something is missing in the roster or the mapping.
    ");
}

#[test]
fn two_roster_ids_with_one_address() {
    let world = base().but("u3", |person| person.email = Some(" U2@X.test ".to_owned()));
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: add Spark (sections::A::students)
    - stray@x.test: remove Spark
    problem email-shared u2@x.test u2
    2/2/5/1/1/0/1/2
    ");
}

// UST counts u3 as new although nothing is sent; we count what is sent.
#[test]
fn no_default_country() {
    let world = base().set(|config| config.default_country = None);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    - stray@x.test: remove Spark
    problem country-missing u3@x.test
    3/3/5/1/1/0/1/2
    ");
}

#[test]
fn twenty_five_groups_ride_in_one_action() {
    let groups: Vec<String> = (1..=25).map(|n| format!("Group {n:02}")).collect();
    let names: Vec<&str> = groups.iter().map(String::as_str).collect();
    let world = World::new()
        .map("sections::A::students", &names)
        .class("A", &["u1"], &[])
        .students(&["u1"]);
    let batches = pack(&world.checked().plan);
    assert_eq!(batches.len(), 1);
    let commands = &batches[0].actions()[0].commands;
    let sizes: Vec<usize> = commands
        .iter()
        .map(|command| match command {
            roster_sync::reconcile::action::Command::Add(groups) => groups.len(),
            _ => 0,
        })
        .collect();
    assert_eq!(sizes, [0, 10, 10, 5]);
}
