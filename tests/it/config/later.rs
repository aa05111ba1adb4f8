//! Settings of later versions.

use super::*;

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
    insta::assert_snapshot!(checked(LATER_ROOT, LATER_SOURCE, UMAPI).unwrap_err(), @"
    user-sync-config.yml:5:9: umapi: a further Adobe organization is not available in this version. Name one file
    user-sync-config.yml:6:3: exclude_identity_types: this is not available in this version, and without it these accounts are changed like all others, and with adobe_only_user_action: remove or delete they are removed. Delete the line only if that is right; look at a plan first (mode: plan)
    user-sync-config.yml:7:3: exclude_users: this is not available in this version, and without it these accounts are changed like all others, and with adobe_only_user_action: remove or delete they are removed. Delete the line only if that is right; look at a plan first (mode: plan)
    user-sync-config.yml:8:3: update_attributes: another choice than [firstname, lastname, email] is not available in this version. Delete the line
    user-sync-config.yml:11:42: oneroster: more than one file is not available in this version. Put everything into one
    user-sync-config.yml:12:5: ldap: people are read from a roster here, not from this kind of directory. Delete the line, or put '#' before it
    user-sync-config.yml:13:3: additional_groups: this is not available in this version. Delete the line or leave its value empty
    user-sync-config.yml:15:24: auto_create: this is not available in this version. Delete the line or write No
    user-sync-config.yml:16:3: extension: an extension is Python code, and none runs here. Delete the line, and express in groups what the code does
    user-sync-config.yml:17:1: grace: this is not available in this version. Delete the line or leave its value empty
    user-sync-config.yml:19:13: strategy: push is not available in this version. Write sync
    user-sync-config.yml:20:16: adobe_users: group is not available in this version. Write all
    user-sync-config.yml:21:16: user_filter: this is not available in this version, and without it everybody of users is taken. Leave it out only if that is right; look at a plan first (mode: plan)
    user-sync-config.yml:22:27: adobe_only_user_action: write-file is not available in this version. Use preserve, and mode: plan to see who is Adobe-only
    user-sync-config.yml:23:14: connector: ldap is not possible here: people are read from a roster. Write oneroster, or leave this option out
    user-sync-config.yml:24:20: ssl_cert_verify: certificates are always checked: without that, anybody in between could read pupils' data. Delete this line, and give the server a certificate that is valid
    user-sync-config.yml:25:3: mode: this stands in events only. Delete the line; test_mode says what happens without it
    user-sync-config.yml:26:3: lock_file: AWS Lambda keeps no disk on which a lock file could stand. Delete this line
    connector-oneroster.yml:2:13: platform: 'classlink' is not available in this version, which reads Clever only
    connector-oneroster.yml:5:9: mode: several sources (scoped) are not available in this version. Write standard, and one connection
    connector-oneroster.yml:6:3: scoped_sources: this is not available in this version. Delete the line or leave its value empty
    connector-oneroster.yml:8:1: include_only: this is not available in this version, and without it all people of the directory groups are taken, not some of them. Delete the line only if that is right; look at a plan first (mode: plan)
    connector-oneroster.yml:10:1: user_email_format: this is not available in this version. Delete the line or write {email}
    connector-oneroster.yml:11:1: user_identity_type_format: this is not available in this version. Delete the line or leave its value empty
    ");
}
