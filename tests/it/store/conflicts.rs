//! Conditional writes to S3 whose answers are lost, late or undecided.

use std::time::Duration;

use bytes::Bytes;
use roster_sync::store::aws::{Aws, S3Documents};
use roster_sync::store::{Documents, Error, Expected, Location, Version};
use tempfile::TempDir;

use super::{JSON, harness};
use crate::simulators;
use crate::simulators::aws::Fault;

/// What an attempt may take where everybody answers.
const LONG: Duration = Duration::from_secs(30);
/// What it may take where somebody does not.
const SHORT: Duration = Duration::from_millis(700);

struct Bucket {
    s3: simulators::aws::Aws,
    store: S3Documents,
    _folder: TempDir,
}

impl Bucket {
    async fn start() -> Self {
        Self::start_with(LONG).await
    }

    async fn start_with(attempt: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let s3 = simulators::aws::Aws::start(folder.path()).await;
        s3.make_bucket("school");
        let location = Location::parse("s3://school/").unwrap();
        let store = Aws::new(&harness::patient(&s3.url(), attempt)).documents(&location);
        Self {
            s3,
            store,
            _folder: folder,
        }
    }

    /// The first so many requests of that method meet the fault.
    fn fault(&self, method: &'static str, times: usize, fault: Fault) {
        let mut left = times;
        self.s3.fault(Box::new(move |request| {
            if request.method != method {
                return None;
            }
            left = left.checked_sub(1)?;
            Some(fault)
        }));
    }

    /// `ours` over the version of `earlier`, or over nothing.
    async fn put_if(&self, earlier: Option<&str>) -> Result<Version, Error> {
        let expected = match earlier {
            None => Expected::Nothing,
            Some(body) => Expected::Version(self.version_of(body).await),
        };
        let ours = Bytes::from("ours");
        self.store.put_if("lease", JSON, ours, &expected).await
    }

    /// The version that these bytes have, wherever they lie.
    async fn version_of(&self, body: &str) -> Version {
        self.s3.put("school", "other", body);
        let found = self.store.get_version("other").await.unwrap();
        found.unwrap().1
    }

    /// The write succeeds at the second attempt.
    async fn assert_ours(&self, earlier: Option<&str>) {
        let version = self.put_if(earlier).await.unwrap();
        let (body, found) = self.store.get_version("lease").await.unwrap().unwrap();
        assert_eq!((body, found), ("ours".into(), version));
        let log = self.s3.log();
        let puts = log.iter().filter(|request| request.starts_with("PUT"));
        assert_eq!(puts.count(), 2, "it was tried again: {log:?}");
    }

    fn lies_there(&self) -> Option<Bytes> {
        self.s3.get("school", "lease")
    }
}

fn is_changed(result: &Result<Version, Error>) -> bool {
    matches!(result, Err(Error::Changed { .. }))
}

