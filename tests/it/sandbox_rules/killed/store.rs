//! What becomes of single calls of the store.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use roster_sync::store::local::Folder;
use roster_sync::store::{Documents, Error, Expected};
use tempfile::TempDir;
use tokio::sync::Notify;

use super::super::clock;
use crate::simulators::faulty::{Act, Faulty, Operation, Store};

const JSON: &str = "application/json";

fn start() -> (Store, Faulty<Folder>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(clock());
    let documents = store.over(Folder::new(folder.path()), "config/");
    (store, documents, folder)
}

fn body(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}

#[tokio::test]
async fn every_call_is_counted() {
    let (store, documents, _folder) = start();
    documents.put("a", JSON, body("1")).await.unwrap();
    documents.get("a").await.unwrap();
    documents.get_version("b/c").await.unwrap();
    let nothing = Expected::Nothing;
    documents
        .put_if("b/c", JSON, body("2"), &nothing)
        .await
        .unwrap();
    let calls = store.calls().into_iter();
    let calls: Vec<_> = calls
        .map(|call| (call.number, call.operation, call.key, call.invocation))
        .collect();
    let expected = [
        (1, Operation::Put, "config/a"),
        (2, Operation::Get, "config/a"),
        (3, Operation::Get, "config/b/c"),
        (4, Operation::PutIf, "config/b/c"),
    ];
    let expected = expected.map(|(number, operation, key)| (number, operation, key.to_owned(), 0));
    assert_eq!(calls, expected);
    assert_eq!(store.writes().len(), 2);
    store.clear();
    assert!(store.calls().is_empty());
}

#[tokio::test]
async fn a_call_fails_before_or_after_its_effect() {
    for (act, effect) in [(Act::Fail, None), (Act::FailAfter, Some(body("1")))] {
        let (store, documents, _folder) = start();
        store.hook(Box::new(move |_| act.clone()));
        let error = documents.put("a", JSON, body("1")).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
        assert!(documents.get("a").await.is_err());
        store.no_hook();
        assert_eq!(documents.get("a").await.unwrap(), effect);
    }
}

#[tokio::test]
async fn a_conditional_write_finds_that_somebody_else_wrote() {
    let (store, documents, _folder) = start();
    store.hook(Box::new(|_| Act::Changed));
    let error = documents.put_if("a", JSON, body("1"), &Expected::Nothing);
    assert!(matches!(error.await.unwrap_err(), Error::Changed { .. }));
    store.no_hook();
    assert_eq!(documents.get("a").await.unwrap(), None);
}

#[tokio::test]
async fn a_slow_call_takes_simulated_time() {
    let clock = clock();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(clock.clone());
    let documents = store.over(Folder::new(folder.path()), "");
    let begin = clock.now();
    store.hook(Box::new(|_| Act::Slow(Duration::from_secs(9))));
    documents.put("a", JSON, body("1")).await.unwrap();
    assert_eq!(clock.now(), begin + Duration::from_secs(9));
    store.no_hook();
    assert_eq!(documents.get("a").await.unwrap(), Some(body("1")));
}

#[tokio::test]
async fn a_call_that_is_held_waits_for_somebody() {
    let (store, documents, folder) = start();
    let go = Arc::new(Notify::new());
    let until = Arc::clone(&go);
    store.hook(Box::new(move |call| {
        if call.key == "config/late" {
            Act::Held(Arc::clone(&until))
        } else {
            Act::Pass
        }
    }));
    let late = documents.put("late", JSON, body("1"));
    let early = async {
        documents.put("early", JSON, body("2")).await.unwrap();
        documents.get("early").await.unwrap();
        assert_eq!(store.calls().len(), 3, "the other one is on its way");
        assert!(!folder.path().join("late").exists());
        go.notify_one();
    };
    let (late, ()) = tokio::join!(late, early);
    late.unwrap();
    store.no_hook();
    assert_eq!(documents.get("late").await.unwrap(), Some(body("1")));
}
