//! Plans as data: what would be done, and what was counted on the way.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use roster_sync::config::Config;
use roster_sync::config::options::Options;
use roster_sync::model::id::{Email, GroupName};
use roster_sync::reconcile::action::{Profile, Update};
use roster_sync::reconcile::approval::Approval;
use roster_sync::reconcile::desired::Desired;
use roster_sync::reconcile::ending::{Ended, Ending};
use roster_sync::reconcile::guard::{Checked, Finding, FindingName, Past, check};
use roster_sync::reconcile::history::{Counts, Entry, History, IdentitySettings};
use roster_sync::reconcile::plan::{Change, Kind, Plan, Removal};
use roster_sync::report::{held_json, read_held};

use super::world::{World, account, entry};

/// The day before.
pub(super) const YESTERDAY: Date = date(2026, 11, 23);

/// What `check` is given.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) config: Config,
    pub(super) options: Options,
    pub(super) desired: Desired,
    pub(super) plan: Plan,
    pub(super) history: History,
    pub(super) approvals: Vec<Approval>,
}

impl Case {
    /// Nobody and nothing, with the limits of a file that says nothing of them.
    pub(super) fn new() -> Self {
        let World {
            config, options, ..
        } = World::new();
        let plan = Plan {
            handles_adobe_only: true,
            ..Plan::default()
        };
        Self {
            config,
            options,
            desired: Desired::default(),
            plan,
            history: History::default(),
            approvals: Vec::new(),
        }
    }

    /// A managed group with so many managed members, fed by the class of its name with so many people.
    pub(super) fn group(mut self, name: &str, members: usize, people: usize) -> Self {
        let directory_group = format!("classes::{name}::students");
        self.config.mapping.push(entry(&directory_group, &[name]));
        self.desired.managed.insert(GroupName::new(name));
        self.plan.members.insert(GroupName::new(name), members);
        let counts = &mut self.desired.counts;
        counts.directory_groups.insert(directory_group, people);
        counts.adobe_groups.insert(GroupName::new(name), people);
        self
    }

    /// So many selected people, and so many accounts that hold a managed group.
    pub(super) fn people(mut self, selected: usize, managed: usize) -> Self {
        let counts = &mut self.desired.counts;
        counts.people.insert("mapped".to_owned(), selected);
        self.plan.sizes.managed_people = managed;
        self
    }

    /// So many people of the roster leave these groups.
    pub(super) fn leave(self, count: usize, groups: &[&str]) -> Self {
        let removal = Removal::Groups(names(groups));
        self.changes(count, Kind::Update, groups, &removal)
    }

    /// So many of Adobe alone leave the organization and hold these groups.
    pub(super) fn depart(mut self, count: usize, groups: &[&str]) -> Self {
        self.plan.sizes.adobe_only_users += count;
        self.plan.sizes.adobe_users_read += count;
        let removal = Removal::FromOrg {
            delete_account: false,
        };
        self.changes(count, Kind::AdobeOnly, groups, &removal)
    }

    /// So many people get an account.
    pub(super) fn create(self, count: usize) -> Self {
        self.changes(count, Kind::Creation, &[], &Removal::none())
    }

    /// The groups that the people who were added last leave by a date.
    pub(super) fn by_date(mut self, count: usize) -> Self {
        let changes = self.plan.changes.iter_mut().rev();
        for change in changes.take(count) {
            if let Removal::Groups(groups) = &change.remove {
                change.ended = groups
                    .iter()
                    .cloned()
                    .map(|group| (group, ending()))
                    .collect();
            }
        }
        self
    }

    /// Changes the plan.
    pub(super) fn plan(mut self, change: impl FnOnce(&mut Plan)) -> Self {
        change(&mut self.plan);
        self
    }

    /// Changes what the roster says.
    pub(super) fn desired(mut self, change: impl FnOnce(&mut Desired)) -> Self {
        change(&mut self.desired);
        self
    }

