//! `adobe-only-users.csv`: UST's file of `write-file`, which `adobe_only_user_list` reads again.
//!
//! Columns `type`, `username`, `domain`: the key of each account, in lower case; `domain` is empty where the login name
//! is an e-mail address. The first line names the columns, always.

use crate::model::id::UserKey;

/// The file, a row for each key, in their order.
pub fn adobe_only_csv(keys: &[UserKey]) -> Vec<u8> {
    // Writing to memory cannot fail.
    written(keys).unwrap_or_default()
}

fn written(keys: &[UserKey]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["type", "username", "domain"])?;
    for key in keys {
        writer.write_record([key.identity_type.as_str(), &key.username, &key.domain])?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}
