//! What a reply to an action request says of each action (UMAPI, `ActionsRef`, "Response").

use std::collections::BTreeMap;

use serde_json::Value;

use crate::reconcile::action::{Action, Command};
use crate::reconcile::outcome::{ActionOutcome, CommandError};

/// Our own code where Adobe's answer leaves open what became of an action.
pub(super) const UNREADABLE: &str = "reply-unreadable";

/// Adobe's longest code has 60 characters.
const LONGEST_CODE: usize = 100;

/// What a command that took effect already is told when it comes again.
const ALREADY_SO: [&str; 3] = [
    "error.user.already_exists",
    "error.user.already_in_org",
    "error.usergroup.user_list.invalid",
];

/// The same of a user group that is made. About an account, it would say that a command names a group twice.
const GROUP_ALREADY_THERE: &str = "error.usergroup.already_exists";

/// Nobody has the address. Where the last command of an action gives the account another one, all of it is done.
const NOBODY: &str = "error.user.nonexistent";

/// Something behind the API was busy: the same command may well succeed a little later.
const BUSY: [&str; 2] = [
    "error.throttled_by_external_service",
    "error.api.not_available",
];

/// How a request was sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    /// Adobe was asked to check only, and counts in another field.
    pub(super) test: bool,
    /// Some of it may have taken effect before: then "already so" means done.
    pub(super) repeated: bool,
}

struct Reply {
    result: String,
    message: Option<String>,
    /// In actions, as the next one.
    completed: Option<u64>,
    not_completed: Option<u64>,
    /// `None` where there is something else in the list's place.
    errors: Option<Vec<Value>>,
}

/// One outcome for each action, in their order. Nothing is taken for done unless the whole reply says so: an error that
/// is nobody's, or counts that do not add up, leave every action that no error names in doubt.
pub(super) fn interpret(
    body: &[u8],
    actions: &[&Action],
    circumstances: Circumstances,
) -> Vec<ActionOutcome> {
    let Some(reply) = Reply::parse(body, circumstances.test) else {
        return all(actions.len(), &in_doubt());
    };
    if reply.result.starts_with("error.") {
        let message = reply.message.unwrap_or_default();
        return all(actions.len(), &error(None, reply.result, message));
    }
    let (mut named, all_are_known) = reply.errors_by_action(actions);
    let clear = all_are_known && reply.adds_up(named.len(), actions.len());
    actions
        .iter()
        .enumerate()
        .map(|(position, action)| {
            let mut errors = named.remove(&position).unwrap_or_default();
            if circumstances.repeated {
                errors.retain(|error| !is_already_so(error, action));
            }
            match (errors.is_empty(), clear) {
                (false, true | false) => ActionOutcome::Failed(errors),
                (true, true) => ActionOutcome::Done,
                (true, false) => ActionOutcome::Failed(vec![in_doubt()]),
            }
        })
        .collect()
}

fn is_already_so(error: &CommandError, action: &Action) -> bool {
    let is_renamed = || action.commands.last().is_some_and(Command::changes_email);
    ALREADY_SO.contains(&error.code.as_str())
        || (action.target.new_group().is_some() && error.code == GROUP_ALREADY_THERE)
        || (error.code == NOBODY && is_renamed())
}

/// The refusal of a whole request: Adobe's code and words, as far as the body has them.
pub(super) fn refusal(status: u16, body: &[u8]) -> CommandError {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = ["errorCode", "error_code", "result"]
        .iter()
        .find_map(|name| code(&body, name));
    let message = text(&body, "message").or_else(|| text(&body, "errorMessage"));
    error(
        None,
        code.unwrap_or_else(|| format!("http-{status}")),
        message.unwrap_or_else(|| format!("Adobe does not take the request (status {status})")),
    )
}

