//! `held.json`: what guards hold, sorted, and its hash.
//!
//! `{schema, hash, count, items: [{identity_type, user, domain, email, kind, groups_before, removal, creation, findings}]}`.
//! `removal` is `{"from": "groups", "groups": [...]}`, or `from` alone: `all-groups`, `organization`, `account`; `null`
//! where nothing is taken. `creation` is there, and true, where the account is not made.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::SCHEMA;
use super::words::{account, extent, findings, kind, names, object, removal, sha256};
use crate::model::id::{Email, GroupName, IdentityType};
use crate::reconcile::action::Address;
use crate::reconcile::approval::{Account, Item, What};
use crate::reconcile::guard::{FindingName, Held};
use crate::reconcile::plan::Removal;

/// The word for an account that is not made, beside those of [`extent`].
const CREATION: &str = "creation";

/// The document and its hash.
///
/// The hash covers which account would lose what or is not made, and nothing else: no run id, no time, no guard, no
/// spelling. The same hold on the next night has the same hash, so that an approval names a hold and not a night.
pub fn held_json(held: &[Held]) -> (Value, String) {
    let mut items: Vec<&Held> = held.iter().collect();
    items.sort_by_cached_key(|held| lines(held));
    let hash = hash(items.iter().flat_map(|held| lines(held)).collect());
    let items: Value = items.into_iter().map(item).collect();
    let document = json!({"schema": SCHEMA, "hash": hash, "count": held.len(), "items": items});
    (document, hash)
}

/// What a `held.json` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadHold {
    /// What is held.
    pub items: BTreeSet<Item>,
    /// The guards behind it.
    pub findings: BTreeSet<FindingName>,
    /// The hash that the file names.
    pub written: String,
    /// The hash of the items that it lists: another one where somebody has edited it.
    pub hash: String,
}

/// Bytes that are no `held.json`, or that of another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no held.json that this version writes")]
pub struct NoHold;

/// Reads what [`held_json`] wrote.
///
/// # Errors
/// Anything else.
pub fn read_held(bytes: &[u8]) -> Result<ReadHold, NoHold> {
    let file: File = serde_json::from_slice(bytes).map_err(|_quotes_people| NoHold)?;
    if file.schema != SCHEMA {
        return Err(NoHold);
    }
    let mut lines = Vec::new();
    let mut items = BTreeSet::new();
    let mut findings = BTreeSet::new();
    for line in file.items {
        let taken = line.removal.map_or(Ok(Removal::none()), Taken::removal)?;
        let address = Address {
            identity_type: line.identity_type,
            user: Email::new(&line.user),
            domain: line.domain,
        };
        lines.extend(lines_of(&address, &taken, line.creation));
        let mut what = What::of(&taken);
        what.extend(line.creation.then_some(What::Creation));
        let account = Account::of(&address);
        items.extend(what.into_iter().map(|what| Item {
            account: account.clone(),
            what,
        }));
        findings.extend(line.findings);
    }
    Ok(ReadHold {
        items,
        findings,
        written: file.hash,
        hash: hash(lines),
    })
}

#[derive(Deserialize)]
struct File {
    schema: u32,
    hash: String,
    items: Vec<Line>,
}

/// What makes the hold, of one item; the rest is for people.
#[derive(Deserialize)]
struct Line {
    identity_type: IdentityType,
    user: String,
    domain: Option<String>,
    removal: Option<Taken>,
    #[serde(default)]
    creation: bool,
    findings: BTreeSet<FindingName>,
}

#[derive(Deserialize)]
struct Taken {
    from: String,
    #[serde(default)]
    groups: BTreeSet<GroupName>,
}

impl Taken {
    fn removal(self) -> Result<Removal, NoHold> {
        let wholes = [
            Removal::AllGroups,
            Removal::FromOrg {
                delete_account: false,
            },
            Removal::FromOrg {
                delete_account: true,
            },
        ];
        let groups = Removal::Groups(self.groups);
        let mut all = wholes.into_iter().chain([groups]);
        all.find(|removal| extent(removal) == self.from)
            .ok_or(NoHold)
    }
}

/// The hash of a hold, whatever its order.
fn hash(mut lines: Vec<String>) -> String {
    lines.sort();
    sha256(lines.join("\n"))
}

fn lines(held: &Held) -> Vec<String> {
    lines_of(&held.change.address, &held.removal, held.creation)
}

/// What makes two holds the same, as lines of JSON: one for what is taken, one for an account that is not made.
fn lines_of(address: &Address, removal: &Removal, creation: bool) -> Vec<String> {
    let Account {
        identity_type,
        user,
        domain,
    } = Account::of(address);
    let line = |extent: &str, groups: Vec<&str>| {
        json!([user, domain, identity_type, extent, groups]).to_string()
    };
    let groups = match removal {
        Removal::Groups(groups) => groups.iter().map(GroupName::folded).collect(),
        Removal::AllGroups | Removal::FromOrg { .. } => Vec::new(),
    };
    let taken = (!removal.is_none()).then(|| line(extent(removal), groups));
    let made = creation.then(|| line(CREATION, Vec::new()));
    taken.into_iter().chain(made).collect()
}

fn item(held: &Held) -> Value {
    let change = &held.change;
    let rest = [
        ("email", json!(change.email.as_str())),
        ("kind", json!(kind(change.kind))),
        ("groups_before", json!(names(&change.groups_before))),
        ("removal", removal(&held.removal)),
    ];
    let creation = held.creation.then_some(("creation", json!(true)));
    let behind = ("findings", json!(findings(&held.findings)));
    let account = account(&change.address).into_iter();
    object(account.chain(rest).chain(creation).chain([behind]))
}
