//! Adobe as its clients meet it: IMS, which gives out tokens, and the User Management API (UMAPI) with its state, on
//! one server.
//!
//! It refuses what Adobe documents to refuse (<https://adobe-apiplatform.github.io/umapi-documentation/en/>). Where the
//! documentation leaves a choice, it takes the one that finds more mistakes, and the place says so. It knows nothing of
//! the crate that it tests but the clock.

#[path = "adobe/actions.rs"]
mod actions;
#[path = "adobe/console.rs"]
mod console;
#[path = "adobe/group_steps.rs"]
mod group_steps;
#[path = "adobe/group_syntax.rs"]
mod group_syntax;
#[path = "adobe/ims.rs"]
mod ims;
#[path = "adobe/lists.rs"]
mod lists;
#[path = "adobe/org.rs"]
mod org;
#[path = "adobe/refusal.rs"]
mod refusal;
#[path = "adobe/route.rs"]
mod route;
#[path = "adobe/rules.rs"]
mod rules;
#[path = "adobe/syntax.rs"]
mod syntax;
#[path = "adobe/throttle.rs"]
mod throttle;
#[path = "adobe/user_steps.rs"]
mod user_steps;
#[path = "adobe/user_syntax.rs"]
mod user_syntax;
#[path = "adobe/values.rs"]
mod values;
#[path = "adobe/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use roster_sync::clock::Clock;
use serde_json::Value;

use super::server::Server;
pub use org::{Account, Group, GroupKind, Identity, Org};
pub use route::Endpoint;
pub use rules::{Claim, Latency, Order, Rules};
pub use world::Entry;
use world::World;

/// A running Adobe with one organization. Clones share everything.
#[derive(Debug, Clone)]
pub struct Adobe {
    /// Where faults are ordered. A request that a fault keeps from being served is in the server's log only.
    pub server: Server,
    world: Arc<Mutex<World>>,
}

impl Adobe {
    /// Starts with the default [`Rules`].
    ///
    /// # Panics
    /// Where an account is in a group that the organization does not have: a slip of the test.
    pub async fn start(clock: Clock, latency: Latency, org: Org) -> Self {
        let world = Arc::new(Mutex::new(World::new(clock.clone(), org)));
        let served = Arc::clone(&world);
        let handler = Box::new(move |request: &_| lock(&served).serve(request));
        let server = Server::start(clock, latency.token, handler).await;
        server.latency(Box::new(move |request| latency.of(Endpoint::of(request))));
        Self { server, world }
    }

    /// `http://127.0.0.1:port`: base of both IMS and UMAPI.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The organization as it was at the start, with its credentials.
    pub fn org(&self) -> Org {
        self.lock().org.clone()
    }

    /// Changes the rules from now on.
    pub fn rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.lock().rules);
    }

    /// The accounts in the organization, by address.
    pub fn users(&self) -> Vec<Account> {
        self.lock().console.members_of_org().cloned().collect()
    }

    /// The account of that address and type, in the organization or only in the directory.
    pub fn account(&self, identity: Identity, email: &str) -> Option<Account> {
        self.lock().console.account(identity, email).cloned()
    }

    /// User groups, product profiles and admin groups, by name.
    pub fn groups(&self) -> Vec<Group> {
        self.lock().console.groups().cloned().collect()
    }

    /// The whole state as sorted text, made to be compared.
    pub fn snapshot(&self) -> String {
        self.lock().console.snapshot()
    }

    /// Somebody else changes the organization: puts this account in, in the place of one with the same address.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub fn put(&self, account: Account) {
        self.lock().console.put(account);
    }

    /// Somebody else changes the organization: the account goes, out of the directory, too.
    pub fn forget(&self, identity: Identity, email: &str) {
        self.lock().console.forget(identity, email);
    }

    /// Every request that was served, in order.
    pub fn log(&self) -> Vec<Entry> {
        self.lock().log.clone()
    }

    /// How many requests each endpoint has served.
    pub fn requests(&self) -> BTreeMap<Endpoint, usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.lock().log {
            *counts.entry(entry.endpoint).or_default() += 1;
        }
        counts
    }

    /// When the action requests came, refused ones included.
    pub fn action_times(&self) -> Vec<Timestamp> {
        let world = self.lock();
        let actions = world.log.iter();
        actions
            .filter(|entry| entry.endpoint == Endpoint::Action)
            .map(|entry| entry.at)
            .collect()
    }

    /// The bodies of the action requests that were carried out or tested (status 200), in order.
    pub fn action_bodies(&self) -> Vec<Value> {
        let world = self.lock();
        let answered = world.log.iter().filter(|entry| entry.status == 200);
        answered.filter_map(|entry| entry.body.clone()).collect()
    }

    /// Forgets the requests so far, here and at the server. Windows of throttling stay as they are.
    pub fn clear_log(&self) {
        self.server.clear_log();
        self.lock().log.clear();
    }

    /// No bodies are kept from now on, and of requests only what [`requests`](Self::requests) counts.
    pub fn keep_no_bodies(&self) {
        self.server.keep_no_log();
        self.lock().keeps_bodies = false;
    }

    /// How many accounts are in the organization.
    pub fn size(&self) -> usize {
        self.lock().console.members_of_org().count()
    }

    /// Every token that IMS has given out.
    pub fn tokens(&self) -> Vec<String> {
        self.lock().ims.tokens()
    }

    /// No token given out so far is valid any more.
    pub fn revoke_tokens(&self) {
        self.lock().ims.revoke_all();
    }

    /// This token is not valid any more.
    pub fn revoke_token(&self, token: &str) {
        self.lock().ims.revoke(token);
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }
}

fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}
