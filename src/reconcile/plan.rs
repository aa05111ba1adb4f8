//! What must happen to whom.

mod change;
mod diff;
mod leaving;
mod listed;
mod new_groups;
mod pairing;
mod problems;
mod protected;
mod reach;
mod unseen;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::desired::{Desired, Unusable};
use super::forecast::Forecast;
use super::known::Known;
use super::problem::Problem;
use crate::config::Config;
use crate::config::options::{AdobeOnlyUserAction, AdobeUsers, Options, Strategy};
use crate::model::directory::{self, Directory, Scope};
use crate::model::id::{Email, GroupName, UserKey};
pub use change::{Change, Kind, Removal};
use diff::Rules;
pub use leaving::Waiting;
use pairing::{Pairing, Standing};
use problems::{admin_of_other_name, group_unread, login_taken, person_of_unread_group};

/// The size of things, with the meaning of UST's Action Summary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sizes {
    /// People read from the roster who can be used, by key.
    pub directory_users_read: usize,
    /// Those whom `users` selects and `user_filter` lets the pass touch.
    pub directory_users_selected: usize,
    /// Accounts read from Adobe.
    pub adobe_users_read: usize,
    /// Accounts that `adobe_users.exclude_*` leaves alone, and with `exclude` the Adobe-only ones.
    pub adobe_users_excluded: usize,
    /// Adobe-only accounts, whether or not they have something to lose; of a list, its entries.
    pub adobe_only_users: usize,
    /// Those of them who keep what the action would take: admins, people whom the roster still lists, and of a list whom
    /// Adobe does not have or nothing may touch. They lose single groups at most.
    pub adobe_only_spared: usize,
    /// Accounts that hold a managed group and are not excluded.
    pub managed_people: usize,
    /// Selected people who have an account of their identity type.
    pub found: usize,
    /// Those who have none, and an account of another type under their address.
    pub found_elsewhere: usize,
}

/// What must happen to all, in the order in which it is sent: creations and changes that add; changes that only
/// remove; Adobe-only people. Within each by address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// User groups to make before anything else, by name; the groups of the mapping that Adobe does not have, with
    /// `auto_create`.
    pub new_groups: Vec<GroupName>,
    /// No empty ones.
    pub changes: Vec<Change>,
    /// Everybody who is in Adobe only, by key, whatever happens to them: what `write-file` lists.
    pub adobe_only: Vec<UserKey>,
    /// Addresses of people who could not be used and have an account all the same: it can only be theirs.
    pub found_unusable: BTreeSet<Email>,
    /// People of the roster who are there, and whose accounts cannot be told, as their address is somebody else's.
    #[serde(skip)]
    pub unplaced: Vec<Unusable>,
    /// How many there are of what.
    pub sizes: Sizes,
    /// What was compared with what.
    pub strategy: Strategy,
    /// Managed members of each managed group that has any, before the pass: who is not excluded.
    pub members: BTreeMap<GroupName, usize>,
    /// Adobe-only people whom grace lets keep something.
    pub waiting: Vec<Waiting>,
    /// Adobe-only accounts, for the memory of passes, where there is grace; as [`Self::adobe_only`], with `exclude`, too.
    pub gone: Vec<UserKey>,
    /// Accounts that were remembered as Adobe-only and are not any more.
    pub returned: Vec<UserKey>,
    /// What ends and begins in the days to come.
    pub forecast: Vec<Forecast>,
    /// Whether Adobe-only people are dealt with at all (not with `exclude`, nor with `preserve` without groups).
    pub handles_adobe_only: bool,
    /// What was left out or is odd, those of [`Desired`] included.
    pub problems: Vec<Problem>,
    /// Sentences for the summary.
    pub notices: Vec<String>,
}

/// Which accounts the plan has to know (`adobe_users`), and who must not be touched: with single groups, the members of
/// the excluded ones, too, as they would look new.
pub fn scope(desired: &Desired, config: &Config, options: &Options) -> Scope {
    match asked(desired, options) {
        None => Scope::Everybody,
        Some(groups) => Scope::Members(groups.union(&config.exclusions.groups).cloned().collect()),
    }
}

/// The groups whose members are compared; `None` is everybody.
fn asked<'a>(desired: &'a Desired, options: &'a Options) -> Option<&'a BTreeSet<GroupName>> {
    match &options.adobe_users {
        AdobeUsers::All => None,
        AdobeUsers::Mapped => Some(&desired.managed),
        AdobeUsers::Groups(groups) => Some(groups),
    }
}

/// Whether `auto_create` needs the list of Adobe's groups: some managed group is held by no account.
pub fn groups_to_look_up(
    desired: &Desired,
    directory: &Directory,
    config: &Config,
    options: &Options,
) -> bool {
    !new_groups::held_by_nobody(desired, directory, config, options).is_empty()
}

