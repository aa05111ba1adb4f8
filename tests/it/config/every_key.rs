//! Every key that UST and the manual document: accepted, without effect, or refused with its sentence.

use super::*;

/// What becomes of a key.
enum Fate {
    /// It is read, and nothing is said.
    Read,
    /// It has no effect, and a notice says why.
    Idle(&'static str),
    /// It is a problem that says what to do.
    Refused(&'static str),
}
use Fate::{Idle, Read, Refused};

const CREDENTIALS: &str = "credentials do not belong in this file";

/// Below `adobe_users`, `directory_users`, and at the top level of `user-sync-config.yml`.
const ROOT_KEYS: [(&str, &str, Fate); 41] = [
    ("adobe_users", "exclude_identity_types: [adobeID]", Read),
    ("adobe_users", "exclude_adobe_groups: [All Staff]", Read),
    ("adobe_users", "exclude_users: ['admin@.*']", Read),
    ("adobe_users", "update_attributes: [firstname, email]", Read),
    (
        "adobe_users",
        "update_attributes: [username]",
        Refused("never changed"),
    ),
    ("directory_users", "user_identity_type: federatedID", Read),
    ("directory_users", "default_country_code: US", Read),
    (
        "directory_users",
        "groups: [{directory_group: a, adobe_groups: [b]}]",
        Read,
    ),
    (
        "directory_users",
        "additional_groups: [{source: a, target: b}]",
        Idle("a roster lists none"),
    ),
    (
        "directory_users",
        "group_sync_options: {auto_create: Yes}",
        Read,
    ),
    (
        "directory_users",
        "extension: extension.yml",
        Refused("Python code"),
    ),
    ("", "limits: {max_adobe_only_users: 200}", Read),
    ("", "limits: {max_adobe_only_users: 50%}", Read),
    ("", "limits: {max_plan_age_hours: 168}", Read),
    ("", "limits: {max_directory_age_hours: 0}", Read),
    ("", "limits: {max_approval_age_days: 90}", Read),
    (
        "",
        "limits: {max_group_removals: 50, max_group_removals_percent: 20, never_empty_groups_of: 10}",
        Read,
    ),
    (
        "",
        "limits: {max_removals: 200, max_removals_percent: 10}",
        Read,
    ),
    (
        "",
        "limits: {max_people_missing: 50, max_group_people_missing: 5}",
        Read,
    ),
    ("", "limits: {max_other_identity_type: 50}", Read),
    (
        "",
        "dates: {status: No, enabled_user: No, terms: No, enrollments: No, roles: No}",
        Read,
    ),
    (
        "",
        "protected: {users: a, domains: b, groups: c, foreign_accounts: Yes}",
        Read,
    ),
    ("", "grace: {licences_days: 7, organization_days: 30}", Read),
    ("", "limits: {group_removals_only: No}", Read),
    (
        "",
        "limits: {group_removals_only: Yes}",
        Refused("not available in this version"),
    ),
    (
        "",
        "logging: {log_to_file: Yes, file_log_directory: logs, file_log_name_format: x, file_log_level: info, console_log_level: debug, log_progress: Yes}",
        Idle("CloudWatch"),
    ),
    (
        "",
        "invocation_defaults: {adobe_only_user_action: remove-adobe-groups}",
        Read,
    ),
    (
        "",
        "invocation_defaults: {adobe_only_user_action: write-file}",
        Read,
    ),
    (
        "",
        "invocation_defaults: {adobe_only_user_list: gone.csv}",
        Read,
    ),
    ("", "invocation_defaults: {adobe_users: mapped}", Read),
    ("", "invocation_defaults: {connector: oneroster}", Read),
    (
        "",
        "invocation_defaults: {connector: ldap}",
        Refused("people are read from a roster"),
    ),
    (
        "",
        "invocation_defaults: {process_groups: Yes, update_user_info: No, test_mode: No}",
        Read,
    ),
    ("", "invocation_defaults: {strategy: push}", Read),
    (
        "",
        "invocation_defaults: {user_filter: '.*@school.example'}",
        Read,
    ),
    ("", "invocation_defaults: {users: mapped}", Read),
    (
        "",
        "invocation_defaults: {users: file people.csv}",
        Refused("people are read from the roster"),
    ),
    (
        "",
        "invocation_defaults: {exclude_unmapped_users: Yes}",
        Read,
    ),
    (
        "",
        "invocation_defaults: {ssl_cert_verify: Yes}",
        Idle("always checked"),
    ),
    (
        "",
        "invocation_defaults: {ssl_cert_verify: No}",
        Refused("always checked"),
    ),
    ("", "dashboard: {owning: x}", Refused("User Sync Tool 1")),
];

/// Of `connector-oneroster.yml`, in both generations.
const SOURCE_KEYS: [(&str, &str, Fate); 36] = [
    ("connection", "client_id: 1a2b", Refused(CREDENTIALS)),
    ("connection", "client_secret: 1a2b", Refused(CREDENTIALS)),
    ("connection", "access_token: 1a2b", Refused(CREDENTIALS)),
    ("connection", "access_token: TEST_TOKEN", Read),
    ("connection", "page_size: 3000", Read),
    ("connection", "max_user_count: 5", Read),
    ("connection", "max_users: 5", Read),
    ("connection", "key_identifier: id", Read),
    ("schema", "match_groups_by: name", Read),
    ("schema", "match_groups_on: name", Read),
    ("schema", "key_identifier: id", Read),
    ("schema", "key_identifier: sourcedId", Refused("Write id")),
    ("schema", "all_users_filter: students", Read),
    ("schema", "default_group_filter: sections", Read),
    ("schema", "default_user_filter: users", Read),
    ("schema", "include_only: {gender: F}", Read),
    ("mapping", "mode: standard", Read),
    ("mapping", "mode: scoped", Refused("needs scoped_sources")),
    (
        "mapping",
        "scoped_sources: [{type: yaml, product: Spark}]",
        Refused("Write mode: scoped"),
    ),
    (
        "mapping",
        "standard_mapping: {access_token: TEST_TOKEN}",
        Read,
    ),
    (
        "mapping",
        "standard_mapping: {client_id: 1a2b}",
        Refused(CREDENTIALS),
    ),
    (
        "mapping",
        "standard_mapping: {all_users_filter: users, default_group_filter: classes, default_user_filter: students}",
        Read,
    ),
    ("mapping", "standard_mapping: {group_delimiter: '|'}", Read),
    (
        "mapping",
        "standard_mapping: {match_groups_by: [title, name]}",
        Read,
    ),
    ("", "include_only: {grade: [10, 11]}", Read),
    ("", "user_email_format: '{email}'", Read),
    ("", "user_given_name_format: '{givenName}'", Read),
    ("", "user_surname_format: '{familyName}'", Read),
    ("", "user_country_code_format: '{country}'", Read),
    ("", "user_username_format: '{username}'", Read),
    ("", "user_domain_format: school.example", Read),
    ("", "user_identity_type_format: federatedID", Read),
    ("", "user_identity_type: federatedID", Read),
    ("", "secure_credential: No", Read),
    ("", "secure_credential: Yes", Refused("AWS Secrets Manager")),
    ("", "logger_name: oneroster", Idle("CloudWatch")),
];

/// Of `connector-umapi.yml`.
const UMAPI_KEYS: [(&str, &str, Fate); 31] = [
    ("server", "host: usermanagement.adobe.io", Read),
    ("server", "endpoint: /v2/usermanagement", Read),
    ("server", "ims_host: ims-na1.adobelogin.com", Read),
    ("server", "auth_host: ims-na1.adobelogin.com", Read),
    ("server", "ims_endpoint_jwt: /ims/exchange/jwt", Idle("JWT")),
    ("server", "auth_endpoint: /ims/token/v2", Read),
    ("server", "timeout: 120", Read),
    ("server", "retries: 3", Read),
    ("server", "ssl_verify: Yes", Idle("always checked")),
    ("server", "ssl_verify: No", Refused("always checked")),
    ("enterprise", "org_id: 1A@AdobeOrg", Read),
    (
        "enterprise",
        "tech_acct: a@techacct.adobe.com",
        Refused("JWT"),
    ),
    (
        "enterprise",
        "tech_acct_id: a@techacct.adobe.com",
        Refused("JWT"),
    ),
    ("enterprise", "api_key: 1a2b", Refused(CREDENTIALS)),
    ("enterprise", "client_id: 1a2b", Refused(CREDENTIALS)),
    ("enterprise", "client_secret: 1a2b", Refused(CREDENTIALS)),
    ("enterprise", "priv_key_path: private.key", Refused("JWT")),
    ("enterprise", "priv_key_data: x", Refused("JWT")),
    ("enterprise", "priv_key_pass: x", Refused("JWT")),
    ("enterprise", "secure_api_key_key: x", Refused("keyring")),
    ("enterprise", "secure_client_id_key: x", Refused("keyring")),
    (
        "enterprise",
        "secure_client_secret_key: x",
        Refused("keyring"),
    ),
    (
        "enterprise",
        "secure_priv_key_data_key: x",
        Refused("keyring"),
    ),
    (
        "enterprise",
        "secure_priv_key_pass_key: x",
        Refused("keyring"),
    ),
    ("", "authentication_method: oauth", Read),
    (
        "",
        "authentication_method: jwt",
        Refused("OAuth Server-to-Server"),
    ),
    ("", "trusted: No", Read),
    ("", "trusted: Yes", Refused("not available in this version")),
    (
        "",
        "uses_business_id: Yes",
        Refused("not available in this version"),
    ),
    ("", "test_mode: No", Read),
    ("", "logger_name: umapi", Idle("CloudWatch")),
];

/// The file with one more line: below a section, which is added where it is not there.
fn with(file: &str, section: &str, line: &str) -> String {
    let head = format!("{section}:\n");
    if section.is_empty() {
        format!("{file}{line}\n")
    } else if file.contains(&head) {
        file.replacen(&head, &format!("{head}  {line}\n"), 1)
    } else {
        format!("{file}{head}  {line}\n")
    }
}

fn meets(fate: &Fate, line: &str, outcome: Result<Config, Problems>) {
    match (fate, outcome) {
        (Read, Ok(config)) => assert_eq!(config.notices, Vec::<String>::new(), "{line}"),
        (Idle(why), Ok(config)) => {
            let [notice] = &config.notices[..] else {
                panic!("{line}: {:?}", config.notices)
            };
            assert!(notice.contains(why), "{line}: {notice}");
        }
        (Refused(why), Err(problems)) => {
            let [problem] = &problems.0[..] else {
                panic!("{line}: {problems}")
            };
            assert!(problem.message.contains(why), "{line}: {problem}");
        }
        (Read | Idle(_), Err(problems)) => panic!("{line}: {problems}"),
        (Refused(_), Ok(_)) => panic!("{line} is not refused"),
    }
}

#[test]
fn every_key_of_the_main_file_has_its_fate() {
    for (section, line, fate) in ROOT_KEYS {
        meets(
            &fate,
            line,
            checked(with(ROOT, section, line), SOURCE, UMAPI),
        );
    }
}

#[test]
fn every_key_of_the_roster_file_has_its_fate() {
    for (section, line, fate) in SOURCE_KEYS {
        meets(
            &fate,
            line,
            checked(ROOT, with(SOURCE, section, line), UMAPI),
        );
    }
}

#[test]
fn every_key_of_adobes_file_has_its_fate() {
    for (section, line, fate) in UMAPI_KEYS {
        meets(&fate, line, checked(ROOT, SOURCE, with("", section, line)));
    }
}

#[test]
fn a_key_that_ust_does_not_know_is_refused_everywhere() {
    let unknown = Refused("this key is not known here");
    for section in [
        "",
        "adobe_users",
        "directory_users",
        "limits",
        "logging",
        "invocation_defaults",
        "dates",
        "protected",
        "grace",
    ] {
        let root = with(ROOT, section, "zzz: 1");
        meets(&unknown, section, checked(root, SOURCE, UMAPI));
    }
    for section in ["", "connection", "schema", "mapping"] {
        let source = with(SOURCE, section, "zzz: 1");
        meets(&unknown, section, checked(ROOT, source, UMAPI));
    }
    for section in ["", "server", "enterprise"] {
        meets(
            &unknown,
            section,
            checked(ROOT, SOURCE, with("", section, "zzz: 1")),
        );
    }
}
