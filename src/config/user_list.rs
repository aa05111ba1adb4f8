//! The list of people that `adobe_only_user_list` names: columns type, username and domain.

use super::{Problem, Problems};
use crate::model::id::{IdentityType, UserKey, fold};

/// Reads the list.
///
/// # Errors
/// Every row that cannot be used.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Vec<UserKey>, Problems> {
    let mut keys = Vec::new();
    let mut problems = Vec::new();
    let mut reader = csv::Reader::from_reader(bytes);
    for (row, record) in reader.records().enumerate() {
        let record = record.unwrap_or_default();
        let field = |place| record.get(place).map(fold).unwrap_or_default();
        match field(0).parse::<IdentityType>() {
            Ok(identity_type) => keys.push(UserKey {
                identity_type,
                username: field(1),
                domain: field(2),
            }),
            Err(cause) => problems.push(Problem {
                file: name.to_owned(),
                at: Some((row + 2, 1)),
                message: cause.to_string(),
            }),
        }
    }
    if problems.is_empty() {
        Ok(keys)
    } else {
        Err(Problems(problems))
    }
}
