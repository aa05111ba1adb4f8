//! OAuth 1.0a with two legs, from the server's side (RFC 5849): no token, a consumer key and its secret.
//!
//! Where the RFC leaves a choice, the stricter one: parameters stand in the header alone, a nonce counts once.

use std::collections::{BTreeMap, BTreeSet};

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::Sha256;

use super::super::query::{self, escape};
use super::super::server::Request;
use super::Shared;

/// How far a timestamp may be from the server's clock, in seconds.
const LEEWAY: i64 = 300;
/// What a header needs.
const NEEDED: [&str; 5] = [
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
];

/// How a client signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `HMAC-SHA1`.
    HmacSha1,
    /// `HMAC-SHA256`.
    HmacSha256,
}

impl Method {
    /// As it stands in the header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }

    /// The bytes of the signature of a base string.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    pub fn sign(self, secret: &str, base: &str) -> Vec<u8> {
        let key = format!("{}&", escape(secret));
        match self {
            Self::HmacSha1 => mac::<Hmac<Sha1>>(&key, base),
            Self::HmacSha256 => mac::<Hmac<Sha256>>(&key, base),
        }
    }
}

fn mac<M: hmac::Mac + KeyInit>(key: &str, text: &str) -> Vec<u8> {
    let mac = <M as KeyInit>::new_from_slice(key.as_bytes()).expect("a key of any length");
    mac.chain_update(text.as_bytes())
        .finalize()
        .into_bytes()
        .to_vec()
}

/// The signature base string (section 3.4.1). `uri` has no query; `oauth` are the header's parameters, decoded and
/// without `realm`.
pub fn base_string(
    method: &str,
    uri: &str,
    query: &str,
    oauth: &BTreeMap<String, String>,
) -> String {
    let of_header = oauth
        .iter()
        .filter(|(name, _)| *name != "oauth_signature")
        .map(|(name, value)| (name.clone(), value.clone()));
    let mut pairs: Vec<(String, String)> = query::list(query)
        .into_iter()
        .chain(of_header)
        .map(|(name, value)| (escape(&name), escape(&value)))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "{}&{}&{}",
        method.to_uppercase(),
        escape(uri),
        escape(&pairs.join("&"))
    )
}

/// Key, timestamp and nonce of every request that was let in.
pub(super) type Used = BTreeSet<(String, String, String)>;

/// Lets a request in, and says whose district it is about; or says why not. `origins` are the names that the server goes by, each scheme, host and port.
pub(super) fn admit(
    request: &Request,
    method: Method,
    origins: &[String],
    districts: &[Shared],
    now: i64,
    used: &mut Used,
) -> Result<usize, &'static str> {
    let oauth = parameters(request)?;
    let of = |name: &str| oauth.get(name).map_or("", String::as_str);
    let mut known = districts.iter();
    let of_client = known.position(|shared| shared.client_id == of("oauth_consumer_key"));
    let place = of_client.ok_or("the consumer key is not known")?;
    let secret = &districts[place].client_secret;
    if of("oauth_signature_method") != method.as_str() {
        return Err("the signature method is not taken");
    }
    if oauth
        .get("oauth_version")
        .is_some_and(|version| version != "1.0")
    {
        return Err("the version is not 1.0");
    }
    if !of("oauth_token").is_empty() {
        return Err("there are no tokens here");
    }
    let time: i64 = of("oauth_timestamp")
        .parse()
        .map_err(|_no_number| "the timestamp is not a number")?;
    if (time - now).abs() > LEEWAY {
        return Err("the timestamp is too far from the server's clock");
    }
    let given = query::base64(of("oauth_signature"));
    let signed = |origin: &String| {
        let uri = format!("{origin}{}", request.path);
        let base = base_string(&request.method, &uri, &request.query, &oauth);
        given.as_ref() == Some(&method.sign(secret, &base))
    };
    if !origins.iter().any(signed) {
        return Err("the signature is wrong");
    }
    let once = ["oauth_consumer_key", "oauth_timestamp", "oauth_nonce"].map(of);
    let [key, timestamp, nonce] = once.map(str::to_owned);
    if !used.insert((key, timestamp, nonce)) {
        return Err("the nonce was used before");
    }
    Ok(place)
}

/// The parameters of `Authorization: OAuth …`, decoded, without `realm`.
fn parameters(request: &Request) -> Result<BTreeMap<String, String>, &'static str> {
    let headers = request.headers.iter();
    let headers: Vec<&String> = headers
        .filter(|(name, _)| name == "authorization")
        .map(|(_, value)| value)
        .collect();
    let [header] = headers[..] else {
        return Err("there is not one Authorization header");
    };
    let (scheme, rest) = header.split_once(' ').ok_or("the header has no scheme")?;
    if !scheme.eq_ignore_ascii_case("oauth") {
        return Err("the scheme is not OAuth");
    }
    let in_query = query::list(&request.query);
    if in_query.iter().any(|(name, _)| name.starts_with("oauth_")) {
        return Err("oauth parameters stand in the query");
    }
    let mut oauth = BTreeMap::new();
    for part in rest.split(',') {
        let (name, value) = part.trim().split_once('=').ok_or("a parameter is bare")?;
        let value = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .ok_or("a value has no quotes")?;
        if name == "realm" {
            continue;
        }
        let (name, value) = (query::percent(name), query::percent(value));
        if oauth.insert(name, value).is_some() {
            return Err("a parameter stands there twice");
        }
    }
    let missing = |name: &&str| oauth.get(*name).is_none_or(String::is_empty);
    if NEEDED.iter().any(missing) {
        return Err("a parameter is missing");
    }
    Ok(oauth)
}
