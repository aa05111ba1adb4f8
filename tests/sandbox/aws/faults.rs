//! Faults of S3, where a test orders them.

use std::time::Duration;

/// One request for an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectRequest {
    /// Its number among the requests to S3 since the faults were ordered, from 1.
    pub number: usize,
    /// `GET`, `PUT`, `LIST`, …
    pub method: String,
    /// `bucket/key`, still percent-encoded; of a list `bucket/prefix`.
    pub object: String,
}

/// What happens to a request instead of, or besides, its being served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This status and code; the request takes no effect.
    Answer(u16, &'static str),
    /// The request takes effect, and this status and code are sent all the same.
    AnswerAfterEffect(u16, &'static str),
    /// The connection ends before anything is sent; the request takes effect.
    ResetAfterEffect,
    /// No answer for this (real) time, then the connection ends; the request takes no effect.
    Hang(Duration),
    /// The request takes effect; no answer for this (real) time, then the connection ends.
    HangAfterEffect(Duration),
}

impl Fault {
    pub(super) fn takes_effect(self) -> bool {
        match self {
            Self::Answer(..) | Self::Hang(_) => false,
            Self::AnswerAfterEffect(..) | Self::ResetAfterEffect | Self::HangAfterEffect(_) => true,
        }
    }
}

/// Which requests a fault befalls.
pub type When = Box<dyn FnMut(&ObjectRequest) -> Option<Fault> + Send>;

/// The faults that are ordered.
#[derive(Default)]
pub(super) struct Faults {
    when: Option<When>,
    requests: usize,
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Faults(after {} requests)", self.requests)
    }
}

impl Faults {
    pub(super) fn order(&mut self, when: Option<When>) {
        *self = Self { when, requests: 0 };
    }

    pub(super) fn befall(&mut self, method: &str, path: &str) -> Option<Fault> {
        self.requests += 1;
        let request = ObjectRequest {
            number: self.requests,
            method: method.to_owned(),
            object: path.trim_start_matches('/').to_owned(),
        };
        self.when.as_mut().and_then(|when| when(&request))
    }
}
