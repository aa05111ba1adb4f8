//! How a pass ended: counters, actions, and who is in which group.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The Action Summary, or the error.
    pub(super) counters: Counters,
    /// Total, success, error.
    pub(super) actions: [u64; 3],
    /// Everybody in the organization, with their groups, all in lower case.
    pub(super) state: State,
}

/// Groups by account.
pub(super) type State = BTreeMap<String, BTreeSet<String>>;

/// The rows of the Action Summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Counters {
    /// Read, selected, in Adobe, excluded, unchanged, created, updated; Adobe-only where they are dealt with.
    Sync([u64; 7], Option<u64>),
    /// Read, selected, pushed.
    Push([u64; 3]),
    /// There are none: the pass failed with this error.
    Failed(&'static str),
}

impl Counters {
    /// As UST's users write them down.
    pub(super) fn shown(&self) -> String {
        let list = |numbers: &[u64]| {
            let texts: Vec<String> = numbers.iter().map(u64::to_string).collect();
            texts.join(" / ")
        };
        match self {
            Self::Sync(numbers, Some(adobe_only)) => format!("{} / {adobe_only}", list(numbers)),
            Self::Sync(numbers, None) => format!("{} / –", list(numbers)),
            Self::Push([read, selected, pushed]) => format!("{read} / {selected}, pushed {pushed}"),
            Self::Failed(error) => format!("`{error}`"),
        }
    }

    /// Of a response.
    pub(super) fn of(counters: &Value) -> Self {
        let number = |name: &str| {
            counters[name]
                .as_u64()
                .unwrap_or_else(|| panic!("no counter {name}"))
        };
        let read = number("directory_users_read");
        let selected = number("directory_users_selected");
        if let Some(pushed) = counters["users_pushed"].as_u64() {
            return Self::Push([read, selected, pushed]);
        }
        let numbers = [
            read,
            selected,
            number("adobe_users_read"),
            number("adobe_users_excluded"),
            number("adobe_users_unchanged"),
            number("adobe_users_created"),
            number("adobe_users_updated"),
        ];
        Self::Sync(numbers, counters["adobe_only_users"].as_u64())
    }
}

/// `(3, 3, 0)`.
pub(super) fn triple([total, success, error]: [u64; 3]) -> String {
    format!("({total}, {success}, {error})")
}
