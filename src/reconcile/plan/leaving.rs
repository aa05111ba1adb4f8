//! What becomes of an account that belongs to nobody who is selected.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::diff::{Rules, unchanged};
use super::problems::{admin_kept, protected_kept};
use super::{Change, Kind, Removal, protected};
use crate::config::Protected;
use crate::config::options::AdobeOnlyUserAction;
use crate::model::directory;
use crate::model::id::{Email, GroupName};
use crate::reconcile::known::Known;
use crate::reconcile::problem::Problem;

/// Somebody who is Adobe-only and keeps something for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The address shown to people.
    pub email: Email,
    /// What is taken on that day.
    pub removal: Removal,
    /// The first day on which it is taken.
    pub until: Date,
}

/// What happens to an Adobe-only account, and what does not.
#[derive(Debug, Default)]
pub(super) struct Leaving {
    pub(super) change: Option<Change>,
    /// Why it keeps something for good.
    pub(super) problem: Option<Problem>,
    /// What it keeps for a while.
    pub(super) waiting: Vec<Waiting>,
    /// Whether it keeps something that the action takes.
    pub(super) is_spared: bool,
    /// Whether it stays because no pass has made or changed it.
    pub(super) is_foreign: bool,
}

/// What the action takes from one account beyond its managed groups.
#[derive(Debug, Default)]
pub(super) struct Departure {
    /// `None`: nothing.
    pub(super) removal: Option<Removal>,
    /// Why it is not all that the action takes.
    pub(super) problem: Option<Problem>,
    /// See [`Leaving::is_foreign`].
    pub(super) is_foreign: bool,
}

impl Departure {
    /// Of an action that takes all groups or removes people. Admins keep everything, and so does, but for its groups, who
    /// holds a protected one.
    pub(super) fn of(
        account: &directory::User,
        action: AdobeOnlyUserAction,
        protected: &Protected,
        known: &Known,
    ) -> Self {
        let email = || unchanged(account, Kind::AdobeOnly).email;
        if account.is_admin() {
            let problem = admin_kept(&email(), &held_roles(account), spared(action));
            return Self {
                problem: Some(problem),
                ..Self::default()
            };
        }
        let kept = protected::held(protected, account);
        let problem = (!kept.is_empty()).then(|| protected_kept(&email(), &kept, spared(action)));
        let removal = match action {
            AdobeOnlyUserAction::RemoveAdobeGroups if account.groups.is_empty() => {
                Some(Removal::none())
            }
            AdobeOnlyUserAction::RemoveAdobeGroups if kept.is_empty() => Some(Removal::AllGroups),
            AdobeOnlyUserAction::RemoveAdobeGroups => {
                let others = account.groups.difference(&kept);
                Some(Removal::Groups(others.cloned().collect()))
            }
            AdobeOnlyUserAction::Remove | AdobeOnlyUserAction::Delete if kept.is_empty() => {
                if protected.foreign_accounts && !known.is_ours(account) {
                    return Self {
                        is_foreign: true,
                        ..Self::default()
                    };
                }
                let delete_account = action == AdobeOnlyUserAction::Delete;
                Some(Removal::FromOrg { delete_account })
            }
            AdobeOnlyUserAction::Remove
            | AdobeOnlyUserAction::Delete
            | AdobeOnlyUserAction::Preserve
            | AdobeOnlyUserAction::WriteFile
            | AdobeOnlyUserAction::Exclude => None,
        };
        Self {
            removal,
            problem,
            is_foreign: false,
        }
    }
}

impl Rules<'_> {
    /// Somebody in Adobe alone. Whom the roster still lists loses memberships, and nothing else.
    pub(super) fn adobe_only(&self, account: &directory::User, still_listed: bool) -> Leaving {
        let action = self.options.adobe_only_user_action;
        if action == AdobeOnlyUserAction::Exclude {
            return Leaving::default();
        }
        let (roles, groups) = if self.options.process_groups {
            self.managed_groups(account, |_| true)
        } else {
            Default::default()
        };
        let mut change = unchanged(account, Kind::AdobeOnly);
        let everything = action.takes_everything();
        let mut departure = if everything && !still_listed {
            Departure::of(
                account,
                action,
                &self.config.exclusions.protected,
                self.known,
            )
        } else {
            Departure::default()
        };
        if departure.problem.is_none() && !roles.is_empty() {
            departure.problem = Some(admin_kept(
                &change.email,
                &held_roles(account),
                "kept this role",
            ));
        }
        let in_part = departure.problem.is_some() || departure.removal.is_none();
        let steps = self.steps(account, Removal::Groups(groups), departure.removal);
        let mut waiting = Vec::new();
        for (day, removal) in steps {
            if day <= self.today {
                // What comes later takes at least as much.
                change.remove = removal;
            } else if !removal.is_none() {
                waiting.push(Waiting {
                    email: change.email.clone(),
                    removal,
                    until: day,
                });
            }
        }
        Leaving {
            change: Some(change),
            problem: departure.problem,
            is_spared: (everything && in_part) || !waiting.is_empty(),
            waiting,
            is_foreign: departure.is_foreign,
        }
    }

    /// What is taken from which day on, by day.
    fn steps(
        &self,
        account: &directory::User,
        licences: Removal,
        departure: Option<Removal>,
    ) -> Vec<(Date, Removal)> {
        let grace = self.config.grace;
        let known = self.known.of(&account.key());
        let gone_since = known.gone_since.unwrap_or(self.today).min(self.today);
        let after = |days: u16| {
            let days: Span = i64::from(days).days();
            gone_since.checked_add(days).unwrap_or(Date::MAX)
        };
        let licences_go = after(grace.licences);
        let place_goes = after(grace.organization.max(grace.licences));
        match departure {
            None => vec![(licences_go, licences)],
            Some(departure @ Removal::FromOrg { .. }) if place_goes > licences_go => {
                vec![(licences_go, licences), (place_goes, departure)]
            }
            Some(departure) => vec![(licences_go, departure)],
        }
    }
}

fn held_roles(account: &directory::User) -> BTreeSet<GroupName> {
    let roles = account.groups.iter().filter(|group| group.is_admin_role());
    roles.cloned().collect()
}

/// What an admin was spared.
fn spared(action: AdobeOnlyUserAction) -> &'static str {
    match action {
        AdobeOnlyUserAction::Delete => "was not deleted",
        AdobeOnlyUserAction::Remove => "was not removed from the organization",
        AdobeOnlyUserAction::RemoveAdobeGroups
        | AdobeOnlyUserAction::Preserve
        | AdobeOnlyUserAction::WriteFile
        | AdobeOnlyUserAction::Exclude => "was not removed from all groups",
    }
}
