//! What UST did in one small world, option by option with our differences.

use roster_sync::config::Limit;
use roster_sync::config::options::{AdobeOnlyUserAction, Users};
use roster_sync::model::roster::Role;
use roster_sync::reconcile::pack::pack;

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
}

#[test]
fn base_world() {
    insta::assert_snapshot!(render::pass(&base()), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; add All Apps (sections::B::students)
    - stray@x.test: remove Spark
    3/3/4/0/1/1/1/2
    ");
}

#[test]
fn no_process_groups() {
    let world = base().with(|options| options.process_groups = false);
    insta::assert_snapshot!(render::pass(&world), @"
    + u3@x.test: create federatedID US [First u3, Last u3]
    3/3/4/0/4/1/0/-
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
    5/5/4/0/1/3/1/2
    ");
}

#[test]
fn exclude() {
    let world = base().action(AdobeOnlyUserAction::Exclude);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    + u3@x.test: create federatedID US [First u3, Last u3]; add All Apps (sections::B::students)
    3/3/4/2/1/1/1/-
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
    3/3/4/0/1/1/1/2
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
    3/3/4/0/1/1/1/2
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
    3/3/4/0/2/1/0/2
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
    3/3/4/0/3/1/1/0
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
    2/2/4/0/1/0/1/2
    ");
}

#[test]
fn no_default_country() {
    let world = base().set(|config| config.default_country = None);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ u2@x.test: remove All Apps; add Spark (sections::A::students)
    - stray@x.test: remove Spark
    problem country-missing u3@x.test
    3/3/4/0/1/0/1/2
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
