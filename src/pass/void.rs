//! Why a pass that is not done sends nothing more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::record::RunRecord;
use crate::config::Limits;
use crate::reconcile::guard::{Finding, FindingName};

/// What became of its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Void {
    /// Its roster was read too long ago.
    Expired,
    /// The configuration files, or Adobe's organization, are others than those it was planned by.
    ConfigurationChanged,
    /// Another pass has worked since.
    Superseded,
}

impl Void {
    /// Whether a fresh pass has to do what this one did not. After an overtaken one, the overtaker does.
    pub fn starts_over(self) -> bool {
        match self {
            Self::Expired | Self::ConfigurationChanged => true,
            Self::Superseded => false,
        }
    }

    fn name(self) -> FindingName {
        match self {
            Self::Expired => FindingName::PlanExpired,
            Self::ConfigurationChanged => FindingName::ConfigurationChanged,
            Self::Superseded => FindingName::PassSuperseded,
        }
    }

    /// For the summary of the pass, of whose actions so many were not sent; `None` where there was no plan yet.
    pub fn finding(self, not_sent: Option<usize>) -> Finding {
        let why = match self {
            Self::Expired => {
                "The roster of this pass was read, or was to be read, too long ago (limits.max_plan_age_hours)"
            }
            Self::ConfigurationChanged => {
                "The configuration files, or Adobe's organization in its secret, changed while this pass was under way"
            }
            Self::Superseded => "Another pass has worked since this one had its last slice",
        };
        let what = match not_sent {
            Some(1) => "1 action of its plan was not sent".to_owned(),
            Some(actions) => format!("{actions} actions of its plan were not sent"),
            None => "it ended before it had a plan".to_owned(),
        };
        let next_step = match self {
            Self::Expired | Self::ConfigurationChanged => {
                "Nothing: a fresh pass plans what is left."
            }
            Self::Superseded => "Nothing: the other pass has planned what was left.",
        };
        Finding {
            name: self.name(),
            message: format!("{why}, so it sends nothing more; {what}."),
            next_step: next_step.to_owned(),
            held: 0,
        }
    }
}

/// The end of the time in which a pass may send, once something was read.
pub fn expires(read_at: Option<Timestamp>, limits: &Limits) -> Timestamp {
    read_at
        .and_then(|read_at| read_at.checked_add(limits.max_plan_age).ok())
        .unwrap_or(Timestamp::MAX)
}

/// What speaks against going on with a pass at that time.
pub fn void(
    record: &RunRecord,
    configuration: &str,
    limits: &Limits,
    now: Timestamp,
) -> Option<Void> {
    if record.void.is_some() {
        return record.void;
    }
    let planned_by = record.configuration.as_deref();
    if planned_by.is_some_and(|planned_by| planned_by != configuration) {
        return Some(Void::ConfigurationChanged);
    }
    // A pass that nothing answers has no end of its own.
    let begun = record.read_at.unwrap_or(record.created);
    (now >= expires(Some(begun), limits)).then_some(Void::Expired)
}
