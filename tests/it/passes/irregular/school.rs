//! An irregular district with an organization that knows most of its people, and what has to become of them: worked out
//! from what was planted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};

use crate::simulators::district::{District, Person, Planted, Shape};
use crate::simulators::mapping::{AdobeUser, Mapping, address};
use crate::simulators::sis::Platform;
use crate::simulators::world::{Setup, World};

/// A problem: its name, and whom it is about.
pub(super) type Wrong = (String, String);
/// An account: its address, and its groups.
pub(super) type Holder = (String, BTreeSet<String>);

/// The day of the passes.
const TODAY: Date = date(2026, 11, 23);

/// A group that no mapping names.
const OWN: &str = "Chess";

/// The longest name that Adobe takes.
const LONGEST_NAME: usize = 250;

/// What is known of one account beforehand.
#[derive(Debug, Clone)]
struct Known {
    user: AdobeUser,
    /// What it has to be in afterwards; nothing where it has to be gone.
    afterwards: Option<BTreeSet<String>>,
}

/// The whole of it.
pub(super) struct School {
    pub(super) setup: Setup,
    pub(super) planted: Planted,
    pub(super) district: District,
    mapping: Mapping,
    /// The groups that the mapping gives, by id.
    groups: BTreeMap<String, BTreeSet<String>>,
    known: Vec<Known>,
    /// Groups that nobody leaves, because of people of whom nothing but their groups is known.
    kept: BTreeSet<String>,
    /// Who should be in what at all, by address.
    desired: BTreeMap<String, BTreeSet<String>>,
    platform: Platform,
}

impl School {
    pub(super) fn of(platform: Platform, action: &str, seed: u64) -> Self {
        let (district, planted) = District::irregular(Shape {
            seed,
            schools: 3,
            students: 100,
            teachers: 9,
            courses: 4,
            sections: 15,
        });
        let mapping = planted.mapping(&district);
        let counted = platform.in_force(&district, TODAY);
        let desired = mapping.desired(&counted).into_iter();
        let groups = mapping.groups(&district).into_iter();
        let groups =
            groups.map(|(id, groups)| (id.to_owned(), groups.into_iter().cloned().collect()));
        let mut school = Self {
            setup: Setup::new(district.clone(), mapping.clone(), Vec::new()),
            kept: BTreeSet::new(),
            desired: desired.map(|user| (user.email, user.groups)).collect(),
            groups: groups.collect(),
            known: Vec::new(),
            planted,
            district,
            mapping,
            platform,
        };
        let unreadable = [&school.planted.unreadable, &school.planted.without_id];
        let unreadable = unreadable.into_iter().flatten();
        let unreadable: BTreeSet<String> = unreadable
            .filter_map(|id| address(school.person(id)))
            .collect();
        school
            .desired
            .retain(|email, _| !unreadable.contains(email));
        school.keep();
        school.know_the_usable();
        school.know_the_ended();
        school.know_the_unusable();
        school.know_strangers(action);
        school.setup.adobe = school
            .known
            .iter()
            .map(|known| known.user.clone())
            .collect();
        let defaults = [
            ("users", "mapped"),
            ("process_groups", "yes"),
            ("adobe_only_user_action", action),
        ];
        school.setup.options(&defaults, "200");
        if platform == Platform::ClassLink {
            school.setup = school.setup.at_classlink();
        }
        school
    }

    fn person(&self, id: &str) -> &Person {
        let mut people = self.district.students.iter().chain(&self.district.teachers);
        people.find(|person| person.id == id).unwrap()
    }

    fn groups(&self, id: &str) -> BTreeSet<String> {
        self.groups.get(id).cloned().unwrap_or_default()
    }

    /// Nobody leaves a school's group while the record of somebody who may be at the school cannot be read.
    fn keep(&mut self) {
        let planted = &self.planted;
        let nameless = [&planted.unreadable, &planted.without_id, &planted.unknown];
        self.kept = nameless
            .into_iter()
            .flatten()
            .flat_map(|id| self.groups(id))
            .collect();
        self.kept.extend(["School", "Nowhere"].map(str::to_owned));
    }

