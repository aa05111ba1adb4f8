//! `grace`: how long Adobe-only people keep what they have.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use roster_sync::config::options::AdobeOnlyUserAction;
use roster_sync::config::{Grace, Limit};
use roster_sync::model::id::{Email, GroupName, IdentityType, UserKey};
use roster_sync::reconcile::guard::{Checked, FindingName};
use roster_sync::reconcile::known::{Known, KnownAccount};
use roster_sync::reconcile::outcome::{ActionOutcome, Outcomes};
use roster_sync::reconcile::plan::Removal;

use super::render;
use super::world::World;

const TODAY: Date = date(2026, 11, 24);

fn key(name: &str) -> UserKey {
    UserKey::of_email(
        IdentityType::Federated,
        &Email::new(&format!("{name}@x.test")),
    )
}

/// A memory of people who have been gone for so many days.
fn gone_for(people: &[(&str, i64)]) -> Known {
    let mut known = Known {
        key: b"a key".to_vec(),
        accounts: BTreeMap::new(),
    };
    for (name, days) in people {
        let account = KnownAccount {
            gone_since: Some(TODAY - days.days()),
            ours: false,
        };
        known.accounts.insert(known.digest(&key(name)), account);
    }
    known
}

/// Ana is in the roster; three others are gone, each for longer, and hold Spark and a group that is not managed.
fn world(action: AdobeOnlyUserAction) -> World {
    let mut world = World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &["ana"], &[])
        .students(&["ana"])
        .account("ana", &["Spark"])
        .account("today", &["Spark", "Own"])
        .account("week", &["Spark", "Own"])
        .account("month", &["Spark", "Own"])
        .action(action)
        .set(|config| {
            config.grace = Grace {
                licences: 7,
                organization: 30,
            };
        });
    world.known = gone_for(&[("week", 7), ("month", 30)]);
    world
}

