//! Clever: who is let in, what a page is, what is refused.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Reply, clock, get};
use crate::simulators::clever::{CLIENT_ID, CLIENT_SECRET, Clever};
use crate::simulators::district::{District, Shape, canary};

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

async fn start() -> Clever {
    Clever::start(clock(), Duration::from_millis(150), district()).await
}

async fn ask(clever: &Clever, path: &str) -> Reply {
    let bearer = format!("Bearer {}", clever.token());
    get(
        &format!("{}{path}", clever.url()),
        &[("authorization", &bearer)],
    )
    .await
}

fn ids(reply: &Reply) -> Vec<&str> {
    let rows = reply.json["data"].as_array().unwrap().iter();
    rows.map(|row| row["data"]["id"].as_str().unwrap())
        .collect()
}

fn link<'a>(reply: &'a Reply, rel: &str) -> Option<&'a str> {
    let mut links = reply.json["links"].as_array()?.iter();
    let found = links.find(|link| link["rel"] == rel)?;
    found["uri"].as_str()
}

#[tokio::test]
async fn lets_nobody_in_without_its_own_token() {
    let clever = start().await;
    let url = format!("{}/v2.1/students", clever.url());
    for header in ["Bearer another", "Basic YTpi", "clever-sandbox-token-0", ""] {
        let reply = get(&url, &[("authorization", header)]).await;
        assert_eq!(reply.status, 401, "{header:?}");
        assert!(reply.json["data"].is_null());
    }
    assert_eq!(get(&url, &[]).await.status, 401);
    assert_eq!(ask(&clever, "/v2.1/students").await.status, 200);
}

#[tokio::test]
async fn puts_a_hundred_rows_on_a_page_unless_it_is_told_otherwise() {
    let clever = start().await;
    assert_eq!(ids(&ask(&clever, "/v2.1/students").await).len(), 100);
    assert_eq!(ids(&ask(&clever, "/v2.1/students?limit=7").await).len(), 7);
    assert_eq!(
        ids(&ask(&clever, "/v2.1/students?limit=10000").await).len(),
        250
    );
}

#[tokio::test]
async fn refuses_limits_and_cursors_that_are_none() {
    let clever = start().await;
    for (query, status) in [
        ("limit=10001", 413),
        ("limit=99999999999", 413),
        ("limit=0", 400),
        ("limit=-1", 400),
        ("limit=many", 400),
        ("limit=", 400),
        ("starting_after=", 400),
        ("starting_after=66b1&ending_before=66b1", 400),
    ] {
        let reply = ask(&clever, &format!("/v2.1/students?{query}")).await;
        assert_eq!(reply.status, status, "{query}");
        assert!(reply.json["message"].is_string(), "{query}");
    }
}

#[tokio::test]
async fn links_lead_through_a_collection_once_and_in_order() {
    let clever = start().await;
    let mut all: Vec<String> = Vec::new();
    let mut path = "/v2.1/students?limit=60".to_owned();
    let mut pages = 0;
    loop {
        let page = ask(&clever, &path).await;
        all.extend(ids(&page).into_iter().map(str::to_owned));
        pages += 1;
        let Some(next) = link(&page, "next") else {
            break;
        };
        assert!(next.starts_with("/v2.1/"), "links are relative to the host");
        path = next.to_owned();
    }
    assert_eq!((pages, all.len()), (5, 250));
    assert!(all.is_sorted_by(|one, other| one < other));
}

#[tokio::test]
async fn a_full_last_page_links_to_an_empty_one_if_so_ruled() {
    let clever = start().await;
    let last = ask(&clever, "/v2.1/students?limit=250").await;
    let empty = ask(&clever, link(&last, "next").unwrap()).await;
    assert_eq!(empty.json["data"], json!([]));
    assert_eq!(link(&empty, "next"), None);

    clever.rules(|rules| rules.link_to_empty_page = false);
    let last = ask(&clever, "/v2.1/students?limit=250").await;
    assert_eq!(link(&last, "next"), None);
    let middle = ask(&clever, "/v2.1/students?limit=249").await;
    assert!(link(&middle, "next").is_some());
}

#[tokio::test]
async fn pages_backwards() {
    let clever = start().await;
    let first = ask(&clever, "/v2.1/students?limit=20").await;
    let second = ask(&clever, link(&first, "next").unwrap()).await;
    assert_eq!(link(&first, "prev"), None);
    let back = ask(&clever, link(&second, "prev").unwrap()).await;
    assert_eq!(ids(&back), ids(&first));
}

#[tokio::test]
async fn a_cursor_outlives_its_record() {
    let clever = start().await;
    let page = ask(&clever, "/v2.1/students?limit=20").await;
    let next = link(&page, "next").unwrap();
    let expected = ask(&clever, next).await;
    let cursor = *ids(&page).last().unwrap();
    clever.change(|district| district.leaves(cursor));
    assert_eq!(ids(&ask(&clever, next).await), ids(&expected));
}

