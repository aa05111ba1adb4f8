//! Mappings over a district, and what they say Adobe should look like: worked out here a second time, in the plainest
//! way, so that the crate's answer can be compared with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use unicode_normalization::UnicodeNormalization as _;

use super::district::{District, Person};

/// Where a directory group looks for its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `schools`.
    Schools,
    /// `courses`.
    Courses,
    /// `sections`.
    Sections,
    /// `classes`: OneRoster's word for the same.
    Classes,
}

/// Whom of it a directory group means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// `students`.
    Students,
    /// `teachers`.
    Teachers,
    /// `users`.
    Users,
}

/// Every kind of directory group.
const ALL_KINDS: [(Kind, Who); 9] = [
    (Kind::Schools, Who::Students),
    (Kind::Courses, Who::Teachers),
    (Kind::Sections, Who::Users),
    (Kind::Schools, Who::Teachers),
    (Kind::Courses, Who::Users),
    (Kind::Sections, Who::Students),
    (Kind::Schools, Who::Users),
    (Kind::Courses, Who::Students),
    (Kind::Sections, Who::Teachers),
];

/// One entry of `directory_users.groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub kind: Kind,
    /// The name, which may belong to several schools, courses or sections.
    pub name: String,
    /// Who.
    pub who: Who,
    /// What they get.
    pub adobe_groups: Vec<String>,
}

/// `directory_users.groups`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(pub Vec<Entry>);

/// An account as it is, or should be, in Adobe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdobeUser {
    /// The address; unique, and lower-case where it comes from a district of ours.
    pub email: String,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// `federatedID`, `enterpriseID` or `adobeID`.
    pub identity_type: &'static str,
    /// User groups and product profiles.
    pub groups: BTreeSet<String>,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.word();
        let who = match self.who {
            Who::Students => "students",
            Who::Teachers => "teachers",
            Who::Users => "users",
        };
        write!(f, "{kind}::{}::{who}", self.name)
    }
}

impl Entry {
    /// Of `kind::name::who` and the Adobe groups.
    pub fn new(kind: Kind, name: &str, who: Who, adobe_groups: &[&str]) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            who,
            adobe_groups: adobe_groups.iter().map(|&group| group.to_owned()).collect(),
        }
    }

    /// The ids of the people it means, pupils and teachers apart.
    pub fn members<'a>(&self, district: &'a District) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
        let (students, teachers) = match self.kind {
            Kind::Schools => self.of_schools(district),
            Kind::Courses | Kind::Sections | Kind::Classes => self.of_sections(district),
        };
        match self.who {
            Who::Students => (students, BTreeSet::new()),
            Who::Teachers => (BTreeSet::new(), teachers),
            Who::Users => (students, teachers),
        }
    }

    fn of_schools<'a>(&self, district: &'a District) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
        let schools = district.schools.iter();
        let named: BTreeSet<&String> = schools
            .filter(|school| self.is_named(&school.name))
            .map(|school| &school.id)
            .collect();
        let at = |people: &'a [Person]| {
            let there = people
                .iter()
                .filter(|person| person.schools.iter().any(|school| named.contains(school)));
            there.map(|person| person.id.as_str()).collect()
        };
        (at(&district.students), at(&district.teachers))
    }

    fn of_sections<'a>(&self, district: &'a District) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
        let courses = district.courses.iter();
        let named: BTreeSet<&String> = courses
            .filter(|course| self.is_named(&course.name))
            .map(|course| &course.id)
            .collect();
        let (mut students, mut teachers) = (BTreeSet::new(), BTreeSet::new());
        for section in &district.sections {
            let meant = match self.kind {
                Kind::Courses => section.course.as_ref().is_some_and(|id| named.contains(id)),
                _ => self.is_named(&section.name),
            };
            if meant {
                students.extend(section.students.iter().map(String::as_str));
                teachers.extend(section.teachers.iter().map(String::as_str));
            }
        }
        (students, teachers)
    }

    fn is_named(&self, name: &str) -> bool {
        plain(name) == plain(&self.name)
    }
}

impl Mapping {
    /// The mapping of `infra/config/user-sync-config.yml`.
    pub fn example() -> Self {
        use Kind::{Courses, Schools, Sections};
        use Who::{Students, Teachers, Users};
        let staff = &["Pro DC", "Staff"];
        Self(vec![
            Entry::new(Courses, "Class 001, Homeroom", Students, &["Spark"]),
            Entry::new(Courses, "Studio Art", Students, &["All Apps", "Photoshop"]),
            Entry::new(
                Sections,
                "Class 003, Homeroom - Stark - 0",
                Users,
                &["Spark"],
            ),
            Entry::new(Sections, "Econ 101 - Period 2", Students, &["All Apps"]),
            Entry::new(Schools, "Harbor Elementary School", Students, &["Spark"]),
            Entry::new(Schools, "Rockaway Beach Middle School", Teachers, staff),
            Entry::new(Schools, "Alder Creek High School", Teachers, staff),
        ])
    }

