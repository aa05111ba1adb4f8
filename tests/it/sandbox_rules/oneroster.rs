//! OneRoster 1.1 as ClassLink serves it: what a page is, what is found where, what is refused.

mod access;
mod oddities;
mod selection;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Reply, clock, get};
use crate::simulators::district::{District, Shape, canary, enrollment_id};
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
async fn single_records_and_nested_collections_are_where_the_standard_has_them() {
    let server = start().await;
    let district = server.district();
    let section = &district.sections[0];
    let (school, class) = (&section.school, &section.id);
    let (course, pupil) = (&district.courses[0].id, &section.students[0]);
    for (path, key) in [
        (format!("orgs/{school}"), "org"),
        (format!("schools/{school}"), "org"),
        ("terms/T1-2027".to_owned(), "academicSession"),
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
    let at = |people: &[crate::simulators::district::Person]| {
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

#[tokio::test]
async fn records_are_written_as_version_1_1_has_them() {
    let server = start().await;
    let district = server.district();
    let (section, pupil) = (&district.sections[0], &district.students[0]);
    let user = ask(&server, &format!("users/{}", pupil.id)).await.json["user"].clone();
    assert_eq!(user["givenName"], json!(pupil.first));
    assert_eq!(user["email"], json!(pupil.email));
    assert_eq!(user["enabledUser"], json!("true"));
    assert_eq!(user["status"], json!("active"));
    assert_eq!(user["role"], json!("student"));
    assert_eq!(user["orgs"][0]["sourcedId"], json!(pupil.schools[0]));
    assert_eq!(user["orgs"][0]["type"], json!("org"));
    let host = user["orgs"][0]["href"].as_str().unwrap();
    assert!(!host.contains(HOST), "references lead elsewhere");
    let class = ask(&server, &format!("classes/{}", section.id)).await.json["class"].clone();
    assert_eq!(class["title"], json!(section.name));
    assert_eq!(class["name"], Value::Null);
    assert_eq!(class["course"]["sourcedId"], json!(section.course));
    assert_eq!(class["terms"].as_array().unwrap().len(), 2);
    let school = ask(&server, &format!("schools/{}", section.school))
        .await
        .json["org"]
        .clone();
    assert_eq!(school["name"], json!(district.schools[0].name));
    assert_eq!(school["title"], Value::Null);
    let id = enrollment_id(&section.id, &section.teachers[0]);
    let enrollment = ask(&server, &format!("enrollments/{id}")).await.json["enrollment"].clone();
    assert_eq!(enrollment["user"]["sourcedId"], json!(section.teachers[0]));
    assert_eq!(enrollment["class"]["sourcedId"], json!(section.id));
    assert_eq!(enrollment["role"], json!("teacher"));
    assert_eq!(enrollment["primary"], json!("true"));
    assert!(enrollment["beginDate"].is_string() && enrollment["endDate"].is_string());
}

#[tokio::test]
async fn records_carry_what_must_never_be_kept() {
    let server = start().await;
    let text = ask(&server, "users?limit=1").await.json.to_string();
    for canary in canary::ALL {
        assert!(text.contains(canary), "{canary}");
    }
    let guardians = ask(&server, "users?filter=role%3D'guardian'").await;
    assert_eq!(
        rows(&guardians, "users")[0]["email"],
        json!(canary::GUARDIAN_EMAIL)
    );
}

#[tokio::test]
async fn what_does_not_count_is_listed_and_says_so() {
    let server = start().await;
    let district = server.district();
    let section = &district.sections[0];
    let (gone, disabled) = (&section.students[0], &section.students[1]);
    let enrollment = enrollment_id(&section.id, &section.students[2]);
    server.change(|district| {
        let to_be_deleted = &mut district.status.to_be_deleted;
        to_be_deleted.extend([gone.clone(), section.id.clone(), enrollment.clone()]);
        district.status.not_enabled.insert(disabled.clone());
    });
    let of = async |path: String, key: &str, field: &str| {
        ask(&server, &path).await.json[key][field].clone()
    };
    let user = |id: &str| format!("users/{id}");
    assert_eq!(of(user(gone), "user", "status").await, "tobedeleted");
    assert_eq!(of(user(disabled), "user", "enabledUser").await, "false");
    assert_eq!(of(user(disabled), "user", "status").await, "active");
    assert_eq!(
        of(format!("classes/{}", section.id), "class", "status").await,
        "tobedeleted"
    );
    let path = format!("enrollments/{enrollment}");
    assert_eq!(of(path, "enrollment", "status").await, "tobedeleted");
    let listed = ask(
        &server,
        &format!("classes/{}/students?limit=100", section.id),
    )
    .await;
    assert_eq!(ids(&listed, "users").len(), section.students.len());

    let in_force = server.district().in_force();
    assert_eq!(in_force.sections.len() + 1, district.sections.len());
    let both = |id: &String| id == gone || id == disabled;
    assert!(!in_force.students.iter().any(|person| both(&person.id)));
    server.change(|district| assert!(district.status.to_be_deleted.remove(&section.id)));
    let in_force = server.district().in_force();
    let left = &in_force.sections[0].students;
    assert!(!left.contains(&section.students[2]) && left.contains(&section.students[3]));
}

#[tokio::test]
async fn ids_in_paths_are_percent_encoded() {
    let (district, planted) = District::irregular(Shape {
        seed: 5,
        schools: 2,
        students: 80,
        teachers: 6,
        courses: 3,
        sections: 14,
    });
    let server = OneRoster::start(clock(), Duration::ZERO, district).await;
    let [_, section, school] = &planted.odd_records;
    assert_eq!(section, "section/1 @%?#");
    let path = "classes/section%2F1%20%40%25%3F%23/students?limit=100";
    let expected = server.district().sections[0].students.len();
    assert_eq!(ids(&ask(&server, path).await, "users").len(), expected);
    let reply = ask(&server, "schools/school%2F1%20%40%25%3F%23").await;
    assert_eq!(reply.json["org"]["sourcedId"], json!(school));
}

/// Percent-encoded throughout.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
