//! The form of an action: what is checked before any of it is done.

use serde_json::{Map, Value};

use super::group_syntax::{self, GroupAction};
use super::refusal::{Outcome, refuse};
use super::rules::Rules;
use super::user_syntax::{self, UserAction};
use super::values::fold;

/// The longest text of any kind.
const LONGEST_TEXT: usize = 250;
/// The longest name of a group (Adobe's client refuses more).
const LONGEST_NAME: usize = 255;

/// The fields of a JSON object.
pub(super) type Fields = Map<String, Value>;
/// A step's name and value.
pub(super) type Step<'a> = (&'a str, &'a Value);

/// An action of good form.
#[derive(Debug)]
pub(super) enum Action {
    User(UserAction),
    Group(GroupAction),
}

/// Reads one entry of a request.
pub(super) fn parse(action: &Value, rules: &Rules) -> Outcome<Action> {
    let Some(fields) = action.as_object() else {
        return refuse("error.command.malformed", "A command is a JSON object");
    };
    let known = [
        "user",
        "usergroup",
        "domain",
        "useAdobeID",
        "requestID",
        "do",
    ];
    if let Some(key) = fields.keys().find(|key| !known.contains(&key.as_str())) {
        return refuse("error.command.illegal_entry", format!("Unknown key {key}"));
    }
    text(fields, "requestID", "error.command.string_expected")?;
    let steps = steps(fields, rules)?;
    match (
        fields.contains_key("user"),
        fields.contains_key("usergroup"),
    ) {
        (true, false) => user_syntax::parse(fields, &steps, rules).map(Action::User),
        (false, true) => group_syntax::parse(fields, &steps, rules).map(Action::Group),
        (true, true) => refuse("error.command.illegal_entry", "user beside usergroup"),
        (false, false) => refuse(
            "error.command.user_usergroup.missing",
            "A command names a user or a usergroup",
        ),
    }
}

/// The entries of `do`, each an object with one key. An empty list is taken for a mistake.
fn steps<'a>(fields: &'a Fields, rules: &Rules) -> Outcome<Vec<Step<'a>>> {
    let Some(Value::Array(list)) = fields
        .get("do")
        .filter(|list| **list != Value::Array(vec![]))
    else {
        return refuse("error.command.steps.malformed", "do is a list of steps");
    };
    if list.len() > rules.steps_in_an_action {
        return refuse(
            "error.command.add_remove.list_too_long",
            "Too many steps in the command",
        );
    }
    let mut steps = Vec::with_capacity(list.len());
    for (position, step) in list.iter().enumerate() {
        let single = step.as_object().filter(|step| step.len() == 1);
        let Some((name, value)) = single.and_then(|step| step.iter().next()) else {
            return refuse(
                "error.command.steps.malformed",
                "A step is an object with one key",
            )
            .map_err(|refusal| refusal.at(position));
        };
        steps.push((name.as_str(), value));
    }
    Ok(steps)
}

/// A text of at most 250 characters, if it is there.
pub(super) fn text<'a>(
    fields: &'a Fields,
    name: &str,
    not_a_string: &'static str,
) -> Outcome<Option<&'a str>> {
    match fields.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.chars().count() > LONGEST_TEXT => refuse(
            "error.command.string.too_long",
            format!("String too long in command for field: {name}, max length {LONGEST_TEXT}"),
        ),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => refuse(not_a_string, format!("{name} is not a string")),
    }
}

/// What is wrong with a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListCodes {
    pub(super) invalid: &'static str,
    pub(super) duplicate: &'static str,
}

/// A list of one to ten different names.
pub(super) fn names(list: &Value, codes: ListCodes, limit: usize) -> Outcome<Vec<String>> {
    let Some(list) = list.as_array() else {
        return refuse("error.command.add_remove.list_not_array", "Not a list");
    };
    if list.len() > limit {
        return refuse(
            "error.command.add_remove.list_too_long",
            format!("Too many entries in the list, max is {limit}"),
        );
    }
    let mut names = Vec::<String>::with_capacity(list.len());
    for entry in list {
        let Some(name) = entry.as_str().filter(|name| !name.trim().is_empty()) else {
            return refuse(codes.invalid, "An entry of the list is empty");
        };
        if name.chars().count() > LONGEST_NAME {
            return refuse(
                "error.command.add_remove.group_or_product_name_too_long",
                "A name is too long",
            );
        }
        if names.iter().any(|known| fold(known) == fold(name)) {
            return refuse(codes.duplicate, format!("{name} is listed twice"));
        }
        names.push(name.to_owned());
    }
    if names.is_empty() {
        return refuse(codes.invalid, "The list is empty");
    }
    Ok(names)
}

/// The fields of an `add` or `remove`, all of them known, at least one there.
pub(super) fn lists<'a>(value: &'a Value, known: &[&str]) -> Outcome<&'a Fields> {
    let Some(fields) = value.as_object() else {
        return refuse("error.command.add_remove.list", "Not an object with lists");
    };
    if let Some(key) = fields.keys().find(|key| !known.contains(&key.as_str())) {
        return refuse(
            "error.command.add_remove.key.unknown",
            format!("Unknown key {key}"),
        );
    }
    if fields.is_empty() {
        return refuse("error.command.add_remove.missing_list", "There is no list");
    }
    Ok(fields)
}

/// What to do with a creation of what is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnExisting {
    Fail,
    Ignore,
    Update,
}

impl OnExisting {
    pub(super) fn read(fields: &Fields) -> Outcome<Self> {
        match text(fields, "option", "error.command.create.string_expected")? {
            None => Ok(Self::Fail),
            Some("ignoreIfAlreadyExists") => Ok(Self::Ignore),
            Some("updateIfAlreadyExists") => Ok(Self::Update),
            Some(_) => refuse("error.option.illegal", "option is not one of the two"),
        }
    }
}
