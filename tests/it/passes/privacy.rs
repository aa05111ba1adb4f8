//! No log line names a person or holds a secret, at any level; no object of the bucket holds what the rules do not need.

use std::io;
use std::sync::{Arc, Mutex};

use flate2::read::GzDecoder;
use roster_sync::telemetry;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use super::{example, status};
use crate::simulators::district::canary;
use crate::simulators::server::Request;
use crate::simulators::world::{FIFTEEN_MINUTES, World};

/// Everything that is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// What nobody may find in a log: names, addresses and ids of everybody, and every credential.
fn secrets_of(world: &World) -> Vec<String> {
    let district = world.clever.district();
    let people = district.students.iter().chain(&district.teachers);
    let mut planted: Vec<String> = people
        .flat_map(|person| {
            [
                person.id.clone(),
                person.email.clone().unwrap_or_default(),
                person.last.clone(),
            ]
        })
        .chain(world.adobe.users().into_iter().map(|account| account.email))
        .chain(canary::ALL.map(str::to_owned))
        .chain(world.adobe.tokens())
        .chain(credentials(world))
        .collect();
    // Short names are words of other texts, too.
    planted.retain(|text| text.chars().count() > 4);
    planted
}

fn credentials(world: &World) -> [String; 3] {
    [
        world.clever.token(),
        world.adobe.org().client_secret,
        world.adobe.org().client_id,
    ]
}

fn assert_silent(lines: &Lines, world: &World, when: &str) {
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.lines().count() > 5, "{when}: there are lines");
    for line in log.lines() {
        let parsed: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        assert!(parsed.is_object());
    }
    for planted in secrets_of(world) {
        assert!(!log.contains(&planted), "{when}: the log holds {planted:?}");
    }
}

#[tokio::test]
async fn no_log_line_names_anybody_at_any_level() {
    for level in ["error", "warn", "info", "debug", "trace"] {
        let lines = Lines::default();
        let _guard = tracing::subscriber::set_default(telemetry::subscriber(level, lines.clone()));
        let world = example().await;
        world.pass(json!({"mode": "test"})).await;
        world.pass(json!({"update_user_info": true})).await;
        world.clever.server.fault(Box::new(|request: &Request| {
            request.path.ends_with("/students").then(|| status(500))
        }));
        drop(world.invoke(json!({}), FIFTEEN_MINUTES).await);
        world.clever.server.no_fault();
        world.adobe.server.fault(Box::new(|request: &Request| {
            request.path.contains("/action/").then(|| status(400))
        }));
        let pupil = world.clever.district().sections[0].students[0].clone();
        world.clever.change(|district| district.leaves(&pupil));
        drop(world.invoke(json!({}), FIFTEEN_MINUTES).await);
        if ["info", "debug", "trace"].contains(&level) {
            assert_silent(&lines, &world, level);
        }
    }
}

#[tokio::test]
async fn no_object_holds_what_the_rules_do_not_need() {
    let world = example().await;
    world.pass(json!({})).await;
    for key in world.keys() {
        let bytes = world.get(&key).unwrap();
        let text = if key.ends_with(".gz") {
            io::read_to_string(GzDecoder::new(&bytes[..])).unwrap()
        } else {
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        for planted in canary::ALL
            .iter()
            .map(|text| (*text).to_owned())
            .chain(credentials(&world))
        {
            assert!(!text.contains(&planted), "{key} holds {planted:?}");
        }
    }
}
