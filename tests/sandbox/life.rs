//! The invocations that are running, and how one ends that is killed: what it did stays, and nothing of it runs on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::Timestamp;
use tokio::sync::Notify;

tokio::task_local! {
    /// The invocation whose work is being done.
    static CURRENT: Arc<Life>;
}

/// One invocation.
#[derive(Debug)]
pub struct Life {
    /// Its number, from 1.
    pub number: u64,
    /// The end of its time.
    pub end: Timestamp,
    dead: AtomicBool,
    told: Notify,
}

impl Life {
    /// The invocation that this is called for; `None` outside all.
    pub fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Whether it was killed.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// Kills it: whoever runs it drops it.
    pub fn kill(&self) {
        self.dead.store(true, Ordering::SeqCst);
        self.told.notify_one();
    }
}

/// The call that an invocation dies in: it never returns.
///
/// # Panics
/// Outside all invocations, where nobody would ever drop it.
pub async fn die() -> ! {
    Life::current().expect("an invocation to kill").kill();
    loop {
        std::future::pending::<()>().await;
    }
}

/// All that are running. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Lives(Arc<Mutex<Vec<Weak<Life>>>>);

impl Lives {
    /// Runs an invocation; `None` where it was killed.
    pub async fn run<T>(
        &self,
        number: u64,
        end: Timestamp,
        invocation: impl Future<Output = T>,
    ) -> Option<T> {
        let life = Arc::new(Life {
            number,
            end,
            dead: AtomicBool::new(false),
            told: Notify::new(),
        });
        {
            let mut lives = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            lives.retain(|other| other.strong_count() > 0);
            lives.push(Arc::downgrade(&life));
        }
        // Death is looked at first: once it is told, the invocation is not polled again.
        tokio::select! {
            biased;
            () = life.told.notified() => None,
            output = CURRENT.scope(Arc::clone(&life), invocation) => Some(output),
        }
    }

    /// Kills the one that began first.
    pub fn kill_oldest(&self) {
        let lives = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(life) = lives.iter().find_map(Weak::upgrade) {
            life.kill();
        }
    }
}
