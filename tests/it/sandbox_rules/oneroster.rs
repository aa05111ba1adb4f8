//! OneRoster 1.1 as ClassLink serves it: what a page is, what is found where, what is refused.

mod access;
mod oddities;
mod records;
mod selection;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Reply, clock, get};
use crate::simulators::district::{District, Person, Shape, enrollment_id};
use crate::simulators::oneroster::oauth1::{Method, base_string};
use crate::simulators::oneroster::{CLIENT_ID, CLIENT_SECRET, HOST, OneRoster, ROOT};

fn district() -> District {
    District::generate(Shape {
        seed: 1,
        schools: 2,
        students: 250,
        teachers: 12,
        courses: 4,
        sections: 16,
    })
}

async fn start() -> OneRoster {
    OneRoster::start(clock(), Duration::from_millis(150), district()).await
}

/// The header's parameters for a request of now, each with a nonce of its own.
fn parameters(server: &OneRoster, method: Method) -> BTreeMap<String, String> {
    static NONCE: AtomicU64 = AtomicU64::new(0);
    let nonce = NONCE.fetch_add(1, Ordering::SeqCst);
    [
        ("oauth_consumer_key", CLIENT_ID.to_owned()),
        ("oauth_nonce", format!("nonce{nonce}")),
        ("oauth_signature_method", method.as_str().to_owned()),
        (
            "oauth_timestamp",
            server.clock().now().as_second().to_string(),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// Signs the address by which the server is known, with this path and query.
fn sign(path: &str, oauth: &BTreeMap<String, String>, method: Method, secret: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let base = base_string("GET", &format!("https://{HOST}{ROOT}{path}"), query, oauth);
    STANDARD.encode(method.sign(secret, &base))
}

fn header(oauth: &BTreeMap<String, String>, signature: &str) -> String {
    let signature = signature
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let pairs = oauth
        .iter()
        .map(|(name, value)| format!("{name}=\"{value}\""));
    let pairs: Vec<String> = pairs
        .chain([format!("oauth_signature=\"{signature}\"")])
        .collect();
    format!("OAuth {}", pairs.join(","))
}

/// A request that is signed as it should be. `path` is below the root.
async fn ask(server: &OneRoster, path: &str) -> Reply {
    let oauth = parameters(server, Method::HmacSha256);
    let signature = sign(path, &oauth, Method::HmacSha256, CLIENT_SECRET);
    let url = format!("{}{ROOT}{path}", server.url());
    get(&url, &[("authorization", &header(&oauth, &signature))]).await
}

fn rows<'a>(reply: &'a Reply, key: &str) -> &'a Vec<Value> {
    assert_eq!(reply.status, 200, "{}", reply.json);
    reply.json[key]
        .as_array()
        .unwrap_or_else(|| panic!("no {key}: {}", reply.json))
}

fn ids<'a>(reply: &'a Reply, key: &str) -> Vec<&'a str> {
    let ids = rows(reply, key).iter();
    ids.map(|row| row["sourcedId"].as_str().unwrap()).collect()
}

fn link(reply: &Reply, rel: &str) -> Option<String> {
    let mut links = reply.header("link").split(", ");
    let found = links.find(|link| link.ends_with(&format!("rel=\"{rel}\"")))?;
    let (url, _) = found.strip_prefix('<')?.split_once('>')?;
    Some(url.to_owned())
}

#[tokio::test]
async fn a_hundred_rows_are_on_a_page_unless_somebody_says_otherwise() {
    let server = start().await;
    let page = ask(&server, "students").await;
    assert_eq!(rows(&page, "users").len(), 100);
    assert_eq!(page.header("x-total-count"), "250");
    let page = ask(&server, "students?limit=3000").await;
    assert_eq!(rows(&page, "users").len(), 250);
    for query in ["limit=0", "limit=-1", "limit=many", "offset=x", "offset=-1"] {
        assert_eq!(
            ask(&server, &format!("students?{query}")).await.status,
            400,
            "{query}"
        );
    }
}

#[tokio::test]
async fn offsets_and_links_lead_through_a_collection_once() {
    let server = start().await;
    let (mut by_offset, mut by_link) = (Vec::new(), Vec::new());
    for offset in [0, 60, 120, 180, 240, 300] {
        let page = ask(&server, &format!("students?limit=60&offset={offset}")).await;
        by_offset.extend(ids(&page, "users").into_iter().map(str::to_owned));
    }
    let mut path = Some("students?limit=60&sort=sourcedId".to_owned());
    while let Some(this) = path {
        let page = ask(&server, &this).await;
        by_link.extend(ids(&page, "users").into_iter().map(str::to_owned));
        let next = link(&page, "next");
        path = next.map(|url| url.split_once(ROOT).unwrap().1.to_owned());
    }
    assert_eq!(by_offset.len(), 250);
    assert!(by_link.is_sorted());
    let set = |ids: Vec<String>| ids.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(set(by_offset), set(by_link));
}

