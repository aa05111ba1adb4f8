//! The cases of UST's own connector tests that are about reading (`test_directory_oneroster.py`): groups and formats.

use roster_sync::config::format::{Blank, Format};
use roster_sync::config::{MappingEntry, UserFilter};
use roster_sync::model::roster::Collection;

use super::*;

/// The mapping of these directory groups, at ClassLink.
fn mapping(groups: &[&str]) -> Result<Vec<MappingEntry>, Problems> {
    let entries: Vec<String> = groups
        .iter()
        .map(|group| format!("  - directory_group: '{group}'\n"))
        .collect();
    let entries = entries.concat();
    let source = "connection:\n  platform: classlink\n  host: https://harbor.oneroster.com/ims/oneroster/v1p1/\n  key_identifier: sourcedId\n  page_size: 1000\nmapping:\n  mode: standard\n  standard_mapping:\n    match_groups_by: name\n";
    checked(root_with(&format!("  groups:\n{entries}")), source, UMAPI).map(|config| config.mapping)
}

fn read(group: &str) -> (Collection, String, UserFilter) {
    let entry = mapping(&[group]).unwrap().remove(0);
    assert_eq!(entry.directory_group, group);
    (entry.collection, entry.name, entry.user_filter)
}

#[test]
fn row_5_a_group_of_three_parts() {
    let expected = (Collection::Classes, "yyy".to_owned(), UserFilter::Students);
    assert_eq!(read("classes::yyy::students"), expected);
    assert_eq!(read("SECTIONS::Yyy::Students"), expected);
}

#[test]
fn row_5b_blanks_inside_a_name_stay() {
    assert_eq!(
        read("courses::y    y    y::teachers"),
        (
            Collection::Courses,
            "y    y    y".to_owned(),
            UserFilter::Teachers
        )
    );
}

#[test]
fn row_5c_a_plain_name_takes_the_default_filters() {
    assert_eq!(
        read("xxx"),
        (Collection::Classes, "xxx".to_owned(), UserFilter::Students)
    );
}

#[test]
fn row_6_every_text_stays_an_entry_of_its_own() {
    let texts = [
        "classes::Ap Art::students",
        "classes::AP ART::teachers",
        "classes::ap  art::students",
        "CLASSES::ap art::Students",
        "courses::Ap Art::users",
        "schools::Harbor High::teachers",
        "orgs::harbor high::users",
        "Ap Art",
    ];
    let mapping = mapping(&texts).unwrap();
    let written: Vec<&str> = mapping
        .iter()
        .map(|entry| entry.directory_group.as_str())
        .collect();
    assert_eq!(written, texts);
    let names: Vec<&str> = mapping.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "ap art",
            "ap art",
            "ap  art",
            "ap art",
            "ap art",
            "harbor high",
            "harbor high",
            "ap art"
        ]
    );
    assert_eq!(mapping[7].collection, Collection::Classes);
    assert_eq!(mapping[6].collection, Collection::Schools);
}

#[test]
fn row_7_unknown_filters_are_refused() {
    insta::assert_snapshot!(mapping(&["course::Ap Art::students", "courses::Ap Art::stud"]).unwrap_err(), @"
    user-sync-config.yml:8:22: directory_group: in 'course::Ap Art::students', 'course' is not known; did you mean 'courses'?
    user-sync-config.yml:9:22: directory_group: in 'courses::Ap Art::stud', 'stud' is not known; did you mean 'students'?
    ");
}

#[test]
fn row_10_values_are_put_together_in_their_own_case() {
    let format = Format::parse("{givenName}.{familyName}@xxx.com").unwrap();
    let value = |name: &str| match name {
        "givenname" => Some("BILLY"),
        "familyname" => Some("Florencio"),
        _ => None,
    };
    assert_eq!(
        format.fill(Blank::NoValue, value).as_deref(),
        Some("BILLY.Florencio@xxx.com")
    );
}

#[test]
fn row_11_a_value_that_is_not_there_takes_the_whole_with_it() {
    let format = Format::parse("{sms}{identifier}").unwrap();
    let value = |name: &str| (name == "identifier").then_some("17580");
    assert_eq!(format.fill(Blank::NoValue, value), None);
    assert_eq!(format.fill(Blank::Empty, value).as_deref(), Some("17580"));
}