    /// Changes the configuration.
    pub(super) fn set(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// Changes the options.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    /// A good pass of yesterday that counted what this one counts, with these changes.
    pub(super) fn after(mut self, change: impl FnOnce(&mut Counts)) -> Self {
        let mut counts = self.desired.counts.clone();
        change(&mut counts);
        let identity = IdentitySettings::of(&self.config);
        self.remember(counts, identity);
        self
    }

    /// One more good pass of yesterday.
    pub(super) fn remember(&mut self, counts: Counts, identity: IdentitySettings) {
        self.history.passes.push(Entry {
            run_id: "20261123T060000Z-0123abcd".to_owned(),
            day: YESTERDAY,
            counts,
            identity,
        });
    }

    /// With an approval of what `earlier` holds.
    pub(super) fn approve(mut self, earlier: &Checked) -> Self {
        self.approvals.push(approval("look", earlier));
        self
    }

    pub(super) fn checked(&self) -> Checked {
        let past = Past {
            history: &self.history,
            approvals: &self.approvals,
        };
        let plan = self.plan.clone();
        check(plan, &self.desired, &self.config, &self.options, past)
    }

    /// Each finding with what it holds, and how many changes go on.
    pub(super) fn outcome(&self) -> String {
        let checked = self.checked();
        let found = checked.findings.iter();
        let mut lines: Vec<String> = found
            .map(|finding| format!("{} {}", finding.name.as_str(), finding.held))
            .collect();
        lines.push(format!("goes {}", checked.plan.changes.len()));
        lines.join(", ")
    }

    fn changes(mut self, count: usize, kind: Kind, groups: &[&str], remove: &Removal) -> Self {
        let first = self.plan.changes.len();
        for n in first..first + count {
            let mut change = change(&format!("u{n}"), kind, groups);
            change.remove = remove.clone();
            self.plan.changes.push(change);
        }
        self
    }
}

/// A change of a federated account that changes nothing yet; a creation makes the account.
pub(super) fn change(name: &str, kind: Kind, groups: &[&str]) -> Change {
    let account = account(name, groups);
    let create = (kind == Kind::Creation).then(|| Profile {
        email: account.email.clone(),
        first_name: None,
        last_name: None,
        country: "US".parse().unwrap(),
        update_existing: false,
    });
    Change {
        address: roster_sync::reconcile::action::Address::of_account(&account),
        email: Email::new(account.email.as_str()),
        kind,
        create,
        update: Update::default(),
        remove: Removal::none(),
        ended: BTreeMap::new(),
        add: BTreeMap::new(),
        groups_before: account.groups,
        names_before: (account.first_name, account.last_name),
        directory_groups: BTreeSet::new(),
    }
}

/// A term that ended yesterday.
pub(super) fn ending() -> Ending {
    Ending {
        last_day: YESTERDAY,
        ended: Ended::Term(Some("Fall".to_owned())),
        directory_group: "classes::Art::students".to_owned(),
    }
}

/// An approval of what was held, by way of `held.json`.
pub(super) fn approval(name: &str, checked: &Checked) -> Approval {
    let (document, hash) = held_json(&checked.held);
    let hold = read_held(document.to_string().as_bytes()).unwrap();
    assert_eq!((&hold.written, &hold.hash), (&hash, &hash));
    Approval {
        alike: true,
        name: name.to_owned(),
        run_id: "20261123T060000Z-0123abcd".to_owned(),
        hash,
        items: hold.items,
        findings: hold.findings,
    }
}

pub(super) fn names(groups: &[&str]) -> BTreeSet<GroupName> {
    groups.iter().map(|name| GroupName::new(name)).collect()
}

/// What all findings of one kind say, with the way out of the last one.
pub(super) fn text(checked: &Checked, name: FindingName) -> String {
    let named = |finding: &&Finding| finding.name == name;
    let found: Vec<&Finding> = checked.findings.iter().filter(named).collect();
    let mut lines: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
    lines.extend(found.last().map(|one| one.next_step.as_str()));
    lines.join("\n")
}
