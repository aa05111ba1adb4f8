//! Whom a pass leaves alone: `exclude_*`, `user_filter`, `exclude_unmapped_users`, `update_attributes`.

use roster_sync::config::format::Format;
use roster_sync::config::options::{AdobeOnlyUserAction, AdobeUsers, Strategy, Users};
use roster_sync::config::pattern::Pattern;
use roster_sync::config::{Exclusions, Limit, UpdateAttribute};
use roster_sync::model::id::{Email, GroupName, IdentityType};

use super::render;
use super::world::World;

fn pattern(text: &str) -> Pattern {
    Pattern::new(text).unwrap()
}

/// Ana and Bo of Art, which feeds Spark; Adobe-only people are deleted.
fn art() -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &["ana", "bo"], &[])
        .students(&["ana", "bo"])
        .action(AdobeOnlyUserAction::Delete)
}

fn excluding(world: World, change: impl FnOnce(&mut Exclusions)) -> World {
    world.set(|config| change(&mut config.exclusions))
}

/// A pattern that takes too long to tell.
fn endless() -> Pattern {
    pattern(r"(?=(a|aa|.)+b\b.*$)(a|aa|.)+\1c")
}

#[test]
fn accounts_are_excluded_by_type_group_and_whole_login_name_in_any_case() {
    let world = art()
        .account("ana", &[])
        .account("BO", &["hand managed"])
        .account("gone", &["Spark"])
        .account("gone.t", &["Spark"])
        .account("gone.tom", &["Spark"])
        .account("adm", &["Spark"])
        .which(|account| account.identity_type = IdentityType::Adobe);
    let world = excluding(world, |exclusions| {
        exclusions.identity_types.insert(IdentityType::Adobe);
        exclusions.groups.insert(GroupName::new("Hand Managed"));
        exclusions.users = vec![
            pattern("ANA@.*"),
            pattern(r"gone\.t@x\.test"),
            pattern("gone"),
        ];
    });
    insta::assert_snapshot!(render::pass(&world), @"
    - gone.tom@x.test: delete
    - gone@x.test: delete
    2/2/6/4/0/0/0/2
    ");
}

#[test]
fn whoever_is_excluded_is_not_created_beside_the_account() {
    // By login name, and by address where the login name differs.
    let world = art()
        .account("ana", &["Kept"])
        .which(|account| account.username = Some("a77".to_owned()))
        .account("bo", &["Kept"]);
    let world = excluding(world, |exclusions| {
        exclusions.groups.insert(GroupName::new("Kept"));
    });
    assert_eq!(render::pass(&world), "2/2/2/2/0/0/0/0\n");
}

#[test]
fn nothing_reaches_an_excluded_account_through_its_address() {
    // The other owned type shares the address, and so does a second account of the same type.
    let world = art()
        .account("ana", &["Kept"])
        .which(|account| account.identity_type = IdentityType::Enterprise)
        .account("bo", &["Kept"])
        .account("bo", &["Old"])
        .which(|account| account.username = Some("b77".to_owned()))
        .account("gone", &["Kept"])
        .account("gone", &["Old"])
        .which(|account| account.identity_type = IdentityType::Enterprise);
    let world = excluding(world, |exclusions| {
        exclusions.groups.insert(GroupName::new("kept"));
    });
    insta::assert_snapshot!(render::pass(&world), @"
    problem other-identity-type ana@x.test
    2/2/5/3/2/0/0/0
    ");
    // An Adobe ID is another account.
    let world = excluding(
        art().account("ana", &["Kept"]).which(|account| {
            account.identity_type = IdentityType::Adobe;
        }),
        |exclusions| {
            exclusions.identity_types.insert(IdentityType::Adobe);
        },
    );
    assert!(render::pass(&world).contains("+ ana@x.test: create federatedID"));
}

#[test]
fn an_address_is_not_changed_to_that_of_an_excluded_account() {
    let world = art()
        .account("ana", &["Spark"])
        .which(|account| account.email = Email::new("old@x.test"))
        .account("ana", &["Kept"])
        .which(|account| account.username = Some("a77".to_owned()))
        .account("bo", &["Spark"])
        .with(|options| options.update_user_info = true);
    let world = excluding(world, |exclusions| {
        exclusions.groups.insert(GroupName::new("Kept"));
    });
    insta::assert_snapshot!(render::pass(&world), @"2/2/3/1/2/0/0/0");
}

#[test]
fn a_pattern_that_cannot_tell_keeps_hands_off() {
    let name = "a".repeat(40);
    assert_eq!(endless().matches(&format!("{name}@x.test")), None);
    let world = || art().account(&name, &["Spark"]);
    let excluded = excluding(world(), |exclusions| exclusions.users = vec![endless()]);
    assert!(!render::pass(&excluded).contains(&format!("- {name}")));
    let filtered = World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &[&name], &[])
        .students(&[&name])
        .with(|options| options.user_filter = Some(endless()));
    assert_eq!(render::pass(&filtered), "1/0/0/0/0/0/0/0\n");
}

#[test]
fn an_excluded_account_does_not_count_towards_the_limit_or_its_share() {
    let kept = |world: World| {
        excluding(world, |exclusions| {
            exclusions.groups.insert(GroupName::new("Kept"));
        })
    };
    let world = || {
        art()
            .account("one", &["Spark"])
            .account("two", &["Kept"])
            .limit(Limit::Count(1))
    };
    assert_eq!(world().checked().findings.len(), 1);
    assert_eq!(kept(world()).checked().findings, []);
    // A third of three accounts is one, a third of two is none.
    let world = || {
        art()
            .account("ana", &["Spark"])
            .account("bo", &["Spark", "Kept"])
            .account("one", &["Spark"])
            .limit(Limit::Percent(34))
    };
    assert_eq!(world().checked().findings, []);
    assert_eq!(kept(world()).checked().findings.len(), 1);
}

#[test]
fn excluded_groups_are_not_managed() {
    let world = art()
        .account("ana", &["Spark", "Other"])
        .account("bo", &["Spark"]);
    let world = excluding(world, |exclusions| {
        exclusions.groups.insert(GroupName::new("Manual"));
    });
    assert_eq!(world.desired().managed.len(), 1);
}

#[test]
fn whom_user_filter_leaves_out_is_there_and_left_alone() {
    // Difference 18. Cy is read and not selected, and so Adobe-only as in UST.
    let world = art()
        .map("classes::Music::students", &["Chess"])
        .class("Music", &["cy"], &[])
        .students(&["cy", "dee"])
        .enrol("dee", "Art")
        .account("bo", &["Manual"])
        .account("cy", &["Chess"])
        .account("dee", &["Chess"])
        .which(|account| account.username = Some("d77".to_owned()))
        .account("gone", &["Spark"])
        .with(|options| {
            options.users = Users::Groups(["classes::Art::students".to_owned()].into());
            options.user_filter = Some(pattern("ANA@.*|cy"));
        });
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    - cy@x.test: delete
    - gone@x.test: delete
    4/1/4/0/2/1/0/2
    ");
    insta::assert_snapshot!(world.desired().notices.join("\n"), @"user_filter leaves 2 selected people of the roster alone.");
}

#[test]
fn an_account_of_the_other_type_of_somebody_filtered_out_is_left_alone() {
    let world = art()
        .account("bo", &["Spark"])
        .which(|account| account.identity_type = IdentityType::Enterprise)
        .account("ana", &["Spark"])
        .with(|options| options.user_filter = Some(pattern("ana.*")));
    assert_eq!(render::pass(&world), "2/1/2/0/2/0/0/0\n");
}

#[test]
fn who_would_have_no_group_is_not_created_where_an_option_says_so() {
    let world = art()
        .map("classes::Music::students", &[])
        .class("Music", &["cy"], &[])
        .students(&["cy"])
        .account("ana", &["Spark"])
        .account("bo", &["Spark"])
        .with(|options| options.exclude_unmapped_users = true);
    assert_eq!(render::pass(&world), "3/3/2/0/2/0/0/0\n");
    insta::assert_snapshot!(world.plan().notices.join("\n"), @"1 selected person of the roster has no Adobe group and was not created (exclude_unmapped_users).");
    let world = world.with(|options| options.exclude_unmapped_users = false);
    assert!(render::pass(&world).contains("+ cy@x.test"));
    // Who has an account keeps it.
    let world = world
        .account("cy", &["Manual"])
        .with(|options| options.exclude_unmapped_users = true);
    assert_eq!(render::pass(&world), "3/3/3/0/3/0/0/0\n");
}

#[test]
fn only_the_listed_attributes_are_updated() {
    let world = |attributes: &[UpdateAttribute]| {
        art()
            .account("ana", &["Spark"])
            .which(|account| {
                account.email = Email::new("old@x.test");
                account.first_name = None;
                account.last_name = Some("Other".to_owned());
            })
            .account("bo", &["Spark"])
            .with(|options| options.update_user_info = true)
            .set(|config| config.update_attributes = attributes.iter().copied().collect())
    };
    let change = |attributes: &[UpdateAttribute]| render::changes(&world(attributes).checked());
    assert_eq!(
        change(&[UpdateAttribute::FirstName]),
        "~ old@x.test: set first First ana\n"
    );
    assert_eq!(
        change(&[UpdateAttribute::LastName]),
        "~ old@x.test: set last Last ana\n"
    );
    assert_eq!(
        change(&[UpdateAttribute::Email]),
        "~ old@x.test: set email ana@x.test; set username ana@x.test\n"
    );
    assert_eq!(change(&[]), "");
}

fn pushed(world: World) -> World {
    world.with(|options| options.strategy = Strategy::Push)
}

#[test]
fn push_leaves_out_whom_the_roster_shows_to_be_excluded() {
    let world = pushed(art())
        .map("classes::Art::teachers", &["Staff"])
        .students(&["cy", "dee"])
        .enrol("cy", "Art")
        .enrol("dee", "Art")
        .format(|formats| {
            formats.username = Some(Format::attribute("login"));
            formats.identity_type = Some(Format::attribute("kind"));
        })
        .tell("bo", "login", "b77")
        .tell("cy", "login", "c77")
        .tell("dee", "kind", "adobeID");
    let all = world.checked().plan;
    assert_eq!(all.changes.len(), 4);
    assert!(all.notices.is_empty());
    // By the address behind another login name, by login name, by type; whoever is left is named.
    let world = excluding(world, |exclusions| {
        exclusions.users = vec![pattern("BO@.*"), pattern("c77"), pattern("an")];
        exclusions.identity_types.insert(IdentityType::Adobe);
        exclusions.groups.insert(GroupName::new("Kept"));
    });
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; remove Staff; add Spark (classes::Art::students)
    4/4/pushed 1
    ");
    insta::assert_snapshot!(world.plan().notices.join("\n"), @"
    3 selected people of the roster were left out: exclude_identity_types or exclude_users of user-sync-config.yml would exclude the account, and not all accounts were read.
    exclude_adobe_groups had no effect: strategy push reads nothing from Adobe, so nobody can tell who is in these groups. Exclude these people by exclude_users, or use strategy sync.
    ");
    let name = "a".repeat(40);
    let world = pushed(art()).students(&[&name]).enrol(&name, "Art");
    let world = excluding(world, |exclusions| exclusions.users = vec![endless()]);
    assert!(!render::pass(&world).contains(&name));
}

#[test]
fn whoever_is_excluded_does_not_look_new_outside_the_groups_that_are_read() {
    // In UST, too, with `mapped`: it takes the excluded groups for mapped ones.
    for adobe_users in [
        AdobeUsers::Mapped,
        AdobeUsers::Groups([GroupName::new("Spark")].into()),
    ] {
        let world = art()
            .students(&["cy"])
            .enrol("cy", "Art")
            .account("ana", &["Kept"])
            .account("bo", &["Manual"])
            .account("stray", &["Kept"])
            .with(|options| options.adobe_users = adobe_users);
        let world = excluding(world, |exclusions| {
            exclusions.groups.insert(GroupName::new("kept"));
            exclusions.users = vec![pattern("bo.*")];
        });
        let text = render::pass(&world);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("+ cy@x.test: create"), "{text}");
        assert_eq!(lines[1], "3/3/2/2/0/1/0/0");
        assert!(
            world.plan().notices[0].starts_with("1 selected person of the roster was left out")
        );
        // Nobody asked for the members of an excluded group that Adobe does not have.
        let world = world.has_groups(&["Spark", "Manual"]);
        assert!(!render::pass(&world).contains("group-unread"));
    }
}

#[test]
fn names_that_are_not_listed_are_not_updated_through_a_creation() {
    let world = |attributes: &[UpdateAttribute]| {
        pushed(art())
            .with(|options| options.update_user_info = true)
            .set(|config| config.update_attributes = attributes.iter().copied().collect())
    };
    let updates = |attributes: &[UpdateAttribute]| {
        render::changes(&world(attributes).checked()).contains("or update")
    };
    assert!(updates(&UpdateAttribute::ALL));
    assert!(updates(&[
        UpdateAttribute::FirstName,
        UpdateAttribute::LastName
    ]));
    assert!(!updates(&[
        UpdateAttribute::FirstName,
        UpdateAttribute::Email
    ]));
    assert!(!updates(&[UpdateAttribute::Email]));
}

#[test]
fn an_account_with_the_address_of_somebody_who_is_left_out_is_nobody_elses() {
    let world = World::new()
        .map("classes::Art::students", &["Spark"])
        .map("classes::Music::students", &["Chess"])
        .class("Art", &["ana", "bo"], &[])
        .class("Music", &[], &[])
        .students(&["ana", "bo"])
        .account("ana", &["Chess"])
        .which(|account| account.email = Email::new("bo@x.test"));
    assert!(render::changes(&world.checked()).contains("Chess"));
    let world = world.with(|options| options.user_filter = Some(pattern("ana.*")));
    assert_eq!(render::changes(&world.checked()), "");
}
