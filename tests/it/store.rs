//! Documents and secrets: the same promises over a folder and over S3.

mod conditional;
mod conflicts;
mod errors;
pub(crate) mod harness;
mod list;

use bytes::Bytes;
use roster_sync::store::aws::Aws;
use roster_sync::store::local::{Folder, SecretMap};
use roster_sync::store::{DocumentUri, Documents, Error, Expected, Location, SecretError, Secrets};
use secrecy::ExposeSecret;

use crate::simulators;

const JSON: &str = "application/json";

/// What every kind of store promises.
async fn conformance(store: &impl Documents) {
    nothing_is_none(store).await;
    what_is_put_is_got(store).await;
    a_put_replaces(store).await;
    odd_keys_are_refused(store).await;
    conditional::conformance(store).await;
    list::conformance(store).await;
}

async fn nothing_is_none(store: &impl Documents) {
    assert_eq!(store.get("absent.json").await.unwrap(), None);
    assert_eq!(store.get("no/such/folder.json").await.unwrap(), None);
}

async fn what_is_put_is_got(store: &impl Documents) {
    let every_byte: Bytes = (0..=u8::MAX).collect();
    let keys = [
        "a.json",
        "runs/x/journal/0001-00000.ndjson",
        "a b+c&d=é.txt",
    ];
    for key in keys {
        store.put(key, JSON, every_byte.clone()).await.unwrap();
        assert_eq!(store.get(key).await.unwrap().unwrap(), every_byte, "{key}");
    }
    store.put("empty", JSON, Bytes::new()).await.unwrap();
    assert_eq!(store.get("empty").await.unwrap().unwrap(), Bytes::new());
    let large = Bytes::from(vec![b'x'; 3_000_000]);
    store.put("large", JSON, large.clone()).await.unwrap();
    assert_eq!(store.get("large").await.unwrap().unwrap(), large);
}

async fn a_put_replaces(store: &impl Documents) {
    store
        .put("latest/summary.json", JSON, Bytes::from("a long one"))
        .await
        .unwrap();
    store
        .put("latest/summary.json", JSON, Bytes::from("short"))
        .await
        .unwrap();
    let now = store.get("latest/summary.json").await.unwrap().unwrap();
    assert_eq!(now, "short");
}

async fn odd_keys_are_refused(store: &impl Documents) {
    for key in [
        "",
        "/etc/passwd",
        "../outside",
        "a/../../outside",
        "a//b",
        "./a",
        "a/",
    ] {
        let got = store.get(key).await.unwrap_err();
        let put = store.put(key, JSON, Bytes::new()).await.unwrap_err();
        let nothing = Expected::Nothing;
        let version = store.get_version(key).await.unwrap_err();
        let put_if = store.put_if(key, JSON, Bytes::new(), &nothing);
        for error in [got, put, version, put_if.await.unwrap_err()] {
            assert!(
                matches!(&error, Error::Refused { code, .. } if code == "InvalidKey"),
                "{key}"
            );
        }
    }
}

