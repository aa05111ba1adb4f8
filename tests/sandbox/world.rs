//! A whole world for tests: a school at Clever or ClassLink, its organization at Adobe, its bucket and secrets, and their
//! time.
//!
//! ```ignore
//! let world = World::start(Setup::example()).await;
//! let answer = world.pass(json!({})).await;
//! assert_eq!(answer["status"], "complete");
//! assert_eq!(world.memberships(), world.desired());
//! ```

#[path = "world/killed.rs"]
mod killed;
#[path = "world/setup.rs"]
mod setup;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use reqwest::Url;
use roster_sync::clock::Clock;
use roster_sync::handler::Failure;
use roster_sync::http::Hosts;
use roster_sync::settings::Settings;
use roster_sync::store::local::{Folder, SecretMap};
use roster_sync::wiring::Wiring;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::adobe::Adobe;
use super::clever::Clever;
use super::district::District;
use super::faulty::{Faulty, Store};
use super::life::Lives;
use super::mapping::Mapping;
use super::oneroster::OneRoster;
use super::sis::{Platform, Sis};
pub use killed::{Ending, Killed, Point};
pub use setup::{BUCKET, ROOT_FILE, Setup, environment, organization, secrets};

/// As long as Lambda lets anything run.
pub const FIFTEEN_MINUTES: Duration = Duration::from_mins(15);
/// More events than any pass needs; one that goes on is stuck.
const MOST_EVENTS: usize = 2000;

/// Groups by address, both as Adobe compares them: in lower case.
pub type Memberships = BTreeMap<String, BTreeSet<String>>;

/// A school and everything around it.
#[derive(Debug)]
pub struct World {
    /// The time of everybody.
    pub clock: Clock,
    /// The roster at Clever. Nobody asks where the configuration names ClassLink.
    pub clever: Clever,
    /// The same roster at ClassLink. Nobody asks where the configuration names Clever.
    pub oneroster: OneRoster,
    /// The organization.
    pub adobe: Adobe,
    platform: Platform,
    mapping: Mapping,
    bucket: TempDir,
    store: Store,
    wiring: Wiring<Faulty<Folder>, SecretMap>,
    invoked: AtomicU64,
    lives: Lives,
}

impl World {
    /// Starts everything; the configuration lies in the bucket.
    ///
    /// # Panics
    /// Where there is no folder or port to be had.
    pub async fn start(setup: Setup) -> Self {
        let clock = Clock::simulated(setup.start);
        let (latency, district) = (setup.roster_latency, setup.district);
        let clever = Clever::start(clock.clone(), latency, district.clone()).await;
        let oneroster = OneRoster::start(clock.clone(), latency, district).await;
        let sis: &dyn Sis = match setup.platform {
            Platform::Clever => &clever,
            Platform::ClassLink => &oneroster,
        };
        let org = organization(&setup.adobe, &setup.mapping);
        let adobe = Adobe::start(clock.clone(), setup.adobe_latency, org).await;
        let bucket = tempfile::tempdir().expect("a folder for the bucket");
        let mut secrets = secrets(sis, &adobe);
        for (name, district) in setup.further {
            secrets.insert(name, sis.share(district).to_string());
        }
        let secrets = secrets.into_iter();
        let store = Store::new(clock.clone());
        let wiring = Wiring::new(
            store.over(Folder::new(bucket.path().join("config")), "config/"),
            store.over(Folder::new(bucket.path()), ""),
            secrets.fold(SecretMap::default(), |map, (name, text)| {
                map.with(&name, &text)
            }),
            settings(),
            clock.clone(),
            hosts(sis, &adobe),
        );
        let world = Self {
            clock,
            clever,
            oneroster,
            adobe,
            platform: setup.platform,
            mapping: setup.mapping,
            bucket,
            store,
            wiring: wiring.expect("a client for HTTP"),
            invoked: AtomicU64::new(0),
            lives: Lives::default(),
        };
        for (name, text) in setup.files {
            world.put(&format!("config/{name}"), text);
        }
        world
    }

    /// One invocation. Errors are what Lambda would be told.
    ///
    /// # Panics
    /// Where the invocation is killed: tests of that use [`invoke_to`](Self::invoke_to).
    pub async fn invoke(&self, event: Value, time_limit: Duration) -> Result<Value, Failure> {
        match self.invoke_to(event, time_limit).await {
            Ending::Answer(answer) => Ok(answer),
            Ending::Failed(failure) => Err(failure),
            Ending::Killed(killed) => panic!("{killed:?}"),
        }
    }

    /// A whole pass: events in a row, as long as the answer is `continue`. Returns every answer.
    ///
    /// # Panics
    /// Where an invocation fails, or the pass comes to no end.
    pub async fn pass_in(&self, event: Value, time_limit: Duration) -> Vec<Value> {
        let mut event = event;
        let mut answers = Vec::new();
        while answers.len() < MOST_EVENTS {
            let answer = self.invoke(event, time_limit).await;
            let answer = answer.expect("a pass that does not fail");
            let wait = continues(&answer);
            event = json!({"run_id": answer["run_id"]});
            answers.push(answer);
            let Some(wait) = wait else { return answers };
            self.clock.sleep(wait).await;
        }
        panic!("the pass comes to no end");
    }

