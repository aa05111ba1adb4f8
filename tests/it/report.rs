//! What a pass says about itself.

mod fixture;
mod lines;
mod progress;
mod summary;

use roster_sync::reconcile::guard::Checked;
use roster_sync::report::plan_txt;

#[test]
fn the_plan_for_people_goes_group_by_group() {
    insta::assert_snapshot!(plan_txt(&fixture::checked()), @r#"
    In all
      New user groups: 0
      New accounts: 1
      Accounts of roster people that change: 2
      Adobe-only accounts that change: 1
      Memberships that are added: 3
      Memberships that are removed: 3
      Accounts of which something is held: 2

    HELD: a guard keeps this from being sent
      directory-group-not-found: The roster holds nothing that "classes::Art 9::students" matches.
        It holds what 2 accounts would lose.
        What to do: Correct the name in the mapping.
      = fay@example.org is left as it is; planned: leaves the organization (directory-group-not-found)
      = ben@example.org keeps Stock (directory-group-not-found)

    New accounts
      + Ann@example.org (federatedID): classes::Art 1::students, schools::North::users

    Changed names and addresses
      ~ ben@example.org: first name

    All Apps (+1 -1)
      + Ann@example.org: classes::Art 1::students, schools::North::users
      - ben@example.org: in no directory group that feeds it, but in classes::Art 1::students

    Spark (+2 -2)
      + Ann@example.org: classes::Art 1::students
      + ben@example.org: classes::Art 1::students
      - cleo@example.org: in no directory group that feeds it
      - dan@example.org: Adobe-only

    Adobe-only accounts
      - dan@example.org loses Spark
    "#);
}

#[test]
fn a_plan_with_nothing_to_do_says_so() {
    insta::assert_snapshot!(plan_txt(&Checked::default()), @"Nothing to send. 0 accounts are held.");
}

#[test]
fn accounts_that_lose_everything_are_listed_under_every_group() {
    let mut checked = fixture::checked();
    checked.plan.changes = vec![fixture::leaver(
        "gil@example.org",
        &["Spark", "Stock"],
        true,
    )];
    checked.held.clear();
    checked.findings.clear();
    insta::assert_snapshot!(plan_txt(&checked), @r#"
    In all
      New user groups: 0
      New accounts: 0
      Accounts of roster people that change: 0
      Adobe-only accounts that change: 1
      Memberships that are added: 0
      Memberships that are removed: 2
      Accounts of which something is held: 0

    Spark (+0 -1)
      - gil@example.org: Adobe-only

    Stock (+0 -1)
      - gil@example.org: Adobe-only

    Adobe-only accounts
      - gil@example.org leaves the organization, and the account is deleted
    "#);
}

#[test]
fn user_groups_that_are_made_stand_first() {
    let mut checked = fixture::with_new_groups();
    checked.plan.changes.clear();
    checked.held.clear();
    checked.findings.clear();
    insta::assert_snapshot!(plan_txt(&checked), @"
    In all
      New user groups: 2
      New accounts: 0
      Accounts of roster people that change: 0
      Adobe-only accounts that change: 0
      Memberships that are added: 0
      Memberships that are removed: 0
      Accounts of which something is held: 0

    New user groups
      + Spark
      + Stock
    ");
}

#[test]
fn a_push_is_told_once_for_all_and_counted_by_group() {
    insta::assert_snapshot!(plan_txt(&fixture::pushed()), @"
    In all
      Accounts that are pushed: 2
      Memberships that are asked for: 2
      Removals that are asked for: 4
      Accounts of which something is held: 0

    Accounts that are made where they do not exist
      + ben@example.org (federatedID): classes::Art 1::students
      + Ann@example.org (federatedID): all users

    Everybody who is named here is taken out of the other mapped groups, whether or not they are in them: 2 people, 4 removals.

    All Apps (+0 -2)

    Spark (+1 -1)
      + ben@example.org: classes::Art 1::students

    Stock (+1 -1)
      + ben@example.org: classes::Art 1::students
    ");
}
