//! A small HTTP server on loopback, with faults to order.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use roster_sync::clock::Clock;
use tokio::net::{TcpListener, TcpStream};

/// A whole request.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query, still percent-encoded; empty where there is none.
    pub query: String,
    /// Header names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Request {
    /// The first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A whole reply.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers besides `content-length`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Response {
    /// A JSON reply.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self {
            status,
            headers,
            body: Bytes::from(body.to_string()),
        }
    }

    /// A reply without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What happens to a request instead of, or besides, its being served.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This reply; the request takes no effect.
    Reply(Response),
    /// The request takes effect, and this reply is sent all the same.
    ReplyAfterEffect(Response),
    /// The request takes effect; only this share (percent) of the reply's body is sent, then the connection ends.
    Truncate(usize),
    /// The body is cut to this share (percent), but sent as if it were whole.
    CutBody(usize),
    /// The request is served, and its reply has this header instead of its own of that name.
    Header(&'static str, String),
    /// The connection ends before anything is sent; the request takes no effect.
    Reset,
    /// The connection ends before anything is sent; the request takes effect.
    ResetAfterEffect,
    /// No reply for this (real) time, then the connection ends.
    Hang(Duration),
}

/// Which requests a fault befalls.
pub type When = Box<dyn FnMut(&Request) -> Option<Fault> + Send>;
/// How long a request takes, in the clock's time.
pub type Latency = Box<dyn Fn(&Request) -> Duration + Send>;
/// Which requests are counted.
pub type Counts = fn(&Request) -> bool;
/// Serves one request.
pub type Handler = Box<dyn FnMut(&Request) -> Response + Send>;

/// Where whoever asks is killed.
struct Due {
    counts: Counts,
    /// How many requests that count are before it.
    before: usize,
    after: bool,
    kill: Box<dyn FnOnce() + Send>,
}

struct Inner {
    handler: Handler,
    fault: Option<When>,
    due: Option<Due>,
    clock: Clock,
    latency: Latency,
    served: usize,
    /// `None` where requests are only counted.
    log: Option<Vec<Request>>,
}

/// A running server. It ends with the runtime it was started on.
#[derive(Clone)]
pub struct Server {
    address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({})", self.address)
    }
}

impl Server {
    /// Serves on a free port of loopback. Every request takes `latency` of the clock's time.
    pub async fn start(clock: Clock, latency: Duration, handler: Handler) -> Self {
        Self::start_on("127.0.0.1:0", clock, latency, handler).await
    }

    /// Serves on this address.
    pub async fn start_on(
        address: &str,
        clock: Clock,
        latency: Duration,
        handler: Handler,
    ) -> Self {
        let listener = TcpListener::bind(address)
            .await
            .expect("a port on loopback");
        let address = listener
            .local_addr()
            .expect("the address of a bound socket");
        let inner = Arc::new(Mutex::new(Inner {
            handler,
            fault: None,
            due: None,
            clock,
            latency: Box::new(move |_| latency),
            served: 0,
            log: Some(Vec::new()),
        }));
        let serving = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Self { address, inner }
    }

    /// `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on `when` decides which requests meet a fault.
    pub fn fault(&self, when: When) {
        self.lock().fault = Some(when);
    }

    /// No faults from now on.
    pub fn no_fault(&self) {
        self.lock().fault = None;
    }

    /// At the `number`-th request from now that `counts` (1 is the next), before or after it takes effect, `kill` is
    /// called. Nobody is told what became of the request.
    ///
    /// # Panics
    /// Where the number is 0.
    pub(super) fn kill_at(
        &self,
        number: usize,
        counts: Counts,
        after: bool,
        kill: Box<dyn FnOnce() + Send>,
    ) {
        self.lock().due = Some(Due {
            counts,
            before: number.checked_sub(1).expect("requests are counted from 1"),
            after,
            kill,
        });
    }

    /// Takes [`kill_at`](Self::kill_at) back.
    pub(super) fn spare(&self) {
        self.lock().due = None;
    }

    /// From now on `of` says how long a request takes.
    pub fn latency(&self, of: Latency) {
        self.lock().latency = of;
    }

    /// Every request so far.
    pub fn log(&self) -> Vec<Request> {
        self.lock().log.clone().unwrap_or_default()
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        if let Some(log) = &mut self.lock().log {
            log.clear();
        }
    }

