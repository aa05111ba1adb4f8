//! Replies that are kept from one invocation of a pass to the next, so that a long reading goes on where it was.
//!
//! Only requests that change nothing and whose replies hold no credentials take part: [`Http::read`](super::Http::read)
//! with a [`Call`](super::Call) that says so. The next invocation asks all of it again and gets what was kept first.

mod chunk;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::Url;
use tokio::sync::Notify;

use super::transport::Reply;

/// What is unsaved for longer should be saved: it is lost if the invocation is killed.
const LONGEST_UNSAVED: Duration = Duration::from_secs(30);
/// So many compressed bytes should be saved at once.
const MOST_UNSAVED: usize = 8 * 1024 * 1024;

/// Replies by the URL that was asked, compressed until somebody asks. Clones share them.
#[derive(Clone, Default)]
pub struct Replies(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Tells those who wait that [`State::due`] is set.
    due: Notify,
}

#[derive(Default)]
struct State {
    /// What is left of the replies of earlier invocations, each packed, in the order they came.
    earlier: BTreeMap<String, VecDeque<Bytes>>,
    /// What this invocation kept since it was last saved.
    unsaved: chunk::Builder,
    /// When the first of those came.
    unsaved_since: Option<Timestamp>,
    /// Whether it is time to save them.
    due: bool,
    oldest: Option<Timestamp>,
}

impl fmt::Debug for Replies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        let earlier: usize = state.earlier.values().map(VecDeque::len).sum();
        f.debug_struct("Replies")
            .field("earlier", &earlier)
            .field("unsaved_bytes", &state.unsaved.len())
            .finish()
    }
}

impl Replies {
    /// Those of earlier invocations, from the chunks that [`take_unsaved`](Self::take_unsaved) gave, in their order.
    ///
    /// # Errors
    /// The position of a chunk that is not ours, or not whole.
    pub fn of_earlier(chunks: &[Bytes]) -> Result<Self, usize> {
        let mut earlier = BTreeMap::<String, VecDeque<Bytes>>::new();
        for (position, chunk) in chunks.iter().enumerate() {
            for (url, packed) in chunk::replies(chunk).ok_or(position)? {
                earlier.entry(url).or_default().push_back(packed);
            }
        }
        let state = State {
            earlier,
            ..State::default()
        };
        Ok(Self(Arc::new(Shared {
            state: Mutex::new(state),
            due: Notify::new(),
        })))
    }

    /// The reply that an earlier invocation had to this request. Each is given once, in the order they came.
    pub(super) fn take(&self, url: &Url) -> Option<Reply> {
        let packed = self.state().earlier.get_mut(url.as_str())?.pop_front()?;
        let (came, reply) = chunk::unpack(&packed)?;
        self.state().note(came);
        Some(reply)
    }

    /// Keeps a reply that could be read, and came now.
    pub(super) fn keep(&self, url: &Url, reply: &Reply, now: Timestamp) {
        let Some(packed) = chunk::pack(url, reply, now) else {
            return;
        };
        let mut state = self.state();
        state.unsaved.push(&packed);
        state.unsaved_since.get_or_insert(now);
        state.note(now);
        self.look(state, now);
    }

    /// Nothing is kept before this time: what should be saved by then is better saved now.
    pub(super) fn nothing_until(&self, then: Timestamp) {
        self.look(self.state(), then);
    }

    fn look(&self, mut state: MutexGuard<'_, State>, now: Timestamp) {
        let age = |since| Duration::try_from(now.duration_since(since)).unwrap_or_default();
        let is_old = |since| age(since) >= LONGEST_UNSAVED;
        if state.unsaved_since.is_some_and(is_old) || state.unsaved.len() >= MOST_UNSAVED {
            state.due = true;
            self.0.due.notify_waiters();
        }
    }

    /// A chunk of what was kept since the last call, compressed; `None` where there is nothing.
    pub fn take_unsaved(&self) -> Option<Bytes> {
        let mut state = self.state();
        state.due = false;
        state.unsaved_since = None;
        std::mem::take(&mut state.unsaved).finish()
    }

    /// Returns as soon as there is so much to save, or for so long, that it should be. Replies decide that, and waits
    /// between them: it does not wait for a time of its own.
    pub async fn due(&self) {
        loop {
            // Before the look, so that nothing is missed in between.
            let told = self.0.due.notified();
            if self.state().due {
                return;
            }
            told.await;
        }
    }

    /// When the oldest reply came of those that were given or kept: nothing that was read is older.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.state().oldest
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, came: Timestamp) {
        self.oldest = Some(self.oldest.map_or(came, |oldest| oldest.min(came)));
    }
}
