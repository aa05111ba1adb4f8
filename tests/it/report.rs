//! What a pass says about itself.

mod dated;
mod dates;
mod fixture;
mod hostile;
mod lines;
mod plan;
mod progress;
mod summary;
