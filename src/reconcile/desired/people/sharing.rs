//! People of the roster who are one account of Adobe.

use std::collections::BTreeMap;

use crate::model::id::{Email, RosterId, UserKey};
use crate::model::roster::Person;
use crate::reconcile::problem::{Problem, ProblemName};

use super::account::Account;

/// More people than that have an address that is nobody's: `none@school.example`, or a form that was filled downwards.
const CROWD: usize = 10;

/// People with one address who are too many to be one account.
#[derive(Debug)]
pub(super) struct Crowd<'s, 'r> {
    pub(super) key: UserKey,
    pub(super) people: Vec<&'s &'r RosterId>,
}

/// Who has which account so far. An address is one account of the organization, whatever login names and owned types
/// the roster gives its people; an Adobe ID beside it is another one.
#[derive(Debug, Default)]
pub(super) struct Sharing<'r> {
    by_address: BTreeMap<(bool, Email), UserKey>,
    of_account: BTreeMap<UserKey, Vec<(&'r RosterId, Email)>>,
}

impl<'r> Sharing<'r> {
    /// The key of the account that is this person's, be it another person's, too.
    pub(super) fn key_of(&mut self, person: &'r Person, account: &Account) -> UserKey {
        let address = (account.key.identity_type.is_owned(), account.email.clone());
        let key = if self.of_account.contains_key(&account.key) {
            account.key.clone()
        } else {
            let first = self
                .by_address
                .entry(address)
                .or_insert(account.key.clone());
            first.clone()
        };
        let people = self.of_account.entry(key.clone()).or_default();
        people.push((&person.id, account.email.clone()));
        key
    }

    /// The accounts that nobody is to have.
    pub(super) fn crowds(&self) -> impl Iterator<Item = Crowd<'_, 'r>> {
        let crowded = self
            .of_account
            .iter()
            .filter(|(_, people)| people.len() > CROWD);
        crowded.map(|(key, people)| Crowd {
            key: key.clone(),
            people: people.iter().map(|(id, _)| id).collect(),
        })
    }

    /// One problem for each account that several people have.
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        self.of_account.values().filter_map(|people| {
            let ((first, email), others) = people.split_first()?;
            if others.is_empty() {
                return None;
            }
            let (name, what, each) = if others.iter().all(|(_, other)| other == email) {
                (ProblemName::EmailShared, "e-mail address", "an address")
            } else {
                (ProblemName::UsernameShared, "login name", "a login name")
            };
            let outcome = if people.len() > CROWD {
                "which is too many for one account, so they were all left out"
            } else {
                "Adobe knows them as one account, which gets the groups of all of them and the name of the first"
            };
            Some(Problem {
                name,
                email: Some(email.clone()),
                roster_id: Some((*first).clone()),
                message: format!(
                    "{} people of the roster have this {what}; {outcome}. Give each {each} of their own in the roster.",
                    people.len()
                ),
                refused: None,
            })
        })
    }
}
