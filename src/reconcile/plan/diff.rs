//! What must happen to one account.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::pairing::Owner;
use super::problems::{
    address_elsewhere, admin_kept, country_missing, country_unusable, username_not_email,
};
use super::{Change, Kind, Removal, protected};
use crate::config::options::Options;
use crate::config::{Config, UpdateAttribute};
use crate::model::directory;
use crate::model::id::{Country, Email, GroupName, IdentityType};
use crate::reconcile::action::{Address, Profile, Update};
use crate::reconcile::desired;
use crate::reconcile::ending::Ending;
use crate::reconcile::known::Known;
use crate::reconcile::problem::Problem;

/// What holds for every account.
#[derive(Debug)]
pub(super) struct Rules<'a> {
    /// The configuration.
    pub(super) config: &'a Config,
    /// The options of the pass.
    pub(super) options: &'a Options,
    /// The groups of the mapping, without those that nobody leaves.
    pub(super) managed: &'a BTreeSet<GroupName>,
    /// What earlier passes remember.
    pub(super) known: &'a Known,
    /// The day of the pass.
    pub(super) today: Date,
}

impl Rules<'_> {
    /// Somebody in both.
    pub(super) fn update(
        &self,
        account: &directory::User,
        owner: &Owner<'_>,
    ) -> (Option<Change>, Vec<Problem>) {
        let user = owner.user;
        let mut change = unchanged(account, Kind::Update);
        let mut problems = Vec::new();
        change.directory_groups.clone_from(&user.directory_groups);
        // Nobody becomes somebody else by a row of the roster who may administer the organization.
        let is_changed = account.identity_type.is_owned() && !account.is_admin();
        if self.options.update_user_info && is_changed {
            change.update = self.attributes(account, user);
            if owner.address_taken && change.update.email.is_some() {
                (change.update.email, change.update.username) = (None, None);
                problems.push(address_elsewhere(&user.email));
            }
        }
        if !self.options.process_groups {
            return (Some(change), problems);
        }
        change.add = self.joined(user);
        change
            .add
            .retain(|group, _| !account.groups.contains(group));
        let (roles, groups) =
            self.managed_groups(account, |group| !user.groups.contains_key(group));
        change.ended = ended(user, &groups);
        change.remove = Removal::Groups(groups);
        if !roles.is_empty() {
            problems.push(admin_kept(&change.email, &roles, "kept this role"));
        }
        (Some(change), problems)
    }

    /// Somebody whom only dates keep from being selected: loses memberships, and nothing else.
    pub(super) fn lapsed(
        &self,
        account: &directory::User,
        user: &desired::User,
    ) -> (Option<Change>, Vec<Problem>) {
        let mut change = unchanged(account, Kind::Update);
        change.directory_groups.clone_from(&user.directory_groups);
        if !self.options.process_groups {
            return (None, Vec::new());
        }
        let (roles, groups) = self.managed_groups(account, |_| true);
        change.ended = ended(user, &groups);
        change.remove = Removal::Groups(groups);
        let kept = (!roles.is_empty()).then(|| admin_kept(&change.email, &roles, "kept this role"));
        (Some(change), kept.into_iter().collect())
    }

    /// Whether nobody is created for want of a group (`exclude_unmapped_users`).
    pub(super) fn is_unmapped(&self, user: &desired::User) -> bool {
        self.options.exclude_unmapped_users && self.joined(user).is_empty()
    }

    /// Somebody in the roster alone.
    pub(super) fn creation(
        &self,
        identity_type: IdentityType,
        user: &desired::User,
    ) -> (Option<Change>, Vec<Problem>) {
        if self.is_unmapped(user) {
            return (None, Vec::new());
        }
        // Adobe: `error.user.must_match_email`.
        if user.username.is_some() && identity_type != IdentityType::Federated {
            return (None, vec![username_not_email(identity_type, &user.email)]);
        }
        let country = match (&user.country, identity_type) {
            (Some(country), _) => country.clone(),
            (None, IdentityType::Enterprise) => Country::undefined(),
            (None, IdentityType::Adobe | IdentityType::Federated) => {
                return (None, vec![country_missing(user)]);
            }
        };
        let unusable = user
            .country_unusable
            .then(|| country_unusable(&user.email, &country));
        let login = user.username.as_deref();
        let change = Change {
            address: Address {
                identity_type,
                user: login.map_or_else(|| user.email.clone(), Email::new),
                domain: user.domain.clone(),
            },
            email: user.email.clone(),
            kind: Kind::Creation,
            create: Some(Profile {
                email: user.email.clone(),
                first_name: user.first_name.clone(),
                last_name: user.last_name.clone(),
                country,
                update_existing: self.updates_both_names(),
            }),
            update: Update::default(),
            remove: Removal::none(),
            ended: BTreeMap::new(),
            add: if self.options.process_groups {
                self.joined(user)
            } else {
                BTreeMap::new()
            },
            groups_before: BTreeSet::new(),
            names_before: (None, None),
            directory_groups: user.directory_groups.clone(),
        };
        (Some(change), unusable.into_iter().collect())
    }

    /// Somebody whose account nobody has looked for (strategy push): a creation that changes nothing where the account
    /// is there, and all managed groups, roles aside, that the person is not to have.
    pub(super) fn push(
        &self,
        identity_type: IdentityType,
        user: &desired::User,
    ) -> (Option<Change>, Vec<Problem>) {
        let (mut change, problems) = self.creation(identity_type, user);
        if let Some(change) = &mut change
            && self.options.process_groups
        {
            let others = self
                .managed
                .iter()
                .filter(|group| !group.is_admin_role() && !user.groups.contains_key(*group));
            change.remove = Removal::Groups(others.cloned().collect());
        }
        (change, problems)
    }

    /// The groups that the person is to have, each with its reasons.
    fn joined(&self, user: &desired::User) -> BTreeMap<GroupName, BTreeSet<String>> {
        protected::joined(&self.config.exclusions.protected, user)
    }

    /// What the roster says otherwise than Adobe, of what `update_attributes` lists. A name that the roster does not say
    /// stays. Letter case of an address cannot be changed in Adobe.
    fn attributes(&self, account: &directory::User, user: &desired::User) -> Update {
        let is_listed = |attribute| self.config.update_attributes.contains(&attribute);
        let differs = |attribute, wanted: &Option<String>, actual: &Option<String>| {
            wanted
                .as_ref()
                .filter(|wanted| is_listed(attribute) && Some(*wanted) != actual.as_ref())
                .cloned()
        };
        let email = (is_listed(UpdateAttribute::Email) && user.email != account.email)
            .then(|| user.email.clone());
        Update {
            username: email.as_ref().and_then(|_| account.username.clone()),
            email,
            first_name: differs(
                UpdateAttribute::FirstName,
                &user.first_name,
                &account.first_name,
            ),
            last_name: differs(
                UpdateAttribute::LastName,
                &user.last_name,
                &account.last_name,
            ),
        }
    }

    /// Whether an account that is there all the same gets the roster's names. A creation can set both or none.
    fn updates_both_names(&self) -> bool {
        let listed = &self.config.update_attributes;
        self.options.update_user_info
            && listed.contains(&UpdateAttribute::FirstName)
            && listed.contains(&UpdateAttribute::LastName)
    }

    /// The managed groups of the account that are to go, in Adobe's spelling: admin roles, and all others.
    pub(super) fn managed_groups(
        &self,
        account: &directory::User,
        is_to_go: impl Fn(&GroupName) -> bool,
    ) -> (BTreeSet<GroupName>, BTreeSet<GroupName>) {
        account
            .groups
            .iter()
            .filter(|group| self.managed.contains(*group) && is_to_go(group))
            .cloned()
            .partition(GroupName::is_admin_role)
    }
}

/// Which of these groups a date takes, in Adobe's spelling.
fn ended(user: &desired::User, groups: &BTreeSet<GroupName>) -> BTreeMap<GroupName, Ending> {
    let endings = groups.iter().filter_map(|group| {
        let ending = user.ended.get(group)?;
        Some((group.clone(), ending.clone()))
    });
    endings.collect()
}

/// A change that changes nothing yet.
pub(super) fn unchanged(account: &directory::User, kind: Kind) -> Change {
    let address = Address::of_account(account);
    Change {
        email: if account.email.as_str().is_empty() {
            address.user.clone()
        } else {
            account.email.clone()
        },
        address,
        kind,
        create: None,
        update: Update::default(),
        remove: Removal::none(),
        ended: BTreeMap::new(),
        add: BTreeMap::new(),
        groups_before: account.groups.clone(),
        names_before: (account.first_name.clone(), account.last_name.clone()),
        directory_groups: BTreeSet::new(),
    }
}
