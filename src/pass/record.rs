//! `runs/<run_id>/run.json`: what a later event needs to go on with a pass.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::{Error, ErrorName};
use crate::config::options::Overrides;
use crate::store::Documents;

/// The version of the record that this program writes and reads.
pub const SCHEMA: u32 = 1;

/// The run record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`SCHEMA`].
    pub schema: u32,
    /// `<UTC yyyymmddThhmmssZ>-<8 hex>`.
    pub run_id: String,
    /// What started the pass: `schedule`, `on-demand`.
    pub trigger: String,
    /// When the pass began.
    pub created: Timestamp,
    /// The day of the pass in the school's time zone, fixed for all its events.
    pub today: Date,
    /// The event's options.
    pub overrides: Overrides,
    /// How many events the pass has had, this one included.
    pub slice: u32,
    /// `running`, or how the last event ended.
    pub status: String,
    /// How the pass failed, if it did.
    pub error: Option<RecordedError>,
}

/// The error of a failed pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedError {
    /// Its stable name.
    pub name: String,
    /// Its message.
    pub message: String,
}

/// Ids that look like ours: they become part of a key.
pub fn is_run_id(text: &str) -> bool {
    let (time, hash) = text.split_once('-').unwrap_or_default();
    time.len() == 16
        && hash.len() == 8
        && time
            .chars()
            .all(|c| c.is_ascii_digit() || c == 'T' || c == 'Z')
        && hash.chars().all(|c| c.is_ascii_hexdigit())
}

impl RunRecord {
    /// Reads the record of a pass.
    ///
    /// # Errors
    /// The store's; [`Error::Internal`] for a record that is not ours.
    pub async fn load(data: &impl Documents, run_id: &str) -> Result<Option<Self>, Error> {
        if !is_run_id(run_id) {
            return Ok(None);
        }
        let Some(bytes) = data.get(&key(run_id)).await.map_err(Error::Store)? else {
            return Ok(None);
        };
        // The cause itself quotes what it stumbled over.
        let record: Self = serde_json::from_slice(&bytes).map_err(|cause| {
            let (key, line, column) = (key(run_id), cause.line(), cause.column());
            Error::Internal(format!(
                "{key} cannot be read (line {line}, column {column})"
            ))
        })?;
        if record.schema != SCHEMA {
            let (key, schema) = (key(run_id), record.schema);
            return Err(Error::Internal(format!(
                "{key} is of schema {schema}, written by another version; this one knows {SCHEMA}. Start a new pass"
            )));
        }
        Ok(Some(record))
    }

    /// Writes the record.
    ///
    /// # Errors
    /// The store's.
    pub async fn save(&self, data: &impl Documents) -> Result<(), Error> {
        let text =
            serde_json::to_vec_pretty(self).map_err(|cause| Error::Internal(cause.to_string()))?;
        data.put(&key(&self.run_id), "application/json", Bytes::from(text))
            .await
            .map_err(Error::Store)
    }

    /// Where the journal of one of its events is, without the chunk's number.
    pub fn journal(&self, slice: u32) -> String {
        format!("runs/{}/journal/{slice:04}", self.run_id)
    }

    /// Whether the pass ended, and a repeated trigger gets the same answer again.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "complete" | "partial" | "held")
    }

    /// The error of a pass that failed for good.
    pub fn failed_for_good(&self) -> Option<Error> {
        let RecordedError { name, message } = self.error.as_ref()?;
        let name = ErrorName::parse(name)?;
        (self.status == "failed" && !name.is_transient()).then(|| Error::Earlier {
            name,
            message: message.clone(),
        })
    }
}

fn key(run_id: &str) -> String {
    format!("runs/{run_id}/run.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_becomes_another_key() {
        assert!(is_run_id("20261124T060000Z-0123abcd"));
        for odd in [
            "",
            "../../config/x",
            "20261124T060000Z-0123abc/",
            "20261124T060000Z",
            "x-y",
        ] {
            assert!(!is_run_id(odd), "{odd}");
        }
    }
}
