//! What UST decides for one account, row by row, and where we differ.

use roster_sync::config::Limit;
use roster_sync::config::options::{AdobeOnlyUserAction, Users};
use roster_sync::model::id::{GroupName, IdentityType};

use super::render;
use super::world::World;

/// One pupil in a class that feeds Spark.
fn one() -> World {
    World::new()
        .map("sections::A::students", &["Spark"])
        .class("A", &["u1"], &[])
        .students(&["u1"])
}

/// Nobody in the roster's class, one account in Adobe.
fn stray(groups: &[&str]) -> World {
    World::new()
        .map("sections::A::students", &["Spark"])
        .class("A", &[], &[])
        .account("s", groups)
}

fn check(world: &World, expected: &str) {
    assert_eq!(render::pass(world).trim_end(), expected);
}

#[test]
fn row_1_created_with_groups() {
    check(
        &one(),
        "+ u1@x.test: create federatedID US [First u1, Last u1]; add Spark (sections::A::students)\n1/1/0/0/0/1/0/0",
    );
    check(
        &one().with(|options| options.update_user_info = true),
        "+ u1@x.test: create federatedID US [First u1, Last u1] or update; add Spark (sections::A::students)\n\
         1/1/0/0/0/1/0/0",
    );
    check(
        &one().with(|options| options.process_groups = false),
        "+ u1@x.test: create federatedID US [First u1, Last u1]\n1/1/0/0/0/1/0/-",
    );
}

#[test]
fn row_2_no_country_is_not_created_and_not_counted() {
    for identity_type in [IdentityType::Federated, IdentityType::Adobe] {
        let world = one().set(|config| {
            config.default_country = None;
            config.identity_type = identity_type;
        });
        check(&world, "problem country-missing u1@x.test\n1/1/0/0/0/0/0/0");
    }
}

#[test]
fn row_3_enterprise_without_country_is_undefined() {
    let world = one().set(|config| {
        config.default_country = None;
        config.identity_type = IdentityType::Enterprise;
    });
    check(
        &world,
        "+ u1@x.test: create enterpriseID UD [First u1, Last u1]; add Spark (sections::A::students)\n1/1/0/0/0/1/0/0",
    );
}

#[test]
fn row_4_nothing_differs() {
    let world = one()
        .account("U1", &["SPARK", "Manual"])
        .which(|account| {
            account.first_name = Some("First u1".to_owned());
            account.last_name = Some("Last u1".to_owned());
        })
        .with(|options| options.update_user_info = true);
    check(&world, "1/1/1/0/1/0/0/0");
}

#[test]
fn row_5_names_differ() {
    let world = one().account("u1", &["Spark"]).which(|account| {
        account.first_name = Some("first u1".to_owned());
        account.last_name = None;
    });
    check(&world, "1/1/1/0/1/0/0/0");
    let world = world.with(|options| options.update_user_info = true);
    check(
        &world,
        "~ u1@x.test: set first First u1; set last Last u1\n1/1/1/0/0/0/1/0",
    );
}

#[test]
fn row_5_what_the_roster_does_not_say_stays() {
    let world = one()
        .account("u1", &["Spark"])
        .but("u1", |person| {
            person.given_name = Some(" ".to_owned());
            person.family_name = None;
        })
        .with(|options| options.update_user_info = true);
    check(&world, "1/1/1/0/1/0/0/0");
}

#[test]
fn row_5_an_adobe_id_belongs_to_the_person() {
    let world = one()
        .set(|config| config.identity_type = IdentityType::Adobe)
        .account("u1", &["Spark"])
        .which(|account| {
            account.identity_type = IdentityType::Adobe;
            account.first_name = None;
        })
        .with(|options| options.update_user_info = true);
    check(&world, "1/1/1/0/1/0/0/0");
}

#[test]
fn row_5_a_new_address_for_the_same_login_name() {
    let world = one()
        .account("u1", &["Spark"])
        .which(|account| account.email = roster_sync::model::id::Email::new("old@x.test"))
        .with(|options| options.update_user_info = true);
    check(
        &world,
        "~ old@x.test: set email u1@x.test; set username u1@x.test\n1/1/1/0/0/0/1/0",
    );
}

#[test]
fn row_6_groups_move() {
    let world = one()
        .map("sections::B::students", &["All Apps"])
        .class("B", &[], &[])
        .account("u1", &["all apps", "Manual"]);
    check(
        &world,
        "~ u1@x.test: remove all apps; add Spark (sections::A::students)\n1/1/1/0/0/0/1/0",
    );
    let world = world.with(|options| options.process_groups = false);
    check(&world, "1/1/1/0/1/0/0/-");
}

#[test]
fn row_7_in_the_roster_without_a_mapped_group() {
    let world = stray(&["Spark", "Manual"])
        .students(&["s"])
        .with(|options| options.users = Users::All);
    check(&world, "~ s@x.test: remove Spark\n1/1/1/0/0/0/1/0");
}

