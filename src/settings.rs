//! The environment, read in one place.

use std::fmt;

use jiff::tz::TimeZone;

use crate::store::{DocumentUri, Location};

/// Every variable that is read besides AWS's own.
pub const NAMES: [&str; 5] = [
    "CONFIG_URI",
    "DATA_URI",
    "SECRETS_PREFIX",
    "TIME_ZONE",
    "LOG_LEVEL",
];

/// What the template sets.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `CONFIG_URI`: the root configuration file.
    pub config: DocumentUri,
    /// `DATA_URI`: the place of `runs/`, `latest/`, `state/`.
    pub data: Location,
    /// `SECRETS_PREFIX`: what the names of secrets begin with.
    pub secrets_prefix: String,
    /// `TIME_ZONE`: whose day "today" is.
    pub time_zone: TimeZone,
    /// `LOG_LEVEL`: error, warn, info, debug or trace.
    pub log_level: String,
}

/// Everything that is wrong with the environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the function's environment cannot be used:\n{}",
            self.0.join("\n")
        )
    }
}

impl Settings {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn from_env() -> Result<Self, Problems> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the only reader of the environment"
        )]
        Self::parse(|name| std::env::var(name).ok())
    }

    /// Reads variables from wherever they are kept. A blank one counts as absent.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn parse(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let given = |name| {
            lookup(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let mut problems = Vec::new();
        let config = uri(
            given("CONFIG_URI"),
            "CONFIG_URI",
            "s3://bucket/config/user-sync-config.yml",
            &mut problems,
        )
        .and_then(|text| or_note(DocumentUri::parse(&text), "CONFIG_URI", &mut problems));
        let data = uri(given("DATA_URI"), "DATA_URI", "s3://bucket/", &mut problems)
            .and_then(|text| or_note(Location::parse(&text), "DATA_URI", &mut problems));
        let zone = given("TIME_ZONE").unwrap_or_else(|| "UTC".to_owned());
        let time_zone = TimeZone::get(&zone);
        if time_zone.is_err() {
            problems.push(format!(
                "TIME_ZONE: {zone:?} is no IANA time zone such as America/Chicago"
            ));
        }
        let log_level = given("LOG_LEVEL")
            .unwrap_or_else(|| "info".to_owned())
            .to_lowercase();
        if !["error", "warn", "info", "debug", "trace"].contains(&log_level.as_str()) {
            problems.push(format!(
                "LOG_LEVEL: {log_level:?} is none of error, warn, info, debug, trace"
            ));
        }
        let secrets_prefix = given("SECRETS_PREFIX").unwrap_or_else(|| "roster-sync".to_owned());
        match (config, data, time_zone) {
            (Some(config), Some(data), Ok(time_zone)) if problems.is_empty() => Ok(Self {
                config,
                data,
                secrets_prefix,
                time_zone,
                log_level,
            }),
            _ => Err(Problems(problems)),
        }
    }
}

fn uri(
    text: Option<String>,
    name: &str,
    example: &str,
    problems: &mut Vec<String>,
) -> Option<String> {
    if text.is_none() {
        problems.push(format!(
            "{name} is not set: it names the place in S3, such as {example}"
        ));
    }
    text
}

fn or_note<T>(parsed: Result<T, String>, name: &str, problems: &mut Vec<String>) -> Option<T> {
    parsed
        .map_err(|problem| problems.push(format!("{name}: {problem}")))
        .ok()
}
