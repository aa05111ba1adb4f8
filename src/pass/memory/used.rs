//! `state/approvals.json`: `{schema, used: [{name, run_id, hash, used_by, day}]}`, the latest last.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::pass::Error;
use crate::pass::conditional::Conditional;
use crate::reconcile::approval::ApprovalUse;
use crate::store::Documents;

pub(super) const KEY: &str = "state/approvals.json";
const SCHEMA: u32 = 1;
/// So many are remembered. An approval that is older than all of them would have to be uploaded again to be young.
const MOST: usize = 1000;

/// An approval that an `apply` has used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Spent {
    /// The object's name below `approvals/`.
    pub(super) name: String,
    /// The pass that left the hold.
    pub(super) run_id: String,
    /// The hold's hash.
    pub(super) hash: String,
    /// The pass that used it.
    pub(super) used_by: String,
    /// The day of that pass.
    pub(super) day: Date,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct File {
    schema: u32,
    used: Vec<Spent>,
}

/// Approvals that other passes have used; `None` where the file cannot be read: nobody can tell what was used.
///
/// # Errors
/// The store's.
pub(super) async fn recall(
    data: &impl Documents,
    run_id: &str,
) -> Result<Option<Vec<Spent>>, Error> {
    let Some(bytes) = data.get(KEY).await.map_err(Error::Store)? else {
        return Ok(Some(Vec::new()));
    };
    Ok(read(&bytes).map(|mut used| {
        used.retain(|known| known.used_by != run_id);
        used
    }))
}

/// Adds those that a pass has used. Where there are none, nothing is written.
///
/// # Errors
/// The store's; [`Error::LeaseLost`]; [`Error::Internal`] where the file cannot be read any more.
pub(super) async fn leave(
    data: &impl Documents,
    run_id: &str,
    day: Date,
    approvals: impl Iterator<Item = &ApprovalUse>,
) -> Result<(), Error> {
    let new: Vec<Spent> = approvals
        .filter_map(|approval| {
            Some(Spent {
                name: approval.name.clone(),
                run_id: approval.run_id.clone()?,
                hash: approval.hash.clone()?,
                used_by: run_id.to_owned(),
                day,
            })
        })
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let (mut object, body) = Conditional::load(data, KEY.to_owned()).await?;
    let mut used = match body {
        None => Vec::new(),
        Some(bytes) => read(&bytes).ok_or_else(|| {
            Error::Internal(format!(
                "{KEY} cannot be read. Restore an earlier version of it"
            ))
        })?,
    };
    used.retain(|known| known.used_by != run_id);
    used.extend(new);
    let oldest = used.len().saturating_sub(MOST);
    used.drain(..oldest);
    let file = File {
        schema: SCHEMA,
        used,
    };
    object.save(data, &file).await
}

fn read(bytes: &[u8]) -> Option<Vec<Spent>> {
    let file = serde_json::from_slice::<File>(bytes).ok()?;
    (file.schema == SCHEMA).then_some(file.used)
}
