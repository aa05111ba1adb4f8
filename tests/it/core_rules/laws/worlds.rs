//! Random small worlds.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use roster_sync::config::options::{AdobeOnlyUserAction, Options, Users};
use roster_sync::config::{Limit, UserFilter};
use roster_sync::model::directory;
use roster_sync::model::id::{Email, GroupName, IdentityType, RosterId};
use roster_sync::model::roster::{Person, Role, SkippedRecord};

use super::super::world::{World, account, entry, person};
use super::extras::{Extra as _, extras};

pub(super) const PEOPLE: usize = 8;
pub(super) const GROUPS: [&str; 9] = [
    "Spark",
    "All Apps",
    "Acrobat",
    "Express",
    "Staff",
    "Manual",
    "Chess",
    "_org_admin",
    "_admin_Spark",
];
/// `Gone` and `Lost` are in no roster.
const DIRECTORY_GROUPS: [&str; 12] = [
    "classes::A::students",
    "classes::B::students",
    "classes::B::teachers",
    "classes::C::users",
    "courses::Maths::students",
    "courses::Maths::teachers",
    "schools::North::students",
    "schools::North::teachers",
    "schools::South::users",
    "classes::id-A::students",
    "classes::Gone::students",
    "schools::Lost::teachers",
];

/// A roster, a mapping, accounts and options that know of each other.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    let classes = vec((members(5), members(3)), 3);
    let people: Vec<_> = (0..PEOPLE).map(one_person).collect();
    let accounts: Vec<_> = (0..PEOPLE).map(accounts_of).collect();
    let roster = (
        people,
        classes,
        weighted(0.1, 0..PEOPLE),
        weighted(0.1, Just("paused")),
    );
    (mapping(), roster, accounts, options(), settings(), extras()).prop_map(
        |(mapping, (people, classes, skipped, state), accounts, options, settings, extras)| {
            let mut world = World::new().school("North").school("South").course("Maths");
            for (name, feeds) in mapping {
                world.config.mapping.push(entry(name, &feeds));
            }
            world.options = options;
            settings.apply(&mut world);
            world.accounts = accounts.into_iter().flatten().collect();
            for (name, (students, teachers)) in ["A", "B", "C"].into_iter().zip(classes) {
                let [students, teachers] = [&students, &teachers]
                    .map(|ids| ids.iter().map(String::as_str).collect::<Vec<_>>());
                let course = (name != "C").then_some("Maths");
                world = world.class_of(course, name, &students, &teachers);
            }
            world.parts.people = people;
            world.parts.district_state = state.map(str::to_owned);
            if let Some(n) = skipped {
                let gone = world.parts.people.remove(n);
                world.parts.skipped.push(SkippedRecord {
                    collection: "students",
                    id: Some(gone.id),
                    reason: "unreadable".to_owned(),
                });
            }
            if let Some(extras) = extras {
                extras.apply(&mut world);
            }
            world
        },
    )
}

fn members(most: usize) -> impl Strategy<Value = BTreeSet<String>> {
    btree_set((0..PEOPLE).prop_map(|n| format!("u{n}")), 0..most)
}

/// Up to six directory groups that feed up to three groups each.
fn mapping() -> impl Strategy<Value = Vec<(&'static str, Vec<&'static str>)>> {
    // Names that are in no roster are rare, so that not every world is held.
    let found = subsequence(&DIRECTORY_GROUPS[..10], 0..=6);
    let lost = weighted(0.2, select(&DIRECTORY_GROUPS[10..]));
    (found, lost).prop_flat_map(|(mut names, lost)| {
        names.extend(lost);
        let feeds = vec(subsequence(&GROUPS[..], 0..=3), names.len());
        feeds.prop_map(move |feeds| names.iter().copied().zip(feeds).collect())
    })
}

/// Mostly usable; some share an address, some have none, some have half a name or none.
fn one_person(n: usize) -> BoxedStrategy<Person> {
    let email = weighted(0.05, select(vec![None, Some("not one"), Some("U0@x.test")]));
    let names = select(vec![
        [true, true],
        [true, true],
        [true, true],
        [true, false],
        [false, false],
    ]);
    let schools = subsequence(vec!["North", "South"], 0..=2);
    (any::<bool>(), email, names, schools)
        .prop_map(move |(teaches, email, [first, last], schools)| {
            let role = if teaches {
                Role::Teacher
            } else {
                Role::Student
            };
            let mut person = person(&format!("u{n}"), role);
            if let Some(email) = email {
                person.email = email.map(str::to_owned);
            }
            person.given_name = person.given_name.filter(|_| first);
            person.family_name = person.family_name.filter(|_| last);
            person.schools = schools.into_iter().map(RosterId::new).collect();
            person
        })
        .boxed()
}

