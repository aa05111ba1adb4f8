//! Which requests are made, and which are not.

use std::collections::BTreeMap;

use roster_sync::model::roster::{Collection, Needs, Roster};
use serde_json::{Value, json};

use super::district::{District, large, person};
use super::{
    BOTH, Response, Role, STUDENT, TEACHER, asked, chain, hide, ids, member_ids, members, needs,
    read, read_by, requests, script, serve, small,
};
use crate::simulators::server::Fault;

fn classes(roles: &[Role], numbers: impl IntoIterator<Item = usize>) -> Needs {
    let names: Vec<String> = numbers
        .into_iter()
        .map(|n| format!("class-{n:05}"))
        .collect();
    let groups: Vec<(Collection, &str, &[Role])> = names
        .iter()
        .map(|name| (Collection::Classes, name.as_str(), roles))
        .collect();
    needs(&groups)
}

async fn counted(
    district: District,
    page_size: u32,
    needs: &Needs,
) -> (Roster, BTreeMap<String, usize>) {
    let world = serve(district).await;
    let roster = read_by(&world, page_size, needs).await.unwrap();
    (roster, asked(&world.0))
}

#[tokio::test]
async fn one_class_takes_three_requests() {
    let (roster, asked) = counted(large(50, 500), 1000, &classes(&STUDENT, [7])).await;
    let expected = [
        ("classes", 1),
        ("classes/class-00007/students", 1),
        ("schools/school-1/classes/class-00007/enrollments", 1),
    ];
    assert_eq!(asked, expected.map(|(path, n)| (path.to_owned(), n)).into());
    assert_eq!(member_ids(&roster, "class-00007").len(), 10);
    assert_eq!(roster.people.len(), 10);
}

#[tokio::test]
async fn many_classes_are_read_with_all_others() {
    let (roster, asked) = counted(large(50, 500), 1000, &classes(&BOTH, 0..40)).await;
    // 3050 enrollments, 500 students, 50 teachers. A total of 500 with 500 rows could be the page's own, and is believed
    // once another total is seen to be larger than its page.
    let expected = [
        ("classes", 1),
        ("enrollments", 4),
        ("students", 2),
        ("teachers", 1),
    ];
    assert_eq!(asked, expected.map(|(path, n)| (path.to_owned(), n)).into());
    assert_eq!(roster.people.len(), 400 + 40);
}

#[tokio::test]
async fn a_few_classes_of_a_large_district_are_read_one_by_one_after_one_look() {
    let (roster, asked) = counted(large(50, 500), 20, &classes(&BOTH, 0..4)).await;
    let looks: usize = ["enrollments", "students", "teachers"]
        .iter()
        .filter_map(|path| asked.get(*path))
        .sum();
    // 25 pages of students: far more than four calls, so that the others need no look.
    assert_eq!((looks, asked["students"]), (1, 1));
    // Three pages of classes, then four classes with three lists each; sixty enrollments take more than one page.
    assert_eq!(asked["classes"], 3);
    assert_eq!(asked["classes/class-00003/teachers"], 1);
    assert_eq!(roster.people.len(), 40 + 4);
    assert!(roster.unknown_members.is_empty());
}

#[tokio::test]
async fn both_ways_find_the_same() {
    let needs = classes(&BOTH, 3..7);
    let (one_by_one, few) = counted(large(20, 300), 20, &needs).await;
    let (whole, all) = counted(large(20, 300), 1000, &needs).await;
    assert!(!few.contains_key("enrollments") && all.contains_key("enrollments"));
    assert_eq!(one_by_one.people, whole.people);
    assert_eq!(one_by_one.classes, whole.classes);
    assert_eq!(
        one_by_one.person_attribute_names,
        whole.person_attribute_names
    );
}

#[tokio::test]
async fn without_totals_collections_are_read_whole() {
    let mut district = large(50, 500);
    district.totals = false;
    let (roster, asked) = counted(district, 100, &classes(&STUDENT, 0..2)).await;
    assert_eq!(asked["students"], 7);
    assert_eq!(asked["enrollments"], 32);
    assert!(!asked.keys().any(|path| path.starts_with("schools/")));
    assert_eq!(roster.people.len(), 20);
}

#[tokio::test]
async fn everybody_of_a_role_is_read_whole_and_members_are_not_asked_for_again() {
    let mut needs = classes(&STUDENT, [7]);
    needs.everybody = STUDENT.into();
    let (roster, asked) = counted(large(50, 500), 100, &needs).await;
    assert_eq!(roster.people.len(), 500);
    assert!(!asked.contains_key("classes/class-00007/students"));
    assert_eq!(asked["schools/school-1/classes/class-00007/enrollments"], 1);
}

#[tokio::test]
async fn without_enrollments_they_are_read_class_by_class() {
    for status in [403, 404] {
        let world = serve(large(50, 500)).await;
        hide(&world.0, status, &["enrollments"]);
        let roster = read(&world, &classes(&BOTH, 0..40)).await.unwrap();
        assert_eq!(requests(&world.0, "enrollments"), 1);
        assert_eq!(
            requests(&world.0, "schools/school-1/classes/class-00039/enrollments"),
            1
        );
        assert_eq!(roster.people.len(), 440);
        assert!(roster.notices.is_empty());
    }
}

