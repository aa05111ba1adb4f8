//! What else schools set: formats, filters, exclusions, parts of Adobe, push.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use roster_sync::config::format::Format;
use roster_sync::config::options::{AdobeUsers, Strategy as Way};
use roster_sync::config::pattern::Pattern;
use roster_sync::config::{Condition, Dates, Exclusions, UpdateAttribute};
use roster_sync::model::id::{GroupName, IdentityType};

use super::super::world::World;
use super::worlds::{GROUPS, PEOPLE};

/// What the roster says of one person besides the usual.
#[derive(Debug, Clone)]
struct Told {
    login: Option<String>,
    kind: Option<&'static str>,
    land: Option<&'static str>,
    grade: Option<&'static str>,
    active: bool,
    enabled: bool,
}

/// Login names are names, addresses of their own, or somebody else's address or login name.
fn told(n: usize) -> BoxedStrategy<Told> {
    let login = prop_oneof![
        3 => Just(Some(format!("login{n}"))),
        2 => Just(Some(format!("U{n}@y.test"))),
        2 => Just(None),
        1 => (0..PEOPLE).prop_map(|n| Some(format!("u{n}@x.test"))),
        1 => (0..PEOPLE).prop_map(|n| Some(format!("login{n}"))),
    ];
    let kind = weighted(
        0.3,
        select(vec!["federatedID", "EnterpriseID", "adobeID", "federated"]),
    );
    let land = weighted(0.7, select(vec!["no", "US", "Norway"]));
    let grade = weighted(0.9, select(vec!["1", "2", "3"]));
    let signs = (prop::bool::weighted(0.9), prop::bool::weighted(0.9));
    (login, kind, land, grade, signs)
        .prop_map(|(login, kind, land, grade, (active, enabled))| Told {
            login,
            kind,
            land,
            grade,
            active,
            enabled,
        })
        .boxed()
}

/// One change of a world, made of what was drawn.
pub(super) trait Extra: std::fmt::Debug + Clone {
    fn apply(self, world: &mut World);
}

#[derive(Debug, Clone)]
struct People {
    told: Vec<Told>,
    uses: [bool; 3],
    grades: Option<Vec<&'static str>>,
    dates: Dates,
    not_active: Vec<usize>,
}

impl Extra for People {
    fn apply(self, world: &mut World) {
        for person in &mut world.parts.people {
            let n: usize = person.id.as_str()[1..].parse().unwrap();
            let told = &self.told[n];
            let login = told.login.as_deref();
            let values = [
                ("login", login),
                ("kind", told.kind),
                ("land", told.land),
                ("grade", told.grade),
            ];
            for (name, value) in values {
                if let Some(value) = value {
                    let texts = person.attributes.entry(name.to_owned()).or_default();
                    texts.push(value.to_owned());
                }
            }
            (person.active, person.enabled) = (told.active, told.enabled);
        }
        let [login, kind, land] = self.uses;
        let formats = &mut world.config.source.formats;
        formats.username = login.then(|| Format::attribute("login"));
        formats.identity_type = kind.then(|| Format::attribute("kind"));
        formats.country = land.then(|| Format::attribute("land"));
        let conditions = self.grades.into_iter().map(|grades| Condition {
            attribute: "grade".to_owned(),
            values: grades.into_iter().map(str::to_owned).collect(),
        });
        world.config.source.include_only = conditions.collect();
        world.config.dates = self.dates;
        for n in self.not_active {
            let classes = &mut world.parts.classes;
            let place = n % classes.len();
            match classes[place].members.get_mut(n / 3) {
                Some(member) => member.active = false,
                None => classes[place].active = false,
            }
        }
    }
}

fn people() -> impl Strategy<Value = People> {
    let told: Vec<_> = (0..PEOPLE).map(told).collect();
    let uses = [0.35, 0.2, 0.3].map(prop::bool::weighted);
    let grades = weighted(0.15, subsequence(vec!["1", "2", "3"], 1..=2));
    let dates = (any::<bool>(), any::<bool>());
    let not_active = prop_oneof![2 => Just(Vec::new()), 1 => vec(0..12_usize, 1..3)];
    (told, uses, grades, dates, not_active).prop_map(
        |(told, uses, grades, (status, enabled_user), not_active)| People {
            told,
            uses,
            grades,
            dates: Dates {
                status,
                enabled_user,
                ..Dates::default()
            },
            not_active,
        },
    )
}

