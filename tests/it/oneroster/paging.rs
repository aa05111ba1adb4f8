//! Where a collection ends, and where it only seems to.

use roster_sync::model::roster::Collection;
use roster_sync::sis::Error;
use serde_json::{Value, json};

use super::district::{District, parameter, person};
use super::{
    BASE, Response, STUDENT, chain, everybody, hide, ids, needs, read, read_by, requests, script,
    serve, small,
};
use crate::simulators::server::{Fault, Request};

fn page(ids: &[&str]) -> Response {
    let rows: Vec<Value> = ids.iter().map(|id| person(id, "student", &[])).collect();
    Response::json(200, &json!({"users": rows}))
}

fn of(total: usize, ids: &[&str]) -> Response {
    page(ids).with("x-total-count", &total.to_string())
}

/// Reads `/students` from these pages, at most three rows each, and counts the requests. A page that is asked for
/// with the last row of the one before begins with it.
async fn students_of(pages: Vec<Response>) -> (Result<Vec<String>, Error>, usize) {
    let world = serve(small()).await;
    let (mut pages, mut before) = (pages.into_iter(), Vec::new());
    world.0.fault(Box::new(move |request| {
        let offset: usize = parameter(request, "offset").unwrap().parse().unwrap();
        if offset == 0 {
            before.clear();
        }
        let mut reply = pages.next()?;
        let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
        let rows = body["users"].as_array_mut().unwrap();
        let new = rows.clone();
        rows.splice(0..0, before.iter().skip(offset).cloned());
        before.extend(new);
        reply.body = body.to_string().into();
        Some(Fault::Reply(reply))
    }));
    let read = read_by(&world, 3, &everybody(&STUDENT))
        .await
        .map(|roster| ids(&roster.people).into_iter().map(str::to_owned).collect());
    (read, requests(&world.0, "students"))
}

async fn whole(pages: Vec<Response>) -> (String, usize) {
    let (read, requests) = students_of(pages).await;
    (read.unwrap().concat(), requests)
}

async fn bad_page(pages: Vec<Response>) -> String {
    let (read, _) = students_of(pages).await;
    let error = read.unwrap_err();
    assert!(matches!(error, Error::BadPage { .. }), "{error}");
    chain(&error)
}

#[tokio::test]
async fn a_short_page_is_not_the_end() {
    let pages = vec![page(&["a"]), page(&["b", "c"]), page(&["d"]), page(&[])];
    assert_eq!(whole(pages).await, ("abcd".to_owned(), 4));
}

#[tokio::test]
async fn the_next_page_begins_with_the_last_of_the_rows_that_came() {
    let mut district = small();
    district.cap = 2;
    district.totals = false;
    let world = serve(district).await;
    let roster = read(&world, &everybody(&STUDENT)).await.unwrap();
    assert_eq!(roster.people.len(), 5);
    let offsets: Vec<String> = world
        .0
        .log()
        .iter()
        .map(|request| parameter(request, "offset").unwrap())
        .collect();
    // Each begins with the last row of the one before.
    assert_eq!(offsets, ["0", "1", "2", "3", "4"]);
    // The links lead elsewhere, and nobody follows them.
    assert_eq!(requests(&world.0, "students"), 5);
}

#[tokio::test]
async fn a_total_ends_a_collection_unless_the_last_page_is_full() {
    assert_eq!(
        whole(vec![of(4, &["a", "b", "c"]), of(4, &["d"])]).await,
        ("abcd".to_owned(), 2)
    );
    let full = vec![of(5, &["a", "b", "c"]), of(5, &["d", "e"]), of(5, &[])];
    assert_eq!(whole(full).await, ("abcde".to_owned(), 3));
    let rows = [person("a", "student", &[])];
    let in_body = Response::json(200, &json!({"users": rows, "totalCount": "1"}));
    assert_eq!(whole(vec![in_body]).await, ("a".to_owned(), 1));
}

#[tokio::test]
async fn a_total_that_counts_the_page_is_not_believed() {
    let pages = vec![
        of(3, &["a", "b", "c"]),
        of(3, &["d", "e"]),
        of(2, &["f"]),
        of(1, &[]),
    ];
    assert_eq!(whole(pages).await, ("abcdef".to_owned(), 4));
}

#[tokio::test]
async fn fewer_rows_than_the_total_fail_the_read_after_a_second_try() {
    let short = || vec![of(4, &["a", "b", "c"]), of(4, &[])];
    let pages = [short(), vec![of(4, &["a", "b", "c"]), of(4, &["d"])]].concat();
    assert_eq!(whole(pages).await, ("abcd".to_owned(), 4));
    let message = bad_page([short(), short()].concat()).await;
    assert!(
        message.ends_with("it is empty although there should be more records"),
        "{message}"
    );
}

#[tokio::test]
async fn a_roster_that_moves_is_read_once_more_and_not_a_third_time() {
    // The total is reached on a page that is not full, and it is another one.
    let moving = || vec![of(4, &["a", "b", "c"]), of(5, &["d"])];
    let whole_at_last = vec![of(5, &["a", "b", "c"]), of(5, &["d", "e"]), of(5, &[])];
    let pages = [moving(), whole_at_last].concat();
    assert_eq!(whole(pages).await, ("abcde".to_owned(), 5));
    let message = bad_page([moving(), moving()].concat()).await;
    assert_eq!(
        message,
        "page 2 of OneRoster students cannot be read: the number of records changed while they were read"
    );
}

