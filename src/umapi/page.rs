//! One page of a list of users (UMAPI, `getUsersWithPage`, `getUsersByGroup`).

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::http::Reply;
use crate::model::directory::User;
use crate::model::id::{Email, GroupName, IdentityType, fold};

/// What a page says. Fields that are not known are of no concern: Adobe announces new ones at short notice.
pub(super) struct Page {
    /// Whether no page follows. Nothing else tells: pages are shorter than announced where technical accounts are
    /// left out of them.
    pub(super) is_last: bool,
    /// How many pages there are, where the headers say.
    pub(super) pages: Option<u32>,
    pub(super) rows: Vec<Row>,
}

/// A reply that is no page, without a word of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoPage {
    #[error("it is not JSON, or not all of it came")]
    Broken,
    #[error("a field has another type than documented")]
    OtherTypes,
    #[error("it says nothing of success")]
    NoSuccess,
    #[error("it has no list of users")]
    NoUsers,
    #[error("it has no list of groups")]
    NoGroups,
    #[error("it does not say whether it is the last page")]
    NoLastPage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    result: Option<String>,
    last_page: Option<bool>,
    users: Option<Vec<Row>>,
}

/// One account as Adobe lists it. What is empty is left out, groups included.
#[derive(Deserialize)]
pub(super) struct Row {
    email: Option<String>,
    username: Option<String>,
    domain: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    #[serde(rename = "type")]
    identity_type: Option<String>,
    groups: Option<Vec<String>>,
}

impl Page {
    /// A reply that was cut short is `Err`, and worth another attempt; one that is whole and no page is `Ok(Err(…))`.
    pub(super) fn of(reply: &Reply) -> Result<Result<Self, NoPage>, NoPage> {
        let wire: Wire = match decoded(reply)? {
            Ok(wire) => wire,
            Err(no_page) => return Ok(Err(no_page)),
        };
        Ok(wire.checked(page_count(reply)))
    }
}

/// How many pages there are, where the headers say.
pub(super) fn page_count(reply: &Reply) -> Option<u32> {
    reply.header("x-page-count")?.trim().parse().ok()
}

/// As [`Page::of`] for a reply of any form.
pub(super) fn decoded<T: DeserializeOwned>(reply: &Reply) -> Result<Result<T, NoPage>, NoPage> {
    match serde_json::from_slice(reply.bytes()) {
        Ok(wire) => Ok(Ok(wire)),
        // The error itself quotes what it stumbled over.
        Err(error) if error.classify() == Category::Data => Ok(Err(NoPage::OtherTypes)),
        Err(_quotes) => Err(NoPage::Broken),
    }
}

impl Wire {
    fn checked(self, pages: Option<u32>) -> Result<Page, NoPage> {
        if self.result.as_deref() != Some("success") {
            return Err(NoPage::NoSuccess);
        }
        Ok(Page {
            rows: self.users.ok_or(NoPage::NoUsers)?,
            is_last: self.last_page.ok_or(NoPage::NoLastPage)?,
            pages,
        })
    }
}

impl Row {
    /// What makes the row one account, as a number: enough to know it again, and small.
    pub(super) fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for field in [
            &self.identity_type,
            &self.email,
            &self.username,
            &self.domain,
        ] {
            field.as_deref().map(fold).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The account, if its type is one of the three and it has an address.
    pub(super) fn account(self, names: &mut Names) -> Option<User> {
        let identity_type = self.identity_type?.parse::<IdentityType>().ok()?;
        let username = filled(self.username);
        let address =
            filled(self.email).or_else(|| username.clone().filter(|name| name.contains('@')))?;
        Some(User {
            identity_type,
            email: Email::new(&address),
            username,
            domain: filled(self.domain),
            first_name: filled(self.firstname),
            last_name: filled(self.lastname),
            groups: self
                .groups
                .unwrap_or_default()
                .iter()
                .map(|name| names.of(name))
                .filter(|name| !name.as_str().is_empty())
                .collect(),
        })
    }
}

/// The names of groups, each kept once however many accounts hold the group.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, GroupName>);

impl Names {
    fn of(&mut self, name: &str) -> GroupName {
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let new = GroupName::new(name);
        self.0.insert(name.to_owned(), new.clone());
        new
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
