//! What the guards of counts say.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{allows, finding, groups, listed, the_way_out};
use crate::config::MoreThan;
use crate::model::id::GroupName;
use crate::reconcile::guard::shrink::Shrunk;
use crate::reconcile::guard::{Finding, FindingName};

/// The roster has far fewer people than on that day, or without a day than Adobe has managed members.
pub(in crate::reconcile::guard) fn roster_shrank(
    people: &Shrunk<String>,
    day: Option<Date>,
    allowed: MoreThan,
) -> Finding {
    let Shrunk { before, now, .. } = people;
    let before = match day {
        Some(day) => format!("{before} at the last good pass, of {day}"),
        None => format!("{before} who hold groups of the mapping in Adobe"),
    };
    let allowed = allows("max_people_missing", allowed);
    finding(
        FindingName::RosterShrank,
        format!(
            "Selected people of the roster: {now} today, dates aside, and {before}. {allowed}, so nothing is taken from anybody but what a date ended."
        ),
        the_way_out("If people are missing in the roster, wait until they are back"),
    )
}

/// Directory groups have far fewer people than on that day; `fed` are the Adobe groups that they feed.
pub(in crate::reconcile::guard) fn directory_groups_shrank(
    shrunk: &[Shrunk<String>],
    day: Option<Date>,
    allowed: MoreThan,
    fed: &BTreeSet<GroupName>,
) -> Finding {
    let day = day.map_or_else(String::new, |day| format!(", of {day}"));
    let (message, they_feed) = match shrunk {
        [Shrunk { key, before, now }] => (
            format!(
                "People of the directory group '{key}': {now} today, dates aside, and {before} at the last good pass{day}."
            ),
            groups(fed),
        ),
        many => (
            format!(
                "{} directory groups have far fewer people, dates aside, than at the last good pass{day}: {}.",
                many.len(),
                listed(
                    many.iter()
                        .map(|Shrunk { key, before, now }| format!("'{key}' {now} of {before}"))
                )
            ),
            "the Adobe groups that they feed".to_owned(),
        ),
    };
    let held = if fed.is_empty() {
        String::new()
    } else {
        format!(", so nobody is removed from {they_feed}")
    };
    finding(
        FindingName::DirectoryGroupShrank,
        format!(
            "{message} {}{held}.",
            allows("max_group_people_missing", allowed)
        ),
        the_way_out("If people are missing in the roster, wait until they are back"),
    )
}

/// Far fewer people feed Adobe groups than these have managed members.
pub(in crate::reconcile::guard) fn adobe_groups_shrank(
    shrunk: &[Shrunk<GroupName>],
    allowed: MoreThan,
) -> Finding {
    let message = match shrunk {
        [Shrunk { key, before, now }] => format!(
            "People of the roster for '{}': {now} today, dates aside, and {before} members in Adobe.",
            key.as_str()
        ),
        many => format!(
            "For {} Adobe groups the roster has far fewer people, dates aside, than they have members: {}.",
            many.len(),
            listed(many.iter().map(|Shrunk { key, before, now }| format!(
                "'{}' {now} of {before}",
                key.as_str()
            )))
        ),
    };
    finding(
        FindingName::DirectoryGroupShrank,
        format!(
            "{message} {}. No earlier pass has counted them, so nobody is removed from there.",
            allows("max_group_people_missing", allowed)
        ),
        the_way_out(
            "If people are missing in the roster, or the wrong directory group feeds it, correct that",
        ),
    )
}
