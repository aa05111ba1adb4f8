//! Small worlds: a roster, a mapping, an Adobe organization and the options of one pass.

mod config;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use roster_sync::config::format::Formats;
use roster_sync::config::options::{
    AdobeOnlyUserAction, AdobeUsers, Mode, Options, Strategy, Users,
};
use roster_sync::config::{Config, Limit, MappingEntry, UserFilter};
use roster_sync::model::directory::{self, Directory, Scope};
use roster_sync::model::id::{Email, GroupName, IdentityType, RosterId, fold};
use roster_sync::model::period::Period;
use roster_sync::model::roster::{
    Attributes, Class, Collection, Group, Member, Parts, Person, Role, Roster, Term,
};
use roster_sync::reconcile::approval::Approval;
use roster_sync::reconcile::desired::{Desired, desired};
use roster_sync::reconcile::guard::{Checked, Past, check};
use roster_sync::reconcile::history::History;
use roster_sync::reconcile::known::Known;
use roster_sync::reconcile::plan::{Plan, groups_to_look_up, plan, scope};
use serde_json::json;

/// Everything that the core is given.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) options: Options,
    pub(crate) parts: Parts,
    pub(crate) accounts: Vec<directory::User>,
    /// The groups that Adobe has; without, whatever anybody asks for.
    pub(crate) groups: Option<BTreeSet<GroupName>>,
    /// The day of the pass.
    pub(crate) today: Date,
    /// What earlier passes have left.
    pub(crate) history: History,
    pub(crate) known: Known,
    pub(crate) approvals: Vec<Approval>,
}

impl World {
    /// Nobody and nothing; federated, default country US, users mapped, groups processed, preserve, limit 200.
    pub(crate) fn new() -> Self {
        Self {
            config: config::config(),
            options: Options {
                mode: Mode::Apply,
                process_groups: true,
                update_user_info: false,
                users: Users::Mapped,
                adobe_only_user_action: AdobeOnlyUserAction::Preserve,
                strategy: Strategy::Sync,
                adobe_users: AdobeUsers::All,
                user_filter: None,
                exclude_unmapped_users: false,
                adobe_only_user_list: None,
                fresh: false,
            },
            parts: Parts::default(),
            accounts: Vec::new(),
            groups: None,
            today: date(2026, 11, 24),
            history: History::default(),
            known: Known::default(),
            approvals: Vec::new(),
        }
    }

    /// One entry of the mapping, of three parts or four.
    pub(crate) fn map(mut self, directory_group: &str, adobe_groups: &[&str]) -> Self {
        self.config
            .mapping
            .push(entry(directory_group, adobe_groups));
        self
    }

    /// A school; its id is its name.
    pub(crate) fn school(mut self, name: &str) -> Self {
        let attributes = attributes(name);
        self.parts.schools.push(Group {
            id: RosterId::new(name),
            active: true,
            attributes,
        });
        self
    }

    /// A course; its id is its name.
    pub(crate) fn course(mut self, name: &str) -> Self {
        let attributes = attributes(name);
        self.parts.courses.push(Group {
            id: RosterId::new(name),
            active: true,
            attributes,
        });
        self
    }

    /// A class with its members; its id is its name.
    pub(crate) fn class(self, name: &str, students: &[&str], teachers: &[&str]) -> Self {
        self.class_of(None, name, students, teachers)
    }

    /// A class of a course.
    pub(crate) fn class_of(
        mut self,
        course: Option<&str>,
        name: &str,
        students: &[&str],
        teachers: &[&str],
    ) -> Self {
        let with = |ids: &[&str], role: Role| -> Vec<Member> {
            ids.iter().map(|id| member(id, role)).collect()
        };
        let mut members = with(students, Role::Student);
        members.extend(with(teachers, Role::Teacher));
        self.parts.classes.push(Class {
            id: RosterId::new(name),
            active: true,
            course: course.map(RosterId::new),
            terms: BTreeSet::new(),
            members,
            attributes: attributes(name),
        });
        self
    }

