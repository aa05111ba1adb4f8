//! What earlier slices of a pass sent, by its journal.

use bytes::Bytes;

use super::error::Error;
use super::execute::chunk;
use super::record::RunRecord;
use crate::report::{self, Answered, gunzip};
use crate::store::Documents;

/// What Adobe answered to earlier slices: the digest of the last one that ended in order, and the chunks of those that
/// were killed since.
///
/// # Errors
/// The store's.
pub(super) async fn answered(data: &impl Documents, record: &RunRecord) -> Result<Answered, Error> {
    let mut answered = Answered::default();
    let mut known = record.journal_digest;
    if known > 0 {
        let digest = data
            .get(&digest_key(record, known))
            .await
            .map_err(Error::Store)?;
        match digest.and_then(|bytes| gunzip(&bytes).ok()) {
            Some(text) => answered.add(&text),
            // The chunks say the same, and they are kept longer.
            None => known = 0,
        }
    }
    for slice in known + 1..record.slice {
        let journal = record.journal(slice);
        for number in 0.. {
            let bytes = data.get(&chunk(&journal, number)).await;
            let Some(bytes) = bytes.map_err(Error::Store)? else {
                break;
            };
            answered.add(&String::from_utf8_lossy(&bytes));
        }
    }
    Ok(answered)
}

/// Writes what is known now for the next slice.
///
/// # Errors
/// The store's.
pub(super) async fn keep_digest(
    data: &impl Documents,
    record: &mut RunRecord,
    answered: &Answered,
) -> Result<(), Error> {
    let digest = Bytes::from(report::gzip(&answered.digest()));
    data.put(
        &digest_key(record, record.slice),
        "application/gzip",
        digest,
    )
    .await
    .map_err(Error::Store)?;
    record.journal_digest = record.slice;
    Ok(())
}

fn digest_key(record: &RunRecord, slice: u32) -> String {
    record.between(&format!("journal-{slice:04}.ndjson.gz"))
}