/// What is excluded, updated and made in Adobe.
#[derive(Debug, Clone)]
struct Adobe {
    exclusions: Exclusions,
    update: Vec<UpdateAttribute>,
    auto_create: bool,
    groups: Option<Vec<&'static str>>,
}

impl Extra for Adobe {
    fn apply(self, world: &mut World) {
        world.config.exclusions = self.exclusions;
        world.config.update_attributes = self.update.into_iter().collect();
        world.config.auto_create = self.auto_create;
        let groups = self.groups.into_iter().flatten();
        let groups: BTreeSet<_> = groups.map(GroupName::new).collect();
        if !groups.is_empty() {
            let held = world.accounts.iter().flat_map(|account| &account.groups);
            world.groups = Some(groups.into_iter().chain(held.cloned()).collect());
        }
    }
}

fn adobe() -> impl Strategy<Value = Adobe> {
    let types = prop_oneof![
        4 => Just(Vec::new()),
        1 => subsequence(IdentityType::ALL.to_vec(), 1..=2),
    ];
    let groups = prop_oneof![
        3 => Just(Vec::new()),
        1 => subsequence(&GROUPS[4..], 1..=2),
    ];
    let users = prop_oneof![
        3 => Just(Vec::new()),
        1 => vec(select(vec!["U[01]@.*", "login[2-4]", "u", ".*@y.test"]), 1..3),
    ];
    let update = subsequence(UpdateAttribute::ALL.to_vec(), 0..=3);
    let listed = weighted(0.4, subsequence(&GROUPS[..], 1..=9));
    (types, groups, users, update, any::<bool>(), listed).prop_map(
        |(types, groups, users, update, auto_create, listed)| Adobe {
            exclusions: Exclusions {
                identity_types: types.into_iter().collect(),
                groups: groups.into_iter().map(GroupName::new).collect(),
                users: users.into_iter().map(pattern).collect(),
                ..Exclusions::default()
            },
            update,
            auto_create,
            groups: listed,
        },
    )
}

fn pattern(text: &str) -> Pattern {
    Pattern::new(text).unwrap()
}

/// The further options of one pass.
#[derive(Debug, Clone)]
struct Further {
    way: Way,
    adobe_users: AdobeUsers,
    user_filter: Option<&'static str>,
    exclude_unmapped: bool,
}

impl Extra for Further {
    fn apply(self, world: &mut World) {
        let options = &mut world.options;
        options.strategy = self.way;
        options.adobe_users = self.adobe_users;
        options.user_filter = self.user_filter.map(pattern);
        options.exclude_unmapped_users = self.exclude_unmapped;
    }
}

fn further() -> impl Strategy<Value = Further> {
    let way = prop_oneof![6 => Just(Way::Sync), 1 => Just(Way::Push)];
    let some = btree_set(select(&GROUPS[..]).prop_map(GroupName::new), 1..4);
    let adobe_users = prop_oneof![
        5 => Just(AdobeUsers::All),
        1 => Just(AdobeUsers::Mapped),
        1 => some.prop_map(AdobeUsers::Groups),
    ];
    let filter = weighted(
        0.25,
        select(vec!["u[0-4]@.*", "(login)?.[1-5].*", "nobody", ".*@y.test"]),
    );
    (way, adobe_users, filter, prop::bool::weighted(0.2)).prop_map(
        |(way, adobe_users, user_filter, exclude_unmapped)| Further {
            way,
            adobe_users,
            user_filter,
            exclude_unmapped,
        },
    )
}

/// Everything of this page; two worlds in five have none of it.
pub(super) fn extras() -> impl Strategy<Value = Option<impl Extra>> {
    let all = (people(), adobe(), further());
    weighted(
        0.6,
        all.prop_map(|(people, adobe, further)| All(people, adobe, further)),
    )
}

#[derive(Debug, Clone)]
struct All(People, Adobe, Further);

impl Extra for All {
    fn apply(self, world: &mut World) {
        self.0.apply(world);
        self.1.apply(world);
        self.2.apply(world);
    }
}