#[tokio::test]
async fn rows_that_come_again_mean_that_others_may_be_missing() {
    let repeating = || vec![page(&["a", "b", "c"]), page(&["b", "d"]), page(&[])];
    let plain = vec![page(&["a", "b", "c"]), page(&["d"]), page(&[])];
    let pages = [repeating(), plain].concat();
    assert_eq!(whole(pages).await, ("abcd".to_owned(), 6));
    let message = bad_page([repeating(), repeating()].concat()).await;
    assert!(
        message.ends_with("it repeats records of earlier pages"),
        "{message}"
    );
    // Twice on one page is one person who is listed twice.
    assert_eq!(
        whole(vec![page(&["a", "a"]), page(&[])]).await,
        ("a".to_owned(), 2)
    );
}

#[tokio::test]
async fn a_server_that_ignores_the_offset_has_shown_all_it_has_or_is_refused() {
    for (shown, expected) in [
        (&["a"][..], Some(2)),
        (&["a", "b"], Some(3)),
        (&["a", "b", "c"], None),
    ] {
        let world = serve(small()).await;
        script(&world.0, "students", vec![page(shown)]);
        let read = read_by(&world, 3, &everybody(&STUDENT)).await;
        if let Some(asked) = expected {
            assert_eq!(ids(&read.unwrap().people), shown);
            assert_eq!(requests(&world.0, "students"), asked);
            continue;
        }
        let message = chain(&read.unwrap_err());
        assert!(
            message.ends_with("the server sends the first page again, whatever the offset"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_server_that_knows_whole_pages_only_is_read_by_those() {
    let world = serve(small()).await;
    world.0.fault(Box::new(|request| {
        let offset: usize = parameter(request, "offset").unwrap().parse().unwrap();
        let all = ["a", "b", "c", "d", "e", "f", "g"];
        let shown: Vec<&str> = all.into_iter().skip(offset / 3 * 3).take(3).collect();
        Some(Fault::Reply(of(all.len(), &shown)))
    }));
    let roster = read_by(&world, 3, &everybody(&STUDENT)).await.unwrap();
    assert_eq!(ids(&roster.people).concat(), "abcdefg");
}

#[tokio::test]
async fn rows_without_ids_are_no_page() {
    let row = json!({"users": [{"givenName": "planted"}]});
    let message = bad_page(vec![Response::json(200, &row)]).await;
    assert!(
        message.ends_with("none of its records has a sourcedId"),
        "{message}"
    );
}

fn sorted(request: &Request) -> bool {
    request.query.contains("sort=sourcedId&orderBy=asc")
}

#[tokio::test]
async fn rows_are_asked_for_in_order_unless_the_server_refuses() {
    let world = serve(small()).await;
    read(&world, &everybody(&STUDENT)).await.unwrap();
    assert!(world.0.log().iter().all(sorted));

    for status in [400, 422] {
        let world = serve(small()).await;
        world.0.fault(Box::new(move |request| {
            sorted(request).then(|| Fault::Reply(Response::empty(status)))
        }));
        let roster = read_by(&world, 2, &everybody(&STUDENT)).await.unwrap();
        assert_eq!(roster.people.len(), 5);
        let log = world.0.log();
        let refused = log.iter().filter(|request| sorted(request)).count();
        assert_eq!((refused, log.len()), (1, 6));
    }
}

#[tokio::test]
async fn a_wish_that_is_refused_either_way_is_an_error() {
    let world = serve(small()).await;
    hide(&world.0, 400, &["students"]);
    let error = read(&world, &everybody(&STUDENT)).await.unwrap_err();
    assert!(
        matches!(error, Error::Refused { status: 400, .. }),
        "{error}"
    );
    assert_eq!(requests(&world.0, "students"), 2);
}

#[tokio::test]
async fn pages_that_are_too_heavy_are_halved_at_the_same_offset() {
    let rows = |n: usize| {
        (0..n)
            .map(|n| person(&format!("s-{n:04}"), "student", &[]))
            .collect()
    };
    let world = serve(District::of([("students", rows(900))])).await;
    world.0.fault(Box::new(|request| {
        let limit: usize = parameter(request, "limit").unwrap().parse().unwrap();
        let offset: usize = parameter(request, "offset").unwrap().parse().unwrap();
        (limit > 125 && offset > 0).then(|| Fault::Reply(Response::empty(504)))
    }));
    let roster = read_by(&world, 500, &everybody(&STUDENT)).await.unwrap();
    assert_eq!(roster.people.len(), 900);
    let asked: Vec<(String, String)> = world
        .0
        .log()
        .iter()
        .map(|request| {
            (
                parameter(request, "limit").unwrap(),
                parameter(request, "offset").unwrap(),
            )
        })
        .collect();
    let mut steps = asked.clone();
    steps.dedup();
    let text = |(limit, offset): &(String, String)| format!("{limit}@{offset}");
    let steps: Vec<String> = steps.iter().map(text).collect();
    assert_eq!(
        steps,
        [
            "500@0", "500@499", "250@499", "125@499", "125@623", "125@747", "125@871"
        ]
    );
    // Five attempts each, before the page is halved.
    assert_eq!(asked.len(), 1 + 5 + 5 + 4);
}

#[tokio::test]
async fn a_hundred_rows_are_not_halved() {
    let world = serve(small()).await;
    hide(&world.0, 503, &["students"]);
    let error = read_by(&world, 150, &everybody(&STUDENT))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    assert_eq!(requests(&world.0, "students"), 10);
}

#[tokio::test]
async fn lists_of_a_class_have_pages_too() {
    let mut district = small();
    district.cap = 1;
    let world = serve(district).await;
    let needs = needs(&[(Collection::Classes, "Art 1", &STUDENT)]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(super::member_ids(&roster, "class-1"), ["s-1", "s-2", "s-3"]);
    assert!(
        world
            .0
            .log()
            .iter()
            .all(|request| request.path.starts_with(BASE))
    );
}
