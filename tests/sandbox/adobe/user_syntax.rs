//! The form of an action about a user.

use serde_json::Value;

use super::org::Identity;
use super::refusal::{Outcome, refuse};
use super::rules::Rules;
use super::syntax::{Fields, ListCodes, OnExisting, Step, lists, names, text};
use super::values::{fold, is_country, is_email};

/// What is wrong with lists of groups.
const GROUPS: ListCodes = ListCodes {
    invalid: "error.group.invalid_list",
    duplicate: "error.command.add_remove.duplicate.usergroup_list",
};
/// Stands for a country that is not known; enterprise IDs only.
const UNDEFINED: &str = "UD";

/// An action about one user.
#[derive(Debug)]
pub(super) struct UserAction {
    pub(super) user: String,
    /// Beside a login name that is not an e-mail address, and never else.
    pub(super) domain: Option<String>,
    pub(super) adobe_id: bool,
    pub(super) steps: Vec<UserStep>,
}

#[derive(Debug)]
pub(super) enum UserStep {
    Create(Creation),
    Update(Update),
    Add(Vec<String>),
    Remove(Vec<String>),
    RemoveAll,
    RemoveFromOrg { delete: bool },
}

/// A new account. Absent texts are empty.
#[derive(Debug)]
pub(super) struct Creation {
    pub(super) identity: Identity,
    pub(super) email: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) country: String,
    pub(super) existing: OnExisting,
}

/// What is to change.
#[derive(Debug)]
pub(super) struct Update {
    pub(super) email: Option<String>,
    pub(super) username: Option<String>,
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
}

