//! What can be set about how strict and how fast Adobe is.

use std::time::Duration;

use super::org::Identity;
use super::route::Endpoint;

/// Adobe's limits. The defaults are the documented ones; 0 requests a minute is no limit.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Accounts on a page of users (at most 2000 are documented).
    pub page_size: usize,
    /// Groups on a page of groups (the documentation's news of February 2020).
    pub group_page_size: usize,
    /// Action requests in a minute.
    pub actions_per_minute: usize,
    /// Pages of users in a minute; those of one group have a count of their own with the same limit.
    pub user_pages_per_minute: usize,
    /// Readings of a single account in a minute.
    pub single_users_per_minute: usize,
    /// Pages of groups in a minute.
    pub group_pages_per_minute: usize,
    /// Whether the first page of all users, or of all groups, is refused within two hours of the last time, and
    /// everything else while that refusal's wait runs.
    pub two_hours_between_full_reads: bool,
    /// After so many action requests everything is refused for fifty minutes, as where others use up what all clients
    /// share. 0 is never.
    pub busy_after_actions: usize,
    /// Actions in a request.
    pub actions_in_a_request: usize,
    /// Steps in an action.
    pub steps_in_an_action: usize,
    /// Names in the list of one step.
    pub names_in_a_step: usize,
    /// Members and profiles that all steps of one group action name together. The documentation does not say whether
    /// its 10 is meant by step or by action; this is the strict reading.
    pub members_in_a_group_action: usize,
    /// Whether new enterprise and federated accounts need first and last name.
    pub require_names: bool,
    /// The domains the organization has claimed; `None`: every domain, for any kind of account.
    pub claimed_domains: Option<Vec<Claim>>,
    /// The order in which the actions of one request are carried out.
    pub order: Order,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            page_size: 2000,
            group_page_size: 400,
            actions_per_minute: 10,
            user_pages_per_minute: 25,
            single_users_per_minute: 25,
            group_pages_per_minute: 5,
            two_hours_between_full_reads: false,
            busy_after_actions: 0,
            actions_in_a_request: 10,
            steps_in_an_action: 10,
            names_in_a_step: 10,
            members_in_a_group_action: 10,
            require_names: true,
            claimed_domains: None,
            order: Order::Reversed,
        }
    }
}

impl Rules {
    /// The claim of a domain; `Ok(None)` where every domain is claimed, `Err` where this one is not.
    pub(super) fn claim(&self, domain: &str) -> Result<Option<&Claim>, ()> {
        let Some(claims) = &self.claimed_domains else {
            return Ok(None);
        };
        let found = claims
            .iter()
            .find(|claim| claim.domain.eq_ignore_ascii_case(domain));
        found.map(Some).ok_or(())
    }
}

/// A domain that the organization has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The domain.
    pub domain: String,
    /// The directory it is in. Addresses move between domains of one directory only.
    pub directory: String,
    /// The kind of accounts that the directory holds.
    pub identity: Identity,
}

impl Claim {
    /// In a directory of its own.
    pub fn new(domain: &str, identity: Identity) -> Self {
        Self {
            domain: domain.to_owned(),
            directory: domain.to_owned(),
            identity,
        }
    }

    /// In that directory.
    #[must_use]
    pub fn in_directory(mut self, directory: &str) -> Self {
        directory.clone_into(&mut self.directory);
        self
    }
}

/// The order in which the actions of one request are carried out. Adobe promises none, so none is a client's to rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they stand in the request.
    AsSent,
    /// The last one first.
    Reversed,
    /// Shuffled, in the same way for the same seed and number of actions.
    Shuffled(u64),
}

impl Order {
    /// The positions 0 to `count`, each once.
    pub(super) fn of(self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        match self {
            Self::AsSent => {}
            Self::Reversed => order.reverse(),
            Self::Shuffled(seed) => {
                let mut state = seed;
                order.sort_by_cached_key(|_| scramble(&mut state));
            }
        }
        order
    }
}

/// One step of `SplitMix64`.
fn scramble(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// How long requests take, in the clock's time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Latency {
    /// A token.
    pub token: Duration,
    /// A page of users, or of a group's users.
    pub users: Duration,
    /// A single account.
    pub user: Duration,
    /// A page of groups.
    pub groups: Duration,
    /// An action request.
    pub action: Duration,
}

impl Latency {
    /// Everything at once.
    pub fn none() -> Self {
        Self::default()
    }

    /// Of the size that is seen in practice.
    pub fn typical() -> Self {
        Self {
            token: Duration::from_millis(300),
            users: Duration::from_secs(2),
            user: Duration::from_millis(300),
            groups: Duration::from_secs(1),
            action: Duration::from_millis(700),
        }
    }

    pub(super) fn of(self, endpoint: Endpoint) -> Duration {
        match endpoint {
            Endpoint::Token => self.token,
            Endpoint::Users | Endpoint::UsersOfGroup => self.users,
            Endpoint::User => self.user,
            Endpoint::Groups => self.groups,
            Endpoint::Action => self.action,
            Endpoint::Unknown => Duration::ZERO,
        }
    }
}
