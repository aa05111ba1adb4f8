//! `infra/template.yaml` and the program say the same about the environment and the schedule's event.

use std::collections::BTreeSet;

use saphyr_parser::{Event, Parser};

/// What the program reads of its environment.
const SETTINGS: [&str; 5] = [
    "CONFIG_URI",
    "DATA_URI",
    "SECRETS_PREFIX",
    "TIME_ZONE",
    "LOG_LEVEL",
];

/// A YAML tree; CloudFormation's tags (`!Ref`, `!Sub`) are dropped, their texts stay.
#[derive(Debug)]
enum Node {
    Scalar(String),
    Sequence(Vec<Self>),
    Mapping(Vec<(String, Self)>),
}

impl Node {
    fn parse(text: &str) -> Self {
        let mut events = Parser::new_from_str(text)
            .map(|event| event.unwrap().0)
            .skip_while(|event| !matches!(event, Event::DocumentStart(..)))
            .skip(1);
        let first = events.next().unwrap();
        Self::read(first, &mut events)
    }

    fn read<'a>(first: Event<'a>, events: &mut impl Iterator<Item = Event<'a>>) -> Self {
        match first {
            Event::Scalar(text, ..) => Self::Scalar(text.into_owned()),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match events.next().unwrap() {
                        Event::SequenceEnd => return Self::Sequence(items),
                        first => items.push(Self::read(first, events)),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut entries = Vec::new();
                loop {
                    match events.next().unwrap() {
                        Event::MappingEnd => return Self::Mapping(entries),
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
    assert_eq!(set, BTreeSet::from(SETTINGS));
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
fn the_schedule_says_what_starts_the_pass_and_for_when() {
    let template = template();
    let input = template
        .at(FUNCTION)
        .at("Events/Schedule/Properties/Input")
        .text();
    let input: serde_json::Value = serde_json::from_str(input).unwrap();
    assert_eq!(
        input,
        serde_json::json!({"trigger": "schedule", "scheduled_time": "<aws.scheduler.scheduled-time>"})
    );
}
