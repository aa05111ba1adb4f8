//! OAuth 1.0a without a user ("two-legged"): every request is signed with the client's secret (RFC 5849, section 3.4).
//! Nothing is asked for beforehand, and no token is involved.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::Sha256;

/// All but letters, digits, `-`, `.`, `_` and `~` (RFC 5849, section 3.6; the unreserved letters of RFC 3986).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How requests are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `HMAC-SHA1`, the only one that RFC 5849 has.
    HmacSha1,
    /// `HMAC-SHA256`, which OneRoster 1.1 prefers.
    HmacSha256,
}

impl Method {
    /// The name that the request carries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }

    /// The digest in base64.
    fn digest(self, key: &[u8], text: &[u8]) -> String {
        // A key of any length will do.
        let digest = match self {
            Self::HmacSha1 => Hmac::<Sha1>::new_from_slice(key)
                .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec()),
            Self::HmacSha256 => Hmac::<Sha256>::new_from_slice(key)
                .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec()),
        };
        STANDARD.encode(digest.unwrap_or_default())
    }
}

/// Percent-encodes everything but letters, digits, `-`, `.`, `_` and `~`; a blank is `%20`.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Signs requests of one client.
#[derive(Debug)]
pub struct Signer {
    method: Method,
    id: SecretString,
    secret: SecretString,
    random: RandomState,
    signed: AtomicU64,
}

/// An `Authorization` header that never shows itself.
pub struct Authorization(String);

/// Masked: whoever has it can repeat the request.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorization(…)")
    }
}

impl TryFrom<Authorization> for HeaderValue {
    type Error = InvalidHeaderValue;

    fn try_from(header: Authorization) -> Result<Self, Self::Error> {
        let mut value = Self::try_from(header.0)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Signer {
    /// For a client's id (the consumer key) and secret. Blanks around them do not count.
    pub fn new(method: Method, id: SecretString, secret: SecretString) -> Self {
        Self {
            method,
            id,
            secret,
            random: RandomState::new(),
            signed: AtomicU64::new(0),
        }
    }

    /// The header for one attempt at a request without a body: `http` is its method in capitals, `url` what is sent.
    /// Every call has a nonce of its own, so an attempt that is repeated is signed anew.
    pub fn authorization(&self, http: &str, url: &Url, now: Timestamp) -> Authorization {
        self.sign(http, url, now, &self.nonce())
    }

    fn sign(&self, http: &str, url: &Url, now: Timestamp, nonce: &str) -> Authorization {
        let time = now.as_second().to_string();
        let mut oauth = vec![
            ("oauth_consumer_key", self.id.expose_secret().trim()),
            ("oauth_signature_method", self.method.as_str()),
            ("oauth_timestamp", &time),
            ("oauth_nonce", nonce),
        ];
        let key = format!("{}&", encode(self.secret.expose_secret().trim()));
        let text = base_string(http, url, &oauth);
        let signature = self.method.digest(key.as_bytes(), text.as_bytes());
        oauth.push(("oauth_signature", &signature));
        let pairs = oauth
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", encode(value)));
        Authorization(format!("OAuth {}", pairs.collect::<Vec<_>>().join(",")))
    }

    /// Nobody can guess it: the hasher's keys are random. The count at its end makes it one that this signer has not
    /// used.
    fn nonce(&self) -> String {
        let count = self.signed.fetch_add(1, Ordering::Relaxed);
        let [one, other] = [0_u8, 1].map(|half| self.random.hash_one((count, half)));
        format!("{one:016x}{other:016x}{count:x}")
    }
}

/// What is signed (RFC 5849, section 3.4.1): method, address and parameters. `others` are the parameters that are not
/// in the query.
fn base_string(http: &str, url: &Url, others: &[(&str, &str)]) -> String {
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| (encode(&name), encode(&value)))
        .collect();
    pairs.extend(
        others
            .iter()
            .map(|(name, value)| (encode(name), encode(value))),
    );
    pairs.sort();
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    let parameters = pairs.collect::<Vec<_>>().join("&");
    format!("{http}&{}&{}", encode(&base_uri(url)), encode(&parameters))
}

/// Scheme, host and path (section 3.4.1.2). A parsed URL has scheme and host in small letters and no default port.
fn base_uri(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}"));
    let port = port.unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn signer(method: Method, secret: &str) -> Signer {
        Signer::new(method, "key123".into(), secret.into())
    }

    /// The signature with the time and nonce that UST's connector was watched with.
    fn signature(secret: &str, path: &str) -> String {
        let url = url(&format!("https://h.example/ims/oneroster/v1p1/{path}"));
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let header = signer(Method::HmacSha256, secret)
            .sign("GET", &url, now, "0000000000")
            .0;
        let (_, value) = header.split_once("oauth_signature=\"").unwrap();
        let encoded = value.trim_end_matches('"');
        percent_encoding::percent_decode_str(encoded)
            .decode_utf8()
            .unwrap()
            .into_owned()
    }

