//! Clever's roster against hand-made pages, each with one oddity.

mod access;
mod dates;
mod paging;
mod privacy;
mod records;
mod refused;
mod slices;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use roster_sync::clock::{Clock, Deadline};
use roster_sync::config::format::Formats;
use roster_sync::config::{Platform, SignatureMethod, Source, UserFilter};
use roster_sync::http::{Hosts, Http, Invocation, Transport};
use roster_sync::model::id::RosterId;
use roster_sync::model::roster::{Collection, Needs, Role, Roster};
use roster_sync::sis::clever::Clever;
use roster_sync::sis::{Credentials, Error, RosterSource};
use serde_json::{Value, json};

use crate::simulators::server::{Fault, Request, Response, Server};

const TOKEN: &str = "a-token";

/// Records by collection, served as Clever pages them.
type Collections = BTreeMap<&'static str, Vec<Value>>;

fn student(id: &str) -> Value {
    json!({"id": id, "name": {"first": "Sam", "last": id}, "email": format!("{id}@school.example"),
        "school": "school-1", "schools": ["school-1"]})
}

fn teacher(id: &str) -> Value {
    json!({"id": id, "name": {"first": "Terry", "last": id}, "email": format!("{id}@school.example"),
        "school": "school-1", "schools": ["school-1", "school-2"]})
}

/// One school, one course, two sections, five students and two teachers.
fn small() -> Collections {
    BTreeMap::from([
        ("districts", vec![json!({"id": "d-1", "state": "running"})]),
        (
            "schools",
            vec![json!({"id": "school-1", "name": "North", "SIS_ID": "77"})],
        ),
        (
            "courses",
            vec![json!({"id": "course-1", "name": "Art", "number": "A1"})],
        ),
        (
            "sections",
            vec![
                json!({"id": "section-1", "name": "Art 1", "course": "course-1", "teacher": "t-1",
                    "teachers": ["t-1", "t-2"], "students": ["s-1", "s-2", "s-3"]}),
                json!({"id": "section-2", "name": "Art 2", "course": null, "teacher": "t-2",
                    "teachers": ["t-2"], "students": ["s-4", "s-5"]}),
            ],
        ),
        (
            "students",
            ["s-1", "s-2", "s-3", "s-4", "s-5"].map(student).into(),
        ),
        ("teachers", ["t-1", "t-2"].map(teacher).into()),
    ])
}

/// An honest district.
async fn serve(collections: Collections) -> (Server, Clock) {
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let handler = Box::new(move |request: &Request| honest(&collections, request));
    let server = Server::start(clock.clone(), Duration::from_millis(50), handler).await;
    (server, clock)
}

fn honest(collections: &Collections, request: &Request) -> Response {
    if request.header("authorization") != Some("Bearer a-token") {
        return Response::json(401, &json!({"message": "unauthorized"}));
    }
    let path = request.path.trim_start_matches("/v2.1/");
    let Some(records) = collections.get(path) else {
        return Response::json(404, &json!({"message": "not found"}));
    };
    let limit = parameter(request, "limit").map_or(100, |limit| limit.parse().unwrap());
    let from = parameter(request, "starting_after").map_or(0, |after| {
        let number = after.parse::<u64>().ok();
        let is_last = |record: &Value| {
            record["id"] == *after || number.is_some_and(|number| record["id"] == number)
        };
        1 + records.iter().position(is_last).unwrap()
    });
    let rows = records.iter().skip(from).take(limit);
    let more = from + limit < records.len();
    Response::json(200, &page(rows, more))
}

fn page<'a>(records: impl IntoIterator<Item = &'a Value>, more: bool) -> Value {
    let data: Vec<Value> = records
        .into_iter()
        .map(|record| json!({"data": record, "uri": "/v2.1/records/1"}))
        .collect();
    let mut links = vec![json!({"rel": "self", "uri": "/v2.1/self"})];
    if more {
        links.push(json!({"rel": "next", "uri": "http://elsewhere.example/v2.1/next"}));
    }
    json!({"data": data, "links": links})
}

