//! The dates of enrollments and roles.

use jiff::civil::{Date, date};
use roster_sync::model::id::RosterId;
use roster_sync::model::period::Period;
use roster_sync::model::roster::{Collection, RoleAt, Roster};
use serde_json::{Value, json};

use super::district::{enrollment, person, reference};
use super::terms::{AUTUMN, art, between, class_of, fall, session, term, with};
use super::{
    BOTH, Role, STUDENT, asked, chain, everybody, hide, needs, read, read_by, requests, serve,
    small,
};

/// The first class with these enrollments, read with all others and by itself.
async fn enrolled(rows: Vec<Value>) -> [Roster; 2] {
    let mut needs = needs(&[(Collection::Classes, "Art 1", &BOTH)]);
    needs.everybody = BOTH.into();
    let serve_with = async |rows: Vec<Value>| {
        let mut district = small();
        *district.rows("enrollments") = rows;
        serve(district).await
    };
    let one = serve_with(rows.clone()).await;
    let by_class = read(&one, &needs).await.unwrap();
    assert_eq!(requests(&one.0, "enrollments"), 0);
    let other = serve_with(rows).await;
    hide(&other.0, 404, &["schools/…"]);
    let whole = read(&other, &needs).await.unwrap();
    assert_eq!(requests(&other.0, "enrollments"), 1);
    [by_class, whole]
}

fn dated(id: &str, user: &str, first: Value, last: Value) -> Value {
    let mut row = enrollment(id, "class-1", user, "student");
    (row["beginDate"], row["endDate"]) = (first, last);
    row
}

fn periods(roster: &Roster) -> Vec<(&str, Period, bool)> {
    let members = class_of(roster, "class-1").members.iter();
    members
        .map(|member| (member.person.as_str(), member.period, member.active))
        .collect()
}

#[tokio::test]
async fn an_enrollment_has_its_own_days() {
    let rosters = enrolled(vec![
        dated("1", "s-1", json!("2026-08-31"), json!(" 2027-01-29 ")),
        dated(
            "2",
            "s-2",
            json!("2026-08-31T00:00:00.000Z"),
            json!("2027-01-29T23:59:59-05:00"),
        ),
        dated("3", "s-3", json!(""), json!(null)),
        dated("4", "s-4", json!("2026-08-31"), json!(" ")),
    ])
    .await;
    let autumn = between(AUTUMN[0], AUTUMN[1]);
    let open = Period {
        first: Some(AUTUMN[0]),
        last: None,
    };
    for roster in rosters {
        assert_eq!(
            periods(&roster),
            [
                ("s-1", autumn, true),
                ("s-2", autumn, true),
                ("s-3", Period::ALWAYS, true),
                ("s-4", open, true)
            ]
        );
        assert!(roster.notices.is_empty());
    }
}

#[tokio::test]
async fn somebody_who_is_enrolled_for_several_times_is_a_member_in_each_of_them() {
    let [first, last] = AUTUMN;
    let days = [date(2027, 2, 1), date(2027, 6, 18)];
    let text = |day: Date| json!(day.to_string());
    let mut gone = dated("3", "s-1", text(first), text(last));
    gone["status"] = json!("tobedeleted");
    let rosters = enrolled(vec![
        dated("1", "s-1", text(first), text(last)),
        dated("2", "s-1", text(days[0]), text(days[1])),
        gone,
        // The same once more, under another id.
        dated("4", "s-1", text(first), text(last)),
    ])
    .await;
    for roster in rosters {
        assert_eq!(
            periods(&roster),
            [
                ("s-1", between(first, last), false),
                ("s-1", between(first, last), true),
                ("s-1", between(days[0], days[1]), true)
            ]
        );
    }
}

#[tokio::test]
async fn a_date_that_cannot_be_used_is_absent_and_told_once() {
    let rows = vec![
        dated("1", "s-1", json!("8/31/2026"), json!("2027-01-29")),
        dated("2", "s-2", json!("never"), json!({"planted": 1})),
        dated("3", "s-3", json!("2027-01-29"), json!("2026-08-31")),
    ];
    let until = Period {
        first: None,
        last: Some(AUTUMN[1]),
    };
    for roster in enrolled(rows).await {
        assert_eq!(
            periods(&roster),
            [
                ("s-1", until, true),
                ("s-2", Period::ALWAYS, true),
                ("s-3", between(AUTUMN[1], AUTUMN[0]), true)
            ]
        );
        assert_eq!(
            roster.notices,
            [
                "Dates that cannot be read count as absent: those of 2 enrollments. Correct them in the roster; a date is written like 2026-09-01.",
                "Dates that end before they begin count as absent: those of 1 enrollment. Correct them in the roster."
            ]
        );
        assert!(roster.skipped.is_empty());
    }
}

#[tokio::test]
async fn dates_of_all_kinds_are_told_together() {
    let mut district = with(vec![session("term-1", "soon", "2027-01-29")]);
    let [first, ..] = &mut district.rows("enrollments")[..] else {
        panic!("there are enrollments");
    };
    first["endDate"] = json!("later");
    district.rows("students")[0]["roles"] = json!([{"role": "student", "beginDate": "2026-31-08"}]);
    // By two rows a page, every second row comes twice.
    let roster = read_by(&serve(district).await, 2, &art()).await.unwrap();
    assert_eq!(roster.notices.len(), 1, "{:?}", roster.notices);
    assert!(roster.notices[0].contains(": those of 1 term, 1 enrollment, 1 role."));
}

