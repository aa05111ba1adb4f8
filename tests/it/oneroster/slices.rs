//! A server that is read in several invocations.

use super::district::{KEY, SECRET, large};
use super::*;
use crate::http::slices::{Cut, Slices, are_same};

/// A server and what is asked of it.
struct Story {
    district: fn() -> District,
    page_size: u32,
    needs: Needs,
    faults: fn(&Request) -> Option<Fault>,
    /// The most requests that a cut makes twice.
    lost: usize,
}

fn plain() -> Story {
    Story {
        district: small,
        page_size: 2,
        needs: needs(&[
            (Collection::Courses, "art", &BOTH),
            (Collection::Schools, "South", &STUDENT),
        ]),
        faults: |_| None,
        // Three requests at a time: those on their way are lost.
        lost: 3,
    }
}

fn dated() -> Story {
    Story {
        district: with_terms,
        needs: Needs {
            terms: true,
            ..plain().needs
        },
        ..plain()
    }
}

fn stories() -> Vec<(&'static str, Story)> {
    vec![
        ("plain", plain()),
        ("terms", dated()),
        (
            "terms instead of sessions",
            Story {
                faults: |request| {
                    let hidden = request.path.ends_with("academicSessions");
                    hidden.then(|| Fault::Reply(Response::empty(404)))
                },
                ..dated()
            },
        ),
        (
            "class by class",
            Story {
                district: || large(60, 180),
                page_size: 30,
                needs: needs(&[
                    (Collection::Classes, "class-00001", &BOTH),
                    (Collection::Classes, "class-00007", &STUDENT),
                ]),
                ..plain()
            },
        ),
        (
            "a server that does not sort",
            Story {
                faults: |request| {
                    let sorted = request.query.contains("sort=");
                    sorted.then(|| Fault::Reply(Response::empty(400)))
                },
                ..plain()
            },
        ),
        (
            "a server without enrollments",
            Story {
                faults: |request| {
                    let hidden = request.path.contains("enrollments");
                    hidden.then(|| Fault::Reply(Response::empty(403)))
                },
                ..plain()
            },
        ),
        (
            "pages that are too heavy",
            Story {
                district: || large(3, 300),
                page_size: 250,
                needs: everybody(&STUDENT),
                faults: |request| {
                    let heavy = request.query.contains("limit=250");
                    heavy.then(|| Fault::Reply(Response::empty(504)))
                },
                // Five attempts, then the page is made smaller.
                lost: 5,
            },
        ),
    ]
}

/// Two pages of sessions, and dates that cannot be read.
fn with_terms() -> District {
    let mut district = small();
    for collection in ["academicSessions", "terms"] {
        let session = |n: usize| {
            serde_json::json!({"sourcedId": format!("term-{n}"), "title": "A", "startDate": "soon",
                "endDate": "2027-01-29"})
        };
        *district.rows(collection) = (1..=3).map(session).collect();
    }
    district
}

async fn read_with(http: Http, source: &Source, needs: &Needs) -> Result<Roster, Error> {
    let credentials = Credentials::Client {
        id: KEY.into(),
        secret: SECRET.into(),
    };
    OneRoster::new(http, source, credentials).read(needs).await
}

#[tokio::test]
async fn a_reading_that_is_cut_at_any_request_goes_on_there() {
    for (name, story) in stories() {
        let (server, clock) = serve((story.district)()).await;
        let mut source = source(&server);
        source.page_size = story.page_size;
        let mut slices = Slices::new(&server, &clock);
        slices.faults = story.faults;
        let read = async |http| read_with(http, &source, &story.needs).await;
        let whole = slices.one(None, read).await.unwrap();
        let total = server.log().len();
        assert!(total > 5, "{name}: {total}");

        for how in [Cut::After, Cut::Within] {
            for number in 1..=total {
                server.clear_log();
                slices.chunks.clear();
                match slices.one(Some((number, how)), read).await {
                    Ok(roster) => assert!(are_same(&roster, &whole)),
                    Err(Error::OutOfTime { .. }) => {}
                    // The last of five attempts.
                    Err(Error::Unavailable(_)) if how == Cut::Within && number == 5 => {}
                    Err(error) => panic!("{name}, {how:?} {number}: {error}"),
                }
                let roster = slices.one(None, read).await.unwrap();
                assert!(are_same(&roster, &whole), "{name}, {how:?} {number}");
                let sent = server.log().len();
                let most = total + story.lost;
                assert!(sent <= most, "{name}, {how:?} {number}: {sent} > {most}");
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_was_too_heavy_is_not_tried_again() {
    let (server, clock) = serve(large(3, 300)).await;
    let mut source = source(&server);
    source.page_size = 250;
    let mut slices = Slices::new(&server, &clock);
    slices.faults = |request| {
        let heavy = request.query.contains("limit=250");
        heavy.then(|| Fault::Reply(Response::empty(504)))
    };
    let read = async |http| read_with(http, &source, &everybody(&STUDENT)).await;
    // Five attempts at a heavy page, and one light page.
    slices.one(Some((6, Cut::After)), read).await.unwrap_err();
    server.clear_log();
    slices.one(None, read).await.unwrap();
    let log = server.log();
    assert!(
        log.iter()
            .all(|request| request.query.contains("limit=125"))
    );
    assert!(
        log.iter()
            .all(|request| !request.query.contains("offset=0&"))
    );
}

#[tokio::test]
async fn kept_pages_hold_no_signature() {
    let (server, clock) = serve(small()).await;
    let source = source(&server);
    let mut slices = Slices::new(&server, &clock);
    let read = async |http| read_with(http, &source, &everybody(&BOTH)).await;
    slices.one(None, read).await.unwrap();
    let text = slices.text();
    assert!(text.contains("/students") && text.contains("s-1@school.example"));
    assert!(!text.contains("oauth") && !text.contains(KEY));
}
