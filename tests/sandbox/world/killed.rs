//! Invocations that are killed, and passes that go on after it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use roster_sync::handler::{self, Failure};
use roster_sync::pass::Connect;
use serde_json::Value;

use super::super::engine::{Engine, Next};
use super::super::faulty::Store;
use super::super::runtime::Answer;
use super::super::server::{Counts, Request, Server};
use super::{MOST_EVENTS, World};

/// How long a lease holds after the end of its holder's time, and a second more.
const LEASE: Duration = Duration::from_secs(6);

/// How an invocation ended.
#[derive(Debug)]
pub enum Ending {
    /// With this answer.
    Answer(Value),
    /// With the error that Lambda is told.
    Failed(Failure),
    /// Suddenly.
    Killed(Killed),
}

impl Ending {
    /// The answer.
    ///
    /// # Panics
    /// Where there is none.
    pub fn answer(self) -> Value {
        match self {
            Self::Answer(answer) => answer,
            other => panic!("no answer: {other:?}"),
        }
    }

    /// That it was killed.
    ///
    /// # Panics
    /// Where it was not.
    pub fn killed(self) -> Killed {
        match self {
            Self::Killed(killed) => killed,
            other => panic!("not killed: {other:?}"),
        }
    }

    /// What Lambda says of it.
    pub fn for_engine(self) -> Answer {
        let error = |error_type: &str, message: String| Answer::Error {
            error_type: error_type.to_owned(),
            message,
        };
        match self {
            Self::Answer(answer) => Answer::Response(answer),
            Self::Failed(failure) => error(failure.name.as_str(), failure.message),
            Self::Killed(_) => error("Sandbox.Timedout", String::new()),
        }
    }
}

/// An invocation that is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Killed {
    /// The end of the time that it had.
    pub end: Timestamp,
}

/// Where an invocation is killed: at the call or request of this number, from 1, and whether that still takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A call of the store.
    Store {
        /// The next call is 1.
        number: usize,
        /// Whether it takes effect.
        after: bool,
    },
    /// A call of the store that writes.
    Write {
        /// The next such call is 1.
        number: usize,
        /// Whether it takes effect.
        after: bool,
    },
    /// A request to Adobe, one for a token included.
    Adobe {
        /// The next request is 1.
        number: usize,
        /// Whether it takes effect.
        after: bool,
    },
    /// An action request to Adobe.
    Action {
        /// The next such request is 1.
        number: usize,
        /// Whether it takes effect.
        after: bool,
    },
    /// A request for the roster.
    Roster {
        /// The next request is 1.
        number: usize,
        /// Whether it takes effect.
        after: bool,
    },
}

impl World {
    /// What tests order of the store, and what they learn of it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// One invocation to its end, whatever that is. Two may run at once.
    pub async fn invoke_to(&self, event: Value, time_limit: Duration) -> Ending {
        self.invoke_over(&self.wiring, event, time_limit).await
    }

    /// The same of a function that is connected otherwise.
    pub async fn invoke_over(
        &self,
        wiring: &impl Connect,
        event: Value,
        time_limit: Duration,
    ) -> Ending {
        let number = self.invoked.fetch_add(1, Ordering::SeqCst) + 1;
        let request_id = format!("00000000-0000-4000-8000-{number:012x}");
        let end = self.clock.now() + time_limit;
        let invocation = Box::pin(handler::answer(wiring, &event, &request_id, end));
        let result = self.lives.run(number, end, invocation).await;
        match result {
            Some(Ok(answer)) => Ending::Answer(answer),
            Some(Err(failure)) => Ending::Failed(failure),
            None => Ending::Killed(Killed { end }),
        }
    }