    /// Requests are only counted from now on: the memory of a long play.
    pub fn keep_no_log(&self) {
        self.lock().log = None;
    }

    /// How many requests there were, whatever is kept of them.
    pub fn served(&self) -> usize {
        self.lock().served
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Frames = StreamBody<stream::Iter<std::vec::IntoIter<io::Result<Frame<Bytes>>>>>;

async fn serve(stream: TcpStream, inner: Arc<Mutex<Inner>>) {
    let service =
        service_fn(move |request: hyper::Request<Incoming>| answer(request, Arc::clone(&inner)));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A client that hangs up is no failure of the server.
    drop(connection.await);
}

async fn answer(
    request: hyper::Request<Incoming>,
    inner: Arc<Mutex<Inner>>,
) -> io::Result<hyper::Response<Frames>> {
    let request = whole(request).await.map_err(io::Error::other)?;
    let (reply, share) = match decide(&inner, &request) {
        Told::All(reply) => (reply, None),
        Told::Part(reply, percent) => (reply, Some(percent)),
        Told::Reset => return Err(io::Error::other("the connection is reset")),
        Told::Late(time) => {
            #[expect(
                clippy::disallowed_methods,
                reason = "a client's real timeout is what a hang is for"
            )]
            tokio::time::sleep(time).await;
            return Err(io::Error::other("the connection is reset"));
        }
        Told::Never => std::future::pending().await,
    };
    let mut builder = hyper::Response::builder()
        .status(reply.status)
        .header("content-length", reply.body.len());
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    let frames = match share {
        None => vec![Ok(Frame::data(reply.body))],
        Some(percent) => vec![
            Ok(Frame::data(
                reply.body.slice(..reply.body.len() * percent / 100),
            )),
            Err(io::Error::other("the reply is truncated")),
        ],
    };
    builder
        .body(StreamBody::new(stream::iter(frames)))
        .map_err(io::Error::other)
}

async fn whole(request: hyper::Request<Incoming>) -> Result<Request, hyper::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body,
    })
}

/// What a client is told.
enum Told {
    /// The reply.
    All(Response),
    /// This share (percent) of it.
    Part(Response, usize),
    /// The connection ends.
    Reset,
    /// The connection ends after this (real) time.
    Late(Duration),
    /// Nothing: the client is dead.
    Never,
}

fn decide(inner: &Mutex<Inner>, request: &Request) -> Told {
    let mut inner = inner.lock().unwrap_or_else(PoisonError::into_inner);
    let inner = &mut *inner;
    inner.served += 1;
    if let Some(log) = &mut inner.log {
        log.push(request.clone());
    }
    inner.clock.advance((inner.latency)(request));
    let Some(due) = inner.due.take_if(|due| due.is_here(request)) else {
        return inner.serve(request);
    };
    if due.after {
        // Its effect is all that is left of it.
        inner.serve(request);
    }
    (due.kill)();
    Told::Never
}

impl Due {
    fn is_here(&mut self, request: &Request) -> bool {
        if !(self.counts)(request) {
            return false;
        }
        let here = self.before == 0;
        self.before = self.before.saturating_sub(1);
        here
    }
}

impl Inner {
    fn serve(&mut self, request: &Request) -> Told {
        match self.fault.as_mut().and_then(|when| when(request)) {
            None => Told::All((self.handler)(request)),
            Some(Fault::Reply(reply)) => Told::All(reply),
            Some(Fault::ReplyAfterEffect(reply)) => {
                (self.handler)(request);
                Told::All(reply)
            }
            Some(Fault::Truncate(percent)) => Told::Part((self.handler)(request), percent),
            Some(Fault::CutBody(percent)) => {
                let mut reply = (self.handler)(request);
                reply.body.truncate(reply.body.len() * percent / 100);
                Told::All(reply)
            }
            Some(Fault::Header(name, value)) => {
                let mut reply = (self.handler)(request);
                reply.headers.retain(|(known, _)| known != name);
                Told::All(reply.with(name, &value))
            }
            Some(Fault::Reset) => Told::Reset,
            Some(Fault::ResetAfterEffect) => {
                (self.handler)(request);
                Told::Reset
            }
            Some(Fault::Hang(time)) => Told::Late(time),
        }
    }
}
