//! Lists of objects: the same promises over a folder and over S3.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use roster_sync::store::aws::Aws;
use roster_sync::store::local::Folder;
use roster_sync::store::{Documents, Error, Listed, Location, MOST_LISTED};

use super::{JSON, harness};
use crate::simulators;
use crate::simulators::aws::Fault;

pub(super) async fn conformance(store: &impl Documents) {
    what_begins_with_the_prefix_is_listed(store).await;
    odd_prefixes_are_refused(store).await;
}

async fn put(store: &impl Documents, key: &str) {
    store.put(key, JSON, Bytes::from("{}")).await.unwrap();
}

fn keys(listed: Vec<Listed>) -> Vec<String> {
    listed.into_iter().map(|object| object.key).collect()
}

async fn what_begins_with_the_prefix_is_listed(store: &impl Documents) {
    assert_eq!(store.list("list/").await.unwrap(), []);
    for key in [
        "list/b.json",
        "list/a b+c&d=é.json",
        "list/deeper/x.json",
        "list/B.json",
        "lists/other.json",
        "list.json",
    ] {
        put(store, key).await;
    }
    let in_order = ["B.json", "a b+c&d=é.json", "b.json", "deeper/x.json"];
    let listed = store.list("list/").await.unwrap();
    assert_eq!(keys(listed), in_order.map(|key| format!("list/{key}")));
    let listed = store.list("list/b").await.unwrap();
    assert_eq!(keys(listed), ["list/b.json"]);
    let listed = store.list("list/deeper/").await.unwrap();
    assert_eq!(keys(listed), ["list/deeper/x.json"]);
}

async fn odd_prefixes_are_refused(store: &impl Documents) {
    for prefix in ["", "/", "/etc/", "../", "a/../../outside/", "a//", "./a/"] {
        let error = store.list(prefix).await.unwrap_err();
        assert!(
            matches!(&error, Error::Refused { code, .. } if code == "InvalidKey"),
            "{prefix}"
        );
    }
}

#[tokio::test]
async fn a_listing_says_when_each_object_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let s3 = simulators::aws::Aws::start(folder.path()).await;
    s3.put("school", "approvals/x.json", "{}");
    let modified = "2026-11-24T02:00:00Z".parse::<Timestamp>().unwrap();
    let since_epoch = Duration::try_from(modified.duration_since(Timestamp::UNIX_EPOCH)).unwrap();
    let file = std::fs::File::options()
        .write(true)
        .open(folder.path().join("school/approvals/x.json"));
    let time = std::time::SystemTime::UNIX_EPOCH + since_epoch;
    file.unwrap().set_modified(time).unwrap();
    let written = |key: &str| Listed {
        key: key.to_owned(),
        modified,
        size: 2,
    };

    let store = Folder::new(folder.path().join("school"));
    let listed = store.list("approvals/").await.unwrap();
    assert_eq!(listed, [written("approvals/x.json")]);
    let aws = Aws::new(&harness::config(&s3.url()));
    let store = aws.documents(&Location::parse("s3://school/approvals").unwrap());
    assert_eq!(store.list("x").await.unwrap(), [written("x.json")]);
}

/// So many objects below `many/`, and one more beside it.
async fn many(objects: usize) -> (simulators::aws::Aws, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let s3 = simulators::aws::Aws::start(folder.path()).await;
    s3.make_bucket("school");
    for number in 0..objects {
        s3.put("school", &format!("many/{number:06}"), "");
    }
    s3.put("school", "more", "");
    (s3, folder)
}

#[tokio::test]
async fn every_page_is_asked_for() {
    let (s3, _folder) = many(2001).await;
    let store =
        Aws::new(&harness::config(&s3.url())).documents(&Location::parse("s3://school/").unwrap());
    let listed = store.list("many/").await.unwrap();
    assert_eq!(listed.len(), 2001);
    assert_eq!(listed.last().unwrap().key, "many/002000");
    assert_eq!(s3.log(), ["LIST /school/many/"; 3]);
}

#[tokio::test]
async fn a_listing_has_an_end() {
    let (s3, folder) = many(MOST_LISTED + 1001).await;
    let aws = Aws::new(&harness::config(&s3.url()));
    let store = aws.documents(&Location::parse("s3://school/").unwrap());
    let of_s3 = store.list("many/").await.unwrap();
    assert_eq!(of_s3.len(), MOST_LISTED);
    assert_eq!(s3.log().len(), MOST_LISTED / 1000);
    let local = Folder::new(folder.path().join("school"));
    let of_folder = local.list("many/").await.unwrap();
    assert_eq!(keys(of_folder), keys(of_s3));
}

#[tokio::test]
async fn what_consoles_make_for_folders_is_left_out() {
    let page = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>\
         <Contents><Key>sync/approvals/</Key><LastModified>2026-11-24T02:00:00.000Z</LastModified></Contents>\
         <Contents><Key>sync/approvals/a.json</Key><LastModified>2026-11-24T02:00:00.000Z</LastModified></Contents>\
         <Contents><Key>sync/approvals//b.json</Key><LastModified>2026-11-24T02:00:00.000Z</LastModified></Contents>\
         </ListBucketResult>";
    let server = harness::answering(200, page).await;
    let store = Aws::new(&harness::config(&server.url()))
        .documents(&Location::parse("s3://school/sync").unwrap());
    let listed = store.list("approvals/").await.unwrap();
    assert_eq!(keys(listed), ["approvals/a.json"]);
}

#[tokio::test]
async fn an_object_of_another_place_or_without_a_time_is_no_listing() {
    for object in [
        "<Key>other/a.json</Key><LastModified>2026-11-24T02:00:00.000Z</LastModified>",
        "<Key>sync/approvals/a.json</Key>",
        "<LastModified>2026-11-24T02:00:00.000Z</LastModified>",
    ] {
        let page = format!("<ListBucketResult><Contents>{object}</Contents></ListBucketResult>");
        let server = harness::answering(200, &page).await;
        let store = Aws::new(&harness::config(&server.url()))
            .documents(&Location::parse("s3://school/sync").unwrap());
        let error = store.list("approvals/").await.unwrap_err();
        assert!(matches!(error, Error::Unavailable { .. }), "{object}");
    }
}

#[tokio::test]
async fn a_refused_listing_comes_with_the_way_out() {
    let (s3, _folder) = many(1).await;
    s3.deny_objects("school/many/");
    let aws = Aws::new(&harness::config(&s3.url()));
    let store = aws.documents(&Location::parse("s3://school/").unwrap());
    let denied = store.list("many/").await.unwrap_err().to_string();
    insta::assert_snapshot!(denied, @"listing s3://school/many/ was refused (AccessDenied): allow the function's role s3:ListBucket for the bucket, with this prefix among those that s3:prefix allows");
    assert_eq!(keys(store.list("more").await.unwrap()), ["more"]);
    let elsewhere = aws.documents(&Location::parse("s3://elsewhere/").unwrap());
    let error = elsewhere.list("many/").await.unwrap_err();
    assert!(matches!(error, Error::Refused { code, .. } if code == "NoSuchBucket"));
}

#[tokio::test]
async fn a_page_that_fails_fails_the_listing() {
    let (s3, _folder) = many(1001).await;
    let store =
        Aws::new(&harness::config(&s3.url())).documents(&Location::parse("s3://school/").unwrap());
    s3.fault(Box::new(|request| {
        let second = request.method == "LIST" && request.number == 2;
        second.then_some(Fault::Answer(503, "SlowDown"))
    }));
    let error = store.list("many/").await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }));
    assert!(!error.source().unwrap().to_string().is_empty());
}
