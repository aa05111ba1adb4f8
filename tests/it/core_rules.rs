//! The pure core, by story and by law: needs, desired, plan, check, pack, counters.

mod adobe;
mod desired;
mod golden;
mod guards;
mod laws;
mod render;
mod rows;
mod stories;
mod world;
