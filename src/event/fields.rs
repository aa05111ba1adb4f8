//! The fields of an event: what nobody asks for is unknown, and null is absent, whatever the field.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Error, Event};
use crate::config::{options, words};

/// What administrators look for in an event, and stands in the main file only.
const OF_THE_FILE: [&str; 6] = [
    "directory_users",
    "dates",
    "limits",
    "protected",
    "grace",
    "invocation_defaults",
];
/// So the names of limits begin, and of no option.
const LIMIT: &str = "max_";

/// The fields of one event, and what is wrong with them.
pub(super) struct Fields<'e> {
    map: &'e Map<String, Value>,
    known: Vec<&'static str>,
    problems: Vec<String>,
}

impl<'e> Fields<'e> {
    /// None of them read yet.
    pub(super) fn new(map: &'e Map<String, Value>) -> Self {
        Self {
            map,
            known: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Reports something.
    pub(super) fn problem(&mut self, sentence: String) {
        self.problems.push(sentence);
    }

    /// Whether the field has a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|value| !value.is_null())
    }

    /// The value of a field.
    pub(super) fn take(&mut self, name: &'static str) -> Option<&'e Value> {
        self.known.push(name);
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        let value = self.take(name)?;
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.problem(format!("{name}: a text is expected"));
        }
        text
    }

    /// A time such as `2026-11-24T02:00:00Z`.
    pub(super) fn timestamp(&mut self, name: &'static str) -> Option<Timestamp> {
        let text = self.text(name)?;
        let time = text.parse().ok();
        if time.is_none() {
            self.problem(format!(
                "{name}: {} is not a time such as 2026-11-24T02:00:00Z",
                words::quoted(&text)
            ));
        }
        time
    }

    /// What an option holds: one value, or a list of values.
    pub(super) fn values(&mut self, name: &'static str) -> Option<Vec<String>> {
        let value = self.take(name)?;
        let items = match value {
            Value::Array(items) => items.iter().collect(),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => vec![value],
        };
        let values: Option<Vec<String>> = items.into_iter().map(text_of).collect();
        if values.is_none() {
            self.problem(format!("{name}: one value or a list of values is expected"));
        }
        values
    }

    /// The event, if nothing is wrong.
    pub(super) fn finish(self, event: Option<Event>) -> Result<Event, Error> {
        let problems = self.problems();
        match event {
            Some(event) if problems.is_empty() => Ok(event),
            Some(_) | None => Err(Error(problems)),
        }
    }

    /// All that is wrong.
    pub(super) fn problems(mut self) -> Vec<String> {
        let names = self.map.keys().map(String::as_str);
        let unknown = names.filter(|name| self.has(name) && !self.known.contains(name));
        let unknown: Vec<String> = unknown.map(|name| self.unknown(name)).collect();
        self.problems.extend(unknown);
        self.problems
    }

    fn unknown(&self, name: &str) -> String {
        let field = words::quoted(name);
        let option = options::NAMES
            .into_iter()
            .chain(options::EVENT_NAMES)
            .any(|option| option == name);
        if option {
            return format!("{field} is an option, and an event of this kind takes none");
        }
        if OF_THE_FILE.contains(&name) || name.starts_with(LIMIT) {
            return format!(
                "{field} stands in user-sync-config.yml, and not in an event. An event has options by their own names: {{\"users\": \"mapped\"}}"
            );
        }
        if name != "run_id" && words::is_slip_of("run_id", name) {
            return format!("{field} is not a field of this event; did you mean 'run_id'?");
        }
        let known = words::list(self.known.iter().copied());
        match words::nearest(name, self.known.iter().copied()) {
            Some(meant) => {
                format!(
                    "{field} is not a field of this event; did you mean '{meant}'? Known are: {known}"
                )
            }
            None => format!("{field} is not a field of this event; known are: {known}"),
        }
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    }
}
