//! A person looked at a hold and lets it go.

use roster_sync::config::options::Strategy;
use roster_sync::model::id::GroupName;
use roster_sync::reconcile::approval::{ApprovalUse, What};
use roster_sync::reconcile::guard::Checked;
use roster_sync::reconcile::plan::Removal;
use roster_sync::report::{NoHold, held_json, read_held};

use super::case::{Case, approval};

/// Too many of Spark, of whom the last two leave the organization.
fn hold() -> Case {
    Case::new()
        .group("Spark", 100, 100)
        .people(400, 400)
        .leave(58, &["Spark"])
        .depart(2, &["Spark"])
}

fn uses(checked: &Checked) -> (usize, usize) {
    let [
        ApprovalUse {
            let_through,
            dropped,
            refused: None,
            ..
        },
    ] = &checked.approvals[..]
    else {
        panic!("one approval that counts: {:?}", checked.approvals)
    };
    (let_through.len(), dropped.len())
}

#[test]
fn what_was_held_and_is_planned_again_goes() {
    let held = hold().checked();
    assert_eq!(held.held.len(), 60);
    let case = hold().approve(&held);
    assert_eq!(case.outcome(), "goes 60");
    let checked = case.checked();
    assert_eq!(uses(&checked), (60, 0));
    assert_eq!(checked.adobe_only_processed, 2);
    assert_eq!(checked.plan, hold().plan);
}

#[test]
fn who_came_back_keeps_everything_and_the_rest_of_the_approval_is_dropped() {
    let case = hold()
        .approve(&hold().checked())
        .plan(|plan| drop(plan.changes.drain(..40)));
    assert_eq!(case.outcome(), "goes 20");
    assert_eq!(uses(&case.checked()), (20, 40));
    let nobody = case.plan(|plan| plan.changes.clear());
    assert_eq!(uses(&nobody.checked()), (0, 60));
}

#[test]
fn what_is_new_is_judged_by_itself() {
    let case = hold().approve(&hold().checked());
    let few = case.leave(20, &["Spark"]);
    assert_eq!(few.outcome(), "goes 80");
    let many = few.leave(31, &["Spark"]);
    assert_eq!(many.outcome(), "group-removals-over-limit 51, goes 60");
}

#[test]
fn an_approval_names_things_not_accounts() {
    let held = hold().checked();
    // Who was to leave a group is to leave the organization, and the other way about; another group is another thing.
    let case = hold().approve(&held).plan(|plan| {
        plan.changes[0].remove = Removal::FromOrg {
            delete_account: true,
        };
        plan.changes[58].remove = Removal::FromOrg {
            delete_account: true,
        };
        plan.changes[59].remove = Removal::Groups([GroupName::new("Spark")].into());
    });
    let case = case.group("Chess", 100, 100).plan(|plan| {
        plan.changes[1].remove = Removal::Groups([GroupName::new("Chess")].into());
    });
    assert_eq!(uses(&case.checked()), (56, 4));
}

#[test]
fn an_approved_removal_is_held_by_none_and_another_one_of_the_same_person_is() {
    let case = hold().approve(&hold().checked());
    let case = case.group("Chess", 10, 10).plan(|plan| {
        for change in &mut plan.changes[..10] {
            change.groups_before.insert(GroupName::new("Chess"));
            change.remove = Removal::Groups(change.groups_before.clone());
        }
    });
    assert_eq!(case.outcome(), "group-removals-over-limit 10, goes 60");
    let checked = case.checked();
    assert_eq!(checked.held.len(), 10);
    assert_eq!(uses(&checked), (60, 0));
}

#[test]
fn approved_people_do_not_count_as_adobe_only() {
    let case = || Case::new().people(400, 400).depart(201, &["Manual"]);
    assert_eq!(case().outcome(), "adobe-only-users-over-limit 201, goes 0");
    let approved = || case().approve(&case().checked());
    assert_eq!(approved().outcome(), "goes 201");
    assert_eq!(approved().checked().adobe_only_processed, 201);
    assert_eq!(approved().depart(200, &[]).outcome(), "goes 401");
    let more = approved().depart(201, &[]);
    assert_eq!(more.outcome(), "adobe-only-users-over-limit 201, goes 201");
    assert_eq!(more.checked().adobe_only_processed, 201);
}

#[test]
fn several_approvals_let_through_what_any_of_them_names() {
    let held = hold().checked();
    let mut case = hold().approve(&held);
    let first = Checked {
        held: held.held[..10].to_vec(),
        ..Checked::default()
    };
    case.approvals.insert(0, approval("first", &first));
    let checked = case.checked();
    let sizes: Vec<usize> = checked
        .approvals
        .iter()
        .map(|one| one.let_through.len())
        .collect();
    assert_eq!(sizes, [10, 60]);
    assert!(checked.held.is_empty());
}

