//! `protected`: whom and what no action names.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use roster_sync::config::Protected;
use roster_sync::config::format::Format;
use roster_sync::config::options::{AdobeOnlyUserAction, AdobeUsers, Strategy};
use roster_sync::config::pattern::Pattern;
use roster_sync::model::id::{Email, IdentityType, UserKey};
use roster_sync::reconcile::guard::check;
use roster_sync::reconcile::known::{Known, KnownAccount};
use roster_sync::reconcile::outcome::{ActionOutcome, Outcomes};
use roster_sync::reconcile::pack::pack;
use roster_sync::reconcile::plan::{Plan, plan_listed};

use super::render;
use super::world::World;

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts
        .iter()
        .map(|text| Pattern::new(text).unwrap())
        .collect()
}

fn users(texts: &[&str]) -> Protected {
    Protected {
        users: patterns(texts),
        ..Protected::default()
    }
}

fn domains(texts: &[&str]) -> Protected {
    Protected {
        domains: patterns(texts),
        ..Protected::default()
    }
}

fn groups(texts: &[&str]) -> Protected {
    Protected {
        groups: patterns(texts),
        ..Protected::default()
    }
}

fn protecting(world: World, protected: Protected) -> World {
    world.set(|config| config.exclusions.protected = protected)
}

/// Ana and Bo of Art, which feeds Spark; Adobe-only people are deleted.
fn art() -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &["ana", "bo"], &[])
        .students(&["ana", "bo"])
        .action(AdobeOnlyUserAction::Delete)
}

/// Everything that is sent, as text.
fn sent(plan: &Plan) -> String {
    let mut text = String::new();
    for batch in pack(plan) {
        for action in batch.actions() {
            text += &serde_json::to_string(&action.target.address()).unwrap();
            write!(text, "{:?}", action.commands).unwrap();
        }
    }
    text
}

#[test]
fn a_pattern_means_a_whole_login_name_or_address_in_any_case() {
    let world = art()
        .account("Gone", &["Spark"])
        .account("gone.too", &["Spark"])
        .account("other", &["Spark"])
        .which(|account| account.username = Some("Boss".to_owned()));
    let world = protecting(world, users(&["GONE@x.test", "boss", "too"]));
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    + bo@x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    - gone.too@x.test: delete
    2/2/3/2/0/2/0/1
    ");
}

#[test]
fn people_of_the_roster_are_neither_made_nor_changed() {
    // Bo is protected by the address of the account, which the roster does not know.
    let world = art()
        .account("bo", &["Old"])
        .which(|account| {
            account.email = Email::new("head@x.test");
        })
        .with(|options| options.update_user_info = true);
    let world = protecting(world, users(&["ana@.*", "head@x.test"]));
    insta::assert_snapshot!(render::pass(&world), @"2/2/1/1/0/0/0/0");
    insta::assert_snapshot!(world.plan().notices.join("\n"), @"1 selected person of the roster is left alone: protected.users or protected.domains of user-sync-config.yml means them.");
}

#[test]
fn an_account_is_protected_by_what_the_roster_calls_its_owner() {
    let login = |world: World| {
        world
            .format(|formats| formats.username = Some(Format::attribute("login")))
            .tell("ana", "login", "a77")
            .account("old", &["Old"])
            .which(|account| account.username = Some("a77".to_owned()))
    };
    let world = login(art()).with(|options| options.update_user_info = true);
    assert!(render::pass(&world).contains("set email ana@x.test"));
    // The new address would be a protected one.
    let world = protecting(world, users(&["ana@x.test"]));
    assert!(!sent(&world.checked().plan).contains("old@"));
    // An account of another type under the address is theirs, too.
    let world = protecting(
        art().account("ana", &["Spark"]).which(|account| {
            account.identity_type = IdentityType::Enterprise;
        }),
        users(&["ana@x.test"]),
    );
    assert!(!sent(&world.checked().plan).contains("ana@"));
}

