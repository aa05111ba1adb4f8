//! A district that is read in several invocations.

use super::*;
use crate::http::slices::{Cut, Slices, are_same};

fn is_out_of_time(error: &Error) -> bool {
    matches!(error, Error::OutOfTime { .. })
}

/// The small district with more than one page of terms.
fn with_terms() -> Collections {
    let terms = (1..=3)
        .map(|n| json!({"id": n.to_string(), "start_date": "soon", "end_date": "2027-01-29"}));
    let mut collections = small();
    collections.insert("terms", terms.collect());
    collections
}

fn all() -> Needs {
    Needs {
        terms: true,
        ..everything()
    }
}

/// The roster as a reading without interruption has it, and how many requests that takes.
async fn uninterrupted(needs: &Needs) -> (Roster, usize) {
    let world = serve(with_terms()).await;
    let roster = read(&world, needs).await.unwrap();
    (roster, world.0.log().len())
}

#[tokio::test]
async fn a_reading_that_is_cut_at_any_request_goes_on_there() {
    let (whole, total) = uninterrupted(&all()).await;
    for how in [Cut::After, Cut::Within] {
        for number in 1..=total {
            let (server, clock) = serve(with_terms()).await;
            let source = source(&server);
            let read = async |http| {
                let credentials = Credentials::Token(TOKEN.into());
                Clever::new(http, &source, credentials).read(&all()).await
            };
            let mut slices = Slices::new(&server, &clock);
            match slices.one(Some((number, how)), read).await {
                Ok(roster) => assert!(are_same(&roster, &whole)),
                Err(error) => assert!(is_out_of_time(&error), "{error}"),
            }
            let roster = slices.one(None, read).await.unwrap();
            assert!(are_same(&roster, &whole), "{how:?} {number}");
            // Three collections at a time: what was on its way is lost.
            assert!(server.log().len() <= total + 3, "{how:?} {number}");
        }
    }
}

#[tokio::test]
async fn a_reading_comes_to_its_end_by_one_request_at_a_time() {
    let (whole, total) = uninterrupted(&students()).await;
    let (server, clock) = serve(small()).await;
    let source = source(&server);
    let slices = Slices::new(&server, &clock);
    let read = async |http| {
        let credentials = Credentials::Token(TOKEN.into());
        Clever::new(http, &source, credentials)
            .read(&students())
            .await
    };
    let (roster, slices) = slices.all((1, Cut::After), is_out_of_time, read).await;
    assert!(are_same(&roster, &whole));
    assert_eq!((slices, server.log().len()), (total, total));
}

#[tokio::test]
async fn tokens_are_asked_for_anew_and_kept_nowhere() {
    let (server, clock) = serve(small()).await;

    let mut source = source(&server);
    source.district_id = None;
    let listing =
        json!({"data": [{"owner": {"type": "district", "id": "d-1"}, "access_token": TOKEN}]});
    let collections = small();
    let both = Server::start(
        clock.clone(),
        Duration::from_millis(50),
        Box::new(move |request| match request.path.as_str() {
            "/oauth/tokens" => Response::json(200, &listing),
            _ => honest(&collections, request),
        }),
    )
    .await;
    source.host = Url::parse(&format!("{}/v2.1/", both.url())).unwrap();
    source.token_url = Url::parse(&format!("{}/oauth/tokens", both.url())).unwrap();
    let read = async |http| {
        let credentials = Credentials::Client {
            id: "an-id".into(),
            secret: "a-secret".into(),
        };
        Clever::new(http, &source, credentials)
            .read(&students())
            .await
    };
    let mut slices = Slices::new(&both, &clock);
    for _ in 0..3 {
        slices.one(None, read).await.unwrap();
    }
    let log = both.log();
    let tokens = log.iter().filter(|request| request.path == "/oauth/tokens");
    assert_eq!(tokens.count(), 3);
    assert_eq!(slices.chunks.len(), 1);
    let text = slices.text();
    assert!(text.contains("/v2.1/students") && !text.contains("a-token"));
}

#[tokio::test]
async fn one_district_never_gets_the_pages_of_another() {
    let (server, clock) = serve(small()).await;
    let mut slices = Slices::new(&server, &clock);
    let of = |secret: &str| Source {
        secret: Some(secret.to_owned()),
        ..source(&server)
    };
    let (north, south) = (of("roster-sync/north"), of("roster-sync/south"));
    let read = async |http, source| {
        let credentials = Credentials::Token(TOKEN.into());
        Clever::new(http, source, credentials)
            .read(&students())
            .await
    };
    slices
        .one(None, async |http| read(http, &north).await)
        .await
        .unwrap();
    let sent = server.log().len();
    slices
        .one(None, async |http| read(http, &south).await)
        .await
        .unwrap();
    assert_eq!(server.log().len(), 2 * sent);
    slices
        .one(None, async |http| read(http, &north).await)
        .await
        .unwrap();
    assert_eq!(server.log().len(), 2 * sent);
}