    /// `count` directory groups of all kinds, each different, over schools, courses and sections in turn. Every one
    /// feeds a product profile, which several may share; every third one feeds a user group, too.
    ///
    /// # Panics
    /// Where the district has not enough schools, courses or sections.
    pub fn over(district: &District, count: usize) -> Self {
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        let mut entries: Vec<Entry> = Vec::new();
        let (mut number, mut in_vain) = (0, 0);
        while entries.len() < count {
            let (kind, who) = ALL_KINDS[number % ALL_KINDS.len()];
            let taken = names.entry(kind.word()).or_default();
            let name = kind.name(district, *taken);
            *taken += 1;
            number += 1;
            let mut entry = Entry::new(kind, name, who, &[]);
            if entries
                .iter()
                .any(|known| known.to_string() == entry.to_string())
            {
                in_vain += 1;
                assert!(
                    in_vain < 10_000,
                    "the district is too small for {count} directory groups"
                );
                continue;
            }
            let place = entries.len();
            entry
                .adobe_groups
                .push(format!("Profile {:02}", place / 2 + 1));
            if place.is_multiple_of(3) {
                entry
                    .adobe_groups
                    .push(format!("Group {:02}, {}", place / 3 + 1, kind.word()));
            }
            entries.push(entry);
        }
        Self(entries)
    }

    /// The Adobe groups of everybody in a directory group, by id, whether or not there is a record of the person.
    pub fn groups<'a>(&'a self, district: &'a District) -> BTreeMap<&'a str, BTreeSet<&'a String>> {
        let mut groups: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
        for entry in &self.0 {
            let (students, teachers) = entry.members(district);
            for id in students.union(&teachers) {
                groups.entry(id).or_default().extend(&entry.adobe_groups);
            }
        }
        groups
    }

    /// Every Adobe group that the mapping names.
    pub fn adobe_groups(&self) -> BTreeSet<String> {
        self.0
            .iter()
            .flat_map(|entry| entry.adobe_groups.clone())
            .collect()
    }

    /// The list below `groups:`, indented by four.
    pub fn yaml(&self) -> String {
        let mut yaml = String::new();
        for entry in &self.0 {
            writeln!(
                yaml,
                "    - directory_group: {}",
                quoted(&entry.to_string())
            )
            .expect("it is a String");
            writeln!(yaml, "      adobe_groups:").expect("it is a String");
            for group in &entry.adobe_groups {
                writeln!(yaml, "        - {}", quoted(group)).expect("it is a String");
            }
        }
        yaml
    }

    /// The same with OneRoster's word for sections.
    #[must_use]
    pub fn of_classes(mut self) -> Self {
        for entry in &mut self.0 {
            if entry.kind == Kind::Sections {
                entry.kind = Kind::Classes;
            }
        }
        self
    }

    /// Everybody in a mapped group, with the groups that they should have, by address. Whoever has no address that Adobe
    /// takes is left out; of several people with one address the first by id gives the names.
    pub fn desired(&self, district: &District) -> Vec<AdobeUser> {
        let students = district.students.iter();
        let people: BTreeMap<&str, &Person> = students
            .chain(&district.teachers)
            .map(|person| (person.id.as_str(), person))
            .collect();
        let mut desired: BTreeMap<String, AdobeUser> = BTreeMap::new();
        for (id, groups) in self.groups(district) {
            let Some(person) = people.get(id) else {
                continue;
            };
            let Some(email) = address(person) else {
                continue;
            };
            let user = desired
                .entry(email)
                .or_insert_with_key(|email| AdobeUser::federated(person, email));
            user.groups.extend(groups.into_iter().cloned());
        }
        desired.into_values().collect()
    }
}

/// How names and addresses are compared.
fn plain(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase()
}

/// Somebody's address in the form that is compared, where Adobe can take it for a new account.
pub fn address(person: &Person) -> Option<String> {
    let email = plain(person.email.as_deref()?);
    let (local, domain) = email.split_once('@')?;
    let bad = |c: char| c.is_whitespace() || c.is_control() || "<>(),;:\"[]\\@".contains(c);
    let good = !local.is_empty()
        && !local.contains(bad)
        && !domain.contains(bad)
        && domain.split('.').count() > 1
        && domain.split('.').all(|label| !label.is_empty())
        && email.chars().count() <= 60;
    good.then_some(email)
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Schools => "schools",
            Self::Courses => "courses",
            Self::Sections => "sections",
            Self::Classes => "classes",
        }
    }

    /// The name of the object in that place, round and round.
    fn name(self, district: &District, place: usize) -> &str {
        match self {
            Self::Schools => &district.schools[place % district.schools.len()].name,
            Self::Courses => &district.courses[place % district.courses.len()].name,
            Self::Sections | Self::Classes => {
                &district.sections[place % district.sections.len()].name
            }
        }
    }
}

impl AdobeUser {
    fn federated(person: &Person, email: &str) -> Self {
        Self {
            email: email.to_owned(),
            first: person.first.trim().to_owned(),
            last: person.last.trim().to_owned(),
            identity_type: "federatedID",
            groups: BTreeSet::new(),
        }
    }
}

/// Every JSON string is a YAML string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
