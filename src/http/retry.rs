//! Attempts, waits and the decision between them.

use std::fmt::Display;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::Request;

use super::error::Error;
use super::pace::Pace;
use super::transport::{Reply, Requests, Transport};
use crate::clock::{Clock, Deadline};

/// Waits of our own choice grow up to this; a service may ask for longer ones.
const LONGEST_BACKOFF: Duration = Duration::from_mins(1);
/// No service of ours asks for more than an hour or two; who asks for years means "later".
const LONGEST_ASKED: Duration = Duration::from_hours(24);

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

/// Why a read brought nothing to use.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E> {
    /// No successful reply.
    #[error(transparent)]
    Http(#[from] Error),
    /// Successful replies, and nothing to be made of the last one.
    #[error("the reply cannot be read")]
    Unreadable(#[source] E),
}

/// The attempts at one request.
#[derive(Debug)]
struct Tries {
    /// The waits that are left.
    waits: ExponentialBackoff,
    made: u32,
    /// Whether one of them may have taken effect without telling.
    ambiguous: bool,
}

impl Tries {
    fn new(policy: RetryPolicy) -> Self {
        let waits = ExponentialBuilder::default()
            .with_min_delay(policy.first_wait)
            .with_max_delay(LONGEST_BACKOFF)
            .with_max_times(usize::try_from(policy.retries).unwrap_or(usize::MAX))
            .with_jitter()
            .build();
        Self {
            waits,
            made: 0,
            ambiguous: false,
        }
    }

    fn log(&self, endpoint: &'static str, wait: Duration, cause: impl Display) {
        tracing::info!(endpoint, attempts = self.made, wait_ms = wait.as_millis(), %cause, "request will be repeated");
    }
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
        let mut tries = Tries::new(call.policy);
        let reply = self.reply(call, &build, &mut tries).await?;
        Ok(Sent {
            reply,
            repeated_after_ambiguity: tries.ambiguous,
        })
    }

    /// Like [`send`](Self::send), for requests that change nothing: a successful reply that `read` can make nothing of
    /// is a failed attempt, too, and comes out of the same number of retries.
    ///
    /// # Errors
    /// As [`send`](Self::send), or what `read` said of the last reply.
    pub async fn read<F, R, T, E>(
        &self,
        call: Call<'_>,
        build: F,
        read: R,
    ) -> Result<T, ReadError<E>>
    where
        F: AsyncFn(&Transport) -> Result<Request, Error>,
        R: Fn(&Reply) -> Result<T, E>,
    {
        let mut tries = Tries::new(call.policy);
        loop {
            let reply = self.reply(call, &build, &mut tries).await?;
            let unreadable = match read(&reply) {
                Ok(value) => return Ok(value),
                Err(unreadable) => unreadable,
            };
            let Some(wait) = tries.waits.next() else {
                return Err(ReadError::Unreadable(unreadable));
            };
            tries.log(call.endpoint, wait, "the reply cannot be read");
            self.wait(call.endpoint, wait).await?;
        }
    }

    /// Tries until a success, a failure for good, or the end of tries or time.
    async fn reply<F>(&self, call: Call<'_>, build: &F, tries: &mut Tries) -> Result<Reply, Error>
    where
        F: AsyncFn(&Transport) -> Result<Request, Error>,
    {
        loop {
            self.wait_for_permit(call).await?;
            let request = build(&self.transport).await?;
            // Getting a token may have taken what time there was.
            self.time_is_left(call.endpoint)?;
            tries.made += 1;
            self.requests.count(call.endpoint);
            let (failure, asked) = match self.attempt(call, request).await {
                Ok(reply) if (200..300).contains(&reply.status) => return Ok(reply),
                Ok(reply) => self.refusal(call.endpoint, reply, tries.made),
                Err(error) => (error.after(tries.made), Duration::ZERO),
            };
            tries.ambiguous |= failure.is_ambiguous();
            if !failure.is_transient() {
                return Err(failure);
            }
            if asked >= self.deadline.left(self.clock.now()) && !asked.is_zero() {
                // However many tries are left: the service says when the next one makes sense, and it is not now.
                return Err(Error::OutOfTime {
                    endpoint: call.endpoint,
                    wait: asked,
                });
            }
            let Some(backoff) = tries.waits.next() else {
                return Err(failure);
            };
            let wait = backoff.max(asked);
            tries.log(call.endpoint, wait, &failure);
            self.wait(call.endpoint, wait).await?;
        }
    }

    /// The error that a reply without success is, and the wait that it asks for.
    fn refusal(&self, endpoint: &'static str, reply: Reply, attempts: u32) -> (Error, Duration) {
        let asked = reply
            .header("retry-after")
            .and_then(|text| retry_after(text, self.clock.now()));
        let status = Error::Status {
            endpoint,
            status: reply.status,
            body: reply.body,
            attempts,
        };
        (status, asked.unwrap_or_default())
    }

    async fn attempt(&self, call: Call<'_>, request: Request) -> Result<Reply, Error> {
        let now = self.clock.now();
        let to_the_end =
            Duration::try_from(self.deadline.end.duration_since(now)).unwrap_or_default();
        // Half of the reserve is left for what has to be written after an attempt that never ends.
        let reserve =
            Duration::try_from(self.deadline.end.duration_since(self.deadline.last_start))
                .unwrap_or_default();
        let allowed = to_the_end.saturating_sub(reserve / 2);
        let timeout = call.policy.timeout.min(allowed);
        let reply = self
            .transport
            .attempt(call.endpoint, request, timeout)
            .await;
        match reply {
            // It was our own time that ran out, not the service's.
            Err(Error::Timeout { endpoint, .. }) if allowed < call.policy.timeout => {
                Err(Error::OutOfTime {
                    endpoint,
                    wait: Duration::ZERO,
                })
            }
            reply => reply,
        }
    }

    async fn wait_for_permit(&self, call: Call<'_>) -> Result<(), Error> {
        loop {
            self.time_is_left(call.endpoint)?;
            match call.pace.map_or(Ok(()), |pace| pace.take(self.clock.now())) {
                Ok(()) => return Ok(()),
                Err(wait) => self.wait(call.endpoint, wait).await?,
            }
        }
    }

    /// Whether a request may still start.
    fn time_is_left(&self, endpoint: &'static str) -> Result<(), Error> {
        if self.deadline.left(self.clock.now()).is_zero() {
            return Err(Error::OutOfTime {
                endpoint,
                wait: Duration::ZERO,
            });
        }
        Ok(())
    }

    /// Waits, where the time allows it.
    ///
    /// # Errors
    /// [`Error::OutOfTime`] where the wait would reach into the invocation's reserve.
    pub async fn wait(&self, endpoint: &'static str, wait: Duration) -> Result<(), Error> {
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
