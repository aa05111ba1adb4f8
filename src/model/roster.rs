//! Who is enrolled where, as the student information system shares it today.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;

use super::id::RosterId;
use super::period::Period;

/// Attribute values of a record by lower-case attribute name. Only those that matching asks for are kept.
pub type Attributes = BTreeMap<String, serde_json::Value>;

/// What a directory group can be: the three collections that a mapping addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Collection {
    /// Orgs of the type school.
    Schools,
    /// Courses; their members are those of their classes.
    Courses,
    /// Classes. Clever says sections.
    Classes,
}

impl Collection {
    /// The plural that configuration and reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schools => "schools",
            Self::Courses => "courses",
            Self::Classes => "classes",
        }
    }
}

/// What somebody is in a class or at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A pupil.
    Student,
    /// Any teacher of the class, co-teachers included.
    Teacher,
}

impl Role {
    /// The singular that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Teacher => "teacher",
        }
    }
}

/// A school or a course.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: RosterId,
    /// Whether its status is active; a source without a status says so of everything.
    pub active: bool,
    /// What matching asks for.
    pub attributes: Attributes,
}

/// One enrollment: who, as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: RosterId,
    /// As what.
    pub role: Role,
    /// Whether the enrollment's status is active.
    pub active: bool,
    /// The enrollment's own days; open on the sides that the source does not tell.
    pub period: Period,
}

/// A term, semester or school year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its id.
    pub id: RosterId,
    /// What people call it; absent where it is blank.
    pub title: Option<String>,
    /// Whether its status is active; a source without a status says so of everything.
    pub active: bool,
    /// Its days, as the source writes them: a side may be open, and they may be reversed.
    pub period: Period,
}

/// A role that somebody has for a time (`roles` of `OneRoster` 1.2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleAt {
    /// Which.
    pub role: Role,
    /// Where; absent where the source does not say.
    pub school: Option<RosterId>,
    /// When, as the source writes it.
    pub period: Period,
}

/// A class with its enrollments.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Its id.
    pub id: RosterId,
    /// Whether its status is active; a source without a status says so of everything.
    pub active: bool,
    /// The course it belongs to.
    pub course: Option<RosterId>,
    /// The terms it is held in; none where the source does not say.
    pub terms: BTreeSet<RosterId>,
    /// Who is enrolled, and as what; only roles that the needs name.
    pub members: Vec<Member>,
    /// What matching asks for.
    pub attributes: Attributes,
}

/// A pupil or a teacher.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The id that enrollments use.
    pub id: RosterId,
    /// Student, teacher, or both.
    pub roles: BTreeSet<Role>,
    /// The schools the person is shared with.
    pub schools: BTreeSet<RosterId>,
    /// The roles as far as the source tells when they are held: every entry of a source that knows such dates, dated or
    /// not. A role that has no entry here is held at any time.
    pub roles_at: BTreeSet<RoleAt>,
    /// The e-mail address as the source writes it; absent where it is blank.
    pub email: Option<String>,
    /// Absent where it is blank.
    pub given_name: Option<String>,
    /// Absent where it is blank.
    pub family_name: Option<String>,
    /// Texts of the further attributes that [`Needs::person_attributes`] asks for, by lower-case name: of a list all, of
    /// a single value one. What is blank is not there.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Whether the record's status is active; a source without a status says so of everybody.
    pub active: bool,
    /// Whether the person may sign in (`OneRoster`'s `enabledUser`); so is everybody of whom a source does not say.
    pub enabled: bool,
}

/// Masked: all of it is personal data.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({:?})", self.roles)
    }
}

/// What the source needs to read, so that it reads and keeps nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// The collections whose objects are matched by attribute.
    pub match_attributes: BTreeMap<Collection, BTreeSet<String>>,
    /// Whether any group or filter asks for people of this role.
    pub roles: BTreeSet<Role>,
    /// The roles of which everybody is needed, member of a directory group or not.
    pub everybody: BTreeSet<Role>,
    /// The directory groups whose members are needed.
    pub groups: Vec<NeededGroup>,
    /// Whether the terms of classes are needed.
    pub terms: bool,
    /// The day of the pass, where dates count: of classes and enrollments that do not include it, people may be missing.
    pub day: Option<Date>,
    /// What formats and filters ask of people besides `email`, `givenName` and `familyName`; lower-case names.
    pub person_attributes: BTreeSet<String>,
}

/// A directory group, as far as a source has to know it to read its members and nobody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededGroup {
    /// Where its object is looked for.
    pub collection: Collection,
    /// The folded name that one of the attributes must have.
    pub name: String,
    /// Lower-case attribute names; any of them may match. `title` and `name` mean what the collection calls its objects.
    pub attributes: Vec<String>,
    /// People of which roles.
    pub roles: BTreeSet<Role>,
}

/// A record that the source could not make sense of, left out of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRecord {
    /// The collection it came from, as the source names it.
    pub collection: &'static str,
    /// Its id, where it had one.
    pub id: Option<RosterId>,
    /// What is wrong with it, without personal data.
    pub reason: String,
}

/// Somebody whom a class names and no page of people held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnknownMember {
    /// The class.
    pub class: RosterId,
    /// The person.
    pub person: RosterId,
    /// As what the class names the person.
    pub role: Role,
}

