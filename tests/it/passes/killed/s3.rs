//! The same over S3, whose client tries three times.

use std::time::Duration;

use roster_sync::settings::Settings;
use roster_sync::store::aws::{self, S3Documents};
use roster_sync::store::local::SecretMap;
use roster_sync::wiring::Wiring;
use tempfile::TempDir;

use super::failing::{another_error, faults_of_end};
use super::{Story, Whole};
use crate::simulators::aws::{Aws, Fault, ObjectRequest};
use crate::simulators::engine::Next;
use crate::simulators::world::{BUCKET, World, environment, hosts, secrets};
use crate::store::harness::patient;

/// An attempt takes no longer: no fault here makes one wait.
const ATTEMPT: Duration = Duration::from_secs(10);

/// A world whose bucket is reached through S3.
struct Remote {
    world: World,
    aws: Aws,
    wiring: Wiring<S3Documents, SecretMap>,
    _buckets: TempDir,
}

impl Remote {
    async fn of(story: &Story) -> Self {
        let world = story.world().await;
        let buckets = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(world.folder(), buckets.path().join(BUCKET)).unwrap();
        let aws = Aws::start(buckets.path()).await;
        let client = aws::Aws::new(&patient(&aws.url(), ATTEMPT));
        let environment = environment();
        let settings = Settings::parse(|name| environment.get(name).cloned()).unwrap();
        let secrets = secrets(world.sis(), &world.adobe).into_iter();
        let wiring = Wiring::new(
            client.documents(&settings.config.folder),
            client.documents(&settings.data),
            secrets.fold(SecretMap::default(), |map, (name, text)| {
                map.with(&name, &text)
            }),
            settings,
            world.clock.clone(),
            hosts(world.sis(), &world.adobe),
        );
        Self {
            wiring: wiring.unwrap(),
            world,
            aws,
            _buckets: buckets,
        }
    }

    /// Drives the pass; what is wrong about its end, and the errors on the way.
    async fn driven(&self, story: &Story, whole: &Whole) -> Vec<String> {
        let mut faults = Vec::new();
        let event = story.event.clone();
        let over = self
            .world
            .driven_over(&self.wiring, event, story.limit, |ending| {
                faults.extend(another_error(ending));
            });
        let over: Next = over.await;
        faults.extend(faults_of_end(whole, &self.world, over));
        faults
    }
}

/// Whether the object is written where nobody else has.
fn is_conditional(request: &ObjectRequest) -> bool {
    let conditional = ["/run.json", "/lease.json", "/journal/", "/slices/"];
    request.method == "PUT" && conditional.iter().any(|part| request.object.contains(part))
}

/// Has every request in turn meet the fault that `fault` tells by the request and its place after that one.
async fn faulty_everywhere(fault: Faulty) {
    let story = Story::apply();
    let whole = Whole::of(&story).await;
    let undisturbed = Remote::of(&story).await;
    let faults = undisturbed.driven(&story, &whole).await;
    assert!(faults.is_empty(), "{faults:#?}");
    let mut wrong = Vec::new();
    for number in 1..=undisturbed.aws.log().len() {
        let remote = Remote::of(&story).await;
        remote.aws.fault(Box::new(move |request| {
            let after = request.number.checked_sub(number)?;
            fault(number, after, request)
        }));
        let faults = remote.driven(&story, &whole).await.into_iter();
        wrong.extend(faults.map(|what| format!("{number}: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

type Faulty = fn(usize, usize, &ObjectRequest) -> Option<Fault>;

/// The client's calls are deep in a build for tests: deeper than a test's stack.
fn deep(fault: Faulty) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let thread = std::thread::Builder::new().stack_size(16 << 20);
    let running = thread.spawn(move || runtime.block_on(faulty_everywhere(fault)));
    running.unwrap().join().unwrap();
}

#[test]
fn a_request_to_s3_that_fails_three_times_loses_nothing() {
    deep(|_, after, _| (after < 3).then_some(Fault::Answer(503, "SlowDown")));
}

#[test]
fn whatever_s3_answers_once_loses_nothing() {
    deep(|number, after, request| {
        let faults = [
            Fault::AnswerAfterEffect(500, "InternalError"),
            Fault::Answer(409, "ConditionalRequestConflict"),
            Fault::ResetAfterEffect,
            Fault::Answer(412, "PreconditionFailed"),
        ];
        // Only conditional writes conflict.
        let fault = match faults[number % faults.len()] {
            Fault::Answer(..) if !is_conditional(request) => faults[0],
            fault => fault,
        };
        (after == 0).then_some(fault)
    });
}

#[test]
fn a_write_to_s3_whose_answers_are_all_lost_loses_nothing() {
    deep(|_, after, request| {
        (after < 3 && request.method == "PUT").then_some(Fault::ResetAfterEffect)
    });
}
