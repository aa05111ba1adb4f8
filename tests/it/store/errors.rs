//! What AWS says when it refuses or fails, and what an administrator reads.

use std::error::Error as StdError;

use bytes::Bytes;
use roster_sync::store::aws::Aws;
use roster_sync::store::{Documents, Location, SecretError, Secrets};
use secrecy::ExposeSecret;
use serde_json::json;

use super::harness::{answering, config};

fn with_causes(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn xml(code: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>planted words</Message></Error>"
    )
}

async fn get(status: u16, body: &str) -> Result<Option<Bytes>, String> {
    let server = answering(status, body).await;
    let store =
        Aws::new(&config(&server.url())).documents(&Location::parse("s3://school/x").unwrap());
    let result = store.get("a.json").await;
    result.map_err(|error| with_causes(&error))
}

async fn put(status: u16, code: &str) -> String {
    let server = answering(status, &xml(code)).await;
    let store =
        Aws::new(&config(&server.url())).documents(&Location::parse("s3://school/x").unwrap());
    let result = store.put("a.json", "text/plain", Bytes::from("x")).await;
    with_causes(&result.unwrap_err())
}

#[tokio::test]
async fn only_no_such_key_is_nothing() {
    assert_eq!(get(404, &xml("NoSuchKey")).await.unwrap(), None);
    assert!(get(404, &xml("NoSuchBucket")).await.is_err());
    assert!(get(404, "").await.is_err(), "some proxy's 404");
    assert!(get(403, &xml("AccessDenied")).await.is_err());
}

#[tokio::test]
async fn a_refusal_comes_with_the_way_out() {
    let mut texts = Vec::new();
    for (status, code) in [
        (403, "AccessDenied"),
        (404, "NoSuchBucket"),
        (301, "PermanentRedirect"),
        (400, "KMS.DisabledException"),
        (403, "SignatureDoesNotMatch"),
        (400, "ExpiredToken"),
        (500, "InternalError"),
    ] {
        texts.push(get(status, &xml(code)).await.unwrap_err());
    }
    texts.push(put(403, "AccessDenied").await);
    texts.push(get(403, "").await.unwrap_err());
    assert!(
        !texts.join("").contains("planted"),
        "replies stay out of errors"
    );
    insta::assert_snapshot!(texts.join("\n\n"), @r#"
    reading s3://school/x/a.json was refused (AccessDenied): allow the function's role s3:GetObject there, s3:ListBucket (without it S3 gives this answer for what is not there, too), and kms:Decrypt where the bucket has a key of its own

    reading s3://school/x/a.json was refused (NoSuchBucket): there is no such bucket: correct CONFIG_URI or DATA_URI of the function

    reading s3://school/x/a.json was refused (PermanentRedirect): the bucket is in another region than the function: use one in the same region

    reading s3://school/x/a.json was refused (KMS.DisabledException): the key that encrypts the bucket cannot be used: enable it, or encrypt with another one

    reading s3://school/x/a.json was refused (SignatureDoesNotMatch): the credentials of the function are not accepted

    reading s3://school/x/a.json was refused (ExpiredToken): the credentials of the function are not accepted

    reading s3://school/x/a.json failed: the store could not be reached: it answered InternalError (status 500)

    writing s3://school/x/a.json was refused (AccessDenied): allow the function's role s3:PutObject and s3:GetObject there, and the use of the key where the bucket has a key of its own (kms:GenerateDataKey, kms:Decrypt)

    reading s3://school/x/a.json was refused (status 403): allow the function's role s3:GetObject there, s3:ListBucket (without it S3 gives this answer for what is not there, too), and kms:Decrypt where the bucket has a key of its own
    "#);
}

#[tokio::test]
async fn an_object_travels_as_it_is() {
    let server = answering(200, "").await;
    let store =
        Aws::new(&config(&server.url())).documents(&Location::parse("s3://school/x").unwrap());
    store
        .put("a.json", "application/json", Bytes::from("{}"))
        .await
        .unwrap();
    let log = server.log();
    let [request] = log.as_slice() else {
        panic!("{log:?}")
    };
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("PUT", "/school/x/a.json")
    );
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.body, "{}",
        "no chunks with checksums, which not every stand-in reads"
    );
    let odd = |name: &&String| name.contains("checksum") || name.contains("trailer");
    assert_eq!(request.headers.iter().map(|(name, _)| name).find(odd), None);
}

