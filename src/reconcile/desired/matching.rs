//! Which objects of the roster a directory group means, and who is in them. As in UST's connector, names are equal
//! after trimming and lower-casing, any listed attribute will do, and all objects that match count.

use std::collections::{BTreeMap, BTreeSet};

use super::Unmatched;
use super::attributes;
use super::calendar::{Calendar, Membership};
use super::mapping::{self, Mapping};
use super::members::{Members, roles};
use super::scoped::{self, is_scoped};
use crate::config::options::Options;
use crate::config::{Config, MappingEntry};
use crate::model::id::{RosterId, fold};
use crate::model::matching::{TITLES, canonical, text};
use crate::model::roster::{Attributes, Collection, Group, Roster};
use crate::reconcile::problem::{Problem, ProblemName};

/// How alike two names are that somebody could have mistaken for each other (Jaro-Winkler, 1 is equal).
const ALIKE: f64 = 0.85;

/// What became of the directory groups that were read.
#[derive(Debug, Default)]
pub(super) struct Matched<'r> {
    /// How everybody stands in the directory groups that have a way to them, today or on other days, also of people whose
    /// record is missing. Most people are in a few, and there are many people.
    memberships: BTreeMap<&'r RosterId, Vec<(&'r str, Membership<'r>)>>,
    /// The directory groups that were read and match at least one object.
    pub(super) found: Vec<&'r MappingEntry>,
    pub(super) unmatched: Vec<Unmatched>,
    pub(super) problems: Vec<Problem>,
    pub(super) notices: Vec<String>,
}

impl<'r> Matched<'r> {
    /// One more way of somebody into a directory group.
    fn take(&mut self, person: &'r RosterId, group: &'r str, membership: Membership<'r>) {
        let new = || Vec::with_capacity(1);
        let groups = self.memberships.entry(person).or_insert_with(new);
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, known)) => known.and(&membership),
            None => groups.push((group, membership)),
        }
    }

    /// The memberships of somebody, each with its directory group.
    pub(super) fn of(&self, person: &RosterId) -> impl Iterator<Item = (&'r str, &Membership<'r>)> {
        let all = self.memberships.get(person).into_iter().flatten();
        all.map(|(group, membership)| (*group, membership))
    }
}

/// The attributes that the source has to keep for this entry.
pub(super) fn asked_attributes(entry: &MappingEntry, config: &Config) -> BTreeSet<String> {
    let mut asked: BTreeSet<String> = listed_attributes(entry, config)
        .iter()
        .map(|name| fold(name))
        .collect();
    if asked.iter().any(|name| TITLES.contains(&name.as_str())) {
        asked.extend(TITLES.map(str::to_owned));
    }
    asked
}

/// Matches every directory group that is read.
pub(super) fn matched<'r>(
    roster: &'r Roster,
    config: &'r Config,
    options: &'r Options,
    mapping: &Mapping<'_>,
    calendar: &Calendar<'r>,
) -> Matched<'r> {
    let status = config.dates.status;
    let members = Members::new(roster);
    let mut indexes = BTreeMap::<Collection, Index<'_>>::new();
    let mut unknown = BTreeSet::new();
    let mut matched = Matched::default();
    for entry in mapping::entries_read(config, options) {
        let index = indexes
            .entry(entry.collection)
            .or_insert_with(|| Index::new(objects(roster, entry.collection), status));
        let attributes = listed_attributes(entry, config);
        unknown.extend(unknown_attributes(entry.collection, attributes, roster));
        let objects = index.find(attributes, &entry.name);
        for object in index.find_past(attributes, &entry.name) {
            let is_active = objects.contains(object);
            for path in members.of(entry.collection, object, roles(entry.user_filter)) {
                let membership = calendar.membership(path, is_active);
                matched.take(path.person, &entry.directory_group, membership);
            }
        }
        let nobody = is_scoped(config)
            && objects
                .iter()
                .any(|source| scoped::has_nobody(roster, source));
        if objects.is_empty() || nobody {
            let unmatched = unmatched(entry, index, attributes, mapping, nobody);
            matched.unmatched.push(unmatched);
        }
        if !objects.is_empty() {
            matched.found.push(entry);
        }
    }
    if status {
        matched.notices.extend(inactive(roster));
    }
    matched.problems = unknown
        .into_iter()
        .map(|(collection, name)| attribute_unknown(collection, &name, roster))
        .collect();
    matched
}

/// Why a directory group brings nobody, or not everybody.
fn unmatched(
    entry: &MappingEntry,
    index: &Index<'_>,
    attributes: &[String],
    mapping: &Mapping<'_>,
    nobody: bool,
) -> Unmatched {
    Unmatched {
        directory_group: entry.directory_group.clone(),
        collection: entry.collection,
        adobe_groups: mapping.feeds(&entry.directory_group).collect(),
        selects: mapping.selects(&entry.directory_group),
        nearest: index.nearest(attributes, &entry.name),
        inactive: !nobody && !index.find_past(attributes, &entry.name).is_empty(),
        nobody,
    }
}

pub(super) fn listed_attributes<'a>(entry: &'a MappingEntry, config: &'a Config) -> &'a [String] {
    match &entry.match_by {
        Some(name) => std::slice::from_ref(name),
        None => &config.source.match_groups_by,
    }
}

/// An object of a collection: its id, whether it is active, what matching asks for.
type Object<'r> = (&'r RosterId, bool, &'r Attributes);