#[test]
fn a_domain_is_what_follows_the_last_at_or_stands_beside_the_login_name() {
    let world = art()
        .account("one", &["Spark"])
        .which(|account| account.email = Email::new("one@Staff.test"))
        .account("two", &["Spark"])
        .which(|account| {
            account.username = Some("t2".to_owned());
            account.domain = Some("STAFF.test".to_owned());
        })
        .account("three", &["Spark"])
        .which(|account| account.email = Email::new("three@notstaff.test"));
    let world = protecting(world, domains(&[r"staff\.test"]));
    let text = sent(&world.checked().plan);
    assert!(!text.contains("one@") && !text.contains("two@"), "{text}");
    assert!(text.contains("three@"), "{text}");
}

#[test]
fn a_pattern_that_cannot_tell_protects() {
    let endless = r"(?=(a|aa|.)+b\b.*$)(a|aa|.)+\1c";
    let name = "a".repeat(40);
    let world = protecting(art().account(&name, &["Spark"]), users(&[endless]));
    assert!(!sent(&world.checked().plan).contains(&name));
}

#[test]
fn push_leaves_protected_people_out() {
    let world = art().with(|options| options.strategy = Strategy::Push);
    let world = protecting(world, users(&["ana@.*"]));
    insta::assert_snapshot!(render::pass(&world), @"
    + bo@x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    2/2/pushed 1
    ");
    assert_eq!(world.plan().notices.len(), 1);
}

#[test]
fn protected_people_do_not_look_new_outside_the_groups_that_are_read() {
    let world = art()
        .account("ana", &["Elsewhere"])
        .account("bo", &["Spark"])
        .with(|options| options.adobe_users = AdobeUsers::Mapped);
    assert!(render::pass(&world).contains("+ ana@x.test"));
    let world = protecting(world, users(&["ana@.*"]));
    assert_eq!(render::changes(&world.checked()), "");
}

#[test]
fn nobody_joins_or_leaves_a_protected_group() {
    let world = art()
        .map("classes::Art::students", &["Vault"])
        .map("classes::Music::students", &["Safe"])
        .class("Music", &[], &[])
        .account("bo", &["Safe"])
        .has_groups(&["Spark", "Safe"])
        .set(|config| config.auto_create = true);
    let world = protecting(world, groups(&["VAULT", "safe"]));
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    ~ bo@x.test: add Spark (classes::Art::students)
    2/2/1/0/0/1/1/0
    ");
    insta::assert_snapshot!(world.plan().notices.join("\n"), @"Nobody joins or leaves Safe, Vault, which the mapping names: protected.groups of user-sync-config.yml means it.");
    let pushed = world.with(|options| options.strategy = Strategy::Push);
    let text = sent(&pushed.checked().plan);
    assert!(!text.contains("Vault") && !text.contains("Safe"), "{text}");
}

#[test]
fn whoever_would_join_a_protected_group_alone_is_unmapped() {
    let world = art().with(|options| options.exclude_unmapped_users = true);
    let world = protecting(world, groups(&["spark"]));
    assert_eq!(render::changes(&world.checked()), "");
}

#[test]
fn whoever_holds_a_protected_group_keeps_the_place_in_the_organization() {
    let world = art()
        .account("ana", &["Spark"])
        .account("bo", &["Spark"])
        .account("gone", &["Spark", "Own", "Vault"]);
    let world = protecting(world, groups(&["vault"]));
    insta::assert_snapshot!(render::pass(&world), @"
    - gone@x.test: remove Spark
    problem protected-kept gone@x.test
    2/2/3/0/2/0/0/0
    ");
    let problem = world.plan().problems[0].message.clone();
    insta::assert_snapshot!(problem, @"This account is in a group that protected.groups of user-sync-config.yml means (Vault), and was not deleted. If the person is to go, take the account out of the group in the Admin Console.");
    let world = world.action(AdobeOnlyUserAction::RemoveAdobeGroups);
    insta::assert_snapshot!(render::pass(&world), @"
    - gone@x.test: remove Own, Spark
    problem protected-kept gone@x.test
    2/2/3/0/2/0/0/0
    ");
}

/// What becomes of a list of these accounts.
fn listed(world: &World, names: &[&str]) -> String {
    let names = names
        .iter()
        .map(|name| Email::new(&format!("{name}@x.test")));
    let list: Vec<UserKey> = names
        .map(|email| UserKey::of_email(IdentityType::Federated, &email))
        .collect();
    let World {
        config, options, ..
    } = world;
    let plan = plan_listed(&list, &world.directory(), config, options, &world.known);
    let notices = plan.notices.clone();
    let desired = roster_sync::reconcile::desired::Desired::default();
    let checked = check(plan, &desired, config, options, world.past());
    render::whole(&checked) + &notices.join("\n")
}

#[test]
fn a_list_names_nobody_who_is_protected() {
    let world = World::new()
        .account("one", &["Spark"])
        .account("two", &["Vault", "Own"])
        .account("three", &["Spark"])
        .action(AdobeOnlyUserAction::Delete);
    let protected = Protected {
        users: patterns(&["one@.*"]),
        groups: patterns(&["vault"]),
        ..Protected::default()
    };
    let world = protecting(world, protected);
    insta::assert_snapshot!(listed(&world, &["one", "two", "three"]), @"
    - three@x.test: delete
    problem protected-kept one@x.test
    problem protected-kept two@x.test
    0/0/0/0/0/0/0/1
    ");
    let world = world.action(AdobeOnlyUserAction::RemoveAdobeGroups);
    insta::assert_snapshot!(listed(&world, &["one", "two", "three"]), @"
    - three@x.test: remove all groups
    - two@x.test: remove Own
    problem protected-kept one@x.test
    problem protected-kept two@x.test
    0/0/0/0/0/0/0/1
    ");
}

fn foreign() -> Protected {
    Protected {
        foreign_accounts: true,
        ..Protected::default()
    }
}

#[test]
fn only_accounts_that_a_pass_made_or_changed_are_removed() {
    let world = art()
        .account("ana", &["Spark"])
        .account("mine", &["Spark"])
        .account("foreign", &["Spark", "Own"]);
    let mut world = protecting(world, foreign());
    world.known = Known {
        key: b"a key".to_vec(),
        accounts: BTreeMap::new(),
    };
    let mine = UserKey::of_email(IdentityType::Federated, &Email::new("mine@x.test"));
    let ours = KnownAccount {
        ours: true,
        gone_since: None,
    };
    world.known.accounts.insert(world.known.digest(&mine), ours);
    insta::assert_snapshot!(render::pass(&world), @"
    + bo@x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    - foreign@x.test: remove Spark
    - mine@x.test: delete
    2/2/3/0/1/1/0/1
    ");
    insta::assert_snapshot!(world.plan().notices.join("\n"), @"1 account was not removed from the organization, because no pass has made or changed it (protected.foreign_accounts of user-sync-config.yml). Remove such accounts in the Admin Console.");
    insta::assert_snapshot!(listed(&world, &["mine", "foreign"]), @"
    - mine@x.test: delete
    0/0/0/0/0/0/0/1
    1 account was not removed from the organization, because no pass has made or changed it (protected.foreign_accounts of user-sync-config.yml). Remove such accounts in the Admin Console.
    ");
}

#[test]
fn an_account_is_ours_once_it_was_made_or_changed_and_not_because_it_lost_something() {
    let mut world = protecting(art(), foreign())
        .format(|formats| formats.username = Some(Format::attribute("login")))
        .tell("ana", "login", "a77")
        .tell("bo", "login", "b77")
        .account("bo", &["Own"])
        .which(|account| account.username = Some("b77".to_owned()))
        .account("foreign", &["Spark"]);
    world.known.key = b"a key".to_vec();
    let checked = world.checked();
    let mut outcomes = Outcomes::nothing_sent(&checked.plan);
    assert_eq!(outcomes.changes.len(), 3);
    world.known.learn(&checked, &outcomes, world.today, true);
    assert!(world.known.accounts.is_empty(), "nothing was sent");
    outcomes.changes.fill(Some(ActionOutcome::Done));
    world.known.learn(&checked, &outcomes, world.today, true);
    let world = world.account("ana", &["Spark"]).which(|account| {
        account.username = Some("a77".to_owned());
    });
    let is_ours = |name: &str| {
        let email = Email::new(&format!("{name}@x.test"));
        let mut accounts = world.accounts.iter();
        world
            .known
            .is_ours(accounts.find(|account| account.email == email).unwrap())
    };
    assert!(is_ours("ana") && is_ours("bo"));
    assert!(!is_ours("foreign"));
}
