//! A small OneRoster server: signatures, pages and nested paths as the standard has them.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use sha2::Sha256;

use super::BASE;
use crate::simulators::server::{Request, Response};

pub(super) const KEY: &str = "a-key";
pub(super) const SECRET: &str = "a/secret+";
pub(super) const TOKEN: &str = "a-token";

pub(super) struct District {
    pub(super) collections: BTreeMap<&'static str, Vec<Value>>,
    /// Whether replies tell the number of all rows.
    pub(super) totals: bool,
    /// The most rows on a page, whatever is asked for.
    pub(super) cap: usize,
    nonces: BTreeSet<String>,
}

pub(super) fn reference(id: &str) -> Value {
    json!({"href": "http://elsewhere.example/", "sourcedId": id, "type": "any"})
}

pub(super) fn person(id: &str, role: &str, schools: &[&str]) -> Value {
    let orgs: Vec<Value> = schools.iter().map(|id| reference(id)).collect();
    json!({"sourcedId": id, "status": "active", "enabledUser": "true", "username": id, "givenName": "Sam",
        "familyName": id, "email": format!("{id}@school.example"), "role": role, "orgs": orgs, "grades": ["07"],
        "password": "planted", "sms": "planted", "phone": "planted", "agents": [reference("planted")]})
}

pub(super) fn class(id: &str, title: &str, school: &str, course: Option<&str>) -> Value {
    json!({"sourcedId": id, "status": "active", "title": title, "classCode": format!("code {id}"),
        "school": reference(school), "course": course.map(reference), "terms": [reference("term-1")]})
}

pub(super) fn enrollment(id: &str, class: &str, user: &str, role: &str) -> Value {
    json!({"sourcedId": id, "status": "active", "role": role, "class": reference(class), "user": reference(user),
        "school": reference("school-1"), "beginDate": "", "endDate": null})
}

/// Two schools, one course, three classes, five students and two teachers.
pub(super) fn small() -> District {
    let enrollments = [
        ("class-1", "s-1", "student"),
        ("class-1", "s-2", "student"),
        ("class-1", "s-3", "student"),
        ("class-1", "t-1", "teacher"),
        ("class-2", "s-4", "student"),
        ("class-2", "t-2", "teacher"),
        ("class-3", "s-5", "student"),
        ("class-3", "t-2", "teacher"),
    ];
    let enrollments = enrollments.iter().enumerate();
    let enrollments = enrollments
        .map(|(n, (class, user, role))| enrollment(&format!("e-{n}"), class, user, role));
    District::of([
        (
            "schools",
            vec![
                json!({"sourcedId": "school-1", "status": "active", "name": "North", "type": "school"}),
                json!({"sourcedId": "school-2", "status": "active", "name": "South", "type": "school"}),
            ],
        ),
        (
            "courses",
            vec![json!({"sourcedId": "course-1", "title": "Art", "courseCode": "A1"})],
        ),
        (
            "classes",
            vec![
                class("class-1", "Art 1", "school-1", Some("course-1")),
                class("class-2", "Art 2", "school-1", Some("course-1")),
                class("class-3", "Music", "school-2", None),
            ],
        ),
        ("enrollments", enrollments.collect()),
        (
            "students",
            vec![
                person("s-1", "student", &["school-1"]),
                person("s-2", "student", &["school-1"]),
                person("s-3", "student", &["school-1"]),
                person("s-4", "student", &["school-1"]),
                person("s-5", "student", &["school-2"]),
            ],
        ),
        (
            "teachers",
            vec![
                person("t-1", "teacher", &["school-1"]),
                person("t-2", "teacher", &["school-1", "school-2"]),
            ],
        ),
    ])
}

/// So many classes of one pupil and one teacher each, and others that nobody asks for.
pub(super) fn large(classes: usize, students: usize) -> District {
    let id = |kind: &str, n: usize| format!("{kind}-{n:05}");
    let teachers = students / 10;
    let enrolled = (0..students).flat_map(|n| {
        let class = id("class", n % classes);
        (0..6).map(move |k| enrollment(&format!("e-{n:05}-{k}"), &class, &id("s", n), "student"))
    });
    let teaching = (0..classes).map(|n| {
        enrollment(
            &format!("f-{n:05}"),
            &id("class", n),
            &id("t", n % teachers),
            "teacher",
        )
    });
    let people = |kind: &'static str, role: &'static str, count: usize| {
        let one = |n| person(&id(kind, n), role, &["school-1"]);
        (0..count).map(one).collect::<Vec<_>>()
    };
    let all = (0..classes).map(|n| class(&id("class", n), &id("class", n), "school-1", None));
    District::of([
        ("classes", all.collect()),
        ("enrollments", enrolled.chain(teaching).collect()),
        ("students", people("s", "student", students)),
        ("teachers", people("t", "teacher", teachers)),
    ])
}

