//! Nouns: ids, the roster, the directory. No I/O, no rules.

pub mod directory;
pub mod id;
pub mod matching;
pub mod period;
pub mod roster;
