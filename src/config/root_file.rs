//! `user-sync-config.yml`, without the files that it names.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::model::id::{Country, GroupName, IdentityType, fold};

use super::options::Overrides;
use super::references::{self, Reference};
use super::section::{Field, Findings, Section};
use super::tree::{Node, Position, Value};
use super::{
    Dates, Exclusions, Limit, Limits, UpdateAttribute, adobe_users, credentials, mapping,
    options_file, source_file, words,
};

/// UST wants it written; this is what its example file says.
const MAX_ADOBE_ONLY_USERS: u64 = 200;
/// A roster that is older is another day's.
const MAX_PLAN_AGE_HOURS: u64 = 20;
/// From one night to the next.
const MAX_DIRECTORY_AGE_HOURS: u64 = 24;
/// A week.
const MOST_HOURS: u64 = 168;

/// One `directory_group` with its Adobe groups; the grammar stands in another file.
#[derive(Debug)]
pub(super) struct RawGroup<'n> {
    pub(super) at: Position,
    pub(super) directory_group: &'n str,
    pub(super) adobe_groups: Vec<GroupName>,
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
    let exclusions = adobe_users::exclusions(&mut adobe, findings);
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
    let dates = dates(file.section("dates", findings), findings);
    let limits = limits(file.section("limits", findings), findings);
    logging(&mut file, findings);
    let defaults = file.take("invocation_defaults");
    let users_at = defaults
        .and_then(|field| field.node.get("users"))
        .map_or((1, 1), |node| node.at);
    let defaults = defaults.map_or_else(Overrides::default, |field| {
        options_file::read(field, findings)
    });
    for key in ["protected", "grace"] {
        if let Some(field) = file.take_unlisted(key) {
            field.later("", findings);
        }
    }
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

/// Which of the roster's own signs count.
fn dates(mut section: Section<'_>, findings: &mut Findings) -> Dates {
    let default = Dates::default();
    let mut flag = |key, default| {
        section
            .take(key)
            .and_then(|field| field.flag(findings))
            .unwrap_or(default)
    };
    let dates = Dates {
        status: flag("status", default.status),
        enabled_user: flag("enabled_user", default.enabled_user),
    };
    for key in ["terms", "enrollments", "roles"] {
        if let Some(field) = section.take_unlisted(key) {
            field.refuse(
                findings,
                "this is not available in this version: dates of terms, enrollments and roles are not looked at. Delete the line",
            );
        }
    }
    section.finish(findings);
    dates
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

fn limits(mut section: Section<'_>, findings: &mut Findings) -> Option<Limits> {
    let limit = section
        .take("max_adobe_only_users")
        .map_or(Some(Limit::Count(MAX_ADOBE_ONLY_USERS)), |field| {
            limit(field, findings)
        });
    let mut hours = |key, least, default| {
        let field = section.take(key);
        let hours = field.map_or(Some(default), |field| {
            field.number_of("hours", &(least..=MOST_HOURS), findings)
        });
        hours.map(Duration::from_hours)
    };
    let max_plan_age = hours("max_plan_age_hours", 1, MAX_PLAN_AGE_HOURS);
    let max_directory_age = hours("max_directory_age_hours", 0, MAX_DIRECTORY_AGE_HOURS);
    if let Some(field) = section.take_unlisted("group_removals_only") {
        field.later("No", findings);
    }
    section.finish(findings);
    Some(Limits {
        max_adobe_only_users: limit?,
        max_plan_age: max_plan_age?,
        max_directory_age: max_directory_age?,
    })
}

/// `200` or `50%`.
fn limit(field: Field<'_>, findings: &mut Findings) -> Option<Limit> {
    let text = field.text(findings)?;
    let limit = match text.strip_suffix('%') {
        Some(share) => share
            .trim()
            .parse()
            .ok()
            .filter(|share| *share <= 100)
            .map(Limit::Percent),
        None => text.parse().ok().map(Limit::Count),
    };
    if limit.is_none() {
        field.problem(
            findings,
            format!(
                "{} is neither a number such as 200 nor a share such as 50%, from 0% to 100%",
                words::quoted(text)
            ),
        );
    }
    limit
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
