//! The connection to ClassLink, and what it does not share with Clever.

use roster_sync::config::{Platform, SignatureMethod};

use super::*;

/// The manual's example as it stands.
const MANUAL: &str = "\
connection:
    platform: 'classlink'
    client_id: 'api client id here'
    client_secret: 'api client secret here'
    host: 'https://example-ca-v2.oneroster.com/ims/oneroster/v1p1/'

    page_size: 3000
    max_user_count: 0

schema:
    match_groups_by: 'title'
    key_identifier: 'sourcedId'
    all_users_filter: 'users'
    default_group_filter: 'classes'
    default_user_filter: 'students'
";

const CLASSLINK: &str = "\
connection:
  platform: ClassLink
  host: https://harbor.oneroster.com/ims/oneroster/v1p1
";

#[test]
fn the_manuals_example_lacks_only_the_address() {
    insta::assert_snapshot!(source_problems(MANUAL), @"connector-oneroster.yml:5:11: host: the address of the roster is missing. ClassLink's Roster Server console shows yours with the application, beside key and secret: https://<your district>.oneroster.com/ims/oneroster/v1p1/");
    let source = MANUAL.replace("example-ca-v2", "harbor");
    let config = checked(ROOT, source, UMAPI).unwrap();
    assert_eq!(config.notices, Vec::<String>::new());
    assert_eq!(config.source.platform, Platform::ClassLink);
    assert_eq!(config.source.match_groups_by, ["title"]);
    assert_eq!(config.source.page_size, 3000);
    assert_eq!(config.source.signature_method, SignatureMethod::HmacSha256);
}

#[test]
fn a_connection_of_the_second_generation_is_read() {
    let source = format!(
        "{CLASSLINK}  key_identifier: SOURCEDID\n  page_size: 20000\n  max_users: 7\n  signature_method: hmac-sha1\nmapping:\n  mode: standard\n  standard_mapping:\n    client_id:\n    match_groups_by: [title, name]\n"
    );
    let source = checked(ROOT, source, UMAPI).unwrap().source;
    assert_eq!(
        source.host.as_str(),
        "https://harbor.oneroster.com/ims/oneroster/v1p1/"
    );
    assert_eq!(source.page_size, 10_000);
    assert_eq!(source.max_user_count, Some(7));
    assert_eq!(source.signature_method, SignatureMethod::HmacSha1);
}

#[test]
fn a_partners_proxy_and_a_loopback_address_are_addresses() {
    for host in [
        "https://oneroster-proxy.apis.classlink.com/a%2Fb/ims/oneroster/v1p1/",
        "harbor.rosterserver.com/ims/oneroster/v1p1",
        "http://127.0.0.1:9900/ims/oneroster/v1p1/",
        "https://roster.school.example/api/",
    ] {
        let source = format!("connection:\n  platform: classlink\n  host: {host}\n");
        assert!(checked(ROOT, source, UMAPI).is_ok(), "{host}");
    }
}

#[test]
fn an_address_that_cannot_be_the_right_one_is_refused() {
    let with = |platform: &str, host: &str| {
        source_problems(&format!(
            "connection:\n  platform: {platform}\n  host: {host}\n"
        ))
    };
    let problems = [
        with("classlink", ""),
        with(
            "classlink",
            "https://example.oneroster.com/ims/oneroster/v1p1/",
        ),
        with("classlink", "harbor.oneroster.com"),
        with(
            "classlink",
            "https://harbor.oneroster.com/ims/oneroster/rostering/v1p2/",
        ),
        with(
            "classlink",
            "https://harbor.oneroster.com/ims/oneroster/v1p1/users",
        ),
        with("classlink", "https://api.clever.com/v2.1/"),
        with(
            "classlink",
            "http://harbor.oneroster.com/ims/oneroster/v1p1/",
        ),
        with("clever", "https://harbor.oneroster.com/ims/oneroster/v1p1/"),
        with(
            "classlnk",
            "https://harbor.oneroster.com/ims/oneroster/v1p1/",
        ),
    ];
    insta::assert_snapshot!(problems.join("\n"), @"
    connector-oneroster.yml:1:1: host: the address of the roster is missing. ClassLink's Roster Server console shows yours with the application, beside key and secret: https://<your district>.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: the address of the roster is missing. ClassLink's Roster Server console shows yours with the application, beside key and secret: https://<your district>.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: ClassLink's address ends in /ims/oneroster/v1p1/: https://harbor.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: OneRoster 1.2 is not available in this version, which reads version 1.1: https://harbor.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: nothing may follow the version in ClassLink's address: https://harbor.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: this is Clever's address. Write platform: clever, or ClassLink's address: https://<your district>.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: 'http://harbor.oneroster.com/ims/oneroster/v1p1/' would send credentials and pupils' data unprotected. Write https://
    connector-oneroster.yml:3:9: host: this is the address of a OneRoster server (platform: classlink), not Clever's. Write https://api.clever.com/v2.1/
    connector-oneroster.yml:2:13: platform: 'classlnk' is not known; did you mean 'classlink'?
    ");
}

#[test]
fn each_platform_refuses_what_belongs_to_the_other() {
    let classlink = format!(
        "{CLASSLINK}  access_token: TEST_TOKEN\n  district_id: 0123456789abcdef01234567\n  token_url: https://clever.com/oauth/tokens\n  key_identifier: sourceId\n  signature_method: HMAC-MD5\n"
    );
    insta::assert_snapshot!(source_problems(&classlink), @"
    connector-oneroster.yml:4:3: access_token: TEST_TOKEN opens Clever's example district, not a roster at ClassLink. Delete the line
    connector-oneroster.yml:5:3: district_id: this belongs to Clever only. Delete the line
    connector-oneroster.yml:6:3: token_url: this belongs to Clever only. Delete the line
    connector-oneroster.yml:7:19: key_identifier: 'sourceId' is not known; did you mean 'sourcedId'?
    connector-oneroster.yml:8:21: signature_method: 'HMAC-MD5' is not known; possible are: HMAC-SHA256, HMAC-SHA1
    ");
    let identifier = format!("{CLASSLINK}schema:\n  key_identifier: id\n");
    insta::assert_snapshot!(source_problems(&identifier), @"connector-oneroster.yml:5:19: key_identifier: 'id' is not possible here: ClassLink identifies by sourcedId. Write sourcedId");
    let clever = format!("{SOURCE}  signature_method: HMAC-SHA256\n");
    insta::assert_snapshot!(source_problems(&clever), @"connector-oneroster.yml:4:3: signature_method: this belongs to ClassLink only. Delete the line");
}

#[test]
fn a_token_in_the_file_is_a_credential_here_too() {
    let source = format!("{CLASSLINK}  access_token: planted\n");
    let problems = source_problems(&source);
    assert!(!problems.contains("planted"));
    insta::assert_snapshot!(problems, @r#"connector-oneroster.yml:4:3: access_token: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}"#);
}
