//! Passes as small as they can be while everything happens in them.

use std::collections::BTreeMap;
use std::time::Duration;

use roster_sync::pass::record;
use roster_sync::report::{SCHEMA, read_held};
use serde_json::{Value, json};

use crate::passes::{UNGUARDED, stranger};
use crate::simulators::adobe::{Account, Latency};
use crate::simulators::district::{District, Shape};
use crate::simulators::drift::drifted;
use crate::simulators::mapping::{Entry, Kind, Mapping, Who};
use crate::simulators::world::{FIFTEEN_MINUTES, ROOT_FILE, Setup, World};

const CONNECTOR: &str = "connector-oneroster.yml";
const UMAPI: &str = "connector-umapi.yml";
const LIST: &str = "config/leavers.csv";

/// A world, an event, and the time of an invocation.
pub(super) struct Story {
    pub(super) name: &'static str,
    pub(super) event: Value,
    pub(super) limit: Duration,
    setup: Setup,
    pub(super) accounts: Vec<Account>,
    /// What somebody uploaded.
    objects: Vec<(String, String)>,
}

/// So many people in two schools, of whom some have no account, some lack a group, and some have one too many; and former
/// pupils.
fn school(students: usize, percent: usize) -> Setup {
    let district = District::generate(Shape {
        seed: 5,
        schools: 2,
        students,
        teachers: 2,
        courses: 2,
        sections: 4,
    });
    let sections = &district.sections;
    let mapping = Mapping(vec![
        Entry::new(
            Kind::Sections,
            &sections[0].name,
            Who::Students,
            &["Spark", "Acrobat"],
        ),
        Entry::new(Kind::Sections, &sections[1].name, Who::Users, &["All Apps"]),
        Entry::new(
            Kind::Schools,
            &district.schools[0].name,
            Who::Teachers,
            &["Staff"],
        ),
        Entry::new(
            Kind::Schools,
            &district.schools[1].name,
            Who::Students,
            &["Spark"],
        ),
    ]);
    let accounts = drifted(
        &mapping.desired(&district),
        &mapping.adobe_groups(),
        percent,
        5,
    );
    let mut setup = Setup::new(district, mapping, accounts);
    let defaults = [
        ("users", "mapped"),
        ("process_groups", "yes"),
        ("update_user_info", "yes"),
        ("adobe_only_user_action", "remove"),
    ];
    setup.options(&defaults, &format!("100%{UNGUARDED}"));
    // More than one page of everything.
    let source = setup.files[CONNECTOR].lines().map(|line| {
        if line.trim_start().starts_with("page_size:") {
            "  page_size: 10"
        } else {
            line
        }
    });
    let source = source.collect::<Vec<_>>().join("\n") + "\n";
    setup.file(CONNECTOR, source);
    setup
}

impl Story {
    fn of(name: &'static str, setup: Setup, event: Value) -> Self {
        Self {
            name,
            event,
            limit: FIFTEEN_MINUTES,
            setup,
            accounts: vec![
                stranger("left.one@district.example", &["Spark", "Staff"]),
                stranger("left.two@district.example", &["All Apps"]),
                stranger("head@district.example", &["_org_admin", "Spark"]),
            ],
            objects: Vec::new(),
        }
    }

    /// Creations, additions, removals, and people who leave the organization.
    pub(super) fn apply() -> Self {
        Self::of("apply", school(14, 60), json!({}))
    }

    /// Two mapped groups that Adobe does not have.
    pub(super) fn new_groups() -> Self {
        let mut setup = school(10, 60);
        let root = setup.files[ROOT_FILE]
            .replacen(
                "directory_users:\n",
                "directory_users:\n  group_sync_options:\n    auto_create: Yes\n",
                1,
            )
            .replace("Staff", "New Staff")
            .replace("All Apps", "New Apps");
        setup.file(ROOT_FILE, root);
        Self::of("new groups", setup, json!({}))
    }

    /// People with login names of their own, half of whom have another address at Adobe.
    pub(super) fn new_addresses() -> Self {
        Self::new_addresses_of(school(10, 0))
    }

    /// The same of so many that they take several batches, at an Adobe that takes no time at all.
    pub(super) fn many_new_addresses() -> Self {
        let mut setup = school(120, 0);
        setup.adobe_latency = Latency::none();
        Self::new_addresses_of(setup)
    }

    /// Adobe is asked once each time.
    pub(super) fn without_retries(mut self) -> Self {
        let file = self.setup.files[UMAPI].replacen("retries: 3", "retries: 0", 1);
        self.setup.file(UMAPI, file);
        self
    }

