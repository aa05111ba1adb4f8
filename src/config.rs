//! Configuration: UST's files as written, checked into [`Config`].
//!
//! A file becomes text, then a tree that remembers every position, then what the schema of that file reads from it. Reading never stops at a problem: an administrator sees all of them at once.

mod adobe_users;
mod check;
mod credentials;
mod directory_group;
pub mod format;
mod homes;
mod host;
mod kinds;
mod mapping;
mod mistakes;
pub mod options;
mod options_file;
pub mod pattern;
mod place;
mod policy;
mod references;
mod root_file;
mod section;
mod source_file;
mod table;
mod text;
mod tree;
mod umapi_file;
pub mod user_list;
pub(crate) mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use crate::model::id::{Country, GroupName, IdentityType};
use crate::model::roster::Collection;
use check::Opened;
use format::Formats;
use options::Overrides;
pub use policy::{
    Dates, Exclusions, Grace, Limit, Limits, MoreThan, Protected, WholeGroup, is_approval,
};

/// Everything that the three files say, checked.
#[derive(Debug)]
pub struct Config {
    /// The roster source.
    pub source: Source,
    /// The Adobe organization.
    pub umapi: Umapi,
    /// Directory groups and what they feed, in the order of the file.
    pub mapping: Vec<MappingEntry>,
    /// `directory_users.user_identity_type`.
    pub identity_type: IdentityType,
    /// `directory_users.default_country_code`.
    pub default_country: Option<Country>,
    /// `directory_users.group_sync_options.auto_create`.
    pub auto_create: bool,
    /// `adobe_users.exclude_*`.
    pub exclusions: Exclusions,
    /// `adobe_users.update_attributes`.
    pub update_attributes: BTreeSet<UpdateAttribute>,
    /// `dates`.
    pub dates: Dates,
    /// `limits`.
    pub limits: Limits,
    /// `grace`.
    pub grace: Grace,
    /// `invocation_defaults`.
    pub defaults: Overrides,
    /// What was accepted and has no effect here, each a sentence for the summary.
    pub notices: Vec<String>,
}

/// Which people of an object a directory group means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UserFilter {
    /// Pupils.
    Students,
    /// Teachers.
    Teachers,
    /// Pupils and teachers.
    Users,
}

/// One `directory_group` of the mapping. Entries with the same text are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingEntry {
    /// As written.
    pub directory_group: String,
    /// Where the object is looked for.
    pub collection: Collection,
    /// The folded name or id that the object must have.
    pub name: String,
    /// Who of it.
    pub user_filter: UserFilter,
    /// The fourth part: the attribute to match for this entry alone, lower-case.
    pub match_by: Option<String>,
    /// What it feeds; may be empty (then it only selects).
    pub adobe_groups: Vec<GroupName>,
}

/// The platforms that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Clever v2.1.
    Clever,
    /// `ClassLink`: `OneRoster` 1.1 with OAuth 1.0a.
    ClassLink,
}

/// How OAuth 1.0a requests are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureMethod {
    /// `HMAC-SHA256`, what UST and `ClassLink` use.
    HmacSha256,
    /// `HMAC-SHA1`, for older servers.
    HmacSha1,
}

/// One entry of `include_only`: who comes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// A lower-case attribute name.
    pub attribute: String,
    /// Folded values; any of them will do.
    pub values: BTreeSet<String>,
}

/// What `update_user_info` may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UpdateAttribute {
    /// `firstname`.
    FirstName,
    /// `lastname`.
    LastName,
    /// `email`.
    Email,
}

impl UpdateAttribute {
    /// Every attribute: what is updated where the file does not say.
    pub const ALL: [Self; 3] = [Self::FirstName, Self::LastName, Self::Email];
}

/// One of UST's scoped sources: everybody of a district whom the filter means is in one directory group, the product.
#[derive(Debug, Clone)]
pub struct ScopedSource {
    /// The directory group, verbatim.
    pub product: String,
    /// Whom it means.
    pub user_filter: UserFilter,
    /// The secret that holds its credentials.
    pub secret: String,
    /// Clever's public `TEST_TOKEN`, used where no secret exists.
    pub public_token: Option<SecretString>,
}