#[tokio::test]
async fn where_classes_show_no_enrollments_all_are_read() {
    for status in [403, 404, 204] {
        let world = serve(small()).await;
        hide(&world.0, status, &["schools/…"]);
        let needs = needs(&[(Collection::Classes, "Art 1", &BOTH)]);
        let roster = read(&world, &needs).await.unwrap();
        assert_eq!(member_ids(&roster, "class-1"), ["s-1", "s-2", "s-3", "t-1"]);
        assert_eq!(requests(&world.0, "enrollments"), 1);
        assert!(roster.notices.is_empty());
    }
}

#[tokio::test]
async fn without_any_enrollments_the_people_of_a_class_are_its_members_and_the_summary_says_so() {
    let needs = needs(&[
        (Collection::Courses, "Art", &BOTH),
        (Collection::Classes, "Music", &TEACHER),
    ]);
    let world = serve(small()).await;
    hide(&world.0, 404, &["schools/…", "enrollments"]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(member_ids(&roster, "class-1"), ["s-1", "s-2", "s-3", "t-1"]);
    assert_eq!(
        members(&roster, "class-3"),
        [("t-2".to_owned(), Role::Teacher, true)]
    );
    assert_eq!(
        ids(&roster.people),
        ["s-1", "s-2", "s-3", "s-4", "t-1", "t-2"]
    );
    assert_eq!(roster.notices.len(), 1);
    assert!(roster.notices[0].contains("their status and their dates are not known"));
}

#[tokio::test]
async fn where_nothing_shows_who_is_in_a_class_there_is_no_roster() {
    let needs = needs(&[(Collection::Classes, "Art 1", &BOTH)]);
    let world = serve(small()).await;
    hide(&world.0, 404, &["schools/…", "enrollments", "classes/…"]);
    let error = read(&world, &needs).await.unwrap_err();
    assert!(
        chain(&error).contains("refused OneRoster class "),
        "{error}"
    );
}

#[tokio::test]
async fn where_classes_show_no_people_all_are_read() {
    let needs = needs(&[
        (Collection::Classes, "Art 1", &BOTH),
        (Collection::Schools, "South", &STUDENT),
    ]);
    let world = serve(small()).await;
    hide(&world.0, 404, &["classes/…"]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(ids(&roster.people), ["s-1", "s-2", "s-3", "s-5", "t-1"]);
}

#[tokio::test]
async fn somebody_on_no_list_is_read_alone() {
    let mut district = small();
    let rows = district.rows("enrollments");
    rows.push(super::district::enrollment(
        "e-x", "class-1", "aide/1", "teacher",
    ));
    rows.push(super::district::enrollment(
        "e-y", "class-1", "gone", "student",
    ));
    let mut aide = person("aide/1", "administrator", &["school-1"]);
    aide["email"] = Value::from("aide@school.example");
    district.rows("others").push(aide);
    // One unknown member in a hundred is no gap.
    for n in 0..100 {
        let id = format!("many-{n:03}");
        let enrolled = super::district::enrollment(&id, "class-1", &id, "student");
        district.rows("enrollments").push(enrolled);
        district
            .rows("students")
            .push(person(&id, "student", &["school-1"]));
    }
    let world = serve(district).await;
    let needs = needs(&[
        (Collection::Courses, "Art", &BOTH),
        (Collection::Classes, "Music", &BOTH),
    ]);
    let roster = read(&world, &needs).await.unwrap();
    let aide = &roster.people[&roster_sync::model::id::RosterId::new("aide/1")];
    assert!(aide.roles.is_empty());
    assert_eq!(aide.email.as_deref(), Some("aide@school.example"));
    assert_eq!(requests(&world.0, "users/aide%2F1"), 1);
    let unknown: Vec<&str> = roster
        .unknown_members
        .iter()
        .map(|member| member.person.as_str())
        .collect();
    assert_eq!(unknown, ["gone"]);
}

#[tokio::test]
async fn no_more_than_a_hundred_are_read_alone() {
    let mut district = small();
    for n in 0..150 {
        let enrolled =
            super::district::enrollment(&format!("x-{n}"), "class-1", &format!("x-{n}"), "student");
        district.rows("enrollments").push(enrolled);
    }
    let world = serve(district).await;
    let needs = needs(&[(Collection::Classes, "Art 1", &STUDENT)]);
    let error = read(&world, &needs).await.unwrap_err();
    assert!(
        chain(&error).starts_with("the roster is not whole: 150 of 153 members"),
        "{error}"
    );
    let single = asked(&world.0)
        .keys()
        .filter(|path| path.starts_with("users/"))
        .count();
    assert_eq!(single, 100);
}

#[tokio::test]
async fn ids_are_one_part_of_a_path_whatever_is_in_them() {
    let odd = "a/b@c d%é+*'";
    let mut district = small();
    district
        .rows("classes")
        .push(super::district::class(odd, "Odd", odd, None));
    district
        .rows("enrollments")
        .push(super::district::enrollment("e-odd", odd, "s-1", "student"));
    let world = serve(district).await;
    let needs = needs(&[(Collection::Classes, "Odd", &STUDENT)]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(member_ids(&roster, odd), ["s-1"]);
    let escaped = "a%2Fb%40c%20d%25%C3%A9%2B%2A%27";
    assert_eq!(
        requests(
            &world.0,
            &format!("schools/{escaped}/classes/{escaped}/enrollments")
        ),
        1
    );
    assert_eq!(
        requests(&world.0, &format!("classes/{escaped}/students")),
        1
    );
}

#[tokio::test]
async fn an_id_that_no_path_can_carry_is_found_among_all() {
    for odd in [".", ".."] {
        let mut district = small();
        district
            .rows("classes")
            .push(super::district::class(odd, "Odd", "school-1", None));
        district
            .rows("enrollments")
            .push(super::district::enrollment("e-odd", odd, "s-1", "student"));
        let world = serve(district).await;
        let needs = needs(&[(Collection::Classes, "Odd", &STUDENT)]);
        let roster = read(&world, &needs).await.unwrap();
        assert_eq!(member_ids(&roster, odd), ["s-1"]);
        assert_eq!(
            asked(&world.0).into_keys().collect::<Vec<_>>(),
            ["classes", "enrollments", "students"]
        );
    }
}

fn nobody() -> Response {
    Response::json(200, &json!({"enrollments": []})).with("x-total-count", "0")
}

#[tokio::test]
async fn a_class_whose_own_enrollments_are_empty_though_it_lists_people_is_told() {
    let world = serve(large(50, 500)).await;
    let path = "schools/school-1/classes/class-00002/enrollments";
    script(&world.0, path, vec![nobody()]);
    let needs = classes(&BOTH, 0..4);
    let roster = read_by(&world, 20, &needs).await.unwrap();
    assert_eq!(requests(&world.0, "enrollments"), 0);
    let told = roster
        .skipped
        .iter()
        .map(|record| (record.collection, record.reason.as_str()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (
                "enrollments",
                "the class with this id lists students, and no enrollment names one"
            ),
            (
                "enrollments",
                "the class with this id lists teachers, and no enrollment names one"
            ),
        ]
    );
    assert_eq!(member_ids(&roster, "class-00003").len(), 11);
}

#[tokio::test]
async fn where_the_enrollments_of_all_classes_are_empty_all_enrollments_are_read() {
    let world = serve(large(50, 500)).await;
    world.0.fault(Box::new(|request| {
        let nested = request.path.contains("/schools/") && request.path.ends_with("/enrollments");
        nested.then(|| Fault::Reply(nobody()))
    }));
    let needs = classes(&BOTH, 0..4);
    let roster = read_by(&world, 20, &needs).await.unwrap();
    assert!(requests(&world.0, "enrollments") > 100);
    assert_eq!(member_ids(&roster, "class-00003").len(), 11);
    assert!(roster.skipped.is_empty());
}

#[tokio::test]
async fn enrollments_without_the_teachers_that_classes_list_are_told() {
    let mut district = small();
    district
        .rows("enrollments")
        .retain(|row| row["role"] == "student");
    let world = serve(district).await;
    let teachers = json!({"users": [person("t-1", "teacher", &["school-1"])]});
    let page = Response::json(200, &teachers).with("x-total-count", "1");
    script(&world.0, "classes/class-1/teachers", vec![page]);
    let needs = needs(&[
        (Collection::Courses, "Art", &BOTH),
        (Collection::Classes, "Music", &BOTH),
    ]);
    let roster = read(&world, &needs).await.unwrap();
    let told = roster.skipped.iter();
    let told: Vec<_> = told
        .map(|record| (record.collection, record.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [(
            "enrollments",
            "none names a teacher, although classes list some"
        )]
    );
    assert_eq!(member_ids(&roster, "class-1"), ["s-1", "s-2", "s-3"]);
}

#[tokio::test]
async fn a_school_whose_own_list_is_empty_is_looked_for_among_all() {
    let world = serve(small()).await;
    script(&world.0, "schools/school-2/students", vec![nobody()]);
    let needs = needs(&[(Collection::Schools, "South", &STUDENT)]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(ids(&roster.people), ["s-5"]);
}

#[tokio::test]
async fn classes_without_anybody_have_nobody() {
    let mut district = small();
    district.rows("enrollments").clear();
    let world = serve(district).await;
    let needs = needs(&[
        (Collection::Classes, "Art 1", &STUDENT),
        (Collection::Schools, "South", &STUDENT),
    ]);
    let roster = read(&world, &needs).await.unwrap();
    assert_eq!(member_ids(&roster, "class-1"), Vec::<String>::new());
    assert_eq!(ids(&roster.people), ["s-5"]);
}
