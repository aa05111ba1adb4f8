//! Why people come and go, and lists of them by their reasons.

use std::collections::BTreeMap;

use super::text::{few, fits, name, thousands, wrapped};
use crate::model::id::GroupName;
use crate::reconcile::ending::{Ended, Ending};
use crate::reconcile::plan::{Change, Kind};

/// Why something happens to somebody: in words that many share, and in words that fewer share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reason {
    pub(super) cause: String,
    /// Empty where there is no more to say.
    pub(super) detail: String,
}

impl Reason {
    pub(super) fn new(cause: impl Into<String>) -> Self {
        Self {
            cause: cause.into(),
            detail: String::new(),
        }
    }
}

/// `the term 'Fall 2026'`, `the enrollment`.
pub(super) fn what_ended(ended: &Ended) -> String {
    match ended {
        Ended::Term(Some(title)) => format!("the term '{}'", name(title)),
        Ended::Term(None) => "the term".to_owned(),
        Ended::Enrollment => "the enrollment".to_owned(),
        Ended::Role => "the role".to_owned(),
    }
}

/// Why somebody loses a group: a date, or no directory group of the person feeds it, or the person is not in the roster.
pub(super) fn why_lost(change: &Change, group: &GroupName) -> Reason {
    if let Some(Ending {
        last_day,
        ended,
        directory_group,
    }) = change.ended.get(group)
    {
        return Reason {
            cause: format!("{} ended on {last_day}", what_ended(ended)),
            detail: name(directory_group),
        };
    }
    if change.kind == Kind::AdobeOnly {
        return Reason::new("Adobe-only");
    }
    let today = directory_groups(change);
    Reason {
        cause: "in no directory group that feeds it".to_owned(),
        detail: today.map_or_else(
            || "and in no other".to_owned(),
            |today| format!("but in {today}"),
        ),
    }
}

/// The first directory groups of the person today.
pub(super) fn directory_groups(change: &Change) -> Option<String> {
    let names = change.directory_groups.iter().map(String::as_str);
    (!change.directory_groups.is_empty()).then(|| few(names))
}

/// Accounts by why something happens to them. Everybody is listed; who reads sees the numbers first.
#[derive(Debug, Default)]
pub(super) struct Grouped(BTreeMap<String, BTreeMap<String, Vec<String>>>);

impl Grouped {
    /// The name is as it came from outside.
    pub(super) fn add(&mut self, Reason { cause, detail }: Reason, who: &str) {
        let details = self.0.entry(cause).or_default();
        details.entry(detail).or_default().push(name(who));
    }

    /// How many.
    pub(super) fn number(&self) -> usize {
        let details = self.0.values().flat_map(BTreeMap::values);
        details.map(Vec::len).sum()
    }

    /// One after the other by their causes, each behind the sign; one who has a cause alone is on its
    /// line, where both fit.
    pub(super) fn lines(self, sign: char) -> String {
        let causes = self.0.into_iter();
        causes
            .map(|(cause, details)| lines_of(sign, &cause, details))
            .collect()
    }
}

fn lines_of(sign: char, cause: &str, details: BTreeMap<String, Vec<String>>) -> String {
    let number: usize = details.values().map(Vec::len).sum();
    let single = details.len() == 1;
    let mut lines = String::new();
    for (detail, mut names) in details {
        // The plan is in the order of sending; people look for an address.
        names.sort();
        let what = if detail.is_empty() {
            cause.to_owned()
        } else {
            format!("{cause} ({detail})")
        };
        let alone = |name: &str| format!("  {sign} {name}: {what}\n");
        match names.as_slice() {
            [name] if single && fits(&alone(name)) => return alone(name),
            names if single => {
                lines = format!("  {sign} {}: {what}\n", thousands(number));
                lines += &wrapped("      ", 6, names);
            }
            names => {
                let head = format!("      {detail} ({}):", thousands(names.len()));
                lines += &wrapped(&head, 8, names);
            }
        }
    }
    if single {
        return lines;
    }
    format!("  {sign} {}: {cause}\n{lines}", thousands(number))
}
