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

/// Reads `/students` from these pages, at most two rows each, and counts the requests.
async fn students_of(pages: Vec<Response>) -> (Result<Vec<String>, Error>, usize) {
    let world = serve(small()).await;
    script(&world.0, "students", pages);
    let read = read_by(&world, 2, &everybody(&STUDENT))
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
async fn the_next_page_begins_after_the_rows_that_came() {
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
    assert_eq!(offsets, ["0", "2", "4", "5"]);
    // The links lead elsewhere, and nobody follows them.
    assert_eq!(requests(&world.0, "students"), 4);
}

#[tokio::test]
async fn a_total_ends_a_collection_unless_the_last_page_is_full() {
    assert_eq!(
        whole(vec![of(3, &["a", "b"]), of(3, &["c"])]).await,
        ("abc".to_owned(), 2)
    );
    let full = vec![of(4, &["a", "b"]), of(4, &["c", "d"]), of(4, &[])];
    assert_eq!(whole(full).await, ("abcd".to_owned(), 3));
    let rows = [person("a", "student", &[])];
    let in_body = Response::json(200, &json!({"users": rows, "totalCount": "1"}));
    assert_eq!(whole(vec![in_body]).await, ("a".to_owned(), 1));
}

#[tokio::test]
async fn a_total_that_counts_the_page_is_not_believed() {
    let pages = vec![
        of(2, &["a", "b"]),
        of(2, &["c", "d"]),
        of(1, &["e"]),
        of(0, &[]),
    ];
    assert_eq!(whole(pages).await, ("abcde".to_owned(), 4));
}

#[tokio::test]
async fn fewer_rows_than_the_total_fail_the_read_after_a_second_try() {
    let pages = vec![
        of(3, &["a", "b"]),
        of(3, &[]),
        of(3, &["a", "b"]),
        of(3, &["c"]),
    ];
    assert_eq!(whole(pages).await, ("abc".to_owned(), 4));
    let never = vec![
        of(3, &["a", "b"]),
        of(3, &[]),
        of(3, &["a", "b"]),
        of(3, &[]),
    ];
    let message = bad_page(never).await;
    assert!(
        message.ends_with("it is empty although there should be more records"),
        "{message}"
    );
}

#[tokio::test]
async fn a_roster_that_moves_is_read_once_more_and_not_a_third_time() {
    let moving = || vec![of(3, &["a", "b"]), of(4, &["c"]), page(&[])];
    let mut pages = moving();
    pages.extend([of(4, &["a", "b"]), of(4, &["c", "d"]), of(4, &[])]);
    // The total was reached on a page that was not full, and it was another one.
    pages.remove(2);
    assert_eq!(whole(pages).await, ("abcd".to_owned(), 5));

    let mut pages = moving();
    pages.remove(2);
    let again = pages.clone();
    pages.extend(again);
    let message = bad_page(pages).await;
    assert_eq!(
        message,
        "page 2 of OneRoster students cannot be read: the number of records changed while they were read"
    );
}

#[tokio::test]
async fn rows_that_come_again_mean_that_others_may_be_missing() {
    let pages = vec![
        page(&["a", "b"]),
        page(&["b", "c"]),
        page(&[]),
        page(&["a", "b"]),
        page(&["c", "d"]),
        page(&[]),
    ];
    assert_eq!(whole(pages).await, ("abcd".to_owned(), 6));
    let pages = vec![page(&["a", "b"]), page(&["b", "c"]), page(&[])];
    let mut twice = pages.clone();
    twice.extend(pages);
    let message = bad_page(twice).await;
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
    assert_eq!(whole(vec![page(&["a"])]).await, ("a".to_owned(), 2));
    let message = bad_page(vec![page(&["a", "b"])]).await;
    assert!(
        message.ends_with("the server sends the first page again, whatever the offset"),
        "{message}"
    );
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
        assert_eq!((refused, log.len()), (1, 4));
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
            "500@0", "500@500", "250@500", "125@500", "125@625", "125@750", "125@875"
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
