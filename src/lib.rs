//! x
pub mod clock;
pub mod config;
pub mod event;
pub mod http;
pub mod model;
pub mod reconcile;
pub mod sis;
pub mod store;
pub mod umapi;
