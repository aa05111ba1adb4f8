//! OAuth server-to-server: the only credentials that Adobe still issues.

use std::time::Duration;

use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};

use super::wire::TokenReply;
use super::{Credentials, Error};
use crate::http::{self, Call, Http, RetryPolicy, Token, TokenCache};

const ENDPOINT: &str = "Adobe token";
const SCOPE: &str = "openid,AdobeID,user_management_sdk";

/// A token for one organization, renewed before it expires.
#[derive(Debug)]
pub(super) struct Auth {
    url: Url,
    policy: RetryPolicy,
    held: TokenCache,
}

impl Auth {
    pub(super) fn new(url: Url, policy: RetryPolicy) -> Self {
        Self {
            url,
            policy,
            held: TokenCache::default(),
        }
    }

    /// The token in use, or a new one.
    pub(super) async fn token(
        &self,
        http: &Http,
        credentials: &Credentials,
    ) -> Result<SecretString, Error> {
        if let Some(token) = self.held.fresh(http.clock().now()) {
            return Ok(token);
        }
        let call = Call {
            endpoint: ENDPOINT,
            pace: None,
            policy: self.policy,
        };
        let sent = http.send(call, async |transport| {
            let form = [
                ("grant_type", "client_credentials"),
                ("client_id", credentials.client_id.expose_secret()),
                ("client_secret", credentials.client_secret.expose_secret()),
                ("scope", SCOPE),
            ];
            let request = transport
                .request(Method::POST, self.url.clone())
                .form(&form);
            request.build().map_err(|cause| http::Error::Request {
                endpoint: ENDPOINT,
                cause,
            })
        });
        let sent = sent.await.map_err(|error| refused(error))?;
        let reply: TokenReply =
            serde_json::from_slice(sent.reply.bytes()).map_err(|_| Error::BadReply {
                endpoint: ENDPOINT,
                reason: "it holds no access_token with expires_in".to_owned(),
            })?;
        let life = Duration::from_secs(reply.expires_in);
        let token = Token {
            secret: reply.access_token.clone(),
            expires: http.clock().now().checked_add(life).ok(),
        };
        self.held.store(token);
        Ok(reply.access_token)
    }

    /// The service refused the token.
    pub(super) fn forget(&self) {
        self.held.forget();
    }
}

fn refused(error: http::Error) -> Error {
    match error {
        http::Error::Status {
            status: status @ (400 | 401 | 403),
            ..
        } => Error::Refused {
            endpoint: ENDPOINT,
            status,
            advice: "client_id or client_secret in the secret for Adobe is wrong, or the OAuth server-to-server \
                     credential lacks the User Management API",
        },
        other => super::client::from_http(other),
    }
}