#[tokio::test]
async fn collections_are_wrapped_after_their_type_and_hold_what_they_should() {
    let server = start().await;
    for (path, key, count) in [
        ("orgs", "orgs", 3),
        ("schools", "orgs", 2),
        ("academicSessions", "academicSessions", 3),
        ("terms", "academicSessions", 2),
        ("courses", "courses", 4),
        ("classes", "classes", 16),
        ("students", "users", 250),
        ("teachers", "users", 12),
        // And a guardian.
        ("users", "users", 263),
    ] {
        let page = ask(&server, &format!("{path}?limit=1000")).await;
        assert_eq!(rows(&page, key).len(), count, "{path}");
    }
    let district = server.district();
    let sections = district.sections.iter();
    let members: usize = sections
        .map(|one| one.students.len() + one.teachers.len())
        .sum();
    let page = ask(&server, "enrollments?limit=5000").await;
    let enrollments: BTreeSet<&str> = ids(&page, "enrollments").into_iter().collect();
    assert_eq!(enrollments.len(), members);
}

#[tokio::test]
async fn single_records_are_where_the_standard_has_them() {
    let server = start().await;
    let district = server.district();
    let section = &district.sections[0];
    let (school, class) = (&section.school, &section.id);
    let (course, pupil) = (&district.courses[0].id, &section.students[0]);
    for (path, key) in [
        (format!("orgs/{school}"), "org"),
        (format!("schools/{school}"), "org"),
        (
            format!("academicSessions/{}", district.terms[0].id),
            "academicSession",
        ),
        (format!("terms/{}", district.terms[1].id), "academicSession"),
        (format!("courses/{course}"), "course"),
        (format!("classes/{class}"), "class"),
        (format!("users/{pupil}"), "user"),
        (format!("students/{pupil}"), "user"),
        (
            format!("enrollments/{}", enrollment_id(class, pupil)),
            "enrollment",
        ),
    ] {
        let reply = ask(&server, &path).await;
        assert_eq!(reply.status, 200, "{path}");
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(reply.json[key]["sourcedId"], json!(id), "{path}");
    }
}

#[tokio::test]
async fn nested_collections_are_where_the_standard_has_them() {
    let server = start().await;
    let district = server.district();
    let section = &district.sections[0];
    let (school, class) = (&section.school, &section.id);
    let course = &district.courses[0].id;
    let at = |people: &[Person]| {
        people
            .iter()
            .filter(|one| one.schools.contains(school))
            .count()
    };
    let taught = || district.sections.iter().filter(|one| one.school == *school);
    let members = section.students.len() + section.teachers.len();
    for (path, key, count) in [
        (
            format!("schools/{school}/classes"),
            "classes",
            taught().count(),
        ),
        (
            format!("schools/{school}/students"),
            "users",
            at(&district.students),
        ),
        (
            format!("schools/{school}/teachers"),
            "users",
            at(&district.teachers),
        ),
        (
            format!("schools/{school}/classes/{class}/enrollments"),
            "enrollments",
            members,
        ),
        (
            format!("schools/{school}/classes/{class}/students"),
            "users",
            section.students.len(),
        ),
        (
            format!("schools/{school}/classes/{class}/teachers"),
            "users",
            section.teachers.len(),
        ),
        (format!("courses/{course}/classes"), "classes", 4),
        (
            format!("classes/{class}/students"),
            "users",
            section.students.len(),
        ),
        (
            format!("classes/{class}/teachers"),
            "users",
            section.teachers.len(),
        ),
    ] {
        let page = ask(&server, &format!("{path}?limit=1000")).await;
        assert_eq!(rows(&page, key).len(), count, "{path}");
    }
}

#[tokio::test]
async fn a_school_has_its_courses_and_enrollments() {
    let server = start().await;
    let school = server.district().schools[0].id.clone();
    for path in ["courses", "enrollments"] {
        let page = ask(&server, &format!("schools/{school}/{path}?limit=1000")).await;
        assert!(!rows(&page, path).is_empty(), "{path}");
    }
}

#[tokio::test]
async fn what_the_standard_does_not_have_is_not_found() {
    let server = start().await;
    let district = server.district();
    let section = &district.sections[0];
    let (school, class) = (&section.school, &section.id);
    let other = district
        .sections
        .iter()
        .find(|one| one.school != *school)
        .unwrap();
    for path in [
        format!("classes/{class}/users"),
        format!("schools/{school}/users"),
        format!("classes/{class}/enrollments"),
        format!("courses/{}/students", district.courses[0].id),
        format!("schools/{school}/classes/{}/students", other.id),
        format!("students/{}", district.teachers[0].id),
        "classes/none".to_owned(),
        "classes/none/students".to_owned(),
        "sections".to_owned(),
        String::new(),
    ] {
        let reply = ask(&server, &path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(
            reply.json["statusInfoSet"][0]["imsx_codeMinor"],
            "unknownobject"
        );
    }
}

/// Percent-encoded throughout.
fn escaped(text: &str) -> String {
    let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
    bytes.collect::<Vec<_>>().concat()
}
