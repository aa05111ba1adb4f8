//! Files that are not what they should be.

use std::collections::BTreeSet;

use roster_sync::model::id::{Email, GroupName};
use roster_sync::pass::kept::{
    Error, plan_from_bytes, plan_to_bytes, snapshot_from_bytes, snapshot_to_bytes,
};

use super::{packed, plan, snapshot, unpacked};
use crate::core_rules::world::World;

fn world() -> World {
    World::new()
        .students(&["ann", "ben"])
        .class("Art", &["ann", "ben"], &[])
        .map("classes::Art::students", &["Spark"])
        .account("ben", &["Chess"])
}

/// What is wrong with a file.
type Reading = fn(&[u8]) -> Option<Error>;

/// Both files, each with its reading.
fn files() -> [(Vec<u8>, Reading); 2] {
    let plan = plan_to_bytes(&plan(world().checked())).unwrap();
    let snapshot = snapshot_to_bytes(&snapshot(world().directory())).unwrap();
    [
        (plan, |bytes| plan_from_bytes(bytes).err()),
        (snapshot, |bytes| snapshot_from_bytes(bytes).err()),
    ]
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_never_taken_for_a_whole_one() {
    for (bytes, error) in files() {
        assert_eq!(error(&bytes), None);
        for length in 0..bytes.len() {
            assert!(error(&bytes[..length]).is_some(), "{length} bytes");
        }
        let mut changed = bytes.clone();
        let checksum = changed.len() - 6;
        changed[checksum] ^= 1;
        assert_eq!(error(&changed), Some(Error::Damaged));
        assert_eq!(error(b"{\"schema\":2}"), Some(Error::Damaged));
    }
}

#[test]
fn a_file_of_another_version_says_so_however_it_looks() {
    for (bytes, error) in files() {
        let newer = unpacked(&bytes).replacen("\"schema\":2", "\"schema\":3", 1);
        assert_eq!(error(&packed(&newer)), Some(Error::Schema { found: 3 }));
        let other = "{\"schema\":7,\"people\":[]}\n[]\n";
        let other = packed(other.lines().next().unwrap());
        let found = error(&other).unwrap();
        assert_eq!(found, Error::Schema { found: 7 });
        assert_eq!(
            found.to_string(),
            "is of schema 7, written by another version; this one knows 2"
        );
    }
}

#[test]
fn what_cannot_be_read_is_named_by_its_place_alone() {
    let (plan, of_plan) = files()[0].clone();
    let broken = unpacked(&plan).replacen("\"kind\":\"creation\"", "\"kind\":\"ann@x.test\"", 1);
    let error = of_plan(&packed(&broken)).unwrap();
    assert!(
        matches!(error, Error::Unreadable { line: 1, .. }),
        "{error}"
    );
    let (snapshot, of_snapshot) = files()[1].clone();
    let broken = unpacked(&snapshot).replacen("federatedID", "Ann Smith", 1);
    let text = of_snapshot(&packed(&broken)).unwrap().to_string();
    assert!(
        text.starts_with("cannot be read (line 2, column "),
        "{text}"
    );
    assert!(!text.contains("Smith"), "{text}");
    assert!(!error.to_string().contains('@'), "{error}");
}

#[test]
fn a_country_that_is_none_is_not_taken() {
    let (plan, of_plan) = files()[0].clone();
    let broken = unpacked(&plan).replacen("\"country\":\"US\"", "\"country\":\"Norway\"", 1);
    assert!(of_plan(&packed(&broken)).is_some());
}

#[test]
fn names_keep_their_spelling_and_odd_letters() {
    let world = world().which(|account| {
        account.email = Email::new("Ben.Ö'Neil@X.test");
        account.first_name = Some("Bén \"the\nQuick\" \u{1f600}".to_owned());
        account.groups = BTreeSet::from([GroupName::new("ÅRT 1, \u{2028}B")]);
    });
    let bytes = snapshot_to_bytes(&snapshot(world.directory())).unwrap();
    assert_eq!(unpacked(&bytes).lines().count(), 2);
    let back = snapshot_from_bytes(&bytes).unwrap().directory;
    let ben = &back.users[0];
    assert_eq!(ben.email.as_str(), "Ben.Ö'Neil@X.test");
    assert_eq!(ben.first_name, world.accounts[0].first_name);
    let group = ben.groups.first().unwrap();
    assert_eq!(group.as_str(), "ÅRT 1, \u{2028}B");
}
