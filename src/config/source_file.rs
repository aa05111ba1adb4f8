//! `connector-oneroster.yml`, in both of its generations: `connection` with `schema` (the manual's), and `connection`
//! with `mapping.standard_mapping`.

use reqwest::Url;

use crate::model::id::{IdentityType, fold};
use crate::model::roster::Collection;

use super::directory_group::{GROUP_FILTERS, Grammar, USER_FILTERS};
use super::section::{Field, Findings, Section, either};
use super::tree::Node;
use super::{Platform, Source, UserFilter, credentials, host, words};

const PAGE_SIZE: u32 = 1000;
/// Clever answers 413 to more.
const CLEVER_PAGE_SIZE: u32 = 10_000;
const CLEVER_HOST: &str = "https://api.clever.com/v2.1/";
const CLEVER_TOKENS: &str = "https://clever.com/oauth/tokens";

/// What the file says, as far as it could be read.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The source; `None` where a problem says why.
    pub(super) source: Option<Source>,
    /// How directory groups are written.
    pub(super) grammar: Grammar,
    /// `user_identity_type`, which UST lets the connector have, too.
    pub(super) identity_type: Option<IdentityType>,
}

/// The secret that the file names, for messages about credentials that are read before the file is.
fn secret_named(root: &Node) -> Option<&str> {
    let connection = root.get("connection").and_then(|node| node.get("secret"));
    let standard = root
        .get("mapping")
        .and_then(|node| node.get("standard_mapping"))
        .and_then(|node| node.get("secret"));
    root.get("secret")
        .or(connection)
        .or(standard)
        .and_then(Node::text)
        .filter(|name| !name.trim().is_empty())
}

/// Reads the file.
pub(super) fn read(root: &Node, prefix: &str, findings: &mut Findings) -> SourceFile {
    let secret = secret_named(root).map_or_else(|| format!("{prefix}/oneroster"), str::to_owned);
    let public_token = credentials::walk(root, &credentials::Kind::Source(secret), findings);
    let mut file = Section::root(root);
    let mut connection = file.section("connection", findings);
    let mut rules = Rules::open(&mut file, findings);
    let key_identifier = either(
        connection.take("key_identifier"),
        rules.section.take("key_identifier"),
        findings,
    );
    let match_groups_by = rules.match_groups_by(findings);
    let all_users_filter = rules.user_filter("all_users_filter", UserFilter::Users, findings);
    let grammar = rules.grammar(findings);
    let of_rules = rules.section.take("secret");
    let inner = either(connection.take("secret"), of_rules, findings);
    let secret = either(file.take("secret"), inner, findings)
        .and_then(|field| field.text(findings))
        .map(str::to_owned);
    let connection = Connection::read(connection, key_identifier, findings);
    rules.finish(findings);
    let identity_type = file
        .take("user_identity_type")
        .and_then(|field| identity_type(&field, findings));
    settings_of_later_versions(&mut file, findings);
    file.finish(findings);
    let source = match (connection, match_groups_by, all_users_filter) {
        (Some(connection), Some(match_groups_by), Some(all_users_filter)) => Some(Source {
            platform: connection.platform,
            host: connection.host,
            page_size: connection.page_size,
            max_user_count: connection.max_user_count,
            match_groups_by,
            all_users_filter,
            secret,
            public_token,
            district_id: connection.district_id,
            token_url: connection.token_url,
        }),
        _ => None,
    };
    SourceFile {
        source,
        grammar,
        identity_type,
    }
}

/// One of Adobe's three.
pub(super) fn identity_type(field: &Field<'_>, findings: &mut Findings) -> Option<IdentityType> {
    field.choice(
        &IdentityType::ALL.map(|kind| (kind.as_str(), kind)),
        findings,
    )
}

fn settings_of_later_versions(file: &mut Section<'_>, findings: &mut Findings) {
    let formats = [
        ("user_email_format", "{email}"),
        ("user_given_name_format", "{givenName}"),
        ("user_surname_format", "{familyName}"),
        ("user_username_format", ""),
        ("user_domain_format", ""),
        ("user_country_code_format", ""),
        ("user_identity_type_format", ""),
        ("include_only", ""),
    ];
    for (key, default) in formats {
        if let Some(field) = file.take(key) {
            field.later(default, findings);
        }
    }
    if let Some(field) = file.take("secure_credential")
        && field.flag(findings) == Some(true)
    {
        field.refuse(
            findings,
            "credentials are read from AWS Secrets Manager only. Delete this line",
        );
    }
    if let Some(field) = file.take("logger_name") {
        field.idle("logs go to CloudWatch under one name", findings);
    }
}