    /// Whoever comes to this point first is killed there, once. It is counted from now; a point that is ordered later
    /// takes the place of one of the same kind. Where two invocations run at once, a point at Adobe or at the roster
    /// kills the one that began first.
    pub fn kill_at(&self, point: Point) {
        let every: Counts = |_| true;
        let actions: Counts = |request: &Request| request.path.contains("/action/");
        let at = |server: &Server, number, counts, after| {
            let lives = self.lives.clone();
            server.kill_at(number, counts, after, Box::new(move || lives.kill_oldest()));
        };
        match point {
            Point::Store { number, after } => self.store.kill_at(number, false, after),
            Point::Write { number, after } => self.store.kill_at(number, true, after),
            Point::Adobe { number, after } => at(&self.adobe.server, number, every, after),
            Point::Action { number, after } => at(&self.adobe.server, number, actions, after),
            Point::Roster { number, after } => at(self.sis().server(), number, every, after),
        }
    }

    /// Nobody is killed any more.
    pub fn spare(&self) {
        self.store.spare();
        self.adobe.server.spare();
        self.sis().server().spare();
    }

    /// Lets the rest of the killed invocation's time pass, and what its lease holds beyond that.
    pub fn outlive(&self, killed: &Killed) {
        let free = killed.end + LEASE;
        let wait = free.duration_since(self.clock.now());
        self.clock.advance(wait.try_into().unwrap_or_default());
    }

    /// A whole pass that is killed at this point, if it comes there; goes on as [`driven`](Self::driven) does. Returns the
    /// last answer and the number of kills.
    ///
    /// # Panics
    /// As [`driven`](Self::driven).
    pub async fn pass_killed_at(
        &self,
        event: Value,
        point: Point,
        time_limit: Duration,
    ) -> (Value, u32) {
        self.pass_killed_at_each(event, &[point], time_limit).await
    }

    /// The same with several points, each of which is counted from the kill before it.
    ///
    /// # Panics
    /// As [`driven`](Self::driven).
    pub async fn pass_killed_at_each(
        &self,
        event: Value,
        points: &[Point],
        time_limit: Duration,
    ) -> (Value, u32) {
        let mut points = points.iter();
        let mut kills = 0;
        let mut next = || {
            if let Some(point) = points.next() {
                self.kill_at(*point);
            }
        };
        next();
        let over = self.driven_to(event, time_limit, |ending| match ending {
            Ending::Killed(_) => {
                kills += 1;
                next();
            }
            Ending::Failed(failure) => panic!("a pass that does not fail: {failure:?}"),
            Ending::Answer(_) => {}
        });
        let over = over.await;
        self.spare();
        match over {
            Next::Ended(answer) => (answer, kills),
            other => panic!("a pass that does not fail: {other:?}"),
        }
    }

    /// A whole pass as an engine drives it: the trigger's input with `time` and `execution` beside its fields first, then
    /// the pass by its id, and after a kill the same event again. Returns the last answer and the number of kills.
    ///
    /// # Panics
    /// Where an invocation fails, or the pass comes to no end.
    pub async fn driven(&self, event: Value, time_limit: Duration) -> (Value, u32) {
        self.pass_killed_at_each(event, &[], time_limit).await
    }

    /// What an engine comes to that is given this event. `seen` is told how each invocation ended.
    ///
    /// # Panics
    /// Where the engine comes to no end.
    pub async fn driven_to(
        &self,
        event: Value,
        time_limit: Duration,
        seen: impl FnMut(&Ending),
    ) -> Next {
        self.driven_over(&self.wiring, event, time_limit, seen)
            .await
    }

    /// The same of a function that is connected otherwise.
    ///
    /// # Panics
    /// As [`driven_to`](Self::driven_to).
    pub async fn driven_over(
        &self,
        wiring: &impl Connect,
        event: Value,
        time_limit: Duration,
        mut seen: impl FnMut(&Ending),
    ) -> Next {
        // An engine's execution has a name, by which a repeated event is known.
        let number = self.invoked.load(Ordering::SeqCst) + 1;
        let name = format!("execution-{number}");
        let mut engine = Engine::start(event, &name, self.clock.now());
        for _ in 0..MOST_EVENTS {
            let event = engine.event().clone();
            let ending = self.invoke_over(wiring, event, time_limit).await;
            seen(&ending);
            match engine.answered(ending.for_engine(), self.clock.now()) {
                Next::Event(wait) => self.clock.sleep(wait).await,
                over => return over,
            }
        }
        panic!("the pass comes to no end");
    }
}
