//! A plan that dates, guards, grace and approvals have shaped, made by hand.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use roster_sync::model::id::{Email, GroupName};
use roster_sync::reconcile::action::Profile;
use roster_sync::reconcile::approval::{Account, ApprovalUse, Item, What};
use roster_sync::reconcile::ending::{Ended, Ending};
use roster_sync::reconcile::forecast::Forecast;
use roster_sync::reconcile::guard::{Checked, Finding, FindingName, Held};
use roster_sync::reconcile::plan::{Change, Kind, Removal, Waiting};

use super::fixture::{self, change, groups};

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn fall() -> Ended {
    Ended::Term(Some("Fall 2026".to_owned()))
}

pub(super) fn ending(last_day: &str, ended: Ended, directory_group: &str) -> Ending {
    Ending {
        last_day: day(last_day),
        ended,
        directory_group: directory_group.to_owned(),
    }
}

/// Somebody who loses groups, of which dates explain some.
pub(super) fn losing(
    email: &str,
    lost: &[&str],
    ended: &[(&str, Ending)],
    today: &[&str],
) -> Change {
    let ended = ended.iter();
    Change {
        remove: Removal::Groups(groups(lost)),
        ended: ended
            .map(|(group, ending)| (GroupName::new(group), ending.clone()))
            .collect(),
        ..change(email, Kind::Update, lost, today)
    }
}

pub(super) fn creation(email: &str) -> Change {
    let from = "classes::Art 1::students";
    Change {
        create: Some(Profile {
            email: Email::new(email),
            first_name: None,
            last_name: None,
            country: "US".parse().unwrap(),
            update_existing: false,
        }),
        names_before: (None, None),
        add: BTreeMap::from([(GroupName::new("Spark"), BTreeSet::from([from.to_owned()]))]),
        ..change(email, Kind::Creation, &[], &[from])
    }
}

pub(super) fn held(change: Change, findings: &[FindingName]) -> Held {
    Held {
        removal: change.remove.clone(),
        creation: change.create.is_some(),
        findings: findings.iter().copied().collect(),
        change,
    }
}

fn finding(name: FindingName, message: &str, held: usize) -> Finding {
    Finding {
        name,
        message: message.to_owned(),
        next_step: "Look at HELD in plan.txt, then cure the roster or approve.".to_owned(),
        held,
    }
}

fn item(user: &str, what: What) -> Item {
    let account = Account {
        identity_type: "federatedID".to_owned(),
        user: user.to_owned(),
        domain: String::new(),
    };
    Item { account, what }
}

/// One let some through, one came too late, three were refused or old.
pub(super) fn approvals() -> Vec<ApprovalUse> {
    let one = |name: &str, let_through: Vec<Item>, dropped: Vec<Item>| ApprovalUse {
        name: name.to_owned(),
        run_id: Some("20261122T050000Z-0123abcd".to_owned()),
        hash: Some("def456".to_owned()),
        refused: None,
        let_through,
        dropped,
    };
    let stock = || What::Group(GroupName::new("Stock"));
    vec![
        one(
            "half.json",
            vec![
                item("lea@example.org", stock()),
                item("kim@example.org", stock()),
            ],
            vec![item("max@example.org", What::Organization)],
        ),
        one(
            "late.json",
            Vec::new(),
            vec![
                item("nic@example.org", stock()),
                item("oda@example.org", What::Creation),
            ],
        ),
        ApprovalUse {
            refused: Some("Its hash is not that of the hold.".to_owned()),
            ..one("typo.json", Vec::new(), Vec::new())
        },
        ApprovalUse {
            run_id: None,
            hash: None,
            refused: Some("It is not JSON.".to_owned()),
            ..one("word.json", Vec::new(), Vec::new())
        },
    ]
}

/// Names of the day before the pass.
const ART: &str = "classes::Art 1::students";
const MUSIC: &str = "classes::Music 1::students";

