//! A reading in several invocations, each cut off at one of its requests.

use std::io::Read as _;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use roster_sync::http::Replies;
use roster_sync::model::roster::Roster;

use super::*;
use crate::simulators::server::Request;

/// How much time an invocation has.
const TIME: Duration = Duration::from_mins(15);

/// What becomes of the request at which an invocation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It is answered, and then the time is over.
    After,
    /// The time is over before its answer comes.
    Within,
}

/// What an earlier invocation leaves to the next one.
pub struct Slices<'a> {
    pub server: &'a Server,
    pub clock: &'a Clock,
    pub chunks: Vec<Bytes>,
    /// What happens to requests besides.
    pub faults: fn(&Request) -> Option<Fault>,
}

impl<'a> Slices<'a> {
    pub fn new(server: &'a Server, clock: &'a Clock) -> Self {
        Self {
            server,
            clock,
            chunks: Vec::new(),
            faults: |_| None,
        }
    }

    /// An invocation that is cut at the request of this number, counted from 1; `read` gets its client.
    pub async fn one<T>(
        &mut self,
        cut: Option<(usize, Cut)>,
        read: impl AsyncFnOnce(Http) -> T,
    ) -> T {
        let now = self.clock.now();
        let deadline = Deadline::new(now, now.checked_add(TIME).unwrap());
        let invocation = Invocation {
            replies: Replies::of_earlier(&self.chunks).unwrap(),
            ..Invocation::new(deadline)
        };
        let replies = invocation.replies.clone();
        self.cut_at(cut.unwrap_or((usize::MAX, Cut::After)));
        let transport = Transport::new(Hosts::as_written()).unwrap();
        let result = read(Http::new(transport, self.clock.clone(), invocation)).await;
        self.chunks.extend(replies.take_unsaved());
        result
    }

    /// All that is kept, as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for chunk in &self.chunks {
            let mut zcat = flate2::read::MultiGzDecoder::new(chunk.as_ref());
            zcat.read_to_string(&mut text).unwrap();
        }
        text
    }

    fn cut_at(&self, (number, how): (usize, Cut)) {
        let asked = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&asked);
        self.server.latency(Box::new(move |_| {
            let mut asked = counted.lock().unwrap();
            *asked += 1;
            if *asked == number {
                TIME
            } else {
                Duration::from_millis(50)
            }
        }));
        let faults = self.faults;
        self.server.fault(Box::new(move |request| {
            let cut = how == Cut::Within && *asked.lock().unwrap() == number;
            cut.then_some(Fault::Reset).or_else(|| faults(request))
        }));
    }

    /// Reads until one invocation is not out of time, each cut at the same number of requests of its own. The result,
    /// and how many invocations it took.
    pub async fn all<T, E: std::fmt::Debug>(
        mut self,
        cut: (usize, Cut),
        is_out_of_time: impl Fn(&E) -> bool,
        read: impl AsyncFn(Http) -> Result<T, E>,
    ) -> (T, usize) {
        for slices in 1..500 {
            match self.one(Some(cut), &read).await {
                Ok(value) => return (value, slices),
                Err(error) => assert!(is_out_of_time(&error), "{error:?}"),
            }
        }
        panic!("it never comes to an end");
    }
}

/// Whether they are equal, all that is masked in messages included.
pub fn are_same(one: &Roster, other: &Roster) -> bool {
    let parts = |roster: &Roster| {
        let Roster {
            schools,
            courses,
            classes,
            people,
            terms,
            ..
        } = roster.clone();
        (schools, courses, classes, people, terms)
    };
    let rest = |roster: &Roster| {
        let roster = roster.clone();
        let names = (roster.attribute_names, roster.person_attribute_names);
        let state = (roster.district_state, roster.notices);
        (names, roster.skipped, roster.unknown_members, state)
    };
    parts(one) == parts(other) && rest(one) == rest(other)
}
