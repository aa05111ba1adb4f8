//! Mistakes that administrators make, all at once.

use super::*;

const WRONG_ROOT: &str = "\
adobe_users:
  connectors:
    umapi: connector-umapi.yml
directory_users:
  user_identity_typ: federatedID
  connectors:
    ldap: connector-ldap.yml
    oneroster: connector-oneroster.yml
  extension: extension.yml
  groups:
    - directory_group: \"courses::Econ 101\"
      adobe_groups:
        - \"Spark\"
    - directory_group: \"a::b::c::d::e\"
      adobe_groups: [\"Spark\"]
    - directory_group: \"sections:::A::students\"
      adobe_groups: [\"east::Spark\"]
    - directory_group: \"\"
      adobe_groups: [\"Spark\", \"::\"]
    - directory_group: \"class::A::student\"
limits:
  max_adobe_only_users: 50%x
invocation_defaults:
  adobe_only_user_action: preserv
  process_groups: Yess
  users: group courses::Econ
";

const WRONG_SOURCE: &str = "\
connection:
  platform: 'clevr'
  host: http://api.clever.com/v2.1/
  page_size: 3000
  max_user_count: -5
  page_size: 10
  client_secret: hunter2
schema:
  match_group_by: 'name'
  default_user_filter: 'pupils'
";

const WRONG_UMAPI: &str = "\
enterprise:
  org_id: \"1234567890ABCDEF12345678@AdobeOrg\"
  tech_acct: \"0123456789ABCDEF@techacct.adobe.com\"
  priv_key_path: \"private.key\"
server:
  hosts: usermanagement.adobe.io
";

#[test]
fn all_mistakes_of_three_files_are_reported_at_once() {
    let problems = checked(WRONG_ROOT, WRONG_SOURCE, WRONG_UMAPI).unwrap_err();
    assert!(problems.0.len() >= 20);
    assert!(problems.0.iter().all(|problem| problem.at.is_some()));
    assert!(!problems.to_string().contains("hunter2"));
    insta::assert_snapshot!(problems, @r#"
    user-sync-config.yml:5:3: user_identity_typ: this key is not known here; did you mean 'user_identity_type'?
    user-sync-config.yml:7:5: ldap: people are read from a roster here, not from this kind of directory. Delete the line, or put '#' before it
    user-sync-config.yml:9:3: extension: an extension is Python code, and none runs here. Delete the line, and express in groups what the code does
    user-sync-config.yml:11:24: directory_group: 'courses::Econ 101' has 2 parts. Write the three parts {schools, courses, classes or sections}::{name}::{students, teachers or users}, or the name alone
    user-sync-config.yml:14:24: directory_group: 'a::b::c::d::e' has 5 parts. Write the three parts {schools, courses, classes or sections}::{name}::{students, teachers or users}, or the name alone. A name that holds '::' itself needs another group_delimiter in connector-oneroster.yml
    user-sync-config.yml:16:24: directory_group: 'sections:::A::students' holds a ':' too many. Write the three parts {schools, courses, classes or sections}::{name}::{students, teachers or users}, or the name alone
    user-sync-config.yml:17:22: adobe_groups: 'east::Spark' names the Adobe organization 'east', which is not known: this version serves one organization. Write 'Spark' if the group is in your own
    user-sync-config.yml:18:24: directory_group: the name of the group is empty. Write the group whose members get these Adobe groups
    user-sync-config.yml:19:31: adobe_groups: '::' has no group name
    user-sync-config.yml:20:24: directory_group: in 'class::A::student', 'class' is not known; did you mean 'classes'?
    user-sync-config.yml:22:25: max_adobe_only_users: '50%x' is neither a number such as 200 nor a share such as 50%, from 0% to 100%
    user-sync-config.yml:24:27: adobe_only_user_action: 'preserv' is not known; did you mean 'preserve'?
    user-sync-config.yml:25:19: process_groups: 'Yess' is neither Yes nor No
    user-sync-config.yml:26:10: users: 'courses::Econ' is no directory_group of the mapping
    connector-oneroster.yml:2:13: platform: 'clevr' is not known; did you mean 'clever'?
    connector-oneroster.yml:3:9: host: 'http://api.clever.com/v2.1/' would send credentials and pupils' data unprotected. Write https://
    connector-oneroster.yml:5:19: max_user_count: '-5' is negative; write digits alone, 0 or more
    connector-oneroster.yml:6:3: page_size: this key stands here a second time; the first is at 4:3. Keep one of them
    connector-oneroster.yml:7:3: client_secret: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:9:3: match_group_by: this key is not known here; did you mean 'match_groups_by'?
    connector-oneroster.yml:10:24: default_user_filter: 'pupils' is not known; possible are: students, teachers, users
    connector-umapi.yml:3:3: tech_acct: this belongs to JWT credentials, which Adobe has ended. Delete the line. Create new ones: in developer.adobe.com/console open your project, choose the User Management API and the credential type OAuth Server-to-Server. In AWS Secrets Manager, give the secret roster-sync/umapi this value: {"client_id": "…", "client_secret": "…", "org_id": "…"}
    connector-umapi.yml:4:3: priv_key_path: this belongs to the JWT credentials of 3:3. Delete this line, too
    connector-umapi.yml:6:3: hosts: this key is not known here; did you mean 'host'?
    "#);
}

#[test]
fn a_missing_file_a_tab_and_the_manuals_slip_stand_beside_the_others() {
    let slip = "\
adobe_users:
  connectors:
    umapi: connector-umapi.yml
directory_users:
  connectors:
    oneroster: \"connector-oneroster.yml\"  # here
  groups:
  - directory_group: \"courses::Econ 101::students\"
          adobe_groups:
                  - \"Acrobat DC Pro Users\"
";
    let tab = "enterprise:\n\torg_id: x\n";
    insta::assert_snapshot!(checked(slip, WRONG_SOURCE, tab).unwrap_err(), @r#"
    user-sync-config.yml:9:11: adobe_groups: begins in column 11, and it must begin exactly below directory_group, in column 5. Write it like this:
      - directory_group: "courses::Econ 101::students"
        adobe_groups:
          - "Acrobat DC Pro Users"
    connector-umapi.yml:2:1: this line is indented with a tab; YAML takes only blanks there. Replace the tab by blanks, as many as the lines around it have (Notepad++: Edit > Blank Operations > TAB to Space)
    connector-oneroster.yml:2:13: platform: 'clevr' is not known; did you mean 'clever'?
    connector-oneroster.yml:3:9: host: 'http://api.clever.com/v2.1/' would send credentials and pupils' data unprotected. Write https://
    connector-oneroster.yml:5:19: max_user_count: '-5' is negative; write digits alone, 0 or more
    connector-oneroster.yml:6:3: page_size: this key stands here a second time; the first is at 4:3. Keep one of them
    connector-oneroster.yml:7:3: client_secret: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:9:3: match_group_by: this key is not known here; did you mean 'match_groups_by'?
    connector-oneroster.yml:10:24: default_user_filter: 'pupils' is not known; possible are: students, teachers, users
    "#);
    let root = ROOT.replace("connector-umapi.yml", "conector-umapi.yml");
    insta::assert_snapshot!(root_problems(&root), @"user-sync-config.yml:3:12: the file 'conector-umapi.yml' is not there. Upload it to the folder of this file, or correct the name");
}

#[test]
fn curly_quotation_marks_are_named_once() {
    let root = root_with(
        "  groups:\n    - directory_group: “courses::Econ 101::students”\n      adobe_groups: [“Spark”, \"“Left alone”\"]\n",
    );
    insta::assert_snapshot!(root_problems(&root), @r#"
    user-sync-config.yml:8:24: a curly quotation mark of a word processor begins this value. Write straight ones: " or '
    user-sync-config.yml:9:22: a curly quotation mark of a word processor begins this value. Write straight ones: " or '
    "#);
}

#[test]
fn a_colon_without_its_blank_is_found_where_it_stands() {
    let root = root_with(
        "  user_identity_type:federatedID\n\n  # a comment\n  default_country_code: US\n",
    );
    insta::assert_snapshot!(root_problems(&root), @"user-sync-config.yml:7:21: a blank is missing behind this colon. Write 'user_identity_type: ' and the value");
}

#[test]
fn an_empty_name_between_the_filters_is_called_empty() {
    let root = root_with("  groups:\n    - directory_group: courses::::students\n");
    insta::assert_snapshot!(root_problems(&root), @"user-sync-config.yml:8:24: directory_group: 'courses::::students' has an empty part between two '::'. Write the three parts {schools, courses, classes or sections}::{name}::{students, teachers or users}, or the name alone");
}

#[test]
fn an_address_that_goes_on_behind_the_version_is_refused() {
    let source = SOURCE.replace("v2.1/", "v2.1/users");
    insta::assert_snapshot!(source_problems(&source), @"connector-oneroster.yml:3:9: host: nothing may follow the version in Clever's address. Write https://api.clever.com/v2.1/");
}