#[tokio::test]
async fn knows_documented_paths_and_no_others() {
    let clever = start().await;
    let district = clever.district();
    let school = &district.schools[0].id;
    let section = &district.sections[0];
    for (path, count) in [
        ("districts".to_owned(), 1),
        ("terms".to_owned(), 3),
        (
            format!("sections/{}/students", section.id),
            section.students.len(),
        ),
        (
            format!("sections/{}/teachers", section.id),
            section.teachers.len(),
        ),
        (format!("courses/{}/sections", district.courses[0].id), 4),
        (format!("students/{}/schools", section.students[0]), 1),
    ] {
        let reply = ask(&clever, &format!("/v2.1/{path}?limit=10000")).await;
        assert_eq!((reply.status, ids(&reply).len()), (200, count), "{path}");
    }
    let teacher = &section.teachers[0];
    let of_teacher = ask(
        &clever,
        &format!("/v2.1/teachers/{teacher}/students?limit=10000"),
    )
    .await;
    assert!(
        section
            .students
            .iter()
            .all(|id| ids(&of_teacher).contains(&id.as_str()))
    );
    let first = ask(&clever, &format!("/v2.1/sections/{}/teacher", section.id)).await;
    assert_eq!(first.json["data"]["id"], json!(teacher));
    let one = ask(&clever, &format!("/v2.1/schools/{school}")).await;
    assert_eq!(one.json["data"]["id"], json!(school));
    for path in [
        "/v2.1/users",
        "/v2.1/schools/66b1",
        &format!("/v2.1/teachers/{teacher}/teachers"),
        &format!("/v2.1/schools/{school}/courses"),
        &format!("/v2.1/schools/{school}/students/1"),
        "/v3.0/students",
        "/",
    ] {
        assert_eq!(ask(&clever, path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn records_carry_what_must_never_be_kept() {
    let clever = start().await;
    let page = ask(&clever, "/v2.1/students?limit=1").await;
    let text = page.json.to_string();
    for canary in canary::ALL {
        assert!(text.contains(canary), "{canary}");
    }
    let teacher = ask(&clever, "/v2.1/teachers?limit=1").await;
    assert!(teacher.json.to_string().contains(canary::PASSWORD));
}

#[tokio::test]
async fn a_patched_record_is_odd() {
    let clever = start().await;
    let id = clever.district().students[0].id.clone();
    clever.change(|district| district.patch(&id, "email", json!(17)));
    let page = ask(&clever, "/v2.1/students?limit=1").await;
    assert_eq!(page.json["data"][0]["data"]["email"], json!(17));
}

#[tokio::test]
async fn counts_requests_by_the_minute() {
    let clever = start().await;
    clever.rules(|rules| rules.requests_per_minute = 2);
    let first = ask(&clever, "/v2.1/schools").await;
    assert_eq!(first.header("x-ratelimit-bucket"), "bearer");
    assert_eq!(first.header("x-ratelimit-limit"), "2");
    assert_eq!(first.header("x-ratelimit-remaining"), "1");
    assert_eq!(ask(&clever, "/v2.1/schools").await.status, 200);
    let refused = ask(&clever, "/v2.1/schools").await;
    assert_eq!(refused.status, 429);
    assert!(refused.json["data"].is_null());
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    clever.clock().advance(Duration::from_secs(wait));
    assert_eq!(ask(&clever, "/v2.1/schools").await.status, 200);
}

#[tokio::test]
async fn lists_tokens_to_the_client_alone() {
    let clever = start().await;
    let other = clever.share(District::empty(
        "66b1f0c0000000000000d158",
        "Another District",
    ));
    let list = async |query: &str, id: &str, secret: &str| {
        let basic = format!("Basic {}", base64(&format!("{id}:{secret}")));
        let url = format!("{}/oauth/tokens{query}", clever.url());
        get(&url, &[("authorization", &basic)]).await
    };
    let tokens = |reply: &Reply| -> Vec<Value> {
        let entries = reply.json["data"].as_array().unwrap().iter();
        entries.map(|entry| entry["access_token"].clone()).collect()
    };
    let both = list("?owner_type=district", CLIENT_ID, CLIENT_SECRET).await;
    assert_eq!(tokens(&both), [json!(clever.token()), json!(other)]);
    let one = "?owner_type=district&district=66b1f0c0000000000000d158";
    assert_eq!(
        tokens(&list(one, CLIENT_ID, CLIENT_SECRET).await),
        [json!(other)]
    );
    let none = "?owner_type=district&district=66b1";
    assert!(tokens(&list(none, CLIENT_ID, CLIENT_SECRET).await).is_empty());
    assert_eq!(list("", CLIENT_ID, CLIENT_SECRET).await.status, 400);
    assert_eq!(
        list("?owner_type=district", CLIENT_ID, "wrong")
            .await
            .status,
        401
    );
    let url = format!("{}/oauth/tokens?owner_type=district", clever.url());
    let bearer = format!("Bearer {}", clever.token());
    assert_eq!(get(&url, &[("authorization", &bearer)]).await.status, 401);

    let schools = format!("{}/v2.1/schools", clever.url());
    let bearer = format!("Bearer {other}");
    let empty = get(&schools, &[("authorization", &bearer)]).await;
    assert_eq!(
        empty.json["data"],
        json!([]),
        "each token shows its own district"
    );
    clever.unshare("66b1f0c0000000000000d158");
    assert_eq!(
        get(&schools, &[("authorization", &bearer)]).await.status,
        401
    );
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut coded = String::new();
    for three in text.as_bytes().chunks(3) {
        let byte = |place: usize| usize::from(*three.get(place).unwrap_or(&0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = char::from(LETTERS[(bits >> (18 - 6 * place)) & 63]);
            coded.push(if place <= three.len() { letter } else { '=' });
        }
    }
    coded
}
