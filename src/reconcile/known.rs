//! What passes remember of single accounts, under keyed hashes: since when they are Adobe-only, and whether a pass made or
//! changed them.

use std::collections::{BTreeMap, BTreeSet};

use hmac::digest::KeyInit as _;
use hmac::{Hmac, Mac as _};
use jiff::civil::Date;
use sha2::Sha256;

use super::action::Address;
use super::guard::{Checked, FindingName};
use super::outcome::{ActionOutcome, Outcomes};
use super::plan::{Change, Kind, Plan, Removal};
use crate::model::directory;
use crate::model::id::UserKey;

/// A keyed hash of an account: HMAC-SHA-256, cut to 16 bytes.
pub type Digest = [u8; 16];

/// The memory. Where there is none, nobody is known.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The key of the hashes.
    pub key: Vec<u8>,
    /// By hash.
    pub accounts: BTreeMap<Digest, KnownAccount>,
}

/// The key stays where it is.
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({})", self.accounts.len())
    }
}

/// One account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KnownAccount {
    /// The first day on which a pass found it to be Adobe-only, without a break since.
    pub gone_since: Option<Date>,
    /// Whether a pass has made or changed it.
    pub ours: bool,
}

impl Known {
    /// What is known under the key of an account.
    pub fn of(&self, key: &UserKey) -> KnownAccount {
        if self.accounts.is_empty() {
            return KnownAccount::default();
        }
        let known = self.accounts.get(&self.digest(key));
        known.copied().unwrap_or_default()
    }

    /// Whether a pass has made or changed the account. An action names it by its address, or by the login name that it
    /// was made with.
    pub fn is_ours(&self, account: &directory::User) -> bool {
        let by_address = key_of(&Address::of_account(account));
        self.of(&account.key()).ours || self.of(&by_address).ours
    }

    /// The hash of an account: over type, login name and domain, each with its length before it.
    pub fn digest(&self, key: &UserKey) -> Digest {
        let UserKey {
            identity_type,
            username,
            domain,
        } = key;
        let mut cut = Digest::default();
        // HMAC takes a key of any length.
        if let Ok(mut hash) = Hmac::<Sha256>::new_from_slice(&self.key) {
            for part in [identity_type.as_str(), username, domain] {
                hash.update(&part.len().to_be_bytes());
                hash.update(part.as_bytes());
            }
            let whole = hash.finalize().into_bytes();
            for (to, from) in cut.iter_mut().zip(whole) {
                *to = from;
            }
        }
        cut
    }

    /// What is known after a good pass of that day, which compared all accounts or those of some groups only. Told twice,
    /// it knows no more than once.
    pub fn learn(&mut self, checked: &Checked, outcomes: &Outcomes, today: Date, all: bool) {
        let plan = &checked.plan;
        if is_believed(checked) {
            self.learn_who_is_gone(plan, today, all);
        }
        let changes = plan.changes.iter().zip(&outcomes.changes);
        for (change, _) in changes.filter(|(_, outcome)| *outcome == &Some(ActionOutcome::Done)) {
            self.learn_change(change);
        }
        self.accounts
            .retain(|_, known| *known != KnownAccount::default());
    }

    fn learn_who_is_gone(&mut self, plan: &Plan, today: Date, all: bool) {
        let gone: BTreeSet<Digest> = plan.gone.iter().map(|key| self.digest(key)).collect();
        let returned: BTreeSet<Digest> = plan.returned.iter().map(|key| self.digest(key)).collect();
        for (account, known) in &mut self.accounts {
            // Of several groups only some accounts are read: nobody can tell what became of the others.
            if returned.contains(account) || (all && !gone.contains(account)) {
                known.gone_since = None;
            }
        }
        for account in gone {
            let known = self.accounts.entry(account).or_default();
            known.gone_since.get_or_insert(today);
        }
    }

    fn learn_change(&mut self, change: &Change) {
        let address = &change.address;
        if let Removal::FromOrg { .. } = change.remove {
            // Should somebody invite the person again, everything begins anew.
            self.forget(&key_of(address));
            return;
        }
        // Whoever only loses something is nobody's for that.
        if change.kind == Kind::AdobeOnly {
            return;
        }
        self.own(&key_of(address));
        if let Some(email) = &change.update.email {
            self.own(&UserKey::of_email(address.identity_type, email));
        }
    }

    fn own(&mut self, key: &UserKey) {
        let account = self.digest(key);
        self.accounts.entry(account).or_default().ours = true;
    }

    fn forget(&mut self, key: &UserKey) {
        self.accounts.remove(&self.digest(key));
    }
}

/// The key of the account that an action names so.
fn key_of(address: &Address) -> UserKey {
    let Address {
        identity_type,
        user,
        domain,
    } = address;
    UserKey::of_account(*identity_type, user, Some(user.as_str()), domain.as_deref())
}

/// Whether whoever looks gone is gone.
fn is_believed(checked: &Checked) -> bool {
    let unread = [FindingName::LimitedRead, FindingName::DistrictNotRunning];
    let mut findings = checked.findings.iter();
    !findings.any(|finding| unread.contains(&finding.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::IdentityType;

    fn known(key: &[u8]) -> Known {
        Known {
            key: key.to_vec(),
            accounts: BTreeMap::new(),
        }
    }

    fn key(username: &str, domain: &str) -> UserKey {
        UserKey {
            identity_type: IdentityType::Federated,
            username: username.to_owned(),
            domain: domain.to_owned(),
        }
    }

    #[test]
    fn the_hash_is_that_of_rfc_2104_over_parts_with_their_lengths() {
        // Worked out with Python's hmac and hashlib.
        let hash = known(b"key").digest(&key("ana", "x.test"));
        assert_eq!(
            u128::from_be_bytes(hash),
            0x4eb1_7246_9642_1cd2_394c_7fb3_50b5_c58d
        );
    }

    #[test]
    fn another_key_or_another_account_has_another_hash() {
        let of = |secret: &[u8], username, domain| known(secret).digest(&key(username, domain));
        let hashes = BTreeSet::from([
            of(b"1", "ana", "x.test"),
            of(b"2", "ana", "x.test"),
            of(b"1", "anax", ".test"),
            of(b"1", "ana", ""),
        ]);
        assert_eq!(hashes.len(), 4);
        assert_eq!(of(b"1", "ana", ""), of(b"1", "ana", ""));
    }
}
