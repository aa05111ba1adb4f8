//! What each guard says: what it saw, and the way out.

mod over_limit;
mod shrank;

use std::collections::BTreeSet;

use super::{Finding, FindingName};
use crate::config::{Limit, MoreThan};
use crate::model::id::GroupName;
use crate::model::roster::Collection;
use crate::reconcile::desired::Unmatched;
use crate::reconcile::plan::Sizes;
pub(super) use over_limit::{
    group_removals_over_limit, identity_settings_changed, other_identity_type, removals_over_limit,
};
pub(super) use shrank::{adobe_groups_shrank, directory_groups_shrank, roster_shrank};

/// So many of one kind are findings of their own, and so many names stand in one finding.
const SINGLY: usize = 10;

fn finding(name: FindingName, message: String, next_step: String) -> Finding {
    Finding {
        name,
        message,
        next_step,
        held: 0,
    }
}

/// What has a finding in common: each its own, or all one where they are many.
pub(super) fn singly_or_together<T>(all: &[T]) -> std::slice::Chunks<'_, T> {
    let together = all.len() > SINGLY;
    all.chunks(if together { all.len() } else { 1 })
}

/// The first ones, and how many more there are.
fn listed(texts: impl ExactSizeIterator<Item = String>) -> String {
    let more = texts.len().saturating_sub(SINGLY);
    let first = texts.take(SINGLY).collect::<Vec<_>>().join(", ");
    if more > 0 {
        format!("{first} and {more} more")
    } else {
        first
    }
}

fn groups(groups: &BTreeSet<GroupName>) -> String {
    listed(groups.iter().map(|group| format!("'{}'", group.as_str())))
}

/// `limits.max_removals allows 200 and 10%`: a guard acts on more than both.
fn allows(key: &str, allowed: MoreThan) -> String {
    let MoreThan { count, percent } = allowed;
    format!("limits.{key} allows {count} and {percent}%")
}

/// Either it is a mistake, or a person says that it is none.
fn the_way_out(mistake: &str) -> String {
    format!(
        "Look at HELD in plan.txt. {mistake}; if all of it is right, approve it: put an object approvals/<name>.json into the \
         data bucket with the run_id of this pass and the hash of its held.json."
    )
}

/// Why an approval of another hold lets nothing through.
pub(super) fn approval_waits(unread: &BTreeSet<FindingName>) -> String {
    let names: Vec<&str> = unread.iter().map(|name| name.as_str()).collect();
    format!(
        "The roster of this pass is not whole ({}), so nobody can tell who has come back since; the approval stays valid for a \
         pass that has read it.",
        names.join(", ")
    )
}

/// Why an approval lets nothing through of which this pass plans nothing.
pub(super) const APPROVAL_OF_OTHER_OPTIONS: &str = "That pass was started with other options than this one, which plans nothing \
     of its hold. The approval stays valid for a pass with the same options.";

/// A directory group of the mapping matches nothing, or is a product of which a source has nobody.
pub(super) fn directory_group_not_found(unmatched: &Unmatched) -> Finding {
    let object = match unmatched.collection {
        Collection::Schools => "school",
        Collection::Courses => "course",
        Collection::Classes => "class",
    };
    let nearest = match &unmatched.nearest {
        _ if unmatched.inactive => format!(" There is a {object} of this name that is not active."),
        Some(name) => format!(" The nearest name that it has is '{name}'."),
        None => String::new(),
    };
    let fed: Vec<&str> = unmatched
        .adobe_groups
        .iter()
        .map(GroupName::as_str)
        .collect();
    let until = if fed.is_empty() {
        String::new()
    } else {
        format!(" Until then nobody is removed from {}.", fed.join(", "))
    };
    if unmatched.nobody {
        return finding(
            FindingName::DirectoryGroupNotFound,
            format!(
                "A source of the product '{}' has nobody.",
                unmatched.directory_group
            ),
            format!(
                "Look whether its district shares its people with this application; take the source out of \
                 scoped_sources if it is gone for good.{until}"
            ),
        );
    }
    finding(
        FindingName::DirectoryGroupNotFound,
        format!(
            "The directory group '{}' matches no {object} of the roster.{nearest}",
            unmatched.directory_group
        ),
        format!(
            "Correct the name in the mapping (directory_users.groups of user-sync-config.yml) or in the roster; take \
             the entry out of the mapping if the {object} is gone for good.{until}"
        ),
    )
}

/// The district does not share its data at the moment.
pub(super) fn district_not_running(state: &str) -> Finding {
    finding(
        FindingName::DistrictNotRunning,
        format!(
            "The district is in the state '{state}', not 'running', so its roster may be old or empty."
        ),
        "Wait until the district runs again, or ask its administrator why it does not; the next pass after \
         that removes what is still due."
            .to_owned(),
    )
}

/// `max_user_count` left people out.
pub(super) fn limited_read(people: u64) -> Finding {
    let people = if people == 1 {
        "1 person".to_owned()
    } else {
        format!("{people} people")
    };
    finding(
        FindingName::LimitedRead,
        format!(
            "max_user_count cut the roster to {people}; everybody else only looks gone, so nobody is removed \
             from anything."
        ),
        "Set max_user_count to 0 in connector-oneroster.yml to read everybody: the limit is meant for trials."
            .to_owned(),
    )
}

/// There are more Adobe-only users than allowed, without those whose removal is approved. A share counts of the accounts
/// read and not excluded, rounded down.
pub(super) fn adobe_only_users_over_limit(
    sizes: &Sizes,
    approved: usize,
    limit: Limit,
) -> Option<Finding> {
    let size = |n: usize| u128::try_from(n).unwrap_or(u128::MAX);
    let found = size(sizes.adobe_only_users.saturating_sub(approved));
    let read = size(
        sizes
            .adobe_users_read
            .saturating_sub(sizes.adobe_users_excluded),
    );
    let (most, written, enough) = match limit {
        Limit::Count(count) => (u128::from(count), String::new(), found.to_string()),
        Limit::Percent(percent) => (
            read * u128::from(percent) / 100,
            format!(" ({percent}% of {read} accounts)"),
            format!("{}%", (found * 100).div_ceil(read.max(1))),
        ),
    };
    (found > most).then(|| {
        finding(
            FindingName::AdobeOnlyUsersOverLimit,
            format!(
                "{found} accounts are in Adobe and not among the selected people of the roster; \
                 limits.max_adobe_only_users allows {most}{written}. Nothing was done to them."
            ),
            format!(
                "Look at the plan: if these people should be dealt with, raise limits.max_adobe_only_users in \
                 user-sync-config.yml to at least {enough}; if not, something is missing in the roster or the mapping."
            ),
        )
    })
}

/// Some people of the roster, or records that stand for people, could not be used.
pub(super) fn person_unusable(records: usize) -> Finding {
    let what = if records == 1 {
        "1 record of the roster".to_owned()
    } else {
        format!("{records} records of the roster")
    };
    finding(
        FindingName::PersonUnusable,
        format!(
            "{what} could not be used: people without an e-mail address that Adobe takes, with one that is somebody else's or \
             that many have, or with an unknown identity type, or records that cannot be read. They are not gone, so removals that could concern them are held."
        ),
        "Correct the records in the roster; they are listed under problems.".to_owned(),
    )
}
