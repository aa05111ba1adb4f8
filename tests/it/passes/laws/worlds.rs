//! Small random schools at Clever and at ClassLink, with every option.

use std::collections::BTreeSet;

use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::simulators::adobe::{Account, Identity};
use crate::simulators::district::{District, Shape};
use crate::simulators::drift::drifted;
use crate::simulators::mapping::{AdobeUser, Entry, Kind, Mapping, Who};
use crate::simulators::sis::Platform;
use crate::simulators::world::{ROOT_FILE, Setup};

/// A group that nobody may name, and one whose holders nobody may touch.
pub(super) const UNMANAGED: &str = "Chess";
pub(super) const SPARED: &str = "Contractors";
/// A group of the mapping that Adobe does not have, and the one that Adobe has in its place.
const NEW: &str = "Brand New";
const OLD: &str = "Brand Old";
/// Who is spared by address.
const SPARED_USERS: &str = "former.pupil[12]@.*";

/// What a school chooses.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) platform: Platform,
    pub(super) seed: u64,
    pub(super) users: &'static str,
    pub(super) process_groups: bool,
    pub(super) update_user_info: bool,
    pub(super) action: &'static str,
    pub(super) strategy: &'static str,
    pub(super) adobe_users: &'static str,
    user_filter: Option<&'static str>,
    exclude_unmapped_users: bool,
    pub(super) auto_create: bool,
    /// The lines below `adobe_users`.
    pub(super) exclusions: Vec<&'static str>,
    include_only: Option<&'static str>,
    /// The directory groups of the mapping, by place.
    entries: Vec<usize>,
    /// What is odd about the roster.
    odd: Vec<Odd>,
}

/// What may be odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Odd {
    /// Somebody is listed twice, in the second row without an address.
    TwiceWithoutEmail,
    /// Somebody is listed twice, with two names.
    TwoNames,
    /// Somebody has no address.
    WithoutEmail,
    /// Two people have one address.
    SharedEmail,
    /// Somebody's record cannot be read.
    Unreadable,
    /// Somebody's record is to be deleted, and somebody may not sign in.
    Gone,
    /// A class is to be deleted.
    ClassGone,
    /// The mapping names a class that is not there.
    NotFound,
}

const ODD: [Odd; 8] = [
    Odd::TwiceWithoutEmail,
    Odd::TwoNames,
    Odd::WithoutEmail,
    Odd::SharedEmail,
    Odd::Unreadable,
    Odd::Gone,
    Odd::ClassGone,
    Odd::NotFound,
];

fn exclusions() -> impl Strategy<Value = Vec<&'static str>> {
    let lines = vec![
        "exclude_identity_types: [adobeID]",
        "exclude_adobe_groups: [Contractors]",
        "exclude_users: ['former.pupil[12]@.*']",
    ];
    subsequence(lines, 0..=3)
}

/// Everything that a school may choose.
pub(super) fn choices() -> impl Strategy<Value = Choice> {
    let people = (
        select(vec![Platform::Clever, Platform::ClassLink]),
        0..1000_u64,
        select(vec!["all", "mapped", "group"]),
        select(vec![
            "preserve",
            "exclude",
            "write-file",
            "remove-adobe-groups",
            "remove",
            "delete",
        ]),
        select(vec!["sync", "sync", "sync", "push"]),
        select(vec!["all", "all", "mapped"]),
    );
    let flags = (
        prop::bool::weighted(0.8),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        weighted(0.3, select(vec![".*student.*", ".*[0-4]@.*", "former.*"])),
        weighted(
            0.2,
            Just("familyName: [Baptiste, Stark, Silva, Kim, Novak, Diaz]"),
        ),
    );
    let odd = prop_oneof![1 => Just(Vec::new()), 2 => subsequence(ODD.to_vec(), 0..=3)];
    (
        people,
        flags,
        exclusions(),
        subsequence((0..8).collect::<Vec<_>>(), 1..=6),
        odd,
    )
        .prop_map(|(people, flags, exclusions, entries, odd)| {
            let (platform, seed, users, action, strategy, adobe_users) = people;
            let (process_groups, info, unmapped, auto_create, user_filter, include_only) = flags;
            Choice {
                platform,
                seed,
                users,
                process_groups,
                update_user_info: info,
                action,
                strategy,
                adobe_users,
                user_filter,
                exclude_unmapped_users: unmapped,
                auto_create,
                exclusions,
                include_only,
                entries,
                odd,
            }
        })
}

impl Choice {
    pub(super) fn has(&self, odd: Odd) -> bool {
        self.odd.contains(&odd)
    }

    /// Somebody is listed twice. At Clever an id is there once.
    pub(super) fn lists_twice(&self, odd: Odd) -> bool {
        self.platform == Platform::ClassLink && self.has(odd)
    }

