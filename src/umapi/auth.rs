//! OAuth server-to-server: client id and secret are traded for an access token.

use reqwest::header::ACCEPT;
use reqwest::{Method, Request, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use super::{Error, advice, endpoint};
use crate::clock::Clock;
use crate::http::{self, Call, Http, ReadError, Reply, RetryPolicy, Token, TokenCache, Transport};

/// What the User Management API asks for (umapi-documentation, `UM_Authentication.md`).
const SCOPE: &str = "openid,AdobeID,user_management_sdk";

/// The credential and the token in use. Several tokens can be valid at once: asking for one ends no other.
#[derive(Debug)]
pub(super) struct Auth {
    client_id: SecretString,
    client_secret: SecretString,
    token_url: Url,
    policy: RetryPolicy,
    token: TokenCache,
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    /// Seconds.
    expires_in: Option<u32>,
}

impl Auth {
    pub(super) fn new(
        client_id: &SecretString,
        client_secret: &SecretString,
        token_url: Url,
        policy: RetryPolicy,
    ) -> Self {
        let trimmed = |text: &SecretString| SecretString::from(text.expose_secret().trim());
        Self {
            client_id: trimmed(client_id),
            client_secret: trimmed(client_secret),
            token_url,
            policy,
            token: TokenCache::default(),
        }
    }

    /// What goes into `X-Api-Key`.
    pub(super) fn api_key(&self) -> &str {
        self.client_id.expose_secret()
    }

    /// The token in use, or a new one where that is about to expire.
    pub(super) async fn token(&self, http: &Http) -> Result<SecretString, Error> {
        match self.token.fresh(http.clock().now()) {
            Some(token) => Ok(token),
            None => self.ask(http).await,
        }
    }

    /// The token in use was refused.
    pub(super) fn forget(&self) {
        self.token.forget();
    }

    async fn ask(&self, http: &Http) -> Result<SecretString, Error> {
        let call = Call {
            endpoint: endpoint::TOKEN,
            pace: None,
            kept_as: None,
            policy: self.policy,
        };
        let build = async |transport: &Transport| self.request(transport);
        let token = http
            .read(call, build, |reply| issued(reply, http.clock()))
            .await
            .map_err(not_issued)?;
        let secret = token.secret.clone();
        self.token.store(token);
        Ok(secret)
    }

    /// The parameters are in the body: queries end up in logs.
    fn request(&self, transport: &Transport) -> Result<Request, http::Error> {
        transport
            .request(Method::POST, self.token_url.clone())
            .header(ACCEPT, "application/json")
            .form(&[
                ("grant_type", "client_credentials"),
                ("client_id", self.api_key()),
                ("client_secret", self.client_secret.expose_secret()),
                ("scope", SCOPE),
            ])
            .build()
            .map_err(|cause| http::Error::Request {
                endpoint: endpoint::TOKEN,
                cause: cause.without_url(),
            })
    }
}

/// The error says nothing of what the reply holds.
fn issued(reply: &Reply, clock: &Clock) -> Result<Token, &'static str> {
    let issued: Issued =
        serde_json::from_slice(reply.bytes()).map_err(|_holds_the_token| "it holds no token")?;
    if issued.access_token.is_empty() {
        return Err("the token is empty");
    }
    let expires = issued.expires_in.and_then(|seconds| {
        clock
            .now()
            .checked_add(jiff::SignedDuration::from_secs(seconds.into()))
            .ok()
    });
    Ok(Token {
        secret: issued.access_token.into(),
        expires,
    })
}

fn not_issued(error: ReadError<&'static str>) -> Error {
    match error {
        ReadError::Http(http::Error::OutOfTime { wait, .. }) => Error::OutOfTime { wait },
        ReadError::Http(http::Error::Status {
            status, ref body, ..
        }) if (300..500).contains(&status) && !matches!(status, 408 | 429) => {
            let body: Value = serde_json::from_slice(&body.0).unwrap_or_default();
            let code = body.get("error").and_then(Value::as_str);
            Error::Refused {
                endpoint: endpoint::TOKEN,
                status,
                advice: advice::on_token(status, code),
            }
        }
        ReadError::Http(error) => Error::Unavailable(error),
        ReadError::Unreadable(reason) => Error::BadReply {
            endpoint: endpoint::TOKEN,
            reason: reason.to_owned(),
        },
    }
}
