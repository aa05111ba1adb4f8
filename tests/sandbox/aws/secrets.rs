//! Secrets Manager: `GetSecretValue` over JSON 1.1
//! (<https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>).

use hyper::HeaderMap;
use serde_json::{Value, json};

use super::super::server::Response;
use super::{REGION, State, signature};

const TARGET: &str = "secretsmanager.GetSecretValue";
const ACCOUNT: &str = "123456789012";

pub(super) fn serve(state: &mut State, headers: &HeaderMap, path: &str, body: &[u8]) -> Response {
    if let Err(refusal) = signature::check(headers, path, body, "secretsmanager") {
        return error(refusal.code(), refusal.message());
    }
    let target = headers
        .get("x-amz-target")
        .and_then(|value| value.to_str().ok());
    if target != Some(TARGET) {
        return error("UnknownOperationException", "");
    }
    let Ok(Value::Object(wish)) = serde_json::from_slice(body) else {
        return error("SerializationException", "");
    };
    let Some(id) = wish
        .get("SecretId")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty())
    else {
        return error(
            "InvalidParameterException",
            "Invalid request: SecretId is missing",
        );
    };
    state.log.push(format!("GetSecretValue {id}"));
    if state.deny_secrets {
        let message = format!(
            "User: arn:aws:sts::{ACCOUNT}:assumed-role/sandbox is not authorized to perform: {TARGET} on resource: {id} \
             because no identity-based policy allows the {TARGET} action"
        );
        return error("AccessDeniedException", &message);
    }
    match state
        .secrets
        .iter()
        .find(|(name, _)| **name == *id || arn(name) == id)
    {
        None => error(
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret.",
        ),
        Some((_, None)) => error(
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
        ),
        Some((name, Some(text))) => {
            let reply = json!({
                "ARN": arn(name),
                "Name": name,
                "SecretString": text,
                "VersionId": "6f1b0d2e-0000-4000-8000-000000000001",
                "VersionStages": ["AWSCURRENT"],
                "CreatedDate": 1_785_000_000.0,
            });
            amz(200, &reply)
        }
    }
}

/// The ARN of a secret: six characters follow its name.
fn arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-a1B2c3")
}

fn error(code: &str, message: &str) -> Response {
    amz(400, &json!({"__type": code, "Message": message}))
}

fn amz(status: u16, body: &Value) -> Response {
    let mut response = Response::json(status, body);
    response.headers = vec![(
        "content-type".to_owned(),
        "application/x-amz-json-1.1".to_owned(),
    )];
    response
}
