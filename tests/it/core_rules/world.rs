//! Small worlds: a roster, a mapping, an Adobe organization and the options of one pass.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use roster_sync::config::format::Formats;
use roster_sync::config::options::{
    AdobeOnlyUserAction, AdobeUsers, Mode, Options, Overrides, Strategy, Users,
};
use roster_sync::config::{
    Config, Dates, Exclusions, Limit, Limits, MappingEntry, Platform, RequestsPerMinute,
    SignatureMethod, Source, Umapi, UpdateAttribute, UserFilter,
};
use roster_sync::model::directory::{self, Directory, Scope};
use roster_sync::model::id::{Email, GroupName, IdentityType, RosterId, fold};
use roster_sync::model::roster::{
    Attributes, Class, Collection, Group, Member, Parts, Person, Role, Roster,
};
use roster_sync::reconcile::desired::{Desired, desired};
use roster_sync::reconcile::guard::{Checked, check};
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
}

impl World {
    /// Nobody and nothing; federated, default country US, users mapped, groups processed, preserve, limit 200.
    pub(crate) fn new() -> Self {
        Self {
            config: config(),
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
        desired(&self.roster(), &self.config, &self.options)
    }

    pub(crate) fn plan(&self) -> Plan {
        plan(
            &self.desired(),
            &self.directory(),
            &self.config,
            &self.options,
        )
    }

    pub(crate) fn checked(&self) -> Checked {
        check(
            self.plan(),
            &self.desired(),
            &self.config.limits,
            &self.options,
        )
    }
}

fn member(id: &str, role: Role) -> Member {
    Member {
        person: RosterId::new(id),
        role,
        active: true,
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

fn config() -> Config {
    let url = || "https://roster.test/".parse().unwrap();
    Config {
        source: Source {
            platform: Platform::Clever,
            host: url(),
            page_size: 100,
            max_user_count: None,
            match_groups_by: ["title", "name", "sourcedid", "id"]
                .map(str::to_owned)
                .to_vec(),
            all_users_filter: UserFilter::Users,
            secret: None,
            public_token: None,
            district_id: None,
            token_url: url(),
            signature_method: SignatureMethod::HmacSha256,
            formats: Formats::default(),
            include_only: Vec::new(),
            scoped: Vec::new(),
        },
        umapi: Umapi {
            org_id: None,
            base: url(),
            token_url: url(),
            secret: None,
            timeout: Duration::from_secs(1),
            retries: 0,
            requests_per_minute: RequestsPerMinute {
                action: 10,
                users: 25,
                groups: 5,
            },
        },
        mapping: Vec::new(),
        identity_type: IdentityType::Federated,
        default_country: Some("US".parse().unwrap()),
        auto_create: false,
        exclusions: Exclusions::default(),
        update_attributes: UpdateAttribute::ALL.into(),
        dates: Dates::default(),
        limits: Limits {
            max_adobe_only_users: Limit::Count(200),
            max_plan_age: Duration::from_hours(20),
            max_directory_age: Duration::from_hours(24),
        },
        defaults: Overrides::default(),
        notices: Vec::new(),
    }
}
