//! What must happen to whom.

mod diff;
mod listed;
mod new_groups;
mod pairing;
mod problems;
mod reach;
mod unseen;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::action::{Address, Profile, Update};
use super::desired::Desired;
use super::problem::Problem;
use crate::config::Config;
use crate::config::options::{AdobeOnlyUserAction, AdobeUsers, Options, Strategy};
use crate::model::directory::{Directory, Scope};
use crate::model::id::{Email, GroupName, IdentityType, UserKey};
use diff::Rules;
use pairing::{Pairing, Standing};
use problems::{group_unread, login_taken, person_of_unread_group};

/// What somebody loses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Removal {
    /// Nothing, or these groups.
    Groups(BTreeSet<GroupName>),
    /// All groups, profiles and roles (`remove-adobe-groups`).
    AllGroups,
    /// The place in the organization, and the account where `delete_account` says so.
    FromOrg {
        /// `delete` instead of `remove`.
        delete_account: bool,
    },
}

impl Removal {
    /// Nothing is removed.
    pub fn none() -> Self {
        Self::Groups(BTreeSet::new())
    }

    /// Whether nothing is removed.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Groups(groups) if groups.is_empty())
    }
}

/// Why the change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// In the roster, not in Adobe; with push, everybody.
    Creation,
    /// In both.
    Update,
    /// In Adobe, not among the selected people of the roster.
    AdobeOnly,
}

/// What must happen to one account. `before` is what Adobe had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// How the account is addressed.
    pub address: Address,
    /// The address shown to people.
    pub email: Email,
    /// Why.
    pub kind: Kind,
    /// The account to make, for a creation.
    pub create: Option<Profile>,
    /// New names or address.
    pub update: Update,
    /// What is taken away.
    pub remove: Removal,
    /// Groups to join, each with the directory groups that say so.
    pub add: BTreeMap<GroupName, BTreeSet<String>>,
    /// The groups in Adobe before.
    pub groups_before: BTreeSet<GroupName>,
    /// First and last name in Adobe before (for an existing account).
    pub names_before: (Option<String>, Option<String>),
    /// The directory groups of the person today.
    pub directory_groups: BTreeSet<String>,
}

impl Change {
    /// The kind of account.
    pub fn identity_type(&self) -> IdentityType {
        self.address.identity_type
    }

    /// Whether nothing would be sent.
    pub fn is_empty(&self) -> bool {
        self.create.is_none()
            && self.update.is_empty()
            && self.remove.is_none()
            && self.add.is_empty()
    }

    /// Whether it only takes away.
    pub fn only_removes(&self) -> bool {
        self.create.is_none()
            && self.update.is_empty()
            && self.add.is_empty()
            && !self.remove.is_none()
    }
}

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
    /// How many there are of what.
    pub sizes: Sizes,
    /// What was compared with what.
    pub strategy: Strategy,
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
pub fn plan(desired: &Desired, directory: &Directory, config: &Config, options: &Options) -> Plan {
    let rules = Rules {
        config,
        options,
        managed: &desired.managed,
    };
    let mut plan = match options.strategy {
        Strategy::Sync => synced(&rules, desired, directory),
        Strategy::Push => pushed(&rules, desired),
    };
    plan.strategy = options.strategy;
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
    for (account, standing) in &pairing.accounts {
        match standing {
            Standing::Roster(owner) => plan.take(rules.update(account, owner)),
            Standing::LeftAlone => {}
            Standing::Excluded => plan.sizes.adobe_users_excluded += 1,
            Standing::AdobeOnly { still_listed } => {
                plan.adobe_only.push(account.key());
                let is_spared = options.adobe_only_user_action.takes_everything()
                    && (*still_listed || account.is_admin());
                plan.sizes.adobe_only_spared += usize::from(is_spared);
                plan.take(rules.adobe_only(account, *still_listed));
            }
        }
    }
    plan.take_new(rules, &pairing, &unread, asked.is_some());
    plan.sizes.adobe_only_users = plan.adobe_only.len();
    if options.adobe_only_user_action == AdobeOnlyUserAction::Exclude {
        plan.sizes.adobe_users_excluded += plan.adobe_only.len();
        plan.adobe_only.clear();
    }
    plan.problems.extend(pairing.problems);
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
    for (key, user) in people.filter(|(_, user)| user.selected && user.touched) {
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
/// that an option excludes, that holds an admin role or that a command might confuse with another is kept and reported.
/// The limit on Adobe-only users counts the list, and a share of no accounts is none, as in UST.
pub fn plan_listed(
    list: &[UserKey],
    directory: &Directory,
    config: &Config,
    options: &Options,
) -> Plan {
    let list: BTreeSet<&UserKey> = list.iter().collect();
    let action = options.adobe_only_user_action;
    let listed::Listed {
        mut changes,
        spared,
        problems,
    } = listed::changes(&list, directory, &config.exclusions, action);
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
        ..Plan::default()
    }
}

impl Change {
    /// Whether it is about an Adobe-only account that loses single groups where others lose everything.
    pub fn spares(&self, options: &Options) -> bool {
        self.kind == Kind::AdobeOnly
            && options.adobe_only_user_action.takes_everything()
            && matches!(self.remove, Removal::Groups(_))
    }
}

impl Plan {
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
        directory_users_read: desired.users.len(),
        directory_users_selected: people.filter(|user| user.selected && user.touched).count(),
        ..Sizes::default()
    }
}
