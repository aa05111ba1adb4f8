//! The one clock and the one sleeper, real and simulated.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// Tells the time and waits. Clones share one time.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Real,
    /// Milliseconds since the epoch.
    Simulated(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn real() -> Self {
        Self(Kind::Real)
    }

    /// A clock that stands still until somebody sleeps or [advances](Self::advance) it.
    pub fn simulated(start: Timestamp) -> Self {
        Self(Kind::Simulated(Arc::new(AtomicI64::new(
            start.as_millisecond(),
        ))))
    }

    /// The time now, to the millisecond.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one clock")]
            Kind::Real => Timestamp::now(),
            Kind::Simulated(now) => {
                Timestamp::from_millisecond(now.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// Waits. Simulated time passes at once.
    pub async fn sleep(&self, wait: Duration) {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one sleeper")]
            Kind::Real => tokio::time::sleep(wait).await,
            Kind::Simulated(_) => {
                self.advance(wait);
                tokio::task::yield_now().await;
            }
        }
    }

    /// Lets simulated time pass: what a request or a computation is said to take. The real clock takes no orders.
    pub fn advance(&self, by: Duration) {
        match &self.0 {
            Kind::Real => {}
            Kind::Simulated(now) => {
                now.fetch_add(
                    i64::try_from(by.as_millis()).unwrap_or(i64::MAX),
                    Ordering::SeqCst,
                );
            }
        }
    }
}

/// When an invocation has to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The end of the invocation's time.
    pub end: Timestamp,
    /// No request starts from here on: the last tenth of the time, 45 s at most, belongs to journal and summary.
    pub last_start: Timestamp,
    /// Longer waits are not slept through: another invocation goes on after them.
    pub longest_wait: Duration,
}

/// The longest time that is kept for journal and summary.
const LONGEST_RESERVE: Duration = Duration::from_secs(45);

impl Deadline {
    /// For an invocation that begins now and ends then.
    pub fn new(now: Timestamp, end: Timestamp) -> Self {
        let time = Duration::try_from(end.duration_since(now)).unwrap_or_default();
        let reserve = (time / 10).min(LONGEST_RESERVE);
        Self {
            end,
            last_start: end.checked_sub(reserve).unwrap_or(end),
            longest_wait: Duration::MAX,
        }
    }

    /// The same for an invocation that has somebody to wait for it.
    #[must_use]
    pub fn with_longest_wait(mut self, longest: Duration) -> Self {
        self.longest_wait = longest;
        self
    }

    /// The time in which requests may still start; zero when there is none.
    pub fn left(&self, now: Timestamp) -> Duration {
        Duration::try_from(self.last_start.duration_since(now)).unwrap_or_default()
    }
}
