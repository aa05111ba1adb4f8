//! `infra/template.yaml` and the program say the same about the environment and the schedule's event.

use std::collections::BTreeSet;

use roster_sync::config::options::Overrides;
use roster_sync::event::{self, Event};
use roster_sync::settings;
use saphyr_parser::{Event as Yaml, Parser};

/// A YAML tree; the tags of `CloudFormation` (`!Ref`, `!Sub`) are dropped, their texts stay.
#[derive(Debug)]
enum Node {
    Scalar(String),
    /// Skipped: nothing here is about one.
    Sequence,
    Mapping(Vec<(String, Self)>),
}

impl Node {
    fn parse(text: &str) -> Self {
        let mut events = Parser::new_from_str(text)
            .map(|event| event.unwrap().0)
            .skip_while(|event| !matches!(event, Yaml::DocumentStart(..)))
            .skip(1);
        let first = events.next().unwrap();
        Self::read(first, &mut events)
    }

    fn read<'a>(first: Yaml<'a>, events: &mut impl Iterator<Item = Yaml<'a>>) -> Self {
        match first {
            Yaml::Scalar(text, ..) => Self::Scalar(text.into_owned()),
            Yaml::SequenceStart(..) => loop {
                match events.next().unwrap() {
                    Yaml::SequenceEnd => return Self::Sequence,
                    item => drop(Self::read(item, events)),
                }
            },
            Yaml::MappingStart(..) => {
                let mut entries = Vec::new();
                loop {
                    match events.next().unwrap() {
                        Yaml::MappingEnd => return Self::Mapping(entries),
                        key => {
                            let key = Self::read(key, events).text().to_owned();
                            let value = events.next().unwrap();
                            entries.push((key, Self::read(value, events)));
                        }
                    }
                }
            }
            other => panic!("the template needs no {other:?}"),
        }
    }

    fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Mapping(entries) => entries,
            other => panic!("{other:?} is no mapping"),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Scalar(text) => text,
            other => panic!("{other:?} is no text"),
        }
    }

    /// The value at a path of keys.
    fn at(&self, path: &str) -> &Self {
        path.split('/').fold(self, |node, key| {
            let entry = node.entries().iter().find(|(known, _)| known == key);
            &entry.unwrap_or_else(|| panic!("no {key} of {path}")).1
        })
    }
}

/// Where the function's properties are.
const FUNCTION: &str = "Resources/Function/Properties";

fn template() -> Node {
    Node::parse(include_str!("../../infra/template.yaml"))
}

#[test]
fn the_template_sets_what_the_program_reads_and_nothing_else() {
    let template = template();
    let set: BTreeSet<&str> = template
        .at(FUNCTION)
        .at("Environment/Variables")
        .entries()
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(set, BTreeSet::from(settings::NAMES));
}

#[test]
fn the_configuration_is_where_the_data_are() {
    let template = template();
    let variables = template.at(FUNCTION).at("Environment/Variables");
    let data = variables.at("DATA_URI").text();
    assert_eq!(
        variables.at("CONFIG_URI").text(),
        format!("{data}config/user-sync-config.yml")
    );
}

#[test]
fn the_schedules_event_is_accepted() {
    let template = template();
    let input = template
        .at("Resources/FunctionSchedule/Properties/Target/Input")
        .text();
    // Scheduler puts the time in its place.
    let input = input.replace("<aws.scheduler.scheduled-time>", "2026-11-24T02:00:00Z");
    let event = event::parse(&serde_json::from_str(&input).unwrap()).unwrap();
    let Event::Schedule {
        scheduled_time,
        overrides,
        ..
    } = event
    else {
        panic!("{event:?}")
    };
    assert_eq!(scheduled_time.unwrap().to_string(), "2026-11-24T02:00:00Z");
    assert_eq!(overrides, Overrides::default());
}