/// Compares both sides as UST's rule engine does (`user_sync/rules.py`), but for the differences that README lists.
/// With strategy push nothing is compared: everything is said for everybody, whatever the directory holds.
/// `known` is what earlier passes remember of single accounts.
pub fn plan(
    desired: &Desired,
    directory: &Directory,
    config: &Config,
    options: &Options,
    known: &Known,
) -> Plan {
    let protected = &config.exclusions.protected;
    let managed = protected::without(protected, &desired.managed);
    let rules = Rules {
        config,
        options,
        managed: &managed,
        known,
        today: desired.today,
    };
    let mut plan = match options.strategy {
        Strategy::Sync => synced(&rules, desired, directory),
        Strategy::Push => pushed(&rules, desired),
    };
    plan.strategy = options.strategy;
    plan.forecast.clone_from(&desired.forecast);
    plan.notices.extend(protected::notices(desired, protected));
    plan.problems.splice(0..0, desired.problems.iter().cloned());
    sort(&mut plan.changes);
    plan
}

fn synced(rules: &Rules<'_>, desired: &Desired, directory: &Directory) -> Plan {
    let Rules {
        config, options, ..
    } = rules;
    let pairing = Pairing::new(desired, directory, &config.exclusions);
    let (new_groups, group_problems) = new_groups::new_groups(desired, directory, config, options);
    let asked = asked(desired, options);
    // Nobody is excluded by a group that Adobe does not have.
    let is_asked = |group: &GroupName| asked.is_some_and(|groups| groups.contains(group));
    let unread = directory.unread_groups.iter();
    let unread: Vec<&GroupName> = unread
        .filter(|group| is_asked(group) && !new_groups.contains(group))
        .collect();
    let mut plan = Plan {
        sizes: Sizes {
            adobe_users_read: directory.users.len(),
            ..roster_sizes(desired)
        },
        handles_adobe_only: handles_adobe_only(options),
        found_unusable: found_unusable(desired, directory),
        ..Plan::default()
    };
    plan.take_accounts(rules, &pairing);
    plan.take_new(rules, &pairing, &unread, asked.is_some());
    if config.grace.is_given() {
        plan.gone.clone_from(&plan.adobe_only);
    }
    plan.sizes.found = pairing.found;
    plan.sizes.found_elsewhere = pairing.found_elsewhere;
    plan.sizes.adobe_only_users = plan.adobe_only.len();
    if options.adobe_only_user_action == AdobeOnlyUserAction::Exclude {
        plan.sizes.adobe_users_excluded += plan.adobe_only.len();
        plan.adobe_only.clear();
    }
    plan.problems.extend(pairing.problems);
    plan.unplaced = pairing.unplaced;
    plan.problems.extend(unread.into_iter().map(group_unread));
    plan.problems.extend(group_problems);
    plan.new_groups = new_groups;
    plan
}

fn pushed(rules: &Rules<'_>, desired: &Desired) -> Plan {
    let mut plan = Plan {
        sizes: roster_sizes(desired),
        ..Plan::default()
    };
    let exclusions = &rules.config.exclusions;
    let addresses = unseen::Addresses::new(desired);
    let (mut excluded, mut unmapped) = (0, 0);
    let people = desired.users.iter();
    let protected = &exclusions.protected;
    for (key, user) in people.filter(|(_, user)| user.selected && user.touched) {
        if protected::means_person(protected, key, user) {
            continue;
        }
        if unseen::is_excluded(key, user, exclusions) {
            excluded += 1;
        } else if addresses.is_of_another(key) {
            plan.problems.push(login_taken(&user.email));
        } else {
            unmapped += usize::from(rules.is_unmapped(user));
            plan.take(rules.push(key.identity_type, user));
        }
    }
    plan.notices.extend(unseen::left_out(excluded));
    plan.notices.extend(unseen::unmapped(unmapped));
    plan.notices.extend(unseen::unknown_groups(exclusions));
    plan
}

/// What must happen to the accounts of `adobe_only_user_list`. Nothing is compared; a listed account that is not there,
/// that an option excludes or protects, that holds an admin role or that a command might confuse with another is kept and
/// reported. Somebody wrote the list, so nobody has grace.
/// The limit on Adobe-only users counts the list, and a share of no accounts is none, as in UST.
pub fn plan_listed(
    list: &[UserKey],
    directory: &Directory,
    config: &Config,
    options: &Options,
    known: &Known,
) -> Plan {
    let list: BTreeSet<&UserKey> = list.iter().collect();
    let action = options.adobe_only_user_action;
    let listed::Listed {
        mut changes,
        spared,
        foreign,
        problems,
    } = listed::changes(&list, directory, &config.exclusions, action, known);
    sort(&mut changes);
    Plan {
        changes,
        sizes: Sizes {
            adobe_only_users: list.len(),
            adobe_only_spared: spared,
            ..Sizes::default()
        },
        strategy: options.strategy,
        handles_adobe_only: handles_adobe_only(options),
        problems,
        notices: protected::foreign(foreign).into_iter().collect(),
        ..Plan::default()
    }
}

