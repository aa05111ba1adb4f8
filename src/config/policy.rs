//! What the root file says of caution: whom no pass touches, which dates count, how much may go in one pass, how long
//! somebody who is gone keeps what they have.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::model::id::{GroupName, IdentityType};

use super::pattern::Pattern;

/// Whom no pass touches: `adobe_users.exclude_*`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exclusions {
    /// Accounts of these types.
    pub identity_types: BTreeSet<IdentityType>,
    /// Accounts that hold one of these groups.
    pub groups: BTreeSet<GroupName>,
    /// Accounts whose login name matches one of these.
    pub users: Vec<Pattern>,
    /// `protected`.
    pub protected: Protected,
}

/// Whom and what no action ever names: `protected`. Patterns mean whole texts, without regard to case; one that cannot tell
/// protects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protected {
    /// `users`: people and accounts with one of these login names or e-mail addresses.
    pub users: Vec<Pattern>,
    /// `domains`: people and accounts whose login name or e-mail address is of one of these domains.
    pub domains: Vec<Pattern>,
    /// `groups`: nobody joins or leaves these Adobe groups. Who holds one keeps the place in the organization.
    pub groups: Vec<Pattern>,
    /// `foreign_accounts`: whether accounts stay in the organization that no pass has made or changed.
    pub foreign_accounts: bool,
}

/// Which of the roster's own signs and dates count; each is on unless the file switches it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// `dates.status`: records that are not `active` do not count.
    pub status: bool,
    /// `dates.enabled_user`: people whom `enabledUser` keeps from signing in do not count.
    pub enabled_user: bool,
    /// `dates.terms`: a class counts on the days of its terms.
    pub terms: bool,
    /// `dates.enrollments`: an enrollment counts from its first to its last day.
    pub enrollments: bool,
    /// `dates.roles`: somebody is a student or a teacher from the first to the last day of the role.
    pub roles: bool,
}

impl Default for Dates {
    fn default() -> Self {
        Self {
            status: true,
            enabled_user: true,
            terms: true,
            enrollments: true,
            roles: true,
        }
    }
}

/// `limits` of the root file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `max_adobe_only_users`.
    pub max_adobe_only_users: Limit,
    /// `max_plan_age_hours`, 1 to 168: a pass whose roster was read longer ago sends nothing more.
    pub max_plan_age: Duration,
    /// `max_directory_age_hours`, 0 to 168: mode plan makes do with a reading of Adobe that is younger; 0 is none.
    pub max_directory_age: Duration,
    /// `max_approval_age_days`, 1 to 90: an approval that is older lets nothing through.
    pub max_approval_age: Duration,
    /// `max_group_removals`, `max_group_removals_percent`: members who leave one Adobe group, of its managed members.
    pub group_removals: MoreThan,
    /// `never_empty_groups_of`: a group with so many managed members does not lose all of them.
    pub whole_group: WholeGroup,
    /// `max_removals`, `max_removals_percent`: memberships that end, of all managed memberships.
    pub removals: MoreThan,
    /// `max_people_missing`, `max_people_missing_percent`: people whom the roster no longer has, of those it had.
    pub people_missing: MoreThan,
    /// `max_group_people_missing`, `max_group_people_missing_percent`: the same of one directory group.
    pub group_people_missing: MoreThan,
    /// `max_other_identity_type`, `max_other_identity_type_percent`: people who are in Adobe under another identity type,
    /// of those who are there at all.
    pub other_identity_type: MoreThan,
}

/// Whether an object of this name below `approvals/` is an approval: it lies there directly, and its name ends in `.json`.
pub fn is_approval(name: &str) -> bool {
    let name = name.strip_suffix(".json");
    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// What a guard takes for a mistake: more than a number **and** more than a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoreThan {
    /// So many.
    pub count: u64,
    /// So many in a hundred. 100 is never exceeded.
    pub percent: u8,
}

impl MoreThan {
    /// Whether so many of so many are too many.
    pub fn is_exceeded(self, number: usize, of: usize) -> bool {
        let [number, of] = [number, of].map(|n| u128::try_from(n).unwrap_or(u128::MAX / 100));
        number > u128::from(self.count) && number * 100 > of * u128::from(self.percent)
    }
}

/// From how many managed members on an Adobe group never loses all of them in one pass; 0 is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WholeGroup(pub u64);

impl WholeGroup {
    /// Whether a group with so many managed members keeps one of them.
    pub fn protects(self, members: usize) -> bool {
        self.0 > 0 && u64::try_from(members).unwrap_or(u64::MAX) >= self.0
    }
}

impl Limits {
    /// Of a file that says nothing of them.
    pub const DEFAULT: Self = Self {
        // UST wants it written; this is what its example file says.
        max_adobe_only_users: Limit::Count(200),
        // A roster that is older is another day's.
        max_plan_age: Duration::from_hours(20),
        // From one night to the next.
        max_directory_age: Duration::from_hours(24),
        max_approval_age: Duration::from_hours(7 * 24),
        group_removals: MoreThan {
            count: 50,
            percent: 20,
        },
        whole_group: WholeGroup(10),
        removals: MoreThan {
            count: 200,
            percent: 10,
        },
        people_missing: MoreThan {
            count: 50,
            percent: 20,
        },
        group_people_missing: MoreThan {
            count: 5,
            percent: 50,
        },
        other_identity_type: MoreThan {
            count: 50,
            percent: 50,
        },
    };
}

/// How long Adobe-only people keep what they have, in days from the first pass that found them to be Adobe-only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grace {
    /// `licences_days`: memberships.
    pub licences: u16,
    /// `organization_days`: the place in the organization; with `adobe_only_user_action: delete`, the account. At least
    /// `licences_days`.
    pub organization: u16,
}

impl Grace {
    /// Whether anybody has to be remembered for it.
    pub fn is_given(self) -> bool {
        self.licences > 0 || self.organization > 0
    }
}

/// A number, or a share of the accounts that are read and not excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// At most so many.
    Count(u64),
    /// At most so many in a hundred, rounded down.
    Percent(u8),
}
