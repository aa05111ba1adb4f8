//! What one invocation keeps for a later one: the checked plan, and the directory as the pass left it.

mod after;
mod damaged;
mod format;
mod laws;

use jiff::Timestamp;
use roster_sync::model::directory::Directory;
use roster_sync::pass::kept::{KeptPlan, Snapshot};
use roster_sync::reconcile::guard::Checked;

fn plan(checked: Checked) -> KeptPlan {
    KeptPlan {
        checked,
        notices: vec!["This is how it is.".to_owned()],
    }
}

fn snapshot(directory: Directory) -> Snapshot {
    Snapshot {
        run_id: "20261124T060000Z-0123abcd".to_owned(),
        org_id: "12345@AdobeOrg".to_owned(),
        read_at: "2026-11-24T06:00:05Z".parse::<Timestamp>().unwrap(),
        directory,
    }
}

/// What is in a file.
fn unpacked(bytes: &[u8]) -> String {
    std::io::read_to_string(flate2::read::GzDecoder::new(bytes)).unwrap()
}

/// A file with that in it.
fn packed(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