impl District {
    pub(super) fn of<const N: usize>(collections: [(&'static str, Vec<Value>); N]) -> Self {
        Self {
            collections: collections.into(),
            totals: true,
            cap: usize::MAX,
            nonces: BTreeSet::new(),
        }
    }

    pub(super) fn rows(&mut self, collection: &'static str) -> &mut Vec<Value> {
        self.collections.entry(collection).or_default()
    }

    pub(super) fn answer(&mut self, request: &Request) -> Response {
        if !self.lets_in(request) {
            return Response::json(401, &json!({"imsx_codeMajor": "failure"}));
        }
        let path = request.path.trim_start_matches(BASE).to_owned();
        let parts: Vec<String> = path
            .split('/')
            .map(|part| percent_decode_str(part).decode_utf8().unwrap().into_owned())
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (key, rows) = match parts[..] {
            ["users", id] => {
                let found = self.people().find(|row| row["sourcedId"] == id);
                return match found {
                    Some(row) => Response::json(200, &json!({"user": row})),
                    None => Response::empty(404),
                };
            }
            ["schools", _, "classes", class, "enrollments"] => {
                ("enrollments", self.enrollments_of(class).collect())
            }
            ["classes", class, "students"] => ("users", self.people_of(class, "student")),
            ["classes", class, "teachers"] => ("users", self.people_of(class, "teacher")),
            ["schools", school, kind @ ("students" | "teachers")] => {
                let rows = self.collections[kind].iter();
                let goes = |row: &&Value| {
                    let mut orgs = row["orgs"].as_array().into_iter().flatten();
                    orgs.any(|org| org["sourcedId"] == school)
                };
                ("users", rows.filter(goes).cloned().collect())
            }
            [collection] if self.collections.contains_key(collection) => {
                let key = match collection {
                    "schools" => "orgs",
                    "students" | "teachers" => "users",
                    other => other,
                };
                (key, self.collections[collection].clone())
            }
            _ => return Response::empty(404),
        };
        self.page(request, key, &rows)
    }

    fn page(&self, request: &Request, key: &str, rows: &[Value]) -> Response {
        let number = |name| parameter(request, name).map(|text| text.parse::<usize>().unwrap());
        let limit = number("limit").unwrap_or(100).min(self.cap);
        let page = rows.iter().skip(number("offset").unwrap_or(0)).take(limit);
        let body = json!({key: page.collect::<Vec<_>>()});
        let link = "<http://elsewhere.example/next>; rel=\"next\"";
        let reply = Response::json(200, &body).with("link", link);
        if self.totals {
            reply.with("x-total-count", &rows.len().to_string())
        } else {
            reply
        }
    }

    fn people(&self) -> impl Iterator<Item = &Value> {
        let kinds = ["students", "teachers", "others"];
        kinds
            .into_iter()
            .filter_map(|kind| self.collections.get(kind))
            .flatten()
    }

    fn enrollments_of(&self, class: &str) -> impl Iterator<Item = Value> {
        let rows = self.collections["enrollments"].iter();
        rows.filter(move |row| row["class"]["sourcedId"] == class)
            .cloned()
    }

    fn people_of(&self, class: &str, role: &str) -> Vec<Value> {
        let rows = self.enrollments_of(class).filter(|row| row["role"] == role);
        let ids: BTreeSet<String> = rows
            .map(|row| row["user"]["sourcedId"].as_str().unwrap().to_owned())
            .collect();
        let listed = |row: &&Value| row["sourcedId"].as_str().is_some_and(|id| ids.contains(id));
        self.people().filter(listed).cloned().collect()
    }

    fn lets_in(&mut self, request: &Request) -> bool {
        let header = request.header("authorization").unwrap_or_default();
        if header == format!("Bearer {TOKEN}") {
            return true;
        }
        let Some(header) = header.strip_prefix("OAuth ") else {
            return false;
        };
        let mut oauth: BTreeMap<&str, String> = header
            .split(',')
            .map(|pair| {
                let (name, value) = pair.trim().split_once('=').unwrap();
                (name, decoded(value.trim_matches('"')))
            })
            .collect();
        let signature = oauth.remove("oauth_signature").unwrap();
        // A nonce that was used before is a replay.
        self.nonces.insert(oauth["oauth_nonce"].clone())
            && oauth["oauth_consumer_key"] == KEY
            && signature == expected(request, &oauth)
    }
}

/// The signature as RFC 5849 has it, made with other means than the client's.
fn expected(request: &Request, oauth: &BTreeMap<&str, String>) -> String {
    let query = request.query.split('&').filter(|pair| !pair.is_empty());
    let oauth = oauth
        .iter()
        .map(|(name, value)| format!("{name}={}", strict(value)));
    let mut pairs: Vec<String> = query.map(str::to_owned).chain(oauth).collect();
    pairs.sort();
    let address = format!("http://{}{}", request.header("host").unwrap(), request.path);
    let text = format!("GET&{}&{}", strict(&address), strict(&pairs.join("&")));
    let mut mac = Hmac::<Sha256>::new_from_slice(b"a%2Fsecret%2B&").unwrap();
    mac.update(text.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

fn strict(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

pub(super) fn parameter(request: &Request, name: &str) -> Option<String> {
    let mut pairs = request
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(key, _)| *key == name)
        .map(|(_, value)| decoded(value))
}