/// `schema`, or `mapping.standard_mapping`: the same settings.
struct Rules<'n> {
    section: Section<'n>,
    /// The section around it in the second generation.
    mapping: Option<Section<'n>>,
}

impl<'n> Rules<'n> {
    fn open(file: &mut Section<'n>, findings: &mut Findings) -> Self {
        let schema = file.take("schema");
        let mapping = file.take("mapping");
        if let (Some(schema), Some(mapping)) = (schema, mapping) {
            let (line, column) = schema.key_at;
            mapping.refuse(
                findings,
                format!("schema at {line}:{column} means the same. Keep one of the two sections"),
            );
        }
        match (schema, mapping) {
            (None, Some(mapping)) => {
                let mut mapping = mapping.section(findings);
                mode(&mut mapping, findings);
                let section = mapping.section("standard_mapping", findings);
                Self {
                    section,
                    mapping: Some(mapping),
                }
            }
            _ => Self {
                section: file.section("schema", findings),
                mapping: None,
            },
        }
    }

    /// Lower-case attribute names.
    fn match_groups_by(&mut self, findings: &mut Findings) -> Option<Vec<String>> {
        let Some(field) = self
            .section
            .take_either("match_groups_by", "match_groups_on", findings)
        else {
            let default: &[&str] = if self.mapping.is_some() {
                &["title", "name", "sourcedid", "id"]
            } else {
                &["name"]
            };
            return Some(default.iter().map(|&name| name.to_owned()).collect());
        };
        let mut names = Vec::new();
        for (at, text) in field.texts(findings) {
            let name = fold(text);
            if name
                .chars()
                .any(|c| !(c.is_alphanumeric() || "_.-".contains(c)))
            {
                let hint =
                    "is not the name of an attribute. Several names are a list: [name, sis_id]";
                findings.problem(at, format!("{}: {} {hint}", field.key, words::quoted(text)));
            } else if !names.contains(&name) {
                names.push(name);
            }
        }
        (!names.is_empty()).then_some(names)
    }

    fn user_filter(
        &mut self,
        key: &'static str,
        default: UserFilter,
        findings: &mut Findings,
    ) -> Option<UserFilter> {
        match self.section.take(key) {
            Some(field) => field.choice(&USER_FILTERS, findings),
            None => Some(default),
        }
    }

    fn grammar(&mut self, findings: &mut Findings) -> Grammar {
        let collection = self
            .section
            .take("default_group_filter")
            .and_then(|field| field.choice(&GROUP_FILTERS, findings))
            .unwrap_or(Collection::Classes);
        let user_filter = self.user_filter("default_user_filter", UserFilter::Students, findings);
        let delimiter = self
            .section
            .take("group_delimiter")
            .and_then(|field| field.text(findings));
        Grammar {
            delimiter: delimiter.unwrap_or("::").to_owned(),
            collection,
            user_filter: user_filter.unwrap_or(UserFilter::Students),
        }
    }

    fn finish(mut self, findings: &mut Findings) {
        if let Some(field) = self.section.take("include_only") {
            field.later("", findings);
        }
        self.section.finish(findings);
        if let Some(mapping) = self.mapping {
            mapping.finish(findings);
        }
    }
}

/// `standard` or `scoped`.
fn mode(mapping: &mut Section<'_>, findings: &mut Findings) {
    if let Some(field) = mapping.take("mode")
        && field.choice(&[("standard", false), ("scoped", true)], findings) == Some(true)
    {
        field.problem(
            findings,
            "several sources (scoped) are not available in this version. Write standard, and one connection",
        );
    }
    if let Some(field) = mapping.take("scoped_sources") {
        field.later("", findings);
    }
}

/// `connection`.
struct Connection {
    platform: Platform,
    host: Url,
    page_size: u32,
    max_user_count: Option<u64>,
    district_id: Option<String>,
    token_url: Url,
}

