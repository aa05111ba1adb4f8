//! Keys that are used, and how they are spelt.

use std::time::Duration;

use roster_sync::config::{Limit, Problems};
use roster_sync::model::id::GroupName;

use super::*;

#[test]
fn both_spellings_of_a_key_are_one_key() {
    let source =
        format!("{SOURCE}  max_users: 7\nschema:\n  match_groups_on: [name, NAME, sis_id]\n");
    let config = checked(ROOT, source, UMAPI).unwrap();
    assert_eq!(config.source.max_user_count, Some(7));
    assert_eq!(config.source.match_groups_by, ["name", "sis_id"]);
    let both = format!(
        "{SOURCE}  max_users: 7\n  max_user_count: 7\n  key_identifier: id\nschema:\n  match_groups_on: name\n  match_groups_by: name\n  key_identifier: id\n"
    );
    insta::assert_snapshot!(source_problems(&both), @"
    connector-oneroster.yml:4:3: max_users: max_user_count stands at 5:3 already, and both mean the same. Keep one of them
    connector-oneroster.yml:8:3: match_groups_on: match_groups_by stands at 9:3 already, and both mean the same. Keep one of them
    connector-oneroster.yml:10:3: key_identifier: this setting stands at 6:3 already, and both mean the same. Keep one of them
    ");
    let generations =
        format!("{SOURCE}schema:\n  match_groups_by: name\nmapping:\n  mode: standard\n");
    insta::assert_snapshot!(source_problems(&generations), @"connector-oneroster.yml:6:1: mapping: schema at 4:1 means the same. Keep one of the two sections");
}

#[test]
fn an_empty_key_is_an_absent_key() {
    let source = format!(
        "{SOURCE}  page_size:\n  max_user_count: ~\n  client_id: ''\nschema:\n  match_groups_by: null\nuser_email_format:\n"
    );
    let config = checked(ROOT, source, UMAPI).unwrap();
    assert_eq!(config.source.page_size, 1000);
    let root = format!(
        "{ROOT}  extension:\n  additional_groups:\n  groups:\nlimits:\ninvocation_defaults:\n  users:\n"
    );
    assert!(checked(root, SOURCE, "enterprise:\nserver:\n").is_ok());
}

#[test]
fn names_stay_texts_and_repeated_entries_accumulate() {
    let root = root_with(
        "  groups:
  - {directory_group: 101, adobe_groups: [No, 1.0, no]}
  - {directory_group: Yes, adobe_groups: null}
  - {directory_group: '101', adobe_groups: Extra}
  -
",
    );
    let config = checked(root, SOURCE, UMAPI).unwrap();
    assert_eq!(config.mapping.len(), 2);
    let groups: Vec<&str> = config.mapping[0]
        .adobe_groups
        .iter()
        .map(GroupName::as_str)
        .collect();
    assert_eq!(groups, ["No", "1.0", "Extra"]);
    assert_eq!(config.mapping[1].name, "yes");
}

#[test]
fn a_country_that_looks_like_a_boolean_is_a_country() {
    let config = checked(root_with("  default_country_code: NO\n"), SOURCE, UMAPI).unwrap();
    assert_eq!(config.default_country.unwrap().as_str(), "NO");
}

#[test]
fn limits_are_numbers_or_shares() {
    let limit = |text: &str| {
        let root = format!("{ROOT}limits:\n  max_adobe_only_users: {text}\n");
        checked(root, SOURCE, UMAPI).map(|config| config.limits.max_adobe_only_users)
    };
    assert_eq!(limit("0").unwrap(), Limit::Count(0));
    assert_eq!(limit("\"50%\"").unwrap(), Limit::Percent(50));
    assert_eq!(limit("100%").unwrap(), Limit::Percent(100));
    for wrong in ["50%x", "101%", "-1", "'%'", "error%", "1.5", "[1]"] {
        assert!(limit(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn clever_is_told_from_its_neighbours() {
    let with = |host: &str| {
        source_problems(&format!(
            "connection:\n  platform: clever\n  host: {host}\n"
        ))
    };
    insta::assert_snapshot!(with("https://api.clever.com/v3.0/"), @"connector-oneroster.yml:3:9: host: this version of Clever's interface is not available in this version of roster-sync. Write https://api.clever.com/v2.1/");
    insta::assert_snapshot!(with("https://api.clever.com/v1.2/"), @"connector-oneroster.yml:3:9: host: Clever ended its version 1 in 2022. Write https://api.clever.com/v2.1/");
    insta::assert_snapshot!(with("api.clever.com"), @"connector-oneroster.yml:3:9: host: the version is missing in Clever's address. Write https://api.clever.com/v2.1/");
    insta::assert_snapshot!(with(""), @"connector-oneroster.yml:1:1: host: the address of the roster is missing. Clever's is https://api.clever.com/v2.1/");
    let source = format!("{SOURCE}  key_identifier: sourcedId\n  page_size: 0\n");
    insta::assert_snapshot!(source_problems(&source), @"
    connector-oneroster.yml:4:19: key_identifier: 'sourcedId' is not possible here: Clever identifies by id. Write id
    connector-oneroster.yml:5:14: page_size: '0' is not possible; write a number from 1 to 10000
    ");
}

#[test]
fn identity_types_of_both_files_must_agree() {
    let source = format!("{SOURCE}user_identity_type: federatedID\n");
    let config = checked(ROOT, &source, UMAPI).unwrap();
    assert_eq!(config.identity_type.as_str(), "federatedID");
    let root = root_with("  user_identity_type: adobeid\n");
    insta::assert_snapshot!(checked(root, source, UMAPI).unwrap_err(), @"user-sync-config.yml:7:23: user_identity_type: this file says adobeID, and the connector file says federatedID. Keep one of the two lines");
}

#[test]
fn references_stay_beside_the_root_file() {
    for name in [
        "../x.yml",
        "/etc/x.yml",
        "C:/x.yml",
        "s3://b/x.yml",
        "'a\\b.yml'",
    ] {
        let root = ROOT.replace("connector-umapi.yml", name);
        assert!(root_problems(&root).contains(":3:12: umapi: "), "{name}");
    }
    insta::assert_snapshot!(root_problems("directory_users:\n  groups:\n"), @"
    user-sync-config.yml:1:1: oneroster: this key is missing in connectors. Write oneroster: connector-oneroster.yml
    user-sync-config.yml:1:1: umapi: this key is missing in connectors. Write umapi: connector-umapi.yml
    ");
    insta::assert_snapshot!(check(ROOT_NAME, &Files::new(), "roster-sync").unwrap_err(), @"user-sync-config.yml: this file is not there. Upload it, or correct the function's setting CONFIG_URI");
}

#[test]
fn a_key_that_lost_its_indentation_is_sent_home() {
    let source = "connection:\nplatform: clever\nhost: api.clever.com/v2.1\n";
    insta::assert_snapshot!(source_problems(source), @"
    connector-oneroster.yml:1:1: host: the address of the roster is missing. Clever's is https://api.clever.com/v2.1/. ClassLink's Roster Server console shows yours with the application, beside key and secret: https://<your district>.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:1:1: platform: this key is missing in connection. Write platform: clever, or platform: classlink
    connector-oneroster.yml:2:1: platform: this key belongs below connection. Move it there, and indent it like the keys around it
    connector-oneroster.yml:3:1: host: this key belongs below connection (in connector-oneroster.yml) or server (in connector-umapi.yml). Move it there, and indent it like the keys around it
    ");
    let root = format!("{ROOT}max_adobe_only_users: 5\ndashboard:\n  owning: x\n");
    insta::assert_snapshot!(root_problems(&root), @"
    user-sync-config.yml:7:1: max_adobe_only_users: this key belongs below limits. Move it there, and indent it like the keys around it
    user-sync-config.yml:8:1: dashboard: this is how User Sync Tool 1 was configured. Begin with the example files of this version: directory_users and adobe_users take its place
    ");
}

#[test]
fn entries_of_the_mapping_are_checked() {
    let root = root_with(
        "  default_country_code: USA
  groups:
    - adobe_groups: Spark
    - directory_group: [a]
      adobe_group: Spark
    - just text
    - directory_group: a
      adobe_groups:
        - {name: Spark}
        - ' ::Own'
",
    );
    insta::assert_snapshot!(root_problems(&root), @"
    user-sync-config.yml:7:25: default_country_code: 'USA' is no country: a country is a two-letter ISO code such as US
    user-sync-config.yml:9:7: directory_group: this key is missing here. Write the group whose members get these Adobe groups
    user-sync-config.yml:10:24: directory_group: one value is expected here, not a list or a section
    user-sync-config.yml:11:7: adobe_group: this key is not known here; did you mean 'adobe_groups'?
    user-sync-config.yml:12:7: groups: an entry looks like this: '- directory_group: …', and below it 'adobe_groups:'. If this is an Adobe group, indent it further than adobe_groups above it
    user-sync-config.yml:15:11: adobe_groups: a text is expected here, not a section
    ");
    insta::assert_snapshot!(root_problems(&root_with("  groups: text\n")), @"user-sync-config.yml:7:11: groups: a list is expected here: '- directory_group: …' and below it 'adobe_groups:'");
}

#[test]
fn an_empty_organization_is_the_own_one() {
    let root = root_with("  groups:\n  - directory_group: a\n    adobe_groups: '::Spark'\n");
    let config = checked(root, SOURCE, UMAPI).unwrap();
    assert_eq!(config.mapping[0].adobe_groups[0].as_str(), "Spark");
}

#[test]
fn ages_are_whole_hours_up_to_a_week() {
    let limits = |lines: &str| {
        let limits = checked(format!("{ROOT}limits:\n{lines}"), SOURCE, UMAPI)?.limits;
        let hours = |age: Duration| age.as_secs() / 3600;
        Ok::<_, Problems>((hours(limits.max_plan_age), hours(limits.max_directory_age)))
    };
    assert_eq!(limits("").unwrap(), (20, 24));
    let empty = "  max_plan_age_hours:\n  max_directory_age_hours:\n";
    assert_eq!(limits(empty).unwrap(), (20, 24));
    let least = "  max_plan_age_hours: 1\n  max_directory_age_hours: 0\n";
    assert_eq!(limits(least).unwrap(), (1, 0));
    let most = "  max_plan_age_hours: 168\n  max_directory_age_hours: '168'\n";
    assert_eq!(limits(most).unwrap(), (168, 168));
    insta::assert_snapshot!(limits("  max_plan_age_hours: 0\n  max_directory_age_hours: 169\n").unwrap_err(), @"
    user-sync-config.yml:8:23: max_plan_age_hours: '0' is not possible; write hours from 1 to 168
    user-sync-config.yml:9:28: max_directory_age_hours: '169' is not possible; write hours from 0 to 168
    ");
    insta::assert_snapshot!(limits("  max_plan_age_hours: 1.5\n  max_directory_age_hours: -1\n").unwrap_err(), @"
    user-sync-config.yml:8:23: max_plan_age_hours: '1.5' is not a whole number; write digits alone, 0 or more
    user-sync-config.yml:9:28: max_directory_age_hours: '-1' is negative; write digits alone, 0 or more
    ");
    insta::assert_snapshot!(limits("  max_plan_age_hour: 24h\n  max_directory_age_hours: [1]\n").unwrap_err(), @"
    user-sync-config.yml:8:3: max_plan_age_hour: this key is not known here; did you mean 'max_plan_age_hours'?
    user-sync-config.yml:8:22: max_plan_age_hours: '24h' is not a whole number; write digits alone, 0 or more
    user-sync-config.yml:9:28: max_directory_age_hours: one value is expected here, not a list or a section
    ");
    let elsewhere = format!("max_plan_age_hours: 20\n{ROOT}");
    insta::assert_snapshot!(checked(elsewhere, SOURCE, UMAPI).unwrap_err(), @"user-sync-config.yml:1:1: max_plan_age_hours: this key belongs below limits. Move it there, and indent it like the keys around it");
}