/// Whether it is worth sending the action again soon.
pub(super) fn is_busy(outcome: &ActionOutcome) -> bool {
    match outcome {
        ActionOutcome::Done => false,
        ActionOutcome::Failed(errors) => errors
            .iter()
            .any(|error| BUSY.contains(&error.code.as_str())),
    }
}

/// The same failure for every action.
pub(super) fn all(actions: usize, failure: &CommandError) -> Vec<ActionOutcome> {
    vec![ActionOutcome::Failed(vec![failure.clone()]); actions]
}

pub(super) fn error(
    command: Option<usize>,
    code: impl Into<String>,
    message: impl Into<String>,
) -> CommandError {
    CommandError {
        command,
        code: code.into(),
        message: message.into(),
    }
}

/// Nobody knows.
pub(super) fn in_doubt() -> CommandError {
    let message = "Adobe's answer does not say what became of this; the next pass looks and sends what is missing";
    error(None, UNREADABLE, message)
}

impl Reply {
    fn parse(body: &[u8], test: bool) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let completed = if test {
            "completedInTestMode"
        } else {
            "completed"
        };
        Some(Self {
            result: code(&body, "result")?,
            message: text(&body, "message"),
            completed: number(&body, completed),
            not_completed: number(&body, "notCompleted"),
            errors: match body.get("errors") {
                None | Some(Value::Null) => Some(Vec::new()),
                Some(Value::Array(errors)) => Some(errors.clone()),
                Some(_) => None,
            },
        })
    }

    /// The errors of each action that has any, and whether that is all of them.
    fn errors_by_action(&self, actions: &[&Action]) -> (BTreeMap<usize, Vec<CommandError>>, bool) {
        let mut named = BTreeMap::<usize, Vec<CommandError>>::new();
        let Some(errors) = &self.errors else {
            return (named, false);
        };
        let mut all_are_known = true;
        for entry in errors {
            match addressee(entry, actions) {
                Some((position, action)) => {
                    named.entry(position).or_default().push(read(entry, action));
                }
                None => all_are_known = false,
            }
        }
        (named, all_are_known)
    }

    /// Whether result, counts and the number of actions with errors tell one story.
    fn adds_up(&self, failed: usize, total: usize) -> bool {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let done = |at_least: usize| self.completed.is_none_or(|done| done >= count(at_least));
        let not_done =
            |at_most: usize| self.not_completed.is_none_or(|left| left <= count(at_most));
        match self.result.as_str() {
            "success" => done(total) && not_done(0),
            "partial" => failed > 0 && done(total.saturating_sub(failed)) && not_done(failed),
            "error" => failed == total,
            _ => false,
        }
    }
}

/// Whom an error is about: by our own id first, then by position.
fn addressee<'a>(entry: &Value, actions: &[&'a Action]) -> Option<(usize, &'a Action)> {
    let id = text(entry, "requestID");
    let by_id = id.and_then(|id| actions.iter().position(|action| action.request_id == id));
    let position = by_id.or_else(|| position(entry, "index"))?;
    actions.get(position).map(|action| (position, *action))
}

fn read(entry: &Value, action: &Action) -> CommandError {
    let command = position(entry, "step").filter(|step| *step < action.commands.len());
    let code = code(entry, "errorCode").unwrap_or_else(|| "error-without-code".to_owned());
    error(command, code, text(entry, "message").unwrap_or_default())
}

fn text(object: &Value, name: &str) -> Option<String> {
    object
        .get(name)
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(ToOwned::to_owned)
}

/// Codes are counted and logged: what does not look like one may be about somebody.
fn code(object: &Value, name: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    text(object, name).filter(|code| code.len() <= LONGEST_CODE && code.chars().all(plain))
}

/// Documented as text, sent as a number: either is read.
fn number(object: &Value, name: &str) -> Option<u64> {
    let value = object.get(name)?;
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

fn position(object: &Value, name: &str) -> Option<usize> {
    number(object, name).and_then(|number| usize::try_from(number).ok())
}
