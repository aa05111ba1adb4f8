//! How often things may be asked.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use super::route::Endpoint;
use super::rules::Rules;

/// The window of the limits.
const MINUTE: Duration = Duration::from_mins(1);
/// Between two full lists.
const TWO_HOURS: Duration = Duration::from_hours(2);
/// The longest wait that Adobe has been seen to name is a little below.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// A wait of the size that is seen in practice (1,900 to 3,250 s).
const BUSY: Duration = Duration::from_mins(50);

/// What has been admitted lately.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    /// Requests of the last minute.
    windows: BTreeMap<Endpoint, VecDeque<Timestamp>>,
    /// When the first page of a full list was last given.
    full_lists: BTreeMap<Endpoint, Timestamp>,
    /// Action requests since Adobe was last busy.
    actions: usize,
    /// After a refused full list, and while Adobe is busy, nothing is served until then.
    shut_until: Option<Timestamp>,
}

impl Throttle {
    /// Admits a request, or says how long to wait. Refused requests do not count.
    pub(super) fn admit(
        &mut self,
        endpoint: Endpoint,
        page: &str,
        now: Timestamp,
        rules: &Rules,
    ) -> Result<(), Duration> {
        if let Some(wait) = self.shut_until.map(|end| left(end, now))
            && !wait.is_zero()
        {
            return Err(wait);
        }
        let first = page.parse() == Ok(0_usize);
        let full = first && matches!(endpoint, Endpoint::Users | Endpoint::Groups);
        if full && rules.two_hours_between_full_reads {
            self.spare(endpoint, now)?;
        }
        if endpoint == Endpoint::Action {
            self.be_busy(now, rules.busy_after_actions)?;
        }
        self.pace(endpoint, now, limit(endpoint, rules))?;
        if endpoint == Endpoint::Action {
            self.actions += 1;
        }
        if full {
            self.full_lists.insert(endpoint, now);
        }
        Ok(())
    }

    fn spare(&mut self, endpoint: Endpoint, now: Timestamp) -> Result<(), Duration> {
        let Some(last) = self.full_lists.get(&endpoint) else {
            return Ok(());
        };
        let wait = left(*last + TWO_HOURS, now).min(LONGEST_WAIT);
        if wait.is_zero() {
            return Ok(());
        }
        self.shut_until = Some(now + wait);
        Err(wait)
    }

    fn be_busy(&mut self, now: Timestamp, after: usize) -> Result<(), Duration> {
        if after == 0 || self.actions < after {
            return Ok(());
        }
        self.actions = 0;
        self.shut_until = Some(now + BUSY);
        Err(BUSY)
    }

    fn pace(&mut self, endpoint: Endpoint, now: Timestamp, limit: usize) -> Result<(), Duration> {
        let window = self.windows.entry(endpoint).or_default();
        while window.front().is_some_and(|first| *first + MINUTE <= now) {
            window.pop_front();
        }
        match window.front() {
            Some(first) if limit > 0 && window.len() >= limit => Err(left(*first + MINUTE, now)),
            _ => {
                window.push_back(now);
                Ok(())
            }
        }
    }
}

/// Requests a minute; 0 is no limit.
fn limit(endpoint: Endpoint, rules: &Rules) -> usize {
    match endpoint {
        Endpoint::Users | Endpoint::UsersOfGroup => rules.user_pages_per_minute,
        Endpoint::User => rules.single_users_per_minute,
        Endpoint::Groups => rules.group_pages_per_minute,
        Endpoint::Action => rules.actions_per_minute,
        Endpoint::Token | Endpoint::Unknown => 0,
    }
}

fn left(end: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(now)).unwrap_or_default()
}
