//! Where not everything is read or compared: `adobe_users`, `auto_create`, `adobe_only_user_list`, push.

use roster_sync::config::Limit;
use roster_sync::config::format::Format;
use roster_sync::config::options::{AdobeOnlyUserAction, AdobeUsers, Strategy, Users};
use roster_sync::model::directory::Scope;
use roster_sync::model::id::{Email, GroupName, IdentityType, UserKey};
use roster_sync::reconcile::desired::Desired;
use roster_sync::reconcile::guard::{Checked, check};
use roster_sync::reconcile::plan::{groups_to_look_up, plan_listed, scope};

use super::render;
use super::world::World;

/// Ana and Bo of Art, which feeds Spark; Cy of Music, which feeds Chess.
fn school() -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .map("classes::Music::students", &["Chess"])
        .class("Art", &["ana", "bo"], &[])
        .class("Music", &["cy"], &[])
        .students(&["ana", "bo", "cy"])
}

fn groups(names: &[&str]) -> std::collections::BTreeSet<GroupName> {
    names.iter().map(|name| GroupName::new(name)).collect()
}

#[test]
fn which_accounts_are_read() {
    let asked = |adobe_users| {
        let world = school().with(|options| options.adobe_users = adobe_users);
        scope(&world.desired(), &world.config, &world.options)
    };
    assert_eq!(asked(AdobeUsers::All), Scope::Everybody);
    assert_eq!(
        asked(AdobeUsers::Mapped),
        Scope::Members(groups(&["chess", "spark"]))
    );
    // What is read is not managed by that: difference 3.
    assert_eq!(
        asked(AdobeUsers::Groups(groups(&["X"]))),
        Scope::Members(groups(&["x"]))
    );
}

#[test]
fn who_is_outside_the_groups_that_are_read_looks_new() {
    let world = school()
        .account("ana", &["Manual"])
        .account("bo", &["Spark", "Chess"])
        .account("gone", &["Chess"])
        .account("other", &["Manual"])
        .with(|options| options.adobe_users = AdobeUsers::Mapped);
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    + cy@x.test: create federatedID US [First cy, Last cy]; add Chess (classes::Music::students)
    ~ bo@x.test: remove Chess
    - gone@x.test: remove Chess
    3/3/2/0/0/2/1/1
    ");
    let world = world.with(|options| options.adobe_users = AdobeUsers::Groups(groups(&["Manual"])));
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: add Spark (classes::Art::students)
    + bo@x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    + cy@x.test: create federatedID US [First cy, Last cy]; add Chess (classes::Music::students)
    3/3/2/0/0/2/1/1
    ");
}

