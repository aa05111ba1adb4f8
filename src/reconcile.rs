//! The pure core: desired, plan, guard, actions, batches, counters. No I/O, no clock, no environment.

pub mod action;
pub mod approval;
pub mod counters;
pub mod desired;
pub mod ending;
pub mod forecast;
pub mod guard;
pub mod history;
pub mod known;
pub mod outcome;
pub mod pack;
pub mod plan;
pub mod problem;
