//! The pure core, by story and by law: needs, desired, plan, check, pack, counters.

pub(crate) mod adobe;
mod desired;
mod exclusions;
mod formats;
mod golden;
mod guards;
mod included;
pub(crate) mod laws;
mod partial;
mod render;
mod rows;
mod scoped;
mod stories;
pub(crate) mod world;
