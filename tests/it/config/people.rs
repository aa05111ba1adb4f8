//! Formats and `include_only`: how accounts are made of people, and of whom.

use std::collections::BTreeSet;

use roster_sync::config::Condition;
use roster_sync::config::format::{Blank, Formats};

use super::*;

fn condition(attribute: &str, values: &[&str]) -> Condition {
    Condition {
        attribute: attribute.to_owned(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
    }
}

fn conditions(below: &str) -> Vec<Condition> {
    let source = format!("{SOURCE}{below}");
    checked(ROOT, source, UMAPI).unwrap().source.include_only
}

#[test]
fn all_seven_formats_are_read() {
    let source = format!(
        "{SOURCE}user_email_format: '{{username}}@students.school.example'
user_given_name_format: '{{preferredFirstName}}'
user_surname_format: '{{familyName}} ({{grade:0>2}})'
user_country_code_format: us
user_username_format: '{{id}}'
user_domain_format: '{{domain}}'
user_identity_type_format: '{{accountKind}}'
"
    );
    let formats = checked(ROOT, source, UMAPI).unwrap().source.formats;
    let named: Vec<(&str, BTreeSet<&str>)> = formats
        .by_key()
        .map(|(key, format)| (key, format.attributes()))
        .collect();
    assert_eq!(
        named,
        [
            ("user_email_format", BTreeSet::from(["username"])),
            (
                "user_given_name_format",
                BTreeSet::from(["preferredfirstname"])
            ),
            (
                "user_surname_format",
                BTreeSet::from(["familyname", "grade"])
            ),
            ("user_country_code_format", BTreeSet::new()),
            ("user_username_format", BTreeSet::from(["id"])),
            ("user_domain_format", BTreeSet::from(["domain"])),
            ("user_identity_type_format", BTreeSet::from(["accountkind"])),
        ]
    );
    let value = |name: &str| match name {
        "familyname" => Some("Doe"),
        "grade" => Some("7"),
        _ => None,
    };
    assert_eq!(
        formats.surname.fill(Blank::Empty, value).as_deref(),
        Some("Doe (07)")
    );
}

#[test]
fn an_empty_format_is_its_default() {
    let source = format!(
        "{SOURCE}user_email_format: ''\nuser_given_name_format:\nuser_surname_format: '  '\nuser_username_format: ~\nuser_domain_format: ''\nuser_country_code_format:\nuser_identity_type_format:\n"
    );
    for source in [source.as_str(), SOURCE] {
        let formats = checked(ROOT, source, UMAPI).unwrap().source.formats;
        assert_eq!(formats, Formats::default());
    }
}

#[test]
fn a_bad_format_is_reported_at_its_place() {
    let source = format!(
        "{SOURCE}user_email_format: student@school.example
user_given_name_format: '{{name.first}}'
user_surname_format: '{{familyName'
user_country_code_format: USA
user_username_format: everybody
user_domain_format: [a, b]
user_identity_type_format: federated_id
"
    );
    insta::assert_snapshot!(source_problems(&source), @"
    connector-oneroster.yml:4:20: user_email_format: this names no attribute, so everybody would be one account. Write an attribute in braces, such as {email}
    connector-oneroster.yml:5:25: user_given_name_format: '{name.first}' asks for a part of an attribute, and only whole ones can be used. First and last name are {givenName} and {familyName}
    connector-oneroster.yml:6:22: user_surname_format: a '{' is not closed. An attribute is written {email}, and a brace that belongs to the text {{
    connector-oneroster.yml:7:27: user_country_code_format: this names no attribute, so it is the value itself, and that is wrong: a country is a two-letter ISO code such as US. An attribute is written in braces
    connector-oneroster.yml:8:23: user_username_format: this names no attribute, so everybody would be one account. Write an attribute in braces, such as {email}
    connector-oneroster.yml:9:21: user_domain_format: one value is expected here, not a list or a section
    connector-oneroster.yml:10:28: user_identity_type_format: this names no attribute, so it is the value itself, and that is wrong: not an identity type: it is one of adobeID, enterpriseID, federatedID. An attribute is written in braces
    ");
}

#[test]
fn values_are_compared_as_they_are_written() {
    let below = "include_only:\n  grade: [10, 06, '7', Kindergarten]\n  Gender: ' F '\n  enabledUser: Yes\n";
    assert_eq!(
        conditions(below),
        [
            condition("grade", &["06", "10", "7", "kindergarten"]),
            condition("gender", &["f"]),
            condition("enableduser", &["yes"]),
        ]
    );
}

#[test]
fn it_may_stand_in_three_places_and_once() {
    let expected = [condition("grade", &["10"])];
    for below in [
        "include_only: {grade: 10}\n",
        "schema:\n  include_only: {grade: 10}\n",
        "mapping:\n  standard_mapping:\n    include_only: {grade: 10}\n",
    ] {
        assert_eq!(conditions(below), expected, "{below}");
    }
    for below in ["include_only:\n", "schema:\n  include_only: {}\n", ""] {
        assert_eq!(conditions(below), [], "{below}");
    }
    let twice =
        format!("{SOURCE}schema:\n  include_only: {{grade: 10}}\ninclude_only: {{grade: 10}}\n");
    insta::assert_snapshot!(source_problems(&twice), @"connector-oneroster.yml:6:1: include_only: this setting stands at 5:3 already, and both mean the same. Keep one of them");
}

#[test]
fn a_condition_that_nobody_can_meet_is_an_error() {
    let source = format!(
        "{SOURCE}include_only:
  grade:
  gender: ''
  role: [student, ~]
  school: []
  name.first: planted
  house: {{planted: planted}}
  Status: active
  status: active
"
    );
    let problems = source_problems(&source);
    assert!(!problems.contains("planted"), "{problems}");
    insta::assert_snapshot!(problems, @"
    connector-oneroster.yml:5:8: include_only: a value of grade is empty, and nobody has that. Write the value, or delete the line
    connector-oneroster.yml:6:11: include_only: a value of gender is empty, and nobody has that. Write the value, or delete the line
    connector-oneroster.yml:7:19: include_only: a value of role is empty, and nobody has that. Write the value, or delete the line
    connector-oneroster.yml:8:11: include_only: school has an empty list. Write its values, or delete the line
    connector-oneroster.yml:9:3: include_only: 'name.first' is not the name of an attribute of people
    connector-oneroster.yml:10:10: include_only: a value of house is one text, not a section
    connector-oneroster.yml:12:3: include_only: 'status' stands here a second time, in other letters. Several values are a list: [10, 11]
    ");
    insta::assert_snapshot!(source_problems(&format!("{SOURCE}include_only: [grade, 10]\n")), @"connector-oneroster.yml:4:15: include_only: attributes with values are expected here, one on each line below: 'gender: F'");
}
