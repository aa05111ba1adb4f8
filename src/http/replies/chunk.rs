//! How kept replies are written: gzip all through, one member for a line that says what this is, then one for each
//! reply: a line with all but its body, and the body as it came. So a reply is found without unpacking the others, and
//! `zcat` shows all of them.

use std::io::{self, BufRead, BufReader, Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::http::error::Body;
use crate::http::transport::Reply;

const KIND: &str = "replies";
const SCHEMA: u32 = 1;

/// Headers whose names hold one of these may be credentials.
const SECRET: [&str; 5] = ["cookie", "auth", "token", "key", "secret"];

/// The first line.
#[derive(Serialize, Deserialize)]
struct Header {
    kind: String,
    schema: u32,
    /// How many there are: a chunk that was cut is known by it.
    replies: usize,
}

/// A reply but for its body.
#[derive(Serialize, Deserialize)]
struct Head {
    url: String,
    came: Timestamp,
    status: u16,
    headers: Vec<(String, String)>,
}

/// A chunk in the making.
#[derive(Default)]
pub(super) struct Builder {
    replies: usize,
    packed: Vec<u8>,
}

impl Builder {
    /// Adds what [`pack`] made.
    pub(super) fn push(&mut self, packed: &[u8]) {
        self.replies += 1;
        self.packed.extend_from_slice(packed);
    }

    /// In compressed bytes.
    pub(super) fn len(&self) -> usize {
        self.packed.len()
    }

    /// The chunk; `None` where there is nothing in it.
    pub(super) fn finish(self) -> Option<Bytes> {
        if self.replies == 0 {
            return None;
        }
        let header = Header {
            kind: KIND.to_owned(),
            schema: SCHEMA,
            replies: self.replies,
        };
        let mut chunk = member(&header, b"").ok()?;
        chunk.extend_from_slice(&self.packed);
        Some(chunk.into())
    }
}

/// A reply, compressed. Of headers, only plain ones that cannot be credentials.
pub(super) fn pack(url: &Url, reply: &Reply, came: Timestamp) -> Option<Vec<u8>> {
    let headers = reply.headers.iter().filter_map(|(name, value)| {
        let plain = !SECRET.iter().any(|secret| name.as_str().contains(secret));
        let value = value.to_str().ok().filter(|_| plain)?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let head = Head {
        url: url.as_str().to_owned(),
        came,
        status: reply.status,
        headers: headers.collect(),
    };
    member(&head, reply.bytes()).ok()
}

/// When a reply came, and the reply.
pub(super) fn unpack(packed: &[u8]) -> Option<(Timestamp, Reply)> {
    let mut text = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut text).ok()?;
    let end = text.iter().position(|byte| *byte == b'\n')?;
    let head: Head = serde_json::from_slice(text.get(..end)?).ok()?;
    let mut headers = HeaderMap::new();
    for (name, value) in head.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_str(&value).ok()?);
    }
    let reply = Reply {
        status: head.status,
        headers,
        body: Body(Bytes::from(text).slice(end + 1..)),
    };
    Some((head.came, reply))
}

/// The replies of a chunk, each with its URL and still packed; `None` where it is none of ours, or not whole.
pub(super) fn replies(chunk: &Bytes) -> Option<Vec<(String, Bytes)>> {
    let (line, mut start) = first_line(chunk, 0)?;
    let header: Header = serde_json::from_slice(&line).ok()?;
    if header.kind != KIND || header.schema != SCHEMA {
        return None;
    }
    let mut replies = Vec::new();
    while start < chunk.len() {
        let (line, end) = first_line(chunk, start)?;
        let head: Head = serde_json::from_slice(&line).ok()?;
        replies.push((head.url, chunk.slice(start..end)));
        start = end;
    }
    (replies.len() == header.replies).then_some(replies)
}

/// The first line of the member that begins here, and where the member ends. All of it is read, so that what is broken
/// shows.
fn first_line(chunk: &Bytes, start: usize) -> Option<(Vec<u8>, usize)> {
    let mut member = GzDecoder::new(chunk.get(start..)?);
    let mut text = BufReader::new(&mut member);
    let mut line = Vec::new();
    text.read_until(b'\n', &mut line).ok()?;
    io::copy(&mut text, &mut io::sink()).ok()?;
    let left = member.into_inner().len();
    Some((line, chunk.len().checked_sub(left)?))
}

fn member(line: &impl Serialize, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    serde_json::to_writer(&mut encoder, line)?;
    encoder.write_all(b"\n")?;
    encoder.write_all(body)?;
    encoder.finish()
}