/// The roster source: `connector-oneroster.yml`.
#[derive(Debug, Clone)]
pub struct Source {
    /// Which API.
    pub platform: Platform,
    /// Base URL; its path ends in `/`.
    pub host: Url,
    /// Rows per page, cut to what the platform takes.
    pub page_size: u32,
    /// `max_user_count`; `None` is everybody.
    pub max_user_count: Option<u64>,
    /// Lower-case attribute names; any of them may match. `title` and `name` mean what the collection calls its objects.
    pub match_groups_by: Vec<String>,
    /// Whom `users: all` means.
    pub all_users_filter: UserFilter,
    /// The secret that holds the credentials, where the file names one.
    pub secret: Option<String>,
    /// Clever's public `TEST_TOKEN`, used where no secret exists.
    pub public_token: Option<SecretString>,
    /// Clever: which district, for an application that serves several.
    pub district_id: Option<String>,
    /// Clever: where id and secret are traded for tokens.
    pub token_url: Url,
    /// `ClassLink`: how requests are signed.
    pub signature_method: SignatureMethod,
    /// How accounts are made of people.
    pub formats: Formats,
    /// Who comes along; all conditions must hold.
    pub include_only: Vec<Condition>,
    /// `mapping.mode: scoped`: the sources that are read, all from this host. None in the standard mode, in which there
    /// is one.
    pub scoped: Vec<ScopedSource>,
}

/// What a product is matched by, as a class is by its name.
pub const PRODUCT: &str = "product";

/// The name by which a product is found: names are compared without case, and products are not.
pub fn product_name<'a>(
    product: &str,
    products: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let place = products
        .into_iter()
        .position(|other| other == product.trim());
    place.map(|place| (place + 1).to_string())
}

impl Source {
    /// With these scoped sources: a directory group is a product, and everybody of them is all.
    fn of_all(self, sources: Vec<ScopedSource>) -> Self {
        Self {
            match_groups_by: vec![PRODUCT.to_owned()],
            all_users_filter: UserFilter::Users,
            secret: None,
            public_token: None,
            scoped: sources,
            ..self
        }
    }

    /// As one of the scoped sources is read.
    #[must_use]
    pub fn of(&self, scoped: &ScopedSource) -> Self {
        Self {
            secret: Some(scoped.secret.clone()),
            public_token: scoped.public_token.clone(),
            scoped: Vec::new(),
            ..self.clone()
        }
    }
}

/// The Adobe organization: `connector-umapi.yml`.
#[derive(Debug)]
pub struct Umapi {
    /// `enterprise.org_id`, where the file has it; the secret may have it, too.
    pub org_id: Option<String>,
    /// Base URL of UMAPI, with `server.endpoint`; its path ends in `/`.
    pub base: Url,
    /// The token endpoint.
    pub token_url: Url,
    /// The secret that holds the credentials, where the file names one.
    pub secret: Option<String>,
    /// Time of one attempt.
    pub timeout: Duration,
    /// Attempts after the first.
    pub retries: u32,
    /// Requests in a minute by endpoint; 0 is unpaced.
    pub requests_per_minute: RequestsPerMinute,
}

/// Adobe's documented limits are the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestsPerMinute {
    /// Action requests.
    pub action: u32,
    /// Pages of users.
    pub users: u32,
    /// Pages of groups.
    pub groups: u32,
}

/// One problem of a file. Lines and columns count from 1; a root file that is not there has neither, and a connector
/// file that is not there is a problem of the line that names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file's name as the root file writes it.
    pub file: String,
    /// Line and column.
    pub at: Option<(usize, usize)>,
    /// What is wrong and what to do.
    pub message: String,
}

/// Every problem of all files, in the order of files, lines and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

/// The bytes of the files that were found, by name relative to the root file.
pub type Files = BTreeMap<String, bytes::Bytes>;

/// The files that a file names, so that they can be fetched; `name` is the root file, or one that it names. Of a root
/// file that is not YAML, those that it seems to name: then [`check()`] says what is wrong with it beside the problems
/// of the others.
pub fn named_files(name: &str, bytes: &[u8]) -> Vec<String> {
    let (_, found) = check::open(name, bytes);
    let mut names = match found {
        Opened::Tree(tree) => {
            let mut names = references::named(&tree);
            names.extend(source_file::scoped::named(&tree));
            names
        }
        Opened::Broken(text) => references::guessed(&text).into_iter().flatten().collect(),
    };
    names.dedup();
    names
}

/// Checks all files together. `root` is the name of the root file among `files`; a file that is named and not among
/// them is a problem.
///
/// # Errors
/// All problems of all files at once.
pub fn check(root: &str, files: &Files, secrets_prefix: &str) -> Result<Config, Problems> {
    check::all(root, files, secrets_prefix)
}

/// `connector-oneroster.yml:7:13: …`: as every editor and terminal links it.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "{}:{line}:{column}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// One problem a line, but for those that show corrected lines.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
