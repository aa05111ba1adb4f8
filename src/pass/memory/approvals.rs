//! `approvals/<name>.json`: `{run_id, hash}`. Whoever may write there lets a hold go.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::used::{self, Spent};
use crate::config::is_approval;
use crate::config::options::Overrides;
use crate::pass::Error;
use crate::pass::record::{Run, is_run_id};
use crate::reconcile::approval::{Approval, ApprovalUse};
use crate::report::{ReadHold, read_held};
use crate::store::{self, Documents, Listed, MOST_LISTED};

const FOLDER: &str = "approvals/";
/// More of them are no approvals.
const MOST: usize = 100;

/// What is larger, in bytes, is no approval, and not read.
const LARGEST: u64 = 4096;

const NO_JSON: &str = "It is not JSON of the form {\"run_id\": \"…\", \"hash\": \"…\"}, in UTF-8 and with nothing else in it.";

/// What lies there.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By name.
    pub(super) valid: Vec<Approval>,
    pub(super) refused: Vec<ApprovalUse>,
    /// Whether there are more than anybody looks at.
    pub(super) notice: Option<String>,
}

/// Whose approvals count.
#[derive(Debug, Clone, Copy)]
pub(super) struct For<'a> {
    /// The pass. What it used itself, before it was killed, is not used.
    pub(super) run_id: &'a str,
    /// Adobe's organization.
    pub(super) org_id: &'a str,
    /// What its event asks for.
    pub(super) overrides: &'a Overrides,
}

