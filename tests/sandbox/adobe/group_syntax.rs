//! The form of an action about a user group.

use serde_json::Value;

use super::refusal::{Outcome, refuse};
use super::rules::Rules;
use super::syntax::{Fields, ListCodes, OnExisting, Step, lists, names, text};
use super::values::is_email;

/// What is wrong with lists of users.
const USERS: ListCodes = ListCodes {
    invalid: "error.user.user_list.invalid",
    duplicate: "error.command.add_remove.duplicate.user_list",
};
/// What is wrong with lists of profiles.
const PROFILES: ListCodes = ListCodes {
    invalid: "error.group.invalid_list",
    duplicate: "error.command.add_remove.duplicate.product_list",
};

/// An action about one user group.
#[derive(Debug)]
pub(super) struct GroupAction {
    pub(super) name: String,
    pub(super) steps: Vec<GroupStep>,
}

#[derive(Debug)]
pub(super) enum GroupStep {
    Create {
        description: Option<String>,
        existing: OnExisting,
    },
    Update {
        name: Option<String>,
        description: Option<String>,
    },
    Delete,
    Add(Members),
    Remove(Members),
}

/// Users by address, profiles by name.
#[derive(Debug)]
pub(super) struct Members {
    pub(super) users: Vec<String>,
    pub(super) profiles: Vec<String>,
}

pub(super) fn parse(fields: &Fields, steps: &[Step<'_>], rules: &Rules) -> Outcome<GroupAction> {
    if fields.contains_key("domain") || fields.contains_key("useAdobeID") {
        return refuse(
            "error.command.illegal_entry",
            "domain and useAdobeID stand beside user only",
        );
    }
    let name = text(fields, "usergroup", "error.command.string_expected")?.unwrap_or_default();
    check_name(name)?;
    let creation = |(name, _): &Step<'_>| *name == "createUserGroup";
    if steps.iter().filter(|step| creation(step)).count() > 1 {
        return refuse(
            "error.command.create.more_than_one",
            "More than one creation",
        );
    }
    if steps.iter().skip(1).any(creation) {
        return refuse(
            "error.command.create.not_first",
            "The creation is not first",
        );
    }
    let read = |(position, step): (usize, &Step<'_>)| {
        read(*step, rules).map_err(|refusal| refusal.at(position))
    };
    let steps: Vec<GroupStep> = steps.iter().enumerate().map(read).collect::<Outcome<_>>()?;
    let members = steps.iter().map(|step| match step {
        GroupStep::Add(members) | GroupStep::Remove(members) => members.count(),
        GroupStep::Create { .. } | GroupStep::Update { .. } | GroupStep::Delete => 0,
    });
    if members.sum::<usize>() > rules.members_in_a_group_action {
        return refuse(
            "error.command.add_remove.list_too_long",
            "Too many memberships in the command",
        );
    }
    Ok(GroupAction {
        name: name.to_owned(),
        steps,
    })
}

fn read((name, value): Step<'_>, rules: &Rules) -> Outcome<GroupStep> {
    let fields = |known: &[&str], unknown| match value.as_object() {
        None => refuse("error.command.create.object_expected", "Not an object"),
        Some(fields) if fields.keys().any(|key| !known.contains(&key.as_str())) => {
            refuse(unknown, "Unknown key")
        }
        Some(fields) => Ok(fields),
    };
    let owned = |fields, name| {
        let text = text(fields, name, "error.command.create.string_expected")?;
        Outcome::Ok(text.map(str::to_owned))
    };
    match name {
        "createUserGroup" => {
            let known = ["name", "description", "option"];
            let fields = fields(&known, "error.command.create.key.unknown")?;
            Ok(GroupStep::Create {
                description: owned(fields, "description")?,
                existing: OnExisting::read(fields)?,
            })
        }
        "updateUserGroup" => {
            let fields = fields(&["name", "description"], "error.command.illegal_entry")?;
            let name = owned(fields, "name")?;
            name.as_deref().map_or(Ok(()), check_name)?;
            let description = owned(fields, "description")?;
            Ok(GroupStep::Update { name, description })
        }
        "deleteUserGroup" => {
            fields(&[], "error.command.object_not_empty")?;
            Ok(GroupStep::Delete)
        }
        "add" => members(value, rules).map(GroupStep::Add),
        "remove" => members(value, rules).map(GroupStep::Remove),
        _ => refuse("error.command.step.unknown", format!("Unknown step {name}")),
    }
}

/// Users and profiles together are at most ten.
fn members(value: &Value, rules: &Rules) -> Outcome<Members> {
    let fields = lists(value, &["user", "productConfiguration"])?;
    let list = |name, codes| match fields.get(name) {
        None => Ok(Vec::new()),
        Some(list) => names(list, codes, rules.names_in_a_step),
    };
    let members = Members {
        users: list("user", USERS)?,
        profiles: list("productConfiguration", PROFILES)?,
    };
    if members.count() > rules.names_in_a_step {
        return refuse(
            "error.command.add_remove.list_too_long",
            "Too many entries in the lists",
        );
    }
    if let Some(user) = members.users.iter().find(|user| !is_email(user)) {
        return refuse(USERS.invalid, format!("{user} is not an address"));
    }
    Ok(members)
}

impl Members {
    fn count(&self) -> usize {
        self.users.len() + self.profiles.len()
    }
}

/// Not empty, not too long, not that of a role (Adobe's client).
fn check_name(name: &str) -> Outcome {
    if name.trim().is_empty() || name.starts_with('_') {
        return refuse(
            "error.group.invalid_name",
            "The name of the group is not valid",
        );
    }
    Ok(())
}