impl Plan {
    /// What becomes of every account that was read.
    fn take_accounts(&mut self, rules: &Rules<'_>, pairing: &Pairing<'_>) {
        let mut foreign = 0;
        for (account, standing) in &pairing.accounts {
            let key = account.key();
            if !matches!(standing, Standing::AdobeOnly { .. })
                && rules.known.of(&key).gone_since.is_some()
            {
                self.returned.push(key.clone());
            }
            if !matches!(standing, Standing::Excluded) {
                self.count_members(account, rules.managed);
            }
            match standing {
                Standing::Roster(owner) => self.take(rules.update(account, owner)),
                Standing::Lapsed(user) => self.take(rules.lapsed(account, user)),
                Standing::AdminOfOtherName(_) => {
                    self.problems.push(admin_of_other_name(&account.email));
                }
                Standing::LeftAlone => {}
                Standing::Excluded => self.sizes.adobe_users_excluded += 1,
                Standing::AdobeOnly { still_listed } => {
                    let leaving = rules.adobe_only(account, *still_listed);
                    self.sizes.adobe_only_spared += usize::from(leaving.is_spared);
                    foreign += usize::from(leaving.is_foreign);
                    self.waiting.extend(leaving.waiting);
                    self.take((leaving.change, leaving.problem.into_iter().collect()));
                    self.adobe_only.push(key);
                }
            }
        }
        self.notices.extend(protected::foreign(foreign));
        let by_day = |one: &Waiting| (one.until, one.email.clone());
        self.waiting.sort_by_cached_key(by_day);
    }

    /// People without an account, as far as accounts were read.
    fn take_new(
        &mut self,
        rules: &Rules<'_>,
        pairing: &Pairing<'_>,
        unread: &[&GroupName],
        in_part: bool,
    ) {
        let (mut excluded, mut unmapped) = (0, 0);
        for (key, user) in &pairing.new {
            let mut unread = unread.iter();
            if in_part && unseen::is_excluded(key, user, &rules.config.exclusions) {
                excluded += 1;
            } else if let Some(group) = unread.find(|group| user.groups.contains_key(**group)) {
                let problem = person_of_unread_group(&user.email, group);
                self.problems.push(problem);
            } else {
                unmapped += usize::from(rules.is_unmapped(user));
                self.take(rules.creation(key.identity_type, user));
            }
        }
        self.notices.extend(unseen::left_out(excluded));
        self.notices.extend(unseen::unmapped(unmapped));
    }

    /// An account that is not excluded, as a member of managed groups.
    fn count_members(&mut self, account: &directory::User, managed: &BTreeSet<GroupName>) {
        let groups = account
            .groups
            .iter()
            .filter(|group| managed.contains(*group));
        let mut any = false;
        for group in groups {
            *self.members.entry(group.clone()).or_default() += 1;
            any = true;
        }
        self.sizes.managed_people += usize::from(any);
    }

    /// Adds what a rule says about one account.
    fn take(&mut self, (change, problems): (Option<Change>, Vec<Problem>)) {
        self.changes
            .extend(change.filter(|change| !change.is_empty()));
        self.problems.extend(problems);
    }
}

fn sort(changes: &mut [Change]) {
    changes.sort_by(|one, other| (rank(one), &one.address).cmp(&(rank(other), &other.address)));
}

/// Of the people who could not be used, those whose address is that of an account.
fn found_unusable(desired: &Desired, directory: &Directory) -> BTreeSet<Email> {
    let wanted: BTreeSet<&Email> = desired
        .unusable
        .iter()
        .filter_map(|person| person.email.as_ref())
        .collect();
    let addresses = directory.users.iter().map(|account| &account.email);
    addresses
        .filter(|email| wanted.contains(email))
        .cloned()
        .collect()
}

/// The place in the order of sending: a pass cut short errs towards access kept.
fn rank(change: &Change) -> u8 {
    match change.kind {
        Kind::AdobeOnly => 2,
        Kind::Creation | Kind::Update if change.only_removes() => 1,
        Kind::Creation | Kind::Update => 0,
    }
}

fn handles_adobe_only(options: &Options) -> bool {
    match options.adobe_only_user_action {
        AdobeOnlyUserAction::Exclude => false,
        AdobeOnlyUserAction::Preserve => options.process_groups,
        AdobeOnlyUserAction::WriteFile
        | AdobeOnlyUserAction::RemoveAdobeGroups
        | AdobeOnlyUserAction::Remove
        | AdobeOnlyUserAction::Delete => true,
    }
}

fn roster_sizes(desired: &Desired) -> Sizes {
    let people = desired.users.values();
    Sizes {
        directory_users_read: people
            .clone()
            .filter(|user| user.selected || !user.lapsed)
            .count(),
        directory_users_selected: people.filter(|user| user.selected && user.touched).count(),
        ..Sizes::default()
    }
}