#[tokio::test]
async fn enrollments_that_nobody_asks_for_are_not_counted() {
    let mut district = small();
    for row in district.rows("enrollments") {
        row["endDate"] = json!("whenever");
    }
    let world = serve(district).await;
    hide(&world.0, 404, &["schools/…"]);
    let needs = needs(&[(Collection::Classes, "Art 2", &STUDENT)]);
    let roster = read(&world, &needs).await.unwrap();
    assert!(roster.notices[0].contains("those of 1 enrollment."));
}

async fn roles_of(roles: Value) -> Vec<RoleAt> {
    let mut district = small();
    let mut record = person("s-1", "student", &["school-1"]);
    record["roles"] = roles;
    *district.rows("students") = vec![record];
    let roster = read(&serve(district).await, &everybody(&STUDENT))
        .await
        .unwrap();
    let person = roster.people.into_values().next().unwrap();
    person.roles_at.into_iter().collect()
}

#[tokio::test]
async fn roles_are_held_at_a_school_for_a_time() {
    let roles = json!([
        {"roleType": "primary", "role": "student", "org": reference("north"), "beginDate": "2026-08-31",
            "endDate": "2027-01-29"},
        {"roleType": "secondary", "role": "Student", "org": reference("south"), "beginDate": "", "endDate": null},
        {"role": "teacher"},
        {"role": "aide", "org": reference("west"), "endDate": "2026-01-01"},
        {"role": {"odd": 1}},
        null,
        "x",
    ]);
    let at = |role, school: Option<&str>, period| RoleAt {
        role,
        school: school.map(RosterId::new),
        period,
    };
    assert_eq!(
        roles_of(roles).await,
        [
            at(Role::Student, Some("north"), between(AUTUMN[0], AUTUMN[1])),
            at(Role::Student, Some("south"), Period::ALWAYS),
            at(Role::Teacher, None, Period::ALWAYS),
        ]
    );
    let single = json!({"role": "student", "org": "north"});
    let expected = [at(Role::Student, Some("north"), Period::ALWAYS)];
    assert_eq!(roles_of(single).await, expected);
    assert_eq!(roles_of(json!(null)).await, []);
}

#[tokio::test]
async fn where_no_enrollments_are_shown_their_dates_are_not_known_and_those_of_terms_are() {
    let world = serve(with(vec![fall()])).await;
    hide(&world.0, 403, &["schools/…", "enrollments"]);
    let roster = read(&world, &art()).await.unwrap();
    assert_eq!(roster.notices.len(), 1);
    assert!(roster.notices[0].contains("their dates are not known"));
    assert_eq!(term(&roster, "term-1").period.last, Some(AUTUMN[1]));
    let members = &class_of(&roster, "class-1").members;
    assert!(members.iter().all(|one| one.period == Period::ALWAYS));
}

/// Nobody on a list has these enrollments; only a hundred of those who have some are asked for one by one.
#[tokio::test]
async fn who_is_enrolled_today_is_looked_for_before_those_whose_time_is_over() {
    let mut district = small();
    let rows = district.rows("enrollments");
    rows.extend((0..120).map(|n| {
        let id = format!("aide-{n:03}");
        dated(&id, &id, json!("2026-08-31"), json!("2026-10-30"))
    }));
    rows.push(dated("z", "z", json!("2026-08-31"), json!(null)));
    let aides = ["aide-000", "aide-119", "z"].map(|id| person(id, "aide", &["school-1"]));
    *district.rows("others") = aides.into();
    let mut needs = needs(&[(Collection::Classes, "Art 1", &STUDENT)]);
    needs.day = Some(date(2026, 11, 24));
    let world = serve(district).await;
    // A class would list them, too.
    hide(&world.0, 404, &["classes/…"]);
    let roster = read(&world, &needs).await.unwrap();
    let found = |id: &str| roster.people.contains_key(&RosterId::new(id));
    // Whose time is over is none the less somebody whom the roster has.
    assert!(found("z") && found("aide-000") && !found("aide-119"));
    let single = asked(&world.0).into_iter();
    let single = single.filter(|(path, _)| path.starts_with("users/"));
    assert_eq!(single.count(), 100);
}

#[tokio::test]
async fn several_enrollments_of_one_member_hide_nobody_who_is_missing() {
    let mut rows: Vec<Value> = (0..150)
        .map(|n| {
            let first = date(2026, 1, 1).checked_add(jiff::Span::new().days(n));
            let first = json!(first.unwrap().to_string());
            dated(&format!("e-{n:03}"), "s-1", first, json!(null))
        })
        .collect();
    rows.push(dated("e-x", "gone", json!(null), json!(null)));
    let mut district = small();
    *district.rows("enrollments") = rows;
    let needs = needs(&[(Collection::Classes, "Art 1", &STUDENT)]);
    let error = read(&serve(district).await, &needs).await.unwrap_err();
    assert!(
        chain(&error).contains("1 of 2 members"),
        "{}",
        chain(&error)
    );
}
