//! Actions as Adobe wants them written (UMAPI, `ActionsRef` and `ActionsCmds`).

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::model::id::{Email, GroupName, IdentityType};
use crate::reconcile::action::{
    Action, Command, DESCRIPTION_OF_A_NEW_GROUP, Profile, Target, Update,
};

/// The body of an action request: a list of entries, in the order given.
pub(super) fn body(actions: &[&Action]) -> Bytes {
    let entries = actions.iter().map(|action| entry(action)).collect();
    Bytes::from(Value::Array(entries).to_string())
}

fn entry(action: &Action) -> Value {
    let mut entry = root(&action.target);
    let steps = action
        .commands
        .iter()
        .map(|command| step(&action.target, command))
        .collect();
    entry.insert("requestID".to_owned(), action.request_id.as_str().into());
    entry.insert("do".to_owned(), Value::Array(steps));
    Value::Object(entry)
}

/// Whom or what an entry is about.
fn root(target: &Target) -> Map<String, Value> {
    let mut root = Map::new();
    match target {
        Target::NewGroup { name, .. } => {
            root.insert("usergroup".to_owned(), name.as_str().into());
        }
        Target::Account { address, .. } => {
            let user = address.user.as_str();
            root.insert("user".to_owned(), user.into());
            // Adobe refuses a domain beside an e-mail address.
            if let Some(domain) = address.domain.as_deref().filter(|_| !user.contains('@')) {
                root.insert("domain".to_owned(), domain.into());
            }
            // Without it, the owned account with the same address would be meant.
            if address.identity_type == IdentityType::Adobe {
                root.insert("useAdobeID".to_owned(), true.into());
            }
        }
    }
    root
}

fn step(target: &Target, command: &Command) -> Value {
    match command {
        Command::CreateGroup => json!({ "createUserGroup": {
            "description": DESCRIPTION_OF_A_NEW_GROUP,
            "option": "ignoreIfAlreadyExists",
        } }),
        Command::Create(profile) => json!({ (creation(target)): person(profile) }),
        Command::Update(update) => json!({ "update": values(update) }),
        Command::Remove(groups) => json!({ "remove": names(groups) }),
        Command::RemoveAll => json!({ "remove": "all" }),
        Command::Add(groups) => json!({ "add": names(groups) }),
        Command::RemoveFromOrg { delete_account } => {
            json!({ "removeFromOrg": { "deleteAccount": delete_account } })
        }
    }
}

fn creation(target: &Target) -> &'static str {
    match target.address().map(|address| address.identity_type) {
        Some(IdentityType::Adobe) => "addAdobeID",
        Some(IdentityType::Enterprise) => "createEnterpriseID",
        Some(IdentityType::Federated) | None => "createFederatedID",
    }
}

/// With an `option`, always: without one, an account that exists is an error, and a repetition would not be safe.
fn person(profile: &Profile) -> Value {
    let option = if profile.update_existing {
        "updateIfAlreadyExists"
    } else {
        "ignoreIfAlreadyExists"
    };
    filled([
        ("email", Some(profile.email.as_str())),
        ("firstname", profile.first_name.as_deref()),
        ("lastname", profile.last_name.as_deref()),
        ("country", Some(profile.country.as_str())),
        ("option", Some(option)),
    ])
}

fn values(update: &Update) -> Value {
    filled([
        ("email", update.email.as_ref().map(Email::as_str)),
        ("username", update.username.as_deref()),
        ("firstname", update.first_name.as_deref()),
        ("lastname", update.last_name.as_deref()),
    ])
}

fn names(groups: &[GroupName]) -> Value {
    let names: Vec<&str> = groups.iter().map(GroupName::as_str).collect();
    json!({ "group": names })
}

fn filled<const N: usize>(fields: [(&str, Option<&str>); N]) -> Value {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
        .collect::<Map<_, _>>()
        .into()
}
