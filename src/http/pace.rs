//! A window of requests per minute.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// The window that services count in.
const WINDOW: Duration = Duration::from_mins(1);

/// The requests of the last minute.
type Starts = Arc<Mutex<VecDeque<Timestamp>>>;

/// When requests were sent lately, by the name of the window. It outlives an invocation: services count on. Clones share
/// one.
#[derive(Debug, Clone, Default)]
pub struct Windows(Arc<Mutex<BTreeMap<String, Starts>>>);

impl Windows {
    /// As [`starts`](Self::starts) told them.
    pub fn of_earlier(starts: BTreeMap<String, Vec<Timestamp>>) -> Self {
        let starts = starts.into_iter().map(|(name, starts)| {
            let mut starts = VecDeque::from(starts);
            starts.make_contiguous().sort_unstable();
            (name, Arc::new(Mutex::new(starts)))
        });
        Self(Arc::new(Mutex::new(starts.collect())))
    }

    /// The starts of each window, oldest first: those of the minute before the last one of all, as older ones are of no
    /// concern to anybody.
    pub fn starts(&self) -> BTreeMap<String, Vec<Timestamp>> {
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut starts: BTreeMap<String, Vec<Timestamp>> = windows
            .iter()
            .map(|(name, starts)| (name.clone(), sorted(starts)))
            .collect();
        let last = starts.values().flatten().max().copied();
        for starts in starts.values_mut() {
            starts.retain(|start| last.is_some_and(|last| age(*start, last) < WINDOW));
        }
        starts.retain(|_, starts| !starts.is_empty());
        starts
    }

    /// As if as many requests as each window takes had been sent at this time: after an invocation that was killed,
    /// nobody knows what it sent. Zero sets no limit.
    pub fn fill<'n>(&self, per_minute: impl IntoIterator<Item = (&'n str, u32)>, at: Timestamp) {
        for (name, limit) in per_minute {
            let starts = self.of(name);
            let mut starts = starts.lock().unwrap_or_else(PoisonError::into_inner);
            starts.extend((0..limit).map(|_| at));
            starts.make_contiguous().sort_unstable();
        }
    }

    fn of(&self, name: &str) -> Starts {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(windows.entry(name.to_owned()).or_default())
    }
}

/// At most so many requests in any window of a minute.
#[derive(Debug)]
pub struct Pace {
    /// Zero is unpaced.
    per_minute: usize,
    starts: Starts,
}

impl Pace {
    /// `per_minute` 0 sets no limit.
    pub fn per_minute(per_minute: u32) -> Self {
        let per_minute = usize::try_from(per_minute).unwrap_or(usize::MAX);
        Self {
            per_minute,
            starts: Starts::default(),
        }
    }

    /// The same, counted on in the window of that name.
    #[must_use]
    pub fn in_window(mut self, windows: &Windows, name: &str) -> Self {
        self.starts = windows.of(name);
        self
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

fn sorted(starts: &Mutex<VecDeque<Timestamp>>) -> Vec<Timestamp> {
    let starts = starts.lock().unwrap_or_else(PoisonError::into_inner);
    let mut starts: Vec<Timestamp> = starts.iter().copied().collect();
    starts.sort_unstable();
    starts
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
