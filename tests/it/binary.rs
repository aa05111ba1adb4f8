//! The binary as Lambda runs it: its environment, the Runtime API, S3, Secrets Manager, and its log.

use std::process::Stdio;
use std::time::Duration;

use roster_sync::clock::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::simulators::adobe::{Adobe, Latency};
use crate::simulators::aws::{self, Aws};
use crate::simulators::clever::Clever;
use crate::simulators::district::{District, Shape, canary};
use crate::simulators::drift::drifted;
use crate::simulators::oneroster::OneRoster;
use crate::simulators::runtime::{Answer, RuntimeApi};
use crate::simulators::server::{Fault, Response};
use crate::simulators::sis::{Platform, Sis};
use crate::simulators::world::{BUCKET, Setup, environment, organization, secrets};

const LIMIT: Duration = Duration::from_mins(1);

/// The function, and all that it talks to.
struct Deployed {
    clever: Clever,
    oneroster: OneRoster,
    platform: Platform,
    adobe: Adobe,
    aws: Aws,
    runtime: RuntimeApi,
    function: Child,
    _bucket: TempDir,
}

/// Starts the binary for the example school, at this log level.
async fn deployed(level: &str) -> Deployed {
    deployed_with(Setup::example(), level).await
}

/// The same for this school.
async fn deployed_with(setup: Setup, level: &str) -> Deployed {
    let clock = Clock::real();
    let clever = Clever::start(clock.clone(), Duration::ZERO, setup.district.clone()).await;
    let oneroster = OneRoster::start(clock.clone(), Duration::ZERO, setup.district.clone()).await;
    let sis: &dyn Sis = match setup.platform {
        Platform::Clever => &clever,
        Platform::ClassLink => &oneroster,
    };
    let org = organization(&setup.adobe, &setup.mapping);
    let adobe = Adobe::start(clock.clone(), Latency::none(), org).await;
    adobe.rules(|rules| rules.actions_per_minute = 0);
    let bucket = tempfile::tempdir().unwrap();
    let aws = Aws::start(bucket.path()).await;
    aws.make_bucket(BUCKET);
    for (name, text) in &setup.files {
        let text = sis.hosts().iter().fold(text.clone(), |text, host| {
            text.replace(&format!("https://{host}"), &sis.url())
        });
        aws.put(BUCKET, &format!("config/{name}"), text);
    }
    aws.put(BUCKET, "config/connector-umapi.yml", unpaced(&adobe));
    for (name, text) in secrets(sis, &adobe) {
        aws.secret(&name, &text);
    }
    let runtime = RuntimeApi::start(clock).await;
    let function = Command::new(env!("CARGO_BIN_EXE_roster-sync"))
        .env_clear()
        .envs(environment())
        .env("LOG_LEVEL", level)
        .env("AWS_LAMBDA_RUNTIME_API", runtime.authority())
        .env("AWS_LAMBDA_FUNCTION_NAME", "roster-sync")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/roster-sync")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "test")
        .env("AWS_ENDPOINT_URL", aws.url())
        .env("AWS_ACCESS_KEY_ID", aws::ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", aws::SECRET_ACCESS_KEY)
        .env("AWS_REGION", aws::REGION)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    Deployed {
        platform: setup.platform,
        clever,
        oneroster,
        adobe,
        aws,
        runtime,
        function,
        _bucket: bucket,
    }
}

/// `connector-umapi.yml` for this organization, without any pace.
fn unpaced(adobe: &Adobe) -> String {
    format!(
        "server:\n  host: {url}\n  ims_host: {url}\n  requests_per_minute: {{action: 0, users: 0, groups: 0}}\n",
        url = adobe.url()
    )
}

impl Deployed {
    async fn invoke(&self, event: Value) -> Answer {
        self.runtime.invoke(event, LIMIT).await
    }

    fn sis(&self) -> &dyn Sis {
        match self.platform {
            Platform::Clever => &self.clever,
            Platform::ClassLink => &self.oneroster,
        }
    }

    fn summary(&self) -> Value {
        let bytes = self
            .aws
            .get(BUCKET, "latest/summary.json")
            .expect("a summary");
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Passes that fail at the roster: it answers with what nobody may repeat.
    async fn refuse_the_roster(&self) {
        for (name, text) in secrets(self.sis(), &self.adobe) {
            self.aws.secret(&name, &text);
        }
        let person = &self.sis().district().students[0];
        let told =
            json!({"message": format!("{} {}", person.last, person.id), "users": [person.email]});
        for status in [401, 404, 422] {
            let reply = Response::json(status, &told);
            let server = self.sis().server();
            server.fault(Box::new(move |_| Some(Fault::Reply(reply.clone()))));
            let answer = self.invoke(json!({})).await;
            assert!(matches!(answer, Answer::Error { .. }), "{status}");
        }
    }

    /// Ends the function; everything that it has written to its log.
    async fn log(mut self) -> String {
        self.function.start_kill().unwrap();
        let (mut out, mut err) = (String::new(), String::new());
        self.function
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut out)
            .await
            .unwrap();
        self.function
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .await
            .unwrap();
        out + &err
    }

    /// Names, addresses and ids of everybody, and every credential.
    fn planted(&self) -> Vec<String> {
        let district = self.sis().district();
        let secret = self.sis().secret();
        let secret = secret.as_object().unwrap().values();
        let secret = secret.map(|value| value.as_str().unwrap().to_owned());
        let people = district.students.iter().chain(&district.teachers);
        let mut planted: Vec<String> = people
            .flat_map(|person| {
                let full = format!("{} {}", person.first, person.last);
                [
                    person.id.clone(),
                    person.email.clone().unwrap_or_default(),
                    person.last.clone(),
                    full,
                ]
            })
            .chain(self.adobe.users().into_iter().flat_map(|account| {
                let full = format!("{} {}", account.first, account.last);
                [account.email, account.last, full]
            }))
            .chain(canary::ALL.map(str::to_owned))
            .chain(self.adobe.tokens())
            .chain(secret)
            .chain(["oauth_signature".to_owned()])
            .chain([self.adobe.org().client_secret, self.adobe.org().client_id])
            .collect();
        // Shorter ones are parts of ordinary words.
        planted.retain(|text| text.chars().count() > 5);
        planted
    }
}

#[tokio::test]
async fn a_pass_from_the_event_to_the_summary() {
    let deployed = deployed("info").await;
    let answer = deployed.invoke(json!({})).await.response();
    assert_eq!(answer["status"], "complete");
    assert_eq!(deployed.summary()["run_id"], answer["run_id"]);
    let again = deployed.invoke(json!({})).await.response();
    assert_eq!(again["counters"]["actions"]["total"], 0);
    let log = deployed.log().await;
    assert!(log.contains(answer["run_id"].as_str().unwrap()), "{log}");
}

#[tokio::test]
async fn errors_reach_lambda_under_their_stable_names() {
    let deployed = deployed("info").await;
    let name = |answer| match answer {
        Answer::Error { error_type, .. } => error_type,
        Answer::Response(response) => panic!("no error: {response}"),
    };
    assert_eq!(
        name(deployed.invoke(json!({"usres": "all"})).await),
        "EventInvalid"
    );
    assert_eq!(
        name(
            deployed
                .invoke(json!({"run_id": "20261124T060000Z-0123abcd"}))
                .await
        ),
        "RunUnknown"
    );
    deployed.aws.deny_secrets(true);
    assert_eq!(name(deployed.invoke(json!({})).await), "SecretsMissing");
    assert_eq!(deployed.summary()["error"]["name"], "SecretsMissing");
    deployed.aws.deny_secrets(false);
    deployed.adobe.server.fault(Box::new(|request| {
        request.path.ends_with("/0").then_some(Fault::Reset)
    }));
    deployed.clever.server.fault(Box::new(|request| {
        let refused = Response::json(401, &json!({}));
        request
            .path
            .contains("/v2.1/")
            .then_some(Fault::Reply(refused))
    }));
    assert_eq!(name(deployed.invoke(json!({})).await), "RosterRefused");
    deployed
        .aws
        .put(BUCKET, "config/user-sync-config.yml", "directory: {}\n");
    assert_eq!(name(deployed.invoke(json!({})).await), "ConfigInvalid");
}

/// Most of an irregular district has accounts.
fn irregular() -> Setup {
    let (district, planted) = District::irregular(Shape {
        seed: 35,
        schools: 3,
        students: 100,
        teachers: 9,
        courses: 4,
        sections: 15,
    });
    let mapping = planted.mapping(&district);
    let desired = mapping.desired(&district);
    let adobe = drifted(&desired, &mapping.adobe_groups(), 45, 35);
    Setup::new(district, mapping, adobe)
}

#[tokio::test]
async fn no_log_line_names_anybody_of_an_irregular_district() {
    for setup in [irregular(), irregular().at_classlink()] {
        let platform = setup.platform;
        let deployed = deployed_with(setup, "trace").await;
        let mut planted = deployed.planted();
        for event in [
            json!({"mode": "plan"}),
            json!({"mode": "test", "update_user_info": true}),
            json!({"update_user_info": true, "user_filter": ".*student.*"}),
            json!({"adobe_users": "mapped", "adobe_only_user_action": "delete"}),
            json!({"strategy": "push"}),
        ] {
            deployed.invoke(event).await.response();
        }
        planted.extend(deployed.planted());
        let log = deployed.log().await;
        assert!(log.lines().count() > 50, "{platform:?}: {log}");
        let log = log.to_lowercase();
        let planted = planted.iter().map(|text| text.trim().to_lowercase());
        for text in planted.filter(|text| text.chars().count() > 5) {
            assert!(!log.contains(&text), "{platform:?}: the log holds {text:?}");
        }
    }
}
/// The example, and a pupil whose name is all that a log could stumble over.
fn with_an_odd_name() -> Setup {
    let mut setup = Setup::example();
    let pupil = &setup.district.section_named(SECTION).students[0].clone();
    let mut students = setup.district.students.iter_mut();
    let pupil = students.find(|person| person.id == *pupil).unwrap();
    pupil.first = String::from("Zo\u{eb} \"Zed\" \u{1f393}");
    pupil.last = String::from("D'\u{c5}canary\\n{}");
    pupil.email = Some("zo\u{eb}.d'canary@students.district.example".to_owned());
    setup
}

/// A section that is mapped.
const SECTION: &str = "Econ 101 - Period 2";

#[tokio::test]
async fn no_log_line_names_anybody_at_any_level() {
    no_log_line_names_anybody(&with_an_odd_name(), &["warn", "info", "debug", "trace"]).await;
}

#[tokio::test]
async fn no_log_line_names_anybody_at_any_level_at_classlink() {
    let setup = with_an_odd_name().at_classlink();
    no_log_line_names_anybody(&setup, &["warn", "info", "debug", "trace"]).await;
}

async fn no_log_line_names_anybody(setup: &Setup, levels: &[&str]) {
    for &level in levels {
        let deployed = deployed_with(setup.clone(), level).await;
        deployed
            .invoke(json!({"test_mode": true, "update_user_info": true}))
            .await
            .response();
        deployed.invoke(json!({})).await.response();
        let pupil = deployed.sis().district().sections[0].students[0].clone();
        deployed.clever.change(|district| district.leaves(&pupil));
        deployed
            .oneroster
            .change(|district| district.leaves(&pupil));
        deployed.adobe.server.fault(Box::new(|request| {
            let user = serde_json::from_slice::<Value>(&request.body).ok()?[0]["user"].clone();
            let error = json!({"result": "error.command.malformed", "message": format!("no such user: {user}")});
            let refused = Response::json(400, &error);
            request.path.contains("/action/").then_some(Fault::Reply(refused))
        }));
        let refused = deployed.invoke(json!({})).await.response();
        assert_eq!(refused["status"], "partial");
        deployed.aws.secret(
            "roster-sync/umapi",
            r#"{"client_id": "canary-in-json", "client_secret" 7}"#,
        );
        deployed.invoke(json!({})).await;
        deployed.refuse_the_roster().await;
        let planted = deployed.planted();
        let log = deployed.log().await;
        if level != "warn" {
            assert!(log.lines().count() > 20, "{level}: {log}");
        }
        for line in log.lines() {
            assert!(
                serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object()),
                "{level}: {line}"
            );
        }
        for text in planted
            .iter()
            .map(String::as_str)
            .chain(["canary-in-json", "no such user"])
        {
            assert!(!log.contains(text), "{level}: the log holds {text:?}");
        }
    }
}
