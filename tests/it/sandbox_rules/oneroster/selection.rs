//! `filter`, `sort` and `fields`.

use serde_json::json;

use super::{ask, escaped, ids, link, rows, start};

#[tokio::test]
async fn a_filter_shows_what_it_says() {
    let server = start().await;
    let district = server.district();
    let section = &district.sections[0];
    let pupil = section.students[0].as_str();
    let enrolled = district
        .sections
        .iter()
        .filter(|one| one.students.iter().any(|id| id == pupil));
    let last = &district.students[0].last;
    let namesakes = district
        .students
        .iter()
        .filter(|one| one.last == *last)
        .count();
    let cases = [
        ("users", "role='teacher'".to_owned(), 12),
        ("users", "role!='student'".to_owned(), 13),
        ("users", "status='active' AND role='teacher'".to_owned(), 12),
        ("users", "role='guardian' OR role='teacher'".to_owned(), 13),
        ("students", format!("familyName='{last}'"), namesakes),
        (
            "classes",
            format!("sourcedId>='{}'", district.sections[10].id),
            6,
        ),
        (
            "classes",
            format!("sourcedId<'{}'", district.sections[10].id),
            10,
        ),
        ("schools", "name~'school'".to_owned(), 2),
        (
            "enrollments",
            format!("class.sourcedId='{}'", section.id),
            section.students.len() + section.teachers.len(),
        ),
        (
            "enrollments",
            format!("user.sourcedId='{pupil}'"),
            enrolled.count(),
        ),
        (
            "enrollments",
            format!("class.sourcedId='{}' AND role='teacher'", section.id),
            section.teachers.len(),
        ),
        ("classes", "title='O'Connell's class'".to_owned(), 0),
    ];
    for (path, filter, count) in cases {
        let filter = escaped(&filter);
        let key = match path {
            "schools" => "orgs",
            "students" => "users",
            other => other,
        };
        let page = ask(&server, &format!("{path}?limit=5000&filter={filter}")).await;
        assert_eq!(rows(&page, key).len(), count, "{path} {filter}");
        assert_eq!(page.header("x-total-count"), count.to_string());
    }
}

#[tokio::test]
async fn a_filter_that_is_not_understood_is_refused() {
    let server = start().await;
    for filter in [
        "nickname='x'",
        "role=teacher",
        "role",
        "role='teacher",
        "role?'teacher'",
        "class.title='x'",
        "role = 'teacher'",
        "",
    ] {
        let filter = escaped(filter);
        let reply = ask(&server, &format!("users?filter={filter}")).await;
        assert_eq!(reply.status, 400, "{filter}");
        assert_eq!(
            reply.json["statusInfoSet"][0]["imsx_codeMinor"],
            "invalid_filter_field"
        );
    }
}

#[tokio::test]
async fn rows_are_sorted_before_they_are_cut_into_pages() {
    let server = start().await;
    let page = ask(&server, "students?sort=sourcedId&orderBy=desc&limit=3").await;
    let last = server
        .district()
        .students
        .iter()
        .map(|one| one.id.clone())
        .max();
    assert_eq!(ids(&page, "users")[0], last.unwrap());
    let page = ask(&server, "students?sort=familyName&limit=1000").await;
    let names = rows(&page, "users").iter();
    let names: Vec<String> = names
        .map(|row| row["familyName"].as_str().unwrap().to_lowercase())
        .collect();
    assert!(names.is_sorted());
    for query in ["sort=height", "sort=sourcedId&orderBy=random"] {
        assert_eq!(
            ask(&server, &format!("students?{query}")).await.status,
            400,
            "{query}"
        );
    }
}

#[tokio::test]
async fn fields_leave_nothing_else() {
    let server = start().await;
    let page = ask(&server, "students?limit=1&fields=sourcedId,email").await;
    let row = &rows(&page, "users")[0];
    let pupil = &server.district().students[0];
    assert_eq!(*row, json!({"sourcedId": pupil.id, "email": pupil.email}));
    let next = link(&page, "next").unwrap();
    assert!(next.contains("fields=sourcedId%2Cemail"), "{next}");
    let reply = ask(&server, "students?fields=sourcedId,shoeSize").await;
    assert_eq!(reply.status, 400);
    let one = ask(&server, &format!("students/{}?fields=email", pupil.id)).await;
    assert_eq!(one.json, json!({"user": {"email": pupil.email}}));
}