    fn district(&self) -> District {
        let mut district = District::generate(Shape {
            seed: self.seed,
            schools: 2,
            students: 14,
            teachers: 4,
            courses: 2,
            sections: 4,
        });
        let students = &mut district.students;
        if self.lists_twice(Odd::TwiceWithoutEmail) {
            let mut again = students[0].clone();
            again.email = None;
            students.push(again);
        }
        if self.lists_twice(Odd::TwoNames) {
            let mut again = students[1].clone();
            "Other".clone_into(&mut again.first);
            students.push(again);
        }
        if self.has(Odd::WithoutEmail) {
            students[2].email = Some(" ".to_owned());
        }
        if self.has(Odd::SharedEmail) {
            students[3].email = Some("both.parents@home.example".to_owned());
            students[4].email = Some("Both.Parents@home.example".to_owned());
        }
        let [unreadable, gone, barred] = [5, 6, 7].map(|place: usize| students[place].id.clone());
        if self.has(Odd::Unreadable) {
            district.patch(&unreadable, "email", serde_json::json!({}));
        }
        if self.has(Odd::Gone) {
            district.status.to_be_deleted.insert(gone);
            district.status.not_enabled.insert(barred);
        }
        if self.has(Odd::ClassGone) {
            district
                .status
                .to_be_deleted
                .insert(district.sections[1].id.clone());
        }
        district
    }

    fn mapping(&self, district: &District) -> Mapping {
        let section = |place: usize| district.sections[place].name.as_str();
        let school = |place: usize| district.schools[place].name.as_str();
        let all = [
            Entry::new(Kind::Sections, section(0), Who::Students, &["Spark"]),
            Entry::new(
                Kind::Sections,
                section(1),
                Who::Users,
                &["Acrobat", "Spark"],
            ),
            Entry::new(
                Kind::Courses,
                &district.courses[0].name,
                Who::Students,
                &["All Apps"],
            ),
            Entry::new(
                Kind::Courses,
                &district.courses[1].name,
                Who::Teachers,
                &["Staff"],
            ),
            Entry::new(Kind::Schools, school(0), Who::Students, &["Express"]),
            Entry::new(
                Kind::Schools,
                school(1),
                Who::Teachers,
                &["Staff", "All Apps"],
            ),
            Entry::new(Kind::Schools, school(1), Who::Users, &[]),
            Entry::new(Kind::Sections, section(2), Who::Students, &[OLD]),
        ];
        let mut mapping: Vec<Entry> = self
            .entries
            .iter()
            .map(|place| all[*place].clone())
            .collect();
        if self.has(Odd::NotFound) {
            mapping.push(Entry::new(
                Kind::Sections,
                "Nowhere",
                Who::Users,
                &["Acrobat"],
            ));
        }
        Mapping(mapping)
    }

    /// Everything that a pass begins with.
    pub(super) fn setup(&self) -> Setup {
        let district = self.district();
        let mapping = self.mapping(&district);
        let mut groups = mapping.adobe_groups();
        groups.insert("Spark".to_owned());
        let desired = mapping.desired(&district);
        let mut accounts = drifted(&desired, &groups, 60, self.seed);
        accounts.push(AdobeUser {
            email: "club@district.example".to_owned(),
            first: "Club".to_owned(),
            last: "One".to_owned(),
            identity_type: "federatedID",
            groups: BTreeSet::from([UNMANAGED, SPARED, "Spark"].map(str::to_owned)),
        });
        let mut setup = Setup::new(district, mapping, accounts);
        let users = match self.users {
            "group" => format!("[group, {:?}]", setup.mapping.0[0].to_string()),
            word => word.to_owned(),
        };
        let flag = |yes: bool| if yes { "Yes" } else { "No" };
        let filter = format!("'{}'", self.user_filter.unwrap_or_default());
        let mut defaults = vec![
            ("users", users.as_str()),
            ("process_groups", flag(self.process_groups)),
            ("update_user_info", flag(self.update_user_info)),
            ("strategy", self.strategy),
            ("exclude_unmapped_users", flag(self.exclude_unmapped_users)),
            ("adobe_only_user_action", self.action),
            ("adobe_users", self.adobe_users),
        ];
        if self.user_filter.is_some() {
            defaults.push(("user_filter", &filter));
        }
        setup.options(&defaults, "100%");
        if self.platform == Platform::ClassLink {
            setup = setup.at_classlink();
        }
        self.write(&mut setup);
        setup
    }

    /// What the files say besides.
    fn write(&self, setup: &mut Setup) {
        let mut root = setup.files[ROOT_FILE].replace(OLD, NEW);
        for line in &self.exclusions {
            root = root.replacen("adobe_users:\n", &format!("adobe_users:\n  {line}\n"), 1);
        }
        if self.auto_create {
            let options = "directory_users:\n  group_sync_options:\n    auto_create: Yes\n";
            root = root.replacen("directory_users:\n", options, 1);
        }
        setup.file(ROOT_FILE, root);
        if let Some(condition) = self.include_only {
            let name = "connector-oneroster.yml";
            let key = format!("\nschema:\n  include_only:\n    {condition}\n");
            let source = setup.files[name].replacen("\nschema:\n", &key, 1);
            setup.file(name, source);
        }
    }
}

impl Choice {
    /// Whether the options keep every pass from the account.
    pub(super) fn spares(&self, account: &Account) -> bool {
        let spares = |word: &str| self.exclusions.iter().any(|line| line.contains(word));
        let former = ["former.pupil1@", "former.pupil2@"];
        (spares("adobeID") && account.identity == Identity::Adobe)
            || (spares(SPARED) && account.groups.contains(SPARED))
            || (spares(SPARED_USERS) && former.iter().any(|start| account.email.starts_with(start)))
    }

    /// The groups that a pass may name.
    pub(super) fn managed(&self) -> BTreeSet<String> {
        let groups = self.setup().mapping.adobe_groups().into_iter();
        groups
            .map(|group| group.replace(OLD, NEW).to_lowercase())
            .collect()
    }
}
