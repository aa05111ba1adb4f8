//! What each guard says: what it saw, and the way out.

use super::{Finding, FindingName};
use crate::config::Limit;
use crate::model::id::GroupName;
use crate::model::roster::Collection;
use crate::reconcile::desired::Unmatched;
use crate::reconcile::plan::Sizes;

fn finding(name: FindingName, message: String, next_step: String) -> Finding {
    Finding {
        name,
        message,
        next_step,
        held: 0,
    }
}

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

/// There are more Adobe-only users than allowed. A share counts of the accounts read and not excluded, rounded down.
pub(super) fn adobe_only_users_over_limit(sizes: &Sizes, limit: Limit) -> Option<Finding> {
    let size = |n: usize| u128::try_from(n).unwrap_or(u128::MAX);
    let found = size(sizes.adobe_only_users);
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
            "{what} could not be used: people without an e-mail address that Adobe takes or with an unknown identity type, \
             or records that cannot be read. They are not gone, so removals that could concern them are held."
        ),
        "Correct the records in the roster; they are listed under problems.".to_owned(),
    )
}
