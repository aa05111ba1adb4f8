//! Whom a pass leaves alone, and what it may change.

use std::collections::BTreeSet;

use roster_sync::config::{Exclusions, UpdateAttribute};
use roster_sync::model::id::{GroupName, IdentityType};

use super::*;

fn adobe_users(below: &str) -> String {
    ROOT.replace("adobe_users:\n", &format!("adobe_users:\n{below}"))
}

#[test]
fn exclusions_are_lists_or_single_values() {
    let root = adobe_users(
        "  exclude_identity_types: [adobeID, ' EnterpriseID ']\n  exclude_adobe_groups:\n    - All Staff\n    - ALL STAFF\n    - _org_admin\n  exclude_users:\n    - .*@school.example\n    - 'admin\\..*'\n",
    );
    let exclusions = checked(root, SOURCE, UMAPI).unwrap().exclusions;
    assert_eq!(
        exclusions.identity_types,
        BTreeSet::from([IdentityType::Adobe, IdentityType::Enterprise])
    );
    assert_eq!(
        exclusions.groups,
        BTreeSet::from([GroupName::new("all staff"), GroupName::new("_org_admin")])
    );
    let excluded = |name: &str| {
        let mut patterns = exclusions.users.iter();
        patterns.any(|pattern| pattern.matches(name).unwrap())
    };
    assert!(excluded("Ana@School.Example") && excluded("admin.one"));
    assert!(!excluded("ana@school.example.org"));
    let root = adobe_users(
        "  exclude_identity_types: adobeid\n  exclude_adobe_groups: '::A'\n  exclude_users: a\n",
    );
    let exclusions = checked(root, SOURCE, UMAPI).unwrap().exclusions;
    assert_eq!(exclusions.identity_types.len(), 1);
    assert_eq!(exclusions.groups, BTreeSet::from([GroupName::new("A")]));
    assert_eq!(exclusions.users.len(), 1);
    let root = adobe_users(
        "  exclude_identity_types:\n  exclude_adobe_groups: []\n  exclude_users: ['']\n",
    );
    let config = checked(root, SOURCE, UMAPI).unwrap();
    assert_eq!(config.exclusions, Exclusions::default());
}

#[test]
fn a_bad_exclusion_is_reported_at_its_place_and_no_pattern_is_repeated() {
    let root = adobe_users(
        "  exclude_identity_types: [adobe, planted, federated_id]\n  exclude_adobe_groups:\n    - east::Staff\n    - '::'\n  exclude_users:\n    - .*@school.example\n    - '(planted'\n    - 'planted)|(.*'\n    - '[planted--x]'\n",
    );
    let problems = root_problems(&root.replace("planted,", "adobeI,"));
    assert!(!problems.contains("planted"), "{problems}");
    insta::assert_snapshot!(problems, @r#"
    user-sync-config.yml:2:28: exclude_identity_types: 'adobe' is not known; did you mean 'adobeID'?
    user-sync-config.yml:2:35: exclude_identity_types: 'adobeI' is not known; did you mean 'adobeID'?
    user-sync-config.yml:2:43: exclude_identity_types: 'federated_id' is not known; did you mean 'federatedID'?
    user-sync-config.yml:4:7: exclude_adobe_groups: 'east::Staff' names the Adobe organization 'east', which is not known: this version serves one organization. Write 'Staff' if the group is in your own
    user-sync-config.yml:5:7: exclude_adobe_groups: '::' has no group name
    user-sync-config.yml:8:7: exclude_users: this is not a regular expression; a name as it is needs a \ before each of . + * ? ( ) [ ] { } ^ $ |
    user-sync-config.yml:9:7: exclude_users: this is not a regular expression; a name as it is needs a \ before each of . + * ? ( ) [ ] { } ^ $ |
    user-sync-config.yml:10:7: exclude_users: inside [ ], each of [ & - ~ needs a \ before it where it stands for itself
    "#);
}

#[test]
fn attributes_to_update_are_chosen_by_name() {
    let read = |text: &str| {
        let root = adobe_users(&format!("  update_attributes: {text}\n"));
        checked(root, SOURCE, UMAPI).map(|config| config.update_attributes)
    };
    let all = BTreeSet::from(UpdateAttribute::ALL);
    assert_eq!(read("[email, firstname, lastname]").unwrap(), all);
    assert_eq!(read("").unwrap(), all);
    assert_eq!(read("[]").unwrap(), all);
    assert_eq!(
        read("[Firstname, lastname]").unwrap(),
        BTreeSet::from([UpdateAttribute::FirstName, UpdateAttribute::LastName])
    );
    assert_eq!(
        read("email").unwrap(),
        BTreeSet::from([UpdateAttribute::Email])
    );
    insta::assert_snapshot!(read("[username, e-mail, surname, country]").unwrap_err(), @"
    user-sync-config.yml:2:23: update_attributes: the login name of an account is never changed: people sign in with it. Leave username out
    user-sync-config.yml:2:33: update_attributes: 'e-mail' is not known; did you mean 'email'?
    user-sync-config.yml:2:41: update_attributes: 'surname' is not known; possible are: firstname, lastname, email
    user-sync-config.yml:2:50: update_attributes: 'country' is not known; possible are: firstname, lastname, email
    ");
}

#[test]
fn additional_groups_have_no_effect_as_in_ust() {
    let root = root_with(
        "  additional_groups:\n    - source: '('\n      target: x\n  group_sync_options:\n    auto_create: Yes\n",
    );
    let config = checked(root, SOURCE, UMAPI).unwrap();
    assert!(config.auto_create);
    insta::assert_snapshot!(config.notices.join("\n"), @"user-sync-config.yml: additional_groups has no effect: its rules go by the groups that a directory lists with each person, and a roster lists none. So it was in User Sync Tool");
    assert!(!checked(ROOT, SOURCE, UMAPI).unwrap().auto_create);
    insta::assert_snapshot!(root_problems(&root_with("  group_sync_options: {auto_create: maybe, autocreate: No}\n")), @"
    user-sync-config.yml:7:37: auto_create: 'maybe' is neither Yes nor No
    user-sync-config.yml:7:44: autocreate: this key is not known here; did you mean 'auto_create'?
    ");
}