fn parameter(request: &Request, name: &str) -> Option<String> {
    let url = Url::parse(&format!("http://any/?{}", request.query)).unwrap();
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// How often a collection was asked for.
fn requests(server: &Server, path: &str) -> usize {
    server
        .log()
        .iter()
        .filter(|request| request.path == format!("/v2.1/{path}"))
        .count()
}

/// Every request for the collection is answered by the next of these pages; the last one stays.
fn script(server: &Server, path: &'static str, pages: Vec<Response>) {
    let mut asked = 0;
    server.fault(Box::new(move |request| {
        if request.path != format!("/v2.1/{path}") {
            return None;
        }
        asked += 1;
        pages
            .get(asked - 1)
            .or(pages.last())
            .cloned()
            .map(Fault::Reply)
    }));
}

fn source(server: &Server) -> Source {
    Source {
        platform: Platform::Clever,
        host: Url::parse(&format!("{}/v2.1/", server.url())).unwrap(),
        page_size: 2,
        max_user_count: None,
        match_groups_by: vec!["name".to_owned()],
        all_users_filter: UserFilter::Users,
        secret: Some("roster-sync/clever".to_owned()),
        public_token: None,
        district_id: None,
        token_url: Url::parse(&format!("{}/oauth/tokens", server.url())).unwrap(),
        signature_method: SignatureMethod::HmacSha256,
        formats: Formats::default(),
        include_only: Vec::new(),
        scoped: Vec::new(),
    }
}

/// Everything, matched by name.
fn everything() -> Needs {
    let name = BTreeSet::from(["name".to_owned()]);
    Needs {
        match_attributes: BTreeMap::from([
            (Collection::Schools, name.clone()),
            (Collection::Courses, name.clone()),
            (Collection::Classes, name),
        ]),
        roles: BTreeSet::from([Role::Student, Role::Teacher]),
        ..Needs::default()
    }
}

/// Pupils, as `users: all` asks for them.
fn students() -> Needs {
    Needs {
        roles: BTreeSet::from([Role::Student]),
        everybody: BTreeSet::from([Role::Student]),
        ..Needs::default()
    }
}

async fn read((server, clock): &(Server, Clock), needs: &Needs) -> Result<Roster, Error> {
    read_as(
        clock,
        &source(server),
        Credentials::Token(TOKEN.into()),
        needs,
    )
    .await
}

async fn read_as(
    clock: &Clock,
    source: &Source,
    credentials: Credentials,
    needs: &Needs,
) -> Result<Roster, Error> {
    let minutes = Duration::from_mins(15);
    let now = clock.now();
    let end: Timestamp = now.checked_add(minutes).unwrap();
    let transport = Transport::new(Hosts::as_written()).unwrap();
    let deadline = Deadline::new(now, end);
    let http = Http::new(transport, clock.clone(), Invocation::new(deadline));
    Clever::new(http, source, credentials).read(needs).await
}

/// The error and its causes, as a log would have them.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

fn ids<T>(map: &BTreeMap<RosterId, T>) -> Vec<&str> {
    map.keys().map(RosterId::as_str).collect()
}

#[tokio::test]
async fn a_district_is_read_once_and_whole() {
    let world = serve(small()).await;
    let roster = read(&world, &everything()).await.unwrap();
    assert_eq!(
        ids(&roster.people),
        ["s-1", "s-2", "s-3", "s-4", "s-5", "t-1", "t-2"]
    );
    assert_eq!(ids(&roster.classes), ["section-1", "section-2"]);
    assert_eq!(ids(&roster.courses), ["course-1"]);
    assert_eq!(ids(&roster.schools), ["school-1"]);
    assert_eq!(roster.district_state.as_deref(), Some("running"));
    assert_eq!(roster.notices, Vec::<String>::new());
    assert!(roster.unknown_members.is_empty() && roster.skipped.is_empty());

    // Five students at two a page: two full ones, and a short one that links to nothing.
    assert_eq!(requests(&world.0, "students"), 3);
    // Two teachers fill one page, which proves nothing: one more, and it is empty.
    assert_eq!(requests(&world.0, "teachers"), 2);
    assert_eq!(requests(&world.0, "schools"), 1);
    assert_eq!(requests(&world.0, "districts"), 1);
}

#[tokio::test]
async fn only_what_is_needed_is_asked_for() {
    let world = serve(small()).await;
    read(&world, &students()).await.unwrap();
    let asked: BTreeSet<String> = world
        .0
        .log()
        .into_iter()
        .map(|request| request.path)
        .collect();
    assert_eq!(
        asked.into_iter().collect::<Vec<_>>(),
        ["/v2.1/districts", "/v2.1/students"]
    );
}

#[tokio::test]
async fn courses_bring_their_sections_and_schools_do_not() {
    let name = || BTreeSet::from(["name".to_owned()]);
    let mut needs = students();
    needs.match_attributes = BTreeMap::from([(Collection::Schools, name())]);
    let world = serve(small()).await;
    read(&world, &needs).await.unwrap();
    assert_eq!(
        (
            requests(&world.0, "schools"),
            requests(&world.0, "sections")
        ),
        (1, 0)
    );

    needs.match_attributes = BTreeMap::from([(Collection::Courses, name())]);
    let world = serve(small()).await;
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(
        (
            requests(&world.0, "courses"),
            requests(&world.0, "sections")
        ),
        (1, 2)
    );
    let class = roster.classes.values().next().unwrap();
    assert_eq!(class.course.as_ref().unwrap().as_str(), "course-1");
    assert!(class.attributes.is_empty());
    assert!(
        class
            .members
            .iter()
            .all(|member| member.role == Role::Student)
    );
    assert!(!roster.attribute_names.contains_key(&Collection::Classes));
}

#[tokio::test]
async fn a_district_that_is_not_running_says_so() {
    for (state, expected) in [
        (json!("paused"), Some("paused")),
        (json!(" Error "), Some("error")),
        (json!("running"), Some("running")),
        (json!(null), None),
    ] {
        let mut collections = small();
        collections.insert("districts", vec![json!({"id": "d-1", "state": state})]);
        let roster = read(&serve(collections).await, &students()).await.unwrap();
        assert_eq!(roster.district_state.as_deref(), expected);
        assert_eq!(roster.notices.len(), usize::from(expected.is_none()));
    }
}

#[tokio::test]
async fn of_two_states_the_one_that_is_not_running_counts() {
    let mut collections = small();
    let states = ["running", "stalled"].map(|state| json!({"id": state, "state": state}));
    collections.insert("districts", states.into());
    let roster = read(&serve(collections).await, &students()).await.unwrap();
    assert_eq!(roster.district_state.as_deref(), Some("stalled"));
}

#[tokio::test]
async fn a_hidden_district_is_a_notice() {
    for status in [403, 404] {
        let world = serve(small()).await;
        script(&world.0, "districts", vec![Response::empty(status)]);
        let roster = read(&world, &students()).await.unwrap();
        assert_eq!(roster.people.len(), 5);
        assert!(roster.notices[0].contains("state is not known"));
    }
}
