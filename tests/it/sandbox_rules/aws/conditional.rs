//! S3's conditional writes, and its faults.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use futures_util::future::join_all;

use super::{objects, start};
use crate::simulators::aws::{Aws, Fault};

fn put(client: &Client, body: &str) -> PutObjectFluentBuilder {
    let body = ByteStream::from(body.as_bytes().to_vec());
    let put = client.put_object().bucket("school").key("state/lease");
    put.body(body)
}

/// The error's status and code; `None` where there is none.
async fn refusal(put: PutObjectFluentBuilder) -> Option<(u16, String)> {
    let error = put.send().await.err()?;
    let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
    let code = error.code().unwrap_or_default().to_owned();
    Some((status, code))
}

fn precondition_failed() -> (u16, String) {
    (412, "PreconditionFailed".to_owned())
}

fn lies_there(aws: &Aws) -> Option<bytes::Bytes> {
    aws.get("school", "state/lease")
}

#[tokio::test]
async fn if_none_match_finds_any_object() {
    let (aws, _folder) = start().await;
    let client = objects(&aws).await;
    let new = |body| put(&client, body).if_none_match("*");
    assert_eq!(refusal(new("1")).await, None);
    assert_eq!(refusal(new("2")).await, Some(precondition_failed()));
    assert_eq!(lies_there(&aws).unwrap(), "1");
}

#[tokio::test]
async fn if_match_finds_the_version_as_it_is() {
    let (aws, _folder) = start().await;
    let client = objects(&aws).await;
    let first = put(&client, "1").send().await.unwrap();
    let over = |e_tag: &str, body| put(&client, body).if_match(e_tag);
    let first = first.e_tag().unwrap();
    assert_eq!(refusal(over(first, "2")).await, None);
    assert_eq!(refusal(over(first, "3")).await, Some(precondition_failed()));
    let got = client.get_object().bucket("school").key("state/lease");
    let second = got.send().await.unwrap().e_tag.unwrap();
    aws.put("school", "state/lease", "past S3");
    assert_eq!(
        refusal(over(&second, "4")).await,
        Some(precondition_failed())
    );
    assert_eq!(lies_there(&aws).unwrap(), "past S3");
}

#[tokio::test]
async fn if_match_names_what_is_not_there() {
    let (aws, _folder) = start().await;
    let client = objects(&aws).await;
    let gone = refusal(put(&client, "1").if_match("\"0\"")).await;
    assert_eq!(gone, Some((404, "NoSuchKey".to_owned())));
    assert_eq!(lies_there(&aws), None);
}

#[tokio::test]
async fn of_conditional_writes_at_the_same_time_one_wins() {
    let (aws, _folder) = start().await;
    let client = objects(&aws).await;
    let mut e_tag = None;
    for _ in 0..2 {
        let writes = (0..64).map(|writer| {
            let put = put(&client, &writer.to_string());
            refusal(match &e_tag {
                None => put.if_none_match("*"),
                Some(e_tag) => put.if_match(e_tag),
            })
        });
        let mut refusals = join_all(writes).await;
        refusals.retain(|refusal| *refusal != Some(precondition_failed()));
        assert_eq!(refusals, [None]);
        let free = put(&client, "free").send().await.unwrap();
        e_tag = free.e_tag;
    }
}

#[tokio::test]
async fn a_fault_comes_before_or_after_the_effect() {
    for (fault, status, took_effect) in [
        (Fault::Answer(503, "SlowDown"), 503, false),
        (Fault::AnswerAfterEffect(500, "InternalError"), 500, true),
        (Fault::ResetAfterEffect, 0, true),
        (Fault::Hang(Duration::from_millis(1)), 0, false),
        (Fault::HangAfterEffect(Duration::from_millis(1)), 0, true),
    ] {
        let (aws, _folder) = start().await;
        let client = objects(&aws).await;
        aws.fault(Box::new(move |request| {
            assert_eq!(request.method, "PUT");
            assert_eq!(request.object, "school/state/lease");
            (request.number == 2).then_some(fault)
        }));
        assert_eq!(refusal(put(&client, "1")).await, None);
        let second = refusal(put(&client, "2")).await;
        assert_eq!(second.map(|(status, _)| status), Some(status), "{fault:?}");
        let left = if took_effect { "2" } else { "1" };
        assert_eq!(lies_there(&aws).unwrap(), left, "{fault:?}");
        aws.no_fault();
        assert_eq!(refusal(put(&client, "3")).await, None);
    }
}
