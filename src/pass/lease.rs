//! `state/lease.json`: one invocation works on one pass at a time, whatever starts it.
//!
//! `{schema, run_id, owner, busy_until, resume_at, windows}`. `run_id` is the pass that had the lease last; `owner` and
//! `busy_until` say who works on it until when; `resume_at`, when a waiting pass goes on. An ended pass leaves only its
//! name. `windows` are the starts of the last requests to Adobe: the limits of a minute outlive an invocation.
//!
//! Nobody renews a lease: it ends a little after the invocation's own time, so that an expired one means a dead process
//! and no request of it can still start.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::conditional::Conditional;
use super::error::Error;
use crate::clock::Deadline;
use crate::store::Documents;

const KEY: &str = "state/lease.json";
const SCHEMA: u32 = 1;

/// Lambda ends an invocation at its deadline; clocks differ by less than this.
const AFTER_THE_DEADLINE: Duration = Duration::from_secs(5);
/// A waiting pass whose engine is so late has none any more.
const LATE: Duration = Duration::from_mins(15);

/// The end of a lease that is taken for an invocation: from then on nothing is left of it.
pub fn busy_until(deadline: Deadline) -> Timestamp {
    let end = deadline.end;
    end.checked_add(AFTER_THE_DEADLINE).unwrap_or(end)
}

/// What the object says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    schema: u32,
    /// The pass that has it, or had it last.
    pub run_id: String,
    /// The invocation that works on the pass.
    pub owner: Option<String>,
    /// Until when it can work at most.
    pub busy_until: Option<Timestamp>,
    /// When a pass that waits goes on.
    pub resume_at: Option<Timestamp>,
    /// The starts of the last requests, by window.
    pub windows: BTreeMap<String, Vec<Timestamp>>,
}

/// Who asks for the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The pass of the event.
    pub run_id: &'a str,
    /// Whether that pass has a run record.
    pub has_begun: bool,
    /// Whether the event starts passes, rather than going on with one.
    pub is_trigger: bool,
}

/// What a claim comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The event's own pass may work.
    Take,
    /// It may, after this wait.
    Wait(Duration),
    /// Another pass is busy or waiting.
    Skip(String),
    /// Another pass was left alone: the trigger goes on with it.
    Adopt(String),
    /// The event's pass had begun, and another one has had the lease since.
    Overtaken,
}

/// What an event may do, by the lease that it finds (design, section 11).
pub fn decide(found: Option<&Lease>, claim: Claim<'_>, now: Timestamp) -> Decision {
    let Some(lease) = found else {
        return Decision::Take;
    };
    let own = lease.run_id == claim.run_id;
    if claim.has_begun && !own {
        return Decision::Overtaken;
    }
    let busy = lease.busy_until.filter(|_| lease.owner.is_some());
    let until = match (busy, lease.resume_at) {
        (Some(busy_until), _) => busy_until,
        (None, Some(resume_at)) if own => resume_at,
        (None, Some(resume_at)) => resume_at.checked_add(LATE).unwrap_or(Timestamp::MAX),
        (None, None) => return Decision::Take,
    };
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    match (own, left.is_zero()) {
        (true, true) => Decision::Take,
        (true, false) => Decision::Wait(left),
        (false, true) if claim.is_trigger => Decision::Adopt(lease.run_id.clone()),
        (false, _) => Decision::Skip(lease.run_id.clone()),
    }
}

/// The lease as it was found.
#[derive(Debug)]
pub struct Found {
    /// Nothing where there was no object.
    pub lease: Option<Lease>,
    object: Conditional,
}

impl Found {
    /// Reads the lease.
    ///
    /// # Errors
    /// The store's; [`Error::Internal`] for one that is not ours.
    pub async fn load(data: &impl Documents) -> Result<Self, Error> {
        let (object, body) = Conditional::load(data, KEY.to_owned()).await?;
        let read = |body: Bytes| {
            let lease = serde_json::from_slice::<Lease>(&body).ok();
            lease.filter(|lease| lease.schema == SCHEMA).ok_or_else(|| {
                Error::Internal(format!(
                    "{KEY} cannot be read, or was written by another version. When no pass runs, delete it"
                ))
            })
        };
        let lease = body.map(read).transpose()?;
        Ok(Self { lease, object })
    }

    /// Takes the lease for this pass until the end of the invocation's time. `None` where somebody else was faster.
    ///
    /// # Errors
    /// The store's.
    pub async fn take(
        self,
        data: &impl Documents,
        run_id: &str,
        owner: &str,
        deadline: Deadline,
    ) -> Result<Option<Held>, Error> {
        let earlier = self.lease.as_ref();
        let killed = earlier.and_then(Lease::killed);
        let windows = earlier.map(|lease| lease.windows.clone());
        let mut held = Held {
            lease: Lease {
                schema: SCHEMA,
                run_id: run_id.to_owned(),
                owner: Some(owner.to_owned()),
                busy_until: Some(busy_until(deadline)),
                resume_at: None,
                windows: windows.unwrap_or_default(),
            },
            object: self.object,
            killed,
        };
        match held.object.save(data, &held.lease).await {
            Ok(()) => Ok(Some(held)),
            Err(Error::LeaseLost) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives up the lease of a pass that is over, if the pass waits. One that an invocation has taken ends by itself, and
    /// tells whoever comes next that nobody knows what was sent last.
    ///
    /// # Errors
    /// The store's, but for a lease that somebody else took meanwhile.
    pub async fn clear(self, data: &impl Documents, run_id: &str) -> Result<(), Error> {
        let Some(lease) = self.lease else {
            return Ok(());
        };
        if lease.run_id != run_id || lease.owner.is_some() || lease.resume_at.is_none() {
            return Ok(());
        }
        let windows = lease.windows.clone();
        let held = Held {
            lease,
            object: self.object,
            killed: None,
        };
        held.release(data, None, windows).await
    }
}

impl Lease {
    /// The end of the time of an invocation that never gave it back.
    fn killed(&self) -> Option<Timestamp> {
        let busy_until = self.busy_until.filter(|_| self.owner.is_some())?;
        busy_until.checked_sub(AFTER_THE_DEADLINE).ok()
    }
}

/// A lease of ours.
#[derive(Debug)]
pub struct Held {
    lease: Lease,
    object: Conditional,
    /// The end of the time of an invocation that was killed before it could give the lease back.
    pub killed: Option<Timestamp>,
}

impl Held {
    /// The starts of earlier requests.
    pub fn windows(&self) -> BTreeMap<String, Vec<Timestamp>> {
        self.lease.windows.clone()
    }

    /// Goes on with another pass.
    ///
    /// # Errors
    /// The store's; [`Error::LeaseLost`].
    pub async fn turn_to(&mut self, data: &impl Documents, run_id: &str) -> Result<(), Error> {
        if self.lease.run_id == run_id {
            return Ok(());
        }
        run_id.clone_into(&mut self.lease.run_id);
        self.object.save(data, &self.lease).await
    }

    /// Gives the lease back: the pass waits until then, or is over. Somebody else's lease is left alone.
    ///
    /// # Errors
    /// The store's.
    pub async fn release(
        mut self,
        data: &impl Documents,
        resume_at: Option<Timestamp>,
        windows: BTreeMap<String, Vec<Timestamp>>,
    ) -> Result<(), Error> {
        self.lease = Lease {
            owner: None,
            busy_until: None,
            resume_at,
            windows,
            ..self.lease
        };
        match self.object.save(data, &self.lease).await {
            Err(Error::LeaseLost) => Ok(()),
            other => other,
        }
    }
}
