//! The district's access token: given, or found in Clever's listing of the tokens of an application.

use std::collections::BTreeMap;

use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::advice;
use super::wire::{self, NoPage};
use crate::http::{Http, Reply};
use crate::sis::ask::{Ask, with_query};
use crate::sis::{Credentials, Error};

const ENDPOINT: &str = "Clever tokens";

/// What it takes to get a token.
#[derive(Debug)]
pub(super) struct Access<'a> {
    pub(super) http: &'a Http,
    pub(super) credentials: &'a Credentials,
    /// The token listing.
    pub(super) token_url: &'a Url,
    /// Which district, for an application that serves several.
    pub(super) district: Option<&'a str>,
    /// The secret that holds the credentials, where the configuration names one.
    pub(super) secret: Option<&'a str>,
}

/// Access tokens by district id.
type Tokens = BTreeMap<String, SecretString>;

#[derive(Deserialize)]
struct Listing {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    owner: Owner,
    access_token: String,
}

#[derive(Deserialize)]
struct Owner {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

impl Access<'_> {
    /// The token of the one district that this is about.
    pub(super) async fn bearer(&self) -> Result<SecretString, Error> {
        let (id, secret) = match self.credentials {
            Credentials::Token(token) => return Ok(token.clone()),
            Credentials::Client { id, secret } => (id, secret),
        };
        if let Some(district) = self.district {
            match self.list(id, secret, Some(district)).await {
                Ok(tokens) if tokens.contains_key(district) => {
                    return choose(tokens, Some(district));
                }
                // Not among the application's, or no id at all: all of them are listed, to say which there are.
                Ok(_)
                | Err(Error::Refused {
                    status: 400 | 404, ..
                }) => {}
                Err(error) => return Err(error),
            }
        }
        choose(self.list(id, secret, None).await?, self.district)
    }

    async fn list(
        &self,
        id: &SecretString,
        secret: &SecretString,
        district: Option<&str>,
    ) -> Result<Tokens, Error> {
        let ask = Ask {
            endpoint: ENDPOINT,
            page: 1,
            advice: advice::of_tokens,
            secret: self.secret,
            kept: false,
        };
        let mut query = vec![("owner_type", "district")];
        query.extend(district.map(|district| ("district", district)));
        let url = with_query(self.token_url.clone(), &query);
        let authorize = |request: RequestBuilder, _url: &Url| {
            let secret = secret.expose_secret().trim();
            request.basic_auth(id.expose_secret().trim(), Some(secret))
        };
        ask.get(self.http, url, authorize, tokens).await
    }
}

fn tokens(reply: &Reply) -> Result<Tokens, NoPage> {
    let listing: Listing = wire::json(reply)?;
    Ok(listing
        .data
        .into_iter()
        .filter(|entry| entry.owner.kind == "district")
        .map(|entry| (entry.owner.id, entry.access_token.into()))
        .collect())
}

/// The chosen district's token, or the only one's. An application that serves several districts must say which: the
/// wrong one would take every licence away.
fn choose(mut tokens: Tokens, district: Option<&str>) -> Result<SecretString, Error> {
    let districts = tokens.len();
    let ids = tokens.keys().cloned().collect::<Vec<_>>().join(", ");
    let chosen = match district {
        Some(district) => tokens.remove(district),
        None if districts == 1 => tokens.pop_first().map(|(_, token)| token),
        None => None,
    };
    chosen.ok_or_else(|| {
        Error::Configuration(match district {
            _ if districts == 0 => "no district shares its data with this Clever application".to_owned(),
            Some(district) => format!(
                "connection.district_id '{district}' is none of the districts that share their data with this Clever application: {ids}"
            ),
            None => format!(
                "several districts share their data with this Clever application; set connection.district_id to the id of yours: {ids}"
            ),
        })
    })
}
