//! Words and shapes that several texts share.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::tally::ended;
use super::text::{name, sentence};
use crate::model::id::GroupName;
use crate::reconcile::action::{Address, Target};
use crate::reconcile::ending::{Ended, Ending};
use crate::reconcile::guard::{FindingName, Held};
use crate::reconcile::outcome::CommandError;
use crate::reconcile::plan::{Change, Kind, Removal};

/// Lower-case hex of the SHA-256 of some bytes.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
    }
    hex
}

/// The names as Adobe or the mapping writes them, in the order of their folded forms.
pub(super) fn names<'a>(groups: impl IntoIterator<Item = &'a GroupName>) -> Vec<&'a str> {
    groups.into_iter().map(GroupName::as_str).collect()
}

/// `Spark, All Apps`.
pub(super) fn list<'a>(groups: impl IntoIterator<Item = &'a GroupName>) -> String {
    let names: Vec<String> = names(groups).into_iter().map(name).collect();
    sentence(&names.join(", "))
}

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Creation => "creation",
        Kind::Update => "update",
        Kind::AdobeOnly => "adobe-only",
    }
}

pub(super) fn findings(names: &BTreeSet<FindingName>) -> Vec<&'static str> {
    names.iter().map(|name| name.as_str()).collect()
}

/// The word for the extent of a removal.
pub(super) fn extent(removal: &Removal) -> &'static str {
    match removal {
        Removal::Groups(_) => "groups",
        Removal::AllGroups => "all-groups",
        Removal::FromOrg {
            delete_account: false,
        } => "organization",
        Removal::FromOrg {
            delete_account: true,
        } => "account",
    }
}

/// `{"from": "groups", "groups": [...]}`; `groups` is there for `groups` only. `null` where nothing is removed.
pub(super) fn removal(removal: &Removal) -> Value {
    match removal {
        Removal::Groups(groups) if groups.is_empty() => Value::Null,
        Removal::Groups(groups) => json!({"from": extent(removal), "groups": names(groups)}),
        Removal::AllGroups | Removal::FromOrg { .. } => json!({"from": extent(removal)}),
    }
}

/// What somebody loses, after the address: `loses Spark`, `leaves the organization`.
pub(super) fn loses(removal: &Removal) -> String {
    match removal {
        Removal::Groups(groups) => format!("loses {}", list(groups)),
        Removal::AllGroups => "loses all groups".to_owned(),
        Removal::FromOrg {
            delete_account: false,
        } => "leaves the organization".to_owned(),
        Removal::FromOrg {
            delete_account: true,
        } => "leaves the organization, and the account is deleted".to_owned(),
    }
}

/// The groups that the change takes away, of those that the account holds where it loses all.
pub(super) fn lost<'a>(change: &'a Change, removal: &'a Removal) -> &'a BTreeSet<GroupName> {
    match removal {
        Removal::Groups(groups) => groups,
        Removal::AllGroups | Removal::FromOrg { .. } => &change.groups_before,
    }
}

/// The account as actions name it, for a line about it.
pub(super) fn account(address: &Address) -> [(&'static str, Value); 3] {
    [
        ("identity_type", Value::from(address.identity_type.as_str())),
        ("user", Value::from(address.user.as_str())),
        ("domain", Value::from(address.domain.clone())),
    ]
}

/// What an action is about, for a line about it.
pub(super) fn target(target: &Target) -> Vec<(&'static str, Value)> {
    match target {
        Target::Account { address, .. } => account(address).into(),
        Target::NewGroup { name, .. } => vec![usergroup(name)],
    }
}

/// The user group, for a line about it.
pub(super) fn usergroup(name: &GroupName) -> (&'static str, Value) {
    ("usergroup", Value::from(name.as_str()))
}

/// The word for a user group that is made, beside those of [`kind`].
pub(super) const NEW_GROUP: &str = "new-group";

/// The shape of what is held of one account.
pub(super) fn held(held: &Held) -> Value {
    json!({
        "removal": removal(&held.removal),
        "creation": held.creation,
        "ended": endings(&held.change, &held.removal),
        "findings": findings(&held.findings),
    })
}

/// The dates behind a removal, by group: `{cause, term, last_day, directory_group}`.
pub(super) fn endings(change: &Change, removal: &Removal) -> Value {
    object(ended(change, removal).map(|(group, ending)| {
        let Ending {
            last_day,
            ended,
            directory_group,
        } = ending;
        let (cause, term) = cause(ended);
        let ending = json!({
            "cause": cause,
            "term": term,
            "last_day": last_day.to_string(),
            "directory_group": directory_group,
        });
        (group.as_str(), ending)
    }))
}

/// The word for what ended, and the title of a term that has one.
pub(super) fn cause(ended: &Ended) -> (&'static str, Option<&str>) {
    match ended {
        Ended::Term(title) => ("term", title.as_deref()),
        Ended::Enrollment => ("enrollment", None),
        Ended::Role => ("role", None),
    }
}

pub(super) fn errors(errors: &[CommandError]) -> Value {
    errors
        .iter()
        .map(
            |error| json!({"command": error.command, "code": error.code, "message": error.message}),
        )
        .collect()
}

/// A JSON object of these fields.
pub(super) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_sha_256_in_lower_case_hex() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
