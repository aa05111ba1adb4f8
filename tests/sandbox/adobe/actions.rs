//! `POST action/{org}`: a request of at most ten actions.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::server::{Request, Response};
use super::console::Console;
use super::refusal::{Outcome, Refusal};
use super::rules::Rules;
use super::syntax::{self, Action};
use super::values::flag;
use super::{group_steps, user_steps};

/// The size of a body, by an older table of limits.
const LARGEST_BODY: usize = 1024 * 1024;

/// Does, or with `testOnly` tries, each action by itself: what one refuses does not keep the others from being done.
/// A test is done on a copy, so that it changes nothing.
pub(super) fn perform(
    console: &mut Console,
    rules: &Rules,
    request: &Request,
    query: &BTreeMap<String, String>,
) -> Response {
    let Some(test) = flag(query.get("testOnly"), false) else {
        return malformed("testOnly is true or false");
    };
    let actions = match actions(request, rules) {
        Ok(actions) => actions,
        Err(message) => return malformed(message),
    };
    let mut copy;
    let console = if test {
        copy = console.clone();
        &mut copy
    } else {
        console
    };
    let mut errors = BTreeMap::new();
    for index in rules.order.of(actions.len()) {
        let action = actions.get(index).unwrap_or(&Value::Null);
        if let Err(refusal) = carry_out(console, rules, action, test) {
            errors.insert(index, error(index, action, &refusal));
        }
    }
    let errors: Vec<Value> = errors.into_values().collect();
    Response::json(200, &result(actions.len() - errors.len(), errors, test))
}

/// The entries of the body, not looked at yet.
fn actions(request: &Request, rules: &Rules) -> Result<Vec<Value>, &'static str> {
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err("The content type is not JSON");
    }
    if request.body.len() > LARGEST_BODY {
        return Err("The request is too large");
    }
    let Ok(Value::Array(actions)) = serde_json::from_slice(&request.body) else {
        return Err("The request is not a JSON array");
    };
    if actions.is_empty() {
        return Err("The request is empty");
    }
    if actions.len() > rules.actions_in_a_request {
        return Err("Too many commands in the request");
    }
    Ok(actions)
}

/// The syntax of the whole action goes first; then its steps run in order, and the first that fails ends the action.
/// Earlier steps stay done.
fn carry_out(console: &mut Console, rules: &Rules, action: &Value, test: bool) -> Outcome {
    match syntax::parse(action, rules)? {
        Action::User(action) => user_steps::run(console, rules, &action, test),
        Action::Group(action) => group_steps::run(console, &action, test),
    }
}

fn error(index: usize, action: &Value, refusal: &Refusal) -> Value {
    let mut error = Map::new();
    error.insert("index".to_owned(), json!(index));
    if let Some(step) = refusal.step {
        error.insert("step".to_owned(), json!(step));
    }
    let root = action.get("user").or_else(|| action.get("usergroup"));
    let echoes = [("requestID", action.get("requestID")), ("user", root)];
    for (name, value) in echoes {
        if let Some(text) = value.and_then(Value::as_str) {
            error.insert(name.to_owned(), json!(text));
        }
    }
    error.insert("message".to_owned(), json!(refusal.message));
    error.insert("errorCode".to_owned(), json!(refusal.code));
    Value::Object(error)
}

fn result(done: usize, errors: Vec<Value>, test: bool) -> Value {
    let result = match (done, errors.len()) {
        (_, 0) => "success",
        (0, _) => "error",
        _ => "partial",
    };
    let mut body = json!({
        "result": result,
        "completed": if test { 0 } else { done },
        "notCompleted": errors.len(),
        "completedInTestMode": if test { done } else { 0 },
    });
    if let (false, Some(body)) = (errors.is_empty(), body.as_object_mut()) {
        body.insert("errors".to_owned(), Value::Array(errors));
    }
    body
}

/// The request as a whole: nothing of it is done.
fn malformed(message: &str) -> Response {
    let body = json!({"result": "error.command.malformed", "message": message});
    Response::json(400, &body)
}
