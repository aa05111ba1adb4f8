//! `plan.txt`.

use roster_sync::config::options::Mode;
use roster_sync::reconcile::guard::Checked;
use roster_sync::report::{PlanInput, plan_txt};

use super::{dated, fixture};

/// A plan of mode `plan`, with the hash of what it holds.
pub(super) fn plan(checked: &Checked) -> String {
    plan_of(checked, Mode::Plan)
}

fn plan_of(checked: &Checked, mode: Mode) -> String {
    plan_txt(&PlanInput {
        run_id: fixture::RUN_ID,
        today: "2026-11-23".parse().unwrap(),
        mode,
        held_hash: Some("abc123").filter(|_| !checked.held.is_empty()),
        checked,
    })
}

#[test]
fn the_plan_for_people_goes_group_by_group() {
    insta::assert_snapshot!(plan(&fixture::checked()), @r#"
    Plan for 2026-11-23 of pass 20261124T050000Z-0123abcd. Mode plan: nothing of it is sent.
    1 new account, 2 changed accounts, 1 changed Adobe-only account.
    3 memberships come, 3 memberships go. 2 accounts have something held.

    HELD: a guard keeps this from being sent
      directory-group-not-found: The roster holds nothing that "classes::Art 9::students" matches.
        It holds 2 removals.
        What to do: Correct the name in the mapping.
      To let it go all the same, put this into the bucket as approvals/<any name>.json:
        {"run_id": "20261124T050000Z-0123abcd",
         "hash": "abc123"}
      It lets through what is held here and is planned again by then, and nothing else.

      members     join    leave     held  Adobe group
                     1        1           All Apps
                     2        2           Spark
                                       2  Stock

    HELD: Stock (1 keeps it)
      = 1: held by directory-group-not-found; in no directory group that feeds it (but in classes::Art 1::students)
          ben@example.org

    HELD: whole accounts (1 stays as it is)
      = fay@example.org: held by directory-group-not-found; planned: leaves the organization

    All Apps (+1 -1)
      + Ann@example.org: classes::Art 1::students, schools::North::users
      - ben@example.org: in no directory group that feeds it (but in classes::Art 1::students)

    Spark (+2 -2)
      + 2: classes::Art 1::students
          Ann@example.org, ben@example.org
      - dan@example.org: Adobe-only
      - cleo@example.org: in no directory group that feeds it (and in no other)

    New accounts (1)
      + Ann@example.org: federatedID (classes::Art 1::students, schools::North::users)

    Changed names and addresses (1)
      ~ ben@example.org: first name

    Adobe-only accounts (1)
      - dan@example.org: loses Spark

    In all
      New user groups: 0
      New accounts: 1
      Accounts of roster people that change: 2
      Adobe-only accounts that change: 1
      Memberships that are added: 3
      Memberships that are removed: 3
      Removed memberships that a date ended: 0
      Accounts of which something is held: 2
      Memberships that are held: 2
    "#);
}

#[test]
fn a_plan_with_nothing_to_do_says_so() {
    insta::assert_snapshot!(plan(&Checked::default()), @"
    Plan for 2026-11-23 of pass 20261124T050000Z-0123abcd. Mode plan: nothing of it is sent.
    Nothing to send. 0 accounts are held.
    ");
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
    insta::assert_snapshot!(plan(&checked), @"
    Plan for 2026-11-23 of pass 20261124T050000Z-0123abcd. Mode plan: nothing of it is sent.
    1 changed Adobe-only account.
    0 memberships come, 2 memberships go. 0 accounts have something held.

      members     join    leave     held  Adobe group
                              1           Spark
                              1           Stock

    Spark (+0 -1)
      - gil@example.org: Adobe-only

    Stock (+0 -1)
      - gil@example.org: Adobe-only

    Adobe-only accounts (1)
      - gil@example.org: leaves the organization, and the account is deleted

    In all
      New user groups: 0
      New accounts: 0
      Accounts of roster people that change: 0
      Adobe-only accounts that change: 1
      Memberships that are added: 0
      Memberships that are removed: 2
      Removed memberships that a date ended: 0
      Accounts of which something is held: 0
      Memberships that are held: 0
    ");
}

#[test]
fn user_groups_that_are_made_stand_first() {
    let mut checked = fixture::with_new_groups();
    checked.plan.changes.clear();
    checked.held.clear();
    checked.findings.clear();
    insta::assert_snapshot!(plan(&checked), @"
    Plan for 2026-11-23 of pass 20261124T050000Z-0123abcd. Mode plan: nothing of it is sent.
    2 new user groups.
    0 memberships come, 0 memberships go. 0 accounts have something held.

    New user groups
      + Spark
      + Stock

    In all
      New user groups: 2
      New accounts: 0
      Accounts of roster people that change: 0
      Adobe-only accounts that change: 0
      Memberships that are added: 0
      Memberships that are removed: 0
      Removed memberships that a date ended: 0
      Accounts of which something is held: 0
      Memberships that are held: 0
    ");
}

#[test]
fn a_push_is_told_once_for_all_and_counted_by_group() {
    insta::assert_snapshot!(plan(&fixture::pushed()), @"
    Plan for 2026-11-23 of pass 20261124T050000Z-0123abcd. Mode plan: nothing of it is sent.

    In all
      Accounts that are pushed: 2
      Memberships that are asked for: 2
      Removals that are asked for: 4
      Accounts of which something is held: 0

    Accounts that are made where they do not exist (2)
      + 2: federatedID
          all users (1): Ann@example.org
          classes::Art 1::students (1): ben@example.org

    Everybody who is named here is taken out of the other mapped groups, whether or not they are in them: 2 people, 4 removals.

    All Apps (+0 -2)

    Spark (+1 -1)
      + ben@example.org: classes::Art 1::students

    Stock (+1 -1)
      + ben@example.org: classes::Art 1::students
    ");
}

#[test]
fn a_plan_is_read_from_its_numbers_to_its_names() {
    insta::assert_snapshot!(plan(&dated::checked()));
}

#[test]
fn a_plan_says_what_becomes_of_it() {
    let first = |mode| {
        let text = plan_of(&fixture::checked(), mode);
        text.lines().next().unwrap().to_owned()
    };
    assert!(first(Mode::Plan).ends_with("Mode plan: nothing of it is sent."));
    assert!(first(Mode::Test).ends_with("Mode test: Adobe checks it and changes nothing."));
    assert!(first(Mode::Apply).ends_with("Mode apply: it is sent."));
}

#[test]
fn a_long_plan_lists_everybody_on_lines_that_a_terminal_has() {
    let checked = dated::semester(2_000);
    let text = plan(&checked);
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?}");
    assert!(
        text.contains("\n  - 2,000: the term 'Fall 2026' ended on 2026-11-22\n"),
        "{text}"
    );
    assert!(
        text.contains("\n      classes::Art 7::students (20): "),
        "{text}"
    );
    for change in &checked.plan.changes {
        let email = change.email.as_str();
        assert_eq!(text.matches(email).count(), 1, "{email}");
    }
    // What it is about stands on the first page.
    let page: Vec<&str> = text.lines().take(12).collect();
    assert!(
        page.join("\n")
            .contains("    2,500             2,000           All Apps"),
        "{page:#?}"
    );
}

#[test]
fn a_push_tells_what_is_held_and_what_approvals_did() {
    let mut checked = fixture::pushed();
    checked.held = fixture::held();
    checked.findings = fixture::checked().findings;
    checked.approvals = dated::approvals();
    let text = plan(&checked);
    let parts = [
        "Plan for 2026-11-23",
        "HELD: a guard keeps this",
        "HELD: Stock (1 keeps it)",
        "HELD: whole accounts (1 stays as it is)",
        "Approvals",
    ];
    let places = parts.map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}")));
    assert!(places.is_sorted());
}
