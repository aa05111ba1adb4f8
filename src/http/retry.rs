//! Attempts, waits and the decision between them.

use std::fmt::Display;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use reqwest::header::HeaderMap;
use reqwest::{Request, Url};

use super::error::{Body, Error};
use super::invocation::Invocation;
use super::pace::Pace;
use super::status::{is_final, is_success, retry_after};
use super::transport::{Reply, Transport};
use crate::clock::Clock;

/// Waits of our own choice grow up to this; a service may ask for longer ones.
const LONGEST_BACKOFF: Duration = Duration::from_mins(1);

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
    /// The URL by which the answer to a [read](Http::read) is kept for the next invocation of the pass. Only for what
    /// changes nothing and is no credential. Where two ask one URL and mean different things, a fragment tells them
    /// apart.
    pub kept_as: Option<&'a Url>,
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
    invocation: Invocation,
}

impl Http {
    /// For one invocation.
    pub fn new(transport: Transport, clock: Clock, invocation: Invocation) -> Self {
        Self {
            transport,
            clock,
            invocation,
        }
    }

    /// The invocation.
    pub fn invocation(&self) -> &Invocation {
        &self.invocation
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
    /// is a failed attempt, too, and comes out of the same number of retries. Where the call is kept, the answer of an
    /// earlier invocation takes the place of all attempts.
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
        if let Some(kept) = self.kept(call).await {
            let reply = kept?;
            if let Ok(value) = read(&reply) {
                return Ok(value);
            }
        }
        let mut tries = Tries::new(call.policy);
        loop {
            let reply = self.reply(call, &build, &mut tries).await?;
            let unreadable = match read(&reply) {
                Ok(value) => {
                    self.keep(call, &reply);
                    return Ok(value);
                }
                Err(unreadable) => unreadable,
            };
            let Some(backoff) = tries.waits.next() else {
                return Err(ReadError::Unreadable(unreadable));
            };
            let wait = self.our_own(backoff);
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
            self.invocation.requests.count(call.endpoint);
            let (failure, asked) = match self.attempt(call, request).await {
                Ok(reply) if is_success(reply.status) => return Ok(reply),
                Ok(reply) => {
                    if is_final(reply.status) {
                        self.keep(call, &reply);
                    }
                    self.refusal(call.endpoint, reply, tries.made)
                }
                Err(error) => (error.after(tries.made), Duration::ZERO),
            };
            tries.ambiguous |= failure.is_ambiguous();
            if !failure.is_transient() {
                return Err(failure);
            }
            if !asked.is_zero() && self.is_too_long(asked) {
                // However many tries are left: the service says when the next one makes sense, and it is not now.
                return Err(Error::OutOfTime {
                    endpoint: call.endpoint,
                    wait: asked,
                });
            }
            let Some(backoff) = tries.waits.next() else {
                return Err(failure);
            };
            let wait = self.our_own(backoff).max(asked);
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
        let to_the_end = Duration::try_from(self.invocation.deadline.end.duration_since(now))
            .unwrap_or_default();
        // Half of the reserve is left for what has to be written after an attempt that never ends.
        let reserve = Duration::try_from(
            self.invocation
                .deadline
                .end
                .duration_since(self.invocation.deadline.last_start),
        )
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
                // No longer than a minute: nobody else's wait would be shorter.
                Err(wait) => self.sleep(call.endpoint, wait).await?,
            }
        }
    }

    /// Whether a request may still start.
    fn time_is_left(&self, endpoint: &'static str) -> Result<(), Error> {
        if self.invocation.left(self.clock.now()).is_zero() {
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
    /// [`Error::OutOfTime`] where the wait would reach into the invocation's reserve, or is longer than it waits itself.
    pub async fn wait(&self, endpoint: &'static str, wait: Duration) -> Result<(), Error> {
        if self.is_too_long(wait) {
            return Err(Error::OutOfTime { endpoint, wait });
        }
        self.sleep(endpoint, wait).await
    }

    async fn sleep(&self, endpoint: &'static str, wait: Duration) -> Result<(), Error> {
        let now = self.clock.now();
        if wait >= self.invocation.left(now) {
            return Err(Error::OutOfTime { endpoint, wait });
        }
        let then = now.checked_add(wait).unwrap_or(now);
        self.invocation.replies.nothing_until(then);
        self.clock.sleep(wait).await;
        Ok(())
    }

    /// Whether another invocation has to go on after this wait.
    fn is_too_long(&self, wait: Duration) -> bool {
        let Invocation { deadline, .. } = &self.invocation;
        wait > deadline.longest_wait || wait >= self.invocation.left(self.clock.now())
    }

    /// A wait that nobody asked for is never too long to be waited for here: else an outage would have no end, as every
    /// invocation counts its attempts anew.
    fn our_own(&self, backoff: Duration) -> Duration {
        backoff.min(self.invocation.deadline.longest_wait)
    }

    /// What an earlier invocation was answered: nothing is sent for it.
    async fn kept(&self, call: Call<'_>) -> Option<Result<Reply, Error>> {
        let reply = self.invocation.replies.take(call.kept_as?)?;
        // Whatever else is being read gets its turn, as it would while a request is on its way.
        tokio::task::yield_now().await;
        Some(if is_success(reply.status) {
            Ok(reply)
        } else {
            Err(self.refusal(call.endpoint, reply, 1).0)
        })
    }

    fn keep(&self, call: Call<'_>, reply: &Reply) {
        if let Some(url) = call.kept_as {
            self.invocation.replies.keep(url, reply, self.clock.now());
        }
    }

    /// Keeps that a request of that [`kept_as`](Call::kept_as) failed with this status, for a caller who did without it
    /// and went on: the next invocation does not try again.
    pub fn keep_failure(&self, url: &Url, status: u16) {
        let failure = Reply {
            status,
            headers: HeaderMap::new(),
            body: Body::default(),
        };
        self.invocation
            .replies
            .keep(url, &failure, self.clock.now());
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
