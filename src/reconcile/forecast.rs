//! What the dates of the roster say of the days to come.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::id::GroupName;

/// So many days are looked ahead.
pub const DAYS_AHEAD: i64 = 60;

/// How many licences of one Adobe group come and go with the first pass of one day, if the roster stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Forecast {
    /// The day of that pass: what ends on 15 January goes with the first pass of 16 January.
    pub day: Date,
    /// The Adobe group.
    pub adobe_group: GroupName,
    /// People who get it then.
    pub begin: usize,
    /// People who lose it then.
    pub end: usize,
}
