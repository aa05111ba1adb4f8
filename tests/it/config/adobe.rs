//! `connector-umapi.yml`.

use roster_sync::config::RequestsPerMinute;

use super::*;

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
    insta::assert_snapshot!(umapi_problems(umapi), @"
    connector-umapi.yml:1:24: authentication_method: Adobe has ended JWT credentials. Create OAuth Server-to-Server ones for the User Management API in developer.adobe.com/console, and write oauth
    connector-umapi.yml:2:1: trusted: this is not available in this version. Delete the line or write No
    connector-umapi.yml:4:11: org_id: an organization ID looks like 1234567890ABCDEF12345678@AdobeOrg
    connector-umapi.yml:5:3: secret: this setting stands at 6:1 already, and both mean the same. Keep one of them
    connector-umapi.yml:8:9: host: 'http://usermanagement.adobe.io' would send credentials and pupils' data unprotected. Write https://
    connector-umapi.yml:10:3: auth_host: ims_host stands at 9:3 already, and both mean the same. Keep one of them
    connector-umapi.yml:11:15: ssl_verify: certificates are always checked: without that, anybody in between could read pupils' data. Delete this line, and give the server a certificate that is valid
    connector-umapi.yml:12:12: timeout: '0' is not possible; write seconds from 1 to 900
    connector-umapi.yml:13:12: retries: 'many' is not a whole number; write digits alone, 0 or more
    connector-umapi.yml:14:3: proxy: there is no proxy between AWS Lambda and Adobe or the roster. Delete this line
    connector-umapi.yml:17:5: user: this key is not known here; did you mean 'users'?
    ");
    insta::assert_snapshot!(umapi_problems("server:\n  requests_per_minute:\n    action: 0\n"), @"connector-umapi.yml:3:13: action: 0 means without any pace, and Adobe's own hosts answer that with hours of waiting. Write 10, Adobe's limit, or less");
}