    /// A whole pass in invocations of fifteen minutes; returns the last answer.
    ///
    /// # Panics
    /// As [`pass_in`](Self::pass_in).
    pub async fn pass(&self, event: Value) -> Value {
        let mut answers = self.pass_in(event, FIFTEEN_MINUTES).await;
        answers.pop().expect("a pass has an answer")
    }

    /// Where the bucket's objects are files.
    pub fn folder(&self) -> &Path {
        self.bucket.path()
    }

    /// An object of the bucket.
    pub fn get(&self, key: &str) -> Option<Bytes> {
        let read = std::fs::read(self.bucket.path().join(key));
        read.ok().map(Bytes::from)
    }

    /// The text of an object.
    ///
    /// # Panics
    /// Where there is none.
    pub fn text(&self, key: &str) -> String {
        let bytes = self.get(key);
        let bytes = bytes.unwrap_or_else(|| panic!("the bucket has no {key}"));
        String::from_utf8(bytes.to_vec()).expect("a text")
    }

    /// An object that is JSON.
    ///
    /// # Panics
    /// Where there is none.
    pub fn json(&self, key: &str) -> Value {
        serde_json::from_str(&self.text(key)).expect("JSON")
    }

    /// Somebody uploads an object; the store notes the time.
    ///
    /// # Panics
    /// Where the folder cannot be written.
    pub fn put(&self, key: &str, body: impl AsRef<[u8]>) {
        let path = self.bucket.path().join(key);
        let parent = path.parent().expect("an object lies in a bucket");
        std::fs::create_dir_all(parent).expect("a folder that can be written");
        std::fs::write(&path, body).expect("a folder that can be written");
        let file = std::fs::File::options().write(true).open(path);
        let since_epoch = self.clock.now().duration_since(Timestamp::UNIX_EPOCH);
        let since_epoch = Duration::try_from(since_epoch).expect("a time after 1970");
        let time = SystemTime::UNIX_EPOCH + since_epoch;
        let noted = file.and_then(|file| file.set_modified(time));
        noted.expect("a folder that can be written");
    }

    /// The keys of all objects, sorted.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        collect(self.bucket.path(), "", &mut keys);
        keys.sort();
        keys
    }

    /// The simulator that the configuration names.
    pub fn sis(&self) -> &dyn Sis {
        match self.platform {
            Platform::Clever => &self.clever,
            Platform::ClassLink => &self.oneroster,
        }
    }

    /// The roster changes, wherever it is read.
    pub fn change(&self, change: impl Fn(&mut District)) {
        self.clever.change(&change);
        self.oneroster.change(&change);
    }

    /// Who is in which group at Adobe; whoever is in none is left out.
    pub fn memberships(&self) -> Memberships {
        memberships(&self.adobe)
    }

    /// Who should be in which mapped group, by the roster as it is now.
    pub fn desired(&self) -> Memberships {
        let district = self.sis().district();
        desired(&self.mapping, self.platform, &district, self.today())
    }

    /// The day that it is at the school.
    pub fn today(&self) -> Date {
        today(&self.clock)
    }
}

/// Who is in which group at Adobe; whoever is in none is left out.
pub fn memberships(adobe: &Adobe) -> Memberships {
    let accounts = adobe.users().into_iter();
    held(accounts.map(|account| (account.email, account.groups)))
}

/// The day that it is where the school is.
///
/// # Panics
/// Where the time zone is none.
pub fn today(clock: &Clock) -> Date {
    let now = clock.now().in_tz(setup::TIME_ZONE);
    now.expect("a time zone").date()
}

/// Who should be in which mapped group, by what counts of the district on that platform and that day.
pub fn desired(
    mapping: &Mapping,
    platform: Platform,
    district: &District,
    day: Date,
) -> Memberships {
    let in_force = platform.in_force(district, day);
    let desired = mapping.desired(&in_force).into_iter();
    held(desired.map(|user| (user.email, user.groups)))
}

fn held(users: impl Iterator<Item = (String, BTreeSet<String>)>) -> Memberships {
    let held = users.filter(|(_, groups)| !groups.is_empty());
    held.map(|(email, groups)| {
        let groups = groups.iter().map(|group| group.to_lowercase());
        (email.to_lowercase(), groups.collect())
    })
    .collect()
}

/// How long to wait before the next event, where the answer is `continue`.
pub fn continues(answer: &Value) -> Option<Duration> {
    let waits = answer["status"] == "continue";
    waits.then(|| Duration::from_secs(answer["wait_seconds"].as_u64().unwrap_or(0)))
}

/// The hosts of the example configuration lead to the simulators.
///
/// # Panics
/// Never: the URLs of servers are URLs.
pub fn hosts(sis: &dyn Sis, adobe: &Adobe) -> Hosts {
    let roster: Url = sis.url().parse().expect("a URL");
    let adobe: Url = adobe.url().parse().expect("a URL");
    let hosts = Hosts::as_written()
        .with("usermanagement.adobe.io", adobe.clone())
        .with("ims-na1.adobelogin.com", adobe);
    let of_sis = sis.hosts().iter();
    of_sis.fold(hosts, |hosts, host| hosts.with(host, roster.clone()))
}

fn settings() -> Settings {
    let environment = environment();
    Settings::parse(|name| environment.get(name).cloned()).expect("settings of the sandbox")
}

fn collect(folder: &Path, prefix: &str, keys: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder that can be read") {
        let entry = entry.expect("a folder that can be read");
        let key = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{key}/"), keys);
        } else {
            keys.push(key);
        }
    }
}