#[test]
fn rows_8_and_9_excluded() {
    let excludes = |world: World| {
        world.set(|config| {
            let group = GroupName::new("Hand Managed");
            config.exclusions.groups.insert(group);
        })
    };
    let world = one().account("u1", &["hand managed", "Other"]);
    check(&excludes(world), "1/1/1/1/0/0/0/0");
    let world = stray(&["Spark", "Hand Managed"]).action(AdobeOnlyUserAction::Delete);
    check(&excludes(world), "0/0/1/1/0/0/0/0");
}

#[test]
fn row_10_exclude() {
    let world = stray(&["Spark"]).action(AdobeOnlyUserAction::Exclude);
    check(&world, "0/0/1/1/0/0/0/-");
}

#[test]
fn rows_11_to_13_preserve() {
    check(
        &stray(&["Spark", "Manual"]),
        "- s@x.test: remove Spark\n0/0/1/0/0/0/0/1",
    );
    check(&stray(&["Manual"]), "0/0/1/0/0/0/0/1");
    let world = stray(&["Spark"]).with(|options| options.process_groups = false);
    check(&world, "0/0/1/0/1/0/0/-");
}

#[test]
fn row_14_write_file_without_groups_only_lists() {
    let world = stray(&["Spark"])
        .action(AdobeOnlyUserAction::WriteFile)
        .with(|options| options.process_groups = false);
    check(&world, "0/0/1/0/1/0/0/0");
    assert_eq!(world.plan().adobe_only.len(), 1);
    let world = world.with(|options| options.process_groups = true);
    check(&world, "- s@x.test: remove Spark\n0/0/1/0/0/0/0/1");
}

#[test]
fn row_15_remove_adobe_groups_from_those_who_have_any() {
    let world = |groups: &[&str]| stray(groups).action(AdobeOnlyUserAction::RemoveAdobeGroups);
    check(
        &world(&["Manual"]),
        "- s@x.test: remove all groups\n0/0/1/0/0/0/0/1",
    );
    check(&world(&[]), "0/0/1/0/0/0/0/1");
    let world = world(&["Manual"]).with(|options| options.process_groups = false);
    check(&world, "- s@x.test: remove all groups\n0/0/1/0/0/0/0/1");
}

#[test]
fn rows_16_and_17_remove_and_delete() {
    let world = |action| stray(&[]).action(action);
    check(
        &world(AdobeOnlyUserAction::Remove),
        "- s@x.test: remove from org\n0/0/1/0/0/0/0/1",
    );
    check(
        &world(AdobeOnlyUserAction::Delete),
        "- s@x.test: delete\n0/0/1/0/0/0/0/1",
    );
}

#[test]
fn row_18_over_the_limit() {
    let world = stray(&["Spark"]).limit(Limit::Count(0));
    check(
        &world,
        "held s@x.test: remove Spark (adobe-only-users-over-limit)\nfound adobe-only-users-over-limit (1)\n\
         0/0/1/0/1/0/0/0",
    );
}

#[test]
fn rows_19_and_20_read_and_not_selected() {
    let world = one()
        .map("sections::B::students", &["All Apps"])
        .class("B", &["u2", "u3"], &[])
        .students(&["u2", "u3"])
        .account("u2", &["All Apps"])
        .with(|options| {
            options.users = Users::Groups(["sections::A::students".to_owned()].into());
        });
    check(
        &world,
        "+ u1@x.test: create federatedID US [First u1, Last u1]; add Spark (sections::A::students)\n\
         - u2@x.test: remove All Apps\n3/1/1/0/0/1/0/1",
    );
}

#[test]
fn row_21_the_other_owned_type_is_left_alone() {
    let world = one()
        .action(AdobeOnlyUserAction::Remove)
        .account("u1", &["Spark"])
        .which(|account| account.identity_type = IdentityType::Enterprise);
    check(
        &world,
        "problem other-identity-type u1@x.test\n1/1/1/0/1/0/0/0",
    );
}

#[test]
fn row_21_an_adobe_id_is_an_account_of_its_own() {
    let world = one()
        .action(AdobeOnlyUserAction::Remove)
        .account("u1", &["Spark"])
        .which(|account| account.identity_type = IdentityType::Adobe);
    check(
        &world,
        "+ u1@x.test: create federatedID US [First u1, Last u1]; add Spark (sections::A::students)\n\
         - u1@x.test: remove from org\n1/1/1/0/0/1/0/1",
    );
}

#[test]
fn row_21_with_both_owned_types_the_configured_one_is_the_person() {
    // Adobe tells them apart by nothing that an action says: a command for one could reach the other.
    for action in [AdobeOnlyUserAction::Preserve, AdobeOnlyUserAction::Delete] {
        let world = one()
            .account("u1", &["Spark"])
            .account("u1", &["Spark"])
            .which(|account| account.identity_type = IdentityType::Enterprise)
            .action(action);
        check(&world, "1/1/2/0/2/0/0/0");
    }
}

#[test]
fn row_22_an_address_that_is_none() {
    let world = one().but("u1", |person| person.email = Some("nobody".to_owned()));
    check(
        &world,
        "found person-unusable (0)\nproblem email-unusable nobody u1\n0/0/0/0/0/0/0/0",
    );
}
