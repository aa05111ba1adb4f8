//! A store whose calls are counted, and fail, stall or kill whoever makes them, where a test orders it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use roster_sync::clock::Clock;
use roster_sync::store::{Documents, Error, Expected, Listed, Location, Version};
use tokio::sync::Notify;

use super::life::{Life, die};

/// What a call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Reading, with or without the version.
    Get,
    /// Listing what is below a prefix.
    List,
    /// Writing whatever is there.
    Put,
    /// Writing where the store finds what is expected.
    PutIf,
}

impl Operation {
    /// Whether it may change the store.
    pub fn writes(self) -> bool {
        match self {
            Self::Get | Self::List => false,
            Self::Put | Self::PutIf => true,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Get => "reading",
            Self::List => "listing",
            Self::Put | Self::PutIf => "writing",
        }
    }
}

/// One call of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreCall {
    /// Its number since the calls were last cleared, from 1.
    pub number: usize,
    /// What it asks for.
    pub operation: Operation,
    /// The key in the bucket: configuration lies below `config/`.
    pub key: String,
    /// The number of the invocation that makes it, from 1; 0 outside all.
    pub invocation: u64,
}

/// What becomes of a call.
#[derive(Debug, Clone)]
pub enum Act {
    /// It is carried out.
    Pass,
    /// It fails as a store that cannot be reached; it takes no effect.
    Fail,
    /// It is refused, and takes no effect.
    Refuse,
    /// It takes effect, and fails all the same.
    FailAfter,
    /// It fails as if somebody else had written the object; it takes no effect. For [`Operation::PutIf`].
    Changed,
    /// It takes this long, then it is carried out. Lambda kills an invocation whose time ends meanwhile.
    Slow(Duration),
    /// It is carried out as soon as somebody notifies.
    Held(Arc<Notify>),
    /// The invocation is killed; the call takes no effect.
    Kill,
    /// The call takes effect, and the invocation is killed.
    KillAfter,
}

/// Decides what becomes of a call.
pub type Hook = Box<dyn FnMut(&StoreCall) -> Act + Send>;

/// Where a kill is due.
#[derive(Debug, Clone, Copy)]
struct Due {
    /// How many calls that count are before it.
    before: usize,
    writes_only: bool,
    after: bool,
}

struct State {
    clock: Clock,
    calls: Vec<StoreCall>,
    hook: Option<Hook>,
    due: Option<Due>,
}

/// What tests order of a store, and what they learn of it. Clones share everything.
#[derive(Clone)]
pub struct Store(Arc<Mutex<State>>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({} calls)", self.lock().calls.len())
    }
}

impl Store {
    /// A store that carries everything out.
    pub fn new(clock: Clock) -> Self {
        Self(Arc::new(Mutex::new(State {
            clock,
            calls: Vec::new(),
            hook: None,
            due: None,
        })))
    }

    /// These documents, under these orders. `prefix` stands before their keys in [`StoreCall::key`].
    pub fn over<D>(&self, documents: D, prefix: &'static str) -> Faulty<D> {
        Faulty {
            documents,
            prefix,
            store: self.clone(),
        }
    }

    /// From now on `hook` decides what becomes of every call.
    pub fn hook(&self, hook: Hook) {
        self.lock().hook = Some(hook);
    }

    /// Everything is carried out from now on.
    pub fn no_hook(&self) {
        self.lock().hook = None;
    }

    /// Every call since the last [`clear`](Self::clear), in the order in which they began.
    pub fn calls(&self) -> Vec<StoreCall> {
        self.lock().calls.clone()
    }

    /// The calls among them that write.
    pub fn writes(&self) -> Vec<StoreCall> {
        let mut calls = self.calls();
        calls.retain(|call| call.operation.writes());
        calls
    }

    /// Forgets the calls so far; the next one has number 1.
    pub fn clear(&self) {
        self.lock().calls.clear();
    }