#[tokio::test]
async fn a_folder_keeps_documents() {
    let folder = tempfile::tempdir().unwrap();
    let store = Folder::new(folder.path().join("made on demand"));
    conformance(&store).await;
    assert_eq!(
        store.get("runs/x").await.unwrap(),
        None,
        "a folder is no object"
    );
    assert_eq!(
        store.get("empty/x").await.unwrap(),
        None,
        "a file holds no objects"
    );
    let left: Vec<_> = std::fs::read_dir(folder.path().join("made on demand"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().contains(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn whoever_reads_a_folder_meanwhile_finds_a_whole_document() {
    let folder = tempfile::tempdir().unwrap();
    let store = Folder::new(folder.path());
    let body = |turn: u8| Bytes::from(vec![turn; 2_000_000]);
    store.put("x", JSON, body(0)).await.unwrap();
    let path = folder.path().join("x");
    let reader = std::thread::spawn(move || {
        let is_whole = |found: Vec<u8>| found == vec![found[0]; 2_000_000];
        (0..100).all(|_| is_whole(std::fs::read(&path).unwrap()))
    });
    for turn in 1..100 {
        store.put("x", JSON, body(turn)).await.unwrap();
    }
    assert!(reader.join().unwrap());
}

#[tokio::test]
async fn s3_keeps_documents() {
    let folder = tempfile::tempdir().unwrap();
    let s3 = simulators::aws::Aws::start(folder.path()).await;
    s3.make_bucket("school-bucket");
    // A name, not a number: the bucket must not become a part of the host.
    let url = s3.url().replace("127.0.0.1", "localhost");
    let aws = Aws::new(&harness::config(&url));
    conformance(&aws.documents(&Location::parse("s3://school-bucket/").unwrap())).await;
    let deeper = Location::parse("s3://school-bucket/sync/data").unwrap();
    conformance(&aws.documents(&deeper)).await;
    assert!(s3.get("school-bucket", "sync/data/a.json").is_some());
}

#[tokio::test]
async fn s3_says_what_it_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let s3 = simulators::aws::Aws::start(folder.path()).await;
    s3.make_bucket("school-bucket");
    s3.deny_objects("school-bucket/config/");
    let aws = Aws::new(&harness::config(&s3.url()));
    let read = async |uri: &str| {
        let store = aws.documents(&Location::parse(uri).unwrap());
        match store.get("a.json").await {
            Err(Error::Refused { code, .. }) => code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(read("s3://school-bucket/config/").await, "AccessDenied");
    assert_eq!(read("s3://no-such-bucket/").await, "NoSuchBucket");
}

/// What every keeper of secrets promises, where `filled` holds `text` and `empty` was never filled.
async fn secrets_conformance(secrets: &impl Secrets) {
    let text = secrets.get("filled").await.unwrap();
    assert_eq!(text.expose_secret(), "text");
    let empty = secrets.get("empty").await.unwrap_err();
    assert!(matches!(empty, SecretError::Empty { name } if name == "empty"));
    let missing = secrets.get("missing").await.unwrap_err();
    assert!(matches!(missing, SecretError::Missing { name } if name == "missing"));
}

#[tokio::test]
async fn a_map_keeps_secrets() {
    let secrets = SecretMap::default()
        .with("filled", "text")
        .with_empty("empty");
    secrets_conformance(&secrets).await;
    assert!(!format!("{secrets:?}").contains("text"));
}

#[tokio::test]
async fn secrets_manager_keeps_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = simulators::aws::Aws::start(folder.path()).await;
    simulator.secret("filled", "text");
    simulator.empty_secret("empty");
    let secrets = Aws::new(&harness::config(&simulator.url())).secrets();
    secrets_conformance(&secrets).await;
    simulator.deny_secrets(true);
    let denied = secrets.get("filled").await.unwrap_err();
    assert!(matches!(denied, SecretError::Denied { code, .. } if code == "AccessDeniedException"));
}

#[test]
fn places_in_s3_are_read() {
    for (uri, bucket, prefix) in [
        ("s3://abc", "abc", ""),
        ("s3://abc/", "abc", ""),
        ("s3://a.b-9/x", "a.b-9", "x/"),
        ("s3://abc/x/y/", "abc", "x/y/"),
    ] {
        let location = Location::parse(uri).unwrap();
        assert_eq!(
            (location.bucket.as_str(), location.prefix.as_str()),
            (bucket, prefix),
            "{uri}"
        );
    }
    let top = DocumentUri::parse("s3://abc/root.yml").unwrap();
    assert_eq!(
        (top.folder.prefix.as_str(), top.file.as_str()),
        ("", "root.yml")
    );
    let deep = DocumentUri::parse("s3://abc/x/y/root.yml").unwrap();
    assert_eq!(
        (deep.folder.prefix.as_str(), deep.file.as_str()),
        ("x/y/", "root.yml")
    );
    assert_eq!(deep.to_string(), "s3://abc/x/y/root.yml");
}

#[test]
fn what_is_no_place_in_s3_is_told_why() {
    let problems: Vec<String> = [
        "",
        "abc",
        "https://abc/x",
        "s3://",
        "s3:///x",
        "s3://ab/x",
        "s3://Abc/x",
        "s3://abc//x",
        "s3://abc/../x",
        "s3://abc/./x",
    ]
    .into_iter()
    .map(|uri| Location::parse(uri).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(problems.join("\n"), @r#"
    "" does not begin with s3://
    "abc" does not begin with s3://
    "https://abc/x" does not begin with s3://
    "s3://" does not name a bucket: the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens
    "s3:///x" does not name a bucket: the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens
    "s3://ab/x" does not name a bucket: the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens
    "s3://Abc/x" does not name a bucket: the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens
    "s3://abc//x" has an empty part, '.' or '..' in its path
    "s3://abc/../x" has an empty part, '.' or '..' in its path
    "s3://abc/./x" has an empty part, '.' or '..' in its path
    "#);
    for folder in ["s3://abc", "s3://abc/", "s3://abc/config/"] {
        let problem = DocumentUri::parse(folder).unwrap_err().to_string();
        assert!(problem.contains("names a folder"), "{problem}");
    }
}
