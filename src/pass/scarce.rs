//! Adobe's full lists, which it gives about once in two hours (`umapi.md`, section 3).

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::finish::LONGEST_WINDOW;
use super::kept::{self, Snapshot};
use super::{Connect, Error, Interruption};
use crate::clock::Deadline;
use crate::http::Requests;
use crate::model::directory::{Directory, Scope};
use crate::model::id::GroupName;
use crate::store::Documents;
use crate::umapi::{self, AdobeDirectory, Last};

const READS: &str = "state/adobe-reads.json";
const DIRECTORY: &str = "state/directory.ndjson.gz";
const SCHEMA: u32 = 1;

/// `state/adobe-reads.json`: when the full lists were last spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AdobeReads {
    schema: u32,
    /// The organization.
    org_id: String,
    /// The list of all users.
    pub(super) users: FullList,
    /// The list of all groups.
    pub(super) groups: FullList,
}

/// One of the lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FullList {
    /// When it was last asked for.
    pub(super) asked: Option<Timestamp>,
    /// Until when Adobe refused it.
    pub(super) not_before: Option<Timestamp>,
}

impl AdobeReads {
    /// What is known of this organization. A record that cannot be read is none: it only saves requests.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn load(data: &impl Documents, org_id: &str) -> Result<Self, Error> {
        let bytes = data.get(READS).await.map_err(Error::Store)?;
        let known = bytes.and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        let known = known.filter(|reads| reads.schema == SCHEMA && reads.org_id == org_id);
        Ok(known.unwrap_or_else(|| Self {
            schema: SCHEMA,
            org_id: org_id.to_owned(),
            users: FullList::default(),
            groups: FullList::default(),
        }))
    }

    /// # Errors
    /// The store's.
    pub(super) async fn save(&self, data: &impl Documents) -> Result<(), Error> {
        let text =
            serde_json::to_vec_pretty(self).map_err(|cause| Error::Internal(cause.to_string()))?;
        data.put(READS, "application/json", Bytes::from(text))
            .await
            .map_err(Error::Store)
    }
}

/// The last reading of the organization, if it is not older. One that cannot be read is none.
///
/// # Errors
/// The store's.
pub(super) async fn snapshot(
    data: &impl Documents,
    org_id: &str,
    now: Timestamp,
    max_age: Duration,
) -> Result<Option<Snapshot>, Error> {
    let Some(bytes) = data.get(DIRECTORY).await.map_err(Error::Store)? else {
        return Ok(None);
    };
    let snapshot = kept::snapshot_from_bytes(&bytes).ok();
    let is_young = |read_at: Timestamp| {
        SignedDuration::try_from(max_age).is_ok_and(|max_age| now.duration_since(read_at) < max_age)
    };
    Ok(snapshot.filter(|snapshot| snapshot.org_id == org_id && is_young(snapshot.read_at)))
}

/// Leaves a reading for mode plan.
///
/// # Errors
/// The store's.
pub(super) async fn leave_snapshot(data: &impl Documents, bytes: Bytes) -> Result<(), Error> {
    data.put(DIRECTORY, "application/gzip", bytes)
        .await
        .map_err(Error::Store)
}

/// How old a reading is, in words.
pub(super) fn age(read_at: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(read_at).as_mins();
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Adobe's lists, and the record of when they were spent.
pub(super) struct FullLists<'a, C: Connect> {
    pub(super) world: &'a C,
    pub(super) adobe: &'a C::Adobe,
    pub(super) org_id: &'a str,
    pub(super) requests: &'a Requests,
    pub(super) deadline: Deadline,
}

impl<C: Connect> FullLists<'_, C> {
    /// The accounts of the scope.
    pub(super) async fn users(&self, scope: &Scope, last: Last) -> Result<Directory, Interruption> {
        let reading = self.adobe.read(scope, last);
        match scope {
            Scope::Everybody => self.spending(reading, |reads| &mut reads.users).await,
            Scope::Members(_) => reading.await.map_err(interruption),
        }
    }

    /// The names of all groups.
    pub(super) async fn groups(&self, last: Last) -> Result<BTreeSet<GroupName>, Interruption> {
        let reading = self.adobe.groups(last);
        self.spending(reading, |reads| &mut reads.groups).await
    }

    /// Does not ask while Adobe is known to refuse: asking then shuts its other doors, too.
    async fn spending<T>(
        &self,
        reading: impl Future<Output = Result<T, umapi::Error>>,
        list: impl Fn(&mut AdobeReads) -> &mut FullList,
    ) -> Result<T, Interruption> {
        let (data, clock) = (self.world.data(), self.world.clock());
        let mut reads = AdobeReads::load(data, self.org_id).await?;
        let asked = clock.now();
        if let Some(not_before) = list(&mut reads).not_before {
            let wait = Duration::try_from(not_before.duration_since(asked)).unwrap_or_default();
            let most = self.deadline.left(asked).min(self.deadline.longest_wait);
            if wait >= most && !wait.is_zero() {
                return Err(Interruption::OutOfTime(wait));
            }
            clock.sleep(wait).await;
        }
        let before = self.requests.counts();
        let read = reading.await.map_err(interruption);
        let refused = match &read {
            Err(Interruption::OutOfTime(wait)) if *wait > LONGEST_WINDOW => {
                clock.now().checked_add(*wait).ok()
            }
            _ => None,
        };
        if self.requests.counts() != before {
            *list(&mut reads) = FullList {
                asked: Some(asked),
                not_before: refused,
            };
            reads.save(data).await?;
        }
        read
    }
}

fn interruption(error: umapi::Error) -> Interruption {
    match error {
        umapi::Error::OutOfTime { wait } => Interruption::OutOfTime(wait),
        other => Interruption::Failed(Error::Adobe(other)),
    }
}