    /// Every third has no account, every third lacks a group, and every third one is in step or, if the name is nobody
    /// else's, in a group too many.
    fn know_the_usable(&mut self) {
        let mut desired = self.desired.clone();
        for id in &self.planted.ended {
            desired.remove(&self.address_of(id));
        }
        for (number, (email, groups)) in desired.into_iter().enumerate() {
            let mut held = groups.clone();
            match number % 3 {
                0 => continue,
                1 => drop(held.pop_first()),
                _ if number % 2 == 0 => drop(held.insert("Course".to_owned())),
                _ => {}
            }
            let mut afterwards = groups.clone();
            afterwards.insert(OWN.to_owned());
            held.insert(OWN.to_owned());
            let name = format!("Usable {number}");
            if self.kept.contains("Course") && held.contains("Course") {
                afterwards.insert("Course".to_owned());
            }
            self.know(&email, ["Known", &name], held, Some(afterwards));
        }
    }

    /// Who has an enrollment that ended still holds what it gave, and loses just that: no more, though it may be all that
    /// there was.
    fn know_the_ended(&mut self) {
        for (number, id) in self.planted.ended.clone().into_iter().enumerate() {
            let email = self.address_of(&id);
            let own = || BTreeSet::from([OWN.to_owned()]);
            let (mut held, mut afterwards) = (self.groups(&id), own());
            held.extend(own());
            afterwards.extend(self.desired.get(&email).cloned().unwrap_or_default());
            let name = format!("Ended {number}");
            self.know(&email, ["Known", &name], held, Some(afterwards));
        }
    }

    fn address_of(&self, id: &str) -> String {
        address(self.person(id)).unwrap_or_default()
    }

    /// Of those who have no address that can be used, every third is found by the name that another spelling hides, and
    /// by an address that Adobe has from earlier; whoever cannot be read has what the roster says.
    fn know_the_unusable(&mut self) {
        let addressless = [&self.planted.without_email, &self.planted.bad_email];
        let addressless = addressless.into_iter().flatten().cloned();
        // Whom no directory group means would lose what the mapping gives, address or not.
        let addressless: Vec<String> = addressless
            .filter(|id| !self.groups(id).is_empty())
            .collect();
        for (number, id) in addressless.iter().enumerate() {
            let person = self.person(id).clone();
            let mut held = self.groups(id);
            held.extend(["Course", OWN].map(str::to_owned));
            let written = person.email.clone().unwrap_or_default();
            let (email, first) =
                if written.contains('@') && !written.ends_with('@') && number % 2 == 0 {
                    (written, "Somebody".to_owned())
                } else {
                    let shouted =
                        format!(" {}", person.first.to_uppercase().replace('\u{c9}', "e"));
                    (
                        format!("earlier.{number}@students.district.example"),
                        shouted,
                    )
                };
            let last = person.last.split("").collect::<Vec<_>>().join(" ");
            self.know(&email, [&first, &last], held.clone(), Some(held));
        }
        let planted = &self.planted;
        let unread = [&planted.unreadable, &planted.without_id, &planted.unknown];
        for id in unread.into_iter().flatten().cloned().collect::<Vec<_>>() {
            let held = self.groups(&id);
            // Nothing but its groups tells whose the account is.
            if held.is_empty() {
                continue;
            }
            let email = format!(
                "unread.{}@students.district.example",
                id.len() + self.known.len()
            );
            self.know(&email, ["Un", "Read"], held.clone(), Some(held));
        }
    }

    /// People whom nobody has heard of: one in groups that can be left, one in a group that nobody leaves, too.
    fn know_strangers(&mut self, action: &str) {
        let leave: Vec<String> = self
            .mapping
            .adobe_groups()
            .difference(&self.kept)
            .cloned()
            .collect();
        let leave: BTreeSet<String> = leave.into_iter().take(2).chain([OWN.to_owned()]).collect();
        let own = BTreeSet::from([OWN.to_owned()]);
        let afterwards = match action {
            "preserve" => Some(own.clone()),
            "remove-adobe-groups" => Some(BTreeSet::new()),
            _ => None,
        };
        self.know(
            "stranger@district.example",
            ["Strange", "One"],
            leave.clone(),
            afterwards,
        );
        let mut both = leave.clone();
        both.insert("Nowhere".to_owned());
        let mut afterwards = own;
        afterwards.insert("Nowhere".to_owned());
        let afterwards = if action == "preserve" {
            afterwards
        } else {
            both.clone()
        };
        self.know(
            "keeper@district.example",
            ["Strange", "Two"],
            both,
            Some(afterwards),
        );
    }

