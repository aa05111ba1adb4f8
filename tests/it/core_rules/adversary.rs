//! Rows of a roster that somebody wrote to do harm, or that a form has garbled.

use std::collections::BTreeSet;

use proptest::prelude::*;
use roster_sync::config::options::AdobeOnlyUserAction;
use roster_sync::model::id::{Email, IdentityType, UserKey};
use roster_sync::model::roster::Role;
use roster_sync::reconcile::plan::Change;

use super::render;
use super::world::World;

/// Ana and Bo of Art, which feeds Spark, and the principal, who administers the organization.
fn art() -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &["ana", "bo"], &[])
        .students(&["ana", "bo"])
        .account("ana", &["Spark"])
        .account("bo", &["Spark"])
        .account("head", &["_org_admin", "Staff"])
        .with(|options| options.update_user_info = true)
        .action(AdobeOnlyUserAction::Delete)
}

fn with_address(world: World, id: &str, address: &str) -> World {
    world.but(id, |person| person.email = Some(address.to_owned()))
}

#[test]
fn a_pupil_with_the_address_of_an_admin_changes_nothing_of_the_admin() {
    insta::assert_snapshot!(render::pass(&with_address(art(), "ana", "HEAD@x.test")), @"
    held ana@x.test: delete (person-unusable)
    found person-unusable (1)
    problem admin-of-other-name head@x.test
    2/2/3/0/3/0/0/0
    ");
    // Who has the admin's name may be the admin: a licence comes, the names stay.
    let teacher = with_address(art(), "ana", "head@x.test")
        .but("ana", |person| {
            person.given_name = Some("Headmaster".to_owned());
            person.family_name = Some("LAST  head".to_owned());
        })
        .account("ana2", &[]);
    insta::assert_snapshot!(render::changes(&teacher.checked()), @"
    ~ head@x.test: add Spark (classes::Art::students)
    - ana2@x.test: delete
    - ana@x.test: delete
    ");
}

#[test]
fn an_address_that_many_have_is_nobodys() {
    let ids: Vec<String> = (0..1000).map(|n| format!("p{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let shared = |count: usize, address: &str| {
        let mut world = World::new()
            .map("classes::Art::students", &["Spark"])
            .class("Art", &ids[..count], &[])
            .students(&ids[..count])
            .action(AdobeOnlyUserAction::Delete);
        for id in &ids[..count] {
            world = with_address(world, id, address);
        }
        world
    };
    // Ten are an account as in UST, eleven are a mistake.
    assert_eq!(shared(10, "none@x.test").plan().changes.len(), 1);
    assert_eq!(shared(11, "none@x.test").plan().changes.len(), 0);
    // Everybody's own account is kept, and the one with that address, too.
    let world = shared(1000, "none@x.test")
        .account("none", &["Spark"])
        .account("p7", &["Spark"])
        .account("p8", &["Spark"]);
    insta::assert_snapshot!(render::pass(&world), @"
    held none@x.test: delete (person-unusable)
    held p7@x.test: delete (person-unusable)
    held p8@x.test: delete (person-unusable)
    found person-unusable (3)
    problem email-shared none@x.test p0
    0/0/3/0/3/0/0/0
    ");
}

#[test]
fn what_is_no_address_is_left_out() {
    for address in [
        "\"; DROP TABLE users; --@x.test",
        "ana@x.test;head@x.test",
        "ana\u{202e}@x.test",
        "a\u{200b}na@x.test",
        "ana@x\u{2069}.test",
        "head@x.test\u{0}",
        "head@x.test\nana@x.test",
        "<head@x.test>",
        "ana@@x.test",
        "@x.test",
        &format!("{}@x.test", "a".repeat(10_000)),
    ] {
        let checked = with_address(art(), "ana", address).checked();
        let text = render::whole(&checked);
        assert!(checked.plan.changes.is_empty(), "{address:?}: {text}");
        assert!(
            text.contains("problem email-unusable"),
            "{address:?}: {text}"
        );
        assert!(
            text.contains("held ana@x.test: delete (person-unusable)"),
            "{address:?}: {text}"
        );
    }
}

#[test]
fn names_lose_what_nobody_sees_and_what_is_no_name() {
    let named = |first: &str| {
        let world = World {
            accounts: Vec::new(),
            ..art()
        };
        let world = world.but("ana", |person| person.given_name = Some(first.to_owned()));
        let plan = world.plan();
        let change = plan
            .changes
            .iter()
            .find(|change| change.email.as_str() == "ana@x.test");
        let profile = change.unwrap().create.clone().unwrap();
        let problems: Vec<&str> = plan
            .problems
            .iter()
            .map(|problem| problem.name.as_str())
            .collect();
        (profile.first_name, problems.join(" "))
    };
    let (kept, told) = (String::new(), "name-unusable".to_owned());
    assert_eq!(
        named("A\u{202e}na\u{7}"),
        (Some("Ana".to_owned()), kept.clone())
    );
    assert_eq!(named("\u{200f}\u{feff}"), (None, kept.clone()));
    // Joiners belong to the letters of some languages.
    assert_eq!(
        named("می\u{200c}نا"),
        (Some("می\u{200c}نا".to_owned()), kept.clone())
    );
    assert_eq!(
        named("'; DROP TABLE users; --"),
        (Some("'; DROP TABLE users; --".to_owned()), kept)
    );
    assert_eq!(named(&"A".repeat(10_000)), (None, told));
}

#[test]
fn a_row_that_stands_twice_is_one_person() {
    let mut world = art();
    let double = world.parts.people[0].clone();
    world.parts.people.push(double);
    world = world.enrol("ana", "Art");
    assert!(world.plan().changes.is_empty());
}

/// What somebody might write into a roster.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("head@x.test".to_owned()),
        Just("ana@x.test".to_owned()),
        Just(" BO@X.TEST ".to_owned()),
        Just("guard@secret.test".to_owned()),
        Just("none@x.test".to_owned()),
        Just("_org_admin@x.test".to_owned()),
        "[a-c]{1,2}@x\\.test",
        "\\PC{0,12}",
        "[\u{202a}-\u{202e}\u{0}-\u{20}@.\"']{0,8}",
    ]
}

proptest! {
    /// Admins and those outside the roster's reach are as they were: an account that nobody of the roster has by address is
    /// at most dealt with as Adobe-only, and an admin never is.
    #[test]
    fn no_row_reaches_an_admin(rows in prop::collection::vec((hostile(), hostile(), hostile()), 1..30)) {
        let mut world = art().set(|config| {
            let secret = roster_sync::config::pattern::Pattern::new(r"guard@.*").unwrap();
            config.exclusions.users = vec![secret];
        });
        world.accounts.push({
            let mut guard = super::world::account("guard", &["Spark"]);
            guard.email = Email::new("guard@secret.test");
            guard.username = Some("guard@secret.test".to_owned());
            guard
        });
        for (n, (email, first, last)) in rows.iter().enumerate() {
            let id = format!("evil{}", n / 2);
            world = world.person(&id, Role::Student).enrol(&id, "Art");
            let person = world.parts.people.last_mut().unwrap();
            person.email = Some(email.clone());
            person.given_name = Some(first.clone());
            person.family_name = Some(last.clone());
        }
        let checked = world.checked();
        let admin = UserKey::of_email(IdentityType::Federated, &Email::new("head@x.test"));
        let named: BTreeSet<&str> = checked.plan.changes.iter().flat_map(names).collect();
        prop_assert!(!named.contains("guard@secret.test"));
        for change in &checked.plan.changes {
            prop_assert!(change.address.user.as_str().chars().all(|c| !c.is_control() && !c.is_whitespace()));
            if names(change).any(|name| name == admin.username) {
                prop_assert!(change.create.is_none() && change.update.is_empty() && change.remove.is_none());
            }
        }
    }
}

/// Whom a change names, folded.
fn names(change: &Change) -> impl Iterator<Item = &str> {
    let new = change.update.email.as_ref();
    [Some(&change.address.user), new]
        .into_iter()
        .flatten()
        .map(Email::folded)
}
