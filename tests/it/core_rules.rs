//! The pure core, by story and by law: needs, desired, plan, check, pack, counters.

mod adobe;
mod desired;
mod exclusions;
mod formats;
mod golden;
mod guards;
mod included;
mod laws;
mod partial;
mod render;
mod rows;
mod scoped;
mod stories;
mod world;
