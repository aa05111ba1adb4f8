//! The school of the scenarios: two classes, five people, and five accounts at Adobe.

use std::collections::BTreeMap;

use serde_json::json;

use super::outcome::{Counters, Outcome, State};
use super::scenarios::Scenario;
use crate::simulators::district::{District, Person, School, Section};
use crate::simulators::mapping::{AdobeUser, Entry, Kind, Mapping, Who};
use crate::simulators::world::{FIFTEEN_MINUTES, ROOT_FILE, Setup, World, continues};

const SCHOOL: &str = "66b1f0c00001000000000001";

/// Of u1, u2 and so on.
fn id(name: &str) -> String {
    let number: u32 = name[1..].parse().unwrap();
    format!("66b1f0c00004{number:012}")
}

fn person(name: &str) -> Person {
    Person {
        id: id(name),
        first: format!("First {name}"),
        last: format!("Last {name}"),
        email: Some(format!("{name}@x.test")),
        number: format!("N{name}"),
        schools: vec![SCHOOL.to_owned()],
    }
}

fn section(number: u32, name: &str, students: &[&str]) -> Section {
    Section {
        id: format!("66b1f0c00003{number:012}"),
        name: name.to_owned(),
        number: format!("S-{number}"),
        school: SCHOOL.to_owned(),
        course: None,
        terms: Vec::new(),
        period: "1".to_owned(),
        students: students.iter().map(|name| id(name)).collect(),
        teachers: Vec::new(),
    }
}

fn account(name: &str, identity_type: &'static str, groups: &[&str]) -> AdobeUser {
    AdobeUser {
        email: format!("{name}@x.test"),
        first: format!("First {name}"),
        last: format!("Last {name}"),
        identity_type,
        groups: groups.iter().map(|&group| group.to_owned()).collect(),
    }
}

/// The base: class A of u1 and u2 feeds Spark, class B of u3 feeds All Apps; u4 and the teacher u9 are in neither.
pub(super) fn base() -> Setup {
    let mut district = District::empty("66b1f0c0000000000000e002", "Recorded");
    district.schools.push(School {
        id: SCHOOL.to_owned(),
        name: "North".to_owned(),
        number: "001".to_owned(),
    });
    district.students = ["u1", "u2", "u3", "u4"].map(person).to_vec();
    district.teachers = vec![person("u9")];
    district.sections = vec![section(1, "A", &["u1", "u2"]), section(2, "B", &["u3"])];
    let mapping = Mapping(vec![
        Entry::new(Kind::Sections, "A", Who::Students, &["Spark"]),
        Entry::new(Kind::Sections, "B", Who::Students, &["All Apps"]),
    ]);
    let adobe = vec![
        account("u1", "federatedID", &["Spark"]),
        account("u2", "federatedID", &["All Apps", "Manual"]),
        account("stray", "federatedID", &["Spark", "Manual"]),
        account("plain", "federatedID", &["Manual"]),
        account("adm", "adobeID", &[]),
    ];
    excluding_adobe_ids(Setup::new(district, mapping, adobe))
}

/// The same school with the root file for its mapping as it is now.
pub(super) fn remapped(setup: &Setup) -> Setup {
    excluding_adobe_ids(Setup::new(
        setup.district.clone(),
        setup.mapping.clone(),
        setup.adobe.clone(),
    ))
}

fn excluding_adobe_ids(mut setup: Setup) -> Setup {
    replace(
        &mut setup,
        "adobe_users:\n",
        "adobe_users:\n  exclude_identity_types: [adobeID]\n",
    );
    setup
}

/// Changes a line of the root file.
pub(super) fn replace(setup: &mut Setup, from: &str, to: &str) {
    let root = setup.files[ROOT_FILE].clone();
    assert!(root.contains(from), "{root} has no {from}");
    setup.file(ROOT_FILE, root.replace(from, to));
}

/// Plays the scenario's pass and looks at what it came to.
pub(super) async fn play(scenario: &Scenario) -> Outcome {
    let mut setup = base();
    (scenario.change)(&mut setup);
    let world = World::start(setup).await;
    for (name, text) in scenario.files {
        world.put(&format!("config/{name}"), text);
    }
    (scenario.disturb)(&world);
    let mut event = scenario.event.clone();
    loop {
        let answer = match world.invoke(event, FIFTEEN_MINUTES).await {
            Ok(answer) => answer,
            Err(failure) => {
                return Outcome {
                    counters: Counters::Failed(failure.name.as_str()),
                    actions: [0; 3],
                    state: state(&world),
                };
            }
        };
        if let Some(wait) = continues(&answer) {
            world.clock.sleep(wait).await;
            event = json!({"run_id": answer["run_id"]});
            continue;
        }
        let counters = &answer["counters"];
        let sent = |name: &str| counters["actions"][name].as_u64().unwrap();
        return Outcome {
            counters: Counters::of(counters),
            actions: ["total", "success", "error"].map(sent),
            state: state(&world),
        };
    }
}

fn state(world: &World) -> State {
    let accounts = world.adobe.users().into_iter().map(|account| {
        let name = account.email.split('@').next().unwrap_or_default();
        let groups = account.groups.iter().map(|group| group.to_lowercase());
        (name.to_lowercase(), groups.collect())
    });
    accounts.collect::<BTreeMap<_, _>>()
}
