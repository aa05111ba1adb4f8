//! The environment.

use std::collections::BTreeMap;

use roster_sync::settings::{NAMES, Problems, Settings};

fn parse(variables: &[(&str, &str)]) -> Result<Settings, Problems> {
    let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
    Settings::parse(|name| variables.get(name).map(|&text| text.to_owned()))
}

const REQUIRED: [(&str, &str); 2] = [
    (
        "CONFIG_URI",
        "s3://school-bucket/config/user-sync-config.yml",
    ),
    ("DATA_URI", "s3://school-bucket/"),
];

fn with(more: &[(&str, &str)]) -> Result<Settings, Problems> {
    parse(&[&REQUIRED[..], more].concat())
}

#[test]
fn two_variables_are_enough() {
    let settings = parse(&REQUIRED).unwrap();
    assert_eq!(
        settings.config.folder.to_string(),
        "s3://school-bucket/config/"
    );
    assert_eq!(settings.config.file, "user-sync-config.yml");
    assert_eq!(settings.data.to_string(), "s3://school-bucket/");
    assert_eq!(settings.secrets_prefix, "roster-sync");
    assert_eq!(settings.time_zone.iana_name(), Some("UTC"));
    assert_eq!(settings.log_level, "info");
}

#[test]
fn every_variable_is_read() {
    let settings = with(&[
        ("DATA_URI", "s3://other-bucket/sync"),
        ("SECRETS_PREFIX", "district/adobe"),
        ("TIME_ZONE", "America/Chicago"),
        ("LOG_LEVEL", "WARN"),
    ])
    .unwrap();
    assert_eq!(settings.data.to_string(), "s3://other-bucket/sync/");
    assert_eq!(settings.secrets_prefix, "district/adobe");
    assert_eq!(settings.time_zone.iana_name(), Some("America/Chicago"));
    assert_eq!(settings.log_level, "warn");
}

#[test]
fn no_other_variable_is_read() {
    let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
    let settings = Settings::parse(|name| {
        asked.borrow_mut().insert(name.to_owned());
        None
    });
    assert!(settings.is_err());
    let names: std::collections::BTreeSet<String> = NAMES.map(str::to_owned).into();
    assert_eq!(asked.into_inner(), names);
}

#[test]
fn a_blank_variable_is_an_absent_one() {
    let settings = with(&[
        ("SECRETS_PREFIX", " "),
        ("TIME_ZONE", ""),
        ("LOG_LEVEL", ""),
    ])
    .unwrap();
    assert_eq!(settings.secrets_prefix, "roster-sync");
    let problems = parse(&[("CONFIG_URI", " ")]).unwrap_err();
    assert_eq!(problems.0.len(), 2);
}

#[test]
fn every_problem_is_told_at_once() {
    let problems = parse(&[
        ("CONFIG_URI", "s3://school-bucket/config/"),
        ("DATA_URI", "https://school-bucket/"),
        ("SECRETS_PREFIX", "roster sync"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("LOG_LEVEL", "loud"),
    ])
    .unwrap_err();
    insta::assert_snapshot!(problems, @r#"
    the environment variables of the function cannot be used:
    CONFIG_URI: "s3://school-bucket/config/" names a folder: name the file in it
    DATA_URI: "https://school-bucket/" does not begin with s3://
    SECRETS_PREFIX: "roster sync" cannot begin the name of a secret: letters, digits and /_+=.@- can
    TIME_ZONE: "Mars/Olympus" is not known; write an IANA name such as America/Chicago
    LOG_LEVEL: "loud" is not known; write one of error, warn, info, debug, trace
    "#);
    insta::assert_snapshot!(parse(&[("SECRETS_PREFIX", "x/")]).unwrap_err(), @r#"
    the environment variables of the function cannot be used:
    CONFIG_URI is not set: it names a place in S3, such as s3://bucket/config/user-sync-config.yml
    DATA_URI is not set: it names a place in S3, such as s3://bucket/
    SECRETS_PREFIX: "x/" ends in a slash; leave it out
    "#);
}

#[test]
fn time_zones_are_known_without_the_help_of_the_machine() {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get("Europe/Berlin");
    assert!(zone.is_ok(), "Lambda's images may come without time zones");
}
