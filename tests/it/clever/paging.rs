//! Where a collection ends, and where it only seems to.

use roster_sync::sis::Error;
use serde_json::{Value, json};

use super::{
    Response, chain, ids, page, parameter, read, requests, script, serve, small, student, students,
};
use crate::simulators::server::Fault;

fn rows(ids: &[&str], more: bool) -> Response {
    let records: Vec<Value> = ids.iter().map(|id| student(id)).collect();
    Response::json(200, &page(&records, more))
}

/// Reads `/students` from these pages, at most two rows each, and counts the requests.
async fn students_of(pages: Vec<Response>) -> (Result<Vec<String>, Error>, usize) {
    let world = serve(small()).await;
    script(&world.0, "students", pages);
    let read = read(&world, &students())
        .await
        .map(|roster| ids(&roster.people).into_iter().map(str::to_owned).collect());
    (read, requests(&world.0, "students"))
}

async fn bad_page(pages: Vec<Response>) -> String {
    let (read, _) = students_of(pages).await;
    let error = read.unwrap_err();
    assert!(matches!(error, Error::BadPage { .. }), "{error}");
    chain(&error)
}

#[tokio::test]
async fn a_next_page_may_be_empty() {
    let (read, requests) = students_of(vec![rows(&["a", "b"], true), rows(&[], false)]).await;
    assert_eq!(
        (read.unwrap(), requests),
        (vec!["a".to_owned(), "b".to_owned()], 2)
    );
}

#[tokio::test]
async fn a_short_page_with_a_next_one_is_not_the_end() {
    let pages = vec![
        rows(&["a"], true),
        rows(&["b", "c"], true),
        rows(&["d"], false),
    ];
    let (read, requests) = students_of(pages).await;
    assert_eq!((read.unwrap().len(), requests), (4, 3));
}

#[tokio::test]
async fn a_full_page_without_a_next_one_is_followed_by_proof() {
    let (read, requests) = students_of(vec![rows(&["a", "b"], false), rows(&[], false)]).await;
    assert_eq!((read.unwrap().len(), requests), (2, 2));

    let message = bad_page(vec![rows(&["a", "b"], false), rows(&["c"], false)]).await;
    assert_eq!(
        message,
        "page 2 of Clever students cannot be read: it follows a page that said there was none after it"
    );
}

#[tokio::test]
async fn an_empty_page_in_the_middle_fails_the_read() {
    let empty = rows(&[], true);
    let message = bad_page(vec![rows(&["a", "b"], true), empty]).await;
    assert_eq!(
        message,
        "page 2 of Clever students cannot be read: it is empty and links to a next page all the same"
    );
}

#[tokio::test]
async fn an_empty_page_in_the_middle_is_asked_for_again() {
    let pages = vec![
        rows(&["a", "b"], true),
        rows(&[], true),
        rows(&["c"], false),
    ];
    assert_eq!(students_of(pages).await.0.unwrap().len(), 3);
}

#[tokio::test]
async fn repeated_rows_are_a_loop() {
    for second in [["a", "b"], ["b", "c"]] {
        let message = bad_page(vec![rows(&["a", "b"], true), rows(&second, true)]).await;
        assert!(
            message.ends_with("it repeats records of earlier pages"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn rows_without_ids_lead_nowhere() {
    let nameless = Response::json(200, &page(&[json!({"name": {}}), json!({})], true));
    let message = bad_page(vec![nameless]).await;
    assert!(
        message.ends_with("none of its records has an id"),
        "{message}"
    );
}

#[tokio::test]
async fn without_any_links_only_an_empty_page_is_the_end() {
    let bare = |ids: &[&str]| {
        let data: Vec<Value> = ids.iter().map(|id| json!({"data": student(id)})).collect();
        Response::json(200, &json!({"data": data}))
    };
    // A server that cuts pages on its own: one row although two were asked for.
    let (read, requests) = students_of(vec![bare(&["a"]), bare(&["b"]), bare(&[])]).await;
    assert_eq!((read.unwrap().len(), requests), (2, 3));
}

#[tokio::test]
async fn an_empty_collection_is_empty() {
    let (read, requests) = students_of(vec![rows(&[], false)]).await;
    assert_eq!((read.unwrap().len(), requests), (0, 1));
}

#[tokio::test]
async fn a_page_longer_than_the_limit_is_taken_and_not_trusted() {
    let (read, requests) = students_of(vec![rows(&["a", "b", "c"], false), rows(&[], false)]).await;
    assert_eq!((read.unwrap().len(), requests), (3, 2));
}

#[tokio::test]
async fn the_cursor_is_encoded_and_the_link_is_not_followed() {
    let world = serve(small()).await;
    let odd = "a b+c&limit=1#%/ü";
    script(
        &world.0,
        "students",
        vec![rows(&["a", odd], true), rows(&[], false)],
    );
    read(&world, &students()).await.unwrap();
    let last = world.0.log().pop().unwrap();
    assert_eq!(
        last.query,
        "limit=2&starting_after=a%20b%2Bc%26limit%3D1%23%25%2F%C3%BC"
    );
    assert_eq!(parameter(&last, "starting_after").unwrap(), odd);
}

#[tokio::test]
async fn replies_that_are_no_pages_are_asked_for_again_and_then_fail() {
    let reply = |body: &'static str| Response {
        body: body.into(),
        ..Response::empty(200)
    };
    for (body, reason) in [
        ("", "it ends in the middle"),
        (r#"{"data":[{"data":{"id":"s-1""#, "it ends in the middle"),
        (
            "<!DOCTYPE html><title>Sign in</title>",
            "it is a web page instead of data",
        ),
        (r#"{"data": planted}"#, "it is not JSON (line 1, column 10)"),
        (r#"{"message": "planted"}"#, "it has no list `data`"),
        (r#"{"data": null, "links": []}"#, "it has no list `data`"),
        (r#"{"data": "planted"}"#, "it has no list `data`"),
        (r#"["planted"]"#, "it has no list `data`"),
    ] {
        let (read, requests) = students_of(vec![reply(body)]).await;
        let message = chain(&read.unwrap_err());
        assert_eq!(
            message,
            format!("page 1 of Clever students cannot be read: {reason}")
        );
        assert_eq!(requests, 5);

        let (read, requests) = students_of(vec![reply(body), rows(&["a"], false)]).await;
        assert_eq!((read.unwrap().len(), requests), (1, 2));
    }
}

#[tokio::test]
async fn a_page_that_is_cut_off_is_asked_for_again() {
    for fault in [Fault::Truncate(50), Fault::CutBody(50), Fault::Reset] {
        let world = serve(small()).await;
        let mut left = 3;
        world.0.fault(Box::new(move |request| {
            let hit = request.path == "/v2.1/students" && left > 0;
            left -= i32::from(hit);
            hit.then(|| fault.clone())
        }));
        assert_eq!(read(&world, &students()).await.unwrap().people.len(), 5);
        assert_eq!(requests(&world.0, "students"), 6);
    }
}
