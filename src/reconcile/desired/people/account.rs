//! What the formats make of one person (`user_*_format` of the source).

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::config::format::{Blank, Format};
use crate::model::id::{Country, Email, IdentityType, UserKey, fold, is_unseen};
use crate::model::roster::Person;
use crate::reconcile::desired::User;
use crate::reconcile::problem::ProblemName;

/// A person as an account of Adobe, before groups.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) key: UserKey,
    pub(super) email: Email,
    /// The login name, where it is not the address.
    pub(super) username: Option<String>,
    /// Of a login name that is no address.
    pub(super) domain: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) country: Option<Country>,
    pub(super) country_unusable: bool,
    /// Whether a name is left out because it is too long to be one.
    pub(super) name_unusable: bool,
}

/// The longest text that is taken for a name, in characters.
const LONGEST_NAME: usize = 255;

impl Account {
    /// As somebody of the roster who has no groups yet.
    pub(super) fn user(self, touched: bool) -> User {
        User {
            email: self.email,
            username: self.username,
            domain: self.domain,
            first_name: self.first_name,
            last_name: self.last_name,
            country: self.country,
            country_unusable: self.country_unusable,
            directory_groups: BTreeSet::new(),
            groups: BTreeMap::new(),
            selected: false,
            lapsed: false,
            ended: BTreeMap::new(),
            further_names: BTreeSet::new(),
            touched,
        }
    }

    /// Its login name, and its address as if it were one.
    pub(super) fn names(&self) -> [UserKey; 2] {
        let address = UserKey::of_email(self.key.identity_type, &self.email);
        [self.key.clone(), address]
    }
}

/// Fills every format.
///
/// # Errors
/// Why the person cannot be used.
pub(super) fn account(person: &Person, config: &Config) -> Result<Account, ProblemName> {
    let formats = &config.source.formats;
    let filled =
        |format: Option<&Format>| format?.fill(Blank::NoValue, |attribute| text(person, attribute));
    let email = address(person, config)
        .filter(Email::is_address)
        .ok_or(ProblemName::EmailUnusable)?;
    let identity_type = match filled(formats.identity_type.as_ref()) {
        Some(word) => word
            .parse::<IdentityType>()
            .map_err(|_unknown| ProblemName::IdentityTypeUnknown)?,
        None => config.identity_type,
    };
    let username =
        filled(formats.username.as_ref()).filter(|username| fold(username) != email.folded());
    let domain = username
        .as_deref()
        .filter(|username| !username.contains('@'))
        .and_then(|_| filled(formats.domain.as_ref()).or_else(|| domain_of(&email)));
    let said = filled(formats.country.as_ref());
    let country = said.as_deref().and_then(|code| code.parse().ok());
    let [first_name, last_name] =
        [&formats.given_name, &formats.surname].map(|format| name(person, format));
    let is_name = |name: &String| name.chars().count() <= LONGEST_NAME;
    let name_unusable = [&first_name, &last_name]
        .into_iter()
        .flatten()
        .any(|name| !is_name(name));
    Ok(Account {
        name_unusable,
        key: UserKey::of_account(
            identity_type,
            &email,
            username.as_deref(),
            domain.as_deref(),
        ),
        email,
        username,
        domain,
        first_name: first_name.filter(is_name),
        last_name: last_name.filter(is_name),
        country_unusable: said.is_some() && country.is_none(),
        country: country.or_else(|| config.default_country.clone()),
    })
}

/// What `user_email_format` says, whether or not Adobe would take it.
pub(super) fn address(person: &Person, config: &Config) -> Option<Email> {
    let format = &config.source.formats.email;
    let filled = format.fill(Blank::NoValue, |attribute| text(person, attribute));
    filled.map(|filled| Email::new(&filled))
}

/// First and last name, each where the roster says anything of it: fixed text around a blank names nobody.
pub(super) fn told_names(person: &Person, config: &Config) -> [Option<String>; 2] {
    let formats = &config.source.formats;
    [&formats.given_name, &formats.surname].map(|format| {
        let attributes = format.attributes();
        let mut told = attributes
            .iter()
            .filter(|name| text(person, name).is_some());
        told.next().and_then(|_| name(person, format))
    })
}

/// Without characters that nobody can see.
fn name(person: &Person, format: &Format) -> Option<String> {
    let mut name = format.fill(Blank::Empty, |attribute| text(person, attribute))?;
    if name.contains(is_unseen) {
        name.retain(|c| !is_unseen(c));
    }
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

fn domain_of(email: &Email) -> Option<String> {
    let (_, domain) = email.as_str().split_once('@')?;
    Some(domain.to_owned())
}

/// The value of an attribute by its lower-case name; of several the first.
pub(super) fn text<'p>(person: &'p Person, attribute: &str) -> Option<&'p str> {
    texts(person, attribute).next()
}

/// All values of an attribute by its lower-case name, without blank ones.
pub(super) fn texts<'p>(
    person: &'p Person,
    attribute: &str,
) -> impl Iterator<Item = &'p str> + use<'p> {
    let own = match attribute {
        "email" => person.email.as_slice(),
        "givenname" => person.given_name.as_slice(),
        "familyname" => person.family_name.as_slice(),
        other => person.attributes.get(other).map_or(&[][..], Vec::as_slice),
    };
    own.iter()
        .map(String::as_str)
        .filter(|text| !text.trim().is_empty())
}
