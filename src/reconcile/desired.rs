//! What the mapping and the roster say Adobe should look like.

mod attributes;
mod calendar;
mod mapping;
mod matching;
mod members;
mod people;
mod scoped;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::ending::Ending;
use super::forecast::Forecast;
use super::history::Counts;
use super::problem::Problem;
use crate::config::Config;
use crate::config::options::{Options, Users};
use crate::model::id::{Country, Email, GroupName, UserKey, fold};
use crate::model::roster::{Collection, NeededGroup, Needs, Roster};
pub use attributes::unknown as unknown_attributes;
use calendar::Calendar;
use mapping::Mapping;
pub(super) use mapping::selects;
pub use scoped::{needs as scoped_needs, united};

/// Somebody of the roster as an Adobe account should be.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The address, in the roster's spelling.
    pub email: Email,
    /// The login name, where it is not the address.
    pub username: Option<String>,
    /// The domain of a login name that is not an address.
    pub domain: Option<String>,
    /// `None`: the roster does not say, so nothing is said to Adobe.
    pub first_name: Option<String>,
    /// `None`: the roster does not say, so nothing is said to Adobe.
    pub last_name: Option<String>,
    /// What the format says, else the configured default.
    pub country: Option<Country>,
    /// Whether the format says something that is no country, so that the default stands in.
    pub country_unusable: bool,
    /// Every directory group (as written in the mapping) that the person is a member of.
    pub directory_groups: BTreeSet<String>,
    /// Adobe groups, each with the directory groups that say so.
    pub groups: BTreeMap<GroupName, BTreeSet<String>>,
    /// Whether `users` selects the person. Who is read and not selected counts as absent, as in UST.
    pub selected: bool,
    /// Whether nothing but dates keeps `users` from selecting the person: such a person is not Adobe-only, and loses
    /// memberships, nothing else.
    pub lapsed: bool,
    /// Adobe groups that the person is not to have today, where a date has ended every membership that would give them.
    pub ended: BTreeMap<GroupName, Ending>,
    /// Login names and addresses of further people of the roster who are the same account.
    pub further_names: BTreeSet<UserKey>,
    /// Whether `user_filter` lets the pass touch the person. Whom it leaves out is there all the same.
    pub touched: bool,
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
    /// Where its object was looked for.
    pub collection: Collection,
    /// The Adobe groups that it feeds.
    pub adobe_groups: BTreeSet<GroupName>,
    /// Whether it decides who is selected: without it people look Adobe-only who are not.
    pub selects: bool,
    /// The nearest name that the roster has, where one is near.
    pub nearest: Option<String>,
    /// Whether an object matches and does not count, because it is not active.
    pub inactive: bool,
    /// Whether it is a product, and one of its sources has nobody.
    pub nobody: bool,
}

/// A person of the roster who could not be used: no e-mail address, an unknown identity type, an unreadable record, an
/// unknown member. Not gone. An unreadable school, course or class stands for the people in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Unusable {
    /// First and last name, where at least one is known; the other one is empty then.
    pub name: Option<(String, String)>,
    /// The address of the roster, whether or not Adobe would take it for a new account; an old one may have it.
    pub email: Option<Email>,
    /// The directory groups that the person is a member of, or could be where a record cannot tell.
    pub directory_groups: BTreeSet<String>,
    /// The Adobe groups that those feed.
    pub adobe_groups: BTreeSet<GroupName>,
    /// Whether one of the directory groups decides who is selected.
    pub selects: bool,
    /// Whether one of those feeds no Adobe group, so that nothing in Adobe shows who is in it.
    pub selects_unseen: bool,
    /// Whether the person may hold no managed group and is not gone: `users: all` selects them, or a directory group on
    /// another day.
    pub in_all: bool,
}

impl std::fmt::Debug for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unusable({:?})", self.adobe_groups)
    }
}

/// The roster as the rules see it.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// The day of the pass.
    pub today: Date,
    /// Everybody who was read and can be used.
    pub users: BTreeMap<UserKey, User>,
    /// The groups that the mapping names, in its spelling: the only ones from which anybody is ever removed.
    pub managed: BTreeSet<GroupName>,
    /// Login names and addresses of people whom the roster still lists and whose directory groups have ended: they lose
    /// memberships, nothing else.
    pub still_listed: BTreeSet<UserKey>,
    /// Directory groups that match nothing, in the order of the mapping.
    pub unmatched: Vec<Unmatched>,
    /// People who could not be used, by roster id.
    pub unusable: Vec<Unusable>,
    /// `max_user_count`, where it left somebody out: the rest only looks gone.
    pub limited_to: Option<u64>,
    /// The state of the district, where it is not `running`.
    pub district_not_running: Option<String>,
    /// How many people there are, dates aside.
    pub counts: Counts,
    /// What ends and begins in the days to come, by day and Adobe group.
    pub forecast: Vec<Forecast>,
    /// What was left out or is odd.
    pub problems: Vec<Problem>,
    /// Sentences for the summary.
    pub notices: Vec<String>,
}

/// What the roster source has to read: the attributes by which objects of the directory groups that matter are
/// matched, the roles of the people in them, and what formats and filters ask of people. Courses need classes, too; the
/// source knows that.
pub fn needs(config: &Config, options: &Options, today: Date) -> Needs {
    let mut needs = Needs::default();
    for entry in mapping::entries_read(config, options) {
        needs.groups.push(NeededGroup {
            collection: entry.collection,
            name: entry.name.clone(),
            attributes: matching::listed_attributes(entry, config).to_vec(),
            roles: members::roles(entry.user_filter).iter().copied().collect(),
        });
        needs
            .match_attributes
            .entry(entry.collection)
            .or_default()
            .extend(matching::asked_attributes(entry, config));
        needs.roles.extend(members::roles(entry.user_filter));
    }
    if options.users == Users::All {
        let all = members::roles(config.source.all_users_filter);
        needs.roles.extend(all);
        needs.everybody.extend(all);
    }
    let has_classes = needs
        .match_attributes
        .keys()
        .any(|collection| *collection != Collection::Schools);
    let dates = config.dates;
    needs.day = (dates.terms && dates.enrollments).then_some(today);
    needs.terms = config.dates.terms && has_classes;
    needs.person_attributes = attributes::asked(config);
    needs
}

/// Matches directory groups, collects their members of this day, and makes users of people.
pub fn desired(roster: &Roster, config: &Config, options: &Options, today: Date) -> Desired {
    let mapping = Mapping::new(config, options);
    let calendar = Calendar::new(roster, config.dates, today);
    let matched = matching::matched(roster, config, options, &mapping, &calendar);
    let people = people::people(roster, config, options, &mapping, &matched, &calendar);
    let mut problems = matched.problems;
    problems.extend(people.problems);
    let mut notices = roster.notices.clone();
    notices.extend(matched.notices);
    notices.extend(people.notices);
    Desired {
        today,
        counts: people.counts,
        forecast: people.forecast,
        users: people.users,
        managed: mapping.managed,
        still_listed: people.still_listed,
        unmatched: matched.unmatched,
        unusable: people.unusable,
        limited_to: people.limited_to,
        district_not_running: not_running(roster),
        problems,
        notices,
    }
}

/// The state of a district that does not share its data at the moment.
fn not_running(roster: &Roster) -> Option<String> {
    roster
        .district_state
        .as_deref()
        .filter(|state| !is_running(state))
        .map(fold)
}

/// A source that tells no state says nothing against its data.
fn is_running(state: &str) -> bool {
    matches!(fold(state).as_str(), "" | "running")
}
