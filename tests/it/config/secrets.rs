//! Credentials: they stand in secrets, and nowhere else.

use super::*;

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
fn a_secret_of_another_name_may_stand_in_three_places() {
    for source in [
        format!("{SOURCE}secret: school/roster\n"),
        format!("{SOURCE}  secret: school/roster\n"),
        format!("{SOURCE}mapping:\n  standard_mapping:\n    secret: school/roster\n"),
    ] {
        let config = checked(ROOT, source, UMAPI).unwrap();
        assert_eq!(config.source.secret.as_deref(), Some("school/roster"));
    }
}

#[test]
fn a_credential_is_found_wherever_it_stands_and_in_no_output() {
    let root = format!("{ROOT}limits:\n  client_secret: planted-one\n");
    let source =
        format!("{SOURCE}  access_token: planted-two\nschema:\n  client_id: planted-three\n");
    let umapi =
        "server:\n  host: https://user:planted-four@adobe.example/\nsecret: [planted-five]\n";
    let problems = checked(root, source, umapi).unwrap_err();
    assert!(
        !format!("{problems} {problems:?}").contains("planted"),
        "{problems}"
    );
    insta::assert_snapshot!(problems, @r#"
    user-sync-config.yml:8:3: client_secret: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, Adobe's stand in the secret roster-sync/umapi as {"client_id": "…", "client_secret": "…", "org_id": "…"}, the roster's in roster-sync/oneroster as {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:4:3: access_token: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:6:3: client_id: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-umapi.yml:2:9: host: an address must not carry a user name or a password. Delete what stands before the '@'
    connector-umapi.yml:3:9: secret: one value is expected here, not a list or a section
    "#);
    let config = checked(ROOT, format!("{SOURCE}  access_token: TEST_TOKEN\n"), UMAPI).unwrap();
    assert!(!format!("{config:?}").contains("TEST_TOKEN"));
}

#[test]
fn a_command_for_a_shell_is_refused() {
    let root = root_with("  default_country_code: $(cat planted)\n");
    let problems = root_problems(&root.replace("US", "$(planted)"));
    assert!(
        problems.contains(":7:25: a value in $( ) is a command"),
        "{problems}"
    );
    let list = root_with("  groups:\n  - directory_group: a\n    adobe_groups: [$(x)]\n");
    assert!(root_problems(&list).contains(":9:20: a value in $( )"));
}
