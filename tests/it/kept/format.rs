//! The files as they are written: another form is another schema.

use roster_sync::config::options::{AdobeOnlyUserAction, Strategy};
use roster_sync::model::id::IdentityType;
use roster_sync::pass::kept::{plan_to_bytes, snapshot_to_bytes};
use roster_sync::reconcile::guard::FindingName;
use roster_sync::reconcile::plan::{Kind, Removal};
use roster_sync::reconcile::problem::ProblemName;
use serde_json::{Value, json};

use super::{plan, snapshot, unpacked};
use crate::core_rules::world::World;

fn world() -> World {
    World::new()
        .students(&["ann"])
        .class("Art", &["ann"], &[])
        .map("classes::Art::students", &["Spark"])
        .map("classes::Gone::students", &["Acrobat"])
        .map("classes::Art::students", &["Made"])
        .account("zoe", &["Acrobat", "Spark"])
        .has_groups(&["Spark", "Acrobat"])
        .set(|config| config.auto_create = true)
}

fn text(json: &Value) -> String {
    serde_json::to_string_pretty(json).unwrap()
}

#[test]
fn the_plan_is_written_so() {
    let bytes = plan_to_bytes(&plan(world().checked())).unwrap();
    let file: Value = serde_json::from_str(&unpacked(&bytes)).unwrap();
    insta::assert_snapshot!(text(&file));
}

#[test]
fn the_directory_is_written_so() {
    let mut directory = world().directory();
    directory.groups = world().groups;
    let bytes = snapshot_to_bytes(&snapshot(directory)).unwrap();
    insta::assert_snapshot!(unpacked(&bytes));
}

#[test]
fn words_are_those_of_summaries_and_events() {
    fn is(value: impl serde::Serialize, word: &str) {
        assert_eq!(json!(value), json!(word));
    }
    for name in FindingName::ALL {
        is(name, name.as_str());
    }
    for name in ProblemName::ALL {
        is(name, name.as_str());
    }
    for kind in IdentityType::ALL {
        is(kind, kind.as_str());
    }
    for strategy in [Strategy::Sync, Strategy::Push] {
        is(strategy, strategy.as_str());
    }
    is(Kind::AdobeOnly, "adobe-only");
    is(Removal::AllGroups, "all-groups");
    let deleted = Removal::FromOrg {
        delete_account: true,
    };
    assert_eq!(
        json!(deleted),
        json!({"from-org": {"delete_account": true}})
    );
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let world = world().action(AdobeOnlyUserAction::Remove);
    let one = plan_to_bytes(&plan(world.checked())).unwrap();
    assert_eq!(one, plan_to_bytes(&plan(world.checked())).unwrap());
}
