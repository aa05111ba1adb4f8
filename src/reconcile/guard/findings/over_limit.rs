//! What the guards of numbers and of settings say.

use jiff::civil::Date;

use super::{allows, finding, listed, the_way_out};
use crate::config::{Limits, MoreThan};
use crate::reconcile::guard::numbers::Leaving;
use crate::reconcile::guard::{Finding, FindingName};

/// Far too many would leave Adobe groups, or all of their members.
pub(in crate::reconcile::guard) fn group_removals_over_limit(
    leaving: &[Leaving],
    limits: &Limits,
) -> Finding {
    let message = match leaving {
        [Leaving { group, people, of }] => format!(
            "{people} of {of} managed members would leave '{}'.",
            group.as_str()
        ),
        many => format!(
            "Far too many would leave {} Adobe groups: {}.",
            many.len(),
            listed(many.iter().map(|Leaving { group, people, of }| format!(
                "'{}' {people} of {of}",
                group.as_str()
            )))
        ),
    };
    let whole = match limits.whole_group.0 {
        0 => String::new(),
        least => format!(
            "; a group of {least} or more never loses all of them (limits.never_empty_groups_of)"
        ),
    };
    finding(
        FindingName::GroupRemovalsOverLimit,
        format!(
            "{message} {}{whole}.",
            allows("max_group_removals", limits.group_removals)
        ),
        the_way_out("If they should stay, correct the roster or the mapping"),
    )
}

/// Far too many memberships would end.
pub(in crate::reconcile::guard) fn removals_over_limit(
    removals: usize,
    of: usize,
    allowed: MoreThan,
) -> Finding {
    finding(
        FindingName::RemovalsOverLimit,
        format!(
            "{removals} of {of} managed memberships would end. {}, so nothing is taken from anybody but what a date ended.",
            allows("max_removals", allowed)
        ),
        the_way_out("If they should stay, correct the roster or the mapping"),
    )
}

/// Settings by which accounts are found and made are others than on that day.
pub(in crate::reconcile::guard) fn identity_settings_changed(
    changed: &[(&str, &str, &str)],
    day: Date,
) -> Finding {
    let value = |text: &str| {
        if text.is_empty() {
            "not set".to_owned()
        } else {
            format!("'{text}'")
        }
    };
    let changed = changed
        .iter()
        .map(|(key, was, is)| format!("{key} was {} and is {}", value(was), value(is)));
    finding(
        FindingName::IdentitySettingsChanged,
        format!(
            "Accounts would be found and made otherwise than by the last good pass, of {day}: {}. People may look new who are not, \
             so no account is made, and nothing is taken from anybody but what a date ended.",
            changed.collect::<Vec<_>>().join("; ")
        ),
        the_way_out("If this is not meant, put the settings back as they were"),
    )
}

/// Most people who are in Adobe are there under another identity type.
pub(in crate::reconcile::guard) fn other_identity_type(
    elsewhere: usize,
    of: usize,
    allowed: MoreThan,
) -> Finding {
    finding(
        FindingName::IdentitySettingsChanged,
        format!(
            "Of {of} people of the roster who have an account in Adobe, {elsewhere} have it under another identity type than \
             the configured one. {}, so no account is made, and nothing is taken from anybody but what a date ended.",
            allows("max_other_identity_type", allowed)
        ),
        the_way_out(
            "If their accounts are the right ones, set directory_users.user_identity_type to their type",
        ),
    )
}