fn waiting(world: &World) -> String {
    let plan = world.plan();
    let lines = plan.waiting.iter().map(|waiting| {
        let what = match &waiting.removal {
            Removal::Groups(groups) => {
                let names: Vec<_> = groups.iter().map(GroupName::as_str).collect();
                names.join(", ")
            }
            Removal::AllGroups => "all groups".to_owned(),
            Removal::FromOrg { delete_account } => format!("org, delete {delete_account}"),
        };
        format!("{} {} {what}", waiting.until, waiting.email.as_str())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn licences_go_first_and_the_place_in_the_organization_later() {
    let world = world(AdobeOnlyUserAction::Delete);
    insta::assert_snapshot!(render::pass(&world), @"
    - month@x.test: delete
    - week@x.test: remove Spark
    1/1/4/0/2/0/0/1
    ");
    insta::assert_snapshot!(waiting(&world), @"
    2026-12-01 today@x.test Spark
    2026-12-17 week@x.test org, delete true
    2026-12-24 today@x.test org, delete true
    ");
}

#[test]
fn one_day_less_is_not_enough() {
    let mut world = world(AdobeOnlyUserAction::Remove);
    world.known = gone_for(&[("week", 6), ("month", 29)]);
    insta::assert_snapshot!(render::changes(&world.checked()), @"- month@x.test: remove Spark");
}

#[test]
fn all_groups_go_with_the_licences() {
    let world = world(AdobeOnlyUserAction::RemoveAdobeGroups);
    insta::assert_snapshot!(render::pass(&world), @"
    - month@x.test: remove all groups
    - week@x.test: remove all groups
    1/1/4/0/2/0/0/2
    ");
    insta::assert_snapshot!(waiting(&world), @"2026-12-01 today@x.test all groups");
}

#[test]
fn whoever_is_preserved_keeps_the_licences_as_long() {
    let world = world(AdobeOnlyUserAction::Preserve);
    insta::assert_snapshot!(render::pass(&world), @"
    - month@x.test: remove Spark
    - week@x.test: remove Spark
    1/1/4/0/2/0/0/2
    ");
    insta::assert_snapshot!(waiting(&world), @"2026-12-01 today@x.test Spark");
}

#[test]
fn without_grace_everything_goes_at_once_and_nobody_is_remembered() {
    let world = world(AdobeOnlyUserAction::Delete).set(|config| config.grace = Grace::default());
    let plan = world.plan();
    assert_eq!(plan.changes.len(), 3);
    assert!(plan.waiting.is_empty() && plan.gone.is_empty());
}

#[test]
fn an_admin_waits_for_the_licences_alone() {
    let mut world = world(AdobeOnlyUserAction::Delete);
    world.accounts.truncate(1);
    let world = world.account("boss", &["Spark", "_org_admin"]);
    insta::assert_snapshot!(render::pass(&world), @"
    problem admin-kept boss@x.test
    1/1/2/0/2/0/0/0
    ");
    insta::assert_snapshot!(waiting(&world), @"2026-12-01 boss@x.test Spark");
}

#[test]
fn whoever_waits_counts_towards_the_limit() {
    let world = world(AdobeOnlyUserAction::Delete).limit(Limit::Count(2));
    let checked = world.checked();
    assert_eq!(
        checked.findings[0].name,
        FindingName::AdobeOnlyUsersOverLimit
    );
    assert!(checked.plan.changes.is_empty());
}

/// The memory after a pass of that day in which everything was done.
fn after(world: &World, today: Date) -> Known {
    let checked = world.checked();
    learnt(world, &checked, Some(ActionOutcome::Done), today, true)
}

fn learnt(
    world: &World,
    checked: &Checked,
    outcome: Option<ActionOutcome>,
    today: Date,
    all: bool,
) -> Known {
    let mut outcomes = Outcomes::nothing_sent(&checked.plan);
    outcomes.changes.fill(outcome);
    let mut known = world.known.clone();
    known.learn(checked, &outcomes, today, all);
    let once = known.clone();
    known.learn(checked, &outcomes, today, all);
    assert_eq!(known, once, "told twice it knows no more");
    known
}

fn gone_since(known: &Known, name: &str) -> Option<Date> {
    known.of(&key(name)).gone_since
}

#[test]
fn a_pass_remembers_who_is_gone_and_forgets_who_is_back() {
    let mut world = world(AdobeOnlyUserAction::Preserve);
    world.known = gone_for(&[("week", 7), ("ana", 3), ("elsewhere", 5)]);
    assert_eq!(world.plan().returned, [key("ana")]);
    let known = after(&world, TODAY);
    assert_eq!(gone_since(&known, "today"), Some(TODAY));
    assert_eq!(gone_since(&known, "week"), Some(TODAY - 7.days()));
    assert_eq!(gone_since(&known, "ana"), None);
    // Not even an account: somebody who is invited again begins anew.
    assert_eq!(gone_since(&known, "elsewhere"), None);
}

#[test]
fn who_was_not_read_keeps_their_day() {
    let mut world = world(AdobeOnlyUserAction::Preserve);
    world.known = gone_for(&[("week", 7), ("ana", 3), ("elsewhere", 5)]);
    let known = learnt(&world, &world.checked(), None, TODAY, false);
    assert_eq!(gone_since(&known, "elsewhere"), Some(TODAY - 5.days()));
    assert_eq!(gone_since(&known, "ana"), None);
}

#[test]
fn a_roster_that_was_not_read_whole_makes_nobody_gone_or_back() {
    for change in [
        (|world: &mut World| world.config.source.max_user_count = Some(1)) as fn(&mut World),
        |world| world.parts.district_state = Some("paused".to_owned()),
    ] {
        let mut world = world(AdobeOnlyUserAction::Preserve)
            .students(&["bo"])
            .enrol("bo", "Art");
        world.known = gone_for(&[("ana", 3)]);
        change(&mut world);
        assert!(!world.checked().findings.is_empty());
        let known = after(&world, TODAY);
        assert_eq!(gone_since(&known, "ana"), Some(TODAY - 3.days()));
        assert_eq!(gone_since(&known, "today"), None);
    }
}

#[test]
fn whoever_left_the_organization_is_forgotten_with_the_pass_after() {
    let mut world = world(AdobeOnlyUserAction::Delete);
    world.known = after(&world, TODAY);
    assert!(gone_since(&world.known, "week").is_some());
    world
        .accounts
        .retain(|account| account.email != Email::new("month@x.test"));
    assert_eq!(gone_since(&after(&world, TODAY), "month"), None);
}

#[test]
fn excluded_adobe_only_people_are_remembered_too() {
    let world = world(AdobeOnlyUserAction::Exclude);
    let plan = world.plan();
    assert_eq!(plan.gone, ["month", "today", "week"].map(key));
    assert!(plan.waiting.is_empty() && plan.adobe_only.is_empty());
}
