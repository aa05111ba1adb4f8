//! The environment: read here and nowhere else.
//!
//! AWS's own variables (`AWS_REGION`, `AWS_ENDPOINT_URL`, …) are the SDK's business.

use std::fmt;

use jiff::tz::TimeZone;

use crate::store::{DocumentUri, Location};

/// Every variable that is read, in the order of the documentation. The template sets the same ones.
pub const NAMES: [&str; 5] = [CONFIG_URI, DATA_URI, SECRETS_PREFIX, TIME_ZONE, LOG_LEVEL];

const CONFIG_URI: &str = "CONFIG_URI";
const DATA_URI: &str = "DATA_URI";
const SECRETS_PREFIX: &str = "SECRETS_PREFIX";
const TIME_ZONE: &str = "TIME_ZONE";
const LOG_LEVEL: &str = "LOG_LEVEL";

const LOG_LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// What the environment says, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `CONFIG_URI`, required: the root configuration file, such as `s3://bucket/config/user-sync-config.yml`.
    pub config: DocumentUri,
    /// `DATA_URI`, required: below it lie `runs/` and `latest/`, such as `s3://bucket/`.
    pub data: Location,
    /// `SECRETS_PREFIX`: what stands before `/umapi` and `/oneroster` in the names of secrets. Default `roster-sync`.
    pub secrets_prefix: String,
    /// `TIME_ZONE`: whose day "today" is, an IANA name. Default `UTC`.
    pub time_zone: TimeZone,
    /// `LOG_LEVEL`: `error`, `warn`, `info`, `debug` or `trace`. Default `info`.
    pub log_level: String,
}

/// Everything that is wrong with the environment, a sentence each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the environment variables of the function cannot be used:")?;
        for problem in &self.0 {
            write!(f, "\n{problem}")?;
        }
        Ok(())
    }
}

impl Settings {
    /// Reads the environment of the process.
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

    /// Reads the variables that `lookup` knows. A blank one counts as absent.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn parse(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Problems> {
        let given = |name| {
            let text: String = lookup(name)?;
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let mut problems = Vec::new();
        let config = given(CONFIG_URI)
            .ok_or_else(|| missing(CONFIG_URI, "s3://bucket/config/user-sync-config.yml"))
            .and_then(|text| DocumentUri::parse(&text).map_err(|cause| wrong(CONFIG_URI, &cause)))
            .map_err(|problem| problems.push(problem));
        let data = given(DATA_URI)
            .ok_or_else(|| missing(DATA_URI, "s3://bucket/"))
            .and_then(|text| Location::parse(&text).map_err(|cause| wrong(DATA_URI, &cause)))
            .map_err(|problem| problems.push(problem));
        let secrets_prefix =
            secrets_prefix(given(SECRETS_PREFIX)).map_err(|problem| problems.push(problem));
        let time_zone = time_zone(given(TIME_ZONE)).map_err(|problem| problems.push(problem));
        let log_level = log_level(given(LOG_LEVEL)).map_err(|problem| problems.push(problem));
        match (config, data, secrets_prefix, time_zone, log_level) {
            (Ok(config), Ok(data), Ok(secrets_prefix), Ok(time_zone), Ok(log_level)) => Ok(Self {
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

fn missing(name: &str, example: &str) -> String {
    format!("{name} is not set: it names a place in S3, such as {example}")
}

fn wrong(name: &str, cause: &impl fmt::Display) -> String {
    format!("{name}: {cause}")
}

/// The characters that Secrets Manager takes in a name; a slash at the end would double the one that follows.
fn secrets_prefix(given: Option<String>) -> Result<String, String> {
    let prefix = given.unwrap_or_else(|| "roster-sync".to_owned());
    let known = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    if !prefix.chars().all(known) {
        return Err(format!(
            "{SECRETS_PREFIX}: {prefix:?} cannot begin the name of a secret: letters, digits and /_+=.@- can"
        ));
    }
    if prefix.ends_with('/') {
        return Err(format!(
            "{SECRETS_PREFIX}: {prefix:?} ends in a slash; leave it out"
        ));
    }
    Ok(prefix)
}

fn time_zone(given: Option<String>) -> Result<TimeZone, String> {
    let name = given.unwrap_or_else(|| "UTC".to_owned());
    TimeZone::get(&name).ok().ok_or_else(|| {
        format!("{TIME_ZONE}: {name:?} is not known; write an IANA name such as America/Chicago")
    })
}

fn log_level(given: Option<String>) -> Result<String, String> {
    let level = given.unwrap_or_else(|| "info".to_owned()).to_lowercase();
    if LOG_LEVELS.contains(&level.as_str()) {
        Ok(level)
    } else {
        Err(format!(
            "{LOG_LEVEL}: {level:?} is not known; write one of {}",
            LOG_LEVELS.join(", ")
        ))
    }
}