impl Connection {
    fn read(
        mut section: Section<'_>,
        key_identifier: Option<Field<'_>>,
        findings: &mut Findings,
    ) -> Option<Self> {
        let platform = platform(&mut section, findings);
        let host_field = section.take("host");
        let host = host(host_field, platform, section.at, findings);
        if let (Some(Platform::Clever), Some(field)) = (platform, key_identifier)
            && let Some(text) = field.text(findings)
            && text != "id"
        {
            field.problem(
                findings,
                format!(
                    "{} is not possible here: Clever identifies by id. Write id",
                    words::quoted(text)
                ),
            );
        }
        let page_size = section
            .take("page_size")
            .map_or(Some(PAGE_SIZE), |field| page_size(field, findings));
        let most = section
            .take_either("max_user_count", "max_users", findings)
            .map_or(Some(0), |field| field.number(findings));
        let district_id = section
            .take("district_id")
            .and_then(|field| field.text(findings))
            .map(str::to_owned);
        let token_field = section.take("token_url");
        let token_url = match token_field {
            Some(_) => host::of_field(token_field, findings).map(without_final_slash),
            None => host::base_url(CLEVER_TOKENS).ok().map(without_final_slash),
        };
        section.finish(findings);
        Some(Self {
            platform: platform?,
            host: host?,
            page_size: page_size?,
            max_user_count: most.map(|most| (most > 0).then_some(most))?,
            district_id,
            token_url: token_url?,
        })
    }
}

/// A token listing is one document, not a folder.
fn without_final_slash(mut url: Url) -> Url {
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    url
}

fn page_size(field: Field<'_>, findings: &mut Findings) -> Option<u32> {
    let size = field.small_number(findings)?;
    if size == 0 {
        field.problem(
            findings,
            format!("'0' is not possible; write a number from 1 to {CLEVER_PAGE_SIZE}"),
        );
        return None;
    }
    Some(size.min(CLEVER_PAGE_SIZE))
}

/// Clever, or a sentence.
fn platform(section: &mut Section<'_>, findings: &mut Findings) -> Option<Platform> {
    const LATER: [&str; 5] = [
        "classlink",
        "oneroster",
        "powerschool",
        "infinite_campus",
        "csv",
    ];
    let Some(field) = section.take("platform") else {
        findings.problem(
            section.at,
            "platform: this key is missing in connection. Write platform: clever",
        );
        return None;
    };
    let text = field.text(findings)?;
    let folded = fold(text);
    if folded == "clever" {
        return Some(Platform::Clever);
    }
    let message = if LATER.contains(&folded.as_str()) {
        format!(
            "{} is not available in this version, which reads Clever only",
            words::quoted(text)
        )
    } else if words::is_example_text(text) {
        "this is still the example text. Write platform: clever".to_owned()
    } else {
        words::unknown(text, ["clever"].into_iter().chain(LATER))
    };
    field.problem(findings, message);
    None
}

fn host(
    field: Option<Field<'_>>,
    platform: Option<Platform>,
    connection: super::tree::Position,
    findings: &mut Findings,
) -> Option<Url> {
    let written = field.filter(|field| !field.node.text().is_some_and(words::is_example_text));
    let Some(field) = written else {
        let at = field.map_or(connection, |field| field.node.at);
        findings.problem(
            at,
            format!("host: the address of the roster is missing. Clever's is {CLEVER_HOST}"),
        );
        return None;
    };
    let url = host::of_field(Some(field), findings)?;
    match platform {
        Some(Platform::Clever) => clever_version(field, &url, findings).then_some(url),
        None => Some(url),
    }
}

/// Whether the address means Clever's version 2; a problem where it does not.
fn clever_version(field: Field<'_>, url: &Url, findings: &mut Findings) -> bool {
    let mut parts = url.path_segments().into_iter().flatten();
    let version = parts.find_map(|part| {
        part.strip_prefix('v')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let wrong = match version.map(|version| version.split('.').next().unwrap_or_default()) {
        Some("1") => "Clever ended its version 1 in 2022",
        Some("2") => return true,
        Some(_) => {
            "this version of Clever's interface is not available in this version of roster-sync"
        }
        None if url.host_str() == Some("api.clever.com") => {
            "the version is missing in Clever's address"
        }
        None => return true,
    };
    field.problem(findings, format!("{wrong}. Write {CLEVER_HOST}"));
    false
}
