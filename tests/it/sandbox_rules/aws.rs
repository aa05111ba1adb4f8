//! S3 and Secrets Manager, met by AWS's own clients and by somebody without a signature.

mod conditional;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::primitives::ByteStream;
use tempfile::TempDir;

use super::{get, send};
use crate::simulators::aws::{ACCESS_KEY_ID, Aws, REGION, SECRET_ACCESS_KEY};

async fn start() -> (Aws, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let aws = Aws::start(folder.path()).await;
    aws.make_bucket("school");
    (aws, folder)
}

async fn config(aws: &Aws, key: &str, secret: &str) -> SdkConfig {
    let credentials = aws_sdk_s3::config::Credentials::new(key, secret, None, None, "test");
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(aws.url())
        .credentials_provider(credentials)
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .load()
        .await
}

async fn objects(aws: &Aws) -> aws_sdk_s3::Client {
    let shared = config(aws, ACCESS_KEY_ID, SECRET_ACCESS_KEY).await;
    let config = aws_sdk_s3::config::Builder::from(&shared).force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}

async fn secrets(aws: &Aws) -> aws_sdk_secretsmanager::Client {
    aws_sdk_secretsmanager::Client::new(&config(aws, ACCESS_KEY_ID, SECRET_ACCESS_KEY).await)
}

/// The error's code and message.
async fn refusal(client: &aws_sdk_secretsmanager::Client, name: &str) -> (String, String) {
    let error = client
        .get_secret_value()
        .secret_id(name)
        .send()
        .await
        .unwrap_err();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (text(error.code()), text(error.message()))
}

#[tokio::test]
async fn objects_are_files() {
    let (aws, folder) = start().await;
    let client = objects(&aws).await;
    let body = ByteStream::from_static(b"{}");
    let put = client
        .put_object()
        .bucket("school")
        .key("runs/1/run.json")
        .body(body);
    put.content_type("application/json").send().await.unwrap();
    assert_eq!(
        std::fs::read(folder.path().join("school/runs/1/run.json")).unwrap(),
        b"{}"
    );
    assert_eq!(aws.get("school", "runs/1/run.json").unwrap(), "{}");
    aws.put("school", "config/a.yml", "a: 1");
    let got = client
        .get_object()
        .bucket("school")
        .key("config/a.yml")
        .send()
        .await
        .unwrap();
    assert_eq!(got.body.collect().await.unwrap().into_bytes(), "a: 1");
    assert_eq!(
        aws.log(),
        ["PUT /school/runs/1/run.json", "GET /school/config/a.yml"]
    );
}

#[tokio::test]
async fn s3_names_what_is_missing_and_what_is_denied() {
    let (aws, _folder) = start().await;
    let client = objects(&aws).await;
    let code = async |bucket: &str, key: &str| {
        let got = client.get_object().bucket(bucket).key(key).send().await;
        got.unwrap_err().code().unwrap_or_default().to_owned()
    };
    assert_eq!(code("school", "nothing").await, "NoSuchKey");
    assert_eq!(code("elsewhere", "nothing").await, "NoSuchBucket");
    aws.put("school", "config/a.yml", "a: 1");
    aws.deny_objects("school/config/");
    assert_eq!(code("school", "config/a.yml").await, "AccessDenied");
}

#[tokio::test]
async fn s3_refuses_wrong_and_missing_signatures() {
    let (aws, _folder) = start().await;
    aws.put("school", "config/a.yml", "a: 1");
    let shared = config(&aws, ACCESS_KEY_ID, "wrong").await;
    let config = aws_sdk_s3::config::Builder::from(&shared).force_path_style(true);
    let client = aws_sdk_s3::Client::from_conf(config.build());
    let got = client
        .get_object()
        .bucket("school")
        .key("config/a.yml")
        .send()
        .await;
    assert_eq!(got.unwrap_err().code(), Some("SignatureDoesNotMatch"));
    assert_eq!(
        get(&format!("{}/school/config/a.yml", aws.url()), &[])
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn a_secret_is_found_by_name_and_by_arn() {
    let (aws, _folder) = start().await;
    aws.secret("roster-sync/umapi", r#"{"client_id": "a"}"#);
    let client = secrets(&aws).await;
    let by_name = client
        .get_secret_value()
        .secret_id("roster-sync/umapi")
        .send()
        .await
        .unwrap();
    assert_eq!(by_name.secret_string(), Some(r#"{"client_id": "a"}"#));
    let by_arn = client
        .get_secret_value()
        .secret_id(by_name.arn().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(by_arn.secret_string(), by_name.secret_string());
    assert_eq!(aws.log()[0], "GetSecretValue roster-sync/umapi");
}

#[tokio::test]
async fn missing_empty_and_denied_secrets_are_three_things() {
    let (aws, _folder) = start().await;
    aws.empty_secret("roster-sync/empty");
    aws.secret("roster-sync/umapi", "{}");
    let client = secrets(&aws).await;
    let (code, message) = refusal(&client, "roster-sync/none").await;
    assert_eq!(code, "ResourceNotFoundException");
    assert!(!message.contains("AWSCURRENT"), "{message}");
    let (code, message) = refusal(&client, "roster-sync/empty").await;
    assert_eq!(code, "ResourceNotFoundException");
    assert!(message.contains("staging label: AWSCURRENT"), "{message}");
    aws.deny_secrets(true);
    assert_eq!(
        refusal(&client, "roster-sync/umapi").await.0,
        "AccessDeniedException"
    );
}

#[tokio::test]
async fn secrets_manager_refuses_other_keys_and_other_signatures() {
    let (aws, _folder) = start().await;
    aws.secret("roster-sync/umapi", "{}");
    for (key, secret, code) in [
        ("other", SECRET_ACCESS_KEY, "UnrecognizedClientException"),
        (ACCESS_KEY_ID, "wrong", "InvalidSignatureException"),
    ] {
        let client = aws_sdk_secretsmanager::Client::new(&config(&aws, key, secret).await);
        assert_eq!(refusal(&client, "roster-sync/umapi").await.0, code);
    }
}

#[tokio::test]
async fn secrets_manager_refuses_what_is_not_signed_or_not_known() {
    let (aws, _folder) = start().await;
    let target = ("x-amz-target", "secretsmanager.GetSecretValue");
    let unsigned = send("POST", &aws.url(), &[target], r#"{"SecretId": "a"}"#).await;
    assert_eq!(unsigned.status, 400);
    assert_eq!(
        unsigned.json["__type"],
        "MissingAuthenticationTokenException"
    );
    let client = secrets(&aws).await;
    let error = client.list_secrets().send().await.unwrap_err();
    assert_eq!(error.code(), Some("UnknownOperationException"));
}
