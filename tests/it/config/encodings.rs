//! What Windows editors leave in a file, and what is not YAML.

use proptest::prelude::*;

use super::*;

#[test]
fn a_byte_order_mark_crlf_and_tabs_before_comments_are_read() {
    let source = "\u{feff}connection:\r\n  platform: 'clever'\t#Only this\r\n\t\r\n\t# a comment\r\n  host: https://api.clever.com/v2.1/\t\t# address\r\n  page_size: 3000\t#rows\r\nschema:\t#\r\n  match_groups_by:\t#\r\n\t#\r\n    - name\t# one\r\n    - 'id'\t\r\n";
    let config = checked(ROOT, source, UMAPI).unwrap();
    assert_eq!(config.source.page_size, 3000);
    assert_eq!(config.source.match_groups_by, ["name", "id"]);
}

#[test]
fn utf_16_and_windows_1252_are_named_with_the_encoding_to_use() {
    let utf_16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(SOURCE.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let problems = checked(ROOT, utf_16, b"# M\xfcnchen\n")
        .unwrap_err()
        .to_string();
    insta::assert_snapshot!(problems, @"
    connector-oneroster.yml:1:1: this file is saved as UTF-16 (Windows calls it Unicode). Save it as UTF-8: in Notepad with File > Save as, Encoding: UTF-8
    connector-umapi.yml:1:4: this file is not saved as UTF-8: from this letter on it looks like Windows-1252 (Windows calls it ANSI). Save it as UTF-8: in Notepad with File > Save as, Encoding: UTF-8
    ");
}

#[test]
fn a_tab_as_indentation_has_a_message_of_its_own() {
    insta::assert_snapshot!(source_problems("connection:\n\tplatform: clever\n"), @"connector-oneroster.yml:2:1: this line is indented with a tab; YAML takes only blanks there. Replace the tab by blanks, as many as the lines around it have (Notepad++: Edit > Blank Operations > TAB to Space)");
    insta::assert_snapshot!(source_problems("connection:\n  platform: clever\n\thost: x\n"), @"connector-oneroster.yml:3:1: this line is indented with a tab; YAML takes only blanks there. Replace the tab by blanks, as many as the lines around it have (Notepad++: Edit > Blank Operations > TAB to Space)");
    insta::assert_snapshot!(root_problems("directory_users:\n  groups:\n  - directory_group: a\n\t  adobe_groups:\n"), @"user-sync-config.yml:4:1: this line is indented with a tab; YAML takes only blanks there. Replace the tab by blanks, as many as the lines around it have (Notepad++: Edit > Blank Operations > TAB to Space)");
}

#[test]
fn what_is_not_yaml_is_said_in_our_words() {
    insta::assert_snapshot!(source_problems("connection:\n  platform: 'clever\n  host: x\n"), @"connector-oneroster.yml:2:13: the quotation mark ' that opens here is not closed. Write ' behind the value, on the same line");
    insta::assert_snapshot!(source_problems("connection:\n  platform: clever: x\n"), @"connector-oneroster.yml:2:19: a colon stands where none can be. If it belongs to the value, put the value in quotes; else indent this line and the one above it alike");
    insta::assert_snapshot!(source_problems("connection:\n  platform clever\n  host: x\n"), @"connector-oneroster.yml:2:3: this line has no colon. A line looks like this: 'key: value'");
    insta::assert_snapshot!(source_problems("connection:\n  platform: clever\n host: x\n"), @"connector-oneroster.yml:3:2: this line is not indented like the keys above it, or its key has no colon. Keys of one section begin in the same column");
    insta::assert_snapshot!(source_problems("connection:\n  platform:\tclever\n"), @"connector-oneroster.yml:2:13: behind the colon or the hyphen stands a tab; write a blank there");
    insta::assert_snapshot!(source_problems("connection:\n  platform: @x\n"), @"connector-oneroster.yml:2:13: a value that begins with this character must stand in quotes");
    insta::assert_snapshot!(source_problems("connection:\n  match: [a, b\n  host: x\n"), @"connector-oneroster.yml:2:10: the '[' that opens here is not closed. Write ']' behind the last value");
    insta::assert_snapshot!(source_problems("connection:\n  match: *\n"), @"connector-oneroster.yml:2:10: a value that begins with '*' or '&' must stand in quotes");
    insta::assert_snapshot!(source_problems("connection: {}\n---\nschema: {}\n"), @"connector-oneroster.yml:2:1: a second document begins here; a configuration file holds one. Delete the line '---' or what follows it");
    insta::assert_snapshot!(source_problems("just a text\n"), @"connector-oneroster.yml:1:1: this file does not hold keys with values. A line looks like this: 'key: value'");
}

#[test]
fn the_slip_of_the_manual_shows_the_corrected_lines() {
    let slip = "directory_users:\n  groups:\n    - directory_group: \"courses::Class 001, Homeroom::students\"\n              adobe_groups:\n                    - \"Spark\"\n                    - \"All Apps\"\n";
    insta::assert_snapshot!(root_problems(slip), @r#"
    user-sync-config.yml:4:15: adobe_groups: begins in column 15, and it must begin exactly below directory_group, in column 7. Write it like this:
        - directory_group: "courses::Class 001, Homeroom::students"
          adobe_groups:
            - "Spark"
            - "All Apps"
    "#);
    let unquoted = "directory_users:\n  groups:\n  - directory_group: courses::A::students\n      adobe_groups:\n        - Spark\n";
    insta::assert_snapshot!(root_problems(unquoted), @"
    user-sync-config.yml:4:7: adobe_groups: begins in column 7, and it must begin exactly below directory_group, in column 5. Write it like this:
      - directory_group: courses::A::students
        adobe_groups:
          - Spark
    ");
    let left = "directory_users:\n  groups:\n  - directory_group: courses::A::students\n   adobe_groups:\n   - Spark\n";
    insta::assert_snapshot!(root_problems(left), @"
    user-sync-config.yml:4:4: adobe_groups: begins in column 4, and it must begin exactly below directory_group, in column 5. Write it like this:
      - directory_group: courses::A::students
        adobe_groups:
          - Spark
    ");
}

#[test]
fn a_right_entry_beside_another_mistake_is_no_slip() {
    let root = "directory_users:\n  groups:\n  - directory_group: a\n    adobe_groups: b: c\n";
    insta::assert_snapshot!(root_problems(root), @"user-sync-config.yml:4:20: a colon stands where none can be. If it belongs to the value, put the value in quotes; else indent this line and the one above it alike");
}

#[test]
fn connector_files_are_checked_beside_a_broken_root_file() {
    let root = format!("{ROOT}  groups: [\n");
    let problems = checked(
        root,
        "connection: {platform: clevr, host: x.org}\n",
        "server: {timeout: 0}\n",
    )
    .unwrap_err();
    insta::assert_snapshot!(problems, @"
    user-sync-config.yml:7:11: the '[' that opens here is not closed. Write ']' behind the last value
    connector-oneroster.yml:1:24: platform: 'clevr' is not known; did you mean 'clever'?
    connector-umapi.yml:1:19: timeout: '0' is not possible; write seconds from 1 to 900
    ");
}

proptest! {
    #[test]
    fn no_bytes_make_the_check_panic(
        root in proptest::collection::vec(any::<u8>(), 0..200),
        source in "[ a-z:\\[\\]{}&*!|>'\"#%@`\t\n-]{0,80}",
        umapi in "(enterprise|server|secret|- |  |: |\n|\t|[a-z]|\"|0|\\{|\\}){0,40}",
    ) {
        let _result = checked(&root, &source, &umapi);
        let _result = checked(ROOT, &source, &umapi);
        let _result = checked(&source, ROOT, &umapi);
        let _names = roster_sync::config::named_files(ROOT_NAME, &root);
        let _names = roster_sync::config::named_files(ROOT_NAME, source.as_bytes());
    }
}

#[test]
fn a_root_file_in_another_encoding_hides_no_mistake_of_the_others() {
    let ansi = format!("# Z\u{fc}rich\n{ROOT}");
    let ansi: Vec<u8> = ansi.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let utf_16: Vec<u8> = format!("\u{feff}{ROOT}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for root in [ansi, utf_16] {
        assert_eq!(
            roster_sync::config::named_files(ROOT_NAME, &root),
            [SOURCE_NAME, UMAPI_NAME]
        );
        let problems = checked(root, SOURCE.replace("clever\n", "clevr\n"), UMAPI).unwrap_err();
        assert_eq!(problems.0.len(), 2, "{problems}");
    }
}