    fn know(
        &mut self,
        email: &str,
        [first, last]: [&str; 2],
        groups: BTreeSet<String>,
        afterwards: Option<BTreeSet<String>>,
    ) {
        let user = AdobeUser {
            email: email.to_owned(),
            first: first.to_owned(),
            last: last.to_owned(),
            identity_type: "federatedID",
            groups,
        };
        self.known.push(Known { user, afterwards });
    }

    /// Who is in what now.
    pub(super) fn found(world: &World) -> BTreeSet<Holder> {
        let accounts = world.adobe.users().into_iter();
        accounts
            .map(|account| (account.email.to_lowercase(), account.groups))
            .collect()
    }

    /// Who has to be in what after a pass.
    pub(super) fn wanted(&self) -> BTreeSet<Holder> {
        let known = self.known.iter();
        let mut wanted: BTreeMap<String, BTreeSet<String>> = known
            .filter_map(|known| Some((known.user.email.to_lowercase(), known.afterwards.clone()?)))
            .collect();
        for (email, groups) in &self.desired {
            if !self.is_refused(email) {
                wanted
                    .entry(email.clone())
                    .or_insert_with(|| groups.clone());
            }
        }
        wanted.into_iter().collect()
    }

    /// Who has to be called what after a pass that brings names up to date: an address, a first and a last name. A name
    /// that the roster does not tell, or that Adobe does not take, stays.
    pub(super) fn names(&self) -> BTreeSet<[String; 3]> {
        let counted = self.platform.in_force(&self.district, TODAY);
        let told = self.mapping.desired(&counted).into_iter();
        let told = told.filter(|user| self.desired.contains_key(&user.email));
        let mut told: BTreeMap<String, [String; 2]> = told
            .map(|user| (user.email, [user.first, user.last]))
            .collect();
        let known = self.known.iter().filter(|known| known.afterwards.is_some());
        for AdobeUser {
            email, first, last, ..
        } in known.map(|known| &known.user)
        {
            let names = told.entry(email.to_lowercase()).or_default();
            for (name, before) in names.iter_mut().zip([first, last]) {
                name.retain(|c| !c.is_control());
                if name.is_empty() || name.chars().count() > LONGEST_NAME {
                    name.clone_from(before);
                }
            }
        }
        told.into_iter()
            .filter(|(email, _)| !self.is_refused(email))
            .map(|(email, [first, last])| [email, first, last])
            .collect()
    }

    /// Whether Adobe makes no account for this address.
    pub(super) fn is_refused(&self, email: &str) -> bool {
        let email = email.to_lowercase();
        let has_none = !self
            .known
            .iter()
            .any(|known| known.user.email.eq_ignore_ascii_case(&email));
        has_none
            && self
                .planted
                .refused_by_adobe(&self.district)
                .contains(&email)
    }

    /// Every problem that there has to be.
    pub(super) fn wrong(&self) -> BTreeSet<Wrong> {
        let planted = &self.planted;
        let of = |name: &str, whom: &str| (name.to_owned(), whom.to_owned());
        let matters = |id: &&String| !self.groups(id).is_empty();
        let addressless = planted.without_email.iter().chain(&planted.bad_email);
        let addressless = addressless
            .filter(matters)
            .map(|id| of("email-unusable", id));
        let unreadable = planted.unreadable.iter().map(|id| of("record-skipped", id));
        let without_id = planted.without_id.iter().map(|_| of("record-skipped", ""));
        let unknown = planted.unknown.iter().map(|id| of("member-unknown", id));
        let long_named = planted.long_named.iter().filter(matters);
        let long_named = long_named.map(|id| of("name-unusable", id));
        let refused = self.desired.keys().filter(|email| self.is_refused(email));
        addressless
            .chain(unreadable)
            .chain(without_id)
            .chain(unknown)
            .chain(long_named)
            .chain(refused.map(|email| of("command-failed", email)))
            .chain(self.shared().iter().map(|id| of("email-shared", id)))
            .collect()
    }

    /// The first of all who have an address, where it is not theirs alone.
    fn shared(&self) -> BTreeSet<String> {
        let counted = self.platform.in_force(&self.district, TODAY);
        let mut owners = BTreeMap::<String, BTreeSet<&String>>::new();
        for person in counted.students.iter().chain(&counted.teachers) {
            let email = address(person).filter(|_| !self.groups(&person.id).is_empty());
            if let Some(email) = email {
                owners.entry(email).or_default().insert(&person.id);
            }
        }
        let shared = owners.into_values().filter(|ids| ids.len() > 1);
        shared
            .filter_map(|ids| ids.first().copied().cloned())
            .collect()
    }
}
