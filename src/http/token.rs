//! An access token, renewed before it expires.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

/// A token is renewed this long before it expires.
const EARLY: Duration = Duration::from_mins(5);

/// An access token and the end of its life.
#[derive(Debug, Clone)]
pub struct Token {
    /// What goes into the `Authorization` header.
    pub secret: SecretString,
    /// `None` where the issuer sets no end.
    pub expires: Option<Timestamp>,
}

/// The token in use, if any.
#[derive(Debug, Default)]
pub struct TokenCache(Mutex<Option<Token>>);

impl TokenCache {
    /// The token in use, unless it is about to expire.
    pub fn fresh(&self, now: Timestamp) -> Option<SecretString> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let token = held.as_ref()?;
        let fresh = token
            .expires
            .is_none_or(|end| end.checked_sub(EARLY).is_ok_and(|renew| now < renew));
        fresh.then(|| token.secret.clone())
    }

    /// Uses this token from now on.
    pub fn store(&self, token: Token) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }

    /// Forgets the token: the service refused it.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    fn holding(expires: Option<Timestamp>) -> TokenCache {
        let cache = TokenCache::default();
        cache.store(Token {
            secret: "a token".into(),
            expires,
        });
        cache
    }

    #[test]
    fn a_token_is_used_until_five_minutes_before_its_end() {
        let cache = holding(Some(at(60)));
        assert_eq!(cache.fresh(at(54)).unwrap().expose_secret(), "a token");
        assert!(cache.fresh(at(55)).is_none());
        assert!(cache.fresh(at(61)).is_none());
    }

    #[test]
    fn a_token_without_an_end_is_used_until_it_is_refused() {
        let cache = holding(None);
        assert!(cache.fresh(at(1_000_000)).is_some());
        cache.forget();
        assert!(cache.fresh(at(0)).is_none());
    }
}
