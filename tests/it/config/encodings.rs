//! What Windows editors leave in a file, and what is not YAML.

use proptest::prelude::*;

use super::*;

#[test]
fn a_byte_order_mark_crlf_and_tabs_before_comments_are_read() {
    let source = "\u{feff}connection:\r\n  platform: 'clever'\t#Only this\r\n\t\r\n\t# a comment\r\n  host: https://api.clever.com/v2.1/\t\t# address\r\n  page_size: 3000\t#rows\r\n";
    let config = checked(ROOT, source, UMAPI).unwrap();
    assert_eq!(config.source.page_size, 3000);
}

#[test]
fn utf_16_and_windows_1252_are_named_with_the_encoding_to_use() {
    let utf_16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(SOURCE.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let problems = checked(ROOT, utf_16, b"# M\xfcnchen\n").unwrap_err().to_string();
    insta::assert_snapshot!(problems, @"");
}

#[test]
fn a_tab_as_indentation_has_a_message_of_its_own() {
    insta::assert_snapshot!(source_problems("connection:\n\tplatform: clever\n"), @"");
    insta::assert_snapshot!(source_problems("connection:\n  platform: clever\n\thost: x\n"), @"");
    insta::assert_snapshot!(root_problems("directory_users:\n  groups:\n  - directory_group: a\n\t  adobe_groups:\n"), @"");
}

#[test]
fn what_is_not_yaml_is_said_in_our_words() {
    insta::assert_snapshot!(source_problems("connection:\n  platform: 'clever\n  host: x\n"), @"");
    insta::assert_snapshot!(source_problems("connection:\n  platform: clever: x\n"), @"");
    insta::assert_snapshot!(source_problems("connection:\n  platform clever\n  host: x\n"), @"");
    insta::assert_snapshot!(source_problems("connection:\n  platform: clever\n host: x\n"), @"");
    insta::assert_snapshot!(source_problems("connection:\n  platform: @x\n"), @"");
    insta::assert_snapshot!(source_problems("connection:\n  match: [a, b\n  host: x\n"), @"");
    insta::assert_snapshot!(source_problems("connection:\n  match: *\n"), @"");
    insta::assert_snapshot!(source_problems("connection: {}\n---\nschema: {}\n"), @"");
    insta::assert_snapshot!(source_problems("just a text\n"), @"");
}

#[test]
fn the_slip_of_the_manual_shows_the_corrected_lines() {
    let slip = "directory_users:\n  groups:\n    - directory_group: \"courses::Class 001, Homeroom::students\"\n              adobe_groups:\n                    - \"Spark\"\n                    - \"All Apps\"\n";
    insta::assert_snapshot!(root_problems(slip), @"");
    let unquoted = "directory_users:\n  groups:\n  - directory_group: courses::A::students\n      adobe_groups:\n        - Spark\n";
    insta::assert_snapshot!(root_problems(unquoted), @"");
    let left = "directory_users:\n  groups:\n  - directory_group: courses::A::students\n   adobe_groups:\n   - Spark\n";
    insta::assert_snapshot!(root_problems(left), @"");
}

#[test]
fn connector_files_are_checked_beside_a_broken_root_file() {
    let root = format!("{ROOT}  groups: [\n");
    let problems = checked(root, "connection: {platform: clevr, host: x.org}\n", "server: {timeout: 0}\n").unwrap_err();
    insta::assert_snapshot!(problems, @"");
}

proptest! {
    #[test]
    fn no_bytes_make_the_check_panic(
        root in proptest::collection::vec(any::<u8>(), 0..200),
        source in "[ a-z:\\[\\]{}&*!|>'\"#%@`\t\n-]{0,80}",
        umapi in "(enterprise|server|secret|- |  |: |\n|\t|[a-z]|\"|0|\\{|\\}){0,40}",
    ) {
        let _ = checked(&root, &source, &umapi);
        let _ = checked(ROOT, &source, &umapi);
        let _ = checked(&source, ROOT, &umapi);
        let _ = roster_sync::config::named_files(ROOT_NAME, &root);
        let _ = roster_sync::config::named_files(ROOT_NAME, source.as_bytes());
    }
}
