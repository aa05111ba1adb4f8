//! What running servers were seen to do, one thing at a time.

use serde_json::{Value, json};

use super::{ask, ids, link, rows, start};
use crate::simulators::oneroster::{Flag, HOST, Oddities, OneRoster, Total, Wrapper};

async fn odd(change: impl FnOnce(&mut Oddities)) -> OneRoster {
    let server = start().await;
    let mut oddities = Oddities::default();
    change(&mut oddities);
    server.odd(oddities);
    server
}

#[tokio::test]
async fn a_page_can_be_cut_in_silence() {
    let server = odd(|odd| odd.page_cap = Some(40)).await;
    let page = ask(&server, "students?limit=1000&offset=230").await;
    assert_eq!(rows(&page, "users").len(), 20);
    let page = ask(&server, "students?limit=1000").await;
    assert_eq!(rows(&page, "users").len(), 40);
    assert_eq!(page.header("x-total-count"), "250");
    let next = link(&page, "next").unwrap();
    assert!(next.ends_with("?limit=40&offset=40"), "{next}");
}

#[tokio::test]
async fn the_total_can_be_elsewhere_or_nowhere() {
    let server = odd(|odd| odd.total = Total::Body).await;
    let page = ask(&server, "students?limit=10&offset=20").await;
    assert!(!page.headers.contains_key("x-total-count"));
    assert_eq!(page.json["totalCount"], 250);
    assert_eq!(
        (&page.json["limit"], &page.json["offset"]),
        (&json!(10), &json!(20))
    );
    let server = odd(|odd| odd.total = Total::Nowhere).await;
    let page = ask(&server, "students").await;
    assert!(!page.headers.contains_key("x-total-count"));
    assert_eq!(page.json.as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn a_link_can_lead_on_for_ever_and_elsewhere() {
    let server = odd(|odd| odd.endless_next = true).await;
    let page = ask(
        &server,
        "students?limit=100&offset=900&filter=role%3D'student'",
    )
    .await;
    assert!(rows(&page, "users").is_empty());
    let next = link(&page, "next").unwrap();
    assert!(next.ends_with("/students?limit=100&offset=1000"), "{next}");
    assert!(!next.contains(HOST), "{next}");
    let honest = ask(&start().await, "students?limit=100&offset=200").await;
    assert_eq!(link(&honest, "next"), None);
}

#[tokio::test]
async fn the_key_of_a_list_can_be_another() {
    let server = odd(|odd| odd.wrapper = Wrapper::Path).await;
    for (path, key) in [
        ("students", "students"),
        ("schools", "schools"),
        ("terms", "terms"),
    ] {
        assert!(!rows(&ask(&server, path).await, key).is_empty(), "{path}");
    }
    let class = server.district().sections[0].id.clone();
    let page = ask(&server, &format!("classes/{class}/teachers")).await;
    assert!(!rows(&page, "teachers").is_empty());
    let one = ask(&server, &format!("classes/{class}")).await;
    assert_eq!(one.json["class"]["sourcedId"], json!(class));
    let server = odd(|odd| odd.wrapper = Wrapper::Word("data".to_owned())).await;
    assert_eq!(rows(&ask(&server, "courses").await, "data").len(), 4);
}

#[tokio::test]
async fn enabled_user_can_be_no_text() {
    for (flag, yes, no) in [
        (Flag::Text, json!("true"), json!("false")),
        (Flag::Boolean, json!(true), json!(false)),
        (Flag::Number, json!(1), json!(0)),
    ] {
        let server = odd(|odd| odd.enabled_user = flag).await;
        let first = server.district().students[0].id.clone();
        server.change(|district| assert!(district.status.not_enabled.insert(first)));
        let page = ask(&server, "students?limit=2").await;
        let users = rows(&page, "users");
        assert_eq!(
            (&users[0]["enabledUser"], &users[1]["enabledUser"]),
            (&no, &yes)
        );
    }
}

#[tokio::test]
async fn enrollments_or_nested_paths_can_be_missing() {
    let server = odd(|odd| odd.without_enrollments = true).await;
    let class = server.district().sections[0].id.clone();
    assert_eq!(ask(&server, "enrollments").await.status, 404);
    assert_eq!(
        ask(&server, &format!("classes/{class}/students"))
            .await
            .status,
        200
    );
    let server = odd(|odd| odd.without_nested = true).await;
    assert_eq!(ask(&server, "enrollments").await.status, 200);
    assert_eq!(ask(&server, &format!("classes/{class}")).await.status, 200);
    assert_eq!(
        ask(&server, &format!("classes/{class}/students"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn an_unknown_id_can_be_no_content() {
    let server = odd(|odd| odd.no_content_for_unknown = true).await;
    for path in [
        "classes/none",
        "classes/none/students",
        "schools/none/classes",
    ] {
        let reply = ask(&server, path).await;
        assert_eq!((reply.status, &reply.json), (204, &Value::Null), "{path}");
    }
    assert_eq!(ask(&server, "sections").await.status, 404);
}

#[tokio::test]
async fn sorting_can_be_refused() {
    let server = odd(|odd| odd.refuses_sort = true).await;
    assert_eq!(ask(&server, "classes?sort=sourcedId").await.status, 422);
    assert_eq!(ask(&server, "classes").await.status, 200);
}

#[tokio::test]
async fn ids_can_be_numbers() {
    let server = odd(|odd| odd.numeric_ids = true).await;
    let gone = server.district().sections[1].id.clone();
    server.change(|district| assert!(district.status.to_be_deleted.insert(gone)));
    let page = ask(&server, "classes?limit=2").await;
    let classes = rows(&page, "classes");
    assert!(classes[0]["sourcedId"].is_u64() && classes[0]["course"]["sourcedId"].is_u64());
    assert_eq!(
        (&classes[0]["status"], &classes[1]["status"]),
        (&json!("active"), &json!("tobedeleted"))
    );
    let class = &classes[0]["sourcedId"];
    let students = ask(&server, &format!("classes/{class}/students?limit=100")).await;
    let known = server.district().sections[0].students.len();
    assert_eq!(rows(&students, "users").len(), known);
    let page = ask(
        &server,
        &format!("enrollments?limit=100&filter=class.sourcedId%3D'{class}'"),
    )
    .await;
    let enrolled = rows(&page, "enrollments")
        .iter()
        .map(|row| &row["user"]["sourcedId"]);
    let enrolled: Vec<&Value> = enrolled.collect();
    for student in rows(&students, "users") {
        assert!(enrolled.contains(&&student["sourcedId"]));
    }
}

#[tokio::test]
async fn ids_can_have_blanks_around_them() {
    let server = odd(|odd| odd.padded_ids = true).await;
    let page = ask(&server, "classes?limit=1").await;
    let class = server.district().sections[0].id.clone();
    assert_eq!(ids(&page, "classes"), [format!(" {class} ")]);
    let course = rows(&page, "classes")[0]["course"]["sourcedId"]
        .as_str()
        .unwrap();
    assert_eq!(course, course.trim());
    for path in [
        format!("classes/{class}/students"),
        format!("classes/%20{class}%20/students"),
    ] {
        assert_eq!(ask(&server, &path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn lists_can_be_null() {
    let server = odd(|odd| odd.null_lists = true).await;
    let class = ask(&server, "classes?limit=1").await;
    assert_eq!(rows(&class, "classes")[0]["grades"], Value::Null);
    let teacher = ask(&server, "teachers?limit=1").await;
    let teacher = &rows(&teacher, "users")[0];
    assert_eq!(teacher["agents"], Value::Null);
    assert!(teacher["orgs"].is_array());
}

#[tokio::test]
async fn teachers_can_be_among_the_pupils_of_a_class() {
    let server = odd(|odd| odd.teachers_among_students = true).await;
    let section = server.district().sections[0].clone();
    let path = format!("classes/{}/students?limit=100", section.id);
    let page = ask(&server, &path).await;
    let roles: Vec<&Value> = rows(&page, "users")
        .iter()
        .map(|row| &row["role"])
        .collect();
    assert_eq!(roles.len(), section.students.len() + section.teachers.len());
    assert!(roles.contains(&&json!("teacher")));
    let page = ask(&server, &format!("classes/{}/teachers", section.id)).await;
    assert_eq!(rows(&page, "users").len(), section.teachers.len());
}

#[tokio::test]
async fn an_offset_can_be_ignored() {
    let server = odd(|odd| odd.ignores_offset = true).await;
    let first = ask(&server, "students?limit=10").await;
    let second = ask(&server, "students?limit=10&offset=10").await;
    assert_eq!(ids(&first, "users"), ids(&second, "users"));
}
