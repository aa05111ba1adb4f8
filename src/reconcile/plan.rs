//! What must happen to whom.

mod diff;
mod pairing;

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Address, Profile, Update};
use super::desired::Desired;
use super::problem::Problem;
use crate::config::Config;
use crate::config::options::{AdobeOnlyUserAction, AdobeUsers, Options, Strategy};
use crate::model::directory::{Directory, Scope};
use crate::model::id::{Email, GroupName, IdentityType, UserKey};
use diff::Rules;
use pairing::{Pairing, Standing};

/// What somebody loses.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// In the roster, not in Adobe.
    Creation,
    /// In both.
    Update,
    /// In Adobe, not among the selected people of the roster.
    AdobeOnly,
}

/// What must happen to one account. `before` is what Adobe had.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sizes {
    /// People read from the roster who can be used, by key.
    pub directory_users_read: usize,
    /// Those whom `users` selects.
    pub directory_users_selected: usize,
    /// Accounts read from Adobe.
    pub adobe_users_read: usize,
    /// Accounts that are left alone: with `exclude`, the Adobe-only ones.
    pub adobe_users_excluded: usize,
    /// Adobe-only accounts, whether or not they have something to lose.
    pub adobe_only_users: usize,
}

/// What must happen to all, in the order in which it is sent: creations and changes that add; changes that only
/// remove; Adobe-only people. Within each by address.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// User groups to make before anything else, by name; the groups of the mapping that Adobe does not have, with
    /// `auto_create`.
    pub new_groups: Vec<GroupName>,
    /// No empty ones.
    pub changes: Vec<Change>,
    /// Everybody who is in Adobe only, by key, whatever happens to them: what `write-file` lists.
    pub adobe_only: Vec<UserKey>,
    /// How many there are of what.
    pub sizes: Sizes,
    /// What was compared with what.
    pub strategy: Strategy,
    /// Whether Adobe-only people are dealt with at all (not with `exclude`, nor with `preserve` without groups).
    pub handles_adobe_only: bool,
    /// What was left out or is odd, those of [`Desired`] included.
    pub problems: Vec<Problem>,
}

/// Compares both sides as UST's rule engine does (`user_sync/rules.py`, strategy sync), but for the differences that
/// README lists.
pub fn plan(desired: &Desired, directory: &Directory, _config: &Config, options: &Options) -> Plan {
    if options.strategy == Strategy::Push {
        return pushed(desired, options);
    }
    let rules = Rules {
        options,
        managed: &desired.managed,
    };
    let pairing = Pairing::new(desired, directory);
    let mut changes = Vec::new();
    let mut problems = desired.problems.clone();
    let mut adobe_only = Vec::new();
    for (account, standing) in &pairing.accounts {
        let (change, problem) = match standing {
            Standing::Roster(user) => rules.update(account, user),
            Standing::LeftAlone => (None, None),
            Standing::AdobeOnly => {
                adobe_only.push(account.key());
                rules.adobe_only(account)
            }
        };
        changes.extend(change.filter(|change| !change.is_empty()));
        problems.extend(problem);
    }
    for (key, user) in &pairing.new {
        let (change, problem) = rules.creation(key.identity_type, user);
        changes.extend(change);
        problems.extend(problem);
    }
    problems.extend(pairing.problems);
    changes.sort_by(|one, other| (rank(one), &one.address).cmp(&(rank(other), &other.address)));
    Plan {
        new_groups: missing(desired, directory),
        changes,
        strategy: options.strategy,
        sizes: sizes(desired, directory, adobe_only.len(), options),
        adobe_only,
        handles_adobe_only: handles_adobe_only(options),
        problems,
    }
}

/// The accounts to read.
pub fn scope(desired: &Desired, options: &Options) -> Scope {
    match &options.adobe_users {
        AdobeUsers::All => Scope::Everybody,
        AdobeUsers::Mapped => Scope::Members(desired.managed.clone()),
        AdobeUsers::Groups(groups) => Scope::Members(groups.clone()),
    }
}

/// Whether the plan depends on which groups Adobe has.
pub fn groups_to_look_up(
    _desired: &Desired,
    _directory: &Directory,
    config: &Config,
    options: &Options,
) -> bool {
    config.auto_create && options.process_groups && options.strategy == Strategy::Sync
}

fn missing(desired: &Desired, directory: &Directory) -> Vec<GroupName> {
    let known = directory.groups.iter();
    known
        .flat_map(|known| desired.managed.difference(known))
        .cloned()
        .collect()
}

fn pushed(desired: &Desired, options: &Options) -> Plan {
    let rules = Rules {
        options,
        managed: &desired.managed,
    };
    let mut plan = Plan {
        strategy: Strategy::Push,
        sizes: sizes(desired, &Directory::default(), 0, options),
        problems: desired.problems.clone(),
        ..Plan::default()
    };
    for (key, user) in desired.users.iter().filter(|(_, user)| user.selected) {
        let (change, problem) = rules.creation(key.identity_type, user);
        plan.problems.extend(problem);
        plan.changes.extend(change.map(|change| {
            let others = desired.managed.iter();
            let others = others.filter(|group| !user.groups.contains_key(*group));
            Change {
                remove: Removal::Groups(if options.process_groups {
                    others
                        .filter(|group| !group.is_admin_role())
                        .cloned()
                        .collect()
                } else {
                    BTreeSet::new()
                }),
                ..change
            }
        }));
    }
    plan
}

/// What must happen to the people of a list.
pub fn plan_listed(
    keys: &[UserKey],
    directory: &Directory,
    _config: &Config,
    options: &Options,
) -> Plan {
    let rules = Rules {
        options,
        managed: &BTreeSet::new(),
    };
    let mut plan = Plan {
        handles_adobe_only: true,
        ..Plan::default()
    };
    let listed = |account: &&crate::model::directory::User| keys.contains(&account.key());
    for account in directory.users.iter().filter(listed) {
        let (change, problem) = rules.adobe_only(account);
        plan.adobe_only.push(account.key());
        plan.problems.extend(problem);
        plan.changes
            .extend(change.filter(|change| !change.is_empty()));
    }
    plan.sizes.adobe_users_read = directory.users.len();
    plan.sizes.adobe_only_users = plan.adobe_only.len();
    plan
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

fn sizes(
    desired: &Desired,
    directory: &Directory,
    adobe_only_users: usize,
    options: &Options,
) -> Sizes {
    let excludes = options.adobe_only_user_action == AdobeOnlyUserAction::Exclude;
    Sizes {
        directory_users_read: desired.users.len(),
        directory_users_selected: desired.users.values().filter(|user| user.selected).count(),
        adobe_users_read: directory.users.len(),
        adobe_users_excluded: if excludes { adobe_only_users } else { 0 },
        adobe_only_users,
    }
}