    fn new_addresses_of(mut setup: Setup) -> Self {
        let formats =
            "\nuser_username_format: p{sis_id}\nuser_domain_format: login.example\n\nconnection:\n";
        let source = setup.files[CONNECTOR].replacen("\nconnection:\n", formats, 1);
        setup.file(CONNECTOR, source);
        let root = setup.files[ROOT_FILE].replacen(
            "adobe_users:\n",
            "adobe_users:\n  update_attributes: [firstname, lastname, email]\n",
            1,
        );
        setup.file(ROOT_FILE, root);
        let numbers: BTreeMap<_, _> = setup
            .district
            .students
            .iter()
            .map(|student| (student.email.clone(), student.number.clone()))
            .collect();
        let users = std::mem::take(&mut setup.adobe);
        let mut story = Self::of("new addresses", setup, json!({}));
        for (place, user) in users.into_iter().enumerate() {
            let Some(number) = numbers.get(&Some(user.email.clone())) else {
                continue;
            };
            let email = match place % 2 {
                0 => format!("former.{}", user.email),
                _ => user.email,
            };
            let account = Account::federated(&email)
                .named(&user.first, "Former")
                .login(&format!("p{number}"), "login.example")
                .in_groups(["Staff"]);
            story.accounts.push(account);
        }
        story
    }

    pub(super) fn classlink() -> Self {
        Self::of("ClassLink", school(10, 60).at_classlink(), json!({}))
    }

    pub(super) fn test() -> Self {
        Self::of("test", school(10, 60), json!({"mode": "test"}))
    }

    pub(super) fn push() -> Self {
        let event = json!({"strategy": "push", "adobe_only_user_action": "preserve"});
        Self::of("push", school(10, 60), event)
    }

    /// Leavers by a list, who are deleted.
    pub(super) fn listed() -> Self {
        let event =
            json!({"adobe_only_user_list": "leavers.csv", "adobe_only_user_action": "delete"});
        let mut setup = school(4, 60);
        setup.options(&[("process_groups", "yes")], "200");
        Self {
            objects: vec![(
                LIST.to_owned(),
                "type,username,domain\nfederatedID,left.one@district.example,\n\
                 federatedID,left.two@district.example,\nfederatedID,head@district.example,\n"
                    .to_owned(),
            )],
            ..Self::of("a list", setup, event)
        }
    }

    /// More Adobe-only people than allowed, of whom a person lets two go.
    pub(super) fn approved() -> Self {
        let mut setup = school(10, 60);
        let root = setup.files[ROOT_FILE].replacen(
            "max_adobe_only_users: 100%",
            "max_adobe_only_users: 0",
            1,
        );
        setup.file(ROOT_FILE, root);
        let left = |email: &str| {
            json!({
                "identity_type": "federatedID", "user": email, "domain": null, "email": email,
                "kind": "adobe-only", "groups_before": [], "removal": {"from": "organization"},
                "findings": ["adobe-only-users-over-limit"],
            })
        };
        let items = ["left.one@district.example", "left.two@district.example"].map(left);
        let mut hold = json!({"schema": SCHEMA, "hash": "", "count": 2, "items": items});
        let read = read_held(hold.to_string().as_bytes()).expect("a hold");
        hold["hash"] = json!(read.hash);
        let run_id = "20261123T020000Z-0123abcd";
        let approval = json!({"run_id": run_id, "hash": read.hash});
        let record = json!({
            "schema": record::SCHEMA, "run_id": run_id, "trigger": "schedule", "created": "2026-11-23T02:00:00Z",
            "today": "2026-11-22", "overrides": {}, "slice": 1, "stuck": 0, "phase": "send", "status": "held",
            "org_id": "5A0D1C2B3E4F56780A495C1B@AdobeOrg", "journal_digest": 0, "requests": {},
        });
        Self {
            objects: vec![
                (format!("runs/{run_id}/held.json"), hold.to_string()),
                (format!("runs/{run_id}/run.json"), record.to_string()),
                ("approvals/let-go.json".to_owned(), approval.to_string()),
            ],
            ..Self::of("approved", setup, json!({}))
        }
    }

    /// People who are gone, and keep their place in the organization for a while.
    pub(super) fn remembering() -> Self {
        let mut setup = school(10, 60);
        let root = format!(
            "{}grace:\n  organization_days: 30\n",
            setup.files[ROOT_FILE]
        );
        setup.file(ROOT_FILE, root);
        Self::of("remembering", setup, json!({}))
    }

    pub(super) fn plan() -> Self {
        Self::of("plan", school(10, 60), json!({"mode": "plan"}))
    }

    /// A first load in invocations that are too short for it.
    pub(super) fn slices() -> Self {
        let mut setup = school(120, 0);
        setup.adobe.truncate(8);
        setup.roster_latency = Duration::from_secs(3);
        Self {
            limit: Duration::from_secs(20),
            ..Self::of("slices", setup, json!({}))
        }
    }

    /// The world before the pass.
    pub(super) async fn world(&self) -> World {
        let world = World::start(self.setup.clone()).await;
        for account in &self.accounts {
            world.adobe.put(account.clone());
        }
        for (key, text) in &self.objects {
            world.put(key, text);
        }
        world
    }
}
