//! OneRoster 1.1 against a small server, with one oddity each.

mod access;
mod dates;
mod district;
mod moving;
mod paging;
mod planner;
mod privacy;
mod records;
mod refused;
mod slices;
mod terms;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use roster_sync::clock::{Clock, Deadline};
use roster_sync::config::format::Formats;
use roster_sync::config::{Platform, SignatureMethod, Source, UserFilter};
use roster_sync::http::{Hosts, Http, Invocation, Transport};
use roster_sync::model::id::RosterId;
use roster_sync::model::roster::{Collection, NeededGroup, Needs, Role, Roster};
use roster_sync::sis::oneroster::OneRoster;
use roster_sync::sis::{Credentials, Error, RosterSource};

use self::district::{District, small};
use crate::simulators::server::{Fault, Request, Response, Server};

const BASE: &str = "/ims/oneroster/v1p1/";
const STUDENT: [Role; 1] = [Role::Student];
const TEACHER: [Role; 1] = [Role::Teacher];
const BOTH: [Role; 2] = [Role::Student, Role::Teacher];

/// An honest server.
async fn serve(district: District) -> (Server, Clock) {
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let mut district = district;
    let handler = Box::new(move |request: &Request| district.answer(request));
    let server = Server::start(clock.clone(), Duration::from_millis(50), handler).await;
    (server, clock)
}

/// Requests below this path (without their ids' list, the path itself) are answered so, one after the other; the last
/// answer stays.
fn script(server: &Server, path: &'static str, replies: Vec<Response>) {
    let mut asked = 0;
    server.fault(Box::new(move |request| {
        if request.path != format!("{BASE}{path}") {
            return None;
        }
        asked += 1;
        let reply = replies.get(asked - 1).or(replies.last());
        reply.cloned().map(Fault::Reply)
    }));
}

/// These paths are answered with a status; a path that ends in `/…` means all below it.
fn hide(server: &Server, status: u16, paths: &'static [&'static str]) {
    server.fault(Box::new(move |request| {
        let path = request.path.trim_start_matches(BASE);
        let hidden = paths.iter().any(|hidden| match hidden.strip_suffix('…') {
            Some(below) => path.starts_with(below),
            None => path == *hidden,
        });
        hidden.then(|| Fault::Reply(Response::empty(status)))
    }));
}

/// The paths that were asked for, each with the number of requests.
fn asked(server: &Server) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for request in server.log() {
        let path = request.path.trim_start_matches(BASE).to_owned();
        *asked.entry(path).or_default() += 1;
    }
    asked
}

fn requests(server: &Server, path: &str) -> usize {
    asked(server).get(path).copied().unwrap_or_default()
}

fn source(server: &Server) -> Source {
    Source {
        platform: Platform::ClassLink,
        host: Url::parse(&format!("{}{BASE}", server.url())).unwrap(),
        page_size: 1000,
        max_user_count: None,
        match_groups_by: vec!["title".to_owned()],
        all_users_filter: UserFilter::Users,
        secret: Some("roster-sync/classlink".to_owned()),
        public_token: None,
        district_id: None,
        token_url: Url::parse("https://unused.example/").unwrap(),
        signature_method: SignatureMethod::HmacSha256,
        formats: Formats::default(),
        include_only: Vec::new(),
        scoped: Vec::new(),
    }
}

fn client() -> Credentials {
    Credentials::Client {
        id: district::KEY.into(),
        secret: district::SECRET.into(),
    }
}

/// Directory groups, matched by title.
fn needs(groups: &[(Collection, &str, &[Role])]) -> Needs {
    let title = || ["name", "title"].map(str::to_owned);
    let mut needs = Needs::default();
    for (collection, name, roles) in groups {
        needs.groups.push(NeededGroup {
            collection: *collection,
            name: (*name).to_lowercase(),
            attributes: vec!["title".to_owned()],
            roles: roles.iter().copied().collect(),
        });
        let asked = needs.match_attributes.entry(*collection).or_default();
        asked.extend(title());
        needs.roles.extend(roles.iter());
    }
    needs
}

/// `users: all`.
fn everybody(roles: &[Role]) -> Needs {
    Needs {
        roles: roles.iter().copied().collect(),
        everybody: roles.iter().copied().collect(),
        ..Needs::default()
    }
}

async fn read((server, clock): &(Server, Clock), needs: &Needs) -> Result<Roster, Error> {
    read_as(clock, &source(server), client(), needs).await
}

