//! Attempts, waits and the decision between them.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::Request;

use super::error::Error;
use super::pace::Pace;
use super::transport::{Reply, Requests, Transport};
use crate::clock::{Clock, Deadline};

/// How long an attempt may take and how often a request is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Time of one attempt, from the first byte sent to the last byte received.
    pub timeout: Duration,
    /// Attempts after the first.
    pub retries: u32,
    /// The first wait between attempts; it doubles, up to a minute, and carries jitter.
    pub first_wait: Duration,
}

/// What is known of a request besides its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The short name that counters, logs and errors use.
    pub endpoint: &'static str,
    /// The window that the endpoint counts in.
    pub pace: Option<&'a Pace>,
    /// Timeouts and repetitions.
    pub policy: RetryPolicy,
}

/// A successful reply, and how it was come by.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The reply; its status is 2xx.
    pub reply: Reply,
    /// Whether an earlier attempt of this request may have taken effect without telling.
    pub repeated_after_ambiguity: bool,
}

/// Sends requests until they are answered, refused, or out of time.
#[derive(Debug, Clone)]
pub struct Http {
    transport: Transport,
    clock: Clock,
    deadline: Deadline,
    requests: Requests,
}

impl Http {
    /// For one invocation.
    pub fn new(transport: Transport, clock: Clock, deadline: Deadline, requests: Requests) -> Self {
        Self {
            transport,
            clock,
            deadline,
            requests,
        }
    }

    /// The transport, to build requests with.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Sends what `build` makes, anew for every attempt (a token may have changed meanwhile). 408, 429, 5xx, timeouts
    /// and broken connections are tried again; every request of ours is safe to repeat. A wait is the longer of the
    /// back-off and `Retry-After` (seconds or date, RFC 9110 section 10.2.3).
    ///
    /// # Errors
    /// Any [`Error`]; [`Error::OutOfTime`] as soon as a wait would reach into the invocation's reserve.
    pub async fn send<F>(&self, call: Call<'_>, build: F) -> Result<Sent, Error>
    where
        F: AsyncFn(&Transport) -> Result<Request, Error>,
    {
        let mut waits = ExponentialBuilder::default()
            .with_min_delay(call.policy.first_wait)
            .with_max_delay(Duration::from_mins(1))
            .with_max_times(usize::try_from(call.policy.retries).unwrap_or(usize::MAX))
            .with_jitter()
            .build();
        let mut attempts = 0;
        let mut ambiguous = false;
        loop {
            self.wait_for_permit(call).await?;
            let request = build(&self.transport).await?;
            attempts += 1;
            self.requests.count(call.endpoint);
            let (failure, asked) = match self.attempt(call, request).await {
                Ok(reply) if (200..300).contains(&reply.status) => {
                    return Ok(Sent {
                        reply,
                        repeated_after_ambiguity: ambiguous,
                    });
                }
                Ok(reply) => {
                    let asked = reply
                        .header("retry-after")
                        .and_then(|text| retry_after(text, self.clock.now()));
                    let status = Error::Status {
                        endpoint: call.endpoint,
                        status: reply.status,
                        body: reply.body,
                        attempts,
                    };
                    (status, asked)
                }
                Err(error) => (error.after(attempts), None),
            };
            ambiguous |= failure.is_ambiguous();
            let Some(backoff) = waits.next().filter(|_| failure.is_transient()) else {
                return Err(failure);
            };
            let wait = backoff.max(asked.unwrap_or_default());
            tracing::info!(endpoint = call.endpoint, attempts, wait_ms = wait.as_millis(), cause = %failure, "request will be repeated");
            self.wait(call.endpoint, wait).await?;
        }
    }

    async fn attempt(&self, call: Call<'_>, request: Request) -> Result<Reply, Error> {
        let now = self.clock.now();
        let to_the_end =
            Duration::try_from(self.deadline.end.duration_since(now)).unwrap_or_default();
        // Half of the reserve is left for what has to be written after an attempt that never ends.
        let reserve =
            Duration::try_from(self.deadline.end.duration_since(self.deadline.last_start))
                .unwrap_or_default();
        let timeout = call
            .policy
            .timeout
            .min(to_the_end.saturating_sub(reserve / 2));
        self.transport
            .attempt(call.endpoint, request, timeout)
            .await
    }

    async fn wait_for_permit(&self, call: Call<'_>) -> Result<(), Error> {
        loop {
            let now = self.clock.now();
            if self.deadline.left(now).is_zero() {
                return Err(Error::OutOfTime {
                    endpoint: call.endpoint,
                    wait: Duration::ZERO,
                });
            }
            match call.pace.map_or(Ok(()), |pace| pace.take(now)) {
                Ok(()) => return Ok(()),
                Err(wait) => self.wait(call.endpoint, wait).await?,
            }
        }
    }

    async fn wait(&self, endpoint: &'static str, wait: Duration) -> Result<(), Error> {
        if wait >= self.deadline.left(self.clock.now()) {
            return Err(Error::OutOfTime { endpoint, wait });
        }
        self.clock.sleep(wait).await;
        Ok(())
    }
}

impl Error {
    fn after(self, tries: u32) -> Self {
        match self {
            Self::Timeout { endpoint, .. } => Self::Timeout {
                endpoint,
                attempts: tries,
            },
            Self::Connection {
                endpoint, cause, ..
            } => Self::Connection {
                endpoint,
                attempts: tries,
                cause,
            },
            other @ (Self::OutOfTime { .. }
            | Self::Status { .. }
            | Self::TooLarge { .. }
            | Self::Request { .. }) => other,
        }
    }
}

/// Seconds or an HTTP date; `None` where it is neither. A date in the past asks for no wait.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(text)
        .ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
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
    }
}
