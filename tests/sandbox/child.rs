//! A Lambda function, and the world that it runs in.

use std::path::Path;
use std::process::ExitCode;

use roster_sync::clock::Clock;
use roster_sync::handler;
use serde_json::{Value, json};

use crate::simulators::adobe::{Adobe, Endpoint};
use crate::simulators::aws::Aws;
use crate::simulators::clever::Clever;
use crate::simulators::runtime::{Answer, RuntimeApi};
use crate::simulators::world::{
    BUCKET, FIFTEEN_MINUTES, Setup, continues, hosts, organization, secrets,
};

/// The event that starts the pass.
const EVENT: &str = include_str!("../../events/on-demand.json");
/// A pass over the built-in data that takes more is stuck.
const MOST_EVENTS: usize = 50;

/// The world, and the side of Lambda that sends events.
struct Play {
    clock: Clock,
    clever: Clever,
    adobe: Adobe,
    aws: Aws,
    runtime: RuntimeApi,
}

/// Plays a pass: AWS and the Runtime API are where the environment says.
pub(crate) fn run(folder: &str, aws: &str, runtime: &str) -> ExitCode {
    let threads = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    threads.expect("a runtime").block_on(async {
        let play = Play::start(Path::new(folder), aws, runtime).await;
        let function = handler::run(play.clock.clone(), hosts(&play.clever, &play.adobe));
        let succeeded = tokio::select! {
            succeeded = play.pass() => succeeded,
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
    async fn start(folder: &Path, aws: &str, runtime: &str) -> Self {
        let setup = Setup::example();
        let clock = Clock::simulated(setup.start);
        let org = organization(&setup.adobe, &setup.mapping);
        let clever = Clever::start(clock.clone(), setup.clever_latency, setup.district).await;
        let adobe = Adobe::start(clock.clone(), setup.adobe_latency, org).await;
        let aws = Aws::start_on(aws, folder).await;
        for (name, text) in &setup.files {
            aws.put(BUCKET, &format!("config/{name}"), text);
        }
        for (name, text) in secrets(&clever, &adobe) {
            aws.secret(&name, &text);
        }
        let runtime = RuntimeApi::start_on(runtime, clock.clone()).await;
        let play = Self {
            clock,
            clever,
            adobe,
            aws,
            runtime,
        };
        play.introduce();
        play
    }

    fn introduce(&self) {
        let district = self.clever.district();
        println!("roster-sync's sandbox: one pass over built-in data, on this machine alone.\n");
        println!(
            "Roster          {}: {} schools, {} sections, {} pupils, {} teachers",
            district.name,
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
        println!("Configuration   infra/config\n");
    }

    /// Events in a row, as long as the answer is `continue`. Whether the pass ended well.
    async fn pass(&self) -> bool {
        let started = self.clock.now();
        let mut event: Value = serde_json::from_str(EVENT).expect("an event");
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
                    return false;
                }
            };
            let status = answer["status"].as_str().unwrap_or("no status");
            println!("{}  answer  {status}", self.time());
            let Some(wait) = continues(&answer) else {
                self.report(status);
                let seconds = self.clock.now().as_second() - started.as_second();
                println!("Simulated time  {} min {} s", seconds / 60, seconds % 60);
                return matches!(status, "complete" | "partial" | "held");
            };
            println!("{}  wait    {} s", self.time(), wait.as_secs());
            self.clock.sleep(wait).await;
            event = json!({"run_id": answer["run_id"]});
        }
        println!("The pass comes to no end.");
        false
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
            "Clever          {} requests",
            self.clever.server.log().len()
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
