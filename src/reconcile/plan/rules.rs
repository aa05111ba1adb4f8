//! One account, one decision: the rows of UST's decision table.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Kind, Removal};
use crate::config::options::{AdobeOnlyUserAction, Options};
use crate::model::directory;
use crate::model::id::{Country, Email, GroupName, IdentityType};
use crate::reconcile::action::{Address, Profile, Update};
use crate::reconcile::desired::{Desired, User};
use crate::reconcile::problem::{Problem, ProblemName};

/// A change, and what is to be said about it.
pub(super) type Ruling = (Option<Change>, Option<Problem>);

/// The rules of one pass.
pub(super) struct Rules<'a> {
    pub(super) desired: &'a Desired,
    pub(super) options: &'a Options,
}

/// Whether Adobe-only people are dealt with at all.
pub(super) fn handles_adobe_only(options: &Options) -> bool {
    match options.adobe_only_user_action {
        AdobeOnlyUserAction::Exclude => false,
        AdobeOnlyUserAction::Preserve => options.process_groups,
        AdobeOnlyUserAction::RemoveAdobeGroups
        | AdobeOnlyUserAction::Remove
        | AdobeOnlyUserAction::Delete => true,
    }
}

impl Rules<'_> {
    /// In the roster, not in Adobe.
    pub(super) fn creation(&self, identity_type: IdentityType, user: &User) -> Ruling {
        let country = match (&user.country, identity_type) {
            (Some(country), _) => country.clone(),
            (None, IdentityType::Enterprise) => Country::undefined(),
            (None, IdentityType::Adobe | IdentityType::Federated) => {
                return (None, Some(country_missing(user)));
            }
        };
        let add = if self.options.process_groups {
            user.groups.clone()
        } else {
            BTreeMap::new()
        };
        let change = Change {
            address: Address {
                identity_type,
                user: user.email.clone(),
                domain: None,
            },
            email: user.email.clone(),
            kind: Kind::Creation,
            create: Some(Profile {
                email: user.email.clone(),
                first_name: user.first_name.clone(),
                last_name: user.last_name.clone(),
                country,
                update_existing: self.options.update_user_info,
            }),
            update: Update::default(),
            remove: Removal::none(),
            add,
            groups_before: BTreeSet::new(),
            names_before: (None, None),
            directory_groups: user.directory_groups.clone(),
        };
        (Some(change), None)
    }

    /// In both.
    pub(super) fn update(&self, user: &User, account: &directory::User) -> Ruling {
        let mut change = untouched(account, Kind::Update);
        change.directory_groups.clone_from(&user.directory_groups);
        if self.options.update_user_info && account.identity_type.is_owned() {
            change.update = difference(user, account);
        }
        let mut kept = None;
        if self.options.process_groups {
            let to_add = user
                .groups
                .iter()
                .filter(|(group, _)| !account.groups.contains(*group));
            change.add = to_add
                .map(|(group, why)| (group.clone(), why.clone()))
                .collect();
            let lost = self
                .managed(account)
                .filter(|group| !user.groups.contains_key(*group));
            let (roles, groups): (BTreeSet<_>, BTreeSet<_>) =
                lost.cloned().partition(GroupName::is_admin_role);
            kept = (!roles.is_empty()).then(|| admin_kept(account, "keeps the role"));
            change.remove = Removal::Groups(groups);
        }
        (given(change), kept)
    }

    /// In Adobe, not among the selected people of the roster.
    pub(super) fn adobe_only(&self, account: &directory::User) -> Ruling {
        let mut change = untouched(account, Kind::AdobeOnly);
        let wanted = match self.options.adobe_only_user_action {
            AdobeOnlyUserAction::Exclude => Removal::none(),
            AdobeOnlyUserAction::Preserve => self.licences(account),
            AdobeOnlyUserAction::RemoveAdobeGroups if account.groups.is_empty() => Removal::none(),
            AdobeOnlyUserAction::RemoveAdobeGroups => Removal::AllGroups,
            AdobeOnlyUserAction::Remove => Removal::FromOrg {
                delete_account: false,
            },
            AdobeOnlyUserAction::Delete => Removal::FromOrg {
                delete_account: true,
            },
        };
        let spared = account.is_admin() && !matches!(wanted, Removal::Groups(_));
        change.remove = if spared {
            self.licences(account)
        } else {
            wanted
        };
        (
            given(change),
            spared.then(|| admin_kept(account, "is Adobe-only and stays, with every role")),
        )
    }

    /// The managed groups that an account loses where it loses licences; never a role.
    fn licences(&self, account: &directory::User) -> Removal {
        if !self.options.process_groups {
            return Removal::none();
        }
        Removal::Groups(
            self.managed(account)
                .filter(|group| !group.is_admin_role())
                .cloned()
                .collect(),
        )
    }

    fn managed<'a>(&'a self, account: &'a directory::User) -> impl Iterator<Item = &'a GroupName> {
        account
            .groups
            .iter()
            .filter(|group| self.desired.managed.contains(*group))
    }
}

fn given(change: Change) -> Option<Change> {
    (!change.is_empty()).then_some(change)
}

fn untouched(account: &directory::User, kind: Kind) -> Change {
    Change {
        address: address(account),
        email: account.email.clone(),
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

/// By e-mail address; by login name and domain only where there is no address to name.
fn address(account: &directory::User) -> Address {
    let identity_type = account.identity_type;
    let login = account
        .username
        .as_deref()
        .filter(|name| !name.contains('@'));
    match (login, &account.domain) {
        (Some(login), Some(domain)) if !account.email.as_str().contains('@') => Address {
            identity_type,
            user: Email::new(login),
            domain: Some(domain.clone()),
        },
        _ => Address {
            identity_type,
            user: account.email.clone(),
            domain: None,
        },
    }
}

fn difference(user: &User, account: &directory::User) -> Update {
    let changed = |wanted: &Option<String>, known: &Option<String>| {
        wanted.clone().filter(|_| wanted != known)
    };
    let moved = user.email != account.email;
    Update {
        email: moved.then(|| user.email.clone()),
        username: account.username.clone().filter(|_| moved),
        first_name: changed(&user.first_name, &account.first_name),
        last_name: changed(&user.last_name, &account.last_name),
    }
}

fn problem(name: ProblemName, email: &Email, message: String) -> Problem {
    Problem {
        name,
        email: Some(email.clone()),
        roster_id: None,
        message,
        refused: None,
    }
}

fn country_missing(user: &User) -> Problem {
    let message = "A new account needs a country, and there is none: set directory_users.default_country_code.";
    problem(ProblemName::CountryMissing, &user.email, message.to_owned())
}

fn admin_kept(account: &directory::User, what: &str) -> Problem {
    let message = format!(
        "This {} account holds an admin role: it {what}.",
        account.identity_type
    );
    problem(ProblemName::AdminKept, &account.email, message)
}

/// Difference 7: nothing is sent for such a person.
pub(super) fn other_type(user: &User, identity_type: IdentityType) -> Problem {
    let message = format!(
        "Adobe has this address as an account of another type than {identity_type}. Nothing was changed for this \
         person. Convert the account in the Admin Console, or set user_identity_type to the type that the \
         organization uses."
    );
    problem(ProblemName::OtherIdentityType, &user.email, message)
}
