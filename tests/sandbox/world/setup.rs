//! What a world begins with.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::super::adobe::{Account, Adobe, Identity, Latency, Org};
use super::super::district::{District, Shape};
use super::super::drift::drifted;
use super::super::mapping::{AdobeUser, Mapping};
use super::super::sis::{Platform, Sis};

/// The school's bucket.
pub const BUCKET: &str = "roster-sync-data";
/// Where the school is.
pub(super) const TIME_ZONE: &str = "America/Los_Angeles";
/// The root configuration file, below `config/`.
pub const ROOT_FILE: &str = "user-sync-config.yml";

/// The files that a school starts from.
const EXAMPLE_ROOT: &str = include_str!("../../../infra/config/user-sync-config.yml");
const EXAMPLE_ONEROSTER: &str = include_str!("../../../infra/config/connector-oneroster.yml");
const EXAMPLE_UMAPI: &str = include_str!("../../../infra/config/connector-umapi.yml");
/// What UST's manual shows for ClassLink, its example texts in the place of credentials included, and a host of its own:
/// the manual's counts as an example text, too.
const CLASSLINK: &str = "\
connection:
  platform: 'classlink'
  client_id: 'api client id here'
  client_secret: 'api client secret here'
  host: 'https://rockaway-or-v2.oneroster.com/ims/oneroster/v1p1/'
  page_size: 3000
  max_user_count: 0
schema:
  match_groups_by: 'title'
  key_identifier: 'sourcedId'
  all_users_filter: 'users'
  default_group_filter: 'classes'
  default_user_filter: 'students'
";

/// How long the roster's server takes for a page.
const ROSTER_LATENCY: Duration = Duration::from_millis(150);

/// Everything that can be different in the beginning.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The first moment.
    pub start: Timestamp,
    /// The roster.
    pub district: District,
    /// Further districts at the same place, by the names of their secrets.
    pub further: BTreeMap<String, District>,
    /// Where the configuration reads it.
    pub platform: Platform,
    /// What the root file maps, in the form that the desired state is worked out from.
    pub mapping: Mapping,
    /// The organization's accounts.
    pub adobe: Vec<AdobeUser>,
    /// The configuration, by name below `config/`.
    pub files: BTreeMap<String, String>,
    /// How long the roster's server takes for a request.
    pub roster_latency: Duration,
    /// How long Adobe takes for a request.
    pub adobe_latency: Latency,
}

impl Setup {
    /// The example district and `infra/config` as it is, and an organization that nobody has looked
    /// after for a while.
    pub fn example() -> Self {
        let (district, mapping) = (District::example(), Mapping::example());
        let adobe = drifted(
            &mapping.desired(&district),
            &mapping.adobe_groups(),
            45,
            2026,
        );
        let mut setup = Self::new(district, mapping, adobe);
        setup.file(ROOT_FILE, EXAMPLE_ROOT.to_owned());
        setup
    }

    /// A district of so many people, `infra/config` as it is, and an organization that has the groups and nobody in them.
    pub fn first_load(people: usize) -> Self {
        let mut setup = Self::new(District::first_load(people), Mapping::example(), Vec::new());
        setup.file(ROOT_FILE, EXAMPLE_ROOT.to_owned());
        setup
    }

    /// A district of 12 schools, 5,000 pupils and 400 teachers, 60 mapped groups of all kinds, and an organization in
    /// which 5 % of the memberships have drifted.
    pub fn large() -> Self {
        let district = District::generate(Shape {
            seed: 12,
            schools: 12,
            students: 5000,
            teachers: 400,
            courses: 60,
            sections: 900,
        });
        let mapping = Mapping::over(&district, 60);
        let adobe = drifted(&mapping.desired(&district), &mapping.adobe_groups(), 5, 12);
        let mut setup = Self::new(district, mapping, adobe);
        setup.options(&[("users", "mapped"), ("process_groups", "yes")], "50%");
        setup
    }