fn is_unavailable(result: &Result<Version, Error>) -> bool {
    matches!(result, Err(Error::Unavailable { .. }))
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_ours() {
    for fault in [
        Fault::ResetAfterEffect,
        Fault::AnswerAfterEffect(503, "SlowDown"),
        Fault::AnswerAfterEffect(500, "InternalError"),
    ] {
        for earlier in [None, Some("earlier")] {
            let bucket = Bucket::start().await;
            if let Some(body) = earlier {
                bucket.s3.put("school", "lease", body);
            }
            bucket.fault("PUT", 1, fault);
            bucket.assert_ours(earlier).await;
        }
    }
}

#[tokio::test]
async fn a_write_whose_answer_is_late_is_ours() {
    let bucket = Bucket::start_with(SHORT).await;
    bucket.fault("PUT", 1, Fault::HangAfterEffect(LONG));
    bucket.assert_ours(None).await;
}

#[tokio::test]
async fn a_write_that_nobody_answers_is_tried_again() {
    let bucket = Bucket::start_with(SHORT).await;
    bucket.fault("PUT", 1, Fault::Hang(LONG));
    bucket.assert_ours(None).await;
}

#[tokio::test]
async fn a_write_that_took_no_effect_is_tried_again() {
    for fault in [
        Fault::Answer(503, "SlowDown"),
        Fault::Answer(409, "ConditionalRequestConflict"),
        Fault::Answer(409, "OperationAborted"),
    ] {
        for (times, is_written) in [(2, true), (3, false)] {
            let bucket = Bucket::start().await;
            bucket.fault("PUT", times, fault);
            let result = bucket.put_if(None).await;
            assert_eq!(result.is_ok(), is_written, "{fault:?}: {result:?}");
            assert_eq!(is_unavailable(&result), !is_written, "{fault:?}");
            assert_eq!(bucket.lies_there().is_some(), is_written);
            assert_eq!(bucket.s3.log().len(), 3, "as often as everything else");
        }
    }
}

#[tokio::test]
async fn whoever_lost_is_told_so() {
    for earlier in [None, Some("earlier")] {
        let bucket = Bucket::start().await;
        bucket.s3.put("school", "lease", "somebody else's");
        assert!(is_changed(&bucket.put_if(earlier).await));
        assert_eq!(bucket.lies_there().unwrap(), "somebody else's");
    }
    let gone = Bucket::start().await;
    assert!(is_changed(&gone.put_if(Some("earlier")).await));
    assert_eq!(gone.lies_there(), None);
}

#[tokio::test]
async fn a_loss_that_cannot_be_looked_at_is_no_loss() {
    let theirs = async || {
        let bucket = Bucket::start().await;
        bucket.s3.put("school", "lease", "somebody else's");
        bucket
    };
    let bucket = theirs().await;
    bucket.fault("GET", usize::MAX, Fault::Answer(503, "SlowDown"));
    let result = bucket.put_if(None).await;
    assert!(is_unavailable(&result), "{result:?}");
    let bucket = theirs().await;
    bucket.fault("GET", usize::MAX, Fault::Answer(403, "AccessDenied"));
    let result = bucket.put_if(None).await;
    assert!(matches!(result, Err(Error::Refused { .. })), "{result:?}");
    let bucket = theirs().await;
    bucket.fault("GET", 2, Fault::Answer(503, "SlowDown"));
    assert!(is_changed(&bucket.put_if(None).await));
}

#[tokio::test]
async fn what_expects_nothing_in_particular_cannot_have_lost() {
    for (status, code) in [
        (412, "PreconditionFailed"),
        (409, "ConditionalRequestConflict"),
    ] {
        let bucket = Bucket::start().await;
        bucket.fault("PUT", usize::MAX, Fault::Answer(status, code));
        let put = bucket.store.put("lease", JSON, Bytes::from("ours")).await;
        assert!(matches!(put, Err(Error::Unavailable { .. })), "{put:?}");
    }
}

#[tokio::test]
async fn not_every_404_says_that_the_object_is_gone() {
    let bucket = Bucket::start().await;
    bucket.fault("PUT", 1, Fault::Answer(404, "NoSuchBucket"));
    let result = bucket.put_if(Some("earlier")).await;
    assert!(matches!(result, Err(Error::Refused { .. })), "{result:?}");
    bucket.fault("PUT", 1, Fault::Answer(404, "NotFound"));
    assert!(is_unavailable(&bucket.put_if(Some("earlier")).await));
    bucket.fault("PUT", 1, Fault::Answer(404, "NoSuchKey"));
    assert!(
        is_unavailable(&bucket.put_if(None).await),
        "it is no answer"
    );
}

#[tokio::test]
async fn a_version_has_a_name() {
    let server = harness::answering(200, "body").await;
    let location = Location::parse("s3://school/").unwrap();
    let store = Aws::new(&harness::config(&server.url())).documents(&location);
    assert_eq!(store.get("lease").await.unwrap().unwrap(), "body");
    let read = store.get_version("lease").await;
    assert!(matches!(read, Err(Error::Unavailable { .. })), "{read:?}");
    let ours = Bytes::from("ours");
    let written = store.put_if("lease", JSON, ours, &Expected::Nothing).await;
    assert!(is_unavailable(&written), "{written:?}");
}
