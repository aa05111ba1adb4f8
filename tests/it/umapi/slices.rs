//! Adobe's lists, read in several invocations.

use super::*;
use crate::http::slices::{Cut, Slices};

/// So many pages, three accounts each.
async fn serve(pages: usize) -> (Server, Clock) {
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let handler = Box::new(move |request: &Request| {
        if request.path == TOKENS {
            return token("planted-token", 86_399);
        }
        let mut parts = request.path.split('/').skip(5);
        let number: usize = parts.next().unwrap().parse().unwrap();
        let group = parts.next().unwrap_or("all");
        if group == "Gone" {
            return Response::json(404, &json!({"message": "no such group"}));
        }
        if request.path.starts_with(GROUPS) {
            let last = number + 1 == pages;
            let groups = [json!({"groupName": format!("Group {number}")})];
            return Response::json(
                200,
                &json!({"lastPage": last, "result": "success", "groups": groups}),
            );
        }
        let users = [0, 1, 2].map(|n| listed(&format!("{group}-{number}-{n}@school.example")));
        page(&users, number + 1 == pages).with("X-Page-Count", &pages.to_string())
    });
    let server = Server::start(clock.clone(), Duration::from_millis(500), handler).await;
    (server, clock)
}

fn client(server: &Server, http: Http, began: bool) -> Client {
    let configuration = configuration(server, &Settings::default());
    Client::new(http, &configuration, credentials(), began)
}

fn lists(server: &Server) -> Vec<Request> {
    let mut log = server.log();
    log.retain(|request| request.path != TOKENS);
    log
}

fn are_same(one: &Directory, other: &Directory) -> bool {
    (&one.users, &one.unread_groups) == (&other.users, &other.unread_groups)
}

#[tokio::test]
async fn a_reading_that_is_cut_at_any_request_goes_on_there() {
    let members = groups(&["Art", "Gone", "Music"]).into_iter().collect();
    for scope in [Scope::Everybody, Scope::Members(members)] {
        let (server, clock) = serve(4).await;
        let read = async |http| client(&server, http, false).read(&scope, Last::No).await;
        let mut slices = Slices::new(&server, &clock);
        let whole = slices.one(None, read).await.unwrap();
        let requests = lists(&server).len();
        let total = server.log().len();

        for how in [Cut::After, Cut::Within] {
            for number in 1..=total {
                server.clear_log();
                slices.chunks.clear();
                match slices.one(Some((number, how)), read).await {
                    Ok(directory) => assert!(are_same(&directory, &whole)),
                    Err(error) => assert!(matches!(error, Error::OutOfTime { .. }), "{error}"),
                }
                let again = slices.one(None, read).await.unwrap();
                assert!(are_same(&again, &whole));
                let lost = usize::from(how == Cut::Within && number > 1);
                assert_eq!(lists(&server).len(), requests + lost, "{how:?} {number}");
            }
        }
    }
}

#[tokio::test]
async fn the_list_of_groups_goes_on_where_it_was_cut() {
    let (server, clock) = serve(4).await;
    let read = async |http| client(&server, http, false).groups(Last::No).await;
    for number in 2..=4 {
        server.clear_log();
        let mut slices = Slices::new(&server, &clock);
        slices
            .one(Some((number, Cut::After)), read)
            .await
            .unwrap_err();
        assert_eq!(slices.one(None, read).await.unwrap().len(), 4);
        assert_eq!(lists(&server).len(), 4);
    }
}

#[tokio::test]
async fn one_page_at_a_time_brings_a_huge_list_to_its_end_and_each_page_is_asked_for_once() {
    let (server, clock) = serve(60).await;
    let slices = Slices::new(&server, &clock);
    let read = async |http| {
        client(&server, http, false)
            .read(&Scope::Everybody, Last::No)
            .await
    };
    let out_of_time = |error: &Error| matches!(error, Error::OutOfTime { .. });
    // Each invocation asks for a token and one page.
    let (directory, invocations) = slices.all((2, Cut::After), out_of_time, read).await;
    assert_eq!(directory.users.len(), 180);
    assert_eq!((invocations, lists(&server).len()), (60, 60));
}

#[tokio::test]
async fn what_is_kept_whole_needs_no_token() {
    let (server, clock) = serve(2).await;
    let mut slices = Slices::new(&server, &clock);
    let read = async |http| {
        client(&server, http, false)
            .read(&Scope::Everybody, Last::No)
            .await
    };
    let first = slices.one(None, read).await.unwrap();
    server.clear_log();
    let again = slices.one(None, read).await.unwrap();
    assert!(are_same(&again, &first));
    assert!(server.log().is_empty());
    assert!(!slices.text().contains("planted-token"));
}

#[tokio::test]
async fn the_marks_go_to_the_first_and_the_last_request_that_are_sent() {
    let read = |server: Server, began| {
        async move |http| {
            client(&server, http, began)
                .read(&Scope::Everybody, Last::Yes)
                .await
        }
    };
    for (began, cut, expected) in [
        // A token, and two of three pages.
        (
            true,
            3,
            [Some("umapi-sync-start"), None, Some("umapi-sync-end")],
        ),
        (
            true,
            2,
            [Some("umapi-sync-start"), None, Some("umapi-sync-end")],
        ),
        // Where nobody says that the pass has begun, whatever is sent first is the first.
        (
            false,
            3,
            [Some("umapi-sync-start"), None, Some("umapi-sync-start")],
        ),
    ] {
        let (server, clock) = serve(3).await;
        let mut slices = Slices::new(&server, &clock);
        let cut = Some((cut, Cut::After));
        slices
            .one(cut, read(server.clone(), false))
            .await
            .unwrap_err();
        slices.one(None, read(server.clone(), began)).await.unwrap();
        assert_eq!(marks(&lists(&server)), expected);
    }
}

#[tokio::test]
async fn replayed_pages_leave_the_mark_to_what_is_sent_after_them() {
    let (server, clock) = serve(2).await;
    let mut slices = Slices::new(&server, &clock);
    let read = async |http| {
        client(&server, http, false)
            .read(&Scope::Everybody, Last::No)
            .await
    };
    slices.one(None, read).await.unwrap();
    server.clear_log();
    slices
        .one(None, async |http| {
            let client = client(&server, http, false);
            client.read(&Scope::Everybody, Last::No).await.unwrap();
            client.groups(Last::No).await.unwrap();
        })
        .await;
    assert_eq!(marks(&lists(&server)), [Some("umapi-sync-start"), None]);
}