#[test]
fn an_approval_of_another_hold_waits_while_the_roster_is_not_whole() {
    // Who has come back since looks gone like everybody.
    let paused = |case: Case| {
        case.desired(|desired| desired.district_not_running = Some("paused".to_owned()))
    };
    let case = paused(hold()).approve(&hold().checked());
    assert_eq!(case.outcome(), "district-not-running 60, goes 0");
    let checked = case.checked();
    assert!(checked.approvals[0].let_through.is_empty() && checked.approvals[0].dropped.is_empty());
    insta::assert_snapshot!(checked.approvals[0].refused.as_ref().unwrap(), @"The roster of this pass is not whole (district-not-running), so nobody can tell who has come back since; the approval stays valid for a pass that has read it.");
    // Of a hold that says so, it counts.
    let case = paused(hold()).approve(&paused(hold()).checked());
    assert_eq!(case.outcome(), "district-not-running 0, goes 60");
    // But not where yet another guard says that the roster is not whole.
    let case = case.desired(|desired| desired.limited_to = Some(10));
    assert_eq!(
        case.outcome(),
        "district-not-running 60, limited-read 60, goes 0"
    );
}

#[test]
fn with_push_nothing_is_taken_from_an_account_that_is_not_made() {
    let push = || {
        let mut case = Case::new()
            .group("Spark", 0, 9)
            .people(9, 0)
            .after(|_| ())
            .create(1)
            .with(|options| options.strategy = Strategy::Push)
            .set(|config| config.source.district_id = Some("d2".to_owned()));
        case.plan.changes[0].remove = Removal::Groups([GroupName::new("Spark")].into());
        case
    };
    let held = push().checked();
    assert_eq!(push().outcome(), "identity-settings-changed 2, goes 0");
    let mut case = push().approve(&held);
    assert_eq!(case.outcome(), "identity-settings-changed 0, goes 1");
    case.approvals[0]
        .items
        .retain(|item| item.what != What::Creation);
    assert_eq!(case.outcome(), "identity-settings-changed 2, goes 0");
    assert_eq!(uses(&case.checked()), (0, 1));
}

#[test]
fn a_hold_is_read_as_it_was_written() {
    let mut case = hold().create(2).after(|_| ()).set(|config| {
        config.source.district_id = Some("d2".to_owned());
    });
    case.plan.changes[0].address.domain = Some("X.test".to_owned());
    let held = case.checked().held;
    let (document, hash) = held_json(&held);
    let hold = read_held(document.to_string().as_bytes()).unwrap();
    assert_eq!(
        (hold.items.len(), &hold.hash, &hold.written),
        (62, &hash, &hash)
    );
    let items = document["items"].as_array().unwrap();
    let made = items.iter().filter(|item| item["creation"] == true);
    assert_eq!(made.clone().count(), 2);
    assert!(made.into_iter().all(|item| item["removal"].is_null()));
    // A creation is another thing than nothing, and than what is taken.
    let mut edited = document.clone();
    let items = edited["items"].as_array_mut().unwrap();
    for item in items.iter_mut() {
        item.as_object_mut().unwrap().remove("creation");
    }
    let hold = read_held(edited.to_string().as_bytes()).unwrap();
    assert_ne!(hold.hash, hold.written);
}

#[test]
fn an_edited_hold_has_another_hash() {
    let (document, hash) = held_json(&hold().checked().held);
    let text = document.to_string();
    for (from, to) in [
        ("\"u0@x.test\"", "\"other@x.test\""),
        ("\"organization\"", "\"account\""),
        ("[\"Spark\"]},", "[\"Chess\"]},"),
        ("federatedID", "enterpriseID"),
    ] {
        let edited = text.replacen(from, to, usize::MAX);
        assert_ne!(edited, text, "{from} is there");
        let hold = read_held(edited.as_bytes()).unwrap();
        assert_eq!(hold.written, hash);
        assert_ne!(hold.hash, hash, "{from} to {to}");
    }
}

#[test]
fn what_is_no_hold_is_not_read() {
    let (document, _) = held_json(&hold().checked().held);
    let text = document.to_string();
    assert!(read_held(text.as_bytes()).is_ok());
    for broken in [
        String::new(),
        "{}".to_owned(),
        text[..text.len() / 2].to_owned(),
        text.replace("\"schema\":1", "\"schema\":9"),
        text.replace("\"from\":\"organization\"", "\"from\":\"everything\""),
        text.replace("federatedID", "nobody"),
    ] {
        assert_eq!(read_held(broken.as_bytes()), Err(NoHold));
    }
}
