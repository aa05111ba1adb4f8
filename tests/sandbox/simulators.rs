//! The simulated world: a district, Adobe, AWS, and the time in which they all live. The integration tests and the
//! sandbox use the same one. The simulators refuse what the real services refuse.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the sandbox and the tests use different parts"
)]

#[path = "adobe.rs"]
pub mod adobe;
#[path = "aws.rs"]
pub mod aws;
#[path = "clever.rs"]
pub mod clever;
#[path = "district.rs"]
pub mod district;
#[path = "drift.rs"]
pub mod drift;
#[path = "engine.rs"]
pub mod engine;
#[path = "faulty.rs"]
pub mod faulty;
#[path = "life.rs"]
mod life;
#[path = "listen.rs"]
mod listen;
#[path = "mapping.rs"]
pub mod mapping;
#[path = "oneroster.rs"]
pub mod oneroster;
#[path = "query.rs"]
mod query;
#[path = "random.rs"]
pub mod random;
#[path = "runtime.rs"]
pub mod runtime;
#[path = "server.rs"]
pub mod server;
#[path = "sis.rs"]
pub mod sis;
#[path = "world.rs"]
pub mod world;
