//! `state/history.json`: `{schema, org_id, passes: [{run_id, day, counts, identity}]}`, the latest last.

use serde::{Deserialize, Serialize};

use crate::pass::Error;
use crate::pass::conditional::Conditional;
use crate::reconcile::history::{Entry, History, PASSES};
use crate::store::Documents;

const KEY: &str = "state/history.json";
const SCHEMA: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct File {
    schema: u32,
    /// Adobe's organization: what is said of one says nothing of another.
    org_id: String,
    passes: Vec<Entry>,
}

/// The passes before this one, and what is wrong with the file.
///
/// # Errors
/// The store's.
pub(super) async fn recall(
    data: &impl Documents,
    run_id: &str,
    org_id: &str,
) -> Result<(History, Option<String>), Error> {
    let Some(bytes) = data.get(KEY).await.map_err(Error::Store)? else {
        return Ok((History::default(), None));
    };
    match read(&bytes) {
        Some(File { org_id: of, .. }) if of != org_id => Ok((
            History::default(),
            Some(format!(
                "{KEY} is of another organization: the roster is compared with what Adobe has, not with the last pass."
            )),
        )),
        Some(File { mut passes, .. }) => {
            passes.retain(|entry| entry.run_id != run_id);
            Ok((History { passes }, None))
        }
        None => Ok((
            History::default(),
            Some(format!(
                "{KEY} cannot be read, or was written by another version: the roster is compared with what Adobe has, not \
                 with the last pass."
            )),
        )),
    }
}

/// Adds a pass, and lets the oldest go. A file that cannot be read, or is of another organization, begins anew.
///
/// # Errors
/// The store's; [`Error::LeaseLost`].
pub(super) async fn leave(data: &impl Documents, org_id: &str, entry: Entry) -> Result<(), Error> {
    let (mut object, body) = Conditional::load(data, KEY.to_owned()).await?;
    let file = body.and_then(|bytes| read(&bytes));
    let file = file.filter(|file| file.org_id == org_id);
    let mut passes = file.map(|file| file.passes).unwrap_or_default();
    passes.retain(|known| known.run_id != entry.run_id);
    passes.push(entry);
    let oldest = passes.len().saturating_sub(PASSES);
    passes.drain(..oldest);
    let file = File {
        schema: SCHEMA,
        org_id: org_id.to_owned(),
        passes,
    };
    object.save(data, &file).await
}

fn read(bytes: &[u8]) -> Option<File> {
    let file = serde_json::from_slice::<File>(bytes).ok()?;
    (file.schema == SCHEMA).then_some(file)
}
