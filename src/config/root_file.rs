//! `user-sync-config.yml`, without the files that it names.

mod dates;
mod grace;
mod limits;
mod protected;

use std::collections::BTreeSet;

use crate::model::id::{Country, GroupName, IdentityType, fold};

use super::options::Overrides;
use super::references::{self, Reference};
use super::section::{Field, Findings, Section};
use super::tree::{Node, Position, Value};
use super::{
    Dates, Exclusions, Grace, Limits, UpdateAttribute, adobe_users, credentials, mapping,
    options_file, source_file, words,
};

/// One `directory_group` with its Adobe groups; the grammar stands in another file.
#[derive(Debug)]
pub(super) struct RawGroup<'n> {
    pub(super) at: Position,
    pub(super) directory_group: &'n str,
    /// Each with its place.
    pub(super) adobe_groups: Vec<(Position, GroupName)>,
}

/// What the file says.
#[derive(Debug)]
pub(super) struct RootFile<'n> {
    pub(super) umapi: Option<Reference>,
    pub(super) source: Option<Reference>,
    pub(super) groups: Vec<RawGroup<'n>>,
    pub(super) identity_type: Option<(Position, IdentityType)>,
    pub(super) default_country: Option<Country>,
    pub(super) auto_create: bool,
    pub(super) exclusions: Exclusions,
    pub(super) update_attributes: BTreeSet<UpdateAttribute>,
    pub(super) dates: Dates,
    pub(super) limits: Option<Limits>,
    pub(super) grace: Option<Grace>,
    pub(super) defaults: Overrides,
    /// Where `users` of `invocation_defaults` stands.
    pub(super) users_at: Position,
}

/// Reads the file.
pub(super) fn read<'n>(root: &'n Node, prefix: &str, findings: &mut Findings) -> RootFile<'n> {
    credentials::walk(
        root,
        &credentials::Kind::Root(prefix.to_owned()),
        None,
        findings,
    );
    let mut file = Section::root(root);
    let mut adobe = file.section("adobe_users", findings);
    let umapi = references::umapi(&mut adobe, findings);
    let mut exclusions = adobe_users::exclusions(&mut adobe, findings);
    let update_attributes = adobe_users::update_attributes(&mut adobe, findings);
    adobe.finish(findings);
    let mut directory = file.section("directory_users", findings);
    let source = references::source(&mut directory, findings);
    let groups = directory
        .take("groups")
        .map_or_else(Vec::new, |field| mapping::read(field, findings));
    let identity_type = directory
        .take("user_identity_type")
        .and_then(|field| Some((field.node.at, source_file::identity_type(&field, findings)?)));
    let default_country = directory
        .take("default_country_code")
        .and_then(|field| country(field, findings));
    let auto_create = directory_users(directory, findings);
    let dates = dates::read(file.section("dates", findings), findings);
    let limits = limits::read(file.section("limits", findings), findings);
    let grace = grace::read(file.section("grace", findings), findings);
    let protected = file.section("protected", findings);
    exclusions.protected = protected::read(protected, &groups, findings);
    logging(&mut file, findings);
    let defaults = file.take("invocation_defaults");
    let users_at = defaults
        .and_then(|field| field.node.get("users"))
        .map_or((1, 1), |node| node.at);
    let defaults = defaults.map_or_else(Overrides::default, |field| {
        options_file::read(field, findings)
    });
    file.finish(findings);
    RootFile {
        umapi,
        source,
        groups,
        identity_type,
        default_country,
        auto_create,
        exclusions,
        update_attributes,
        dates,
        limits,
        grace,
        defaults,
        users_at,
    }
}

/// What remains of `directory_users`; returns `group_sync_options.auto_create`.
fn directory_users(mut section: Section<'_>, findings: &mut Findings) -> bool {
    if let Some(field) = section.take_unlisted("extension") {
        field.refuse(
            findings,
            "an extension is Python code, and none runs here. Delete the line, and express in groups what the code does",
        );
    }
    if let Some(field) = section.take_unlisted("additional_groups") {
        field.idle(
            "its rules go by the groups that a directory lists with each person, and a roster lists none. So it was in User Sync Tool",
            findings,
        );
    }
    let mut group_sync = section.section("group_sync_options", findings);
    let auto_create = group_sync
        .take("auto_create")
        .and_then(|field| field.flag(findings));
    group_sync.finish(findings);
    section.finish(findings);
    auto_create.unwrap_or(false)
}

fn country(field: Field<'_>, findings: &mut Findings) -> Option<Country> {
    let text = field.text(findings)?;
    if fold(text) == "uk" {
        field.problem(findings, "the code of the United Kingdom is GB. Write GB");
        return None;
    }
    match text.parse() {
        Ok(country) => Some(country),
        Err(error) => {
            field.problem(
                findings,
                format!("{} is no country: {error}", words::quoted(text)),
            );
            None
        }
    }
}

/// UST's log files have no place here and do no harm.
fn logging(file: &mut Section<'_>, findings: &mut Findings) {
    let Some(field) = file.take_unlisted("logging") else {
        return;
    };
    let mut section = field.section(findings);
    for key in [
        "log_to_file",
        "file_log_directory",
        "file_log_name_format",
        "file_log_level",
        "console_log_level",
        "log_progress",
    ] {
        section.take(key);
    }
    section.finish(findings);
    if matches!(field.node.value, Value::Mapping(_)) {
        field.idle(
            "logs go to CloudWatch; the function's setting LOG_LEVEL says how much",
            findings,
        );
    }
}