    #[test]
    fn signatures_are_those_of_ust() {
        assert_eq!(
            signature("secretABC", "classes?limit=1000&offset=0"),
            "EYYL+7vhvDEQKJh9ZLomlFPEFXBAkxkZQfD1HzhrD6U="
        );
        assert_eq!(
            signature("secretABC", "classes/31763/students?limit=1000&offset=0"),
            "Ku8VE6+CJHQh36eiKRB0w4lSh8HjqdIABLjqfC5HejM="
        );
        // UST encodes blanks in secrets and values otherwise than the RFC; a slash and a plus in the secret are as here.
        assert_eq!(
            signature("se/cr+et", "users?limit=2&offset=4"),
            "WGlEtfotXkuWtm1V67vS1ueYNeKq9X4kvMxhv0dnw6w="
        );
    }

    #[test]
    fn the_header_names_what_was_signed() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let url = url("https://h.example/classes?limit=1");
        let header = signer(Method::HmacSha1, "s")
            .sign("GET", &url, now, "n-1")
            .0;
        assert!(
            header.starts_with(
                "OAuth oauth_consumer_key=\"key123\",oauth_signature_method=\"HMAC-SHA1\",oauth_timestamp=\"1700000000\",oauth_nonce=\"n-1\",oauth_signature=\""
            ),
            "{header}"
        );
    }

    /// RFC 5849, section 3.4.1.1.
    #[test]
    fn the_base_string_is_that_of_the_rfc() {
        let url = url("http://EXAMPLE.com:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b");
        let others = [
            ("oauth_consumer_key", "9djdj82h48djs9d2"),
            ("oauth_token", "kkk9d7dh3k39sjv7"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "7d8f3e4a"),
            ("c2", ""),
            ("a3", "2 q"),
        ];
        assert_eq!(
            base_string("POST", &url, &others),
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
        );
    }

    /// RFC 5849, section 1.2: the request for a photo. It has a token, whose secret ends the key.
    #[test]
    fn the_signature_is_that_of_the_rfc() {
        let url = url("http://photos.example.net/photos?file=vacation.jpg&size=original");
        let others = [
            ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
            ("oauth_token", "nnch734d00sl2jdk"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131202"),
            ("oauth_nonce", "chapoH"),
        ];
        let text = base_string("GET", &url, &others);
        assert_eq!(
            Method::HmacSha1.digest(b"kd94hf93k423kf44&pfkkdhi9sl3r4s00", text.as_bytes()),
            "MdpQcU8iPSUjWoN/UDMsK2sui9I="
        );
    }

    #[test]
    fn the_address_has_no_default_port_and_keeps_others() {
        for (given, expected) in [
            (
                "HTTPS://H.Example:443/A%20b/X?id=1",
                "https://h.example/A%20b/X",
            ),
            ("http://h.example:80/", "http://h.example/"),
            ("http://h.example:8080/x", "http://h.example:8080/x"),
            ("https://[::1]:4430/a%2Fb", "https://[::1]:4430/a%2Fb"),
        ] {
            assert_eq!(base_uri(&url(given)), expected);
        }
    }

    #[test]
    fn parameters_are_encoded_and_sorted_in_their_encoded_form() {
        for (query, expected) in [
            ("a=2&a=10&a=1", "a%3D1%26a%3D10%26a%3D2"),
            (
                "b=%C3%A9&a=%F0%9F%8E%93",
                "a%3D%25F0%259F%258E%2593%26b%3D%25C3%25A9",
            ),
            (
                "a=1%2B1&b=%2A&c=%27&d=x%2Fy",
                "a%3D1%252B1%26b%3D%252A%26c%3D%2527%26d%3Dx%252Fy",
            ),
            ("a=%7E-._&b=%20", "a%3D~-._%26b%3D%2520"),
            // `é` sorts after `z` as a letter and before it encoded.
            ("z=1&%C3%A9=1", "%25C3%25A9%3D1%26z%3D1"),
        ] {
            let text = base_string("GET", &url(&format!("https://h.example/x?{query}")), &[]);
            assert_eq!(text, format!("GET&https%3A%2F%2Fh.example%2Fx&{expected}"));
        }
    }

    #[test]
    fn no_nonce_comes_twice() {
        let signers = ["a", "b"].map(|secret| signer(Method::HmacSha256, secret));
        let nonces: BTreeSet<String> = signers
            .iter()
            .flat_map(|signer| (0..1000).map(|_| signer.nonce()))
            .collect();
        assert_eq!(nonces.len(), 2000);
        assert!(nonces.iter().all(|nonce| nonce.len() > 32));
    }

    #[test]
    fn nothing_secret_is_shown() {
        let signer = Signer::new(Method::HmacSha256, "planted".into(), "planted".into());
        let url = url("https://h.example/x");
        let header = signer.authorization("GET", &url, Timestamp::UNIX_EPOCH);
        let text = format!("{signer:?} {header:?}");
        assert!(
            !text.contains("planted") && !text.contains("oauth_"),
            "{text}"
        );
        let value = HeaderValue::try_from(header).unwrap();
        assert_eq!(format!("{value:?}"), "Sensitive");
    }
}
