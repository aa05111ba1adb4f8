//! What goes wrong upstream, night after night: nobody who comes back has lost anything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use roster_sync::config::options::AdobeOnlyUserAction;
use roster_sync::model::directory::Directory;
use roster_sync::model::id::RosterId;
use roster_sync::model::roster::Parts;
use roster_sync::pass::kept::after;
use roster_sync::reconcile::guard::{Checked, FindingName};
use roster_sync::reconcile::history::Entry;
use roster_sync::reconcile::outcome::{ActionOutcome, Outcomes};

use super::world::World;

/// Every action that could take something from somebody.
const ACTIONS: [AdobeOnlyUserAction; 4] = [
    AdobeOnlyUserAction::Preserve,
    AdobeOnlyUserAction::RemoveAdobeGroups,
    AdobeOnlyUserAction::Remove,
    AdobeOnlyUserAction::Delete,
];

/// A school that a pass runs for every night, with its Adobe organization and the history of passes.
struct Nights {
    world: World,
}

impl Nights {
    /// Twenty pupils in each of so many classes; all have All Apps for their school, each class its own group besides.
    fn new(classes: usize, action: AdobeOnlyUserAction) -> Self {
        let mut world = World::new()
            .action(action)
            .school("North")
            .map("schools::North::students", &["All Apps"]);
        for class in 0..classes {
            let pupils: Vec<String> = (0..20).map(|n| format!("p{class}.{n}")).collect();
            let pupils: Vec<&str> = pupils.iter().map(String::as_str).collect();
            let name = format!("Class {class}");
            world = world
                .map(
                    &format!("classes::{name}::students"),
                    &[&format!("Group {class}"), "Spark"],
                )
                .class(&name, &pupils, &[])
                .students(&pupils);
        }
        let mut nights = Self { world };
        assert!(nights.night("2026-06-01").held.is_empty());
        assert!(nights.night("2026-06-02").plan.changes.is_empty());
        nights
    }

    /// One pass, all of which succeeds.
    fn night(&mut self, day: &str) -> Checked {
        self.world.today = day.parse().unwrap();
        let checked = self.world.checked();
        let outcomes = Outcomes {
            groups: vec![Some(ActionOutcome::Done); checked.plan.new_groups.len()],
            changes: vec![Some(ActionOutcome::Done); checked.plan.changes.len()],
        };
        let directory = Directory::new(self.world.accounts.iter().cloned());
        self.world.accounts = after(directory, &checked.plan, &outcomes).users;
        if let Some((counts, identity)) = checked.counted.clone() {
            self.world.history.passes.push(Entry {
                run_id: day.to_owned(),
                day: self.world.today,
                counts,
                identity,
            });
        }
        checked
    }

    /// Passes from one day to the next but one.
    fn nights(&mut self, from: &str, to: &str) {
        let (mut day, to): (Date, Date) = (from.parse().unwrap(), to.parse().unwrap());
        while day < to {
            self.night(&day.to_string());
            day += 1.day();
        }
    }

    /// The groups of everybody who has an account.
    fn groups(&self) -> BTreeMap<String, BTreeSet<String>> {
        let accounts = self.world.accounts.iter();
        accounts
            .map(|account| {
                let groups = account.groups.iter().map(|group| group.as_str().to_owned());
                (account.email.folded().to_owned(), groups.collect())
            })
            .collect()
    }
}

/// Without the pupils of some classes.
fn without(parts: &Parts, gone: impl Fn(usize) -> bool) -> Parts {
    let class_of = |id: &RosterId| -> Option<usize> {
        let number = id.as_str().strip_prefix('p')?.split('.').next()?;
        number.parse().ok()
    };
    let is_gone = |id: &RosterId| class_of(id).is_some_and(&gone);
    let mut parts = parts.clone();
    parts.people.retain(|person| !is_gone(&person.id));
    for class in &mut parts.classes {
        class.members.retain(|member| !is_gone(&member.person));
    }
    parts
}

#[test]
fn a_summer_without_a_roster_takes_nothing_from_those_who_return() {
    for action in ACTIONS {
        for classes_vanish in [false, true] {
            let mut nights = Nights::new(12, action);
            let before = nights.groups();
            let whole = nights.world.parts.clone();
            nights.world.parts = without(&whole, |_| true);
            if classes_vanish {
                nights.world.parts.classes.clear();
            }
            nights.nights("2026-07-01", "2026-08-20");
            assert_eq!(nights.groups(), before, "{action:?}");
            nights.world.parts = without(&whole, |class| class % 2 == 1);
            nights.nights("2026-08-20", "2026-09-10");
            for (person, groups) in nights.groups() {
                assert_eq!(before.get(&person), Some(&groups), "{action:?} {person}");
            }
            nights.world.parts = whole;
            assert!(nights.night("2026-09-10").plan.changes.is_empty());
            assert_eq!(nights.groups(), before, "{action:?}");
        }
    }
}

