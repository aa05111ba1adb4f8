//! The files of the manual and our own examples.

use std::time::Duration;

use roster_sync::config::options::{AdobeOnlyUserAction, Mode, Overrides, Users, resolve};
use roster_sync::config::{Limit, Platform, RequestsPerMinute, UserFilter, named_files};
use roster_sync::model::id::IdentityType;
use roster_sync::model::roster::Collection;

use super::*;

pub(super) const OUR_ROOT: &str = include_str!("../../../infra/config/user-sync-config.yml");
pub(super) const OUR_SOURCE: &str = include_str!("../../../infra/config/connector-oneroster.yml");
pub(super) const OUR_UMAPI: &str = include_str!("../../../infra/config/connector-umapi.yml");

#[test]
fn the_files_to_upload_are_right_without_credentials() {
    let config = checked(OUR_ROOT, OUR_SOURCE, OUR_UMAPI).unwrap();
    assert_eq!(config.notices, Vec::<String>::new());
    assert_eq!(config.umapi.org_id, None);
    assert!(config.source.public_token.is_none());
    assert_eq!(config.mapping.len(), 7);
    let names: Vec<&str> = config
        .mapping
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    assert!(names.contains(&"class 003, homeroom - stark - 0"));
    let options = resolve(&Overrides::default(), &config.defaults, &config.mapping).unwrap();
    assert_eq!(options.users, Users::Mapped);
    assert_eq!(options.mode, Mode::Apply);
    assert!(options.process_groups);
}

#[test]
fn the_connector_files_are_named_by_the_root_file() {
    assert_eq!(
        named_files(ROOT_NAME, OUR_ROOT.as_bytes()),
        [SOURCE_NAME, UMAPI_NAME]
    );
    let nested = ROOT.replace("connector-umapi.yml", "./adobe/umapi.yml");
    assert_eq!(
        named_files(ROOT_NAME, nested.as_bytes()),
        [SOURCE_NAME, "adobe/umapi.yml"]
    );
    assert_eq!(named_files(ROOT_NAME, b""), Vec::<String>::new());
}

/// With the keys, the quoting and the tabs of the manual.
pub const MANUAL_SOURCE: &str = "\
connection:
    platform: 'clever'
    access_token: 'TEST_TOKEN'
    host: 'https://api.clever.com/v2.1/'\x20\x20
\x20\x20\x20\x20
    page_size: 3000\t\t#API page size
    max_user_count: 0\t#limits the number of users

schema:
    match_groups_by: 'name'\t\t# which field
    key_identifier: 'id'
    all_users_filter: 'users'
    default_group_filter: 'sections'
    default_user_filter: 'students'
";

pub const MANUAL_ROOT: &str = "\
adobe_users:
      connectors:
          umapi: \"connector-umapi.yml\"
directory_users:
      user_identity_type: federatedID
      default_country_code: US
      connectors:
          # ldap: \"connector-ldap.yml\"
          oneroster: \"connector-oneroster.yml\"
      groups:
         - directory_group: \"sections::Class 003, Homeroom - Stark - 0::users\"
           adobe_groups:
              - \"Spark\"
         - directory_group: \"courses::Class 001, Homeroom::students\"
           adobe_groups:
              - \"Spark\"
              - \"All Apps\"
         - directory_group: \"Section #3\"
           adobe_groups:

limits:
    max_adobe_only_users: 200

logging:
    log_to_file: True
    file_log_directory: logs
    console_log_level: info

invocation_defaults:
      adobe_only_user_action: preserve
      adobe_only_user_list:
      connector: oneroster
      process_groups: Yes
      strategy: sync
      test_mode: No
      update_user_info: No
      user_filter:
      users: mapped
";

const MANUAL_UMAPI: &str = "\
server:
    #host: usermanagement.adobe.io
enterprise:
    org_id: \"Org ID goes here\"
    api_key: \"API key goes here\"
    client_secret: \"Client secret goes here\"
    tech_acct: \"Tech account ID goes here (NOT tech account email!)\"
";

#[test]
fn the_examples_of_the_manual_are_read() {
    let config = checked(MANUAL_ROOT, MANUAL_SOURCE, MANUAL_UMAPI).unwrap();
    assert_eq!(config.source.platform, Platform::Clever);
    assert_eq!(config.source.host.as_str(), "https://api.clever.com/v2.1/");
    assert_eq!(config.source.page_size, 3000);
    assert_eq!(config.source.max_user_count, None);
    assert_eq!(config.source.match_groups_by, ["name"]);
    assert!(config.source.public_token.is_some());
    assert_eq!(
        config.source.token_url.as_str(),
        "https://clever.com/oauth/tokens"
    );
    assert_eq!(config.umapi.org_id, None);
    assert_eq!(config.identity_type, IdentityType::Federated);
    assert_eq!(config.default_country.as_ref().unwrap().as_str(), "US");
    assert_eq!(config.mapping[0].user_filter, UserFilter::Users);
    assert_eq!(config.mapping[1].collection, Collection::Courses);
    assert_eq!(config.mapping[2].directory_group, "Section #3");
    assert!(config.mapping[2].adobe_groups.is_empty());
    assert_eq!(config.notices.len(), 1, "{:?}", config.notices);
    assert!(config.notices[0].contains("logging"));
}