#[test]
fn nobody_is_new_or_gone_because_adobe_does_not_know_a_group() {
    // Difference 9.
    let world = school()
        .account("bo", &["Spark"])
        .account("gone", &["Spark"])
        .has_groups(&["Spark", "Manual"])
        .with(|options| options.adobe_users = AdobeUsers::Mapped);
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    - gone@x.test: remove Spark
    problem group-unread cy@x.test
    problem group-unread
    3/3/2/0/1/1/0/1
    ");
    let messages: Vec<_> = world
        .plan()
        .problems
        .into_iter()
        .map(|p| p.message)
        .collect();
    insta::assert_snapshot!(messages.join("\n"), @"
    This person is to be in the group 'Chess', which Adobe does not know, so nobody can tell whether there is an account. Nothing was sent for this person.
    adobe_users asks for the members of the group 'Chess', which Adobe does not know. Nobody is taken for new or gone because of it. Correct its name in the mapping or in adobe_users, or make the group in the Admin Console.
    ");
    // A group that is going to be made has no members that could be missed.
    let world = world.set(|config| config.auto_create = true);
    insta::assert_snapshot!(render::pass(&world), @"
    group Chess
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    + cy@x.test: create federatedID US [First cy, Last cy]; add Chess (classes::Music::students)
    - gone@x.test: remove Spark
    3/3/2/0/1/2/0/1
    ");
}

#[test]
fn groups_that_adobe_does_not_have_are_made() {
    let long = "g".repeat(256);
    let made = |world: World| render::pass(&world.set(|config| config.auto_create = true));
    let world = || {
        school()
            .map(
                "classes::Art::teachers",
                &["New One", "SPARK", "_admin_x", &long, "New Two"],
            )
            .account("ana", &["Spark"])
            .has_groups(&["new one", "Manual"])
    };
    insta::assert_snapshot!(made(world().with(|options| options.users = Users::Mapped)), @"
    group Chess
    group New Two
    + bo@x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    + cy@x.test: create federatedID US [First cy, Last cy]; add Chess (classes::Music::students)
    problem group-name-unusable
    problem group-name-unusable
    3/3/1/0/1/2/0/0
    ");
    assert!(!made(world().with(|options| options.process_groups = false)).contains("group"));
    assert!(!made(world().with(|options| options.strategy = Strategy::Push)).contains("group "));
    assert!(!render::pass(&world()).contains("group "));
}

#[test]
fn groups_are_only_looked_up_where_it_matters() {
    let asks = |world: &World| {
        groups_to_look_up(
            &world.desired(),
            &world.directory(),
            &world.config,
            &world.options,
        )
    };
    let world = school()
        .set(|config| config.auto_create = true)
        .account("ana", &["spark"]);
    assert!(asks(&world));
    let world = world.account("cy", &["CHESS"]);
    assert!(!asks(&world));
    let world = school().account("ana", &["spark"]);
    assert!(!asks(&world));
}

/// The plan of a list of login names of federated accounts.
fn listed(world: &World, names: &[&str]) -> Checked {
    let key = |name: &&str| UserKey::of_email(IdentityType::Federated, &Email::new(name));
    let list: Vec<UserKey> = names.iter().map(key).collect();
    let plan = plan_listed(
        &list,
        &world.directory(),
        &world.config,
        &world.options,
        &world.known,
    );
    check(
        plan,
        &Desired::default(),
        &world.config,
        &world.options,
        world.past(),
    )
}

/// Accounts of all kinds that a list could name.
fn all_kinds(action: AdobeOnlyUserAction) -> World {
    World::new()
        .action(action)
        .account("one", &["Spark"])
        .account("two", &["Spark"])
        .which(|account| account.username = Some("t77".to_owned()))
        .account("three", &["Spark"])
        .account("bare", &[])
        .account("boss", &["_org_admin"])
        .account("kept", &["Kept"])
        .account("ent", &[])
        .which(|account| account.identity_type = IdentityType::Enterprise)
        .account("twin", &[])
        .account("twin", &[])
        .which(|account| account.identity_type = IdentityType::Enterprise)
        .set(|config| {
            config.exclusions.groups = groups(&["kept"]);
        })
}

#[test]
fn a_list_names_accounts_by_login_name_or_address_and_touches_nobody_else() {
    let names = ["TWO@x.test", "one@x.test", "one@x.test", "bare@x.test"];
    let odd = [
        "boss@x.test",
        "kept@x.test",
        "ent@x.test",
        "twin@x.test",
        "nobody@x.test",
    ];
    let all: Vec<&str> = names.into_iter().chain(odd).collect();
    let of = |action| render::whole(&listed(&all_kinds(action), &all));
    insta::assert_snapshot!(of(AdobeOnlyUserAction::Delete), @"
    - bare@x.test: delete
    - one@x.test: delete
    - two@x.test: delete
    problem admin-kept boss@x.test
    problem other-identity-type ent@x.test
    problem excluded-kept kept@x.test
    problem not-in-adobe nobody@x.test
    problem address-taken twin@x.test
    0/0/0/0/0/0/0/3
    ");
    insta::assert_snapshot!(of(AdobeOnlyUserAction::RemoveAdobeGroups), @"
    - one@x.test: remove all groups
    - two@x.test: remove all groups
    problem admin-kept boss@x.test
    problem other-identity-type ent@x.test
    problem excluded-kept kept@x.test
    problem not-in-adobe nobody@x.test
    problem address-taken twin@x.test
    0/0/0/0/0/0/0/3
    ");
    for action in [
        AdobeOnlyUserAction::Preserve,
        AdobeOnlyUserAction::WriteFile,
    ] {
        assert_eq!(of(action), "0/0/0/0/0/0/0/8\n");
    }
    assert_eq!(of(AdobeOnlyUserAction::Exclude), "0/0/0/0/0/0/0/-\n");
}

#[test]
fn a_share_refuses_every_list_but_an_empty_one() {
    let world = World::new()
        .account("one", &[])
        .action(AdobeOnlyUserAction::Remove)
        .limit(Limit::Percent(100));
    let checked = listed(&world, &["one@x.test"]);
    assert!(checked.plan.changes.is_empty());
    assert_eq!(checked.findings.len(), 1);
    assert!(listed(&world, &[]).findings.is_empty());
    let world = world.limit(Limit::Count(1));
    assert_eq!(listed(&world, &["one@x.test"]).plan.changes.len(), 1);
}

fn push() -> World {
    school()
        .map("classes::Art::teachers", &["_admin_Spark"])
        .with(|options| options.strategy = Strategy::Push)
}

#[test]
fn push_says_everything_for_everybody_selected() {
    let world = push().account("bo", &["Spark"]).account("gone", &["Spark"]);
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; remove Chess; add Spark (classes::Art::students)
    + bo@x.test: create federatedID US [First bo, Last bo]; remove Chess; add Spark (classes::Art::students)
    + cy@x.test: create federatedID US [First cy, Last cy]; remove Spark; add Chess (classes::Music::students)
    3/3/pushed 3
    ");
    let world = world.with(|options| {
        options.process_groups = false;
        options.update_user_info = true;
        options.adobe_only_user_action = AdobeOnlyUserAction::Delete;
    });
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana] or update
    + bo@x.test: create federatedID US [First bo, Last bo] or update
    + cy@x.test: create federatedID US [First cy, Last cy] or update
    3/3/pushed 3
    ");
}

#[test]
fn push_keeps_to_the_filters_of_the_roster() {
    let world = push()
        .map("classes::Club::students", &[])
        .class("Club", &["dee"], &[])
        .students(&["dee"])
        .but("cy", |person| person.active = false)
        .with(|options| {
            options.exclude_unmapped_users = true;
            options.user_filter =
                Some(roster_sync::config::pattern::Pattern::new("[b-d].*").unwrap());
        });
    insta::assert_snapshot!(render::pass(&world), @"
    + bo@x.test: create federatedID US [First bo, Last bo]; remove Chess; add Spark (classes::Art::students)
    3/2/pushed 1
    ");
    let world = push()
        .set(|config| config.default_country = None)
        .with(|options| {
            options.users = Users::Groups(["classes::Music::students".to_owned()].into());
        });
    insta::assert_snapshot!(render::pass(&world), @"
    problem country-missing cy@x.test
    3/1/pushed 0
    ");
}

#[test]
fn guards_hold_what_push_removes() {
    let world = push()
        .map("classes::Lost::students", &["Lost"])
        .but("bo", |person| {
            person.email = None;
            person.given_name = Some("First ana".to_owned());
            person.family_name = Some("Last ana".to_owned());
        });
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    + cy@x.test: create federatedID US [First cy, Last cy]; remove Spark; add Chess (classes::Music::students)
    held ana@x.test: remove Chess, Lost (directory-group-not-found, person-unusable)
    held cy@x.test: remove Lost (directory-group-not-found)
    found directory-group-not-found (2)
    found person-unusable (2)
    problem email-unusable bo
    2/2/pushed 2
    ");
    let mut world = push();
    world.parts.district_state = Some("paused".to_owned());
    assert!(
        world
            .checked()
            .plan
            .changes
            .iter()
            .all(|change| change.remove.is_none())
    );
    let world = push().set(|config| config.source.max_user_count = Some(1));
    assert!(
        world
            .checked()
            .plan
            .changes
            .iter()
            .all(|change| change.remove.is_none())
    );
}

#[test]
fn push_does_not_name_somebody_by_the_address_of_another() {
    let world = push()
        .format(|formats| formats.username = Some(Format::attribute("login")))
        .tell("ana", "login", "bo@x.test")
        .tell("bo", "login", "b77");
    insta::assert_snapshot!(render::pass(&world), @"
    + b77 in x.test: create federatedID US [First bo, Last bo]; remove Chess; add Spark (classes::Art::students)
    + cy@x.test: create federatedID US [First cy, Last cy]; remove Spark; add Chess (classes::Music::students)
    problem address-taken ana@x.test
    3/3/pushed 2
    ");
}