    /// One more student of a class that is there.
    pub(crate) fn enrol(mut self, id: &str, class: &str) -> Self {
        let mut classes = self.parts.classes.iter_mut();
        let class = classes.find(|known| known.id.as_str() == class).unwrap();
        class.members.push(member(id, Role::Student));
        self
    }

    /// A term with its first and last day; blank is open.
    pub(crate) fn term(mut self, id: &str, first: &str, last: &str) -> Self {
        self.parts.terms.push(Term {
            id: RosterId::new(id),
            title: Some(format!("Term {id}")),
            active: true,
            period: period(first, last),
        });
        self
    }

    /// The terms of a class that is there.
    pub(crate) fn held_in(mut self, class: &str, terms: &[&str]) -> Self {
        let mut classes = self.parts.classes.iter_mut();
        let class = classes.find(|known| known.id.as_str() == class).unwrap();
        class.terms = terms.iter().map(|id| RosterId::new(*id)).collect();
        self
    }

    /// The days of every enrollment of a person in a class.
    pub(crate) fn enrolled(mut self, id: &str, class: &str, first: &str, last: &str) -> Self {
        let mut classes = self.parts.classes.iter_mut();
        let class = classes.find(|known| known.id.as_str() == class).unwrap();
        for member in &mut class.members {
            if member.person.as_str() == id {
                member.period = period(first, last);
            }
        }
        self
    }

    /// On this day.
    pub(crate) fn on(mut self, day: &str) -> Self {
        self.today = day.parse().unwrap();
        self
    }

    /// A person whose e-mail address is `<id>@x.test`, named after the id, at the school `North`.
    pub(crate) fn person(mut self, id: &str, role: Role) -> Self {
        self.parts.people.push(person(id, role));
        self
    }

    /// Several students.
    pub(crate) fn students(self, ids: &[&str]) -> Self {
        ids.iter()
            .fold(self, |world, id| world.person(id, Role::Student))
    }

    /// Changes a person who is there.
    pub(crate) fn but(mut self, id: &str, change: impl FnOnce(&mut Person)) -> Self {
        let mut people = self.parts.people.iter_mut();
        change(people.find(|person| person.id.as_str() == id).unwrap());
        self
    }

    /// A federated account `<name>@x.test`, named as the roster's person of that id.
    pub(crate) fn account(mut self, name: &str, groups: &[&str]) -> Self {
        self.accounts.push(account(name, groups));
        self
    }

    /// Changes the account that was added last.
    pub(crate) fn which(mut self, change: impl FnOnce(&mut directory::User)) -> Self {
        change(self.accounts.last_mut().unwrap());
        self
    }

