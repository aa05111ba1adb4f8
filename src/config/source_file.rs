//! `connector-oneroster.yml`, in both of its generations: `connection` with `schema` (the manual's), and `connection`
//! with `mapping.standard_mapping`.

mod connection;
mod people;
pub(super) mod scoped;

use secrecy::SecretString;

use crate::model::id::{IdentityType, fold};
use crate::model::roster::Collection;

use super::directory_group::{GROUP_FILTERS, Grammar, Keys, USER_FILTERS};
use super::section::{Field, Findings, Section, either};
use super::tree::{Node, Position};
use super::{Files, Source, UserFilter, credentials, words};
use connection::Connection;
use scoped::Scoped;

/// What the file says, as far as it could be read.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The source; `None` where a problem says why.
    pub(super) source: Option<Source>,
    /// What directory groups are.
    pub(super) keys: Keys,
    /// `user_identity_type`, which UST lets the connector have, too.
    pub(super) identity_type: Option<IdentityType>,
    /// What was found in the files that this one names.
    pub(super) lists: Vec<Findings>,
}

/// The secret that the file names.
fn secret_named(root: &Node) -> Option<&str> {
    let connection = root.get("connection").and_then(|node| node.get("secret"));
    let standard = root
        .get("mapping")
        .and_then(|node| node.get("standard_mapping"))
        .and_then(|node| node.get("secret"));
    credentials::named_secret(&[root.get("secret"), connection, standard])
}

/// Reads the file; `files` holds those that it names.
pub(super) fn read(
    root: &Node,
    prefix: &str,
    files: &Files,
    findings: &mut Findings,
) -> SourceFile {
    let public_token = public_token(root, prefix, findings);
    let mut file = Section::root(root);
    let mut connection = file.section("connection", findings);
    let mut rules = Rules::open(&mut file, findings);
    let scoped = rules
        .sources
        .map(|field| scoped::read(field, prefix, files, findings));
    let key_identifier = either(
        connection.take("key_identifier"),
        rules.section.take("key_identifier"),
        findings,
    );
    let match_groups_by = rules.match_groups_by(findings);
    let all_users_filter = rules.user_filter("all_users_filter", UserFilter::Users, findings);
    let grammar = rules.grammar(findings);
    let secret = rules.secret(&mut file, &mut connection, findings);
    let connection = Connection::read(connection, key_identifier, public_token, findings);
    let formats = people::formats(&mut file, findings);
    let include_only = either(
        rules.section.take("include_only"),
        file.take("include_only"),
        findings,
    )
    .map_or_else(Vec::new, |field| people::include_only(field, findings));
    rules.finish(findings);
    let identity_type = file
        .take("user_identity_type")
        .and_then(|field| identity_type(&field, findings));
    without_meaning_here(&mut file, findings);
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
            public_token: connection.public_token,
            district_id: connection.district_id,
            token_url: connection.token_url,
            signature_method: connection.signature_method,
            formats,
            include_only,
            scoped: Vec::new(),
        }),
        _ => None,
    };
    let file = SourceFile {
        source,
        keys: Keys::Objects(grammar),
        identity_type,
        lists: Vec::new(),
    };
    match scoped {
        Some(scoped) => file.with(scoped),
        None => file,
    }
}

impl SourceFile {
    /// With scoped sources: then directory groups are products.
    fn with(self, scoped: Scoped) -> Self {
        let products = scoped.sources.iter().map(|source| source.product.clone());
        let products: Vec<String> = products.collect();
        Self {
            keys: Keys::Products((!scoped.incomplete).then_some(products)),
            source: self.source.map(|source| source.of_all(scoped.sources)),
            lists: scoped.lists,
            ..self
        }
    }
}

/// Looks for credentials in the whole file: those of a scoped source belong in its own secret. Returns Clever's public
/// token, if the file has it.
fn public_token(
    root: &Node,
    prefix: &str,
    findings: &mut Findings,
) -> Option<(Position, SecretString)> {
    let secret = secret_named(root).map_or_else(|| format!("{prefix}/oneroster"), str::to_owned);
    let entries = scoped::entries(root);
    let kind = credentials::Kind::Source(secret);
    let token = credentials::walk(root, &kind, entries, findings);
    let of_sources = entries.and_then(|entries| scoped::walk(entries, prefix, findings));
    token.or(of_sources)
}

/// One of Adobe's three.
pub(super) fn identity_type(field: &Field<'_>, findings: &mut Findings) -> Option<IdentityType> {
    field.choice(
        &IdentityType::ALL.map(|kind| (kind.as_str(), kind)),
        findings,
    )
}

fn without_meaning_here(file: &mut Section<'_>, findings: &mut Findings) {
    if let Some(field) = file.take_unlisted("secure_credential")
        && field.flag(findings) == Some(true)
    {
        field.refuse(
            findings,
            "credentials are read from AWS Secrets Manager only. Delete this line",
        );
    }
    if let Some(field) = file.take_unlisted("logger_name") {
        field.idle("logs go to CloudWatch under one name", findings);
    }
}

/// `schema`, or `mapping.standard_mapping`: the same settings.
struct Rules<'n> {
    section: Section<'n>,
    /// The section around it in the second generation.
    mapping: Option<Section<'n>>,
    /// `scoped_sources`, where the mode is scoped.
    sources: Option<Field<'n>>,
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
                let sources = sources(&mut mapping, findings);
                let section = if sources.is_some() {
                    let at = mapping.at;
                    if let Some(standard) = mapping.take("standard_mapping") {
                        standard.idle("mode is scoped", findings);
                    }
                    Section::absent(at)
                } else {
                    mapping.section("standard_mapping", findings)
                };
                Self {
                    section,
                    mapping: Some(mapping),
                    sources,
                }
            }
            _ => Self {
                section: file.section("schema", findings),
                mapping: None,
                sources: None,
            },
        }
    }

    /// The secret that the file names in one of three places.
    fn secret(
        &mut self,
        file: &mut Section<'_>,
        connection: &mut Section<'_>,
        findings: &mut Findings,
    ) -> Option<String> {
        let of_rules = self.section.take("secret");
        let inner = either(connection.take("secret"), of_rules, findings);
        let field = either(file.take("secret"), inner, findings)?;
        if self.sources.is_some() {
            field.idle(
                "mode is scoped, and each source has a secret of its own",
                findings,
            );
        }
        credentials::secret_name(&field, findings)
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
            known: true,
        }
    }

    fn finish(self, findings: &mut Findings) {
        self.section.finish(findings);
        if let Some(mapping) = self.mapping {
            mapping.finish(findings);
        }
    }
}

/// `scoped_sources`, if the mode is `scoped`.
fn sources<'n>(mapping: &mut Section<'n>, findings: &mut Findings) -> Option<Field<'n>> {
    let mode = mapping.take("mode");
    let scoped =
        mode.and_then(|field| field.choice(&[("standard", false), ("scoped", true)], findings));
    let sources = mapping.take_unlisted("scoped_sources");
    match (scoped, mode, sources) {
        (Some(true), Some(mode), None) => mode.problem(
            findings,
            "a mode of scoped needs scoped_sources, a list of sources. Write them, or write mode: standard",
        ),
        (Some(true), _, Some(_)) => return sources,
        // UST does not look at them then.
        (Some(false), _, Some(sources)) => sources.idle("mode is standard", findings),
        (None, None, Some(sources)) => sources.refuse(
            findings,
            "mode is missing beside it. Write mode: scoped, or delete scoped_sources",
        ),
        _ => {}
    }
    None
}
