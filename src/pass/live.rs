//! `latest/progress.json`, while a pass is under way.

use std::cell::Cell;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use crate::clock::Clock;
use crate::config::options::Mode;
use crate::reconcile::action::ACTIONS_IN_A_BATCH;
use crate::report::progress::{
    ActionsDone, ProgressInput, ProgressState, expected_end, progress_json,
};
use crate::store::Documents;

/// It is written no more often.
const BETWEEN: Duration = Duration::from_secs(5);

/// Writes how far a pass has come.
#[derive(Debug)]
pub struct Live<'a, D> {
    /// The bucket.
    pub data: &'a D,
    /// The time.
    pub clock: &'a Clock,
    /// The pass.
    pub run_id: &'a str,
    /// What is done with the plan.
    pub mode: Mode,
    /// How many slices the pass has had.
    pub slice: u32,
    /// The stage it is in.
    pub stage: &'a str,
    /// Actions of the plan.
    pub total: Option<usize>,
    /// Batches a minute; 0 is unpaced.
    pub per_minute: u32,
    /// When it was last written.
    pub written: Cell<Option<Timestamp>>,
}

impl<D: Documents> Live<'_, D> {
    /// So many actions have their outcome.
    pub async fn sending(&self, done: usize) {
        let now = self.clock.now();
        let age = self
            .written
            .get()
            .map(|written| now.duration_since(written));
        if age.is_some_and(|age| Duration::try_from(age).unwrap_or_default() < BETWEEN) {
            return;
        }
        self.tell(ProgressState::Working, done).await;
    }

    /// Whatever was written last. That nobody can see it stops no pass.
    pub async fn tell(&self, state: ProgressState<'_>, done: usize) {
        let now = self.clock.now();
        self.written.set(Some(now));
        let until = match state {
            ProgressState::Waiting { until, .. } => Some(until),
            ProgressState::Working | ProgressState::Ended { .. } => None,
        };
        let end = |total: usize| {
            let left = total.saturating_sub(done).div_ceil(ACTIONS_IN_A_BATCH);
            expected_end(now, left, self.per_minute, until)
        };
        let progress = progress_json(&ProgressInput {
            run_id: self.run_id,
            mode: self.mode,
            slice: self.slice,
            stage: self.stage,
            actions: self.total.map(|total| ActionsDone { total, done }),
            state,
            expected_end: self.total.map(end),
            updated: now,
        });
        let body = Bytes::from(format!("{progress:#}\n"));
        let put = self
            .data
            .put("latest/progress.json", "application/json", body);
        if put.await.is_err() {
            tracing::warn!("latest/progress.json could not be written");
        }
    }
}
