//! What a status, and the wait that comes with it, mean for the next attempt.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// No service of ours asks for more than an hour or two; who asks for years means "later".
const LONGEST_ASKED: Duration = Duration::from_hours(24);

pub(super) fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// A refusal that is as much of an answer as a success: it would come again. Not so one of a token, which is renewed.
pub(super) fn is_final(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 401 | 408 | 429)
}

/// Seconds or an HTTP date; `None` where it is neither. A date in the past asks for no wait.
pub(super) fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds).min(LONGEST_ASKED));
    }
    let date = DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(text)
        .ok()?;
    let wait = Duration::try_from(date.duration_since(now)).unwrap_or_default();
    Some(wait.min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-24T06:00:00Z".parse().unwrap();
        assert_eq!(retry_after("1938", now), Some(Duration::from_secs(1938)));
        assert_eq!(
            retry_after("Tue, 24 Nov 2026 06:01:30 GMT", now),
            Some(Duration::from_secs(90))
        );
        assert_eq!(
            retry_after("Tue, 24 Nov 2026 05:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after("soon", now), None);
        assert_eq!(retry_after("-5", now), None);
        for years in ["18446744073709551615", "Thu, 31 Dec 9998 23:59:59 GMT"] {
            assert_eq!(retry_after(years, now), Some(LONGEST_ASKED), "{years}");
        }
    }
}
