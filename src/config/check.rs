//! All files together.

use crate::model::id::IdentityType;

use super::directory_group::{Grammar, Keys};
use super::kinds::{self, Kind};
use super::references::Reference;
use super::root_file::RootFile;
use super::section::Findings;
use super::source_file::SourceFile;
use super::tree::{self, Node, Position};
use super::{
    Config, Files, Problem, Problems, Umapi, mapping, options_file, references, root_file,
    source_file, text, umapi_file,
};

/// A file that was opened.
pub(super) enum Opened {
    /// It is YAML.
    Tree(Node),
    /// It is not; its text, as far as there is any.
    Broken(String),
}

/// Opens one file; what is wrong with its encoding, its YAML and doubled keys is found here.
pub(super) fn open(name: &str, bytes: &[u8]) -> (Findings, Opened) {
    let mut findings = Findings::new(name);
    let text = match text::decode(bytes) {
        Ok(text) => text,
        Err(text::Unreadable { at, message }) => {
            findings.problem(at, message);
            return (findings, Opened::Broken(text::legible(bytes)));
        }
    };
    match tree::parse(text) {
        Ok((tree, flaws)) => {
            for flaw in flaws {
                findings.problem(flaw.at, flaw.message);
            }
            if tree.is_empty() || !tree.entries().is_empty() {
                return (findings, Opened::Tree(tree));
            }
            findings.problem(
                tree.at,
                "this file does not hold keys with values. A line looks like this: 'key: value'",
            );
            (findings, Opened::Broken(text.to_owned()))
        }
        Err(flaw) => {
            findings.problem(flaw.at, flaw.message);
            (findings, Opened::Broken(text.to_owned()))
        }
    }
}

/// See [`check()`](super::check()).
pub(super) fn all(root: &str, files: &Files, prefix: &str) -> Result<Config, Problems> {
    let Some(bytes) = files.get(root) else {
        let message =
            "this file is not there. Upload it, or correct the function's setting CONFIG_URI";
        return Err(Problems(vec![Problem {
            file: root.to_owned(),
            at: None,
            message: message.to_owned(),
        }]));
    };
    let (mut findings, opened) = open(root, bytes);
    let mut report = Report::default();
    let config = match &opened {
        Opened::Tree(tree) if let Some(found) = kinds::instead_of(Kind::Root, tree) => {
            findings.problem((1, 1), kinds::wrong_root(found));
            None
        }
        Opened::Tree(tree) => {
            let file = root_file::read(tree, prefix, &mut findings);
            let mut around = Around {
                files,
                prefix,
                root: &mut findings,
                report: &mut report,
            };
            let source = around.connector(file.source.as_ref(), Kind::Source);
            let umapi = around.connector(file.umapi.as_ref(), Kind::Umapi);
            let source = source.map(|(node, mut inner)| {
                let file = source_file::read(&node, prefix, files, &mut inner);
                report.source(file, inner)
            });
            let umapi = umapi.and_then(|(node, mut inner)| {
                report.close(umapi_file::read(&node, prefix, &mut inner), inner)
            });
            assemble(file, source, umapi, &mut findings)
        }
        Opened::Broken(text) => {
            beside_a_broken_root(text, files, prefix, &mut report);
            None
        }
    };
    report.finish(findings, config)
}

/// The connector files of a root file that is not YAML.
fn beside_a_broken_root(text: &str, files: &Files, prefix: &str, report: &mut Report) {
    let mut ignored = Findings::new("");
    let [source, umapi] = references::guessed(text).map(|name| {
        name.filter(|name| files.contains_key(name))
            .map(|name| Reference { at: (1, 1), name })
    });
    let mut around = Around {
        files,
        prefix,
        root: &mut ignored,
        report,
    };
    let source = around.connector(source.as_ref(), Kind::Source);
    let umapi = around.connector(umapi.as_ref(), Kind::Umapi);
    if let Some((node, mut inner)) = source {
        let file = source_file::read(&node, prefix, files, &mut inner);
        report.source(file, inner);
    }
    if let Some((node, mut inner)) = umapi {
        umapi_file::read(&node, prefix, &mut inner);
        report.close((), inner);
    }
}