/// Reads the approvals that are young, the newest first where there are many. One that is too old is refused as long again
/// as it was young; then nobody speaks of it.
///
/// # Errors
/// The store's.
pub(super) async fn recall(
    data: &impl Documents,
    pass: For<'_>,
    now: Timestamp,
    max_age: Duration,
) -> Result<Found, Error> {
    let mut listed = data.list(FOLDER).await.map_err(Error::Store)?;
    let mut found = Found::default();
    let is_cut = listed.len() >= MOST_LISTED;
    listed.retain(|object| is_younger(object, now, max_age * 2));
    if listed.is_empty() {
        found.notice = is_cut.then(too_many);
        return Ok(found);
    }
    listed.sort_by(|one, other| (other.modified, &one.key).cmp(&(one.modified, &other.key)));
    found.notice = (is_cut || listed.len() > MOST).then(too_many);
    listed.truncate(MOST);
    let used = used::recall(data, pass.run_id).await?;
    for object in listed {
        let is_young = is_younger(&object, now, max_age);
        let mut told = told(&object);
        let checked = check(data, pass, &object, is_young, used.as_deref(), &mut told).await?;
        match checked {
            Ok(approval) => found.valid.push(approval),
            Err(Refusal::Silent) => {}
            Err(Refusal::Because(why)) => {
                told.refused = Some(why);
                found.refused.push(told);
            }
        }
    }
    found.valid.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Why an approval lets nothing through.
#[derive(Debug)]
enum Refusal {
    /// It was used, and is old: nobody waits for it.
    Silent,
    /// A sentence.
    Because(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    run_id: String,
    hash: String,
}

/// Whether the approval is valid. What it names is noted as far as it can be read.
async fn check(
    data: &impl Documents,
    pass: For<'_>,
    object: &Listed,
    is_young: bool,
    used: Option<&[Spent]>,
    told: &mut ApprovalUse,
) -> Result<Result<Approval, Refusal>, Error> {
    let because = |why: &str| Ok(Err(Refusal::Because(why.to_owned())));
    if !is_young {
        let mut used = used.unwrap_or_default().iter();
        return if used.any(|used| used.name == told.name) {
            Ok(Err(Refusal::Silent))
        } else {
            because(
                "It is older than limits.max_approval_age_days. Look at the hold of the last pass, and upload a new approval.",
            )
        };
    }
    let (run_id, hash) = match written(data, object, &told.name).await? {
        Ok(Written { run_id, hash }) => (run_id, hash),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (run_id, hash) = (run_id.trim().to_owned(), hash.trim().to_lowercase());
    told.run_id = Some(run_id.clone());
    told.hash = Some(hash.clone());
    let Some(used) = used else {
        return Ok(Err(Refusal::Because(format!(
            "{} cannot be read, so nobody can tell whether it was used. Restore an earlier version of that file.",
            used::KEY
        ))));
    };
    let hold = match hold(data, &run_id).await? {
        Ok(hold) => hold,
        Err(why) => return Ok(Err(Refusal::Because(why))),
    };
    if hold.hash != hold.written {
        return because(
            "The held.json of that pass was edited: its hash is not that of what it lists. Approve the hold of a later pass.",
        );
    }
    if hash != hold.hash {
        return because(
            "Its hash is not that of the held.json of that pass. Copy run_id and hash from the same summary.",
        );
    }
    let mut used = used.iter();
    if let Some(used) = used.find(|used| used.run_id == run_id && used.hash == hash) {
        let (by, day) = (&used.used_by, used.day);
        return Ok(Err(Refusal::Because(format!(
            "It was used by the pass {by} on {day}. What is held since then needs a new approval."
        ))));
    }
    let alike = match is_alike(data, pass, &run_id).await? {
        Ok(alike) => alike,
        Err(why) => return because(why),
    };
    Ok(Ok(Approval {
        name: told.name.clone(),
        run_id,
        hash,
        items: hold.items,
        alike,
        findings: hold.findings,
    }))
}

/// What the object says.
async fn written(
    data: &impl Documents,
    object: &Listed,
    name: &str,
) -> Result<Result<Written, Refusal>, Error> {
    let because = |why: &str| Ok(Err(Refusal::Because(why.to_owned())));
    if !is_approval(name) {
        return because(
            "An approval lies directly in approvals/, and its name ends in .json. Put it there.",
        );
    }
    if object.size > LARGEST {
        return because(NO_JSON);
    }
    let bytes = match data.get(&object.key).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(Err(Refusal::Silent)),
        // Whoever may write there may stop no pass, say with a key of another account.
        Err(store::Error::Refused { code, .. }) => {
            return Ok(Err(Refusal::Because(format!(
                "The function may not read it ({code}). Upload it without a key of its own."
            ))));
        }
        Err(error) => return Err(Error::Store(error)),
    };
    // Editors of Windows write a mark before the text.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match serde_json::from_slice(text) {
        Ok(written) => Ok(Ok(written)),
        Err(_quotes_the_text) => because(NO_JSON),
    }
}

/// What that pass held, or why nobody knows.
async fn hold(data: &impl Documents, run_id: &str) -> Result<Result<ReadHold, String>, Error> {
    if !is_run_id(run_id) {
        return Ok(Err("Its run_id is not the id of a pass.".to_owned()));
    }
    let key = format!("runs/{run_id}/held.json");
    let bytes = data.get(&key).await.map_err(Error::Store)?;
    let Some(bytes) = bytes else {
        return Ok(Err(format!("There is no {key}. Correct its run_id.")));
    };
    Ok(read_held(&bytes).map_err(|error| format!("{key} {error}.")))
}

/// Whether that pass was started with the same options as this one, or why it cannot be compared with it: accounts of
/// another organization are others.
async fn is_alike(
    data: &impl Documents,
    pass: For<'_>,
    run_id: &str,
) -> Result<Result<bool, &'static str>, Error> {
    let record = match Run::load(data, run_id).await {
        Ok(run) => run.map(|run| run.record),
        Err(Error::Internal(_)) => None,
        Err(error) => return Err(error),
    };
    let Some(record) = record else {
        return Ok(Err(
            "The run.json of that pass cannot be read, so nobody can tell what it was about. Approve the hold of a later pass.",
        ));
    };
    if record.org_id.as_deref() != Some(pass.org_id) {
        return Ok(Err(
            "That pass planned for another organization than the one that Adobe's secret names. Approve the hold of a later pass.",
        ));
    }
    Ok(Ok(record.overrides.selects_like(pass.overrides)))
}

fn told(object: &Listed) -> ApprovalUse {
    let name = object.key.strip_prefix(FOLDER).unwrap_or(&object.key);
    ApprovalUse {
        name: name.to_owned(),
        run_id: None,
        hash: None,
        refused: None,
        let_through: Vec::new(),
        dropped: Vec::new(),
    }
}

fn is_younger(object: &Listed, now: Timestamp, age: Duration) -> bool {
    SignedDuration::try_from(age).is_ok_and(|age| now.duration_since(object.modified) < age)
}

fn too_many() -> String {
    format!(
        "{FOLDER} holds more objects than a pass looks at: the {MOST} newest at most. Delete those that are not needed any \
         more."
    )
}
