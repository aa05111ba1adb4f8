//! Identifiers, parsed once and compared in their normal form.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

/// Trimmed and lower-cased: how UST compares every name and address (`user-sync.py`, `normalize_string`). Letters with
/// accents are one whether a system writes them in one piece or in two (Unicode NFC).
pub fn fold(text: &str) -> String {
    let text = text.trim();
    // Almost every name and address, and there are many.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfc().collect::<String>().to_lowercase()
}

/// Whether nobody can see it, and it changes what they see: control characters, marks of direction, and the byte order mark.
/// Joiners are letters' own business.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Text that keeps its spelling and is compared by [`fold`].
macro_rules! folded_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            written: Arc<str>,
            folded: Arc<str>,
        }

        impl $name {
            /// Keeps the spelling, without surrounding blanks. Copies share their text: a district has hundreds of
            /// thousands of them.
            pub fn new(text: &str) -> Self {
                let written: Arc<str> = text.trim().into();
                let folded = fold(text);
                let folded = if *folded == *written { Arc::clone(&written) } else { folded.into() };
                Self { written, folded }
            }

            /// As written.
            pub fn as_str(&self) -> &str {
                &self.written
            }

            /// The form that is compared.
            pub fn folded(&self) -> &str {
                &self.folded
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.folded == other.folded
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.folded.cmp(&other.folded)
            }
        }

        /// As written.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.written)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|text| Self::new(&text))
            }
        }
    };
}

folded_text! {
    /// An e-mail address; two that differ in letter case or surrounding blanks are one.
    Email
}

folded_text! {
    /// The name of a user group, product profile or admin group in Adobe; compared without case.
    GroupName
}

/// Masked: an address is personal data.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl fmt::Debug for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GroupName").field(&self.written).finish()
    }
}

impl GroupName {
    /// Whether Adobe uses this name for an admin role (`_org_admin`, `_admin_<group>`, `_product_admin_<product>`, …).
    pub fn is_admin_role(&self) -> bool {
        self.folded.starts_with('_')
    }
}

/// The longest address that Adobe accepts (UMAPI, user object).
const LONGEST_EMAIL: usize = 60;

impl Email {
    /// Whether Adobe can take this as an address: one `@` with something on both sides, behind it a domain of several
    /// parts, no blanks, quotes or invisible marks, at most 60 characters.
    pub fn is_address(&self) -> bool {
        let mut parts = self.written.split('@');
        let two_sides = matches!(
            (parts.next(), parts.next(), parts.next()),
            (Some(local), Some(domain), None) if !local.is_empty() && domain.contains('.')
                && !domain.split('.').any(str::is_empty)
        );
        let odd = |c: char| {
            c.is_whitespace()
                || is_unseen(c)
                || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}')
                || r#"<>(),;:"[]\"#.contains(c)
        };
        two_sides && self.written.chars().count() <= LONGEST_EMAIL && !self.written.contains(odd)
    }
}

/// The identifier of a record in the roster source, as the source writes it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RosterId(String);

impl RosterId {
    /// Takes the id verbatim.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// As the source writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Masked: the id of a pupil is personal data.
impl fmt::Debug for RosterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RosterId(…)")
    }
}

/// Adobe's three kinds of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IdentityType {
    /// The person's own account.
    #[serde(rename = "adobeID")]
    Adobe,
    /// An account of the organization, with a password that Adobe keeps.
    #[serde(rename = "enterpriseID")]
    Enterprise,
    /// An account of the organization, with the school's single sign-on.
    #[serde(rename = "federatedID")]
    Federated,
}

impl IdentityType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::Adobe, Self::Enterprise, Self::Federated];

    /// UMAPI's and UST's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adobe => "adobeID",
            Self::Enterprise => "enterpriseID",
            Self::Federated => "federatedID",
        }
    }

    /// Whether the organization owns accounts of this type.
    pub fn is_owned(self) -> bool {
        match self {
            Self::Adobe => false,
            Self::Enterprise | Self::Federated => true,
        }
    }
}

impl fmt::Display for IdentityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not one of Adobe's three identity types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identity type: it is one of adobeID, enterpriseID, federatedID")]
pub struct UnknownIdentityType;

impl FromStr for IdentityType {
    type Err = UnknownIdentityType;

    /// Without regard to case and surrounding blanks, as in UST.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded = fold(text);
        Self::ALL
            .into_iter()
            .find(|t| t.as_str().to_lowercase() == folded)
            .ok_or(UnknownIdentityType)
    }
}

/// What makes an account one account for the rules: identity type, login name, and the domain where the login name
/// is not an e-mail address. All folded. (UST: "user key".)
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UserKey {
    /// The kind of account.
    pub identity_type: IdentityType,
    /// The folded login name.
    pub username: String,
    /// The folded domain; empty where the login name is an e-mail address.
    pub domain: String,
}

impl UserKey {
    /// The key of somebody who signs in with an e-mail address.
    pub fn of_email(identity_type: IdentityType, email: &Email) -> Self {
        Self {
            identity_type,
            username: email.folded().to_owned(),
            domain: String::new(),
        }
    }

    /// The key of an account. The e-mail address stands for an Adobe ID and for a missing login name.
    pub fn of_account(
        identity_type: IdentityType,
        email: &Email,
        username: Option<&str>,
        domain: Option<&str>,
    ) -> Self {
        let username = username.map(fold).filter(|name| !name.is_empty());
        match username {
            Some(username) if identity_type.is_owned() => {
                let domain = if username.contains('@') {
                    String::new()
                } else {
                    fold(domain.unwrap_or_default())
                };
                Self {
                    identity_type,
                    username,
                    domain,
                }
            }
            Some(_) | None => Self::of_email(identity_type, email),
        }
    }
}

/// Masked: a login name is personal data.
impl fmt::Debug for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserKey({}, …)", self.identity_type)
    }
}

/// A two-letter ISO country code in capitals, as Adobe wants it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Country(String);

/// Not a two-letter country code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a country is a two-letter ISO code such as US")]
pub struct InvalidCountry;

impl Country {
    /// `UD`, undefined: what Adobe takes for an enterprise account whose country nobody knows.
    pub fn undefined() -> Self {
        Self("UD".to_owned())
    }

    /// As Adobe wants it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Country {
    type Err = InvalidCountry;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.trim().to_ascii_uppercase();
        if code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(InvalidCountry)
        }
    }
}

impl TryFrom<String> for Country {
    type Error = InvalidCountry;

    fn try_from(code: String) -> Result<Self, InvalidCountry> {
        code.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_however_their_accents_are_written() {
        assert_eq!(
            GroupName::new("  Caf\u{e9} "),
            GroupName::new("CAFE\u{301}")
        );
        assert_eq!(GroupName::new(" Caf\u{e9} ").as_str(), "Caf\u{e9}");
        assert_ne!(Email::new("a@x.test"), Email::new("b@x.test"));
    }

    #[test]
    fn plain_text_is_compared_as_any_other() {
        let ascii: String = (0..128).filter_map(char::from_u32).collect();
        for text in [ascii.as_str(), " \u{b}O'Neil@X.test\t\n", "", "  "] {
            let long_way: String = text.trim().nfc().collect();
            assert_eq!(fold(text), long_way.to_lowercase(), "{text:?}");
        }
    }

    #[test]
    fn an_address_has_a_domain_without_empty_parts() {
        assert!(Email::new(" o'neil+art@pupils.x.test ").is_address());
        for domain in ["", "x", ".test", "x.", "x..test", "x .test"] {
            assert!(!Email::new(&format!("a@{domain}")).is_address(), "{domain}");
        }
    }
}
