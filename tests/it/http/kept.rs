//! Replies that outlive an invocation.

use std::cell::Cell;
use std::future::Future;
use std::io::Read as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use roster_sync::http::Replies;

use super::*;

/// The n-th request is answered with the number n, whatever it asks for.
fn numbering(world: &World) {
    let mut asked = 0;
    world.server.fault(Box::new(move |_| {
        asked += 1;
        let reply = Response::json(200, &json!(asked)).with("x-total-count", &asked.to_string());
        Some(Fault::Reply(reply))
    }));
}

/// A client of the next invocation.
fn next(world: &World, chunks: &[Bytes]) -> (Http, Replies) {
    let start = world.clock.now();
    let end = start.checked_add(Duration::from_mins(10)).unwrap();
    let replies = Replies::of_earlier(chunks).unwrap();
    let invocation = Invocation {
        replies: replies.clone(),
        ..Invocation::new(Deadline::new(start, end))
    };
    let transport = Transport::new(Hosts::as_written()).unwrap();
    let http = Http::new(transport, world.clock.clone(), invocation);
    (http, replies)
}

/// Reads a body that is not `"unreadable"`, kept by its URL.
async fn get(world: &World, http: &Http, query: &str) -> Result<String, ReadError<&'static str>> {
    let url = Url::parse(&format!("{}/things?{query}", world.server.url())).unwrap();
    let call = Call {
        kept_as: Some(&url),
        ..CALL
    };
    let text = |reply: &roster_sync::http::Reply| match std::str::from_utf8(reply.bytes()).unwrap()
    {
        "\"unreadable\"" => Err("unreadable"),
        text => Ok(text.to_owned()),
    };
    http.read(call, async |transport| build(transport, &url), text)
        .await
}

#[tokio::test]
async fn the_next_invocation_has_the_reply_without_a_request() {
    let world = World::new().await;
    numbering(&world);
    let (http, replies) = next(&world, &[]);
    assert_eq!(get(&world, &http, "a").await.unwrap(), "1");
    assert_eq!(get(&world, &http, "b").await.unwrap(), "2");
    let chunk = replies.take_unsaved().unwrap();
    assert_eq!(replies.take_unsaved(), None);

    let (http, replies) = next(&world, &[chunk]);
    assert_eq!(get(&world, &http, "b").await.unwrap(), "2");
    assert_eq!(get(&world, &http, "a").await.unwrap(), "1");
    assert!(http.invocation().requests.counts().is_empty());
    assert_eq!(world.sent(), 2);
    // What was given is saved already.
    assert_eq!(replies.take_unsaved(), None);
}

#[tokio::test]
async fn each_reply_is_given_once_and_in_the_order_they_came() {
    let world = World::new().await;
    numbering(&world);
    let mut chunks = Vec::new();
    for expected in [["1", "2"], ["1", "2"]] {
        let (http, replies) = next(&world, &chunks);
        for expected in expected {
            assert_eq!(get(&world, &http, "a").await.unwrap(), expected);
        }
        chunks.extend(replies.take_unsaved());
    }
    let (http, replies) = next(&world, &chunks);
    for expected in ["1", "2", "3"] {
        assert_eq!(get(&world, &http, "a").await.unwrap(), expected);
    }
    chunks.extend(replies.take_unsaved());
    assert_eq!(chunks.len(), 2);
    let (http, _) = next(&world, &chunks);
    for expected in ["1", "2", "3", "4"] {
        assert_eq!(get(&world, &http, "a").await.unwrap(), expected);
    }
}

#[tokio::test]
async fn an_invocation_is_not_answered_with_what_it_was_told_itself() {
    let world = World::new().await;
    numbering(&world);
    let (http, replies) = next(&world, &[]);
    assert_eq!(get(&world, &http, "a").await.unwrap(), "1");
    replies.take_unsaved();
    assert_eq!(get(&world, &http, "a").await.unwrap(), "2");
}

#[tokio::test]
async fn a_call_that_is_not_kept_leaves_nothing_and_is_always_sent() {
    let world = World::new().await;
    for _ in 0..2 {
        read(&world).await.unwrap();
    }
    assert_eq!(world.sent(), 2);
    assert_eq!(world.http.invocation().replies.take_unsaved(), None);
}

#[tokio::test]
async fn a_fragment_tells_two_askers_of_one_address_apart() {
    let world = World::new().await;
    numbering(&world);
    let (http, replies) = next(&world, &[]);
    assert_eq!(get(&world, &http, "a#north").await.unwrap(), "1");
    let chunk = replies.take_unsaved().unwrap();
    let (http, _) = next(&world, &[chunk]);
    assert_eq!(get(&world, &http, "a#south").await.unwrap(), "2");
    assert_eq!(get(&world, &http, "a#north").await.unwrap(), "1");
}