    /// Changes the options.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    /// Changes the configuration.
    pub(crate) fn set(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// The groups that Adobe has.
    pub(crate) fn has_groups(mut self, names: &[&str]) -> Self {
        self.groups = Some(names.iter().map(|name| GroupName::new(name)).collect());
        self
    }

    /// A value of a further attribute of a person who is there.
    pub(crate) fn tell(self, id: &str, attribute: &str, value: &str) -> Self {
        self.but(id, |person| {
            let values = person.attributes.entry(attribute.to_lowercase());
            values.or_default().push(value.to_owned());
        })
    }

    /// The formats.
    pub(crate) fn format(self, change: impl FnOnce(&mut Formats)) -> Self {
        self.set(|config| change(&mut config.source.formats))
    }

    /// `adobe_only_user_action`.
    pub(crate) fn action(self, action: AdobeOnlyUserAction) -> Self {
        self.with(|options| options.adobe_only_user_action = action)
    }

    pub(crate) fn limit(self, limit: Limit) -> Self {
        self.set(|config| config.limits.max_adobe_only_users = limit)
    }

    pub(crate) fn roster(&self) -> Roster {
        let mut parts = self.parts.clone();
        if parts.attribute_names.is_empty() {
            let names = || ["id", "name"].map(str::to_owned).into();
            parts.attribute_names = BTreeMap::from([
                (Collection::Schools, names()),
                (Collection::Courses, names()),
                (Collection::Classes, names()),
            ]);
        }
        Roster::whole(parts).unwrap()
    }

    /// What a pass reads: nothing with push, the accounts of some groups with `adobe_users`, the list of groups where it
    /// is needed.
    pub(crate) fn directory(&self) -> Directory {
        let desired = self.desired();
        if self.options.strategy == Strategy::Push {
            return Directory::default();
        }
        let accounts = self.accounts.iter().cloned();
        let mut directory = match scope(&desired, &self.config, &self.options) {
            Scope::Everybody => Directory::new(accounts),
            Scope::Members(groups) => {
                let known = |group: &GroupName| {
                    let listed = self.groups.as_ref();
                    listed.is_none_or(|listed| listed.contains(group))
                };
                let (read, unread) = groups.into_iter().partition(known);
                let accounts = accounts.filter(|account| !account.groups.is_disjoint(&read));
                Directory {
                    unread_groups: unread,
                    ..Directory::new(accounts)
                }
            }
        };
        if groups_to_look_up(&desired, &directory, &self.config, &self.options) {
            directory.groups.clone_from(&self.groups);
        }
        directory
    }

    pub(crate) fn desired(&self) -> Desired {
        desired(&self.roster(), &self.config, &self.options, self.today)
    }

    pub(crate) fn plan(&self) -> Plan {
        plan(
            &self.desired(),
            &self.directory(),
            &self.config,
            &self.options,
            &self.known,
        )
    }

    pub(crate) fn checked(&self) -> Checked {
        check(
            self.plan(),
            &self.desired(),
            &self.config,
            &self.options,
            self.past(),
        )
    }

    /// What the guards know besides the plan.
    pub(crate) fn past(&self) -> Past<'_> {
        Past {
            history: &self.history,
            approvals: &self.approvals,
        }
    }
}

/// From the first to the last day; blank is open.
pub(crate) fn period(first: &str, last: &str) -> Period {
    let day = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    Period {
        first: day(first),
        last: day(last),
    }
}

fn member(id: &str, role: Role) -> Member {
    Member {
        person: RosterId::new(id),
        role,
        active: true,
        period: Period::ALWAYS,
    }
}

pub(crate) fn entry(directory_group: &str, adobe_groups: &[&str]) -> MappingEntry {
    let parts: Vec<&str> = directory_group.split("::").collect();
    MappingEntry {
        directory_group: directory_group.to_owned(),
        collection: match parts[0] {
            "schools" => Collection::Schools,
            "courses" => Collection::Courses,
            _ => Collection::Classes,
        },
        name: fold(parts[1]),
        user_filter: match parts[2] {
            "students" => UserFilter::Students,
            "teachers" => UserFilter::Teachers,
            _ => UserFilter::Users,
        },
        match_by: parts.get(3).map(|name| name.to_lowercase()),
        adobe_groups: adobe_groups
            .iter()
            .map(|name| GroupName::new(name))
            .collect(),
    }
}

fn attributes(name: &str) -> Attributes {
    Attributes::from([
        ("name".to_owned(), json!(name)),
        ("id".to_owned(), json!(format!("id-{name}"))),
    ])
}

pub(crate) fn person(id: &str, role: Role) -> Person {
    Person {
        id: RosterId::new(id),
        roles: BTreeSet::from([role]),
        schools: BTreeSet::from([RosterId::new("North")]),
        roles_at: BTreeSet::new(),
        email: Some(format!("{id}@x.test")),
        given_name: Some(format!("First {id}")),
        family_name: Some(format!("Last {id}")),
        attributes: BTreeMap::new(),
        active: true,
        enabled: true,
    }
}

pub(crate) fn account(name: &str, groups: &[&str]) -> directory::User {
    let email = format!("{name}@x.test");
    directory::User {
        identity_type: IdentityType::Federated,
        email: Email::new(&email),
        username: Some(email),
        domain: Some("x.test".to_owned()),
        first_name: Some(format!("First {name}")),
        last_name: Some(format!("Last {name}")),
        groups: groups.iter().map(|group| GroupName::new(group)).collect(),
    }
}
