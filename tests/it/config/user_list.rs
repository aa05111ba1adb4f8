//! UST's list of Adobe-only people.

use roster_sync::config::user_list::parse;
use roster_sync::model::id::{Email, IdentityType, UserKey};

fn key(identity_type: IdentityType, username: &str, domain: &str) -> UserKey {
    UserKey::of_account(
        identity_type,
        &Email::new(username),
        Some(username),
        Some(domain),
    )
}

fn refused(name: &str, text: &str) -> String {
    let problems = parse(name, text.as_bytes()).unwrap_err().to_string();
    assert!(!problems.contains("planted"), "{problems}");
    problems
}

#[test]
fn the_lists_of_both_generations_are_read() {
    let expected = [
        key(IdentityType::Federated, "ana@x.test", ""),
        key(IdentityType::Federated, "bo", "x.test"),
        key(IdentityType::Adobe, "cy@x.test", ""),
    ];
    let older = "type,username,domain\nfederatedID,ana@x.test,\nfederatedID,bo,x.test\nadobeID,cy@x.test,\n";
    assert_eq!(parse("list.csv", older.as_bytes()).unwrap(), expected);
    let newer = older.replace("username", "email");
    assert_eq!(parse("list.CSV", newer.as_bytes()).unwrap(), expected);
    let tabs = older.replace(',', "\t");
    for name in ["list.tsv", "list.txt", "list"] {
        assert_eq!(parse(name, tabs.as_bytes()).unwrap(), expected, "{name}");
    }
    let organizations = "type,email,domain,umapi\nfederatedID,ana@x.test,,\nfederatedID,bo,x.test,\nadobeID,cy@x.test,,\n";
    assert_eq!(parse("a.csv", organizations.as_bytes()).unwrap(), expected);
}

#[test]
fn what_spreadsheets_leave_in_a_list_is_read() {
    let text = "\u{feff} Domain ,TYPE,\"Username\",,\r\n\r\n X.Test , FEDERATEDID , Bo ,,\r\n,,,,\r\n   \r\n\"\",\"federatedid\",\"Ana@X.test\"\r\nx.test,federatedID,bo\r\nelse.test,federatedID,ana@x.TEST";
    assert_eq!(
        parse("list.csv", text.as_bytes()).unwrap(),
        [
            key(IdentityType::Federated, "bo", "x.test"),
            key(IdentityType::Federated, "ana@x.test", ""),
        ]
    );
}

#[test]
fn an_empty_list_names_nobody() {
    for text in ["", "\n\n", "type,username,domain", "type,username\r\n\r\n"] {
        assert_eq!(parse("list.csv", text.as_bytes()).unwrap(), [], "{text:?}");
    }
}

#[test]
fn one_bad_row_refuses_the_list_and_every_one_is_reported() {
    let text = "type,username,domain,umapi\r\nfederatedID,ana@x.test,,\r\n\r\nfederatedID,planted,,\r\n planted ,bo@x.test,,\r\nfederatedID,,x.test,\r\n,,x.test,\r\nadobeID,planted,x.test,\r\nfederatedID,bo@x.test,,planted\r\n\"federatedID\",\"bo@x.test\",\"a,b\",,planted\r\n";
    insta::assert_snapshot!(refused("lists/gone.csv", text), @"
    lists/gone.csv:4:13: username: a login name that is not an e-mail address needs its domain in the column domain
    lists/gone.csv:5:1: type: this is not an identity type: it is one of adobeID, enterpriseID, federatedID
    lists/gone.csv:6:13: username: this account has no login name
    lists/gone.csv:7:1: type: this is not an identity type: it is one of adobeID, enterpriseID, federatedID
    lists/gone.csv:7:2: username: this account has no login name
    lists/gone.csv:8:9: username: the login name of an Adobe ID is an e-mail address
    lists/gone.csv:9:24: umapi: further Adobe organizations are not available in this version. Delete the line, or this cell if the account is in your own
    lists/gone.csv:10:34: this cell belongs to no column of the first line
    ");
}

#[test]
fn a_first_line_that_names_no_columns_is_refused_without_its_names() {
    let problems = [
        refused("list.csv", "federatedID,planted@x.test,\n"),
        refused(
            "list.csv",
            "type;username;domain\nfederatedID;planted@x.test;\n",
        ),
        refused(
            "list.txt",
            "type,username,domain\nfederatedID,planted@x.test,\n",
        ),
        refused(
            "list.csv",
            "type,username,email,firstname\nfederatedID,planted,,planted\n",
        ),
        refused("list.csv", "username,domain\nplanted@x.test,\n"),
        refused("list.csv", "domain,type\n,planted\n"),
    ];
    insta::assert_snapshot!(problems.join("\n"), @"
    list.csv:1:1: this column is not known: the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other
    list.csv:1:13: this column is not known: the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other
    list.csv:1:1: this column is not known: the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other
    list.txt:1:1: this column is not known: the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other
    list.csv:1:15: this column stands here a second time (username and email mean the same). Keep one of them
    list.csv:1:21: this column is not known: the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other
    list.csv:1:1: the column type is missing: the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other
    list.csv:1:1: the column username is missing: the first line names the columns, and they are: type, username (or email), domain, umapi; commas between them in a .csv file, tabs in any other
    ");
}

#[test]
fn a_quotation_mark_that_stays_open_is_found_where_it_stands() {
    let text = "type,username\nfederatedID,ana@x.test\n\nfederatedID,\"planted@x.test\nfederatedID,bo@x.test\n";
    insta::assert_snapshot!(refused("list.csv", text), @"list.csv:4:13: a quotation mark is opened here and not closed on its line");
}

#[test]
fn other_encodings_are_named() {
    let utf_16: Vec<u8> = "\u{feff}type"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let problems = [
        parse("list.csv", &utf_16).unwrap_err().to_string(),
        parse("list.csv", b"type,username\nfederatedID,j\xfcrg@x.test\n")
            .unwrap_err()
            .to_string(),
    ];
    insta::assert_snapshot!(problems.join("\n"), @"
    list.csv:1:1: this file is saved as UTF-16 (Windows calls it Unicode). Save it as UTF-8: in Notepad with File > Save as, Encoding: UTF-8
    list.csv:2:14: this file is not saved as UTF-8: from this letter on it looks like Windows-1252 (Windows calls it ANSI). Save it as UTF-8: in Notepad with File > Save as, Encoding: UTF-8
    ");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(text in "(type|username|domain|,|\t|\n|\r|\"|federatedID|a@b|x| |é){0,40}") {
        let _result = parse("list.csv", text.as_bytes());
        let _result = parse("list", text.as_bytes());
    }
}
