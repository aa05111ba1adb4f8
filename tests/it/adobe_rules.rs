//! The simulated Adobe accepts what Adobe's documentation accepts and refuses what it refuses. Every test speaks plain
//! HTTP, so that nothing of the product can hide a mistake of the simulator.

#[path = "adobe_rules/bare.rs"]
mod bare;
#[path = "adobe_rules/envelope.rs"]
mod envelope;
#[path = "adobe_rules/gate.rs"]
mod gate;
#[path = "adobe_rules/group_roots.rs"]
mod group_roots;
#[path = "adobe_rules/reading.rs"]
mod reading;
#[path = "adobe_rules/user_creations.rs"]
mod user_creations;
#[path = "adobe_rules/user_memberships.rs"]
mod user_memberships;
#[path = "adobe_rules/user_updates.rs"]
mod user_updates;