#[test]
fn a_year_that_rolls_over_badly_takes_nothing_from_those_who_return() {
    for action in ACTIONS {
        let mut nights = Nights::new(12, action);
        let before = nights.groups();
        let whole = nights.world.parts.clone();
        // Classes without anybody.
        for class in &mut nights.world.parts.classes {
            class.members.clear();
        }
        nights.nights("2026-08-01", "2026-08-05");
        assert_eq!(nights.groups(), before, "{action:?}: empty classes");
        // New ids of everything.
        let renamed = |id: &RosterId| RosterId::new(format!("new-{}", id.as_str()));
        nights.world.parts = whole.clone();
        for person in &mut nights.world.parts.people {
            person.id = renamed(&person.id);
        }
        for class in &mut nights.world.parts.classes {
            class.id = renamed(&class.id);
            for member in &mut class.members {
                member.person = renamed(&member.person);
            }
        }
        nights.nights("2026-08-05", "2026-08-08");
        assert_eq!(nights.groups(), before, "{action:?}: new ids");
        // Addresses in capitals.
        for person in &mut nights.world.parts.people {
            person.email = person.email.as_deref().map(str::to_uppercase);
        }
        nights.nights("2026-08-08", "2026-08-12");
        assert_eq!(nights.groups(), before, "{action:?}: letter case");
        // The same with update_user_info, which would write them so.
        nights.world.options.update_user_info = true;
        nights.nights("2026-08-12", "2026-08-14");
        assert_eq!(nights.groups(), before, "{action:?}: letter case, written");
    }
}

#[test]
fn records_without_addresses_take_nothing() {
    for action in ACTIONS {
        let mut nights = Nights::new(12, action);
        let before = nights.groups();
        for person in &mut nights.world.parts.people {
            person.email = None;
        }
        nights.nights("2026-08-01", "2026-08-05");
        assert_eq!(nights.groups(), before, "{action:?}");
    }
}

#[test]
fn a_source_that_disables_everybody_takes_nothing() {
    for action in ACTIONS {
        let mut nights = Nights::new(12, action);
        let before = nights.groups();
        let whole = nights.world.parts.clone();
        for person in &mut nights.world.parts.people {
            person.enabled = false;
        }
        nights.nights("2026-08-01", "2026-08-05");
        assert_eq!(nights.groups(), before, "{action:?}: enabledUser");
        nights.world.parts = whole.clone();
        for class in &mut nights.world.parts.classes {
            for member in &mut class.members {
                member.active = false;
            }
        }
        nights.nights("2026-08-05", "2026-08-10");
        assert_eq!(nights.groups(), before, "{action:?}: enrollments");
        nights.world.parts = whole;
        for term in ["a", "b"] {
            nights.world = std::mem::replace(&mut nights.world, World::new()).term(term, "", "");
        }
        for class in &mut nights.world.parts.classes {
            class.terms = ["a", "b"].map(RosterId::new).into();
        }
        for term in &mut nights.world.parts.terms {
            term.active = false;
        }
        nights.nights("2026-08-10", "2026-08-15");
        assert_eq!(nights.groups(), before, "{action:?}: terms");
    }
}

/// 2,000 classes of one semester, and one class that disappears on its last night.
#[test]
fn a_semester_ends_by_itself_and_a_class_that_disappears_does_not() {
    for action in ACTIONS {
        let mut world = World::new()
            .action(action)
            .term("fall", "2026-08-20", "2026-12-18")
            .map("classes::Lost::students", &["Robotics"]);
        let lost: Vec<String> = (0..30).map(|n| format!("lost{n}")).collect();
        let lost: Vec<&str> = lost.iter().map(String::as_str).collect();
        world = world.class("Lost", &lost, &[]).students(&lost);
        for class in 0..2000 {
            let pupil = format!("p{class}");
            let name = format!("Class {class}");
            let group = format!("Group {}", class % 40);
            world = world
                .map(&format!("classes::{name}::students"), &["All Apps", &group])
                .class(&name, &[&pupil], &[])
                .held_in(&name, &["fall"])
                .students(&[&pupil]);
        }
        let mut nights = Nights { world };
        nights.night("2026-12-17");
        assert!(nights.night("2026-12-18").plan.changes.is_empty());
        nights
            .world
            .parts
            .classes
            .retain(|class| class.id.as_str() != "Lost");
        let checked = nights.night("2026-12-19");
        assert_eq!(checked.plan.changes.len(), 2000, "{action:?}");
        let found: BTreeSet<FindingName> = checked
            .findings
            .iter()
            .map(|finding| finding.name)
            .collect();
        assert!(
            found.contains(&FindingName::DirectoryGroupNotFound),
            "{action:?}"
        );
        assert_eq!(checked.held.len(), 30, "{action:?}");
        // Nobody has left, and those of the class that disappeared have what they had.
        let groups = nights.groups();
        assert_eq!(groups.len(), 2030, "{action:?}");
        for (person, groups) in groups {
            let expected: &[&str] = if person.starts_with("lost") {
                &["Robotics"]
            } else {
                &[]
            };
            assert_eq!(
                groups.iter().map(String::as_str).collect::<Vec<_>>(),
                expected,
                "{action:?}"
            );
        }
    }
}
