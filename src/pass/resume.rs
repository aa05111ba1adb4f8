//! What one slice leaves for the next: replies before there is a plan, then the plan.

use std::cell::Cell;
use std::pin::pin;

use bytes::Bytes;

use super::error::Error;
use super::execute::chunk;
use super::kept::{self, KeptPlan};
use super::record::{PlanRef, Run, RunRecord};
use crate::http::Replies;
use crate::report::sha256;
use crate::store::{Documents, Expected};

/// The replies that earlier slices of the pass had.
///
/// # Errors
/// The store's.
pub(super) async fn replies(data: &impl Documents, record: &RunRecord) -> Result<Replies, Error> {
    let mut chunks = Vec::new();
    for slice in 1..record.slice {
        for number in 0.. {
            let chunk = data.get(&replies_key(record, slice, number)).await;
            let Some(chunk) = chunk.map_err(Error::Store)? else {
                break;
            };
            chunks.push(chunk);
        }
    }
    // Of another version, say: what was read is read again.
    Ok(Replies::of_earlier(&chunks).unwrap_or_else(|position| {
        tracing::warn!(position, "replies of earlier slices cannot be read");
        Replies::default()
    }))
}

/// Puts replies into the bucket, chunk by chunk.
#[derive(Debug)]
pub(super) struct Saver<'a, D> {
    data: &'a D,
    record: &'a RunRecord,
    replies: &'a Replies,
    chunks: Cell<u32>,
}

impl<'a, D: Documents> Saver<'a, D> {
    pub(super) fn new(data: &'a D, record: &'a RunRecord, replies: &'a Replies) -> Self {
        Self {
            data,
            record,
            replies,
            chunks: Cell::new(0),
        }
    }

    /// Reads, and saves what was read whenever it is time to.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn during<T>(&self, reading: impl Future<Output = T>) -> Result<T, Error> {
        let mut reading = pin!(reading);
        loop {
            tokio::select! {
                biased;
                done = &mut reading => return Ok(done),
                () = self.replies.due() => self.save().await?,
            }
        }
    }

    /// Whether anything was saved.
    pub(super) fn has_saved(&self) -> bool {
        self.chunks.get() > 0
    }

    /// Saves what is not saved yet.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn save(&self) -> Result<(), Error> {
        let Some(chunk) = self.replies.take_unsaved() else {
            return Ok(());
        };
        let key = replies_key(self.record, self.record.slice, self.chunks.get());
        self.chunks.set(self.chunks.get() + 1);
        put_new(self.data, &key, chunk).await
    }
}

fn replies_key(record: &RunRecord, slice: u32, number: u32) -> String {
    record.between(&format!("replies/{slice:04}-{number:05}.gz"))
}

/// Keeps the plan for all slices to come; from here on the pass sends this one and no other.
///
/// # Errors
/// The store's; [`Error::LeaseLost`].
pub(super) async fn keep_plan(
    data: &impl Documents,
    run: &mut Run,
    plan: &KeptPlan,
    directory: Option<&Bytes>,
) -> Result<(), Error> {
    let record = &run.record;
    let key = |name: &str| record.between(&format!("{name}-{:04}", record.slice));
    let directory = match directory {
        None => None,
        Some(directory) => {
            let key = format!("{}.ndjson.gz", key("directory"));
            put_new(data, &key, directory.clone()).await?;
            Some(key)
        }
    };
    let bytes = kept::plan_to_bytes(plan);
    let bytes = bytes.map_err(|error| Error::Internal(error.to_string()))?;
    let plan = PlanRef {
        key: format!("{}.json.gz", key("plan")),
        sha256: sha256(&bytes),
        directory,
    };
    put_new(data, &plan.key, Bytes::from(bytes)).await?;
    run.record.plan = Some(plan);
    run.record.stuck = 0;
    run.save(data).await
}

/// The plan that an earlier slice kept.
///
/// # Errors
/// The store's; [`Error::Internal`] where it is not there any more, or another one.
pub(super) async fn kept_plan(data: &impl Documents, plan: &PlanRef) -> Result<KeptPlan, Error> {
    let bytes = data.get(&plan.key).await.map_err(Error::Store)?;
    let other = |what: &str| Error::Internal(format!("{} {what}. Start a new pass", plan.key));
    let bytes = bytes.ok_or_else(|| other("is not there any more"))?;
    if sha256(&bytes) != plan.sha256 {
        return Err(other("is not the plan of this pass"));
    }
    kept::plan_from_bytes(&bytes).map_err(|error| other(&error.to_string()))
}

/// Whether the last slice, which was killed, left anything that brings the pass further. (A plan that it kept has set the
/// count back.)
///
/// # Errors
/// The store's.
pub(super) async fn came_further(data: &impl Documents, record: &RunRecord) -> Result<bool, Error> {
    let journal = chunk(&record.journal(record.slice), 0);
    let replies = replies_key(record, record.slice, 0);
    for key in [journal, replies] {
        if data.get(&key).await.map_err(Error::Store)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An object that nobody changes. One of ours that lies there already came from a slice that was killed after it: its
/// name holds the number of the slice, so it is the same.
async fn put_new(data: &impl Documents, key: &str, body: Bytes) -> Result<(), Error> {
    data.put_if(key, "application/gzip", body, &Expected::Nothing)
        .await
        .map(drop)
        .map_err(Error::Store)
}
