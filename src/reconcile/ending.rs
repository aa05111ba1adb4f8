//! Expected ends: memberships that a date of the roster has ended.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Whose date it is. Of several that ended a membership, the one that ended it first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The last term of the class, by its title where it has one.
    Term(Option<String>),
    /// The enrollment.
    Enrollment,
    /// The person's role.
    Role,
}

/// Why somebody is in a directory group no more. Of several endings the latest is the greatest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ending {
    /// The last day of the membership.
    pub last_day: Date,
    /// What ended on it.
    pub ended: Ended,
    /// The directory group, as written in the mapping.
    pub directory_group: String,
}
