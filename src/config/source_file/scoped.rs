//! `mapping.scoped_sources`: several districts in one pass, each with credentials of its own and one directory group,
//! the product.

mod list;

use std::collections::BTreeSet;

use secrecy::SecretString;

use crate::config::credentials::{self, Kind};
use crate::config::directory_group::USER_FILTERS;
use crate::config::section::{Field, Findings, Section};
use crate::config::tree::{Node, Position, Value};
use crate::config::{Files, ScopedSource, UserFilter, references, words};
use crate::model::id::fold;

const ENTRY: &str = "an entry looks like this: '- {type: yaml, product: …}', or '- {type: file, path: sources.csv}'";

/// What the entries say.
#[derive(Debug, Default)]
pub(super) struct Scoped {
    /// In the order of the file.
    pub(super) sources: Vec<ScopedSource>,
    /// What was found in the files of `type: file`.
    pub(super) lists: Vec<Findings>,
    /// Whether a problem says why a source is not among them.
    pub(super) incomplete: bool,
    /// The secrets of sources that name none.
    unnamed: BTreeSet<String>,
}

/// How an entry is written.
#[derive(Debug, Clone, Copy)]
enum Written {
    Here,
    InFile,
}

/// What a source goes by: its secret, where it names none.
#[derive(Debug, Clone, Copy)]
struct Naming<'a> {
    prefix: &'a str,
    /// Its place in its list, from 1.
    number: usize,
}

/// The entries as they stand, without regard to the mode: each names the secret that its credentials belong in.
pub(super) fn entries(root: &Node) -> Option<&Node> {
    root.get("mapping")?.get("scoped_sources")
}

/// The files that a tree names in its sources, as far as they can be used.
pub(in crate::config) fn named(root: &Node) -> Vec<String> {
    let items = match entries(root).map(|node| &node.value) {
        Some(Value::Sequence(items)) => items.as_slice(),
        Some(Value::Scalar { .. } | Value::Mapping(_)) | None => &[],
    };
    let is_file = |item: &&Node| {
        let kind = item.get("type").and_then(Node::text);
        kind.is_some_and(|kind| fold(kind) == "file")
    };
    let paths = items.iter().filter(is_file);
    let paths = paths.filter_map(|item| item.get("path")?.text());
    paths
        .filter_map(|path| references::relative(path).ok())
        .collect()
}

/// Looks for credentials in the entries; each names the secret of its own source. Returns Clever's public token.
pub(super) fn walk(
    entries: &Node,
    prefix: &str,
    findings: &mut Findings,
) -> Option<(Position, SecretString)> {
    let Value::Sequence(items) = &entries.value else {
        let kind = Kind::Source(format!("{prefix}/oneroster"));
        return credentials::walk(entries, &kind, None, findings);
    };
    let mut public = None;
    for (index, item) in items.iter().enumerate() {
        let naming = Naming {
            prefix,
            number: index + 1,
        };
        let of = |key| item.get(key).filter(|node| !node.is_empty())?.text();
        let secret = of("secret").map_or_else(
            || naming.secret(of("product").unwrap_or_default()),
            |secret| Ok(secret.trim().to_owned()),
        );
        let kind = Kind::Source(secret.unwrap_or_else(|example| example));
        let token = credentials::walk(item, &kind, None, findings);
        public = public.or(token);
    }
    public
}

/// Reads the entries.
pub(super) fn read(
    field: Field<'_>,
    prefix: &str,
    files: &Files,
    findings: &mut Findings,
) -> Scoped {
    let mut scoped = Scoped::default();
    let Value::Sequence(items) = &field.node.value else {
        field.problem(findings, format!("a list is expected here; {ENTRY}"));
        scoped.incomplete = true;
        return scoped;
    };
    for (index, item) in items.iter().enumerate() {
        if item.is_empty() {
            continue;
        }
        let naming = Naming {
            prefix,
            number: index + 1,
        };
        let good = if item.entries().is_empty() {
            findings.problem(item.at, format!("scoped_sources: {ENTRY}"));
            None
        } else {
            scoped.entry(item, naming, files, findings)
        };
        scoped.incomplete |= good.is_none();
    }
    if scoped.sources.is_empty() && !scoped.incomplete {
        field.problem(findings, format!("there is no source here; {ENTRY}"));
        scoped.incomplete = true;
    }
    scoped
}

