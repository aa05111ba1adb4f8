//! People who do not come along: `dates` and `include_only`.

use super::account::{address, texts};
use crate::config::Config;
use crate::model::id::fold;
use crate::model::roster::Person;
use crate::reconcile::problem::{Problem, ProblemName};

/// How many were left out, and who lacks what `include_only` asks for.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    not_active: usize,
    not_enabled: usize,
    other_value: usize,
    pub(super) problems: Vec<Problem>,
}

impl LeftOut {
    /// Whether the person comes along; keeps count of those who do not.
    pub(super) fn keeps(&mut self, person: &Person, config: &Config) -> bool {
        if config.dates.status && !person.active {
            self.not_active += 1;
            return false;
        }
        if config.dates.enabled_user && !person.enabled {
            self.not_enabled += 1;
            return false;
        }
        match fit(person, config) {
            Fit::Included => true,
            Fit::OtherValue => {
                self.other_value += 1;
                false
            }
            Fit::Lacks(attribute) => {
                let missing = attribute_missing(person, attribute, config);
                self.problems.push(missing);
                false
            }
        }
    }

    /// A sentence for each reason that left somebody out.
    pub(super) fn notices(&self) -> Vec<String> {
        let of = |count: usize| match count {
            1 => "1 person of the roster does not count:".to_owned(),
            count => format!("{count} people of the roster do not count:"),
        };
        let sentences = [
            (
                self.not_active,
                "the status is not active (dates.status in user-sync-config.yml)",
            ),
            (
                self.not_enabled,
                "enabledUser says that they may not sign in (dates.enabled_user in user-sync-config.yml)",
            ),
            (
                self.other_value,
                "include_only in connector-oneroster.yml asks for other values",
            ),
        ];
        sentences
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, why)| format!("{} {why}.", of(count)))
            .collect()
    }
}

enum Fit<'a> {
    Included,
    OtherValue,
    Lacks(&'a str),
}

/// All conditions must hold. Who fails one with a value of their own is meant to be left out; only who fails for want
/// of a value is worth telling.
fn fit<'a>(person: &Person, config: &'a Config) -> Fit<'a> {
    let mut lacks = None;
    for condition in &config.source.include_only {
        let mut texts = texts(person, &condition.attribute).map(fold).peekable();
        if texts.peek().is_none() {
            lacks = lacks.or(Some(condition.attribute.as_str()));
        } else if !texts.any(|text| condition.values.contains(&text)) {
            return Fit::OtherValue;
        }
    }
    lacks.map_or(Fit::Included, Fit::Lacks)
}

fn attribute_missing(person: &Person, attribute: &str, config: &Config) -> Problem {
    Problem {
        name: ProblemName::AttributeMissing,
        email: address(person, config),
        roster_id: Some(person.id.clone()),
        message: format!(
            "include_only asks for '{attribute}', and the roster has none for this person, who was left out. Add it in \
             the roster, or take the condition out of connector-oneroster.yml."
        ),
        refused: None,
    }
}
