//! The pure core, by story and by law: needs, desired, plan, check, pack, counters.

pub(crate) mod adobe;
mod adversary;
mod approvals;
mod case;
mod dates;
mod desired;
mod exclusions;
mod formats;
mod golden;
mod grace;
mod guards;
mod guards_identity;
mod guards_numbers;
mod guards_shrink;
mod harm;
mod included;
pub(crate) mod laws;
mod mistakes;
mod partial;
mod protected;
mod render;
mod rows;
mod scoped;
mod stories;
pub(crate) mod world;
