//! What must happen to whom.

mod pairs;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Address, Profile, Update};
use super::desired::Desired;
use super::problem::Problem;
use crate::config::options::{AdobeOnlyUserAction, Options};
use crate::model::directory::Directory;
use crate::model::id::{Email, GroupName, IdentityType};
use pairs::Pairs;
use rules::{Rules, Ruling, handles_adobe_only, other_type};

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

    /// The place in the order of sending: additions, mere removals, Adobe-only people.
    fn rank(&self) -> u8 {
        match self.kind {
            Kind::AdobeOnly => 2,
            Kind::Creation | Kind::Update => u8::from(self.only_removes()),
        }
    }

    /// Whether it only takes away.
    pub fn only_removes(&self) -> bool {
        self.create.is_none()
            && self.update.is_empty()
            && self.add.is_empty()
            && !self.remove.is_none()
    }
}

/// The size of things, with UST's meaning (`reference/user-sync-tool.md`, section 5.2).
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
    /// No empty ones.
    pub changes: Vec<Change>,
    /// How many there are of what.
    pub sizes: Sizes,
    /// Whether Adobe-only people are dealt with at all (not with `exclude`, nor with `preserve` without groups).
    pub handles_adobe_only: bool,
    /// What was left out or is odd, those of [`Desired`] included.
    pub problems: Vec<Problem>,
}

/// Compares both sides (`reference/user-sync-tool.md`, section 3.11, and the design's section 7).
pub fn plan(desired: &Desired, directory: &Directory, options: &Options) -> Plan {
    let pairs = Pairs::new(desired, directory);
    let mut plan = Plan {
        handles_adobe_only: handles_adobe_only(options),
        problems: desired.problems.clone(),
        ..Plan::default()
    };
    let rules = Rules { desired, options };
    for (position, account) in directory.users.iter().enumerate() {
        match pairs.of_account.get(&position) {
            Some(user) if user.selected => plan.take(rules.update(user, account)),
            Some(_) | None if pairs.left_alone.contains(&position) => {}
            Some(_) | None => {
                plan.sizes.adobe_only_users += 1;
                plan.take(rules.adobe_only(account));
            }
        }
    }
    for (key, user) in desired.users.iter().filter(|(_, user)| user.selected) {
        if pairs.matched.contains(key) {
            continue;
        }
        if pairs.other_type.contains(key) {
            plan.problems.push(other_type(user, key.identity_type));
        } else {
            plan.take(rules.creation(key.identity_type, user));
        }
    }
    plan.sizes.directory_users_read = desired.users.len();
    plan.sizes.directory_users_selected =
        desired.users.values().filter(|user| user.selected).count();
    plan.sizes.adobe_users_read = directory.users.len();
    if options.adobe_only_user_action == AdobeOnlyUserAction::Exclude {
        plan.sizes.adobe_users_excluded = plan.sizes.adobe_only_users;
    }
    plan.changes
        .sort_by_cached_key(|change| (change.rank(), change.address.clone()));
    plan
}

impl Plan {
    fn take(&mut self, (change, problem): Ruling) {
        self.changes.extend(change);
        self.problems.extend(problem);
    }
}
