//! A small plan with one change of each kind, made by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use roster_sync::config::options::{
    AdobeOnlyUserAction, AdobeUsers, Mode, Options, Strategy, Users,
};
use roster_sync::model::id::{Email, GroupName, IdentityType, RosterId};
use roster_sync::reconcile::action::{Address, Profile, Update};
use roster_sync::reconcile::counters::{Actions, Counters};
use roster_sync::reconcile::guard::{Checked, Finding, FindingName, Held};
use roster_sync::reconcile::outcome::{ActionOutcome, CommandError, Outcomes};
use roster_sync::reconcile::plan::{Change, Kind, Plan, Removal, Sizes};
use roster_sync::reconcile::problem::{Problem, ProblemName, Refused};
use roster_sync::report::{RunInfo, Status, SummaryInput};

pub(super) const RUN_ID: &str = "20261124T050000Z-0123abcd";

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn groups(names: &[&str]) -> BTreeSet<GroupName> {
    names.iter().map(|name| GroupName::new(name)).collect()
}

fn texts(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

pub(super) fn change(email: &str, kind: Kind, before: &[&str], today: &[&str]) -> Change {
    Change {
        address: Address {
            identity_type: IdentityType::Federated,
            user: Email::new(email),
            domain: None,
        },
        email: Email::new(email),
        kind,
        create: None,
        update: Update::default(),
        remove: Removal::none(),
        ended: BTreeMap::new(),
        add: BTreeMap::new(),
        groups_before: groups(before),
        names_before: (Some("First".to_owned()), Some("Last".to_owned())),
        directory_groups: texts(today),
    }
}

/// Somebody in Adobe only who leaves the organization.
pub(super) fn leaver(email: &str, before: &[&str], delete_account: bool) -> Change {
    Change {
        remove: Removal::FromOrg { delete_account },
        ..change(email, Kind::AdobeOnly, before, &[])
    }
}

fn add(pairs: &[(&str, &[&str])]) -> BTreeMap<GroupName, BTreeSet<String>> {
    let pair = |(group, from): &(&str, &[&str])| (GroupName::new(group), texts(from));
    pairs.iter().map(pair).collect()
}

fn changes() -> Vec<Change> {
    let pupils: &[&str] = &["classes::Art 1::students"];
    vec![
        Change {
            create: Some(Profile {
                email: Email::new("Ann@example.org"),
                first_name: Some("Ann".to_owned()),
                last_name: None,
                country: "US".parse().unwrap(),
                update_existing: false,
            }),
            names_before: (None, None),
            add: add(&[
                ("Spark", pupils),
                (
                    "All Apps",
                    &["classes::Art 1::students", "schools::North::users"],
                ),
            ]),
            ..change(
                "Ann@example.org",
                Kind::Creation,
                &[],
                &["classes::Art 1::students", "schools::North::users"],
            )
        },
        Change {
            update: Update {
                first_name: Some("Ben".to_owned()),
                ..Update::default()
            },
            remove: Removal::Groups(groups(&["All Apps"])),
            add: add(&[("Spark", pupils)]),
            ..change(
                "ben@example.org",
                Kind::Update,
                &["All Apps", "Stock", "Manual"],
                pupils,
            )
        },
        Change {
            remove: Removal::Groups(groups(&["Spark"])),
            ..change("cleo@example.org", Kind::Update, &["Spark"], &[])
        },
        Change {
            remove: Removal::Groups(groups(&["Spark"])),
            ..change(
                "dan@example.org",
                Kind::AdobeOnly,
                &["Spark", "Manual"],
                &[],
            )
        },
    ]
}

/// The removals that a directory group without a match holds.
pub(super) fn held() -> Vec<Held> {
    let findings = BTreeSet::from([FindingName::DirectoryGroupNotFound]);
    let ben = changes().swap_remove(1);
    let fay = leaver("fay@example.org", &["Stock"], false);
    vec![
        Held {
            change: fay.clone(),
            removal: fay.remove,
            creation: false,
            findings: findings.clone(),
        },
        Held {
            change: ben,
            removal: Removal::Groups(groups(&["Stock"])),
            creation: false,
            findings,
        },
    ]
}

pub(super) fn checked() -> Checked {
    Checked {
        plan: Plan {
            new_groups: Vec::new(),
            changes: changes(),
            adobe_only: Vec::new(),
            strategy: Strategy::Sync,
            sizes: Sizes::default(),
            handles_adobe_only: true,
            ..Plan::default()
        },
        held: held(),
        findings: vec![Finding {
            name: FindingName::DirectoryGroupNotFound,
            message: "The roster holds nothing that \"classes::Art 9::students\" matches."
                .to_owned(),
            next_step: "Correct the name in the mapping.".to_owned(),
            held: 2,
        }],
        adobe_only_spared: BTreeSet::new(),
        adobe_only_processed: 1,
        held_groups: groups(&["Stock"]),
        ..Checked::default()
    }
}

/// The same with two user groups to make.
pub(super) fn with_new_groups() -> Checked {
    let mut checked = checked();
    checked.plan.new_groups = vec![GroupName::new("Spark"), GroupName::new("Stock")];
    checked
}

/// Two people are pushed, of whom one has no group.
pub(super) fn pushed() -> Checked {
    let everybody = ["Spark", "Stock", "All Apps"];
    let push = |email: &str, today: &[&str], mine: &[&str]| {
        let others: Vec<&str> = everybody
            .into_iter()
            .filter(|group| !mine.contains(group))
            .collect();
        let adds: Vec<(&str, &[&str])> = mine.iter().map(|group| (*group, today)).collect();
        Change {
            create: Some(Profile {
                email: Email::new(email),
                first_name: Some("First".to_owned()),
                last_name: None,
                country: "US".parse().unwrap(),
                update_existing: false,
            }),
            names_before: (None, None),
            remove: Removal::Groups(groups(&others)),
            add: add(&adds),
            ..change(email, Kind::Creation, &[], today)
        }
    };
    let mut checked = Checked::default();
    checked.plan.strategy = Strategy::Push;
    checked.plan.sizes.directory_users_read = 3;
    checked.plan.sizes.directory_users_selected = 2;
    checked.plan.changes = vec![
        push(
            "ben@example.org",
            &["classes::Art 1::students"],
            &["Spark", "Stock"],
        ),
        push("Ann@example.org", &[], &[]),
    ];
    checked
}

/// Done, refused, not sent, done.
pub(super) fn outcomes() -> Outcomes {
    let refused = CommandError {
        command: Some(2),
        code: "error.group.not_found".to_owned(),
        message: "Group Spark was not found".to_owned(),
    };
    Outcomes {
        groups: Vec::new(),
        changes: vec![
            Some(ActionOutcome::Done),
            Some(ActionOutcome::Failed(vec![refused])),
            None,
            Some(ActionOutcome::Done),
        ],
    }
}

pub(super) fn options(mode: Mode, adobe_only_user_action: AdobeOnlyUserAction) -> Options {
    Options {
        mode,
        process_groups: true,
        update_user_info: false,
        users: Users::Mapped,
        adobe_only_user_action,
        strategy: Strategy::Sync,
        adobe_users: AdobeUsers::All,
        user_filter: None,
        exclude_unmapped_users: false,
        adobe_only_user_list: None,
        fresh: false,
    }
}

/// The counters of the manual's sample ("Testing and first sync").
pub(super) fn sample_counters() -> Counters {
    Counters {
        directory_users_read: 5,
        directory_users_selected: 5,
        users_pushed: None,
        adobe_users_read: 22,
        adobe_users_excluded: 2,
        adobe_users_unchanged: 0,
        adobe_users_created: 5,
        adobe_users_updated: 0,
        adobe_user_groups_created: 0,
        adobe_only_users: Some(20),
        actions: Actions {
            total: 5,
            success: 5,
            error: 0,
        },
    }
}

pub(super) fn problem(name: ProblemName, email: &str, message: &str) -> Problem {
    Problem {
        name,
        email: Some(Email::new(email)),
        roster_id: None,
        message: message.to_owned(),
        refused: None,
    }
}

pub(super) fn problems() -> Vec<Problem> {
    vec![
        Problem {
            roster_id: Some(RosterId::new("p-17")),
            ..problem(
                ProblemName::CountryMissing,
                "hal@example.org",
                "There is no country for this account.",
            )
        },
        Problem {
            refused: Some(Refused {
                command: "add to Spark".to_owned(),
                code: "error.group.not_found".to_owned(),
                message: "Group Spark was\nnot found".to_owned(),
            }),
            ..problem(
                ProblemName::CommandFailed,
                "ben@example.org",
                "Adobe refused to add to Spark.",
            )
        },
    ]
}

pub(super) const STAGES: [(&str, &str); 3] = [
    ("read the configuration", "2026-11-24T05:00:01Z"),
    ("read Adobe", "2026-11-24T05:00:03.5Z"),
    ("send", "2026-11-24T05:02:00Z"),
];

pub(super) fn stages() -> Vec<(&'static str, Timestamp)> {
    STAGES
        .iter()
        .map(|(stage, begin)| (*stage, time(begin)))
        .collect()
}

/// A summary with nothing to say besides its counters.
pub(super) fn input<'a>(
    options: &'a Options,
    stages: &'a [(&'static str, Timestamp)],
) -> SummaryInput<'a> {
    SummaryInput {
        run: RunInfo {
            created: "2026-11-24T02:00:00Z".parse().unwrap(),
            run_id: RUN_ID,
            trigger: "schedule",
            today: "2026-11-23".parse().unwrap(),
            slice: 1,
            mode: options.mode,
            options: Some(options),
            started: time("2026-11-24T05:00:00Z"),
            ended: time("2026-11-24T05:02:01.25Z"),
            stages,
        },
        status: Status::Complete,
        counters: Some(sample_counters()),
        checked: None,
        held_hash: None,
        problems: &[],
        notices: &[],
        requests: BTreeMap::from([
            ("clever sections".to_owned(), 3),
            ("umapi action".to_owned(), 2),
        ]),
        slices_left: None,
        start_over: false,
        batches: 2,
        batches_before: 0,
        batches_sent: 2,
        commands_sent: 3,
        failure: None,
    }
}

pub(super) const HALF_A_SECOND_OVER: Duration = Duration::from_millis(61_500);
