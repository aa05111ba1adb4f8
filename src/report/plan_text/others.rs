//! What else a plan does: groups and accounts that are made, names that change, people who are in Adobe only.

use super::part;
use crate::reconcile::guard::Checked;
use crate::reconcile::plan::{Change, Kind};
use crate::report::reasons::{Grouped, Reason, directory_groups};
use crate::report::text::{name, thousands};
use crate::report::words::loses;

/// Accounts of which there are any, behind a heading with their number.
fn grouped(title: &str, people: Grouped, sign: char) -> Option<String> {
    let number = thousands(people.number());
    part(&format!("{title} ({number})"), &people.lines(sign))
}

pub(super) fn new_groups(checked: &Checked) -> Option<String> {
    let groups = checked.plan.new_groups.iter();
    let lines = groups.map(|group| format!("  + {}\n", name(group.as_str())));
    part("New user groups", &lines.collect::<String>())
}

/// By their type, and by the directory groups of the person.
pub(in crate::report) fn new_accounts(title: &str, changes: &[Change]) -> Option<String> {
    let mut people = Grouped::default();
    for change in changes {
        let Some(profile) = &change.create else {
            continue;
        };
        let from = directory_groups(change);
        let reason = Reason {
            cause: change.identity_type().as_str().to_owned(),
            detail: from.unwrap_or_else(|| "all users".to_owned()),
        };
        people.add(reason, profile.email.as_str());
    }
    grouped(title, people, '+')
}

pub(super) fn updates(changes: &[Change]) -> Option<String> {
    let mut people = Grouped::default();
    for change in changes {
        let update = &change.update;
        let fields = [
            ("e-mail address", update.email.is_some()),
            ("first name", update.first_name.is_some()),
            ("last name", update.last_name.is_some()),
        ];
        let changed: Vec<&str> = fields
            .into_iter()
            .filter_map(|(name, changes)| changes.then_some(name))
            .collect();
        if !update.is_empty() {
            people.add(Reason::new(changed.join(", ")), change.email.as_str());
        }
    }
    grouped("Changed names and addresses", people, '~')
}

pub(super) fn adobe_only(changes: &[Change]) -> Option<String> {
    let mut people = Grouped::default();
    for change in changes {
        if change.kind == Kind::AdobeOnly {
            people.add(Reason::new(loses(&change.remove)), change.email.as_str());
        }
    }
    grouped("Adobe-only accounts", people, '-')
}

/// In the order of the days.
pub(super) fn waiting(checked: &Checked) -> Option<String> {
    let mut people = Grouped::default();
    for one in &checked.plan.waiting {
        let cause = format!("from {} on: {}", one.until, loses(&one.removal));
        people.add(Reason::new(cause), one.email.as_str());
    }
    let lines = people.lines('=');
    let text = part("Waiting: in Adobe only, and left alone for a while", &lines)?;
    Some(text + "  Whoever is back in the roster by then loses nothing.\n")
}
