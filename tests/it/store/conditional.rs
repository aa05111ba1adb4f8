//! Writes that expect something: the same promises over a folder and over S3, and one winner in a race.

use bytes::Bytes;
use futures_util::future::join_all;
use roster_sync::store::aws::Aws;
use roster_sync::store::local::Folder;
use roster_sync::store::{Documents, Error, Expected, Location, Version};

use super::{JSON, harness};
use crate::simulators;

const WRITERS: usize = 64;

pub(super) async fn conformance(store: &impl Documents) {
    nothing_is_expected_once(store).await;
    a_version_is_replaced_once(store).await;
    a_version_that_is_gone_is_not_replaced(store).await;
    our_own_bytes_are_no_loss(store).await;
}

async fn put_if(
    store: &impl Documents,
    key: &str,
    body: &'static str,
    expected: &Expected,
) -> Result<Version, Error> {
    let body = Bytes::from_static(body.as_bytes());
    store.put_if(key, JSON, body, expected).await
}

async fn found(store: &impl Documents, key: &str) -> (Bytes, Expected) {
    let (body, version) = store.get_version(key).await.unwrap().unwrap();
    assert_eq!(store.get(key).await.unwrap().unwrap(), body);
    (body, Expected::Version(version))
}

fn assert_changed(result: Result<Version, Error>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Changed { .. }), "{error:?}");
}

async fn nothing_is_expected_once(store: &impl Documents) {
    let key = "state/nothing é.json";
    assert_eq!(store.get_version(key).await.unwrap(), None);
    let written = put_if(store, key, "1", &Expected::Nothing).await.unwrap();
    let (body, version) = found(store, key).await;
    assert_eq!((body, version), ("1".into(), Expected::Version(written)));
    assert_changed(put_if(store, key, "2", &Expected::Nothing).await);
    assert_eq!(found(store, key).await.0, "1");
}

async fn a_version_is_replaced_once(store: &impl Documents) {
    let key = "state/version.json";
    store.put(key, JSON, Bytes::from("1")).await.unwrap();
    let (_, first) = found(store, key).await;
    let second = put_if(store, key, "2", &first).await.unwrap();
    assert_eq!(
        found(store, key).await,
        ("2".into(), Expected::Version(second.clone()))
    );
    assert_changed(put_if(store, key, "3", &first).await);
    assert_eq!(found(store, key).await.0, "2");
    store.put(key, JSON, Bytes::from("4")).await.unwrap();
    assert_changed(put_if(store, key, "5", &Expected::Version(second)).await);
    let (_, fourth) = found(store, key).await;
    put_if(store, key, "5", &fourth).await.unwrap();
}

async fn a_version_that_is_gone_is_not_replaced(store: &impl Documents) {
    store.put("state/a", JSON, Bytes::from("1")).await.unwrap();
    let (_, elsewhere) = found(store, "state/a").await;
    assert_changed(put_if(store, "state/gone", "2", &elsewhere).await);
    assert_eq!(store.get("state/gone").await.unwrap(), None);
}

async fn our_own_bytes_are_no_loss(store: &impl Documents) {
    let key = "state/own.json";
    let first = put_if(store, key, "1", &Expected::Nothing).await.unwrap();
    let again = put_if(store, key, "1", &Expected::Nothing).await.unwrap();
    assert_eq!(first, again);
    let first = Expected::Version(first);
    let second = put_if(store, key, "2", &first).await.unwrap();
    let again = put_if(store, key, "2", &first).await.unwrap();
    assert_eq!(second, again);
}

/// What lies there afterwards is what the one winner wrote.
fn one_wins(results: Vec<Result<Version, Error>>, left: &str) {
    assert_eq!(results.len(), WRITERS);
    let mut winners = Vec::new();
    for (writer, result) in results.into_iter().enumerate() {
        match result {
            Ok(_) => winners.push(writer.to_string()),
            Err(Error::Changed { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(winners, [left]);
}

#[test]
fn of_writers_to_a_folder_at_the_same_time_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    // Others may look at the same folder through values of their own.
    let store = || Folder::new(folder.path());
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    };
    let mut expected = Expected::Nothing;
    for _ in 0..20 {
        let race = |writer: usize| {
            let body = Bytes::from(writer.to_string());
            runtime().block_on(store().put_if("lease", JSON, body, &expected))
        };
        let results = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| scope.spawn(move || race(writer)))
                .collect();
            let ended = writers.into_iter().map(|writer| writer.join().unwrap());
            ended.collect()
        });
        let left = std::fs::read_to_string(folder.path().join("lease")).unwrap();
        one_wins(results, &left);
        std::fs::write(folder.path().join("lease"), "free").unwrap();
        let free = runtime().block_on(store().get_version("lease"));
        expected = Expected::Version(free.unwrap().unwrap().1);
    }
}

#[tokio::test]
async fn of_writers_to_s3_at_the_same_time_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let s3 = simulators::aws::Aws::start(folder.path()).await;
    s3.make_bucket("school");
    let store = Aws::new(&harness::config(&s3.url()))
        .documents(&Location::parse("s3://school/state").unwrap());
    let mut expected = Expected::Nothing;
    for _ in 0..2 {
        let write = |writer: usize| {
            let body = Bytes::from(writer.to_string());
            store.put_if("lease", JSON, body, &expected)
        };
        let results = join_all((0..WRITERS).map(write)).await;
        let left = s3.get("school", "state/lease").unwrap();
        one_wins(results, std::str::from_utf8(&left).unwrap());
        s3.put("school", "state/lease", "free");
        expected = found(&store, "lease").await.1;
    }
}
