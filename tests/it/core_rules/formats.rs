//! How accounts are made of people: formats and login names.

use roster_sync::config::format::Format;
use roster_sync::config::options::AdobeOnlyUserAction;
use roster_sync::model::id::{Email, IdentityType};
use roster_sync::reconcile::action::Batch;
use roster_sync::reconcile::pack::pack;

use super::render;
use super::world::World;

/// Ana and Bo of Art, which feeds Spark.
fn art() -> World {
    World::new()
        .map("classes::Art::students", &["Spark"])
        .class("Art", &["ana", "bo"], &[])
        .students(&["ana", "bo"])
}

/// Login names stand in `login`.
fn with_logins() -> World {
    art().format(|formats| formats.username = Some(Format::attribute("Login")))
}

#[test]
fn every_value_comes_from_its_format() {
    let world = art()
        .format(|formats| {
            formats.email = Format::attribute("mail");
            formats.given_name = Format::attribute("nick");
            formats.surname = Format::attribute("email");
            formats.country = Some(Format::attribute("land"));
            formats.identity_type = Some(Format::attribute("kind"));
        })
        .tell("ana", "mail", " Ana@Y.test ")
        .tell("ana", "nick", "Annie")
        .tell("ana", "nick", "second")
        .tell("ana", "land", "no")
        .tell("ana", "kind", " ENTERPRISEID ")
        .tell("bo", "mail", "bo@y.test");
    insta::assert_snapshot!(render::pass(&world), @"
    + Ana@Y.test: create enterpriseID NO [Annie, ana@x.test]; add Spark (classes::Art::students)
    + bo@y.test: create federatedID US [?, bo@x.test]; add Spark (classes::Art::students)
    2/2/0/0/0/2/0/0
    ");
}

#[test]
fn an_identity_type_that_is_none_leaves_the_person_out_and_holds_what_could_be_theirs() {
    let world = art()
        .format(|formats| formats.identity_type = Some(Format::attribute("kind")))
        .tell("ana", "kind", "federated_id")
        .account("ana", &["Spark"])
        .account("namesake", &["Spark"])
        .which(|account| {
            account.first_name = Some("First ana".to_owned());
            account.last_name = Some("Last ana".to_owned());
        })
        .account("bo", &["Spark"])
        .action(AdobeOnlyUserAction::Remove);
    // Ana has an account under her address, so the other one is not hers.
    insta::assert_snapshot!(render::pass(&world), @"
    - namesake@x.test: remove from org
    held ana@x.test: remove from org (person-unusable)
    found person-unusable (1)
    problem identity-type-unknown ana@x.test ana
    1/1/3/0/2/0/0/1
    ");
}

#[test]
fn a_country_that_is_none_is_replaced_and_reported_for_new_accounts() {
    let world = art()
        .format(|formats| formats.country = Some(Format::attribute("land")))
        .tell("ana", "land", "Norway")
        .tell("bo", "land", "Norway")
        .account("bo", &["Spark"]);
    insta::assert_snapshot!(render::pass(&world), @"
    + ana@x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    problem country-unusable ana@x.test
    2/2/1/0/1/1/0/0
    ");
    let world = world.set(|config| config.default_country = None);
    insta::assert_snapshot!(render::pass(&world), @"
    problem country-missing ana@x.test
    2/2/1/0/1/0/0/0
    ");
}

#[test]
fn a_login_name_without_a_domain_has_that_of_the_address() {
    let world = with_logins().tell("ana", "login", "ana77");
    insta::assert_snapshot!(render::pass(&world), @"
    + ana77 in x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    + bo@x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    2/2/0/0/0/2/0/0
    ");
    let world = world
        .format(|formats| formats.domain = Some(Format::attribute("realm")))
        .tell("ana", "realm", "y.test");
    assert!(render::changes(&world.checked()).contains("+ ana77 in y.test: create"));
}

#[test]
fn a_login_name_that_is_an_address_names_the_new_account_alone() {
    let groups: Vec<String> = (0..101).map(|n| format!("Group {n:03}")).collect();
    let names: Vec<&str> = groups.iter().map(String::as_str).collect();
    let world = World::new()
        .map("classes::Art::students", &names)
        .class("Art", &["ana"], &[])
        .students(&["ana"])
        .format(|formats| formats.username = Some(Format::attribute("login")))
        .tell("ana", "login", "a.lund@y.test");
    let batches = pack(&world.checked().plan);
    let users: Vec<_> = batches
        .iter()
        .flat_map(Batch::actions)
        .filter_map(|action| action.target.address())
        .map(|address| address.user.as_str())
        .collect();
    // Such a name finds nobody afterwards.
    assert_eq!(users, ["a.lund@y.test", "ana@x.test"]);
}

#[test]
fn an_account_is_found_by_login_name_or_by_address_and_keeps_its_login_name() {
    let world = with_logins()
        .tell("ana", "login", "ana77")
        .tell("bo", "login", "bo77")
        .account("old", &[])
        .which(|account| account.username = Some("ANA77".to_owned()))
        .account("bo", &[])
        .which(|account| account.username = Some("b.olsen@x.test".to_owned()))
        .with(|options| options.update_user_info = true);
    insta::assert_snapshot!(render::pass(&world), @"
    ~ bo@x.test: add Spark (classes::Art::students)
    ~ old@x.test: set email ana@x.test; set username ANA77; set first First ana; set last Last ana; add Spark (classes::Art::students)
    2/2/2/0/0/0/2/0
    ");
}

#[test]
fn another_domain_is_another_login_name() {
    let world = with_logins()
        .tell("ana", "login", "ana77")
        .account("old", &["Spark"])
        .which(|account| {
            account.username = Some("ana77".to_owned());
            account.domain = Some("z.test".to_owned());
        });
    insta::assert_snapshot!(render::pass(&world), @"
    + ana77 in x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    + bo@x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    - old@x.test: remove Spark
    2/2/1/0/0/2/0/1
    ");
}

#[test]
fn only_federated_accounts_are_made_with_a_login_name_of_their_own() {
    for identity_type in [IdentityType::Enterprise, IdentityType::Adobe] {
        let world = with_logins()
            .tell("ana", "login", "ana77")
            .tell("bo", "login", "BO@x.test")
            .set(|config| config.identity_type = identity_type);
        assert_eq!(
            render::pass(&world),
            format!(
                "+ bo@x.test: create {identity_type} US [First bo, Last bo]; add Spark (classes::Art::students)\n\
                 problem username-not-email ana@x.test\n2/2/0/0/0/1/0/0\n"
            )
        );
        // Who has an account is found by the address.
        let world = world.account("ana", &[]).which(|account| {
            account.identity_type = identity_type;
        });
        assert!(render::pass(&world).starts_with("~ ana@x.test: add Spark"));
    }
}

#[test]
fn one_login_name_is_one_account() {
    let world = with_logins()
        .tell("ana", "login", "both")
        .tell("bo", "login", "Both")
        .account("bo", &["Spark"])
        .action(AdobeOnlyUserAction::Delete);
    // The account with Bo's address could be theirs, too.
    insta::assert_snapshot!(render::pass(&world), @"
    + both in x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    problem username-shared ana@x.test ana
    1/1/1/0/1/1/0/0
    ");
}

#[test]
fn one_address_is_one_account_whatever_the_login_names() {
    let world = with_logins()
        .tell("ana", "login", "ana77")
        .tell("bo", "login", "bo77")
        .but("bo", |person| person.email = Some("ANA@x.test".to_owned()))
        .account("x", &["Spark"])
        .which(|account| account.username = Some("bo77".to_owned()))
        .action(AdobeOnlyUserAction::Delete);
    insta::assert_snapshot!(render::pass(&world), @"
    + ana77 in x.test: create federatedID US [First ana, Last ana]; add Spark (classes::Art::students)
    problem email-shared ana@x.test ana
    1/1/1/0/1/1/0/0
    ");
}

#[test]
fn a_login_name_that_is_somebody_elses_address_is_not_created() {
    let world = with_logins()
        .tell("ana", "login", "zed@x.test")
        .account("zed", &["Spark"])
        .which(|account| account.username = Some("z77".to_owned()));
    insta::assert_snapshot!(render::pass(&world), @"
    + bo@x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    found person-unusable (0)
    problem address-taken ana@x.test
    2/2/1/0/1/1/0/0
    ");
}

#[test]
fn a_login_name_that_is_the_address_of_another_new_person_is_not_created() {
    let world = with_logins()
        .tell("ana", "login", "bo@x.test")
        .tell("bo", "login", "b77");
    insta::assert_snapshot!(render::pass(&world), @"
    + b77 in x.test: create federatedID US [First bo, Last bo]; add Spark (classes::Art::students)
    found person-unusable (0)
    problem address-taken ana@x.test
    2/2/0/0/0/1/0/0
    ");
}

#[test]
fn an_address_that_stands_in_a_further_account_is_not_given_to_this_one() {
    let world = art()
        .account("ana", &["Spark"])
        .which(|account| account.email = Email::new("old@x.test"))
        .account("ana", &["Spark"])
        .which(|account| account.username = Some("further@x.test".to_owned()))
        .account("bo", &["Spark"])
        .with(|options| options.update_user_info = true);
    insta::assert_snapshot!(render::pass(&world), @"
    problem address-taken ana@x.test
    2/2/3/0/3/0/0/0
    ");
}

#[test]
fn fixed_text_around_a_blank_name_names_nobody() {
    let world = art()
        .but("ana", |person| {
            person.email = None;
            person.family_name = None;
        })
        .format(|formats| formats.given_name = Format::attribute("nick"))
        .account("zed", &["Spark"]);
    // Neither name is told, so the group is held.
    assert_eq!(world.desired().unusable[0].name, None);
    assert!(render::pass(&world).contains("held zed@x.test: remove Spark (person-unusable)"));
}
