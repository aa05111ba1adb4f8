//! AWS Signature Version 4 of a request without a query
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>).

use std::fmt::Write as _;

use hyper::HeaderMap;
use sha2::{Digest as _, Sha256};

use super::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};

/// What changes the meaning of a request.
const MUST_BE_SIGNED: [&str; 3] = ["host", "x-amz-date", "x-amz-target"];
/// Sha-256 works on blocks of this size.
const BLOCK: usize = 64;

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not signed.
    Unsigned,
    /// By a key that is not known.
    UnknownKey,
    /// With another secret, or changed on the way.
    Wrong,
}

impl Refusal {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "MissingAuthenticationTokenException",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::Wrong => "InvalidSignatureException",
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Unsigned => "Missing Authentication Token",
            Self::UnknownKey => "The security token included in the request is invalid.",
            Self::Wrong => {
                "The request signature we calculated does not match the signature you provided."
            }
        }
    }
}

/// Checks the signature of a POST.
pub(super) fn check(
    headers: &HeaderMap,
    path: &str,
    body: &[u8],
    service: &str,
) -> Result<(), Refusal> {
    let authorization = text(headers, "authorization");
    let fields = authorization
        .and_then(|value| value.strip_prefix("AWS4-HMAC-SHA256 "))
        .ok_or(Refusal::Unsigned)?;
    let credential = field(fields, "Credential").ok_or(Refusal::Unsigned)?;
    let (key, scope) = credential.split_once('/').ok_or(Refusal::Unsigned)?;
    if key != ACCESS_KEY_ID {
        return Err(Refusal::UnknownKey);
    }
    let signed = field(fields, "SignedHeaders").unwrap_or_default();
    let date = text(headers, "x-amz-date").unwrap_or_default();
    let parts: Vec<&str> = scope.split('/').collect();
    let [day, region, for_service, "aws4_request"] = parts[..] else {
        return Err(Refusal::Wrong);
    };
    let is_signed = |name: &&str| signed.split(';').any(|known| known == *name);
    let complete = MUST_BE_SIGNED.iter().all(is_signed);
    if for_service != service || !date.starts_with(day) || !complete {
        return Err(Refusal::Wrong);
    }
    let hash = hex(&Sha256::digest(canonical(headers, path, signed, body)));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{hash}");
    let secret = format!("AWS4{SECRET_ACCESS_KEY}").into_bytes();
    let key = [day, region, service, "aws4_request"]
        .iter()
        .fold(secret, |key, part| hmac(&key, part.as_bytes()));
    let expected = hex(&hmac(&key, to_sign.as_bytes()));
    if field(fields, "Signature") == Some(&expected) {
        Ok(())
    } else {
        Err(Refusal::Wrong)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A field of `Authorization`: `name=value, name=value`.
fn field<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = fields
        .split(',')
        .filter_map(|pair| pair.trim().split_once('='));
    let found = pairs.find(|(known, _)| *known == name);
    found.map(|(_, value)| value)
}

/// The canonical request. A signed header that is missing counts as empty, which is another request.
fn canonical(headers: &HeaderMap, path: &str, signed: &str, body: &[u8]) -> String {
    let line = |name| {
        let value = text(headers, name).unwrap_or_default();
        format!("{name}:{}\n", value.trim())
    };
    let lines: String = signed.split(';').map(line).collect();
    let hash = hex(&Sha256::digest(body));
    format!("POST\n{path}\n\n{lines}\n{signed}\n{hash}")
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = if key.len() > BLOCK {
        Sha256::digest(key).to_vec()
    } else {
        key.to_vec()
    };
    block.resize(BLOCK, 0);
    let pad = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = Sha256::digest([pad(0x36), message.to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("it is a String");
        text
    })
}