#[tokio::test]
async fn what_cannot_be_read_and_what_may_pass_is_not_kept() {
    let world = World::new().await;
    let unreadable = Fault::Reply(Response::json(200, &json!("unreadable")));
    world.faults(vec![unreadable, status(500), status(429)]);
    let (http, replies) = next(&world, &[]);
    assert_eq!(get(&world, &http, "a").await.unwrap(), "\"fine\"");
    assert_eq!(world.sent(), 4);
    let chunk = replies.take_unsaved().unwrap();

    let (http, _) = next(&world, &[chunk]);
    assert_eq!(get(&world, &http, "a").await.unwrap(), "\"fine\"");
    assert_eq!(world.sent(), 4);
}

#[tokio::test]
async fn a_refusal_is_an_answer_unless_it_is_one_of_the_token() {
    for (code, sent) in [(400, 1), (403, 1), (404, 1), (422, 1), (401, 2), (301, 2)] {
        let world = World::new().await;
        world.server.fault(Box::new(move |_| Some(status(code))));
        let mut chunks = Vec::new();
        for _ in 0..2 {
            let (http, replies) = next(&world, &chunks);
            let error = get(&world, &http, "a").await.unwrap_err();
            let ReadError::Http(Error::Status { status, body, .. }) = error else {
                panic!("{error}");
            };
            assert_eq!(status, code);
            assert!(body.0.starts_with(b"{\"message\""));
            chunks.extend(replies.take_unsaved());
        }
        assert_eq!(world.sent(), sent, "{code}");
    }
}

#[tokio::test]
async fn headers_and_bytes_come_again_as_they_were_but_for_credentials() {
    let world = World::new().await;
    let mut reply = Response::json(200, &json!("fine"))
        .with("x-page-count", "17")
        .with("set-cookie", "session=planted")
        .with("x-auth-token", "planted");
    reply.body = Bytes::from_static(b"\xff\x00\n{\n");
    world.faults(vec![Fault::Reply(reply)]);
    let whole = |reply: &roster_sync::http::Reply| {
        let header = |name: &str| reply.header(name).map(str::to_owned);
        let headers = ["x-page-count", "content-type", "set-cookie", "x-auth-token"].map(header);
        Ok::<_, ReadError<&str>>((reply.bytes().clone(), headers))
    };
    let url = world.url();
    let call = Call {
        kept_as: Some(&url),
        ..CALL
    };
    let (http, replies) = next(&world, &[]);
    let build = async |transport: &Transport| build(transport, &url);
    let (first, _) = http.read(call, build, whole).await.unwrap();
    let chunk = replies.take_unsaved().unwrap();
    let mut text = Vec::new();
    let mut zcat = flate2::read::MultiGzDecoder::new(chunk.as_ref());
    zcat.read_to_end(&mut text).unwrap();
    assert!(!String::from_utf8_lossy(&text).contains("session"));

    let (http, _) = next(&world, &[chunk]);
    let (again, headers) = http.read(call, build, whole).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(again.as_ref(), b"\xff\x00\n{\n");
    let expected = [Some("17"), Some("application/json"), None, None];
    assert_eq!(headers, expected.map(|text| text.map(str::to_owned)));
    assert_eq!(world.sent(), 1);
}

#[tokio::test]
async fn a_chunk_that_is_not_ours_or_not_whole_is_named_by_its_position() {
    let world = World::new().await;
    let (http, replies) = next(&world, &[]);
    get(&world, &http, "planted").await.unwrap();
    get(&world, &http, "planted").await.unwrap();
    let good = replies.take_unsaved().unwrap();
    assert!(Replies::of_earlier(&[good.clone(), good.clone()]).is_ok());

    let zipped = |text: &str| gzip(text.as_bytes()).body;
    let mut bad = vec![
        Bytes::new(),
        Bytes::from_static(b"{}"),
        zipped("a roster"),
        zipped("{\"kind\":\"replies\",\"schema\":2,\"replies\":0}\n"),
        zipped("{\"kind\":\"journal\",\"schema\":1,\"replies\":0}\n"),
        Bytes::from([good.as_ref(), b"more"].concat()),
    ];
    bad.extend((1..good.len()).map(|end| good.slice(..end)));
    for at in 0..good.len() {
        // The first bytes of a member tell when and where it was packed: that is of no concern.
        let mut changed = good.to_vec();
        changed[at] ^= 0x40;
        match Replies::of_earlier(&[changed.into()]) {
            Ok(replies) => assert!(format!("{replies:?}").contains("earlier: 2")),
            Err(position) => assert_eq!(position, 0),
        }
    }
    for bad in bad {
        let chunks = [good.clone(), bad.clone()];
        assert_eq!(Replies::of_earlier(&chunks).unwrap_err(), 1, "{bad:?}");
    }
    let replies = Replies::of_earlier(&[good]).unwrap();
    assert_eq!(
        format!("{replies:?}"),
        "Replies { earlier: 2, unsaved_bytes: 0 }"
    );
}

