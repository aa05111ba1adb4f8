//! JSON as Adobe documents it. These shapes stay in this module.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::model::directory::User;
use crate::model::id::{Email, GroupName, IdentityType};
use crate::reconcile::action::{Action, Batch, Command, Profile, Update};

/// The body of an action request.
pub(super) fn body(batch: &Batch) -> Vec<ActionBody<'_>> {
    batch.actions().iter().map(ActionBody::new).collect()
}

/// One action (UMAPI, ActionsCmds, "Command entries").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActionBody<'a> {
    user: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(rename = "useAdobeID", skip_serializing_if = "Option::is_none")]
    use_adobe_id: Option<bool>,
    #[serde(rename = "requestID")]
    request_id: &'a str,
    #[serde(rename = "do")]
    commands: Vec<Value>,
}

impl<'a> ActionBody<'a> {
    fn new(action: &'a Action) -> Self {
        let Action {
            request_id,
            change: _,
            address,
            commands,
        } = action;
        Self {
            user: address.user.as_str(),
            domain: address.domain.as_deref(),
            use_adobe_id: (address.identity_type == IdentityType::Adobe).then_some(true),
            request_id,
            commands: commands
                .iter()
                .map(|command| step(command, address.identity_type))
                .collect(),
        }
    }
}

fn step(command: &Command, identity_type: IdentityType) -> Value {
    match command {
        Command::Create(profile) => creation(profile, identity_type),
        Command::Update(update) => json!({ "update": new_values(update) }),
        Command::Remove(groups) => json!({ "remove": { "group": names(groups) } }),
        Command::RemoveAll => json!({ "remove": "all" }),
        Command::Add(groups) => json!({ "add": { "group": names(groups) } }),
        Command::RemoveFromOrg { delete_account } => {
            json!({ "removeFromOrg": { "deleteAccount": delete_account } })
        }
    }
}

fn creation(profile: &Profile, identity_type: IdentityType) -> Value {
    let Profile {
        email,
        first_name,
        last_name,
        country,
        update_existing,
    } = profile;
    let option = if *update_existing {
        "updateIfAlreadyExists"
    } else {
        "ignoreIfAlreadyExists"
    };
    let mut fields = Map::new();
    fields.insert("email".to_owned(), email.as_str().into());
    insert(&mut fields, "firstname", first_name.as_deref());
    insert(&mut fields, "lastname", last_name.as_deref());
    fields.insert("country".to_owned(), country.as_str().into());
    fields.insert("option".to_owned(), option.into());
    match identity_type {
        IdentityType::Adobe => json!({ "addAdobeID": fields }),
        IdentityType::Enterprise => json!({ "createEnterpriseID": fields }),
        IdentityType::Federated => json!({ "createFederatedID": fields }),
    }
}

fn new_values(update: &Update) -> Map<String, Value> {
    let Update {
        email,
        username,
        first_name,
        last_name,
    } = update;
    let mut fields = Map::new();
    insert(&mut fields, "email", email.as_ref().map(Email::as_str));
    insert(&mut fields, "username", username.as_deref());
    insert(&mut fields, "firstname", first_name.as_deref());
    insert(&mut fields, "lastname", last_name.as_deref());
    fields
}

fn insert(fields: &mut Map<String, Value>, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        fields.insert(key.to_owned(), value.into());
    }
}

fn names(groups: &[GroupName]) -> Vec<&str> {
    groups.iter().map(GroupName::as_str).collect()
}

/// A page of users. Unknown fields are ignored, as Adobe asks of its clients.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UsersPage {
    pub(super) last_page: bool,
    pub(super) result: String,
    pub(super) users: Vec<UserRow>,
}

/// One user of a page; Adobe leaves out what is empty.
#[derive(Deserialize)]
pub(super) struct UserRow {
    email: Option<String>,
    username: Option<String>,
    domain: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    groups: Option<Vec<String>>,
}

impl UserRow {
    /// `None` for an account that no action could name, or of a type that is not one of Adobe's three: it is neither
    /// matched nor changed.
    pub(super) fn user(self) -> Option<User> {
        let Self {
            email,
            username,
            domain,
            firstname,
            lastname,
            kind,
            groups,
        } = self;
        let identity_type = kind?.parse().ok()?;
        let username = given(username);
        let email = given(email).or_else(|| username.clone())?;
        Some(User {
            identity_type,
            email: Email::new(&email),
            username,
            domain: given(domain),
            first_name: given(firstname),
            last_name: given(lastname),
            groups: groups
                .unwrap_or_default()
                .iter()
                .map(|name| GroupName::new(name))
                .collect::<BTreeSet<_>>(),
        })
    }
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// The answer to an action request (UMAPI, ActionsRef, "Responses").
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActionReply {
    pub(super) result: String,
    pub(super) not_completed: Option<u64>,
    #[serde(default)]
    pub(super) errors: Vec<ErrorRow>,
}

/// One error about one command.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErrorRow {
    #[serde(default, deserialize_with = "position")]
    pub(super) index: Option<usize>,
    #[serde(default, deserialize_with = "position")]
    pub(super) step: Option<usize>,
    pub(super) error_code: Option<String>,
    pub(super) message: Option<String>,
    #[serde(rename = "requestID")]
    pub(super) request_id: Option<String>,
}

/// Documented as text, sent as a number: both are read.
fn position<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number
            .as_u64()
            .and_then(|number| usize::try_from(number).ok()),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// The body of a request that was refused as a whole.
#[derive(Default, Deserialize)]
pub(super) struct Refusal {
    pub(super) result: Option<String>,
    pub(super) message: Option<String>,
}

/// The answer of IMS to a token request.
#[derive(Deserialize)]
pub(super) struct TokenReply {
    pub(super) access_token: secrecy::SecretString,
    /// Seconds.
    pub(super) expires_in: u64,
}