impl Scoped {
    /// One entry; `None` where a problem says why.
    fn entry(
        &mut self,
        item: &Node,
        naming: Naming<'_>,
        files: &Files,
        findings: &mut Findings,
    ) -> Option<()> {
        let mut section = Section::root(item);
        let kinds = [("yaml", Written::Here), ("file", Written::InFile)];
        let Some(kind) = section.take("type") else {
            findings.problem(
                item.at,
                "type: this key is missing here. Write type: yaml, or type: file with the path of a CSV file",
            );
            return None;
        };
        match kind.choice(&kinds, findings)? {
            Written::Here => {
                let source = naming.source(item, &mut section, &mut self.unnamed, findings);
                section.finish(findings);
                self.sources.push(source?);
            }
            Written::InFile => {
                let path = path(item, &mut section, findings);
                section.finish(findings);
                let (field, name) = path?;
                self.file(&field, &name, naming, files, findings)?;
            }
        }
        Some(())
    }

    /// The sources of a file; `None` where a problem says why.
    fn file(
        &mut self,
        path: &Field<'_>,
        name: &str,
        naming: Naming<'_>,
        files: &Files,
        findings: &mut Findings,
    ) -> Option<()> {
        let Some(bytes) = files.get(name) else {
            path.problem(
                findings,
                format!("the file '{name}' is not there. Upload it beside the root file, or correct the name"),
            );
            return None;
        };
        let mut inner = Findings::new(name);
        let sources = list::read(name, bytes, naming, &mut self.unnamed, &mut inner);
        self.lists.push(inner);
        self.sources.extend(sources?);
        Some(())
    }
}

fn path<'n>(
    item: &Node,
    section: &mut Section<'n>,
    findings: &mut Findings,
) -> Option<(Field<'n>, String)> {
    let Some(field) = section.take("path") else {
        findings.problem(
            item.at,
            "path: this key is missing here. Write the name of a CSV file that lies beside the root file",
        );
        return None;
    };
    let written = field.text(findings)?;
    references::relative(written)
        .map_err(|wrong| field.problem(findings, format!("{} {wrong}", words::quoted(written))))
        .ok()
        .map(|name| (field, name))
}

impl Naming<'_> {
    /// A source that stands in the connector file.
    fn source(
        self,
        item: &Node,
        section: &mut Section<'_>,
        unnamed: &mut BTreeSet<String>,
        findings: &mut Findings,
    ) -> Option<ScopedSource> {
        let product = section.take("product");
        if product.is_none() {
            findings.problem(
                item.at,
                "product: this key is missing here. Write the directory group that everybody of this source is in",
            );
        }
        let user_filter = match section.take("user_filter") {
            Some(field) => field.choice(&USER_FILTERS, findings),
            None => Some(UserFilter::Users),
        };
        let named = section
            .take("secret")
            .map(|field| credentials::secret_name(&field, findings));
        let product = product?;
        let name = product.text(findings)?;
        let secret = match named {
            Some(named) => named?,
            None => self
                .own_secret(name, unnamed)
                .map_err(|message| product.problem(findings, message))
                .ok()?,
        };
        let token = item.get("access_token").and_then(Node::text);
        Some(ScopedSource {
            product: name.to_owned(),
            user_filter: user_filter?,
            secret,
            public_token: token.and_then(public_token),
        })
    }

    /// The secret of a source that names none, and that of no other source.
    ///
    /// # Errors
    /// A sentence that says what to do.
    fn own_secret(self, product: &str, unnamed: &mut BTreeSet<String>) -> Result<String, String> {
        let name = self.secret(product).map_err(|example| {
            format!(
                "this cannot be the name of a secret, which has only the letters a to z, digits and /_+=.@-. Name the one that holds the credentials of this source in its secret, for example {example}"
            )
        })?;
        if !unnamed.insert(name.clone()) {
            return Err(format!(
                "an earlier source has this product, too, and its credentials in {name}. Name the secret of each in its secret; if it is one and the same, in both"
            ));
        }
        Ok(name)
    }

    /// The secret of a source that names none.
    ///
    /// # Errors
    /// What it could be called, where the product is no name for a secret.
    fn secret(self, product: &str) -> Result<String, String> {
        const LONGEST: usize = 512;
        let Self { prefix, number } = self;
        let product = product.trim();
        let name = format!("{prefix}/oneroster/{product}");
        let legal = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
        if product.is_empty() || !product.chars().all(legal) || name.len() > LONGEST {
            return Err(format!("{prefix}/oneroster/source-{number}"));
        }
        Ok(name)
    }
}

/// Clever's public token, where a text is that.
fn public_token(text: &str) -> Option<SecretString> {
    let text = text.trim();
    (text == credentials::PUBLIC_TOKEN).then(|| SecretString::from(text))
}
