//! A window of requests per minute.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// The window that services count in.
const WINDOW: Duration = Duration::from_mins(1);

/// At most so many requests in any window of a minute.
#[derive(Debug)]
pub struct Pace {
    /// Zero is unpaced.
    per_minute: usize,
    starts: Mutex<VecDeque<Timestamp>>,
}

impl Pace {
    /// `per_minute` 0 sets no limit.
    pub fn per_minute(per_minute: u32) -> Self {
        let per_minute = usize::try_from(per_minute).unwrap_or(usize::MAX);
        Self {
            per_minute,
            starts: Mutex::new(VecDeque::new()),
        }
    }

    /// Takes a permit for a request that starts now, or says how long until there is one.
    ///
    /// # Errors
    /// The wait.
    pub fn take(&self, now: Timestamp) -> Result<(), Duration> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let mut starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
        while starts
            .front()
            .is_some_and(|start| age(*start, now) >= WINDOW)
        {
            starts.pop_front();
        }
        match starts.front() {
            Some(first) if starts.len() >= self.per_minute => {
                Err(WINDOW.saturating_sub(age(*first, now)))
            }
            Some(_) | None => {
                starts.push_back(now);
                Ok(())
            }
        }
    }
}

fn age(start: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(start)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn the_eleventh_request_waits_for_the_first_to_leave_the_window() {
        let pace = Pace::per_minute(10);
        for second in 0..10 {
            assert_eq!(pace.take(at(second)), Ok(()));
        }
        assert_eq!(pace.take(at(10)), Err(Duration::from_secs(50)));
        assert_eq!(pace.take(at(59)), Err(Duration::from_secs(1)));
        assert_eq!(pace.take(at(60)), Ok(()));
        assert_eq!(pace.take(at(60)), Err(Duration::from_secs(1)));
    }

    #[test]
    fn zero_sets_no_limit() {
        let pace = Pace::per_minute(0);
        assert!((0..1000).all(|_| pace.take(at(0)).is_ok()));
    }
}
