//! A Lambda function, and the world that it runs in.

use std::path::Path;
use std::process::ExitCode;

use roster_sync::clock::Clock;
use roster_sync::handler;
use serde_json::{Value, json};

use crate::simulators::adobe::{Adobe, Endpoint};
use crate::simulators::aws::Aws;
use crate::simulators::clever::Clever;
use crate::simulators::mapping::Mapping;
use crate::simulators::oneroster::OneRoster;
use crate::simulators::runtime::{Answer, RuntimeApi};
use crate::simulators::sis::{Platform, Sis};
use crate::simulators::world::{
    BUCKET, FIFTEEN_MINUTES, Setup, continues, desired, hosts, memberships, organization, secrets,
};

/// The event that starts the pass.
const EVENT: &str = include_str!("../../events/on-demand.json");
/// The event that asks what a second pass would do.
const SECOND_EVENT: &str = r#"{"mode": "plan"}"#;
/// A pass over the built-in data that takes more is stuck.
const MOST_EVENTS: usize = 50;

/// The world, and the side of Lambda that sends events.
struct Play {
    clock: Clock,
    platform: Platform,
    sis: Box<dyn Sis>,
    adobe: Adobe,
    aws: Aws,
    runtime: RuntimeApi,
    mapping: Mapping,
}

/// Plays a pass: AWS and the Runtime API are where the environment says.
pub(crate) fn run(folder: &str, aws: &str, runtime: &str, platform: Platform) -> ExitCode {
    let threads = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    threads.expect("a runtime").block_on(async {
        let play = Play::start(Path::new(folder), aws, runtime, platform).await;
        let function = handler::run(play.clock.clone(), hosts(play.sis.as_ref(), &play.adobe));
        let succeeded = tokio::select! {
            succeeded = play.both() => succeeded,
            ended = function => {
                println!("The function ended: {ended:?}");
                false
            }
        };
        println!(
            "Bucket          {}",
            Path::new(folder).join(BUCKET).display()
        );
        if succeeded {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    })
}

impl Play {
    async fn start(folder: &Path, aws: &str, runtime: &str, platform: Platform) -> Self {
        let setup = match platform {
            Platform::Clever => Setup::example(),
            Platform::ClassLink => Setup::example().at_classlink(),
        };
        let clock = Clock::simulated(setup.start);
        let org = organization(&setup.adobe, &setup.mapping);
        let (latency, district) = (setup.roster_latency, setup.district);
        let sis: Box<dyn Sis> = match platform {
            Platform::Clever => Box::new(Clever::start(clock.clone(), latency, district).await),
            Platform::ClassLink => {
                Box::new(OneRoster::start(clock.clone(), latency, district).await)
            }
        };
        let adobe = Adobe::start(clock.clone(), setup.adobe_latency, org).await;
        let aws = Aws::start_on(aws, folder).await;
        for (name, text) in &setup.files {
            aws.put(BUCKET, &format!("config/{name}"), text);
        }
        for (name, text) in secrets(sis.as_ref(), &adobe) {
            aws.secret(&name, &text);
        }
        let runtime = RuntimeApi::start_on(runtime, clock.clone()).await;
        let play = Self {
            clock,
            platform,
            sis,
            adobe,
            aws,
            runtime,
            mapping: setup.mapping,
        };
        play.introduce();
        play
    }

    fn introduce(&self) {
        let district = self.sis.district();
        println!("roster-sync's sandbox: one pass over built-in data, on this machine alone.\n");
        println!(
            "Roster          {} at {}: {} schools, {} sections, {} pupils, {} teachers",
            district.name,
            self.sis.name(),
            district.schools.len(),
            district.sections.len(),
            district.students.len(),
            district.teachers.len(),
        );
        let accounts = self.adobe.users();
        let memberships: usize = accounts.iter().map(|account| account.groups.len()).sum();
        println!(
            "Adobe           {} accounts, {memberships} memberships",
            accounts.len()
        );
        let connector = match self.platform {
            Platform::Clever => "",
            Platform::ClassLink => ", with the connector file of UST's manual for ClassLink",
        };
        println!("Configuration   infra/config{connector}\n");
    }

    /// A pass, and what a second one would do. Whether all is as it should be.
    async fn both(&self) -> bool {
        let started = self.clock.now();
        let event = serde_json::from_str(EVENT).expect("an event");
        let Some(answer) = self.pass(event).await else {
            return false;
        };
        self.report(answer["status"].as_str().unwrap_or("no status"));
        let seconds = self.clock.now().as_second() - started.as_second();
        println!("Simulated time  {} min {} s\n", seconds / 60, seconds % 60);

        let event = serde_json::from_str(SECOND_EVENT).expect("an event");
        let Some(second) = self.pass(event).await else {
            return false;
        };
        let left = self.planned(second["run_id"].as_str().unwrap_or_default());
        match left {
            0 => println!("\nA second pass would change nothing"),
            left => println!("\nA second pass would change {left} accounts"),
        }
        let desired = desired(&self.mapping, self.platform, &self.sis.district());
        let in_step = memberships(&self.adobe) == desired;
        if !in_step {
            println!("Adobe is not in the desired state");
        }
        in_step && left == 0
    }

    /// How many accounts a pass has planned to change: each has a line.
    fn planned(&self, run_id: &str) -> usize {
        let changes = self
            .aws
            .get(BUCKET, &format!("runs/{run_id}/changes.ndjson"));
        let changes = changes.expect("a pass leaves its changes");
        String::from_utf8_lossy(&changes).lines().count()
    }

    /// Events in a row, as long as the answer is `continue`. The last answer, unless the pass fails.
    async fn pass(&self, event: Value) -> Option<Value> {
        let mut event = event;
        for _ in 0..MOST_EVENTS {
            println!("{}  event   {event}", self.time());
            let answer = self.runtime.invoke(event, FIFTEEN_MINUTES).await;
            let answer = match answer {
                Answer::Response(answer) => answer,
                Answer::Error {
                    error_type,
                    message,
                } => {
                    println!("{}  error   {error_type}\n{message}\n", self.time());
                    return None;
                }
            };
            let status = answer["status"].as_str().unwrap_or("no status");
            println!("{}  answer  {status}", self.time());
            let Some(wait) = continues(&answer) else {
                return Some(answer);
            };
            println!("{}  wait    {} s", self.time(), wait.as_secs());
            self.clock.sleep(wait).await;
            event = json!({"run_id": answer["run_id"]});
        }
        println!("The pass comes to no end.");
        None
    }

    /// The Action Summary, and what became of the organization.
    fn report(&self, status: &str) {
        let summary = self
            .aws
            .get(BUCKET, "latest/summary.txt")
            .unwrap_or_default();
        println!("\n{}\n", String::from_utf8_lossy(&summary).trim_end());
        let requests = self.adobe.requests();
        let of = |endpoint| requests.get(&endpoint).copied().unwrap_or(0);
        println!("Status          {status}");
        println!(
            "{:<15} {} requests",
            self.sis.name(),
            self.sis.server().log().len()
        );
        println!(
            "Adobe           {} page(s) of users, {} action requests",
            of(Endpoint::Users),
            of(Endpoint::Action)
        );
    }

    fn time(&self) -> String {
        self.clock.now().strftime("%H:%M:%S").to_string()
    }
}
