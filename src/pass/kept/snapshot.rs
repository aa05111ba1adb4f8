//! `state/directory.ndjson.gz`: the last full reading of Adobe, with what that pass did.
//!
//! The first line is `{schema, run_id, org_id, read_at, groups}`; `groups` is null where they were not listed. Each
//! further line is one account.

use std::io::{self, BufRead as _};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, Head, SCHEMA, known, of_this_version, packed, unpacked, unreadable};
use crate::model::directory::{Directory, User};
use crate::model::id::GroupName;

/// A directory of everybody, and where it comes from.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The pass that read it.
    pub run_id: String,
    /// The organization.
    pub org_id: String,
    /// When the reading began.
    pub read_at: Timestamp,
    /// All accounts, as the pass left them.
    pub directory: Directory,
}

#[derive(Debug, Serialize)]
struct FirstLine<'a> {
    schema: u64,
    run_id: &'a str,
    org_id: &'a str,
    read_at: Timestamp,
    groups: Option<Vec<&'a GroupName>>,
}

/// The same as it is read.
#[derive(Debug, Deserialize)]
struct ReadFirstLine {
    schema: u64,
    run_id: String,
    org_id: String,
    read_at: Timestamp,
    groups: Option<Vec<GroupName>>,
}

/// The snapshot as a file. Only a reading of everybody makes one: which groups were not read has no place in it.
///
/// # Errors
/// [`Error::Unwritten`].
pub fn snapshot_to_bytes(snapshot: &Snapshot) -> Result<Vec<u8>, Error> {
    let Snapshot {
        run_id,
        org_id,
        read_at,
        directory,
    } = snapshot;
    let first = FirstLine {
        schema: SCHEMA,
        run_id,
        org_id,
        read_at: *read_at,
        groups: directory
            .groups
            .as_ref()
            .map(|groups| groups.iter().collect()),
    };
    packed(|mut to| {
        line(&mut to, &first)?;
        directory
            .users
            .iter()
            .try_for_each(|user| line(&mut to, user))
    })
}

fn line(mut to: impl io::Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut to, value)?;
    to.write_all(b"\n")
}

/// The snapshot that [`snapshot_to_bytes`] wrote.
///
/// # Errors
/// A file that is damaged, no snapshot, or of another version.
pub fn snapshot_from_bytes(bytes: &[u8]) -> Result<Snapshot, Error> {
    let mut lines = unpacked(bytes);
    let mut first = String::new();
    lines
        .read_line(&mut first)
        .map_err(|_broken: io::Error| Error::Damaged)?;
    let head = || serde_json::from_str::<Head>(&first);
    let ReadFirstLine {
        schema,
        run_id,
        org_id,
        read_at,
        groups,
    } = of_this_version(serde_json::from_str(&first), head)?;
    known(schema)?;
    let users = serde_json::Deserializer::from_reader(lines).into_iter::<User>();
    let users: Vec<User> =
        users
            .collect::<Result<_, _>>()
            .map_err(|cause| match unreadable(&cause) {
                Error::Unreadable { line, column } => Error::Unreadable {
                    line: line + 1,
                    column,
                },
                other => other,
            })?;
    let directory = Directory {
        groups: groups.map(|groups| groups.into_iter().collect()),
        ..Directory::new(users)
    };
    Ok(Snapshot {
        run_id,
        org_id,
        read_at,
        directory,
    })
}
