//! Which ends are expected.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::reconcile::plan::Change;

/// A licence may go so many days late: passes in between may have looked at some people only.
const LATE: i64 = 14;

/// Keeps the ends that a pass of this day could have been waiting for.
///
/// Whose membership was over long before and who has the licence all the same had it for another reason since: a class of
/// this year in the same course, say, which has disappeared. Or somebody has changed a date of the past. Neither is expected.
pub(super) fn keep_recent(changes: &mut [Change], last_good_pass: Date) {
    let first = last_good_pass.checked_sub(LATE.days()).unwrap_or(Date::MIN);
    for change in changes {
        change.ended.retain(|_, ending| ending.last_day >= first);
    }
}
