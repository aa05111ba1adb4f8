//! What the root file says of caution: limits, dates, grace, and whom no action names.

use std::time::Duration;

use roster_sync::config::pattern::Pattern;
use roster_sync::config::{Dates, Grace, Limits, MoreThan, Problems, Protected, WholeGroup};

use super::*;

fn with(lines: &str) -> Result<Config, Problems> {
    checked(format!("{ROOT}{lines}"), SOURCE, UMAPI)
}

fn limits(lines: &str) -> Result<Limits, Problems> {
    with(&format!("limits:\n{lines}")).map(|config| config.limits)
}

fn grace(text: &str) -> Result<Grace, Problems> {
    with(&format!("grace: {text}\n")).map(|config| config.grace)
}

fn protected(lines: &str) -> Result<Protected, Problems> {
    with(&format!("protected:\n{lines}")).map(|config| config.exclusions.protected)
}

/// The guards that have a number and a share: their keys, how they are read, and their defaults.
type Guard = (&'static str, fn(&Limits) -> MoreThan, u64, u8);
const GUARDS: [Guard; 5] = [
    ("max_group_removals", |limits| limits.group_removals, 50, 20),
    ("max_removals", |limits| limits.removals, 200, 10),
    ("max_people_missing", |limits| limits.people_missing, 50, 20),
    (
        "max_group_people_missing",
        |limits| limits.group_people_missing,
        5,
        50,
    ),
    (
        "max_other_identity_type",
        |limits| limits.other_identity_type,
        50,
        50,
    ),
];

#[test]
fn every_guard_is_on_in_a_file_that_does_not_mention_it() {
    for lines in ["", "  max_removals:\n  max_removals_percent: ~\n"] {
        let limits = limits(lines).unwrap();
        assert_eq!(limits, Limits::DEFAULT);
        for (key, of, count, percent) in GUARDS {
            assert_eq!(of(&limits), MoreThan { count, percent }, "{key}");
        }
        assert_eq!(limits.whole_group, WholeGroup(10));
        assert_eq!(limits.max_approval_age, Duration::from_hours(7 * 24));
    }
}

#[test]
fn a_guard_has_a_number_and_a_share_each_with_its_own_key() {
    for (key, of, default_count, default_percent) in GUARDS {
        let count = limits(&format!("  {key}: 1_000\n")).unwrap();
        let expected = MoreThan {
            count: 1000,
            percent: default_percent,
        };
        assert_eq!(of(&count), expected, "{key}");
        for share in ["0", "7", "'7 %'", "100", "100%"] {
            let percent = limits(&format!("  {key}_percent: {share}\n")).unwrap();
            let digits = share.replace(['%', ' ', '\''], "");
            let expected = MoreThan {
                count: default_count,
                percent: digits.parse().unwrap(),
            };
            assert_eq!(of(&percent), expected, "{key} {share}");
        }
        // Nothing else is another than in a file without these lines.
        let both = limits(&format!("  {key}: 0\n  {key}_percent: 0\n")).unwrap();
        let others = GUARDS.iter().filter(|(other, ..)| *other != key);
        for (other, of, count, percent) in others {
            let expected = MoreThan {
                count: *count,
                percent: *percent,
            };
            assert_eq!(of(&both), expected, "{other} beside {key}");
        }
    }
}

#[test]
fn other_limits_of_guards_and_approvals_have_ranges() {
    assert_eq!(
        limits("  never_empty_groups_of: 0\n").unwrap().whole_group,
        WholeGroup(0)
    );
    assert_eq!(
        limits("  never_empty_groups_of: 300\n")
            .unwrap()
            .whole_group,
        WholeGroup(300)
    );
    let days = |text: &str| {
        let limits = limits(&format!("  max_approval_age_days: {text}\n"));
        limits.map(|limits| limits.max_approval_age.as_secs() / 24 / 3600)
    };
    assert_eq!((days("1").unwrap(), days("90").unwrap()), (1, 90));
    assert!(days("0").is_err() && days("91").is_err());
    insta::assert_snapshot!(limits("  max_approval_age_days: 0\n  never_empty_groups_of: -1\n  max_removals: many\n  max_removals_percent: 101\n  max_people_missing_percent: '-1%'\n  max_group_removals_percent: 12.5\n").unwrap_err(), @"
    user-sync-config.yml:8:26: max_approval_age_days: '0' is not possible; write days from 1 to 90
    user-sync-config.yml:9:26: never_empty_groups_of: '-1' is negative; write digits alone, 0 or more
    user-sync-config.yml:10:17: max_removals: 'many' is not a whole number; write digits alone, 0 or more
    user-sync-config.yml:11:25: max_removals_percent: '101' is not a share in percent; write a whole number from 0 to 100. 100 switches this guard off
    user-sync-config.yml:12:31: max_people_missing_percent: '-1%' is not a share in percent; write a whole number from 0 to 100. 100 switches this guard off
    user-sync-config.yml:13:31: max_group_removals_percent: '12.5' is not a share in percent; write a whole number from 0 to 100. 100 switches this guard off
    ");
}

#[test]
fn a_share_in_the_place_of_a_number_is_sent_to_its_own_key() {
    insta::assert_snapshot!(limits("  max_group_removals: 50%\n  max_removals: '% 10 %'\n  never_empty_groups_of: 10%\n").unwrap_err(), @"
    user-sync-config.yml:8:23: max_group_removals: '50%' is a share, and here stands a number. Write max_group_removals_percent: 50; max_group_removals is the number beside it, and only what exceeds both is held
    user-sync-config.yml:9:17: max_removals: '% 10 %' is a share, and here stands a number. Write max_removals_percent: …; max_removals is the number beside it, and only what exceeds both is held
    user-sync-config.yml:10:26: never_empty_groups_of: '10%' is not a whole number; write digits alone, 0 or more
    ");
}

#[test]
fn misspelt_limits_are_recognized() {
    insta::assert_snapshot!(limits("  max_group_removal: 7\n  max_people_missing_percentage: 5\n  max_adobe_only_users_percent: 5\n  never_empty_groups: 5\n  max_approval_age_hours: 5\n  roster_shrink: 5\n").unwrap_err(), @"
    user-sync-config.yml:8:3: max_group_removal: this key is not known here; did you mean 'max_group_removals'?
    user-sync-config.yml:9:3: max_people_missing_percentage: this key is not known here; did you mean 'max_people_missing_percent'?
    user-sync-config.yml:10:3: max_adobe_only_users_percent: this key is not known here; did you mean 'max_adobe_only_users'?
    user-sync-config.yml:11:3: never_empty_groups: this key is not known here; did you mean 'never_empty_groups_of'?
    user-sync-config.yml:12:3: max_approval_age_hours: this key is not known here; did you mean 'max_approval_age_days'?
    user-sync-config.yml:13:3: roster_shrink: this key is not known here; possible are: max_adobe_only_users, max_plan_age_hours, max_directory_age_hours, max_approval_age_days, max_group_removals, max_group_removals_percent, never_empty_groups_of, max_removals, max_removals_percent, max_people_missing, max_people_missing_percent, max_group_people_missing, max_group_people_missing_percent, max_other_identity_type, max_other_identity_type_percent
    ");
    insta::assert_snapshot!(with("max_removals: 5\nlicences_days: 3\nforeign_accounts: Yes\nenrollments: No\n").unwrap_err(), @"
    user-sync-config.yml:7:1: max_removals: this key belongs below limits. Move it there, and indent it like the keys around it
    user-sync-config.yml:8:1: licences_days: this key belongs below grace. Move it there, and indent it like the keys around it
    user-sync-config.yml:9:1: foreign_accounts: this key belongs below protected. Move it there, and indent it like the keys around it
    user-sync-config.yml:10:1: enrollments: this key belongs below dates. Move it there, and indent it like the keys around it
    ");
    insta::assert_snapshot!(with("limits:\n  grace:\n    licences_days: 3\n  protected: {users: a}\n").unwrap_err(), @"
    user-sync-config.yml:8:3: grace: this key belongs below no other: it begins in column 1. Delete the blanks before it, and keep those before its own keys
    user-sync-config.yml:10:3: protected: this key belongs below no other: it begins in column 1. Delete the blanks before it, and keep those before its own keys
    ");
}

#[test]
fn each_sign_and_date_of_the_roster_can_be_switched_off() {
    let read = |text: &str| with(&format!("dates: {text}\n")).map(|config| config.dates);
    let on = Dates::default();
    assert_eq!(read("").unwrap(), on);
    assert_eq!(read("{terms: Yes, roles: On}").unwrap(), on);
    for (key, expected) in [
        (
            "status",
            Dates {
                status: false,
                ..on
            },
        ),
        (
            "enabled_user",
            Dates {
                enabled_user: false,
                ..on
            },
        ),
        ("terms", Dates { terms: false, ..on }),
        (
            "enrollments",
            Dates {
                enrollments: false,
                ..on
            },
        ),
        ("roles", Dates { roles: false, ..on }),
    ] {
        assert_eq!(read(&format!("{{{key}: No}}")).unwrap(), expected, "{key}");
    }
    insta::assert_snapshot!(read("{status: never, enabled: No, term: Off, state: No}").unwrap_err(), @"
    user-sync-config.yml:7:17: status: 'never' is neither Yes nor No
    user-sync-config.yml:7:24: enabled: this key is not known here; did you mean 'enabled_user'?
    user-sync-config.yml:7:37: term: this key is not known here; did you mean 'terms'?
    user-sync-config.yml:7:48: state: this key is not known here; possible are: status, enabled_user, terms, enrollments, roles
    ");
}

#[test]
fn grace_for_the_organization_is_at_least_that_for_licences() {
    let days = |licences, organization| Grace {
        licences,
        organization,
    };
    assert_eq!(grace("").unwrap(), days(0, 0));
    assert_eq!(grace("{licences_days: 14}").unwrap(), days(14, 14));
    assert_eq!(grace("{organization_days: 90}").unwrap(), days(0, 90));
    assert_eq!(
        grace("{licences_days: 14, organization_days: 14}").unwrap(),
        days(14, 14)
    );
    assert_eq!(
        grace("{licences_days: 0, organization_days: 3650}").unwrap(),
        days(0, 3650)
    );
    insta::assert_snapshot!(grace("{licences_days: 14, organization_days: 13}").unwrap_err(), @"user-sync-config.yml:7:47: organization_days: '13' is less than licences_days, which is 14 at 7:24, and who leaves the organization has no licence any more. Write 14 or more here, or lower licences_days");
    insta::assert_snapshot!(grace("{licences_days: 3651, organization_days: -1, days: 3}").unwrap_err(), @"
    user-sync-config.yml:7:24: licences_days: '3651' is not possible; write days from 0 to 3650
    user-sync-config.yml:7:49: organization_days: '-1' is negative; write digits alone, 0 or more
    user-sync-config.yml:7:53: days: this key is not known here; possible are: licences_days, organization_days
    ");
    insta::assert_snapshot!(grace("{licenses_days: two, organization_days: 1}").unwrap_err(), @"
    user-sync-config.yml:7:9: licenses_days: this key is not known here; did you mean 'licences_days'?
    user-sync-config.yml:7:24: licences_days: 'two' is not a whole number; write digits alone, 0 or more
    ");
    insta::assert_snapshot!(grace("14").unwrap_err(), @"user-sync-config.yml:7:8: grace: keys with values are expected below this one, on lines of their own and indented further");
}

#[test]
fn who_is_protected_is_a_list_or_one_value() {
    let patterns = |texts: &[&str]| -> Vec<Pattern> {
        texts
            .iter()
            .map(|text| Pattern::new(text).unwrap())
            .collect()
    };
    assert_eq!(protected("").unwrap(), Protected::default());
    assert_eq!(
        protected("  users:\n  domains: []\n  groups: ['']\n  foreign_accounts:\n").unwrap(),
        Protected::default()
    );
    let all = "  users: ['head\\..*', it@school.example]\n  domains: staff\\.school\\.example\n  groups:\n    - Board.*\n    - Contractors\n  foreign_accounts: Yes\n";
    assert_eq!(
        protected(all).unwrap(),
        Protected {
            users: patterns(&[r"head\..*", "it@school.example"]),
            domains: patterns(&[r"staff\.school\.example"]),
            groups: patterns(&["Board.*", "Contractors"]),
            foreign_accounts: true,
        }
    );
}

#[test]
fn a_pattern_that_could_protect_nobody_is_reported_and_never_repeated() {
    let problems = protected("  users: ['(planted', 'planted)|(.*']\n  domains:\n    - '.*@planted\\.example'\n    - '*.planted.example'\n  groups: ['::planted', 'planted::x', '[planted--x]']\n  foreign_accounts: maybe\n  person: planted\n").unwrap_err();
    assert!(
        !format!("{problems} {problems:?}").contains("planted"),
        "{problems}"
    );
    insta::assert_snapshot!(problems, @r"
    user-sync-config.yml:8:11: users: this is not a regular expression; a name as it is needs a \ before each of . + * ? ( ) [ ] { } ^ $ |
    user-sync-config.yml:8:23: users: this is not a regular expression; a name as it is needs a \ before each of . + * ? ( ) [ ] { } ^ $ |
    user-sync-config.yml:10:7: domains: no domain has an @. Write the domain alone, such as staff\.example\.org; a pattern for whole addresses belongs in users
    user-sync-config.yml:11:7: domains: this is not a regular expression; a name as it is needs a \ before each of . + * ? ( ) [ ] { } ^ $ |
    user-sync-config.yml:12:12: groups: what stands before :: would name an Adobe organization, and this version serves one. Write the name of the group alone
    user-sync-config.yml:12:25: groups: what stands before :: would name an Adobe organization, and this version serves one. Write the name of the group alone
    user-sync-config.yml:12:39: groups: inside [ ], each of [ & - ~ needs a \ before it where it stands for itself
    user-sync-config.yml:13:21: foreign_accounts: 'maybe' is neither Yes nor No
    user-sync-config.yml:14:3: person: this key is not known here; possible are: users, domains, groups, foreign_accounts
    ");
}

#[test]
fn a_mapping_that_feeds_a_protected_group_is_a_contradiction() {
    let root = root_with(
        "  groups:
    - directory_group: a
      adobe_groups:
        - Spark
        - BOARD two
    - directory_group: b
      adobe_groups: [' ::board one', Board two, Board two]
protected:
  groups:
    - Contractors
    - 'board.*'
",
    );
    insta::assert_snapshot!(root_problems(&root), @"
    user-sync-config.yml:11:11: adobe_groups: 'BOARD two' is protected: a pattern of protected.groups matches it, at 17:7, and nobody joins or leaves a protected group. Delete one of the two
    user-sync-config.yml:13:22: adobe_groups: 'board one' is protected: a pattern of protected.groups matches it, at 17:7, and nobody joins or leaves a protected group. Delete one of the two
    user-sync-config.yml:13:38: adobe_groups: 'Board two' is protected: a pattern of protected.groups matches it, at 17:7, and nobody joins or leaves a protected group. Delete one of the two
    ");
    assert!(checked(root.replace("board.*", "board"), SOURCE, UMAPI).is_ok());
    // Nobody knows what it means, and so it protects.
    let slow = root_with(&format!(
        "  groups:\n    - {{directory_group: a, adobe_groups: [{}]}}\nprotected: {{groups: '(a|b|ab)*(?=c)bac'}}\n",
        "ab".repeat(40)
    ));
    assert!(root_problems(&slow).contains("is protected"));
}
