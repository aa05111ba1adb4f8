//! Every key that is used, refused, or without effect.

use roster_sync::config::{Limit, RequestsPerMinute};
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
    insta::assert_snapshot!(source_problems(&both), @r#"
    connector-oneroster.yml:4:3: max_users: max_user_count stands at 5:3 already, and both mean the same. Keep one of them
    connector-oneroster.yml:8:3: match_groups_on: match_groups_by stands at 9:3 already, and both mean the same. Keep one of them
    connector-oneroster.yml:10:3: key_identifier: this setting stands at 6:3 already, and both mean the same. Keep one of them
    "#);
    let generations =
        format!("{SOURCE}schema:\n  match_groups_by: name\nmapping:\n  mode: standard\n");
    insta::assert_snapshot!(source_problems(&generations), @r#"
    connector-oneroster.yml:6:1: mapping: schema at 4:1 means the same. Keep one of the two sections
    "#);
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
fn the_adobe_side_can_be_told_where_to_go() {
    let umapi = "\
authentication_method: OAuth
secret: arn:aws:secretsmanager:us-east-1:123456789012:secret:adobe-AbCdEf
server:
  host: http://127.0.0.1:9900
  auth_host: http://localhost:9901/base
  auth_endpoint: /ims/token/v2
  timeout: 20
  retries: 0
  requests_per_minute: {action: 0, users: 0}
";
    let umapi = checked(ROOT, SOURCE, umapi).unwrap().umapi;
    assert_eq!(
        umapi.base.as_str(),
        "http://127.0.0.1:9900/v2/usermanagement/"
    );
    assert_eq!(
        umapi.token_url.as_str(),
        "http://localhost:9901/base/ims/token/v2"
    );
    assert_eq!(umapi.retries, 0);
    assert_eq!(
        umapi.requests_per_minute,
        RequestsPerMinute {
            action: 0,
            users: 0,
            groups: 5
        }
    );
    assert!(umapi.secret.unwrap().starts_with("arn:"));
}

#[test]
fn the_adobe_side_is_checked() {
    let umapi = "\
authentication_method: jwt
trusted: Yes
enterprise:
  org_id: a b
  secret: one
secret: two
server:
  host: http://usermanagement.adobe.io
  ims_host: ims-na1.adobelogin.com
  auth_host: ims-na1.adobelogin.com
  ssl_verify: false
  timeout: 0
  retries: many
  proxy: proxy.school.edu
  requests_per_minute:
    action: 0
    user: 5
";
    insta::assert_snapshot!(umapi_problems(umapi), @r#"
    connector-umapi.yml:1:24: authentication_method: Adobe has ended JWT credentials. Create OAuth Server-to-Server ones for the User Management API in developer.adobe.com/console, and write oauth
    connector-umapi.yml:2:1: trusted: this is not available in this version. Delete the line or write No
    connector-umapi.yml:4:11: org_id: an organization ID looks like 1234567890ABCDEF12345678@AdobeOrg
    connector-umapi.yml:5:3: secret: this setting stands at 6:1 already, and both mean the same. Keep one of them
    connector-umapi.yml:8:9: host: 'http://usermanagement.adobe.io' would send credentials and pupils' data unprotected. Write https://
    connector-umapi.yml:10:3: auth_host: ims_host stands at 9:3 already, and both mean the same. Keep one of them
    connector-umapi.yml:11:15: ssl_verify: certificates are always checked: without that, anybody in between could read pupils' data. Delete this line, and give the server a certificate that is valid
    connector-umapi.yml:12:12: timeout: '0' is not possible; write seconds from 1 to 900
    connector-umapi.yml:13:12: retries: 'many' is not a whole number; write a whole number of 0 or more
    connector-umapi.yml:14:3: proxy: there is no proxy between AWS Lambda and Adobe or the roster. Delete this line
    connector-umapi.yml:17:5: user: this key is not known here; did you mean 'users'?
    "#);
    insta::assert_snapshot!(umapi_problems("server:\n  requests_per_minute:\n    action: 0\n"), @r#"
    connector-umapi.yml:3:13: action: 0 means without any pace, and Adobe's own hosts answer that with hours of waiting. Write 10, Adobe's limit, or less
    "#);
}

#[test]
fn settings_of_later_versions_may_hold_their_default() {
    let source = format!(
        "{SOURCE}schema:
  include_only: {{}}
user_email_format: '{{email}}'
user_given_name_format: '{{givenName}}'
user_surname_format: '{{familyName}}'
user_username_format: ''
user_identity_type_format:
secure_credential: No
"
    );
    let root = format!(
        "{ROOT}  additional_groups: []
  group_sync_options:
    auto_create: False
invocation_defaults:
  strategy: sync
  adobe_users: all
  exclude_unmapped_users: No
  adobe_only_user_list:
  user_filter:
  ssl_cert_verify: True
"
    );
    let umapi = format!("{UMAPI}trusted: No\ntest_mode: No\n");
    let config = checked(root, source, umapi).unwrap();
    assert_eq!(config.notices.len(), 1, "{:?}", config.notices);
}

const LATER_SOURCE: &str = "\
connection:
  platform: classlink
  host: https://example.oneroster.com/ims/oneroster/v1p1/
mapping:
  mode: scoped
  scoped_sources:
    - {type: file, path: x.csv}
include_only:
  grade: 7
user_email_format: '{username}@school.edu'
user_identity_type_format: '{role}'
";

const LATER_ROOT: &str = "\
adobe_users:
  connectors:
    umapi:
      - connector-umapi.yml
      - east: connector-east.yml
  exclude_identity_types: [adobeID]
  exclude_users: ['admin@.*']
  update_attributes: [firstname]
directory_users:
  connectors:
    oneroster: [connector-oneroster.yml, connector-two.yml]
    ldap: connector-ldap.yml
  additional_groups:
    - {source: a, target: b}
  group_sync_options: {auto_create: Yes}
  extension: extension.yml
grace: {days: 3}
invocation_defaults:
  strategy: push
  adobe_users: [group, A]
  user_filter: '.*@school.edu'
  adobe_only_user_action: [write-file, f.csv]
  connector: ldap
  ssl_cert_verify: No
  mode: plan
  lock_file: x
";

#[test]
fn settings_of_later_versions_are_refused_by_name() {
    insta::assert_snapshot!(checked(LATER_ROOT, LATER_SOURCE, UMAPI).unwrap_err(), @r#"
    user-sync-config.yml:5:9: umapi: a further Adobe organization is not available in this version. Name one file
    user-sync-config.yml:6:3: exclude_identity_types: this is not available in this version. Delete the line or leave its value empty
    user-sync-config.yml:7:3: exclude_users: this is not available in this version. Delete the line or leave its value empty
    user-sync-config.yml:8:3: update_attributes: another choice than [firstname, lastname, email] is not available in this version. Delete the line
    user-sync-config.yml:11:42: oneroster: more than one file is not available in this version. Put everything into one
    user-sync-config.yml:12:5: ldap: people are read from a roster here, not from this kind of directory. Delete the line, or put '#' before it
    user-sync-config.yml:13:3: additional_groups: this is not available in this version. Delete the line or leave its value empty
    user-sync-config.yml:15:24: auto_create: this is not available in this version. Delete the line or write No
    user-sync-config.yml:16:3: extension: an extension is Python code, and none runs here. Delete the line, and express in groups what the code does
    user-sync-config.yml:17:1: grace: this is not available in this version. Delete the line or leave its value empty
    user-sync-config.yml:19:13: strategy: push is not available in this version. Write sync
    user-sync-config.yml:20:16: adobe_users: group is not available in this version. Write all
    user-sync-config.yml:21:16: user_filter: this is not available in this version. Leave it out or empty
    user-sync-config.yml:22:27: adobe_only_user_action: write-file is not available in this version. Use preserve, and mode: plan to see who is Adobe-only
    user-sync-config.yml:23:14: connector: ldap is not possible here: people are read from a roster. Write oneroster, or leave this option out
    user-sync-config.yml:24:20: ssl_cert_verify: certificates are always checked: without that, anybody in between could read pupils' data. Delete this line, and give the server a certificate that is valid
    user-sync-config.yml:25:3: mode: this stands in events only. Delete the line; test_mode says what happens without it
    user-sync-config.yml:26:3: lock_file: AWS Lambda keeps no disk on which a lock file could stand. Delete this line
    connector-oneroster.yml:2:13: platform: 'classlink' is not available in this version, which reads Clever only
    connector-oneroster.yml:5:9: mode: several sources (scoped) are not available in this version. Write standard, and one connection
    connector-oneroster.yml:6:3: scoped_sources: this is not available in this version. Delete the line or leave its value empty
    connector-oneroster.yml:8:1: include_only: this is not available in this version. Delete the line or leave its value empty
    connector-oneroster.yml:10:1: user_email_format: this is not available in this version. Delete the line or write {email}
    connector-oneroster.yml:11:1: user_identity_type_format: this is not available in this version. Delete the line or leave its value empty
    "#);
}

#[test]
fn clever_is_told_from_its_neighbours() {
    let with = |host: &str| {
        source_problems(&format!(
            "connection:\n  platform: clever\n  host: {host}\n"
        ))
    };
    insta::assert_snapshot!(with("https://api.clever.com/v3.0/"), @r#"
    connector-oneroster.yml:3:9: host: this version of Clever's interface is not available in this version of roster-sync. Write https://api.clever.com/v2.1/
    "#);
    insta::assert_snapshot!(with("https://api.clever.com/v1.2/"), @r#"
    connector-oneroster.yml:3:9: host: Clever ended its version 1 in 2022. Write https://api.clever.com/v2.1/
    "#);
    insta::assert_snapshot!(with("api.clever.com"), @r#"
    connector-oneroster.yml:3:9: host: the version is missing in Clever's address. Write https://api.clever.com/v2.1/
    "#);
    insta::assert_snapshot!(with(""), @r#"
    connector-oneroster.yml:1:1: host: the address of the roster is missing. Clever's is https://api.clever.com/v2.1/
    "#);
    let source = format!("{SOURCE}  key_identifier: sourcedId\n  page_size: 0\n");
    insta::assert_snapshot!(source_problems(&source), @r#"
    connector-oneroster.yml:4:19: key_identifier: 'sourcedId' is not possible here: Clever identifies by id. Write id
    connector-oneroster.yml:5:14: page_size: '0' is not possible; write a number from 1 to 10000
    "#);
}

#[test]
fn jwt_keys_and_keyrings_are_explained_and_no_value_is_repeated() {
    let umapi = "\
secret: school/adobe
enterprise:
  org_id: 1234567890ABCDEF12345678@AdobeOrg
  api_key: planted-key
  secure_client_secret_key: planted-keyring
  tech_acct: planted@techacct.adobe.com
  priv_key_path: planted.key
  priv_key_pass: $(planted command)
  client_secret: planted-secret
";
    let problems = umapi_problems(umapi);
    assert!(!problems.contains("planted"), "{problems}");
    insta::assert_snapshot!(problems, @r#"
    connector-umapi.yml:4:3: api_key: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret school/adobe this value: {"client_id": "…", "client_secret": "…", "org_id": "…"}
    connector-umapi.yml:5:3: secure_client_secret_key: this names an entry in the keyring of the computer that ran User Sync Tool. Delete the line. In AWS Secrets Manager, give the secret school/adobe this value: {"client_id": "…", "client_secret": "…", "org_id": "…"}
    connector-umapi.yml:6:3: tech_acct: this belongs to JWT credentials, which Adobe has ended. Delete the line. Create new ones: in developer.adobe.com/console open your project, choose the User Management API and the credential type OAuth Server-to-Server. In AWS Secrets Manager, give the secret school/adobe this value: {"client_id": "…", "client_secret": "…", "org_id": "…"}
    connector-umapi.yml:7:3: priv_key_path: this belongs to the JWT credentials of 6:3. Delete this line, too
    connector-umapi.yml:8:3: priv_key_pass: this belongs to the JWT credentials of 6:3. Delete this line, too
    connector-umapi.yml:9:3: client_secret: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret school/adobe this value: {"client_id": "…", "client_secret": "…", "org_id": "…"}
    "#);
}

#[test]
fn identity_types_of_both_files_must_agree() {
    let source = format!("{SOURCE}user_identity_type: federatedID\n");
    let config = checked(ROOT, &source, UMAPI).unwrap();
    assert_eq!(config.identity_type.as_str(), "federatedID");
    let root = root_with("  user_identity_type: adobeid\n");
    insta::assert_snapshot!(checked(root, source, UMAPI).unwrap_err(), @r#"
    user-sync-config.yml:7:23: user_identity_type: this file says adobeID, and the connector file says federatedID. Keep one of the two lines
    "#);
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
    insta::assert_snapshot!(root_problems("directory_users:\n  groups:\n"), @r#"
    user-sync-config.yml:1:1: oneroster: this key is missing in connectors. Write oneroster: connector-oneroster.yml
    user-sync-config.yml:1:1: umapi: this key is missing in connectors. Write umapi: connector-umapi.yml
    "#);
    insta::assert_snapshot!(check(ROOT_NAME, &Files::new(), "roster-sync").unwrap_err(), @r#"
    user-sync-config.yml: this file is not there. Upload it, or correct the function's setting CONFIG_URI
    "#);
}