    /// This roster, mapping and organization, with the options of [`options`](Self::options) that a school starts with.
    ///
    /// # Panics
    /// Never: the start is a time.
    pub fn new(district: District, mapping: Mapping, adobe: Vec<AdobeUser>) -> Self {
        let mut setup = Self {
            start: "2026-11-24T02:00:00Z".parse().expect("a time"),
            district,
            further: BTreeMap::new(),
            platform: Platform::Clever,
            mapping,
            adobe,
            files: BTreeMap::new(),
            roster_latency: ROSTER_LATENCY,
            adobe_latency: adobe_latency(),
        };
        setup.file("connector-oneroster.yml", EXAMPLE_ONEROSTER.to_owned());
        setup.file("connector-umapi.yml", EXAMPLE_UMAPI.to_owned());
        setup.options(&[("users", "mapped"), ("process_groups", "yes")], "200");
        setup
    }

    /// The same school, as ClassLink shares it: the connector file is the manual's, and sections are called classes.
    #[must_use]
    pub fn at_classlink(mut self) -> Self {
        self.platform = Platform::ClassLink;
        self.mapping = self.mapping.of_classes();
        self.file("connector-oneroster.yml", CLASSLINK.to_owned());
        if let Some(root) = self.files.get_mut(ROOT_FILE) {
            *root = root.replace("\"sections::", "\"classes::");
        }
        self
    }

    /// Replaces a configuration file.
    pub fn file(&mut self, name: &str, text: String) {
        self.files.insert(name.to_owned(), text);
    }

    /// Writes the root file for the mapping, with these `invocation_defaults` and `limits.max_adobe_only_users`.
    pub fn options(&mut self, defaults: &[(&str, &str)], max_adobe_only_users: &str) {
        let mut root = format!(
            "adobe_users:\n  connectors:\n    umapi: connector-umapi.yml\n\
             directory_users:\n  user_identity_type: federatedID\n  default_country_code: US\n  \
             connectors:\n    oneroster: connector-oneroster.yml\n  groups:\n{}\
             limits:\n  max_adobe_only_users: {max_adobe_only_users}\ninvocation_defaults:\n",
            self.mapping.yaml()
        );
        for (name, value) in defaults {
            writeln!(root, "  {name}: {value}").expect("it is a String");
        }
        self.file(ROOT_FILE, root);
    }
}

fn adobe_latency() -> Latency {
    Latency {
        users: Duration::from_millis(1500),
        ..Latency::typical()
    }
}

/// An organization with every group of the mapping, all product profiles, and these accounts.
pub fn organization(users: &[AdobeUser], mapping: &Mapping) -> Org {
    let mut groups = mapping.adobe_groups();
    groups.extend(users.iter().flat_map(|user| user.groups.clone()));
    let org = Org::new().profiles(groups.iter().map(String::as_str));
    users.iter().map(account).fold(org, Org::account)
}

fn account(user: &AdobeUser) -> Account {
    let identity = match user.identity_type {
        "adobeID" => Identity::Adobe,
        "enterpriseID" => Identity::Enterprise,
        _ => Identity::Federated,
    };
    Account::new(identity, &user.email)
        .named(&user.first, &user.last)
        .in_groups(user.groups.iter().map(String::as_str))
}

/// The two secrets, by name.
pub fn secrets(sis: &dyn Sis, adobe: &Adobe) -> BTreeMap<String, String> {
    let org = adobe.org();
    let umapi = json!({
        "client_id": org.client_id,
        "client_secret": org.client_secret,
        "org_id": org.id,
    });
    BTreeMap::from([
        ("roster-sync/umapi".to_owned(), umapi.to_string()),
        ("roster-sync/oneroster".to_owned(), sis.secret().to_string()),
    ])
}

/// The product's own part of the function's environment.
pub fn environment() -> BTreeMap<String, String> {
    [
        ("CONFIG_URI", format!("s3://{BUCKET}/config/{ROOT_FILE}")),
        ("DATA_URI", format!("s3://{BUCKET}/")),
        ("SECRETS_PREFIX", "roster-sync".to_owned()),
        ("TIME_ZONE", TIME_ZONE.to_owned()),
        ("LOG_LEVEL", "info".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
