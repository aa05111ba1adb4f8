//! Settings of later versions, and of no version.

use super::*;

#[test]
fn settings_of_later_versions_may_hold_their_default() {
    let source = format!("{SOURCE}mapping:\n  scoped_sources: []\nsecure_credential: No\n");
    let root = format!(
        "{ROOT}limits: {{group_removals_only: No}}\ninvocation_defaults:\n  ssl_cert_verify: True\n"
    );
    let umapi = format!("{UMAPI}trusted: No\ntest_mode: No\n");
    let config = checked(root, source, umapi).unwrap();
    assert_eq!(
        config.notices,
        ["user-sync-config.yml: ssl_cert_verify has no effect: certificates are always checked"]
    );
}

const LATER_SOURCE: &str = "\
connection:
  platform: powerschool
  host: https://sis.school.example/ims/oneroster/v1p1/
secure_credential: Yes
";

const LATER_ROOT: &str = "\
adobe_users:
  connectors:
    umapi:
      - connector-umapi.yml
      - east: connector-east.yml
directory_users:
  connectors:
    oneroster: [connector-oneroster.yml, connector-two.yml]
    ldap: connector-ldap.yml
  extension: extension.yml
limits: {group_removals_only: Yes}
invocation_defaults:
  connector: ldap
  ssl_cert_verify: No
  users: file people.csv
  mode: plan
  fresh: Yes
  lock_file: x
";

#[test]
fn settings_of_later_versions_are_refused_by_name() {
    insta::assert_snapshot!(checked(LATER_ROOT, LATER_SOURCE, UMAPI).unwrap_err(), @"
    user-sync-config.yml:5:9: umapi: a further Adobe organization is not available in this version. Name one file
    user-sync-config.yml:8:42: oneroster: more than one file is not available in this version. Put everything into one
    user-sync-config.yml:9:5: ldap: people are read from a roster here, not from this kind of directory. Delete the line, or put '#' before it
    user-sync-config.yml:10:3: extension: an extension is Python code, and none runs here. Delete the line, and express in groups what the code does
    user-sync-config.yml:11:10: group_removals_only: this is not available in this version. Delete the line or write No
    user-sync-config.yml:13:14: connector: ldap is not possible here: people are read from a roster. Write oneroster, or leave this option out
    user-sync-config.yml:14:20: ssl_cert_verify: certificates are always checked: without that, anybody in between could read pupils' data. Delete this line, and give the server a certificate that is valid
    user-sync-config.yml:15:10: users: file is not possible here: people are read from the roster. Write all, mapped or group
    user-sync-config.yml:16:3: mode: this stands in events only. Delete the line; test_mode says what happens without it
    user-sync-config.yml:17:3: fresh: this stands in events only. Delete the line
    user-sync-config.yml:18:3: lock_file: AWS Lambda keeps no disk on which a lock file could stand. Delete this line
    connector-oneroster.yml:2:13: platform: 'powerschool' is not available in this version, which reads clever and classlink
    connector-oneroster.yml:4:1: secure_credential: credentials are read from AWS Secrets Manager only. Delete this line
    ");
}
