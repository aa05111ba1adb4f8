//! Which accounts a command could reach.

use std::collections::BTreeSet;

use crate::config::Exclusions;
use crate::config::pattern::Pattern;
use crate::model::directory;
use crate::model::id::{Email, IdentityType, UserKey};
use crate::reconcile::desired;

/// What names an account to Adobe: an address, or a login name with its domain. Of the types, Adobe is told only
/// whether the account is an Adobe ID: the two owned ones share their names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reach {
    owned: bool,
    user: String,
    domain: String,
}

impl Reach {
    /// Whether a pattern of `exclude_users` means the name. One that cannot tell does.
    pub(super) fn is_meant_by(&self, pattern: &Pattern) -> bool {
        pattern.matches(&self.user) != Some(false)
    }

    /// The address or login name.
    pub(super) fn user(&self) -> &str {
        &self.user
    }

    /// What follows the last `@`; of a login name without one, the domain beside it.
    pub(super) fn domain(&self) -> &str {
        let of_name = self.user.rsplit_once('@');
        of_name.map_or(&self.domain, |(_, domain)| domain)
    }
}

/// An address.
pub(super) fn of_address(identity_type: IdentityType, address: &Email) -> Reach {
    of_key(&UserKey::of_email(identity_type, address))
}

/// A login name.
pub(super) fn of_key(key: &UserKey) -> Reach {
    Reach {
        owned: key.identity_type.is_owned(),
        user: key.username.clone(),
        domain: key.domain.clone(),
    }
}

/// Every name that could mean the account.
pub(super) fn of_account(account: &directory::User) -> BTreeSet<Reach> {
    let login = of_key(&account.key());
    let address = of_address(account.identity_type, &account.email);
    let names = [address, login];
    let known = names.into_iter().filter(|name| !name.user.is_empty());
    known.collect()
}

/// Every name by which a command could mean the person's account.
pub(super) fn of_person(key: &UserKey, user: &desired::User) -> BTreeSet<Reach> {
    let address = of_address(key.identity_type, &user.email);
    [address, of_key(key)].into()
}

/// Those, and the names of further people of the roster who are the same account.
pub(super) fn of_people(key: &UserKey, user: &desired::User) -> BTreeSet<Reach> {
    let mut names = of_person(key, user);
    names.extend(user.further_names.iter().map(of_key));
    names
}

/// Whether `adobe_users.exclude_*` keep every pass from the account. A pattern that cannot tell excludes.
pub(super) fn is_excluded(account: &directory::User, exclusions: &Exclusions) -> bool {
    let login = of_key(&account.key());
    exclusions.identity_types.contains(&account.identity_type)
        || !account.groups.is_disjoint(&exclusions.groups)
        || exclusions
            .users
            .iter()
            .any(|pattern| login.is_meant_by(pattern))
}