fn changes() -> Vec<Change> {
    let term = |from| ending("2026-11-22", fall(), from);
    vec![
        creation("new@example.org"),
        losing(
            "ann@example.org",
            &["All Apps"],
            &[("All Apps", term(ART))],
            &[],
        ),
        losing(
            "ben@example.org",
            &["All Apps", "Spark"],
            &[("All Apps", term(ART)), ("Spark", term(ART))],
            &[],
        ),
        losing(
            "cid@example.org",
            &["All Apps"],
            &[("All Apps", term(MUSIC))],
            &[ART],
        ),
        losing(
            "dot@example.org",
            &["All Apps"],
            &[("All Apps", ending("2026-11-20", Ended::Enrollment, MUSIC))],
            &[],
        ),
        losing(
            "eve@example.org",
            &["Spark"],
            &[(
                "Spark",
                ending("2026-11-21", Ended::Role, "schools::North::teachers"),
            )],
            &[],
        ),
        losing("fay@example.org", &["All Apps"], &[], &[]),
        losing(
            "gus@example.org",
            &["All Apps"],
            &[],
            &[
                ART,
                MUSIC,
                "classes::Math 1::students",
                "classes::PE::students",
            ],
        ),
        Change {
            remove: Removal::Groups(groups(&["Spark"])),
            ..change("hal@example.org", Kind::AdobeOnly, &["Spark"], &[])
        },
    ]
}

fn kept() -> Vec<Held> {
    let shrank = &[FindingName::DirectoryGroupShrank];
    let term = ending("2026-11-22", fall(), ART);
    vec![
        held(
            creation("ida@example.org"),
            &[FindingName::IdentitySettingsChanged],
        ),
        held(losing("jon@example.org", &["Stock"], &[], &[]), shrank),
        held(losing("kay@example.org", &["Stock"], &[], &[]), shrank),
        held(
            losing("lin@example.org", &["Stock"], &[("Stock", term)], &[]),
            &[FindingName::LimitedRead],
        ),
        held(
            fixture::leaver("moe@example.org", &["Stock", "Spark"], true),
            shrank,
        ),
    ]
}

/// A little of everything.
pub(super) fn checked() -> Checked {
    let mut checked = Checked {
        held: kept(),
        findings: vec![
            finding(
                FindingName::IdentitySettingsChanged,
                "user_identity_type was enterpriseID and is federatedID.",
                1,
            ),
            finding(
                FindingName::DirectoryGroupShrank,
                "The directory group 'classes::Stage::students' had 20 people and has 3.",
                3,
            ),
        ],
        approvals: approvals(),
        ..Checked::default()
    };
    checked.plan.changes = changes();
    checked.plan.members = [("All Apps", 2310), ("Spark", 40), ("Stock", 3)]
        .map(|(group, members)| (GroupName::new(group), members))
        .into();
    checked.plan.waiting = vec![
        waiting(
            "pam@example.org",
            Removal::Groups(groups(&["Spark"])),
            "2026-11-30",
        ),
        waiting(
            "pam@example.org",
            Removal::FromOrg {
                delete_account: false,
            },
            "2026-12-15",
        ),
        waiting(
            "ray@example.org",
            Removal::Groups(groups(&["Spark"])),
            "2026-11-30",
        ),
    ];
    checked.plan.forecast = vec![
        forecast("2026-12-19", "All Apps", 12, 1940),
        forecast("2026-12-19", "Spark", 0, 1),
        forecast("2027-01-04", "All Apps", 1, 0),
    ];
    checked
}

fn waiting(email: &str, removal: Removal, until: &str) -> Waiting {
    Waiting {
        email: Email::new(email),
        removal,
        until: day(until),
    }
}

pub(super) fn forecast(on: &str, group: &str, begin: usize, end: usize) -> Forecast {
    Forecast {
        day: day(on),
        adobe_group: GroupName::new(group),
        begin,
        end,
    }
}

/// So many people lose All Apps with the fall term, twenty in each class.
pub(super) fn semester(people: usize) -> Checked {
    let changes = (0..people).map(|number| {
        let email = format!("pupil{number:05}@example.org");
        let class = format!("classes::Art {}::students", number / 20);
        losing(
            &email,
            &["All Apps"],
            &[("All Apps", ending("2026-11-22", fall(), &class))],
            &[],
        )
    });
    let mut checked = Checked::default();
    checked.plan.changes = changes.collect();
    checked.plan.members = [(GroupName::new("All Apps"), 2_500)].into();
    checked
}