/// At most one account that the organization owns, in all shapes, one Adobe ID, and one of somebody else.
fn accounts_of(n: usize) -> BoxedStrategy<Vec<directory::User>> {
    let name = format!("u{n}");
    let login = (0..5).prop_flat_map(|shape| (Just(shape), groups()));
    let owned = weighted(
        0.7,
        (
            select(vec![IdentityType::Federated, IdentityType::Enterprise]),
            login,
        ),
    );
    (owned, weighted(0.15, groups()), weighted(0.2, groups()))
        .prop_map(move |(owned, adobe_id, other)| {
            let mut accounts = Vec::new();
            if let Some((identity_type, (shape, groups))) = owned {
                accounts.push(shaped(n, shape, identity_type, groups));
            }
            if let Some(groups) = adobe_id {
                accounts.push(directory::User {
                    identity_type: IdentityType::Adobe,
                    groups,
                    ..account(&name, &[])
                });
            }
            accounts.extend(other.map(|groups| directory::User {
                groups,
                ..account(&format!("other{n}"), &[])
            }));
            accounts
        })
        .boxed()
}

fn shaped(
    n: usize,
    shape: i32,
    identity_type: IdentityType,
    groups: BTreeSet<GroupName>,
) -> directory::User {
    let mut account = directory::User {
        identity_type,
        groups,
        ..account(&format!("u{n}"), &[])
    };
    match shape {
        0 => account.username = Some(format!("login{n}")),
        1 => account.email = Email::new(&format!("old{n}@x.test")),
        2 => {
            account.username = Some(format!("login{n}"));
            account.email = Email::new("");
        }
        3 => account.first_name = None,
        _ => {}
    }
    account
}

fn groups() -> impl Strategy<Value = BTreeSet<GroupName>> {
    let ordinary = subsequence(&GROUPS[..7], 0..=4);
    let roles = prop_oneof![6 => Just(Vec::new()), 1 => subsequence(&GROUPS[7..], 1..=2)];
    (ordinary, roles).prop_map(|(ordinary, roles)| {
        let names = ordinary.into_iter().chain(roles);
        names
            .map(|name| GroupName::new(&name.to_lowercase()))
            .collect()
    })
}

fn options() -> impl Strategy<Value = Options> {
    let some = subsequence(&DIRECTORY_GROUPS[..], 1..=4);
    let users = prop_oneof![
        Just(Users::All),
        Just(Users::Mapped),
        some.prop_map(|names| Users::Groups(names.into_iter().map(str::to_owned).collect())),
    ];
    let action = select(vec![
        AdobeOnlyUserAction::Preserve,
        AdobeOnlyUserAction::Exclude,
        AdobeOnlyUserAction::WriteFile,
        AdobeOnlyUserAction::RemoveAdobeGroups,
        AdobeOnlyUserAction::Remove,
        AdobeOnlyUserAction::Delete,
    ]);
    (users, action, any::<bool>(), any::<bool>()).prop_map(|(users, action, info, groups)| {
        Options {
            process_groups: groups,
            update_user_info: info,
            users,
            adobe_only_user_action: action,
            ..World::new().options
        }
    })
}

/// What differs between schools.
#[derive(Debug, Clone)]
struct Settings {
    identity_type: IdentityType,
    has_country: bool,
    limit: Limit,
    max_user_count: Option<u64>,
    all_users_filter: UserFilter,
}

impl Settings {
    fn apply(self, world: &mut World) {
        let config = &mut world.config;
        config.identity_type = self.identity_type;
        config.limits.max_adobe_only_users = self.limit;
        config.source.max_user_count = self.max_user_count;
        config.source.all_users_filter = self.all_users_filter;
        if !self.has_country {
            config.default_country = None;
        }
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    let limit = prop_oneof![
        2 => Just(Limit::Count(200)),
        1 => (0..8_u64).prop_map(Limit::Count),
        1 => (0..=100_u8).prop_map(Limit::Percent),
    ];
    (
        select(vec![
            IdentityType::Federated,
            IdentityType::Federated,
            IdentityType::Enterprise,
            IdentityType::Adobe,
        ]),
        prop::bool::weighted(0.9),
        limit,
        weighted(0.1, 0..10_u64),
        select(vec![
            UserFilter::Students,
            UserFilter::Teachers,
            UserFilter::Users,
        ]),
    )
        .prop_map(
            |(identity_type, has_country, limit, max_user_count, all_users_filter)| Settings {
                identity_type,
                has_country,
                limit,
                max_user_count,
                all_users_filter,
            },
        )
}