/// Everything a source has read, not yet shown to be whole.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Schools, where needed.
    pub schools: Vec<Group>,
    /// Courses, where needed.
    pub courses: Vec<Group>,
    /// Classes with their members, where needed.
    pub classes: Vec<Class>,
    /// Everybody of the needed roles.
    pub people: Vec<Person>,
    /// The terms, where needed and shared.
    pub terms: Vec<Term>,
    /// See [`Needs::day`].
    pub day: Option<Date>,
    /// The attribute names that at least one object of the collection carries, as the source writes them.
    pub attribute_names: BTreeMap<Collection, BTreeSet<String>>,
    /// The attribute names that at least one person carries, blank or not, as the source writes them.
    pub person_attribute_names: BTreeSet<String>,
    /// Records that were left out.
    pub skipped: Vec<SkippedRecord>,
    /// The state of the district where the source tells one (Clever: running, pending, error, paused).
    pub district_state: Option<String>,
    /// What could not be learnt, each a sentence for the summary.
    pub notices: Vec<String>,
}

/// A roster that was shown to be whole: the only kind the rules accept.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Roster {
    /// Schools by id.
    pub schools: BTreeMap<RosterId, Group>,
    /// Courses by id.
    pub courses: BTreeMap<RosterId, Group>,
    /// Classes by id. A member may be missing from `people`: skipped, or unknown.
    pub classes: BTreeMap<RosterId, Class>,
    /// People by id.
    pub people: BTreeMap<RosterId, Person>,
    /// Terms by id. A class may name one that is not there.
    pub terms: BTreeMap<RosterId, Term>,
    /// See [`Parts::attribute_names`].
    pub attribute_names: BTreeMap<Collection, BTreeSet<String>>,
    /// See [`Parts::person_attribute_names`].
    pub person_attribute_names: BTreeSet<String>,
    /// See [`Parts::skipped`].
    pub skipped: Vec<SkippedRecord>,
    /// Of active members at most one in a hundred, else there is no roster.
    pub unknown_members: Vec<UnknownMember>,
    /// See [`Parts::district_state`].
    pub district_state: Option<String>,
    /// See [`Parts::notices`].
    pub notices: Vec<String>,
}

/// Why what was read is not a whole roster.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    /// More than 1 % of the members of classes are people whom no page of people held.
    #[error(
        "{unknown} of {members} members of classes are people whom no page of people held; more than 1 % means that people are missing"
    )]
    UnknownMembers {
        /// Members that no page held.
        unknown: usize,
        /// All members.
        members: usize,
    },
}

impl Roster {
    /// Proves that the parts fit together. A member whose record was read and skipped is not unknown.
    ///
    /// # Errors
    /// [`Incomplete`] where people are missing.
    pub fn whole(parts: Parts) -> Result<Self, Incomplete> {
        let Parts {
            schools,
            courses,
            classes,
            people,
            terms,
            day,
            attribute_names,
            person_attribute_names,
            skipped,
            district_state,
            notices,
        } = parts;
        let people = rows::people(people);
        let terms = rows::terms(terms);
        let counts = |class: &Class, member: &Member| {
            member.active && day.is_none_or(|day| includes(class, member, &terms, day))
        };
        let unknown_members = unknown_members(&classes, &people, &skipped, counts);
        let of_class = |class: &Class| {
            let members = class.members.iter();
            let members = members.filter(|member| counts(class, member));
            // Whoever has several enrollments in a class is one member of it.
            let members: BTreeSet<_> = members
                .map(|member| (&member.person, member.role))
                .collect();
            members.len()
        };
        let members = classes.iter().map(of_class).sum();
        // Of an enrollment that is not active any more, or over, nothing is missing where the person is gone, too.
        let unknown = unknown_members.values().filter(|counts| **counts).count();
        if unknown * 100 > members {
            return Err(Incomplete::UnknownMembers { unknown, members });
        }
        Ok(Self {
            schools: rows::groups(schools),
            courses: rows::groups(courses),
            classes: rows::classes(classes),
            people,
            terms,
            attribute_names,
            person_attribute_names,
            skipped,
            unknown_members: unknown_members.into_keys().collect(),
            district_state,
            notices,
        })
    }
}

/// Whether the enrollment and the terms of the class include the day, or say nothing.
fn includes(class: &Class, member: &Member, terms: &BTreeMap<RosterId, Term>, day: Date) -> bool {
    let includes = |id: &RosterId| terms.get(id).is_none_or(|term| term.period.includes(day));
    member.period.includes(day) && (class.terms.is_empty() || class.terms.iter().any(includes))
}

/// Everybody whom a class names and nobody has a record of, readable or not, each with whether such an enrollment
/// counts.
fn unknown_members(
    classes: &[Class],
    people: &BTreeMap<RosterId, Person>,
    skipped: &[SkippedRecord],
    counts: impl Fn(&Class, &Member) -> bool,
) -> BTreeMap<UnknownMember, bool> {
    let unreadable: BTreeSet<&RosterId> = skipped
        .iter()
        .filter(|record| matches!(record.collection, "students" | "teachers" | "users"))
        .filter_map(|record| record.id.as_ref())
        .collect();
    let mut unknown = BTreeMap::new();
    for class in classes {
        let members = class.members.iter().filter(|member| {
            !people.contains_key(&member.person) && !unreadable.contains(&member.person)
        });
        for member in members {
            let known = UnknownMember {
                class: class.id.clone(),
                person: member.person.clone(),
                role: member.role,
            };
            *unknown.entry(known).or_default() |= counts(class, member);
        }
    }
    unknown
}
