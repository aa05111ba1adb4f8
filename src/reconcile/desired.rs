//! What the mapping and the roster say Adobe should look like.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::Problem;
use crate::config::Config;
use crate::config::options::Options;
use crate::model::id::{Country, Email, GroupName, UserKey};
use crate::model::roster::{Needs, Roster};

/// Somebody of the roster as an Adobe account should be.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The address, in the roster's spelling.
    pub email: Email,
    /// `None`: the roster does not say, so nothing is said to Adobe.
    pub first_name: Option<String>,
    /// `None`: the roster does not say, so nothing is said to Adobe.
    pub last_name: Option<String>,
    /// The configured default, as no roster knows a country.
    pub country: Option<Country>,
    /// Every directory group (as written in the mapping) that the person is a member of.
    pub directory_groups: BTreeSet<String>,
    /// Adobe groups, each with the directory groups that say so.
    pub groups: BTreeMap<GroupName, BTreeSet<String>>,
    /// Whether `users` selects the person. Who is read and not selected counts as absent, as in UST.
    pub selected: bool,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "User({:?}, {:?})",
            self.groups.keys(),
            self.directory_groups
        )
    }
}

/// A directory group that matches no object of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// As written in the mapping.
    pub directory_group: String,
    /// The Adobe groups that it feeds.
    pub adobe_groups: BTreeSet<GroupName>,
}

/// A person of the roster who could not be used: no e-mail address, an unreadable record, an unknown member. Not gone.
#[derive(Clone, PartialEq, Eq)]
pub struct Unusable {
    /// First and last name, where at least one is known.
    pub name: Option<(String, String)>,
    /// The directory groups that the person is a member of.
    pub directory_groups: BTreeSet<String>,
    /// The Adobe groups that those feed.
    pub adobe_groups: BTreeSet<GroupName>,
}

impl std::fmt::Debug for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unusable({:?})", self.adobe_groups)
    }
}

/// The roster as the rules see it.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// Everybody who was read and can be used.
    pub users: BTreeMap<UserKey, User>,
    /// The groups that the mapping names, in its spelling: the only ones from which anybody is ever removed.
    pub managed: BTreeSet<GroupName>,
    /// Directory groups that match nothing.
    pub unmatched: Vec<Unmatched>,
    /// People who could not be used.
    pub unusable: Vec<Unusable>,
    /// `max_user_count`, where it is set: the rest only looks gone.
    pub limited_to: Option<u64>,
    /// The state of the district, where it is not `running`.
    pub district_not_running: Option<String>,
    /// What was left out or is odd.
    pub problems: Vec<Problem>,
    /// Sentences for the summary.
    pub notices: Vec<String>,
}

/// What the roster source has to read.
pub fn needs(config: &Config, options: &Options) -> Needs {
    let _ = (config, options);
    todo!()
}

/// Matches directory groups, collects their members, and makes users of people.
pub fn desired(roster: &Roster, config: &Config, options: &Options) -> Desired {
    let _ = (roster, config, options);
    todo!()
}
