//! What all requests of one invocation share.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;

use super::pace::Windows;
use super::replies::Replies;
use super::transport::Requests;
use crate::clock::Deadline;

/// Clones share everything.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// When it has to stop.
    pub deadline: Deadline,
    /// How many requests went where.
    pub requests: Requests,
    /// What earlier invocations of the pass were answered, and what this one is.
    pub replies: Replies,
    /// When requests were sent lately, by whichever invocation.
    pub windows: Windows,
    /// From then on no request starts, whatever time is left.
    pub until: Arc<OnceLock<Timestamp>>,
}

impl Invocation {
    /// One that knows of no earlier one.
    pub fn new(deadline: Deadline) -> Self {
        Self {
            deadline,
            requests: Requests::default(),
            replies: Replies::default(),
            windows: Windows::default(),
            until: Arc::default(),
        }
    }

    /// No request starts from then on. The first call counts.
    pub fn nothing_from(&self, then: Timestamp) {
        self.until.get_or_init(|| then);
    }

    /// The time in which requests may still start; zero when there is none.
    pub fn left(&self, now: Timestamp) -> Duration {
        let left = |until: &Timestamp| Duration::try_from(until.duration_since(now));
        let until = self.until.get().map(left);
        let of_deadline = self.deadline.left(now);
        until.map_or(of_deadline, |until| {
            of_deadline.min(until.unwrap_or_default())
        })
    }
}