#[test]
fn the_manuals_credentials_to_fill_in_count_as_absent() {
    let source = "\
connection:
    platform: 'clever'
    client_id: 'api client id here'\t#From your SIS dashboard
    client_secret: 'api client secret here'\t#From your SIS dashboard
    host: 'https://api.clever.com/v2.1/'
    access_token: 'api token (clever only)'
";
    let config = checked(ROOT, source, UMAPI).unwrap();
    assert!(config.source.public_token.is_none());
    let untouched = source.replace("'clever'", "'clever or classlink'").replace(
        "'https://api.clever.com/v2.1/'",
        "'https://api.clever.com/v2.1/ for clever or your oneroster URL for classlink'",
    );
    insta::assert_snapshot!(source_problems(&untouched), @"
    connector-oneroster.yml:2:15: platform: this is still the example text. Write platform: clever, or platform: classlink
    connector-oneroster.yml:5:11: host: the address of the roster is missing. Clever's is https://api.clever.com/v2.1/. ClassLink's Roster Server console shows yours with the application, beside key and secret: https://<your district>.oneroster.com/ims/oneroster/v1p1/
    ");
}

#[test]
fn what_is_absent_has_its_default() {
    let config = checked(ROOT, SOURCE, "").unwrap();
    assert_eq!(config.source.page_size, 1000);
    assert_eq!(config.source.max_user_count, None);
    assert_eq!(config.source.match_groups_by, ["name"]);
    assert_eq!(config.source.all_users_filter, UserFilter::Users);
    assert_eq!(config.source.secret, None);
    assert_eq!(
        config.umapi.base.as_str(),
        "https://usermanagement.adobe.io/v2/usermanagement/"
    );
    assert_eq!(
        config.umapi.token_url.as_str(),
        "https://ims-na1.adobelogin.com/ims/token/v3"
    );
    assert_eq!(config.umapi.timeout, Duration::from_mins(2));
    assert_eq!(config.umapi.retries, 3);
    assert_eq!(
        config.umapi.requests_per_minute,
        RequestsPerMinute {
            action: 10,
            users: 25,
            groups: 5
        }
    );
    assert_eq!(config.identity_type, IdentityType::Enterprise);
    assert_eq!(config.limits.max_adobe_only_users, Limit::Count(200));
    assert!(config.mapping.is_empty());
    let options = resolve(&Overrides::default(), &config.defaults, &config.mapping).unwrap();
    assert_eq!(options.users, Users::All);
    assert_eq!(
        options.adobe_only_user_action,
        AdobeOnlyUserAction::Preserve
    );
    assert!(!options.process_groups && !options.update_user_info);
}

#[test]
fn the_second_generation_of_the_connector_file_is_read() {
    let source = "\
connection:
  platform: Clever
  host: http://127.0.0.1:9900/clever/v2.1
  key_identifier: id
  page_size: 20000
  max_users: 5
mapping:
  mode: standard
  standard_mapping:
    access_token: TEST_TOKEN
    match_groups_by: [SIS_ID, name]
    all_users_filter: Teachers
    default_group_filter: orgs
    default_user_filter: users
    group_delimiter: '|'
  scoped_sources: []
include_only:
";
    let root = root_with(
        "  groups:\n  - directory_group: 200\n    adobe_groups: 007\n  - directory_group: sections|A::B|students\n",
    );
    let config = checked(root, source, UMAPI).unwrap();
    assert_eq!(
        config.source.host.as_str(),
        "http://127.0.0.1:9900/clever/v2.1/"
    );
    assert_eq!(config.source.page_size, 10_000);
    assert_eq!(config.source.max_user_count, Some(5));
    assert_eq!(config.source.match_groups_by, ["sis_id", "name"]);
    assert_eq!(config.source.all_users_filter, UserFilter::Teachers);
    assert_eq!(config.mapping[0].collection, Collection::Schools);
    assert_eq!(config.mapping[0].user_filter, UserFilter::Users);
    assert_eq!(config.mapping[0].name, "200");
    assert_eq!(config.mapping[0].adobe_groups[0].as_str(), "007");
    assert_eq!(config.mapping[1].name, "a::b");
    let bare = "connection: {platform: clever, host: api.clever.com/v2.1}\nmapping: {mode: standard, standard_mapping: {all_users_filter: users}}\n";
    let config = checked(ROOT, bare, UMAPI).unwrap();
    assert_eq!(
        config.source.match_groups_by,
        ["title", "name", "sourcedid", "id"]
    );
}
