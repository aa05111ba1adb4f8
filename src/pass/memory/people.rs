//! `state/people.ndjson.gz`: what passes remember of single accounts, without naming them.
//!
//! The first line is `{schema, org_id, key, day}`: Adobe's organization, the key of the hashes, and the day on which it was
//! written. Each further line is an account, `{h, gone_since, ours}`. Key and hashes are Base64.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io::{self, BufRead as _, Write};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::pass::Error;
use crate::pass::conditional::Conditional;
use crate::pass::kept::{self, packed, unpacked};
use crate::reconcile::known::{Digest, Known, KnownAccount};
use crate::store::Documents;

const KEY: &str = "state/people.ndjson.gz";
const SCHEMA: u64 = 1;
/// After so many days without a good pass nobody knows who was back in between.
const LONGEST_BREAK: i64 = 14;

#[derive(Debug, Serialize, Deserialize)]
struct FirstLine {
    schema: u64,
    org_id: String,
    key: String,
    day: Date,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    h: String,
    gone_since: Option<Date>,
    ours: bool,
}

/// What is known on that day, and what is wrong with the file.
///
/// # Errors
/// The store's.
pub(super) async fn recall(
    data: &impl Documents,
    org_id: &str,
    today: Date,
) -> Result<(Known, Option<String>), Error> {
    let Some(bytes) = data.get(KEY).await.map_err(Error::Store)? else {
        return Ok((Known::default(), None));
    };
    let Some((known, day)) = from_bytes(&bytes, org_id) else {
        let notice = format!(
            "{KEY} cannot be read, or is of another version or organization: the grace of everybody who is gone begins anew, and \
             under protected.foreign_accounts nobody is removed whom no pass makes or changes from now on."
        );
        return Ok((Known::default(), Some(notice)));
    };
    let known = known_on(known, day, today);
    Ok(match known {
        (known, false) => (known, None),
        (known, true) => (
            known,
            Some(format!(
                "The last good pass that looked who is gone was on {day}, more than {LONGEST_BREAK} days ago: the grace of \
                 everybody who is gone begins anew."
            )),
        ),
    })
}

/// After a long break nobody is known to be gone. Whether that is so is told, too.
fn known_on(mut known: Known, day: Date, today: Date) -> (Known, bool) {
    let end = day.checked_add(LONGEST_BREAK.days()).unwrap_or(Date::MAX);
    if today <= end {
        return (known, false);
    }
    let mut forgotten = false;
    for account in known.accounts.values_mut() {
        forgotten |= account.gone_since.take().is_some();
    }
    (known, forgotten)
}

/// Writes what is known after a pass of that day. The key is made with the first writing.
///
/// # Errors
/// The store's; [`Error::LeaseLost`].
pub(super) async fn leave(
    data: &impl Documents,
    org_id: &str,
    today: Date,
    learn: impl FnOnce(&mut Known, Date),
) -> Result<(), Error> {
    let (mut object, body) = Conditional::load(data, KEY.to_owned()).await?;
    let found = body.and_then(|bytes| from_bytes(&bytes, org_id));
    // A pass of an earlier day lets nobody be gone for longer than the last one knew.
    let since = found.as_ref().map_or(today, |(_, day)| today.max(*day));
    let mut known = match found {
        Some((known, day)) => known_on(known, day, today).0,
        None => Known {
            key: new_key(),
            accounts: BTreeMap::new(),
        },
    };
    learn(&mut known, since);
    let bytes = to_bytes(&known, org_id, today);
    let bytes = bytes.map_err(|error| Error::Internal(error.to_string()))?;
    object
        .put(data, "application/gzip", Bytes::from(bytes))
        .await
}

/// Nobody can guess it: the hasher's keys are random.
fn new_key() -> Vec<u8> {
    let random = RandomState::new();
    let parts = (0_u8..4).map(|part| random.hash_one(part).to_be_bytes());
    parts.flatten().collect()
}

/// The file of that organization, written on that day.
///
/// # Errors
/// [`kept::Error::Unwritten`].
pub fn to_bytes(known: &Known, org_id: &str, day: Date) -> Result<Vec<u8>, kept::Error> {
    let first = FirstLine {
        schema: SCHEMA,
        org_id: org_id.to_owned(),
        key: URL_SAFE_NO_PAD.encode(&known.key),
        day,
    };
    packed(|to| {
        line(to, &first)?;
        known.accounts.iter().try_for_each(|(hash, account)| {
            let KnownAccount { gone_since, ours } = *account;
            let h = URL_SAFE_NO_PAD.encode(hash);
            line(
                to,
                &Line {
                    h,
                    gone_since,
                    ours,
                },
            )
        })
    })
}

fn line(to: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *to, value)?;
    to.write_all(b"\n")
}

/// What [`to_bytes`] wrote for that organization, and the day; `None` where it is anything else.
pub fn from_bytes(bytes: &[u8], org_id: &str) -> Option<(Known, Date)> {
    let mut lines = unpacked(bytes).lines();
    let first: FirstLine = serde_json::from_str(&lines.next()?.ok()?).ok()?;
    let key = URL_SAFE_NO_PAD.decode(first.key).ok()?;
    if first.schema != SCHEMA || first.org_id != org_id || key.is_empty() {
        return None;
    }
    let mut accounts = BTreeMap::new();
    for line in lines {
        let Line {
            h,
            gone_since,
            ours,
        } = serde_json::from_str(&line.ok()?).ok()?;
        let hash: Digest = URL_SAFE_NO_PAD.decode(h).ok()?.try_into().ok()?;
        accounts.insert(hash, KnownAccount { gone_since, ours });
    }
    Some((Known { key, accounts }, first.day))
}
