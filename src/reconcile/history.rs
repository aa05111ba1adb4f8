//! What earlier passes found: counts and settings, no identities.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::config::format::Format;
use crate::config::{Config, Platform};
use crate::model::id::GroupName;

/// So many passes are remembered.
pub const PASSES: usize = 10;

/// Good passes, the latest last: `apply` that ended complete, partial or held.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// At most [`PASSES`].
    pub passes: Vec<Entry>,
}

/// What one pass found, and took for right: a count that a guard did not believe is the one of the pass before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The pass.
    pub run_id: String,
    /// Its day.
    pub day: Date,
    /// What it counted.
    pub counts: Counts,
    /// What accounts were made by.
    pub identity: IdentitySettings,
}

/// How many people the roster has, dates aside: people who can be used and do count, whether or not their term, enrollment
/// or role includes the day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Selected people, by what `users` says: passes that select differently cannot be compared.
    pub people: BTreeMap<String, usize>,
    /// By directory group, as written in the mapping. Only those that were read and found.
    pub directory_groups: BTreeMap<String, usize>,
    /// People who feed it, by Adobe group.
    pub adobe_groups: BTreeMap<GroupName, usize>,
}

/// Settings whose change makes everybody look new, by their keys in the files; what is not set is empty. Without any, it is
/// not known by which settings accounts were made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentitySettings(pub BTreeMap<String, String>);

impl History {
    /// The last good pass.
    pub fn last(&self) -> Option<&Entry> {
        self.passes.last()
    }
}

impl IdentitySettings {
    /// Those of the files: which roster it is, and how accounts are made of its people. No secret is among them.
    pub fn of(config: &Config) -> Self {
        let source = &config.source;
        let formats = &source.formats;
        let format = |format: &Option<Format>| format.as_ref().map(Format::to_string);
        let products: BTreeSet<&str> = source
            .scoped
            .iter()
            .map(|scoped| scoped.product.as_str())
            .collect();
        let products: Vec<&str> = products.into_iter().collect();
        let platform = match source.platform {
            Platform::Clever => "clever",
            Platform::ClassLink => "classlink",
        };
        let settings = [
            ("user_identity_type", Some(config.identity_type.to_string())),
            ("user_email_format", Some(formats.email.to_string())),
            ("user_username_format", format(&formats.username)),
            ("user_domain_format", format(&formats.domain)),
            ("user_identity_type_format", format(&formats.identity_type)),
            ("platform", Some(platform.to_owned())),
            ("host", Some(source.host.to_string())),
            ("district_id", source.district_id.clone()),
            ("scoped_sources", Some(products.join(", "))),
        ];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.unwrap_or_default()));
        Self(settings.into())
    }

    /// Whether it is known by which settings accounts were made.
    pub fn is_known(&self) -> bool {
        !self.0.is_empty()
    }

    /// What is other today, as `(key, was, is)`. A key that only one of them has says nothing: it is of another version of
    /// the program.
    pub fn changed<'a>(&'a self, today: &'a Self) -> Vec<(&'a str, &'a str, &'a str)> {
        let both = self.0.iter().filter_map(|(key, was)| {
            let is = today.0.get(key)?;
            (was != is).then_some((key.as_str(), was.as_str(), is.as_str()))
        });
        both.collect()
    }
}
