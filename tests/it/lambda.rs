//! The real binary, as Lambda runs it: its environment, the Runtime API, S3 and Secrets Manager, and the real clock.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use roster_sync::clock::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::simulators::adobe::{Adobe, Latency};
use crate::simulators::aws::{ACCESS_KEY_ID, Aws, REGION, SECRET_ACCESS_KEY};
use crate::simulators::clever::Clever;
use crate::simulators::district::canary;
use crate::simulators::runtime::{Answer, RuntimeApi};
use crate::simulators::world::{BUCKET, Setup, World, environment, organization, secrets};

/// A function that is deployed, and everything that it talks to.
struct Deployed {
    clever: Clever,
    adobe: Adobe,
    aws: Aws,
    runtime: RuntimeApi,
    folder: TempDir,
    /// Ends with the test.
    function: Child,
}

impl Deployed {
    async fn start(log_level: &str) -> Self {
        let setup = Setup::example();
        let org = organization(&setup.adobe, &setup.mapping);
        let clever = Clever::start(Clock::real(), Duration::ZERO, setup.district).await;
        let adobe = Adobe::start(Clock::real(), Latency::none(), org).await;
        adobe.rules(|rules| rules.actions_per_minute = 0);
        let folder = tempfile::tempdir().unwrap();
        let buckets = folder.path().join("s3");
        std::fs::create_dir(&buckets).unwrap();
        let aws = Aws::start(&buckets).await;
        for (name, text) in &setup.files {
            let text = on_loopback(text, &clever, &adobe);
            aws.put(BUCKET, &format!("config/{name}"), text);
        }
        for (name, text) in secrets(&clever, &adobe) {
            aws.secret(&name, &text);
        }
        let runtime = RuntimeApi::start(Clock::real()).await;
        let log = File::create(folder.path().join("log")).unwrap();
        let function = function(&aws, &runtime, log_level, &log);
        Self {
            clever,
            adobe,
            aws,
            runtime,
            folder,
            function,
        }
    }

    /// A function that hangs, or ends, fails the test.
    async fn invoke(&mut self, event: Value) -> Answer {
        let limit = Duration::from_mins(1);
        let answer = tokio::time::timeout(limit, self.runtime.invoke(event, limit));
        tokio::select! {
            answer = answer => answer.unwrap(),
            ended = self.function.wait() => panic!("the function ended: {ended:?}\n{}", self.log()),
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

/// The example configuration with other hosts, and at no pace.
fn on_loopback(text: &str, clever: &Clever, adobe: &Adobe) -> String {
    text.replace("https://api.clever.com", &clever.url())
        .replace("usermanagement.adobe.io", &adobe.url())
        .replace("ims-na1.adobelogin.com", &adobe.url())
        .replace("action: 10", "action: 0")
}

fn function(aws: &Aws, runtime: &RuntimeApi, log_level: &str, log: &File) -> Child {
    Command::new(env!("CARGO_BIN_EXE_roster-sync"))
        .env_clear()
        .envs(environment())
        .env("LOG_LEVEL", log_level)
        .env("AWS_LAMBDA_RUNTIME_API", runtime.authority())
        .env("AWS_LAMBDA_FUNCTION_NAME", "roster-sync")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .env("AWS_ENDPOINT_URL", aws.url())
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
        .env("AWS_REGION", REGION)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .stdout(Stdio::from(log.try_clone().unwrap()))
        .stderr(Stdio::from(log.try_clone().unwrap()))
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Every text below a folder, those that are packed unpacked.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(self::texts(&path));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let bytes = if path.extension().is_some_and(|end| end == "gz") {
            unpacked(&bytes)
        } else {
            bytes
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        texts.push((path.display().to_string(), text));
    }
    texts
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut packed = flate2::read::MultiGzDecoder::new(bytes);
    packed.read_to_end(&mut plain).unwrap();
    plain
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_of_the_binary_ends_as_a_simulated_one() {
    let mut deployed = Deployed::start("info").await;
    let answer = deployed.invoke(json!({})).await.response();
    assert_eq!(answer["status"], "complete", "{answer}");
    let simulated = World::start(Setup::example()).await;
    simulated.pass(json!({})).await;
    assert_eq!(deployed.adobe.snapshot(), simulated.adobe.snapshot());
    let summary = deployed.aws.get(BUCKET, "latest/summary.json").unwrap();
    let summary: Value = serde_json::from_slice(&summary).unwrap();
    assert_eq!(summary["run_id"], answer["run_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_reaches_lambda_under_its_name_and_the_function_lives_on() {
    let mut deployed = Deployed::start("info").await;
    let answer = deployed.invoke(json!({"mood": "good"})).await;
    let Answer::Error {
        error_type,
        message,
    } = answer
    else {
        panic!("{answer:?}");
    };
    assert_eq!(error_type, "EventInvalid");
    assert!(message.contains("mood"), "{message}");
    let answer = deployed.invoke(json!({"mode": "plan"})).await.response();
    assert_eq!(answer["mode"], "plan");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_names_anybody_and_the_bucket_keeps_nothing_that_it_need_not() {
    let mut deployed = Deployed::start("trace").await;
    deployed.invoke(json!({})).await.response();
    let log = deployed.log();
    assert!(log.lines().count() > 5, "{log}");
    let district = deployed.clever.district();
    for person in district.students.iter().chain(&district.teachers) {
        let email = person.email.as_deref().unwrap();
        assert!(!log.contains(email) && !log.contains(&person.id), "{log}");
    }
    let org = deployed.adobe.org();
    let mut never = vec![deployed.clever.token(), org.client_id, org.client_secret];
    never.extend(deployed.adobe.tokens());
    never.extend(canary::ALL.map(str::to_owned));
    for secret in &never {
        assert!(!log.contains(secret), "the log has {secret}");
        for (name, text) in texts(&deployed.folder.path().join("s3").join(BUCKET)) {
            assert!(!text.contains(secret), "{name} has {secret}");
        }
    }
}
