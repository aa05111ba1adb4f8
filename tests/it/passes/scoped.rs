//! UST's scoped sources: two districts in one pass.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{action_requests, findings, state};
use crate::simulators::district::{District, Person, Shape};
use crate::simulators::mapping::{AdobeUser, Mapping};
use crate::simulators::world::{FIFTEEN_MINUTES, Memberships, ROOT_FILE, Setup, World};

const SOUTH: &str = "roster-sync/oneroster/South";

const SOURCES: &str = "\
mapping:
  mode: scoped
  scoped_sources:
    - {type: yaml, product: 'North::pupils', user_filter: students, secret: roster-sync/oneroster}
    - {type: yaml, product: South}
    - {type: file, path: staff.csv}
";
const STAFF: &str = "\
product,user_filter,secret
Staff,teachers,roster-sync/oneroster
Staff,teachers,roster-sync/oneroster/South
Nobody,,roster-sync/oneroster
";
const GROUPS: &str = "  groups:
    - {directory_group: 'North::pupils', adobe_groups: [Spark, Photoshop]}
    - {directory_group: South, adobe_groups: [Spark]}
    - {directory_group: Staff, adobe_groups: [Acrobat]}
";

/// The ids of both are the same; their people are not.
fn districts() -> [District; 2] {
    [(1, "north"), (2, "south")].map(|(seed, id)| {
        let shape = Shape {
            seed,
            schools: 2,
            students: 40,
            teachers: 6,
            courses: 2,
            sections: 4,
        };
        District {
            id: id.to_owned(),
            ..District::generate(shape)
        }
    })
}

/// An organization with somebody whom neither district knows.
fn setup(classlink: bool) -> Setup {
    let [north, south] = districts();
    let stranger = AdobeUser {
        email: "some.body@x.test".to_owned(),
        first: "Some".to_owned(),
        last: "Body".to_owned(),
        identity_type: "federatedID",
        groups: ["Spark", "Photoshop", "Acrobat"].map(str::to_owned).into(),
    };
    let mut setup = Setup::new(north, Mapping::default(), vec![stranger]);
    if classlink {
        setup = setup.at_classlink();
    }
    let connector = setup.files["connector-oneroster.yml"].clone();
    let (connection, _) = connector.split_once("\nschema:").unwrap();
    setup.file(
        "connector-oneroster.yml",
        format!("{connection}\n{SOURCES}"),
    );
    setup.file("staff.csv", STAFF.to_owned());
    let root = setup.files[ROOT_FILE].replacen("  groups:\n", GROUPS, 1);
    setup.file(ROOT_FILE, root);
    setup.further.insert(SOUTH.to_owned(), south);
    setup
}

/// Who should have what, by address.
fn desired(north: &District, south: &District) -> Memberships {
    let mut desired = BTreeMap::<String, BTreeSet<String>>::new();
    let mut give = |people: &[Person], groups: &[&str]| {
        for person in people {
            let email = person.email.clone().unwrap().to_lowercase();
            let had = desired.entry(email).or_default();
            had.extend(groups.iter().map(|group| (*group).to_owned()));
        }
    };
    give(&north.students, &["spark", "photoshop"]);
    give(&south.students, &["spark"]);
    give(&south.teachers, &["spark", "acrobat"]);
    give(&north.teachers, &["acrobat"]);
    desired
}

#[tokio::test]
async fn two_districts_are_kept_in_step_and_nobody_gets_anothers_products() {
    for classlink in [false, true] {
        let world = World::start(setup(classlink)).await;
        let [mut north, south] = districts();
        let answer = world.pass(json!({})).await;
        assert_eq!(answer["status"], "complete", "{answer}");
        assert_eq!(world.memberships(), desired(&north, &south));
        let summary = world.json("latest/summary.json");
        let requests = summary["requests"].as_object().unwrap().iter();
        let of_roster =
            requests.filter(|(name, _)| !name.contains("Adobe") && !name.contains("UMAPI"));
        let counted: u64 = of_roster.map(|(_, count)| count.as_u64().unwrap()).sum();
        let made = u64::try_from(world.sis().server().log().len()).unwrap();
        assert_eq!(counted, made, "{}", summary["requests"]);
        assert!(
            summary.to_string().contains("'Nobody'"),
            "a product of no mapping"
        );
        assert_eq!(summary["problems"], json!([]));

        let sent = action_requests(&world);
        world.pass(json!({})).await;
        assert_eq!(
            action_requests(&world),
            sent,
            "a second pass has nothing to do"
        );

        let pupil = north.students[0].id.clone();
        world.change(|district| district.leaves(&pupil));
        north.leaves(&pupil);
        world.pass(json!({})).await;
        assert_eq!(world.memberships(), desired(&north, &south));
    }
}

#[tokio::test]
async fn a_district_that_cannot_be_read_fails_the_pass_and_nobody_loses_anything() {
    let world = World::start(setup(false)).await;
    world.pass(json!({})).await;
    let pupil = world.clever.district().students[0].id.clone();
    world.clever.change(|district| district.leaves(&pupil));
    world.clever.unshare("south");
    let before = state(&world.adobe);
    let failure = world.invoke(json!({}), FIFTEEN_MINUTES).await.unwrap_err();
    assert_eq!(failure.name.as_str(), "RosterRefused");
    for word in ["'South'", SOUTH] {
        assert!(failure.message.contains(word), "{}", failure.message);
    }
    assert_eq!(state(&world.adobe), before);
}

#[tokio::test]
async fn a_district_that_is_paused_holds_the_removals_of_both() {
    let mut setup = setup(false);
    let south = setup.further.get_mut(SOUTH).unwrap();
    south.state = "paused".to_owned();
    south.students.truncate(1);
    let world = World::start(setup).await;
    world.pass(json!({})).await;
    let found = findings(&world.json("latest/summary.json"));
    assert!(
        found.contains(&"district-not-running".to_owned()),
        "{found:?}"
    );
    let kept = &world.memberships()["some.body@x.test"];
    assert_eq!(kept.len(), 3);
}

#[tokio::test]
async fn users_all_means_everybody_of_every_source() {
    let world = World::start(setup(false)).await;
    let answer = world.pass(json!({"users": "all"})).await;
    let [north, south] = districts();
    assert_eq!(world.memberships(), desired(&north, &south));
    let everybody: BTreeSet<&String> = [&north, &south]
        .into_iter()
        .flat_map(|district| district.students.iter().chain(&district.teachers))
        .filter_map(|person| person.email.as_ref())
        .collect();
    assert_eq!(
        answer["counters"]["directory_users_selected"],
        everybody.len()
    );
}
