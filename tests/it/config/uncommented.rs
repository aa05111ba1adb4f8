//! What stands in the files to upload behind a '#' is right, too.

use roster_sync::config::options::Strategy;
use roster_sync::config::{Dates, Grace, Limits, Platform, UpdateAttribute};
use roster_sync::model::roster::Collection;

use super::examples::{OUR_ROOT, OUR_SOURCE, OUR_UMAPI};
use super::*;

/// The file with every option in force: a comment that begins like a key, and what is indented below it.
fn uncommented(file: &str) -> String {
    let mut below = false;
    let lines = file.lines().map(|line| {
        let Some((indent, comment)) = line.split_once("# ") else {
            below = false;
            return line.to_owned();
        };
        let key = comment.split_once(':').map_or("", |(key, _)| key);
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        below = indent.trim().is_empty() && (is_key || (below && comment.starts_with("  ")));
        if below {
            format!("{indent}{comment}")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_option_of_the_files_to_upload_is_accepted() {
    let (root, source) = (uncommented(OUR_ROOT), uncommented(OUR_SOURCE));
    let umapi = uncommented(OUR_UMAPI);
    insta::assert_snapshot!(checked(&root, &source, &umapi).unwrap_err(), @"connector-oneroster.yml:43:3: signature_method: this belongs to ClassLink only. Delete the line");
    let source = source.replace("  signature_method", "  # signature_method");
    let config = checked(root, source, umapi).unwrap();
    assert_eq!(config.notices, Vec::<String>::new());
    assert_eq!(config.exclusions.identity_types.len(), 1);
    assert_eq!(config.exclusions.groups.len(), 1);
    assert_eq!(config.exclusions.users.len(), 2);
    assert_eq!(config.update_attributes, UpdateAttribute::ALL.into());
    // What the file shows of these is what holds without them.
    assert_eq!(config.dates, Dates::default());
    assert_eq!(config.limits, Limits::DEFAULT);
    let protected = config.exclusions.protected;
    let patterns = [protected.users, protected.domains, protected.groups];
    assert_eq!(patterns.map(|patterns| patterns.len()), [1, 1, 1]);
    assert!(protected.foreign_accounts);
    let grace = Grace {
        licences: 14,
        organization: 90,
    };
    assert_eq!(config.grace, grace);
    assert!(config.auto_create && config.source.include_only.len() == 1);
    assert_eq!(config.source.formats.by_key().count(), 7);
    assert_eq!(config.mapping[0].collection, Collection::Courses);
    let defaults = config.defaults;
    assert_eq!(defaults.strategy.as_deref(), Some(Strategy::Sync.as_str()));
    assert_eq!(defaults.adobe_users, Some(vec!["all".to_owned()]));
    assert!(defaults.user_filter.is_some() && defaults.adobe_only_user_list.is_some());
    assert_eq!(defaults.exclude_unmapped_users, Some(true));
}

#[test]
fn every_setting_of_caution_stands_in_the_file_to_upload() {
    let shown = uncommented(OUR_ROOT);
    for (section, keys) in SETTINGS {
        assert!(shown.contains(&format!("\n{section}:\n")), "{section}");
        for key in keys.split(' ') {
            let line = format!("\n  {key}:");
            assert!(shown.contains(&line), "{section}.{key}");
        }
        // These are all: a key that is not known lists them.
        let root = format!("{ROOT}{section}: {{zzz: 1}}\n");
        let listed = keys.split(' ').collect::<Vec<_>>().join(", ");
        let problem = root_problems(&root);
        assert!(
            problem.ends_with(&format!("possible are: {listed}")),
            "{problem}"
        );
    }
}

/// The sections of our own, and their keys.
const SETTINGS: [(&str, &str); 4] = [
    ("dates", "status enabled_user terms enrollments roles"),
    (
        "limits",
        "max_adobe_only_users max_plan_age_hours max_directory_age_hours max_approval_age_days max_group_removals max_group_removals_percent never_empty_groups_of max_removals max_removals_percent max_people_missing max_people_missing_percent max_group_people_missing max_group_people_missing_percent max_other_identity_type max_other_identity_type_percent",
    ),
    ("protected", "users domains groups foreign_accounts"),
    ("grace", "licences_days organization_days"),
];

#[test]
fn the_example_for_several_districts_is_accepted_in_the_place_of_schema() {
    let lines = OUR_SOURCE
        .lines()
        .skip_while(|line| !line.starts_with("# For several districts"))
        .skip(1)
        .map_while(|line| line.strip_prefix("#   "));
    let scoped = lines.collect::<Vec<_>>().join("\n");
    let (connection, rest) = OUR_SOURCE.split_once("\nschema:").unwrap();
    let (_, formats) = rest.split_once("\n\n# How an account").unwrap();
    let source = format!("{connection}\n{scoped}\n# {formats}");
    let list = [("districts.csv", "product,user_filter,secret\nWest,,\n")];
    let source = checked_beside(ROOT, source, OUR_UMAPI, &list)
        .unwrap()
        .source;
    let products = source.scoped.iter().map(|source| source.product.as_str());
    assert_eq!(
        products.collect::<Vec<_>>(),
        ["North", "South pupils", "West"]
    );
}

#[test]
fn the_example_for_classlink_is_accepted_with_an_address() {
    let lines = OUR_SOURCE
        .lines()
        .skip_while(|line| !line.starts_with("# For ClassLink"))
        .skip(1)
        .map_while(|line| line.strip_prefix("#   "));
    let source = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace("<your district>", "harbor");
    let source = checked(OUR_ROOT, source, OUR_UMAPI).unwrap().source;
    assert_eq!(source.platform, Platform::ClassLink);
    assert_eq!(source.match_groups_by, ["title"]);
}
