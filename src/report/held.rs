//! `held.json`: what guards hold, sorted, and its hash.
//!
//! `{schema, hash, count, items: [{identity_type, user, domain, email, kind, groups_before, removal, findings}]}`.
//! `removal` is `{"from": "groups", "groups": [...]}`, or `from` alone: `all-groups`, `organization`, `account`.

use serde_json::{Value, json};

use super::SCHEMA;
use super::words::{account, extent, findings, kind, names, object, removal, sha256};
use crate::model::id::GroupName;
use crate::reconcile::guard::Held;
use crate::reconcile::plan::Removal;

/// The document and its hash.
///
/// The hash covers which account would lose what, and nothing else: no run id, no time, no guard, no spelling. The same
/// hold on the next night has the same hash, so that an approval names a hold and not a night.
pub fn held_json(held: &[Held]) -> (Value, String) {
    let mut items: Vec<&Held> = held.iter().collect();
    items.sort_by_cached_key(|held| identity(held));
    let identities: Vec<String> = items.iter().map(|held| identity(held)).collect();
    let hash = sha256(identities.join("\n"));
    let items: Value = items.into_iter().map(item).collect();
    let document = json!({"schema": SCHEMA, "hash": hash, "count": held.len(), "items": items});
    (document, hash)
}

/// What makes two holds the same, as one line of JSON.
fn identity(held: &Held) -> String {
    let address = &held.change.address;
    let domain = address.domain.as_deref().map(crate::model::id::fold);
    let groups: Vec<&str> = match &held.removal {
        Removal::Groups(groups) => groups.iter().map(GroupName::folded).collect(),
        Removal::AllGroups | Removal::FromOrg { .. } => Vec::new(),
    };
    json!([
        address.user.folded(),
        domain.unwrap_or_default(),
        address.identity_type.as_str(),
        extent(&held.removal),
        groups,
    ])
    .to_string()
}

fn item(held: &Held) -> Value {
    let change = &held.change;
    object(account(&change.address).into_iter().chain([
        ("email", json!(change.email.as_str())),
        ("kind", json!(kind(change.kind))),
        ("groups_before", json!(names(&change.groups_before))),
        ("removal", removal(&held.removal)),
        ("findings", json!(findings(&held.findings))),
    ]))
}