pub(super) fn parse(fields: &Fields, steps: &[Step<'_>], rules: &Rules) -> Outcome<UserAction> {
    let user = text(fields, "user", "error.command.string_expected")?.unwrap_or_default();
    let domain = text(fields, "domain", "error.command.domain.string_expected")?;
    if user.trim().is_empty() {
        return refuse("error.command.user.missing", "user is empty");
    }
    if user.contains('@') && !is_email(user) {
        return refuse(
            "error.user.email.invalid",
            format!("{user} is not an address"),
        );
    }
    match (user.contains('@'), domain) {
        (true, Some(_)) => refuse(
            "error.command.domain.must_be_used_with_nonemail_username",
            "domain beside an e-mail address",
        ),
        (false, None) => refuse("error.command.domain.missing", "A username needs a domain"),
        _ => Ok(()),
    }?;
    let adobe_id = match fields.get("useAdobeID") {
        None => false,
        Some(Value::Bool(adobe_id)) => *adobe_id,
        Some(_) => return refuse("error.command.boolean_expected", "useAdobeID is no boolean"),
    };
    check_order(steps)?;
    let read = |(position, step): (usize, &Step<'_>)| {
        read(*step, user, rules).map_err(|refusal| refusal.at(position))
    };
    Ok(UserAction {
        user: user.to_owned(),
        domain: domain.map(str::to_owned),
        adobe_id,
        steps: steps.iter().enumerate().map(read).collect::<Outcome<_>>()?,
    })
}

/// One creation at most, and it is first; `removeFromOrg` is last.
fn check_order(steps: &[Step<'_>]) -> Outcome {
    let creation = |(name, _): &Step<'_>| identity(name).is_some();
    if steps.iter().filter(|step| creation(step)).count() > 1 {
        return refuse(
            "error.command.create.more_than_one",
            "More than one creation",
        );
    }
    for (position, step) in steps.iter().enumerate() {
        if position > 0 && creation(step) {
            return refuse(
                "error.command.create.not_first",
                "The creation is not first",
            )
            .map_err(|refusal| refusal.at(position));
        }
        if position + 1 < steps.len() && step.0 == "removeFromOrg" {
            return refuse(
                "error.command.removefromorg.not_last",
                "Steps after removeFromOrg",
            )
            .map_err(|refusal| refusal.at(position));
        }
    }
    Ok(())
}

/// What a creation makes.
fn identity(step: &str) -> Option<Identity> {
    match step {
        "addAdobeID" => Some(Identity::Adobe),
        "createEnterpriseID" => Some(Identity::Enterprise),
        "createFederatedID" => Some(Identity::Federated),
        _ => None,
    }
}

fn read((name, value): Step<'_>, user: &str, rules: &Rules) -> Outcome<UserStep> {
    let groups = || {
        let fields = lists(value, &["group"])?;
        names(
            fields.get("group").unwrap_or(&Value::Null),
            GROUPS,
            rules.names_in_a_step,
        )
    };
    match name {
        "update" => update(value).map(UserStep::Update),
        "add" => groups().map(UserStep::Add),
        "remove" if value == "all" => Ok(UserStep::RemoveAll),
        "remove" => groups().map(UserStep::Remove),
        "removeFromOrg" => remove_from_org(value),
        _ => match identity(name) {
            Some(identity) => creation(identity, value, user, rules).map(UserStep::Create),
            None => refuse("error.command.step.unknown", format!("Unknown step {name}")),
        },
    }
}

fn creation(identity: Identity, value: &Value, user: &str, rules: &Rules) -> Outcome<Creation> {
    let Some(fields) = value.as_object() else {
        return refuse("error.command.create.object_expected", "Not an object");
    };
    let known = ["email", "firstname", "lastname", "country", "option"];
    if let Some(key) = fields.keys().find(|key| !known.contains(&key.as_str())) {
        return refuse(
            "error.command.create.key.unknown",
            format!("Unknown key {key}"),
        );
    }
    let field = |name| {
        let text = text(fields, name, "error.command.create.string_expected")?;
        Outcome::Ok(text.unwrap_or_default().trim().to_owned())
    };
    let creation = Creation {
        identity,
        email: field("email")?,
        first: field("firstname")?,
        last: field("lastname")?,
        country: field("country")?,
        existing: OnExisting::read(fields)?,
    };
    check_creation(&creation, user, rules)?;
    Ok(creation)
}

fn check_creation(creation: &Creation, user: &str, rules: &Rules) -> Outcome {
    let owned = creation.identity.is_owned();
    if !is_email(&creation.email) {
        return refuse("error.user.email.invalid", "email is not an address");
    }
    // A federated account may have a login name of its own.
    if creation.identity != Identity::Federated && fold(user) != fold(&creation.email) {
        return refuse("error.user.must_match_email", "user and email differ");
    }
    if owned && rules.require_names && creation.first.is_empty() {
        return refuse("error.user.firstname_missing", "There is no first name");
    }
    if owned && rules.require_names && creation.last.is_empty() {
        return refuse("error.user.lastname_missing", "There is no last name");
    }
    check_country(creation.identity, &creation.country)
}

/// Adobe's text asks for a country with federated accounts only, Adobe's own client sends one with both kinds of owned
/// accounts: so it is asked for here.
fn check_country(identity: Identity, country: &str) -> Outcome {
    if country.chars().count() > 2 {
        return refuse(
            "error.command.string.too_long",
            "String too long in command for field: country, max length 2",
        );
    }
    let absent = country.is_empty() && !identity.is_owned();
    let undefined = country == UNDEFINED && identity == Identity::Enterprise;
    if absent || undefined || is_country(country) {
        return Ok(());
    }
    refuse("error.country.invalid", "The country is not valid")
}

/// At least one field with something in it.
fn update(value: &Value) -> Outcome<Update> {
    let Some(fields) = value.as_object() else {
        return refuse("error.command.illegal_entry", "Not an object");
    };
    for key in fields.keys() {
        match key.as_str() {
            "email" | "username" | "firstname" | "lastname" => {}
            "country" => return refuse("error.update.country.no_update", "country is fixed"),
            "option" => return refuse("error.command.update.option.no", "option in an update"),
            _ => return refuse("error.command.illegal_entry", format!("Unknown key {key}")),
        }
    }
    if fields.is_empty() {
        return refuse("error.user.command.missing.arguments", "Nothing to update");
    }
    let field = |name| {
        let text = text(fields, name, "error.command.string_expected")?;
        match text.map(str::trim) {
            Some("") => refuse("error.user.name.invalid", format!("{name} is empty")),
            text => Ok(text.map(str::to_owned)),
        }
    };
    let update = Update {
        email: field("email")?,
        username: field("username")?,
        first: field("firstname")?,
        last: field("lastname")?,
    };
    if update
        .email
        .as_deref()
        .is_some_and(|email| !is_email(email))
    {
        return refuse("error.user.email.invalid", "email is not an address");
    }
    Ok(update)
}

fn remove_from_org(value: &Value) -> Outcome<UserStep> {
    let Some(fields) = value.as_object() else {
        return refuse("error.command.illegal_entry", "Not an object");
    };
    if fields.keys().any(|key| key != "deleteAccount") {
        return refuse("error.command.object_not_empty", "Unknown key");
    }
    match fields.get("deleteAccount") {
        None => Ok(UserStep::RemoveFromOrg { delete: false }),
        Some(Value::Bool(delete)) => Ok(UserStep::RemoveFromOrg { delete: *delete }),
        Some(_) => refuse(
            "error.command.boolean_expected",
            "deleteAccount is no boolean",
        ),
    }
}
