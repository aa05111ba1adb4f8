//! An organization as plain data, to start from and to look at.

use std::collections::BTreeSet;

/// Adobe's kinds of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// The person's own.
    Adobe,
    /// The organization's, with a password at Adobe.
    Enterprise,
    /// The organization's, with single sign-on.
    Federated,
}

impl Identity {
    /// UMAPI's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adobe => "adobeID",
            Self::Enterprise => "enterpriseID",
            Self::Federated => "federatedID",
        }
    }

    /// Whether the organization owns accounts of this kind.
    pub fn is_owned(self) -> bool {
        self != Self::Adobe
    }
}

/// An account. Absent texts are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its kind.
    pub identity: Identity,
    /// The e-mail address, as first written.
    pub email: String,
    /// The login name; the e-mail address unless it is said otherwise.
    pub username: String,
    /// The domain in whose directory the login name is; that of the e-mail address unless it is said otherwise.
    pub domain: String,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// Two upper-case letters.
    pub country: String,
    /// The groups, profiles and admin groups it is in, in their spelling.
    pub groups: BTreeSet<String>,
    /// Whether it is in the organization. Owned accounts that have left stay in the directory until they are deleted.
    pub in_org: bool,
}

impl Account {
    /// In the organization, without names and groups.
    pub fn new(identity: Identity, email: &str) -> Self {
        let domain = email.rsplit('@').next().unwrap_or_default();
        Self {
            identity,
            email: email.to_owned(),
            username: email.to_owned(),
            domain: domain.to_owned(),
            first: String::new(),
            last: String::new(),
            country: "US".to_owned(),
            groups: BTreeSet::new(),
            in_org: true,
        }
    }

    /// An Adobe ID.
    pub fn adobe(email: &str) -> Self {
        Self::new(Identity::Adobe, email)
    }

    /// An enterprise ID.
    pub fn enterprise(email: &str) -> Self {
        Self::new(Identity::Enterprise, email)
    }

    /// A federated ID.
    pub fn federated(email: &str) -> Self {
        Self::new(Identity::Federated, email)
    }

    /// With these names.
    #[must_use]
    pub fn named(mut self, first: &str, last: &str) -> Self {
        first.clone_into(&mut self.first);
        last.clone_into(&mut self.last);
        self
    }

    /// From that country.
    #[must_use]
    pub fn of_country(mut self, country: &str) -> Self {
        country.clone_into(&mut self.country);
        self
    }

    /// With a login name of its own in the directory of `domain`.
    #[must_use]
    pub fn login(mut self, username: &str, domain: &str) -> Self {
        username.clone_into(&mut self.username);
        domain.clone_into(&mut self.domain);
        self
    }

    /// In these groups, besides those it is in.
    #[must_use]
    pub fn in_groups<'a>(mut self, groups: impl IntoIterator<Item = &'a str>) -> Self {
        self.groups.extend(groups.into_iter().map(str::to_owned));
        self
    }

    /// In the directory only: it has left the organization.
    #[must_use]
    pub fn outside(mut self) -> Self {
        self.in_org = false;
        self.groups.clear();
        self
    }
}

/// What a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// A user group.
    UserGroup,
    /// A product profile, which is a licence.
    Profile,
    /// A group of administrators or developers; its name begins with `_`.
    Admin,
}

/// A group of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name, as first written. Names are compared without letter case.
    pub name: String,
    /// What it is.
    pub kind: GroupKind,
    /// For people; user groups only.
    pub description: String,
    /// The product profiles that members of a user group hold through it.
    pub profiles: BTreeSet<String>,
    /// Shared from another organization: its members cannot be changed from here.
    pub read_only: bool,
}

impl Group {
    /// Without profiles and description.
    pub fn new(name: &str, kind: GroupKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            description: String::new(),
            profiles: BTreeSet::new(),
            read_only: false,
        }
    }
}

/// An organization and the credential of its one client.
#[derive(Debug, Clone)]
pub struct Org {
    /// `<hex>@AdobeOrg`.
    pub id: String,
    /// The API key.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Every group.
    pub groups: Vec<Group>,
    /// Every account.
    pub accounts: Vec<Account>,
    /// Accounts of programs, which lists count in their headers and leave out of their pages.
    pub technical_accounts: usize,
}

impl Default for Org {
    fn default() -> Self {
        Self {
            id: "5A0D1C2B3E4F56780A495C1B@AdobeOrg".to_owned(),
            client_id: "a1b2c3d4e5f60718293a4b5c6d7e8f90".to_owned(),
            client_secret: "p8e-sandbox-client-secret".to_owned(),
            groups: Vec::new(),
            accounts: Vec::new(),
            technical_accounts: 0,
        }
    }
}

impl Org {
    /// Nobody and nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// With these user groups.
    #[must_use]
    pub fn user_groups<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.with_groups(names, GroupKind::UserGroup)
    }

    /// With these product profiles.
    #[must_use]
    pub fn profiles<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.with_groups(names, GroupKind::Profile)
    }

    /// With this group.
    #[must_use]
    pub fn group(mut self, group: Group) -> Self {
        self.groups.push(group);
        self
    }

    /// With this account. Admin groups (`_…`) that it is in come into being with it.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.accounts.push(account);
        self
    }

    fn with_groups<'a>(
        mut self,
        names: impl IntoIterator<Item = &'a str>,
        kind: GroupKind,
    ) -> Self {
        let groups = names.into_iter().map(|name| Group::new(name, kind));
        self.groups.extend(groups);
        self
    }
}
