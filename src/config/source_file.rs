//! `connector-oneroster.yml`, in both of its generations: `connection` with `schema` (the manual's), and `connection`
//! with `mapping.standard_mapping`.

mod connection;

use crate::model::id::{IdentityType, fold};
use crate::model::roster::Collection;

use super::directory_group::{GROUP_FILTERS, Grammar, USER_FILTERS};
use super::format::Formats;
use super::section::{Field, Findings, Section, either};
use super::tree::Node;
use super::{SignatureMethod, Source, UserFilter, credentials, words};
use connection::Connection;

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

/// Who comes along where `include_only` is left out.
const INCLUDED: &str = "without it all people of the directory groups are taken, not some of them";

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
            signature_method: SignatureMethod::HmacSha256,
            formats: Formats::default(),
            include_only: Vec::new(),
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
    ];
    for (key, default) in formats {
        if let Some(field) = file.take(key) {
            field.later(default, findings);
        }
    }
    if let Some(field) = file.take("include_only") {
        field.protecting(INCLUDED, findings);
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
            field.protecting(INCLUDED, findings);
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
