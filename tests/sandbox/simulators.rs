//! The simulated world: a district, Adobe, AWS, and the time in which they all live. The integration tests and the
//! sandbox use the same one. The simulators refuse what the real services refuse.
#![allow(dead_code, reason = "the sandbox and the tests use different parts")]
#![allow(
    unreachable_pub,
    unused_imports,
    reason = "shared by two binaries, neither of which uses everything"
)]

#[path = "adobe.rs"]
pub mod adobe;
#[path = "server.rs"]
pub mod server;
