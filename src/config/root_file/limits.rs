//! `limits`: what the guards take for a mistake, and how old a plan, a reading and an approval may be.

use std::time::Duration;

use crate::config::section::{Field, Findings, Section};
use crate::config::{Limit, Limits, MoreThan, WholeGroup, words};

/// A week.
const MOST_HOURS: u64 = 168;
/// Longer than a summer; the template keeps approvals as long.
const MOST_APPROVAL_DAYS: u64 = 90;
const HOURS_OF_A_DAY: u64 = 24;

/// Reads the section; `None` where a problem says why.
pub(super) fn read(section: Section<'_>, findings: &mut Findings) -> Option<Limits> {
    let default = Limits::DEFAULT;
    let mut limits = Reader { section, findings };
    // All of them first: the problems of the last one count, too.
    let max_adobe_only_users = limits.limit("max_adobe_only_users", default.max_adobe_only_users);
    let max_plan_age = limits.hours("max_plan_age_hours", 1, default.max_plan_age);
    let max_directory_age = limits.hours("max_directory_age_hours", 0, default.max_directory_age);
    let max_approval_age = limits.days("max_approval_age_days", default.max_approval_age);
    let group_removals = limits.more_than(
        ["max_group_removals", "max_group_removals_percent"],
        default.group_removals,
    );
    let whole_group = limits.number("never_empty_groups_of", default.whole_group.0);
    let removals = limits.more_than(["max_removals", "max_removals_percent"], default.removals);
    let people_missing = limits.more_than(
        ["max_people_missing", "max_people_missing_percent"],
        default.people_missing,
    );
    let group_people_missing = limits.more_than(
        [
            "max_group_people_missing",
            "max_group_people_missing_percent",
        ],
        default.group_people_missing,
    );
    let other_identity_type = limits.more_than(
        ["max_other_identity_type", "max_other_identity_type_percent"],
        default.other_identity_type,
    );
    limits.finish();
    Some(Limits {
        max_adobe_only_users: max_adobe_only_users?,
        max_plan_age: max_plan_age?,
        max_directory_age: max_directory_age?,
        max_approval_age: max_approval_age?,
        group_removals: group_removals?,
        whole_group: WholeGroup(whole_group?),
        removals: removals?,
        people_missing: people_missing?,
        group_people_missing: group_people_missing?,
        other_identity_type: other_identity_type?,
    })
}

/// The section, key by key; each is its default where it is absent, and `None` where a problem says why.
struct Reader<'n, 'f> {
    section: Section<'n>,
    findings: &'f mut Findings,
}

impl Reader<'_, '_> {
    fn limit(&mut self, key: &'static str, default: Limit) -> Option<Limit> {
        let field = self.section.take(key);
        field.map_or(Some(default), |field| limit(field, self.findings))
    }

    fn hours(&mut self, key: &'static str, least: u64, default: Duration) -> Option<Duration> {
        let Some(field) = self.section.take(key) else {
            return Some(default);
        };
        let hours = field.number_of("hours", &(least..=MOST_HOURS), self.findings);
        hours.map(Duration::from_hours)
    }

    fn days(&mut self, key: &'static str, default: Duration) -> Option<Duration> {
        let Some(field) = self.section.take(key) else {
            return Some(default);
        };
        let days = field.number_of("days", &(1..=MOST_APPROVAL_DAYS), self.findings);
        days.map(|days| Duration::from_hours(days * HOURS_OF_A_DAY))
    }

    fn number(&mut self, key: &'static str, default: u64) -> Option<u64> {
        let field = self.section.take(key);
        field.map_or(Some(default), |field| field.number(self.findings))
    }

    /// A number and the share that belongs to it, by their keys.
    fn more_than(&mut self, keys: [&'static str; 2], default: MoreThan) -> Option<MoreThan> {
        let [number, share] = keys.map(|key| self.section.take(key));
        let count = number.map_or(Some(default.count), |field| {
            count(&field, keys, self.findings)
        });
        let percent = share.map_or(Some(default.percent), |field| {
            percent(&field, self.findings)
        });
        Some(MoreThan {
            count: count?,
            percent: percent?,
        })
    }

    fn finish(mut self) {
        if let Some(field) = self.section.take_unlisted("group_removals_only") {
            field.later(self.findings);
        }
        self.section.finish(self.findings);
    }
}

/// `200` or `50%`.
fn limit(field: Field<'_>, findings: &mut Findings) -> Option<Limit> {
    let text = field.text(findings)?;
    let limit = match text.strip_suffix('%') {
        Some(share) => parsed_share(share).map(Limit::Percent),
        None => text.parse().ok().map(Limit::Count),
    };
    if limit.is_none() {
        field.problem(
            findings,
            format!(
                "{} is neither a number such as 200 nor a share such as 50%, from 0% to 100%",
                words::quoted(text)
            ),
        );
    }
    limit
}

/// Of these limits, number and share have a key each.
fn count(field: &Field<'_>, keys: [&'static str; 2], findings: &mut Findings) -> Option<u64> {
    let text = field.text(findings)?;
    let Some(share) = text.strip_suffix('%') else {
        return field.number(findings);
    };
    let [number, share_key] = keys;
    let share = parsed_share(share).map_or_else(|| "…".to_owned(), |share| share.to_string());
    field.problem(
        findings,
        format!(
            "{} is a share, and here stands a number. Write {share_key}: {share}; {number} is the number beside it, and only what exceeds both is held",
            words::quoted(text)
        ),
    );
    None
}

/// `20` or `20%`.
fn percent(field: &Field<'_>, findings: &mut Findings) -> Option<u8> {
    let text = field.text(findings)?;
    let share = parsed_share(text.strip_suffix('%').unwrap_or(text));
    if share.is_none() {
        field.problem(
            findings,
            format!(
                "{} is not a share in percent; write a whole number from 0 to 100. 100 switches this guard off",
                words::quoted(text)
            ),
        );
    }
    share
}

fn parsed_share(text: &str) -> Option<u8> {
    text.trim().parse().ok().filter(|share| *share <= 100)
}