fn objects(roster: &Roster, collection: Collection) -> Box<dyn Iterator<Item = Object<'_>> + '_> {
    match collection {
        Collection::Schools => Box::new(roster.schools.values().map(of_group)),
        Collection::Courses => Box::new(roster.courses.values().map(of_group)),
        Collection::Classes => {
            let classes = roster.classes.values();
            Box::new(classes.map(|class| (&class.id, class.active, &class.attributes)))
        }
    }
}

fn of_group(group: &Group) -> Object<'_> {
    (&group.id, group.active, &group.attributes)
}

/// How much of the roster does not count because it is not active, people aside.
fn inactive(roster: &Roster) -> Option<String> {
    let of = |collection| {
        objects(roster, collection)
            .filter(|(_, active, _)| !active)
            .count()
    };
    let members = roster.classes.values().flat_map(|class| &class.members);
    let counts = [
        (of(Collection::Schools), "schools"),
        (of(Collection::Courses), "courses"),
        (of(Collection::Classes), "classes"),
        (
            members.filter(|member| !member.active).count(),
            "enrollments",
        ),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, what)| format!("{what}: {count}"))
        .collect();
    (!counts.is_empty()).then(|| {
        format!(
            "Not active, and so as if they were not in the roster (dates.status in user-sync-config.yml): {}.",
            counts.join(", ")
        )
    })
}

/// The objects of one collection by attribute and folded text, so that each is looked at once.
#[derive(Debug, Default)]
struct Index<'r> {
    by_attribute: BTreeMap<String, BTreeMap<String, Texts<'r>>>,
}

/// The objects that carry one text, and how it is written.
#[derive(Debug)]
struct Texts<'r> {
    written: String,
    objects: BTreeSet<&'r RosterId>,
    /// Those that do not count.
    inactive: BTreeSet<&'r RosterId>,
}

impl<'r> Index<'r> {
    /// With `status`, what is not active is as if it were not there.
    fn new(objects: impl Iterator<Item = Object<'r>>, status: bool) -> Self {
        let mut index = Self::default();
        for (id, active, attributes) in objects {
            for (attribute, value) in attributes {
                let Some(written) = text(value) else { continue };
                let texts = index
                    .by_attribute
                    .entry(canonical(attribute))
                    .or_default()
                    .entry(fold(&written))
                    .or_insert_with(|| Texts {
                        written,
                        objects: BTreeSet::new(),
                        inactive: BTreeSet::new(),
                    });
                if active || !status {
                    texts.objects.insert(id);
                } else {
                    texts.inactive.insert(id);
                }
            }
        }
        index
    }

    fn texts(&self, attributes: &[String]) -> impl Iterator<Item = &BTreeMap<String, Texts<'r>>> {
        attributes
            .iter()
            .filter_map(|name| self.by_attribute.get(&canonical(name)))
    }

    fn named(&self, attributes: &[String], name: &str) -> impl Iterator<Item = &Texts<'r>> {
        let name = fold(name);
        self.texts(attributes)
            .filter_map(move |texts| texts.get(&name))
    }

    /// Every object that counts and of which any of the attributes is the name.
    fn find(&self, attributes: &[String], name: &str) -> BTreeSet<&'r RosterId> {
        let found = self.named(attributes, name);
        found
            .flat_map(|texts| texts.objects.iter().copied())
            .collect()
    }

    /// Those, and the ones that are not active any more.
    fn find_past(&self, attributes: &[String], name: &str) -> BTreeSet<&'r RosterId> {
        let found = self.named(attributes, name);
        let both = found.flat_map(|texts| texts.objects.iter().chain(&texts.inactive));
        both.copied().collect()
    }

    /// The name that was probably meant.
    fn nearest(&self, attributes: &[String], name: &str) -> Option<String> {
        let name = fold(name);
        self.texts(attributes)
            .flatten()
            .filter(|(_, texts)| !texts.objects.is_empty())
            .map(|(folded, texts)| (strsim::jaro_winkler(&name, folded), &texts.written))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| b.cmp(a)))
            .map(|(_, written)| written.clone())
    }
}

/// The listed attributes, if no object of the collection carries any of them. An empty collection tells nothing.
fn unknown_attributes(
    collection: Collection,
    attributes: &[String],
    roster: &Roster,
) -> Vec<(Collection, String)> {
    let Some(known) = roster.attribute_names.get(&collection) else {
        return Vec::new();
    };
    let known: BTreeSet<String> = known.iter().map(|name| canonical(name)).collect();
    let is_known = |name: &String| known.contains(&canonical(name));
    if objects(roster, collection).next().is_none() || attributes.iter().any(is_known) {
        return Vec::new();
    }
    attributes
        .iter()
        .map(|name| (collection, fold(name)))
        .collect()
}

fn attribute_unknown(collection: Collection, name: &str, roster: &Roster) -> Problem {
    let known = roster.attribute_names.get(&collection);
    let advice = attributes::nearest(name, known.into_iter().flatten());
    Problem {
        name: ProblemName::AttributeUnknown,
        email: None,
        roster_id: None,
        message: format!(
            "None of the {} of the roster has an attribute '{name}', so nothing can be matched by it{advice}. Correct \
             match_groups_by or the directory group that names it.",
            collection.as_str()
        ),
        refused: None,
    }
}