/// With pages of so many rows.
async fn read_by(
    (server, clock): &(Server, Clock),
    page_size: u32,
    needs: &Needs,
) -> Result<Roster, Error> {
    let mut source = source(server);
    source.page_size = page_size;
    read_as(clock, &source, client(), needs).await
}

async fn read_as(
    clock: &Clock,
    source: &Source,
    credentials: Credentials,
    needs: &Needs,
) -> Result<Roster, Error> {
    let now = clock.now();
    let end: Timestamp = now.checked_add(Duration::from_mins(15)).unwrap();
    let transport = Transport::new(Hosts::as_written()).unwrap();
    let deadline = Deadline::new(now, end);
    let http = Http::new(transport, clock.clone(), Invocation::new(deadline));
    OneRoster::new(http, source, credentials).read(needs).await
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

/// The members of a class: id, role, and whether active.
fn members(roster: &Roster, class: &str) -> Vec<(String, Role, bool)> {
    let class = &roster.classes[&RosterId::new(class)];
    let member = |member: &roster_sync::model::roster::Member| {
        let id = member.person.as_str().to_owned();
        (id, member.role, member.active)
    };
    class.members.iter().map(member).collect()
}

fn member_ids(roster: &Roster, class: &str) -> Vec<String> {
    let members = members(roster, class);
    members.into_iter().map(|(id, ..)| id).collect()
}

#[tokio::test]
async fn classes_have_their_members_and_nobody_else_is_kept() {
    let world = serve(small()).await;
    let needs = needs(&[(Collection::Classes, "Art 1", &BOTH)]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(ids(&roster.classes), ["class-1", "class-2", "class-3"]);
    assert_eq!(member_ids(&roster, "class-1"), ["s-1", "s-2", "s-3", "t-1"]);
    assert_eq!(member_ids(&roster, "class-2"), Vec::<String>::new());
    assert_eq!(ids(&roster.people), ["s-1", "s-2", "s-3", "t-1"]);
    assert!(roster.unknown_members.is_empty() && roster.skipped.is_empty());
    assert!(roster.notices.is_empty() && roster.district_state.is_none());
}

#[tokio::test]
async fn a_course_has_the_members_of_its_classes() {
    let world = serve(small()).await;
    let needs = needs(&[(Collection::Courses, "art", &STUDENT)]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(ids(&roster.courses), ["course-1"]);
    assert_eq!(member_ids(&roster, "class-1"), ["s-1", "s-2", "s-3"]);
    assert_eq!(member_ids(&roster, "class-2"), ["s-4"]);
    assert_eq!(ids(&roster.people), ["s-1", "s-2", "s-3", "s-4"]);
    let course = roster.classes[&RosterId::new("class-1")].course.as_ref();
    assert_eq!(course.unwrap().as_str(), "course-1");
}

#[tokio::test]
async fn a_school_has_its_people() {
    let world = serve(small()).await;
    let needs = needs(&[(Collection::Schools, "South", &BOTH)]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(ids(&roster.schools), ["school-1", "school-2"]);
    assert_eq!(ids(&roster.people), ["s-5", "t-2"]);
    assert!(roster.classes.is_empty());
    let asked: BTreeSet<String> = asked(&world.0).into_keys().collect();
    let expected = [
        "schools",
        "schools/school-2/students",
        "schools/school-2/teachers",
    ];
    assert_eq!(asked, expected.map(str::to_owned).into());
}

#[tokio::test]
async fn everybody_is_students_and_teachers() {
    let world = serve(small()).await;
    let roster = read(&world, &everybody(&BOTH)).await.unwrap();
    let all = ["s-1", "s-2", "s-3", "s-4", "s-5", "t-1", "t-2"];
    assert_eq!(ids(&roster.people), all);
    let asked = asked(&world.0);
    assert_eq!(
        asked.into_iter().collect::<Vec<_>>(),
        [("students".to_owned(), 1), ("teachers".to_owned(), 1)]
    );
}

#[tokio::test]
async fn a_group_that_matches_nothing_costs_no_request_for_people() {
    let world = serve(small()).await;
    let needs = needs(&[(Collection::Classes, "Chess", &BOTH)]);
    let roster = read(&world, &needs).await.unwrap();
    assert!(roster.people.is_empty());
    assert_eq!(asked(&world.0).into_keys().collect::<Vec<_>>(), ["classes"]);
}
