//! A Lambda function, and the world that it runs in.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use roster_sync::clock::Clock;
use roster_sync::handler;
use serde_json::Value;
use tokio::sync::Notify;

use crate::arguments::Arguments;
use crate::simulators::adobe::{Adobe, Endpoint};
use crate::simulators::aws::Aws;
use crate::simulators::clever::Clever;
use crate::simulators::engine::{Engine, Next};
use crate::simulators::mapping::Mapping;
use crate::simulators::oneroster::OneRoster;
use crate::simulators::runtime::{Answer, RuntimeApi};
use crate::simulators::sis::{Platform, Sis};
use crate::simulators::world::{
    BUCKET, FIFTEEN_MINUTES, Setup, desired, hosts, memberships, organization, secrets, today,
};
use crate::{example, first_load};

/// The event that asks what a second pass would do.
pub(crate) const SECOND_EVENT: &str = r#"{"mode": "plan"}"#;
/// A pass that takes more events is stuck.
const MOST_EVENTS: usize = 10_000;

/// The world, and the side of Lambda that sends events.
pub(crate) struct Play {
    pub(crate) clock: Clock,
    pub(crate) platform: Platform,
    pub(crate) sis: Box<dyn Sis>,
    pub(crate) adobe: Adobe,
    /// The function's process ends when it is notified.
    pub(crate) kill: Arc<Notify>,
    aws: Aws,
    runtime: RuntimeApi,
    mapping: Mapping,
}

/// What became of an event.
pub(crate) struct Told<'a> {
    /// The number of the slice.
    pub(crate) slice: u64,
    /// What the function answered.
    pub(crate) answer: &'a Answer,
    /// The wait before the next event, where there is one.
    pub(crate) wait: Option<Duration>,
}

/// Plays a pass: AWS and the Runtime API are where the environment says.
pub(crate) fn run(folder: &str, aws: &str, runtime: &str, arguments: Arguments) -> ExitCode {
    let threads = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    threads.expect("a runtime").block_on(async {
        let play = Play::start(Path::new(folder), aws, runtime, arguments).await;
        let played = async {
            match arguments.first_load {
                None => example::play(&play).await,
                Some(people) => first_load::play(&play, people).await,
            }
        };
        let succeeded = tokio::select! {
            succeeded = played => succeeded,
            ended = play.function() => {
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
    async fn start(folder: &Path, aws: &str, runtime: &str, arguments: Arguments) -> Self {
        let mut setup = match arguments.first_load {
            None => Setup::example(),
            Some(people) => Setup::first_load(people),
        };
        if arguments.platform == Platform::ClassLink {
            setup = setup.at_classlink();
        }
        let clock = Clock::simulated(setup.start);
        let org = organization(&setup.adobe, &setup.mapping);
        let (latency, district) = (setup.roster_latency, setup.district);
        let sis: Box<dyn Sis> = match arguments.platform {
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
        Self {
            clock,
            platform: arguments.platform,
            sis,
            adobe,
            kill: Arc::default(),
            aws,
            runtime,
            mapping: setup.mapping,
        }
    }

    /// The function, whose process Lambda starts again when it was killed.
    async fn function(&self) -> Result<(), lambda_runtime::Error> {
        loop {
            let hosts = hosts(self.sis.as_ref(), &self.adobe);
            tokio::select! {
                biased;
                () = self.kill.notified() => self.runtime.exit(),
                ended = handler::run(self.clock.clone(), hosts) => return ended,
            }
        }
    }

    /// What there is before the first pass.
    pub(crate) fn introduce(&self) {
        let district = self.sis.district();
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
    }

    /// A whole pass, driven by the engine. `begin` is told each event, `tell` what became of it. The last answer, unless
    /// the pass fails.
    pub(crate) async fn pass(
        &self,
        event: &str,
        execution: &str,
        mut begin: impl FnMut(&Value),
        mut tell: impl FnMut(&Told<'_>),
    ) -> Option<Value> {
        let trigger = serde_json::from_str(event).expect("an event");
        let mut engine = Engine::start(trigger, execution, self.clock.now());
        for _ in 0..MOST_EVENTS {
            begin(engine.event());
            let slice = engine.slice();
            let event = engine.event().clone();
            let answer = self.runtime.invoke(event, FIFTEEN_MINUTES).await;
            let next = engine.answered(answer.clone(), self.clock.now());
            let wait = match next {
                Next::Event(wait) => Some(wait),
                Next::Ended(_) | Next::Failed(_) => None,
            };
            tell(&Told {
                slice,
                answer: &answer,
                wait,
            });
            match next {
                Next::Event(wait) => self.clock.sleep(wait).await,
                Next::Ended(answer) => return Some(answer),
                Next::Failed(error) => {
                    if let Answer::Error {
                        error_type,
                        message,
                    } = error
                    {
                        println!("The engine gives up: {error_type}\n{message}");
                    }
                    return None;
                }
            }
        }
        println!("The pass comes to no end.");
        None
    }

    /// Whether a second pass would change nothing, and Adobe is what the mapping and the roster say. Says so.
    pub(crate) fn is_in_step(&self, second: &Value) -> bool {
        let left = self.planned(second["run_id"].as_str().unwrap_or_default());
        match left {
            0 => println!("A second pass would change nothing"),
            left => println!("A second pass would change {left} accounts"),
        }
        let desired = desired(
            &self.mapping,
            self.platform,
            &self.sis.district(),
            today(&self.clock),
        );
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

    /// The Action Summary of the last pass.
    pub(crate) fn show_summary(&self) {
        let summary = self
            .aws
            .get(BUCKET, "latest/summary.txt")
            .unwrap_or_default();
        println!("\n{}\n", String::from_utf8_lossy(&summary).trim_end());
    }

    /// How many requests this endpoint of Adobe has served.
    pub(crate) fn requests(&self, endpoint: Endpoint) -> usize {
        let requests = self.adobe.requests();
        requests.get(&endpoint).copied().unwrap_or(0)
    }
}
