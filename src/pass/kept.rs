//! What one invocation keeps for a later one: the checked plan of its pass, and the directory as the pass left it.
//!
//! Both are JSON packed with gzip, and the same content gives the same bytes. They name people: they belong into the
//! bucket, and no text of an error quotes them.

mod after;
mod snapshot;

use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Write};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use crate::reconcile::guard::Checked;
pub use after::after;
pub use snapshot::{Snapshot, snapshot_from_bytes, snapshot_to_bytes};

/// The version of both files that this program writes and reads.
pub const SCHEMA: u64 = 2;

/// What is left of planning once it is done: all that sending and the summary need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPlan {
    /// The plan after the guards, what they hold and what they found.
    pub checked: Checked,
    /// What the summary says beside it, sentences.
    pub notices: Vec<String>,
}

/// Why a file is of no use. Each text goes on where the name of the file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Another version wrote it.
    #[error("is of schema {found}, written by another version; this one knows {SCHEMA}")]
    Schema {
        /// What it says of itself.
        found: u64,
    },
    /// Not what it should hold.
    #[error("cannot be read (line {line}, column {column})")]
    Unreadable {
        /// From 1, unpacked.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Cut short, changed, or something else altogether.
    #[error("is not whole, or is not packed with gzip")]
    Damaged,
    /// It cannot be made.
    #[error("cannot be written")]
    Unwritten,
}

/// `{schema, notices, checked}`; `checked` by the names of its fields.
#[derive(Debug, Serialize)]
struct PlanFile<'a> {
    schema: u64,
    notices: &'a [String],
    checked: &'a Checked,
}

/// The same as it is read.
#[derive(Debug, Deserialize)]
struct ReadPlan {
    schema: u64,
    notices: Vec<String>,
    checked: Checked,
}

/// What every version writes.
#[derive(Debug, Deserialize)]
struct Head {
    schema: u64,
}

/// The plan as `slices/<run_id>/plan-<slice>.json.gz`.
///
/// # Errors
/// [`Error::Unwritten`].
pub fn plan_to_bytes(plan: &KeptPlan) -> Result<Vec<u8>, Error> {
    let KeptPlan { checked, notices } = plan;
    let file = PlanFile {
        schema: SCHEMA,
        notices,
        checked,
    };
    packed(|to| serde_json::to_writer(to, &file).map_err(io::Error::from))
}

/// The plan that [`plan_to_bytes`] wrote.
///
/// # Errors
/// A file that is damaged, no plan, or of another version.
pub fn plan_from_bytes(bytes: &[u8]) -> Result<KeptPlan, Error> {
    let mut text = Vec::new();
    unpacked(bytes)
        .read_to_end(&mut text)
        .map_err(|_broken: io::Error| Error::Damaged)?;
    let plan = serde_json::from_slice(&text);
    let head = || serde_json::from_slice(&text);
    let ReadPlan {
        schema,
        notices,
        checked,
    } = of_this_version(plan, head)?;
    known(schema)?;
    Ok(KeptPlan { checked, notices })
}

/// What another version wrote may look otherwise: then it is the version that is to blame.
fn of_this_version<T>(
    read: serde_json::Result<T>,
    head: impl FnOnce() -> serde_json::Result<Head>,
) -> Result<T, Error> {
    read.or_else(|cause| {
        if let Ok(Head { schema }) = head() {
            known(schema)?;
        }
        Err(unreadable(&cause))
    })
}

fn known(schema: u64) -> Result<(), Error> {
    if schema == SCHEMA {
        Ok(())
    } else {
        Err(Error::Schema { found: schema })
    }
}

/// The cause itself quotes what it stumbled over.
fn unreadable(cause: &serde_json::Error) -> Error {
    match cause.classify() {
        Category::Io => Error::Damaged,
        Category::Syntax | Category::Data | Category::Eof => Error::Unreadable {
            line: cause.line(),
            column: cause.column(),
        },
    }
}

/// What is written goes through the packer piece by piece: of a large plan there is never a second copy.
pub(super) fn packed(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Vec<u8>, Error> {
    let pack = || {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let mut pieces = BufWriter::new(&mut encoder);
        write(&mut pieces)?;
        pieces.flush()?;
        drop(pieces);
        encoder.finish()
    };
    pack().map_err(|_memory_takes_all: io::Error| Error::Unwritten)
}

pub(super) fn unpacked(bytes: &[u8]) -> impl BufRead {
    BufReader::new(GzDecoder::new(bytes))
}
