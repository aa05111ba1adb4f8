//! Slips of somebody who moves the files of years over: each message is enough to get it right at once.

use super::*;

const CLASSLINK: &str = "\
connection:
  platform: classlink
  host: https://harbor.oneroster.com/ims/oneroster/v1p1/
  page_size: 3000
schema:
  match_groups_by: title
";

/// What is wrong with the ClassLink file after a replacement.
fn after(old: &str, new: &str) -> String {
    assert!(CLASSLINK.contains(old));
    source_problems(&CLASSLINK.replace(old, new))
}

/// What is wrong with this mapping.
fn groups(below_groups: &str) -> String {
    root_problems(&root_with(&format!("  groups:\n{below_groups}")))
}

#[test]
fn connector_files_that_are_swapped_are_recognized_and_checked_all_the_same() {
    let swapped = ROOT
        .replace("umapi: connector-umapi", "umapi: connector")
        .replace(
            "oneroster: connector-oneroster",
            "oneroster: connector-umapi",
        )
        .replace("umapi: connector.", "umapi: connector-oneroster.");
    let source = SOURCE.replace("clever\n", "clevr\n");
    insta::assert_snapshot!(checked(swapped, source, UMAPI).unwrap_err(), @"
    user-sync-config.yml:3:12: the file 'connector-oneroster.yml' holds the settings of a roster (connection, schema), and the settings of an Adobe organization (enterprise, server) are needed here. Name the right file, or upload the right one under this name
    user-sync-config.yml:6:16: the file 'connector-umapi.yml' holds the settings of an Adobe organization (enterprise, server), and the settings of a roster (connection, schema) are needed here. Name the right file, or upload the right one under this name
    connector-oneroster.yml:2:13: platform: 'clevr' is not known; did you mean 'clever'?
    ");
    insta::assert_snapshot!(checked(ROOT, UMAPI, SOURCE).unwrap_err(), @"
    user-sync-config.yml:3:12: the file 'connector-umapi.yml' holds the settings of a roster (connection, schema), and the settings of an Adobe organization (enterprise, server) are needed here. Name the right file, or upload the right one under this name
    user-sync-config.yml:6:16: the file 'connector-oneroster.yml' holds the settings of an Adobe organization (enterprise, server), and the settings of a roster (connection, schema) are needed here. Name the right file, or upload the right one under this name
    ");
}

#[test]
fn a_file_of_another_kind_is_called_by_its_kind() {
    let ldap = "host: ldap://dc.school.example\nbase_dn: DC=school\nall_users_filter: x\n";
    insta::assert_snapshot!(source_problems(ldap), @"user-sync-config.yml:6:16: the file 'connector-oneroster.yml' holds the settings of another kind of directory, such as LDAP, and the settings of a roster (connection, schema) are needed here. Name the right file, or upload the right one under this name");
    insta::assert_snapshot!(root_problems(SOURCE), @"user-sync-config.yml:1:1: this file holds the settings of a roster (connection, schema), and the main settings (adobe_users, directory_users) are needed here. Upload the right file under this name, or correct the function's setting CONFIG_URI");
    insta::assert_snapshot!(umapi_problems(ROOT), @"user-sync-config.yml:3:12: the file 'connector-umapi.yml' holds the main settings (adobe_users, directory_users), and the settings of an Adobe organization (enterprise, server) are needed here. Name the right file, or upload the right one under this name");
}

#[test]
fn a_file_that_two_lines_name_is_checked_once() {
    let root = ROOT.replace("connector-umapi.yml", "connector-oneroster.yml");
    let source = format!("{SOURCE}  page_size: 0\n");
    insta::assert_snapshot!(checked(root, source, UMAPI).unwrap_err(), @"
    user-sync-config.yml:3:12: the file 'connector-oneroster.yml' holds the settings of a roster (connection, schema), and the settings of an Adobe organization (enterprise, server) are needed here. Name the right file, or upload the right one under this name
    connector-oneroster.yml:4:14: page_size: '0' is not possible; write a number from 1 to 10000
    ");
}

#[test]
fn a_section_that_is_misspelt_is_read_so_that_nothing_else_is_called_missing() {
    insta::assert_snapshot!(after("connection", "Connections"), @"connector-oneroster.yml:1:1: Connections: this key is not known here; did you mean 'connection'?");
    insta::assert_snapshot!(after("  page_size: 3000", "  page-size: many"), @"
    connector-oneroster.yml:4:3: page-size: this key is not known here; did you mean 'page_size'?
    connector-oneroster.yml:4:14: page_size: 'many' is not a whole number; write digits alone, 0 or more
    ");
    insta::assert_snapshot!(root_problems(&ROOT.replace("adobe_users", "adobe_user")), @"user-sync-config.yml:1:1: adobe_user: this key is not known here; did you mean 'adobe_users'?");
}

#[test]
fn a_section_or_a_format_below_another_is_sent_to_the_first_column() {
    insta::assert_snapshot!(after("schema:", "  schema:"), @"
    connector-oneroster.yml:5:3: schema: this key belongs below no other: it begins in column 1. Delete the blanks before it, and keep those before its own keys
    connector-oneroster.yml:6:3: match_groups_by: this key belongs below schema (or mapping.standard_mapping). Move it there, and indent it like the keys around it
    ");
    let below = format!("{CLASSLINK}  user_email_format: '{{email}}'\n");
    insta::assert_snapshot!(source_problems(&below), @"connector-oneroster.yml:7:3: user_email_format: this key belongs below no other: it begins in column 1. Delete the blanks before it, and keep those before its own keys");
    insta::assert_snapshot!(umapi_problems("enterprise:\nschema:\n  page_size: 1\n"), @"connector-umapi.yml:2:1: schema: this key is not known here; possible are: authentication_method, enterprise, secret, server");
}

#[test]
fn quotation_marks_that_do_not_match_are_named() {
    insta::assert_snapshot!(after("title", "'title"), @"connector-oneroster.yml:6:20: the quotation mark ' that opens here is not closed. Write ' behind the value, on the same line");
    insta::assert_snapshot!(after("classlink", "\"classlink'"), @r#"connector-oneroster.yml:2:13: the quotation mark " that opens here is not closed. The value ends with ': write " there, too"#);
    insta::assert_snapshot!(groups("    - directory_group: 'courses::Teacher's Lounge::students'\n"), @"user-sync-config.yml:8:42: something follows the closing quotation mark. If the quotation mark belongs to the value, put the value in double quotes");
    insta::assert_snapshot!(groups("    - directory_group: a\n      adobe_groups:\n        - \"A\", \"B\"\n"), @r#"user-sync-config.yml:10:14: a comma follows the closing quotation mark. Several values on one line stand in brackets: ["A", "B"]"#);
    let secret = after("  page_size: 3000", "  client_secret: 'planted");
    assert!(!secret.contains("planted"), "{secret}");
}

#[test]
fn a_bracket_that_stays_open_is_found_where_it_opens() {
    let open = format!(
        "{}limits:\n",
        root_with(
            "  groups:\n    - directory_group: Ana's [new] class\n      adobe_groups: [\"A [x\", B\n"
        )
    );
    insta::assert_snapshot!(root_problems(&open), @"user-sync-config.yml:9:21: the '[' that opens here is not closed. Write ']' behind the last value");
    insta::assert_snapshot!(after("title\n", "[title, name\nuser_email_format: x\n"), @"connector-oneroster.yml:6:20: the '[' that opens here is not closed. Write ']' behind the last value");
}

#[test]
fn a_line_that_slipped_is_told_from_its_neighbours() {
    let names = "  page_size: 3000\n  max_user_count: 0\n";
    insta::assert_snapshot!(after("  page_size: 3000\n", &names.replace("  page", "page")), @"connector-oneroster.yml:4:1: this line is not indented like the lines around it. Begin it in column 3");
    insta::assert_snapshot!(after("  platform", "platform"), @"connector-oneroster.yml:2:1: this line is not indented like the lines around it. Begin it in column 3");
    insta::assert_snapshot!(after("schema:\n", "  token_url: x\nlogger_name: x\n    page_size: 1\nschema:\n"), @"connector-oneroster.yml:7:5: this line is not indented like the lines around it. Begin it in column 1");
}

#[test]
fn a_hyphen_without_its_blank_is_no_part_of_a_name() {
    insta::assert_snapshot!(groups("    - directory_group: a\n      adobe_groups:\n        -Spark\n"), @"user-sync-config.yml:10:9: a blank is missing behind this hyphen. Write '- ' and the value; a value that begins with a hyphen stands in quotes");
    insta::assert_snapshot!(groups("    -directory_group: a\n     adobe_groups:\n"), @"user-sync-config.yml:8:5: a blank is missing behind this hyphen. Write '- ' and the value; a value that begins with a hyphen stands in quotes");
    let quoted = root_with("  groups:\n    - directory_group: '-a'\n      adobe_groups: '-b'\n");
    assert!(checked(quoted, SOURCE, UMAPI).is_ok());
}

#[test]
fn three_parts_with_another_delimiter_are_no_name() {
    insta::assert_snapshot!(groups("    - directory_group: courses:Econ 101:students\n    - directory_group: courses::Econ::101::students\n    - directory_group: 'courses::Econ 101::'\n"), @"
    user-sync-config.yml:8:24: directory_group: in 'courses:Econ 101:students', ':' stands between the parts, and it should be '::'. Write the three parts {schools, courses, classes or sections}::{name}::{students, teachers or users}, or the name alone
    user-sync-config.yml:9:24: directory_group: 'courses::Econ::101::students' has 4 parts. Write the three parts {schools, courses, classes or sections}::{name}::{students, teachers or users}, or the name alone. A name that holds '::' itself needs another group_delimiter in connector-oneroster.yml
    user-sync-config.yml:10:24: directory_group: a part of 'courses::Econ 101::' is empty. Write the three parts {schools, courses, classes or sections}::{name}::{students, teachers or users}, or the name alone
    ");
    let bars = format!("{CLASSLINK}  group_delimiter: '|'\n");
    let root = root_with("  groups:\n    - directory_group: courses|Econ 101|students\n");
    assert!(checked(&root, &bars, UMAPI).is_ok());
    // Where the delimiter is not known, nothing is said about it.
    let broken = checked(&root, "connection: [\n", UMAPI).unwrap_err();
    assert!(!broken.to_string().contains("directory_group"), "{broken}");
}

#[test]
fn a_format_without_quotes_or_with_another_notation_is_refused() {
    let format = |text: &str| source_problems(&format!("{CLASSLINK}user_email_format: {text}\n"));
    insta::assert_snapshot!(format("{email}"), @r#"connector-oneroster.yml:7:20: user_email_format: a value that begins with '{' must stand in quotes, such as "{email}""#);
    insta::assert_snapshot!(format("{id}@school.example"), @"connector-oneroster.yml:7:20: a value that begins with '{' must stand in quotes");
    insta::assert_snapshot!(format("'${email}'"), @"connector-oneroster.yml:7:20: user_email_format: the character $ would stand in everybody's address. Write what is the same for everybody, and attributes in braces: {sis_id}@example.org");
    insta::assert_snapshot!(format("\"'{email}'\""), @"connector-oneroster.yml:7:20: user_email_format: the character ' would stand in everybody's address. Write what is the same for everybody, and attributes in braces: {sis_id}@example.org");
}

#[test]
fn an_address_is_shown_as_it_should_be() {
    let host = |host: &str| after("https://harbor.oneroster.com/ims/oneroster/v1p1/", host);
    let problems = [
        host("https://harbor.oneroster.com/ims/oneroster/v1p1/orgs"),
        host("https://harbor.oneroster.com/ims/oneroster/V1P1/"),
        host("https://roster.school.example/ims/oneroster/rostering/v1p2/"),
        host("https://harbor.oneroster.com/ims/oneroster/v1p1/v1p1/"),
        host("https://launchpad.classlink.com/harbor"),
        host("https//harbor.oneroster.com/ims/oneroster/v1p1/"),
        host("https://<your district>.oneroster.com/ims/oneroster/v1p1/"),
    ];
    insta::assert_snapshot!(problems.join("\n"), @"
    connector-oneroster.yml:3:9: host: nothing may follow the version in ClassLink's address: https://harbor.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: ClassLink's address ends in /ims/oneroster/v1p1/: https://harbor.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: OneRoster 1.2 is not available in this version, which reads version 1.1: https://roster.school.example/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: ClassLink's address names the version once: https://harbor.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: this is not the address of a Roster Server, which its console shows with the application: https://<your district>.oneroster.com/ims/oneroster/v1p1/
    connector-oneroster.yml:3:9: host: 'https//harbor.oneroster.com/ims/oneroster/v1p1/' is neither a host name such as api.example.org nor an address such as https://api.example.org/path/
    connector-oneroster.yml:3:9: host: 'https://<your district>.oneroster.com/ims/oneroster/v1p1/' holds '<' or '>', as examples do. Write your own address, without them
    ");
}

#[test]
fn a_platform_of_a_later_version_is_never_offered() {
    insta::assert_snapshot!(after("classlink", "one roster"), @"connector-oneroster.yml:2:13: platform: 'one roster' is not available in this version, which reads clever and classlink");
    insta::assert_snapshot!(after("classlink", "Rocket"), @"connector-oneroster.yml:2:13: platform: 'Rocket' is not known; possible are: clever, classlink");
    assert!(checked(ROOT, CLASSLINK.replace("classlink", "'ClassLink '"), UMAPI).is_ok());
}

#[test]
fn credentials_are_known_by_every_name_and_no_message_repeats_them() {
    let source = "\
connection:
  platform: classlink
  host: https://harbor.oneroster.com/ims/oneroster/v1p1/
  Client-ID: planted-one
  key: planted-two
  secret: c6d2c6745c12ae785f7f1a58a307a04cf0a4
";
    let umapi = "enterprise:\n  consumer_secret: planted-three\n  secret: p8e-planted-four\n";
    let problems = checked(ROOT, source, umapi).unwrap_err();
    let text = format!("{problems} {problems:?}");
    assert!(
        !text.contains("planted") && !text.contains("c6d2"),
        "{text}"
    );
    insta::assert_snapshot!(problems, @r#"
    connector-oneroster.yml:4:3: Client-ID: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:5:3: key: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:6:11: secret: this looks like a secret itself, and here stands the name of one in AWS Secrets Manager, such as school/roster. Delete the line, and put what stood here into that secret. If it is a name, write its ARN
    connector-umapi.yml:2:3: consumer_secret: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/umapi this value: {"client_id": "…", "client_secret": "…", "org_id": "…"}
    connector-umapi.yml:3:11: secret: this looks like a secret itself, and here stands the name of one in AWS Secrets Manager, such as school/roster. Delete the line, and put what stood here into that secret. If it is a name, write its ARN
    "#);
}

#[test]
fn an_action_without_its_hyphens_is_recognized() {
    let root =
        format!("{ROOT}invocation_defaults:\n  adobe_only_user_action: remove adobe groups\n");
    insta::assert_snapshot!(root_problems(&root), @"user-sync-config.yml:8:27: adobe_only_user_action: 'remove adobe groups' is not known; did you mean 'remove-adobe-groups'?");
}

#[test]
fn the_united_kingdom_and_half_an_organization_id_are_corrected() {
    insta::assert_snapshot!(root_problems(&root_with("  default_country_code: UK\n")), @"user-sync-config.yml:7:25: default_country_code: the code of the United Kingdom is GB. Write GB");
    insta::assert_snapshot!(umapi_problems("enterprise:\n  org_id: 1234567890ABCDEF12345678\n"), @"connector-umapi.yml:2:11: org_id: an organization ID looks like 1234567890ABCDEF12345678@AdobeOrg");
}

#[test]
fn a_path_that_stands_behind_adobes_host_is_not_added_twice() {
    let umapi = "server:\n  host: https://usermanagement.adobe.io/v2/usermanagement\n";
    let base = checked(ROOT, SOURCE, umapi).unwrap().umapi.base;
    assert_eq!(
        base.as_str(),
        "https://usermanagement.adobe.io/v2/usermanagement/"
    );
}

#[test]
fn the_manuals_slip_is_told_for_all_entries_at_once() {
    insta::assert_snapshot!(groups("    - directory_group: a\n          adobe_groups:\n            - A\n    - directory_group: b\n      adobe_groups: [B]\n    - directory_group: c\n        adobe_groups:\n          - C\n    - directory_group: d\n        adobe_groups: D\n"), @"
    user-sync-config.yml:9:11: adobe_groups: begins in column 11, and it must begin exactly below directory_group, in column 7 (and so in lines 14, 17). Write it like this:
        - directory_group: a
          adobe_groups:
            - A
    ");
}

#[test]
fn a_list_that_is_pasted_at_the_margin_is_told_where_to_begin() {
    insta::assert_snapshot!(groups("- directory_group: a\n  adobe_groups: A\n"), @"user-sync-config.yml:8:1: an entry of a list begins below its key or further to the right. groups: begins in column 3, so begin the entries in column 5, and move all that is in them by as many blanks");
}