/// Whether it is time to save, without waiting for it.
fn is_due(replies: &Replies) -> bool {
    let due = pin!(replies.due());
    due.poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
}

#[tokio::test]
async fn what_is_half_a_minute_old_is_due() {
    let world = World::new().await;
    let (http, replies) = next(&world, &[]);
    let waiting = replies.clone();
    let waiting = tokio::spawn(async move { waiting.due().await });
    assert!(!is_due(&replies));
    get(&world, &http, "a").await.unwrap();
    world.clock.advance(Duration::from_secs(28));
    get(&world, &http, "b").await.unwrap();
    assert!(!is_due(&replies) && !waiting.is_finished());
    get(&world, &http, "c").await.unwrap();
    assert!(is_due(&replies));
    waiting.await.unwrap();

    // From then on, time counts from the first that comes after.
    assert!(replies.take_unsaved().is_some());
    assert!(!is_due(&replies));
    world.clock.advance(Duration::from_mins(5));
    get(&world, &http, "d").await.unwrap();
    assert!(!is_due(&replies));
}

#[tokio::test]
async fn before_a_long_wait_is_due_what_would_be_after_it() {
    let world = World::new().await;
    let (http, replies) = next(&world, &[]);
    http.wait("things", Duration::from_mins(2)).await.unwrap();
    assert!(!is_due(&replies));
    get(&world, &http, "a").await.unwrap();
    http.wait("things", Duration::from_secs(20)).await.unwrap();
    assert!(!is_due(&replies));
    http.wait("things", Duration::from_secs(20)).await.unwrap();
    assert!(is_due(&replies));
}

#[tokio::test]
async fn eight_megabytes_are_due_at_once() {
    let world = World::new().await;
    // Such noise cannot be compressed.
    let mut seed = 1_u64;
    let mut noise = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u8::try_from(33 + (seed >> 33) % 90).unwrap()
    };
    let body: Bytes = (0..6_000_000).map(|_| noise()).collect();
    world.server.fault(Box::new(move |_| {
        let body = body.clone();
        Some(Fault::Reply(Response {
            body,
            ..Response::empty(200)
        }))
    }));
    let (http, replies) = next(&world, &[]);
    get(&world, &http, "a").await.unwrap();
    assert!(!is_due(&replies));
    get(&world, &http, "b").await.unwrap();
    assert!(is_due(&replies));
}

#[tokio::test]
async fn the_oldest_reply_that_was_used_tells_the_age() {
    let world = World::new().await;
    let (http, replies) = next(&world, &[]);
    assert_eq!(replies.oldest(), None);
    get(&world, &http, "a").await.unwrap();
    let first = world.clock.now();
    assert_eq!(replies.oldest(), Some(first));
    world.clock.advance(Duration::from_mins(5));
    get(&world, &http, "b").await.unwrap();
    let second = world.clock.now();
    assert_eq!(replies.oldest(), Some(first));

    world.clock.advance(Duration::from_hours(1));
    let (http, replies) = next(&world, &[replies.take_unsaved().unwrap()]);
    // Only what is used counts.
    assert_eq!(replies.oldest(), None);
    get(&world, &http, "c").await.unwrap();
    assert_eq!(replies.oldest(), Some(world.clock.now()));
    get(&world, &http, "b").await.unwrap();
    assert_eq!(replies.oldest(), Some(second));
    get(&world, &http, "a").await.unwrap();
    assert_eq!(replies.oldest(), Some(first));
}

#[tokio::test]
async fn a_kept_reply_needs_no_time_no_permit_and_no_token() {
    let world = World::new().await;
    let pace = Pace::per_minute(1);
    let url = world.url();
    let call = Call {
        kept_as: Some(&url),
        pace: Some(&pace),
        ..CALL
    };
    let made = Cell::new(0);
    let build = async |transport: &Transport| {
        made.set(made.get() + 1);
        build(transport, &url)
    };
    let fine = |_: &_| Ok::<_, &str>(());
    let (http, replies) = next(&world, &[]);
    http.read(call, build, fine).await.unwrap();
    let (http, _) = next(&world, &[replies.take_unsaved().unwrap()]);
    world.clock.advance(Duration::from_hours(1));
    http.read(call, build, fine).await.unwrap();
    assert_eq!((made.get(), world.sent()), (1, 1));
    assert_eq!(pace.take(world.clock.now()), Ok(()));

    let error = http.read(call, build, fine).await.unwrap_err();
    assert!(matches!(error, ReadError::Http(Error::OutOfTime { .. })));
}