/// What is there while a connector file is looked for.
struct Around<'a> {
    files: &'a Files,
    prefix: &'a str,
    root: &'a mut Findings,
    report: &'a mut Report,
}

impl Around<'_> {
    /// The tree of a connector file. One that is missing, or is for something else, is a problem of the root file; one
    /// that is broken is its own.
    fn connector(
        &mut self,
        reference: Option<&Reference>,
        wanted: Kind,
    ) -> Option<(Node, Findings)> {
        let Reference { at, name } = reference?;
        let Some(bytes) = self.files.get(name) else {
            self.root.problem(*at, format!("the file '{name}' is not there. Upload it to the folder of this file, or correct the name"));
            return None;
        };
        let (mut findings, opened) = open(name, bytes);
        let Opened::Tree(node) = opened else {
            self.report.close((), findings);
            return None;
        };
        let Some(found) = kinds::instead_of(wanted, &node) else {
            return Some((node, findings));
        };
        self.root
            .problem(*at, kinds::wrong_connector(name, wanted, found));
        // Its own mistakes are there whatever names it.
        match found {
            Kind::Source => {
                let file = source_file::read(&node, self.prefix, self.files, &mut findings);
                self.report.source(file, findings);
                return None;
            }
            Kind::Umapi => {
                umapi_file::read(&node, self.prefix, &mut findings);
            }
            Kind::Root | Kind::Directory => {}
        }
        self.report.close((), findings);
        None
    }
}

/// What the files say together; `None` where a part is missing, and a problem says why.
fn assemble(
    file: RootFile<'_>,
    source: Option<SourceFile>,
    umapi: Option<Umapi>,
    findings: &mut Findings,
) -> Option<Config> {
    let (source, keys, inner) = match source {
        Some(SourceFile {
            source,
            keys,
            identity_type,
            lists: _,
        }) => (source, keys, identity_type),
        None => (None, Keys::Objects(Grammar::default()), None),
    };
    let identity_type = identity_type(file.identity_type, inner, findings);
    let mapping = mapping::resolve(file.groups, &keys, findings);
    for message in options_file::unknown_groups(&file.defaults, &mapping) {
        findings.problem(file.users_at, message);
    }
    Some(Config {
        source: source?,
        umapi: umapi?,
        mapping,
        identity_type,
        default_country: file.default_country,
        auto_create: file.auto_create,
        exclusions: file.exclusions,
        update_attributes: file.update_attributes,
        dates: file.dates,
        limits: file.limits?,
        grace: file.grace?,
        defaults: file.defaults,
        notices: Vec::new(),
    })
}

/// The root file's type, or the connector's where the root file has none.
fn identity_type(
    root: Option<(Position, IdentityType)>,
    connector: Option<IdentityType>,
    findings: &mut Findings,
) -> IdentityType {
    if let (Some((at, root)), Some(connector)) = (root, connector)
        && root != connector
    {
        findings.problem(
            at,
            format!("user_identity_type: this file says {root}, and the connector file says {connector}. Keep one of the two lines"),
        );
    }
    root.map(|(_, root)| root)
        .or(connector)
        .unwrap_or(IdentityType::Enterprise)
}

/// Problems and notices of the connector files, file by file.
#[derive(Default)]
struct Report {
    problems: Vec<Problem>,
    notices: Vec<String>,
}

impl Report {
    /// Takes what was found in a file that is done with.
    fn close<T>(&mut self, value: T, findings: Findings) -> T {
        let (problems, notices) = findings.into_parts();
        self.problems.extend(problems);
        self.notices.extend(notices);
        value
    }

    /// The same of the connector file of the roster and of the files that it names.
    fn source(&mut self, mut file: SourceFile, findings: Findings) -> SourceFile {
        self.close((), findings);
        for list in std::mem::take(&mut file.lists) {
            self.close((), list);
        }
        file
    }

    /// The root file's problems come first.
    fn finish(self, root: Findings, config: Option<Config>) -> Result<Config, Problems> {
        let (mut problems, mut notices) = root.into_parts();
        for problem in self.problems {
            // A file that two lines name is read twice.
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        notices.extend(self.notices);
        match config {
            Some(config) if problems.is_empty() => Ok(Config { notices, ..config }),
            Some(_) | None => Err(Problems(problems)),
        }
    }
}
