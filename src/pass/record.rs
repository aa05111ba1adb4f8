//! `runs/<run_id>/run.json`: what a later slice needs to go on with a pass.
//!
//! Every write expects the version that was read or written last: of two invocations that both take a pass for theirs,
//! one stops.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::conditional::Conditional;
use super::error::{Error, ErrorName};
use super::void::Void;
use crate::config::options::{Mode, Overrides};
use crate::store::Documents;

/// The version of the record that this program writes and reads.
pub const SCHEMA: u32 = 2;

/// The status of a pass whose slice has not ended.
const RUNNING: &str = "running";

/// The run record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`SCHEMA`].
    pub schema: u32,
    /// `<UTC yyyymmddThhmmssZ>-<8 hex>`.
    pub run_id: String,
    /// What started the pass: `schedule`, `on-demand`, `approval`.
    pub trigger: String,
    /// When the pass began.
    pub created: Timestamp,
    /// The day of the pass in the school's time zone, fixed for all its slices.
    pub today: Date,
    /// The event's options.
    pub overrides: Overrides,
    /// How many slices the pass has had, this one included.
    pub slice: u32,
    /// How many in a row ended, or were killed, and left the pass where it was.
    pub stuck: u32,
    /// The stage that the last slice came to.
    pub phase: String,
    /// `running`, or how the last slice ended.
    pub status: String,
    /// What is done with the plan, once the options are known.
    pub mode: Option<Mode>,
    /// How the pass failed, if it did.
    pub error: Option<RecordedError>,
    /// The hash of the configuration files, once something was read by them.
    pub configuration: Option<String>,
    /// Adobe's organization that the plan was made for: a secret may name it, which is no part of the files.
    #[serde(default)]
    pub org_id: Option<String>,
    /// When the oldest part of the roster was read; of a list of people instead, of Adobe.
    pub read_at: Option<Timestamp>,
    /// The plan, once it stands.
    pub plan: Option<PlanRef>,
    /// The last slice whose journal is in a digest of all before.
    pub journal_digest: u32,
    /// How many batches that the journal does not know may have been sent, when the last slice ended.
    #[serde(default)]
    pub doubtful: usize,
    /// Why nothing more is sent.
    pub void: Option<Void>,
    /// HTTP requests of all slices by endpoint.
    pub requests: BTreeMap<String, u64>,
}

/// Where the plan lies, and what it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRef {
    /// The key of the checked plan.
    pub key: String,
    /// The hash of its bytes.
    pub sha256: String,
    /// The key of Adobe's directory as it was read, where all of it was.
    pub directory: Option<String>,
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
    /// Whether the pass ended, and a repeated trigger gets the same answer again.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "complete" | "partial" | "held")
    }

    /// Whether a slice of it began and did not end.
    pub fn is_running(&self) -> bool {
        self.status == RUNNING
    }

    /// Where the event says another day than the one on which the pass began, whatever the time zone: a sentence.
    pub fn of_another_day(&self) -> Option<String> {
        let began = TimeZone::UTC.to_datetime(self.created).date();
        let near = [began.yesterday(), Ok(began), began.tomorrow()];
        let is_near = near.into_iter().flatten().any(|day| day == self.today);
        (!is_near).then(|| {
            format!(
                "The pass takes {} for today, as its event says; it began on {began}. Dates of the roster count by that day.",
                self.today
            )
        })
    }

    /// Whether what was read and planned is of another organization than this.
    pub fn is_of_another(&self, org_id: &str) -> bool {
        self.org_id
            .as_deref()
            .is_some_and(|of_plan| of_plan != org_id)
    }

    /// Whether an earlier slice asked Adobe for more than a token, as far as it is written down.
    pub fn has_asked_adobe(&self) -> bool {
        let mut endpoints = self.requests.keys();
        endpoints.any(|endpoint| endpoint.starts_with("Adobe ") && endpoint != "Adobe token")
    }

    /// The error that the pass ended with, as long as nobody starts it again.
    pub fn failure(&self) -> Option<Error> {
        let RecordedError { name, message } = self.error.as_ref()?;
        let name = ErrorName::parse(name)?;
        (self.status == "failed").then(|| Error::Earlier {
            name,
            message: message.clone(),
        })
    }

    /// The error of a pass that failed for good.
    pub fn failed_for_good(&self) -> Option<Error> {
        self.failure().filter(|error| !error.name().is_transient())
    }

    /// Where the journal of one of its slices is, without the chunk's number.
    pub fn journal(&self, slice: u32) -> String {
        format!("runs/{}/journal/{slice:04}", self.run_id)
    }

    /// What is kept between slices, and expires with them.
    pub fn between(&self, name: &str) -> String {
        format!("slices/{}/{name}", self.run_id)
    }

    /// Another slice begins.
    pub fn begins_slice(&mut self) {
        self.slice += 1;
        RUNNING.clone_into(&mut self.status);
        self.error = None;
    }
}

/// A run record that we may write.
#[derive(Debug, Clone)]
pub struct Run {
    /// The record.
    pub record: RunRecord,
    object: Conditional,
}

impl Run {
    /// One that is not in the bucket yet.
    pub fn new(record: RunRecord) -> Self {
        let object = Conditional::absent(key(&record.run_id));
        Self { record, object }
    }

    /// Reads the record of a pass.
    ///
    /// # Errors
    /// The store's; [`Error::Internal`] for a record that is not ours.
    pub async fn load(data: &impl Documents, run_id: &str) -> Result<Option<Self>, Error> {
        if !is_run_id(run_id) {
            return Ok(None);
        }
        let (object, body) = Conditional::load(data, key(run_id)).await?;
        let Some(body) = body else {
            return Ok(None);
        };
        let unreadable = |cause| unreadable(run_id, &cause);
        let Written { schema } = serde_json::from_slice(&body).map_err(unreadable)?;
        if schema != SCHEMA {
            let key = key(run_id);
            return Err(Error::Internal(format!(
                "{key} is of schema {schema}, written by another version; this one knows {SCHEMA}. Start a new pass"
            )));
        }
        let record = serde_json::from_slice(&body).map_err(unreadable)?;
        Ok(Some(Self { record, object }))
    }

    /// Writes the record.
    ///
    /// # Errors
    /// The store's; [`Error::LeaseLost`] where somebody else wrote it meanwhile.
    pub async fn save(&mut self, data: &impl Documents) -> Result<(), Error> {
        self.object.save(data, &self.record).await
    }
}

#[derive(Deserialize)]
struct Written {
    schema: u32,
}

/// The cause itself quotes what it stumbled over.
fn unreadable(run_id: &str, cause: &serde_json::Error) -> Error {
    let (key, line, column) = (key(run_id), cause.line(), cause.column());
    Error::Internal(format!(
        "{key} cannot be read (line {line}, column {column})"
    ))
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
