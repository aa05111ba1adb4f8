//! Credentials from Secrets Manager, all secrets in one go where several are needed.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::error::Error;
use crate::config::{Config, ScopedSource, Source};
use crate::store::{SecretError, Secrets};
use crate::{sis, umapi};

/// What the secrets hold.
#[derive(Debug)]
pub struct Credentials<'c> {
    /// For the roster source, or for each of the scoped sources, in their order.
    pub sources: Vec<(Option<&'c ScopedSource>, sis::Credentials)>,
    /// For Adobe.
    pub umapi: umapi::Credentials,
    /// Sentences for the summary.
    pub notices: Vec<String>,
}

/// The fields that a secret may have; a blank one counts as absent.
#[derive(Deserialize)]
struct Fields {
    client_id: Option<SecretString>,
    client_secret: Option<SecretString>,
    access_token: Option<SecretString>,
    org_id: Option<String>,
}

const ADOBE_JSON: &str = r#"{"client_id": "…", "client_secret": "…", "org_id": "…@AdobeOrg"}"#;
const SOURCE_JSON: &str = r#"{"client_id": "…", "client_secret": "…"} or {"access_token": "…"}"#;

/// Reads the secrets of both sides.
///
/// # Errors
/// [`Error::Secrets`] with every problem of all; [`Error::SecretsUnavailable`].
pub async fn of_both<'c>(
    secrets: &impl Secrets,
    config: &'c Config,
    prefix: &str,
) -> Result<Credentials<'c>, Error> {
    let mut problems = Vec::new();
    let mut notices = Vec::new();
    let mut sources = Vec::new();
    for place in places(&config.source, prefix) {
        match source(secrets, &place, &mut notices).await? {
            Ok(source) => sources.push((place.scoped, source)),
            // Several sources may share a secret.
            Err(problem) if problems.contains(&problem) => {}
            Err(problem) => problems.push(problem),
        }
    }
    let adobe = adobe(secrets, config, prefix)
        .await?
        .map_err(|problem| problems.push(problem));
    match adobe {
        Ok(umapi) if problems.is_empty() => Ok(Credentials {
            sources,
            umapi,
            notices,
        }),
        _ => Err(Error::Secrets(problems)),
    }
}

/// Where the credentials of one source are.
struct Place<'c> {
    scoped: Option<&'c ScopedSource>,
    secret: String,
    /// Opens Clever's example where there is no secret.
    public_token: Option<SecretString>,
}

fn places<'c>(source: &'c Source, prefix: &str) -> Vec<Place<'c>> {
    if source.scoped.is_empty() {
        let usual = || format!("{prefix}/oneroster");
        return vec![Place {
            scoped: None,
            secret: source.secret.clone().unwrap_or_else(usual),
            public_token: source.public_token.clone(),
        }];
    }
    let scoped = source.scoped.iter();
    let places = scoped.map(|source| Place {
        scoped: Some(source),
        secret: source.secret.clone(),
        public_token: source.public_token.clone(),
    });
    places.collect()
}

/// Reads Adobe's secret, for a pass that does not read the roster.
///
/// # Errors
/// As [`of_both`].
pub async fn of_adobe(
    secrets: &impl Secrets,
    config: &Config,
    prefix: &str,
) -> Result<umapi::Credentials, Error> {
    adobe(secrets, config, prefix)
        .await?
        .map_err(|problem| Error::Secrets(vec![problem]))
}

async fn source(
    secrets: &impl Secrets,
    place: &Place<'_>,
    notices: &mut Vec<String>,
) -> Result<Result<sis::Credentials, String>, Error> {
    let name = &place.secret;
    let fields = match fields(secrets, name, SOURCE_JSON).await? {
        Ok(fields) => fields,
        Err(Absent { problem, missing }) => {
            let public = place.public_token.clone().filter(|_| missing);
            return Ok(public.map(sis::Credentials::Token).ok_or(problem));
        }
    };
    Ok(
        match (
            given(fields.access_token),
            given(fields.client_id),
            given(fields.client_secret),
        ) {
            (Some(token), id, secret) => {
                let notice = format!(
                    "The secret {name} holds an access_token beside client_id and client_secret; access_token was used."
                );
                if (id.is_some() || secret.is_some()) && !notices.contains(&notice) {
                    notices.push(notice);
                }
                Ok(sis::Credentials::Token(token))
            }
            (None, Some(id), Some(secret)) => Ok(sis::Credentials::Client { id, secret }),
            (None, _, _) => Err(format!("The secret {name} must hold {SOURCE_JSON}.")),
        },
    )
}

async fn adobe(
    secrets: &impl Secrets,
    config: &Config,
    prefix: &str,
) -> Result<Result<umapi::Credentials, String>, Error> {
    let name = config
        .umapi
        .secret
        .clone()
        .unwrap_or_else(|| format!("{prefix}/umapi"));
    let fields = match fields(secrets, &name, ADOBE_JSON).await? {
        Ok(fields) => fields,
        Err(absent) => return Ok(Err(absent.problem)),
    };
    let in_secret = fields
        .org_id
        .map(|id| id.trim().to_owned())
        .filter(|id| !id.is_empty());
    let org_id = match (in_secret, config.umapi.org_id.clone()) {
        (Some(one), Some(other)) if one != other => {
            return Ok(Err(format!(
                "The org_id of the secret {name} and enterprise.org_id of the file differ: make them equal, or drop one."
            )));
        }
        (Some(id), _) | (None, Some(id)) => Some(id),
        (None, None) => None,
    };
    Ok(
        match (given(fields.client_id), given(fields.client_secret), org_id) {
            (Some(client_id), Some(client_secret), Some(org_id)) => Ok(umapi::Credentials {
                client_id,
                client_secret,
                org_id,
            }),
            (Some(_), Some(_), None) => Err(format!(
                "There is no org_id: write it as enterprise.org_id into the file, or into the secret {name}."
            )),
            _ => Err(format!("The secret {name} must hold {ADOBE_JSON}.")),
        },
    )
}

/// Why there are no fields, and whether it is because there is no secret.
struct Absent {
    problem: String,
    missing: bool,
}

async fn fields(
    secrets: &impl Secrets,
    name: &str,
    wanted: &str,
) -> Result<Result<Fields, Absent>, Error> {
    let text = match secrets.get(name).await {
        Ok(text) => text,
        Err(error @ SecretError::Unavailable { .. }) => {
            return Err(Error::SecretsUnavailable(error));
        }
        Err(error) => return Ok(Err(absent(&error, wanted))),
    };
    Ok(
        serde_json::from_str(text.expose_secret()).map_err(|_unshown| Absent {
            problem: format!("The secret {name} is not the JSON that is wanted: {wanted}."),
            missing: false,
        }),
    )
}

fn absent(error: &SecretError, wanted: &str) -> Absent {
    let advice = match error {
        SecretError::Missing { .. } => format!("create it and fill it with {wanted}"),
        SecretError::Empty { .. } => format!("fill it with {wanted}"),
        SecretError::Denied { .. } | SecretError::Unavailable { .. } => {
            "let the function's role read it (secretsmanager:GetSecretValue, and kms:Decrypt for a key of your own)".to_owned()
        }
    };
    // An empty secret is one that nobody needed yet, as the template leaves it.
    let missing = matches!(
        error,
        SecretError::Missing { .. } | SecretError::Empty { .. }
    );
    Absent {
        problem: format!("{error}: {advice}."),
        missing,
    }
}

fn given(secret: Option<SecretString>) -> Option<SecretString> {
    secret.filter(|text| !text.expose_secret().trim().is_empty())
}
