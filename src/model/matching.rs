//! When an object of the roster is what a directory group means: the one rule for those who read and those who decide.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::id::fold;
use super::roster::{Attributes, Collection, NeededGroup, Role};

/// What an object is called: classes and courses have a title in `OneRoster` and a name in Clever. Either word asks
/// for both.
pub const TITLES: [&str; 2] = ["name", "title"];

/// The directory groups of one collection, by what their objects must have. Each object is looked at once, however many
/// groups there are.
#[derive(Debug, Default)]
pub struct Matcher(BTreeMap<(String, String), BTreeSet<Role>>);

impl Matcher {
    /// Of the groups of this collection.
    pub fn new(groups: &[NeededGroup], collection: Collection) -> Self {
        let mut matcher = Self::default();
        for group in groups.iter().filter(|group| group.collection == collection) {
            for attribute in &group.attributes {
                let key = (canonical(attribute), fold(&group.name));
                matcher.0.entry(key).or_default().extend(&group.roles);
            }
        }
        matcher
    }

    /// People of which roles are needed of an object: of every group that any of its attributes names. `None` where no
    /// group means the object.
    pub fn roles(&self, attributes: &Attributes) -> Option<BTreeSet<Role>> {
        let mut matched = attributes.iter().filter_map(|(attribute, value)| {
            let key = (canonical(attribute), fold(&text(value)?));
            self.0.get(&key)
        });
        let first = matched.next()?.clone();
        Some(matched.fold(first, |mut roles, more| {
            roles.extend(more);
            roles
        }))
    }
}

/// One name for `title` and `name`, folded.
pub fn canonical(attribute: &str) -> String {
    let folded = fold(attribute);
    if TITLES.contains(&folded.as_str()) {
        TITLES.concat()
    } else {
        folded
    }
}

/// The text by which a value is matched; null, lists and objects have none.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn group(name: &str, by: &[&str], role: Role) -> NeededGroup {
        NeededGroup {
            collection: Collection::Classes,
            name: fold(name),
            attributes: by.iter().map(|name| (*name).to_owned()).collect(),
            roles: BTreeSet::from([role]),
        }
    }

    fn matches(name: &str, by: &[&str], attributes: Value) -> bool {
        let matcher = Matcher::new(&[group(name, by, Role::Student)], Collection::Classes);
        let attributes = serde_json::from_value(attributes).unwrap();
        matcher.roles(&attributes).is_some()
    }

    #[test]
    fn any_listed_attribute_will_do_without_regard_to_case() {
        let title = json!({"title": " art 1 "});
        assert!(matches("ART 1", &["sourcedid", "title"], title.clone()));
        assert!(matches("art 1", &["name"], title.clone()));
        assert!(matches("17", &["sourcedid"], json!({"sourcedid": 17})));
        assert!(!matches("art", &["title"], title.clone()));
        assert!(!matches("art 1", &["classcode"], title));
        assert!(!matches("art 1", &["title"], json!({"title": ["art 1"]})));
    }

    #[test]
    fn an_object_of_several_groups_is_needed_with_the_roles_of_all() {
        let groups = [
            group("art", &["title"], Role::Student),
            group("a-1", &["classcode"], Role::Teacher),
        ];
        let attributes = json!({"title": "Art", "classcode": "A-1"});
        let attributes = serde_json::from_value(attributes).unwrap();
        let roles = Matcher::new(&groups, Collection::Classes).roles(&attributes);
        assert_eq!(roles, Some(BTreeSet::from([Role::Student, Role::Teacher])));
        let schools = Matcher::new(&groups, Collection::Schools);
        assert_eq!(schools.roles(&attributes), None);
    }
}
