//! How a pass ended.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::simulators::adobe::Endpoint;
use crate::simulators::world::World;

/// What of a summary tells of the way, not of the end.
const OF_THE_WAY: [&str; 4] = ["timings", "requests", "slice", "progress"];

/// Everything by which two passes can be compared, by name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome(BTreeMap<String, String>);

impl Outcome {
    /// Of the only pass of a world.
    pub(super) fn of(world: &World, answer: &Value) -> Self {
        let mut told = BTreeMap::from([
            ("the answer".to_owned(), format!("{answer:#}")),
            ("Adobe".to_owned(), world.adobe.snapshot()),
            ("the journal".to_owned(), journal(world)),
        ]);
        for key in world.keys() {
            let wanted = ["runs/", "latest/", "state/"];
            if wanted.iter().any(|folder| key.starts_with(folder)) && !key.contains("/journal/") {
                let text = file(world, &key);
                told.extend(text.map(|text| (key, text)));
            }
        }
        Self(told)
    }

    /// Where the other one is different.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        let differs = |name: &&String| self.0.get(*name) != other.0.get(*name);
        let differences = names.into_iter().filter(differs).map(|name| {
            let [here, there] = [self, other].map(|outcome| outcome.0.get(name));
            let known: BTreeSet<&str> = there.iter().flat_map(|text| text.lines()).collect();
            let mut lines = here.iter().flat_map(|text| text.lines());
            let new = lines.find(|line| !known.contains(line));
            let new = new.unwrap_or("something is missing");
            format!("{name} differs: {new:?}")
        });
        differences.collect()
    }
}

/// The entries of all action requests that Adobe carried out or tested.
pub(super) fn entries(world: &World) -> BTreeSet<String> {
    let log = world.adobe.log().into_iter();
    let sent = log.filter(|entry| entry.endpoint == Endpoint::Action);
    let bodies = sent.filter_map(|entry| Some((entry.test, entry.body?)));
    let entries = bodies.flat_map(|(test, body)| {
        let entries = body.as_array().cloned().unwrap_or_default();
        entries
            .into_iter()
            .map(move |entry| format!("{test} {entry}"))
    });
    entries.collect()
}

/// What a file says of the end; `None` where it tells of the way alone.
fn file(world: &World, key: &str) -> Option<String> {
    let name = key.rsplit('/').next().unwrap_or_default();
    match name {
        "summary.json" | "plan.json" => Some(without(world, key, &OF_THE_WAY)),
        "progress.json" => Some(without(world, key, &["slice", "updated", "expected_end"])),
        "run.json" => Some(format!("{:#}", world.json(key)["status"])),
        // Of one who was killed with the lease in hand, it ends by itself.
        "lease.json" => Some(without(world, key, &["windows", "owner", "busy_until"])),
        "directory.ndjson.gz" => {
            // The first line says when it was read.
            let text = unpacked(world, key);
            text.split_once('\n').map(|(_, people)| people.to_owned())
        }
        // Which slice sent something tells of the way.
        "summary.txt" => Some(world.text(key).replace(", by earlier slices", "")),
        "people.ndjson.gz" => Some(remembered(&unpacked(world, key))),
        "adobe-reads.json" => None,
        name if std::path::Path::new(name)
            .extension()
            .is_some_and(|kind| kind == "gz") =>
        {
            Some(unpacked(world, key))
        }
        _ => Some(world.text(key)),
    }
}

/// What is remembered of single accounts, whatever the key of their hashes is.
fn remembered(text: &str) -> String {
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).expect("a line of JSON");
            let object = line.as_object_mut().expect("an object");
            object.retain(|field, _| !["key", "h"].contains(&field.as_str()));
            line.to_string()
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

fn unpacked(world: &World, key: &str) -> String {
    let mut text = String::new();
    let bytes = world.get(key).expect("an object");
    let read = GzDecoder::new(&bytes[..]).read_to_string(&mut text);
    read.expect("a packed text");
    text
}

fn without(world: &World, key: &str, fields: &[&str]) -> String {
    let mut value = world.json(key);
    let object = value.as_object_mut().expect("an object");
    for field in fields {
        object.remove(*field);
    }
    format!("{value:#}")
}

/// What became of each action, by all chunks in their order: the last answer counts.
fn journal(world: &World) -> String {
    let mut became = BTreeMap::new();
    let keys = world.keys().into_iter();
    for key in keys.filter(|key| key.contains("/journal/")) {
        for line in world.text(&key).lines() {
            let line: Value = serde_json::from_str(line).expect("a line of JSON");
            let told = format!("{} {}", line["outcome"], line["errors"]);
            became.insert(line["request_id"].to_string(), told);
        }
    }
    let lines = became.iter().map(|(id, told)| format!("{id} {told}\n"));
    lines.collect()
}
