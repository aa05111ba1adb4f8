//! What S3 tells through EventBridge: an object was put into a bucket. Which of them start a pass is decided here.

use serde_json::Value;

use super::Error;
use super::fields::Fields;
use crate::config::{is_approval, words};

/// An object as the event names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The bucket.
    pub bucket: String,
    /// The whole key.
    pub key: String,
    /// `version-id`; of a bucket without versions `etag`, else `sequencer`. The same object put once more has another one.
    pub version: String,
}

/// Somewhere in S3: a bucket, and a key or what keys begin with there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// A key, or the beginning of keys: empty or with a slash at its end.
    pub key: &'a str,
}

impl Upload {
    /// Whether it starts a pass: an approval does, `approvals/<name>.json` below `data`. `root` is the main configuration
    /// file. No key is repeated, as it may name people.
    ///
    /// # Errors
    /// Why not, and what to do instead.
    pub fn starts_a_pass(&self, data: Place<'_>, root: Place<'_>) -> Result<(), Error> {
        let refused = |sentence: String| Err(Error(vec![sentence]));
        if self.bucket == root.bucket && self.key == root.key {
            return refused(
                "an upload of the configuration file starts nothing in this version. Start a plan with {\"mode\": \"plan\"}"
                    .to_owned(),
            );
        }
        if self.bucket != data.bucket {
            return refused(format!(
                "this event is of the bucket {}, and DATA_URI, where approvals are looked for, is in {}. Put approvals there, or correct the rule that sends this event",
                words::quoted(&self.bucket),
                words::quoted(data.bucket)
            ));
        }
        let below = self.key.strip_prefix(data.key).unwrap_or_default();
        let (folder, name) = below.split_once('/').unwrap_or(("", below));
        match folder {
            "approvals" if is_approval(name) => Ok(()),
            "approvals" => refused(
                "an approval lies directly in approvals/, and its name ends in .json: approvals/<name>.json. Put it there"
                    .to_owned(),
            ),
            "inbox" => refused(
                "rosters as files are not available in this version, so nothing in inbox/ starts a pass".to_owned(),
            ),
            _ => refused(
                "of all objects, only approvals/<name>.json below DATA_URI starts a pass. Use a schedule, or start one with {}"
                    .to_owned(),
            ),
        }
    }
}

/// What `detail` says of the object; `None` where a problem says why.
pub(super) fn of_detail(fields: &mut Fields<'_>, detail: Option<&Value>) -> Option<Upload> {
    let text = |path: &[&str]| {
        let value = path
            .iter()
            .try_fold(detail?, |value, name| value.get(*name));
        let text = value.and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let bucket = text(&["bucket", "name"]);
    let key = text(&["object", "key"]);
    let mut versions = ["version-id", "etag", "sequencer"].into_iter();
    let version = versions.find_map(|name| text(&["object", name]));
    for (value, name) in [
        (&bucket, "bucket.name"),
        (&key, "object.key"),
        (&version, "object.version-id (or etag, or sequencer)"),
    ] {
        if value.is_none() {
            fields.problem(format!("detail: {name} is missing"));
        }
    }
    Some(Upload {
        bucket: bucket?,
        key: key?,
        version: version?,
    })
}