    /// The `number`-th call from now (1 is the next) kills its invocation; of calls that write, where those alone count.
    ///
    /// # Panics
    /// Where the number is 0.
    pub(super) fn kill_at(&self, number: usize, writes_only: bool, after: bool) {
        self.lock().due = Some(Due {
            before: number.checked_sub(1).expect("calls are counted from 1"),
            writes_only,
            after,
        });
    }

    /// Takes [`kill_at`](Self::kill_at) back.
    pub(super) fn spare(&self) {
        self.lock().due = None;
    }

    fn pass(&self, time: Duration) -> Timestamp {
        let clock = self.lock().clock.clone();
        clock.advance(time);
        clock.now()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn act(&mut self, operation: Operation, key: String, invocation: u64) -> Act {
        let call = StoreCall {
            number: self.calls.len() + 1,
            operation,
            key,
            invocation,
        };
        self.calls.push(call.clone());
        if let Some(due) = &mut self.due
            && (operation.writes() || !due.writes_only)
        {
            let Some(before) = due.before.checked_sub(1) else {
                let after = due.after;
                self.due = None;
                return if after { Act::KillAfter } else { Act::Kill };
            };
            due.before = before;
        }
        self.hook.as_mut().map_or(Act::Pass, |hook| hook(&call))
    }
}

/// Documents under the orders of a [`Store`].
#[derive(Debug)]
pub struct Faulty<D> {
    documents: D,
    prefix: &'static str,
    store: Store,
}

impl<D: Documents> Faulty<D> {
    async fn call<T>(
        &self,
        operation: Operation,
        key: &str,
        effect: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        // Whoever else is running may come in between any two calls.
        tokio::task::yield_now().await;
        let life = Life::current();
        if life.as_ref().is_some_and(|life| life.is_dead()) {
            die().await;
        }
        let number = life.as_ref().map_or(0, |life| life.number);
        let object = format!("{}{key}", self.documents.location());
        let key = format!("{}{key}", self.prefix);
        let act = self.store.lock().act(operation, key, number);
        let unavailable = |object| Error::Unavailable {
            operation: operation.name(),
            object,
            cause: "ordered by the test".into(),
        };
        match act {
            Act::Pass => effect.await,
            Act::Fail => Err(unavailable(object)),
            Act::Refuse => Err(Error::Refused {
                operation: operation.name(),
                object,
                code: "AccessDenied".to_owned(),
                advice: "allow it",
            }),
            Act::FailAfter => {
                effect.await?;
                Err(unavailable(object))
            }
            Act::Changed => {
                assert_eq!(operation, Operation::PutIf, "nobody expected anything");
                let operation = operation.name();
                Err(Error::Changed { operation, object })
            }
            Act::Slow(time) => {
                let now = self.store.pass(time);
                // Lambda ends an invocation at the end of its time, whatever it is waiting for.
                if life.is_some_and(|life| now > life.end) {
                    die().await;
                }
                effect.await
            }
            Act::Held(until) => {
                until.notified().await;
                effect.await
            }
            Act::Kill => die().await,
            Act::KillAfter => {
                drop(effect.await);
                die().await
            }
        }
    }
}

impl<D: Documents> Documents for Faulty<D> {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        self.call(Operation::Get, key, self.documents.get(key))
            .await
    }

    async fn get_version(&self, key: &str) -> Result<Option<(Bytes, Version)>, Error> {
        self.call(Operation::Get, key, self.documents.get_version(key))
            .await
    }

    async fn put_if(
        &self,
        key: &str,
        content_type: &'static str,
        body: Bytes,
        expected: &Expected,
    ) -> Result<Version, Error> {
        let effect = self.documents.put_if(key, content_type, body, expected);
        self.call(Operation::PutIf, key, effect).await
    }

    async fn put(&self, key: &str, content_type: &'static str, body: Bytes) -> Result<(), Error> {
        let effect = self.documents.put(key, content_type, body);
        self.call(Operation::Put, key, effect).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        self.call(Operation::List, prefix, self.documents.list(prefix))
            .await
    }

    fn location(&self) -> &Location {
        self.documents.location()
    }
}
