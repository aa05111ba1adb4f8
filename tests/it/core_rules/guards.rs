//! What is held, and what goes on.

use roster_sync::config::options::{AdobeOnlyUserAction, Users};
use roster_sync::model::id::Email;
use roster_sync::model::roster::{Role, SkippedRecord};

use super::render;
use super::world::World;

/// Art is in the roster, `Gone` is in the mapping alone.
fn half_a_school() -> World {
    World::new()
        .map("classes::Art::students", &["Art"])
        .map("classes::Gone::students", &["Spark"])
        .class("Art", &["ana"], &[])
        .students(&["ana"])
        .account("ana", &["Spark", "Manual"])
        .account("art", &["Art"])
        .account("both", &["Art", "Spark"])
        .account("plain", &["Manual"])
}

#[test]
fn a_directory_group_that_is_not_found_is_not_empty() {
    insta::assert_snapshot!(render::pass(&half_a_school()), @"
    ~ ana@x.test: add Art (classes::Art::students)
    - art@x.test: remove Art
    held ana@x.test: remove Spark (directory-group-not-found)
    held both@x.test: remove Art, Spark (directory-group-not-found)
    found directory-group-not-found (3)
    1/1/4/0/1/0/1/2
    ");
}

#[test]
fn who_holds_a_group_that_is_not_found_stays_in_the_organization() {
    let world = half_a_school().action(AdobeOnlyUserAction::Remove);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: add Art (classes::Art::students)
    - art@x.test: remove from org
    - plain@x.test: remove from org
    held ana@x.test: remove Spark (directory-group-not-found)
    held both@x.test: remove from org (directory-group-not-found)
    found directory-group-not-found (2)
    1/1/4/0/1/0/1/2
    ");
    let world = half_a_school().action(AdobeOnlyUserAction::RemoveAdobeGroups);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: add Art (classes::Art::students)
    - art@x.test: remove all groups
    - plain@x.test: remove all groups
    held ana@x.test: remove Spark (directory-group-not-found)
    held both@x.test: remove all groups (directory-group-not-found)
    found directory-group-not-found (2)
    1/1/4/0/1/0/1/2
    ");
}

#[test]
fn without_groups_membership_says_nothing_so_all_adobe_only_people_stay() {
    let world = half_a_school()
        .action(AdobeOnlyUserAction::Remove)
        .with(|options| options.process_groups = false);
    insta::assert_snapshot!(render::pass(&world), @"
    held art@x.test: remove from org (directory-group-not-found)
    held both@x.test: remove from org (directory-group-not-found)
    held plain@x.test: remove from org (directory-group-not-found)
    found directory-group-not-found (3)
    1/1/4/0/4/0/0/0
    ");
}

#[test]
fn a_directory_group_that_only_selects_holds_all_adobe_only_people() {
    let world = half_a_school()
        .map("classes::Lost::students", &[])
        .action(AdobeOnlyUserAction::Remove);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: add Art (classes::Art::students)
    held ana@x.test: remove Spark (directory-group-not-found)
    held art@x.test: remove from org (directory-group-not-found)
    held both@x.test: remove from org (directory-group-not-found)
    held plain@x.test: remove from org (directory-group-not-found)
    found directory-group-not-found (2)
    found directory-group-not-found (3)
    1/1/4/0/3/0/1/0
    ");
    // With `users: all` pupils are read anyway.
    let world = world.with(|options| options.users = Users::All);
    assert!(render::pass(&world).contains("- art@x.test: remove from org"));
}

#[test]
fn a_district_that_is_paused_holds_every_removal() {
    let mut world = half_a_school();
    world.config.mapping.pop();
    world.parts.district_state = Some("paused".to_owned());
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: add Art (classes::Art::students)
    held art@x.test: remove Art (district-not-running)
    held both@x.test: remove Art (district-not-running)
    found district-not-running (2)
    1/1/4/0/3/0/1/0
    ");
    assert_eq!(world.checked().held_groups, world.desired().managed);
}

#[test]
fn a_limited_read_removes_nobody() {
    let world = half_a_school()
        .students(&["zoe"])
        .enrol("zoe", "Art")
        .account("zoe", &["Art"])
        .action(AdobeOnlyUserAction::Delete)
        .set(|config| {
            config.mapping.pop();
            config.source.max_user_count = Some(1);
        });
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: add Art (classes::Art::students)
    held art@x.test: delete (limited-read)
    held both@x.test: delete (limited-read)
    held plain@x.test: delete (limited-read)
    held zoe@x.test: delete (limited-read)
    found limited-read (4)
    1/1/5/0/4/0/1/0
    ");
}

#[test]
fn a_class_that_cannot_be_read_is_not_empty() {
    // Its pupils could be in any directory group of classes, one that only selects among them.
    let mut world = half_a_school()
        .map("schools::North::students", &["School"])
        .school("North")
        .account("old", &["School"])
        .action(AdobeOnlyUserAction::Remove);
    world.config.mapping.remove(1);
    world.parts.skipped.push(SkippedRecord {
        collection: "sections",
        id: None,
        reason: "the id is missing".to_owned(),
    });
    insta::assert_snapshot!(render::pass(&world), @"
    ~ ana@x.test: add Art (classes::Art::students), School (schools::North::students)
    - old@x.test: remove from org
    - plain@x.test: remove from org
    held art@x.test: remove from org (person-unusable)
    held both@x.test: remove from org (person-unusable)
    found person-unusable (2)
    problem record-skipped
    1/1/5/0/2/0/1/2
    ");
    let world = world
        .map("classes::Club::students", &[])
        .class("Club", &[], &[]);
    let text = render::pass(&world);
    assert!(text.contains("held old@x.test: remove from org"), "{text}");
}

/// Ana has no address, Bo has moved out of Art, and there are two accounts that could be Ana's.
fn nameless() -> World {
    World::new()
        .map("classes::Art::students", &["Art"])
        .class("Art", &["ana"], &[])
        .students(&["ana", "bo"])
        .but("ana", |person| person.email = None)
        .account("ana", &["Art"])
        .account("bo", &["Art", "Manual"])
        .account("ana2", &["Manual"])
        .which(|account| {
            account.first_name = Some("FÍRST".to_owned());
            account.last_name = Some("last  Ana".to_owned());
        })
        .but("ana", |person| person.given_name = Some("first".to_owned()))
        .action(AdobeOnlyUserAction::Remove)
}

#[test]
fn an_account_with_the_name_of_somebody_unusable_is_held() {
    insta::assert_snapshot!(render::pass(&nameless()), @"
    - ana@x.test: remove from org
    - bo@x.test: remove from org
    held ana2@x.test: remove from org (person-unusable)
    found person-unusable (1)
    problem email-unusable ana
    0/0/3/0/1/0/0/2
    ");
}

#[test]
fn without_a_name_the_groups_of_the_person_are_held() {
    let world = nameless().but("ana", |person| {
        person.given_name = None;
        person.family_name = None;
    });
    insta::assert_snapshot!(render::pass(&world), @"
    - ana2@x.test: remove from org
    held ana@x.test: remove from org (person-unusable)
    held bo@x.test: remove from org (person-unusable)
    found person-unusable (2)
    problem email-unusable ana
    0/0/3/0/2/0/0/1
    ");
}

#[test]
fn with_users_all_nobody_leaves_while_a_person_has_neither_name_nor_address() {
    let world = World::new()
        .map("classes::Art::students", &["Art"])
        .class("Art", &[], &[])
        .students(&["ana"])
        .but("ana", |person| {
            person.email = None;
            person.given_name = None;
            person.family_name = None;
        })
        .account("zed", &["Art"])
        .with(|options| options.users = Users::All);
    let removed = world.action(AdobeOnlyUserAction::Remove);
    insta::assert_snapshot!(render::pass(&removed), @"
    held zed@x.test: remove from org (person-unusable)
    found person-unusable (1)
    problem email-unusable ana
    0/0/1/0/1/0/0/0
    ");
    let preserved = removed.action(AdobeOnlyUserAction::Preserve);
    insta::assert_snapshot!(render::pass(&preserved), @"
    - zed@x.test: remove Art
    found person-unusable (0)
    problem email-unusable ana
    0/0/1/0/0/0/0/1
    ");
}

#[test]
fn a_half_name_holds_everybody_with_it() {
    let world = World::new()
        .map("classes::Art::users", &["Art"])
        .class("Art", &[], &["tea"])
        .person("tea", Role::Teacher)
        .but("tea", |person| {
            person.email = None;
            person.given_name = Some("Tea".to_owned());
            person.family_name = None;
        })
        .account("one", &["Art"])
        .which(|account| account.first_name = Some("Téa".to_owned()))
        .account("two", &["Art"]);
    insta::assert_snapshot!(render::pass(&world), @"
    - two@x.test: remove Art
    held one@x.test: remove Art (person-unusable)
    found person-unusable (1)
    problem email-unusable tea
    0/0/2/0/1/0/0/1
    ");
}

#[test]
fn every_finding_says_what_to_do() {
    let mut world = half_a_school()
        .students(&["zoe"])
        .enrol("zoe", "Art")
        .but("ana", |person| person.email = None)
        .set(|config| config.source.max_user_count = Some(1))
        .limit(roster_sync::config::Limit::Count(1));
    world.parts.district_state = Some("error".to_owned());
    let mut lines = Vec::new();
    for found in world.checked().findings {
        let name = found.name.as_str().to_owned();
        lines.extend([name, found.message, found.next_step]);
    }
    insta::assert_snapshot!(lines.join("\n"), @"
    directory-group-not-found
    The directory group 'classes::Gone::students' matches no class of the roster.
    Correct the name in the mapping (directory_users.groups of user-sync-config.yml) or in the roster; take the entry out of the mapping if the class is gone for good. Until then nobody is removed from Spark.
    district-not-running
    The district is in the state 'error', not 'running', so its roster may be old or empty.
    Wait until the district runs again, or ask its administrator why it does not; the next pass after that removes what is still due.
    limited-read
    max_user_count cut the roster to 1 person; everybody else only looks gone, so nobody is removed from anything.
    Set max_user_count to 0 in connector-oneroster.yml to read everybody: the limit is meant for trials.
    adobe-only-users-over-limit
    4 accounts are in Adobe and not among the selected people of the roster; limits.max_adobe_only_users allows 1. Nothing was done to them.
    Look at the plan: if these people should be dealt with, raise limits.max_adobe_only_users in user-sync-config.yml to at least 4; if not, something is missing in the roster or the mapping.
    person-unusable
    1 record of the roster could not be used: people without an e-mail address that Adobe takes, with one that is somebody else's or that many have, or with an unknown identity type, or records that cannot be read. They are not gone, so removals that could concern them are held.
    Correct the records in the roster; they are listed under problems.
    ");
}

#[test]
fn a_group_that_only_selects_holds_adobe_only_people_beside_one_that_feeds() {
    // Neither name nor address: with Lost alone nobody could tell whose account it is, and Art does not help.
    let world = World::new()
        .map("classes::Art::students", &["Art"])
        .map("classes::Lost::students", &[])
        .class("Art", &["ana", "eve"], &[])
        .class("Lost", &["eve"], &[])
        .students(&["ana", "eve"])
        .but("eve", |person| {
            person.email = None;
            person.given_name = None;
            person.family_name = None;
        })
        .account("ana", &["Art"])
        .account("eve", &["Manual"])
        .action(AdobeOnlyUserAction::Delete);
    insta::assert_snapshot!(render::pass(&world), @"
    held eve@x.test: delete (person-unusable)
    found person-unusable (1)
    problem email-unusable eve
    1/1/2/0/2/0/0/0
    ");
}

#[test]
fn an_account_with_the_address_of_somebody_unusable_is_held() {
    // Adobe would not take the address for a new account, but has one with it, under another name.
    let long = format!("{}@x.test", "e".repeat(60));
    let world = World::new()
        .map("classes::Art::students", &["Art"])
        .class("Art", &["ana", "eve"], &[])
        .students(&["ana", "eve"])
        .but("eve", |person| person.email = Some(long.to_uppercase()))
        .account("ana", &["Art"])
        .account("eve", &["Art"])
        .which(|account| {
            account.email = Email::new(&long);
            account.username = Some(long.clone());
            account.first_name = Some("Evie".to_owned());
        })
        .action(AdobeOnlyUserAction::Remove);
    let checked = world.checked();
    assert!(checked.plan.changes.is_empty());
    assert_eq!(checked.held.len(), 1);
    assert_eq!(checked.findings[0].held, 1);
}
