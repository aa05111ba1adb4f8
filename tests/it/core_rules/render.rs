//! A pass as compact text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use roster_sync::model::id::{Email, GroupName, RosterId};
use roster_sync::reconcile::counters::{Counters, planned};
use roster_sync::reconcile::guard::Checked;
use roster_sync::reconcile::plan::{Change, Kind, Removal};
use roster_sync::reconcile::problem::Problem;

use super::world::World;

/// What goes on, what is held, what was found, what is odd, and the counters.
pub(super) fn pass(world: &World) -> String {
    whole(&world.checked())
}

/// The same of a plan that was checked.
pub(super) fn whole(checked: &Checked) -> String {
    let mut text = String::new();
    for group in &checked.plan.new_groups {
        writeln!(text, "group {}", group.as_str()).unwrap();
    }
    text += &changes(checked);
    for held in &checked.held {
        let findings: Vec<_> = held.findings.iter().map(|name| name.as_str()).collect();
        let removal = removal(&held.removal).join("; ");
        let email = held.change.email.as_str();
        writeln!(text, "held {email}: {removal} ({})", findings.join(", ")).unwrap();
    }
    for finding in &checked.findings {
        writeln!(text, "found {} ({})", finding.name.as_str(), finding.held).unwrap();
    }
    for problem in &checked.plan.problems {
        writeln!(text, "problem {}", one_problem(problem)).unwrap();
    }
    writeln!(text, "{}", counters(&planned(checked))).unwrap();
    text
}

/// One line per change.
pub(super) fn changes(checked: &Checked) -> String {
    let changes = &checked.plan.changes;
    changes
        .iter()
        .map(|change| one_change(change) + "\n")
        .collect()
}

fn one_change(change: &Change) -> String {
    let sign = match change.kind {
        Kind::Creation => '+',
        Kind::Update => '~',
        Kind::AdobeOnly => '-',
    };
    let mut parts = Vec::new();
    if let Some(profile) = &change.create {
        let name = [&profile.first_name, &profile.last_name].map(|name| name.as_deref());
        parts.push(format!(
            "create {} {} [{}]{}",
            change.identity_type(),
            profile.country.as_str(),
            name.map(|name| name.unwrap_or("?")).join(", "),
            if profile.update_existing {
                " or update"
            } else {
                ""
            }
        ));
    }
    let update = &change.update;
    let values = [
        ("email", update.email.as_ref().map(Email::as_str)),
        ("username", update.username.as_deref()),
        ("first", update.first_name.as_deref()),
        ("last", update.last_name.as_deref()),
    ];
    let values = values
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    parts.extend(values.map(|(name, value)| format!("set {name} {value}")));
    parts.extend(removal(&change.remove));
    if !change.add.is_empty() {
        parts.push(format!("add {}", with_reasons(&change.add)));
    }
    let mut user = change.address.user.as_str().to_owned();
    if let Some(domain) = &change.address.domain {
        user = format!("{user} in {domain}");
    }
    format!("{sign} {user}: {}", parts.join("; "))
}

fn removal(removal: &Removal) -> Vec<String> {
    match removal {
        Removal::Groups(groups) if groups.is_empty() => Vec::new(),
        Removal::Groups(groups) => vec![format!("remove {}", names(groups))],
        Removal::AllGroups => vec!["remove all groups".to_owned()],
        Removal::FromOrg {
            delete_account: false,
        } => vec!["remove from org".to_owned()],
        Removal::FromOrg {
            delete_account: true,
        } => vec!["delete".to_owned()],
    }
}

fn names(groups: &BTreeSet<GroupName>) -> String {
    let names: Vec<_> = groups.iter().map(GroupName::as_str).collect();
    names.join(", ")
}

fn with_reasons(groups: &BTreeMap<GroupName, BTreeSet<String>>) -> String {
    let one = |(group, reasons): (&GroupName, &BTreeSet<String>)| {
        let reasons: Vec<_> = reasons.iter().map(String::as_str).collect();
        format!("{} ({})", group.as_str(), reasons.join(", "))
    };
    groups.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub(super) fn one_problem(problem: &Problem) -> String {
    let email = problem.email.as_ref().map(Email::as_str);
    let id = problem.roster_id.as_ref().map(RosterId::as_str);
    let parts: Vec<&str> = [problem.name.as_str()]
        .into_iter()
        .chain(email)
        .chain(id)
        .collect();
    parts.join(" ")
}

/// The order of the reference: read/selected/adobe/excluded/unchanged/created/updated/Adobe-only.
pub(super) fn counters(counters: &Counters) -> String {
    let only = counters.adobe_only_users;
    if let Some(pushed) = counters.users_pushed {
        let (read, selected) = (
            counters.directory_users_read,
            counters.directory_users_selected,
        );
        return format!("{read}/{selected}/pushed {pushed}");
    }
    format!(
        "{}/{}/{}/{}/{}/{}/{}/{}",
        counters.directory_users_read,
        counters.directory_users_selected,
        counters.adobe_users_read,
        counters.adobe_users_excluded,
        counters.adobe_users_unchanged,
        counters.adobe_users_created,
        counters.adobe_users_updated,
        only.map_or("-".to_owned(), |only| only.to_string()),
    )
}