#[tokio::test]
async fn a_store_that_is_not_there_is_unavailable() {
    let aws = Aws::new(&config("http://127.0.0.1:9"));
    let store = aws.documents(&Location::parse("s3://school/").unwrap());
    let error = store.get("a.json").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "reading s3://school/a.json failed: the store could not be reached"
    );
    assert!(error.source().is_some());
}

async fn secret(status: u16, body: &serde_json::Value) -> Result<String, SecretError> {
    let server = answering(status, &body.to_string()).await;
    let secrets = Aws::new(&config(&server.url())).secrets();
    let text = secrets.get("roster-sync/umapi").await?;
    Ok(text.expose_secret().to_owned())
}

#[tokio::test]
async fn the_text_of_a_secret_is_read_whichever_way_it_was_stored() {
    let text = secret(200, &json!({"SecretString": "{\"client_id\": 1}"})).await;
    assert_eq!(text.unwrap(), "{\"client_id\": 1}");
    let binary = secret(200, &json!({"SecretBinary": "dGV4dA=="})).await;
    assert_eq!(binary.unwrap(), "text");
}

#[tokio::test]
async fn each_mistake_with_a_secret_has_its_own_message() {
    let not_found = "ResourceNotFoundException";
    let mistakes = [
        (
            not_found,
            "Secrets Manager can't find the specified secret.",
        ),
        (
            not_found,
            "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
        ),
        (
            "AccessDeniedException",
            "User: arn:aws:sts::123456789012:assumed-role/x is not authorized to perform: secretsmanager:GetSecretValue",
        ),
        ("AccessDeniedException", "Access to KMS is not allowed"),
        ("DecryptionFailure", "no"),
        (
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
        ),
        (
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
        (
            "InternalServiceError",
            "An error occurred on the server side.",
        ),
    ];
    let mut texts = Vec::new();
    for (code, message) in mistakes {
        let error = secret(400, &json!({"__type": code, "message": message}))
            .await
            .unwrap_err();
        texts.push(error.to_string());
    }
    let blank = secret(200, &json!({"SecretString": " "}))
        .await
        .unwrap_err();
    texts.push(blank.to_string());
    insta::assert_snapshot!(texts.join("\n"), @r#"
    the secret roster-sync/umapi does not exist
    the secret roster-sync/umapi exists but has no value yet
    reading the secret roster-sync/umapi is not allowed (AccessDeniedException)
    reading the secret roster-sync/umapi is not allowed (AccessDeniedException: the key that encrypts it may not be used)
    reading the secret roster-sync/umapi is not allowed (DecryptionFailure: the key that encrypts it is disabled or may not be used)
    reading the secret roster-sync/umapi is not allowed (InvalidRequestException: it is marked for deletion and has to be restored)
    reading the secret roster-sync/umapi is not allowed (the credentials of the function are not accepted)
    the secret roster-sync/umapi could not be read
    the secret roster-sync/umapi exists but has no value yet
    "#);
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_is_in_no_form_of_the_error() {
    let server = answering(200, "{\"SecretString\": \"planted-secret").await;
    let secrets = Aws::new(&config(&server.url())).secrets();
    let error = secrets.get("roster-sync/umapi").await.unwrap_err();
    assert_eq!(
        with_causes(&error),
        "the secret roster-sync/umapi could not be read: its answer (status 200) cannot be read"
    );
    assert!(!format!("{error:?} {}", with_causes(&error)).contains("planted"));
}
