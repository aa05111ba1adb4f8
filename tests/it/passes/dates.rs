//! `dates.status` and `dates.enabled_user` at ClassLink: what does not count, and how each switch restores UST's way.

use serde_json::json;

use super::{action_requests, findings, state};
use crate::simulators::district::{District, enrollment_id};
use crate::simulators::sis::Platform;
use crate::simulators::world::{Memberships, ROOT_FILE, Setup, World, desired};

const ON: &str = "";
const STATUS_OFF: &str = "dates:\n  status: No\n";
const ENABLED_USER_OFF: &str = "dates:\n  enabled_user: No\n";

/// What one record comes to: whether the switch that restores it is that of the status, and whether those whom it
/// concerns lose something where it does not count.
struct Case {
    name: &'static str,
    spoil: fn(&mut District),
    off: &'static str,
    loses: bool,
}

fn gone(district: &mut District, id: String) {
    assert!(district.status.to_be_deleted.insert(id));
}

/// Whom only this class gives its licence.
fn pupil(district: &District) -> String {
    let art = course(district);
    let classes = district.sections.iter();
    let of_art = classes.filter(|class| class.course.as_ref() == Some(&art));
    let artists: Vec<&String> = of_art.flat_map(|class| &class.students).collect();
    let class = district.section_named("Econ 101 - Period 2");
    let mut pupils = class.students.iter();
    pupils
        .find(|pupil| !artists.contains(pupil))
        .unwrap()
        .clone()
}

/// One of several classes of the course that the mapping names.
fn class_of_a_course(district: &District) -> String {
    let course = course(district);
    let mut sections = district.sections.iter();
    let class = sections.find(|section| section.course.as_ref() == Some(&course));
    class.unwrap().id.clone()
}

fn course(district: &District) -> String {
    let mut courses = district.courses.iter();
    let course = courses.find(|course| course.name == "Studio Art");
    course.unwrap().id.clone()
}

fn school(district: &District) -> String {
    let mut schools = district.schools.iter();
    let school = schools.find(|school| school.name == "Harbor Elementary School");
    school.unwrap().id.clone()
}

const CASES: [Case; 7] = [
    Case {
        name: "a person who is to be deleted",
        spoil: |district| gone(district, pupil(district)),
        off: STATUS_OFF,
        loses: true,
    },
    Case {
        name: "a person who may not sign in",
        spoil: |district| {
            let pupil = pupil(district);
            assert!(district.status.not_enabled.insert(pupil));
        },
        off: ENABLED_USER_OFF,
        loses: true,
    },
    Case {
        name: "an enrollment",
        spoil: |district| {
            let class = district.section_named("Econ 101 - Period 2").id.clone();
            gone(district, enrollment_id(&class, &pupil(district)));
        },
        off: STATUS_OFF,
        loses: true,
    },
    Case {
        name: "a class of a course",
        spoil: |district| gone(district, class_of_a_course(district)),
        off: STATUS_OFF,
        loses: true,
    },
    // What is mapped itself and does not count is not found, so that nobody loses anything.
    Case {
        name: "a class that is mapped",
        spoil: |district| {
            let class = district.section_named("Econ 101 - Period 2").id.clone();
            gone(district, class);
        },
        off: STATUS_OFF,
        loses: false,
    },
    Case {
        name: "a course",
        spoil: |district| gone(district, course(district)),
        off: STATUS_OFF,
        loses: false,
    },
    Case {
        name: "a school",
        spoil: |district| gone(district, school(district)),
        off: STATUS_OFF,
        loses: false,
    },
];

/// The example school at ClassLink, with these lines at the end of the root file.
async fn world(dates: &str) -> World {
    let mut setup = Setup::example().at_classlink();
    let root = format!("{}\n{dates}", setup.files[ROOT_FILE]);
    setup.file(ROOT_FILE, root);
    World::start(setup).await
}

/// What UST would do: everything that is listed counts.
fn as_in_ust(world: &World) -> Memberships {
    let setup = Setup::example().at_classlink();
    desired(
        &setup.mapping,
        Platform::Clever,
        &world.sis().district(),
        world.today(),
    )
}

#[tokio::test]
async fn what_does_not_count_is_gone_until_it_counts_again_and_never_an_empty_group() {
    for case in CASES {
        let world = world(ON).await;
        let whole = world.sis().district();
        world.pass(json!({})).await;
        let (before, held) = (state(&world.adobe), world.memberships());
        world.change(case.spoil);
        let answer = world.pass(json!({})).await;
        if case.loses {
            assert_eq!(answer["status"], "complete", "{}", case.name);
            assert_ne!(world.memberships(), held, "{}", case.name);
            assert_eq!(world.memberships(), world.desired(), "{}", case.name);
        } else {
            assert_eq!(answer["status"], "held", "{}", case.name);
            assert_eq!(state(&world.adobe), before, "{}", case.name);
            let summary = world.json("latest/summary.json");
            let found = findings(&summary);
            assert_eq!(found[0], "directory-group-not-found", "{}", case.name);
            assert!(summary["findings"].to_string().contains("not active"));
        }
        world.change(|district| district.clone_from(&whole));
        assert_eq!(world.pass(json!({})).await["status"], "complete");
        assert_eq!(world.memberships(), held, "{}", case.name);
    }
}

#[tokio::test]
async fn the_switch_restores_usts_way_and_the_other_one_does_not() {
    for case in CASES {
        let other = if case.off == STATUS_OFF {
            ENABLED_USER_OFF
        } else {
            STATUS_OFF
        };
        let off = world(case.off).await;
        off.change(case.spoil);
        let answer = off.pass(json!({})).await;
        assert_eq!(answer["status"], "complete", "{}: {answer}", case.name);
        assert_eq!(off.memberships(), as_in_ust(&off), "{}", case.name);
        let sent = action_requests(&off);
        off.pass(json!({})).await;
        assert_eq!(action_requests(&off), sent, "{}", case.name);

        let on = world(other).await;
        on.change(case.spoil);
        on.pass(json!({})).await;
        assert_ne!(on.memberships(), as_in_ust(&on), "{}", case.name);
    }
}
