//! What must happen to one account.

use std::collections::{BTreeMap, BTreeSet};

use super::pairing::Owner;
use super::problems::{
    address_elsewhere, admin_kept, country_missing, country_unusable, username_not_email,
};
use super::{Change, Kind, Removal};
use crate::config::options::{AdobeOnlyUserAction, Options};
use crate::config::{Config, UpdateAttribute};
use crate::model::directory;
use crate::model::id::{Country, Email, GroupName, IdentityType};
use crate::reconcile::action::{Address, Profile, Update};
use crate::reconcile::desired;
use crate::reconcile::problem::Problem;

/// What holds for every account.
#[derive(Debug)]
pub(super) struct Rules<'a> {
    /// The configuration.
    pub(super) config: &'a Config,
    /// The options of the pass.
    pub(super) options: &'a Options,
    /// The groups of the mapping.
    pub(super) managed: &'a BTreeSet<GroupName>,
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
        if self.options.update_user_info && account.identity_type.is_owned() {
            change.update = self.attributes(account, user);
            if owner.address_taken && change.update.email.is_some() {
                (change.update.email, change.update.username) = (None, None);
                problems.push(address_elsewhere(&user.email));
            }
        }
        if !self.options.process_groups {
            return (Some(change), problems);
        }
        change.add = user
            .groups
            .iter()
            .filter(|(group, _)| !account.groups.contains(*group))
            .map(|(group, reasons)| (group.clone(), reasons.clone()))
            .collect();
        let (roles, groups) =
            self.managed_groups(account, |group| !user.groups.contains_key(group));
        change.remove = Removal::Groups(groups);
        if !roles.is_empty() {
            problems.push(admin_kept(&change.email, &roles, "kept this role"));
        }
        (Some(change), problems)
    }

    /// Somebody in Adobe alone. Whom the roster still lists loses memberships, and nothing else.
    pub(super) fn adobe_only(
        &self,
        account: &directory::User,
        still_listed: bool,
    ) -> (Option<Change>, Vec<Problem>) {
        let action = match self.options.adobe_only_user_action {
            AdobeOnlyUserAction::Exclude => AdobeOnlyUserAction::Exclude,
            _ if still_listed => AdobeOnlyUserAction::Preserve,
            action => action,
        };
        let (roles, groups) = if self.options.process_groups {
            self.managed_groups(account, |_| true)
        } else {
            Default::default()
        };
        let preserved = Removal::Groups(groups);
        let (remove, refused) = match action {
            AdobeOnlyUserAction::Exclude => return (None, Vec::new()),
            AdobeOnlyUserAction::Preserve | AdobeOnlyUserAction::WriteFile if roles.is_empty() => {
                (preserved, None)
            }
            AdobeOnlyUserAction::Preserve | AdobeOnlyUserAction::WriteFile => {
                (preserved, Some("kept this role"))
            }
            _ if account.is_admin() => (preserved, Some(spared(action))),
            AdobeOnlyUserAction::RemoveAdobeGroups if account.groups.is_empty() => {
                (Removal::none(), None)
            }
            AdobeOnlyUserAction::RemoveAdobeGroups => (Removal::AllGroups, None),
            AdobeOnlyUserAction::Remove | AdobeOnlyUserAction::Delete => {
                let delete_account = action == AdobeOnlyUserAction::Delete;
                (Removal::FromOrg { delete_account }, None)
            }
        };
        let change = Change {
            remove,
            ..unchanged(account, Kind::AdobeOnly)
        };
        let kept = refused.map(|what| admin_kept(&change.email, &held_roles(account), what));
        (Some(change), kept.into_iter().collect())
    }

    /// Whether nobody is created for want of a group (`exclude_unmapped_users`).
    pub(super) fn is_unmapped(&self, user: &desired::User) -> bool {
        self.options.exclude_unmapped_users && user.groups.is_empty()
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
            add: if self.options.process_groups {
                user.groups.clone()
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
    fn managed_groups(
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
        add: BTreeMap::new(),
        groups_before: account.groups.clone(),
        names_before: (account.first_name.clone(), account.last_name.clone()),
        directory_groups: BTreeSet::new(),
    }
}

pub(super) fn held_roles(account: &directory::User) -> BTreeSet<GroupName> {
    let roles = account.groups.iter().filter(|group| group.is_admin_role());
    roles.cloned().collect()
}

/// What an admin was spared.
pub(super) fn spared(action: AdobeOnlyUserAction) -> &'static str {
    match action {
        AdobeOnlyUserAction::Delete => "was not deleted",
        AdobeOnlyUserAction::Remove => "was not removed from the organization",
        AdobeOnlyUserAction::RemoveAdobeGroups
        | AdobeOnlyUserAction::Preserve
        | AdobeOnlyUserAction::WriteFile
        | AdobeOnlyUserAction::Exclude => "was not removed from all groups",
    }
}
