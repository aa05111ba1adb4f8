//! `users` and `adobe_users`: all, mapped, or some groups.

use std::collections::BTreeSet;

use crate::config::options::{AdobeUsers, Users};
use crate::config::{MappingEntry, mapping, words};
use crate::model::id::{GroupName, fold};

const NO_DIRECTORY_GROUPS: &str = "group needs the names of directory groups behind it: group A,B";
const NO_ADOBE_GROUPS: &str = "group needs the names of Adobe groups behind it: group A,B";

/// The form of a value, before the mapping is known.
enum Form<'w> {
    All,
    Mapped,
    /// What stands behind `group`.
    Groups(&'w [String]),
}

fn form<'w>(words: &'w [String], no_groups: &str) -> Result<Form<'w>, String> {
    let Some((first, items)) = words.split_first() else {
        return Ok(Form::All);
    };
    match (fold(first).as_str(), items) {
        ("all", []) => Ok(Form::All),
        ("mapped", []) => Ok(Form::Mapped),
        ("group", []) => Err(no_groups.to_owned()),
        ("group", items) => Ok(Form::Groups(items)),
        ("all" | "mapped", [further, ..]) => {
            Err(format!("{} cannot follow {first}", words::quoted(further)))
        }
        _ => Err(words::unknown(first, ["all", "mapped", "group"])),
    }
}

/// `A, B` as names; blank ones are left out.
fn names(item: &str) -> impl Iterator<Item = &str> {
    item.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

/// The form of `users`.
pub(super) fn check_users(words: &[String]) -> Result<(), String> {
    if words.first().is_some_and(|first| fold(first) == "file") {
        return Err("file is not possible here: people are read from the roster. Write all, mapped or group".to_owned());
    }
    form(words, NO_DIRECTORY_GROUPS).map(|_| ())
}

/// Resolves `users` against the mapping. An item that is a directory group as a whole is that group, commas and all;
/// otherwise it is a list with commas.
///
/// # Errors
/// A sentence for every name that the mapping does not have.
pub(crate) fn users(words: &[String], mapping: &[MappingEntry]) -> Result<Users, Vec<String>> {
    let named = |problem: String| format!("users: {problem}");
    let form = check_users(words)
        .and_then(|()| form(words, NO_DIRECTORY_GROUPS))
        .map_err(|problem| vec![named(problem)])?;
    let items = match form {
        Form::All => return Ok(Users::All),
        Form::Mapped => return Ok(Users::Mapped),
        Form::Groups(items) => items,
    };
    let mut groups = BTreeSet::new();
    let mut problems = Vec::new();
    for item in items {
        let whole = written(item, mapping);
        if !whole.is_empty() {
            groups.extend(whole);
            continue;
        }
        for name in names(item) {
            let found = written(name, mapping);
            if found.is_empty() {
                problems.push(named(unknown_group(name, mapping)));
            }
            groups.extend(found);
        }
    }
    if groups.is_empty() && problems.is_empty() {
        problems.push(named(NO_DIRECTORY_GROUPS.to_owned()));
    }
    if problems.is_empty() {
        Ok(Users::Groups(groups))
    } else {
        Err(problems)
    }
}

/// The directory groups of this name, as the mapping writes them.
fn written(name: &str, mapping: &[MappingEntry]) -> Vec<String> {
    let folded = fold(name);
    mapping
        .iter()
        .filter(|entry| fold(&entry.directory_group) == folded)
        .map(|entry| entry.directory_group.clone())
        .collect()
}

fn unknown_group(name: &str, mapping: &[MappingEntry]) -> String {
    let known = mapping.iter().map(|entry| entry.directory_group.as_str());
    let meant = words::nearest(name, known).map_or_else(String::new, |meant| {
        format!("; did you mean {}?", words::quoted(meant))
    });
    format!(
        "{} is no directory_group of the mapping{meant}",
        words::quoted(name)
    )
}

/// The form of `adobe_users`: its groups need not be in the mapping, but they have to be groups of the own organization.
pub(super) fn check_adobe_users(words: &[String]) -> Result<(), String> {
    let Form::Groups(items) = form(words, NO_ADOBE_GROUPS)? else {
        return Ok(());
    };
    let mut found = false;
    for name in items.iter().flat_map(|item| names(item)) {
        mapping::adobe_group(name)?;
        found = true;
    }
    found
        .then_some(())
        .ok_or_else(|| NO_ADOBE_GROUPS.to_owned())
}

/// Resolves `adobe_users`. An item that is an Adobe group of the mapping as a whole is that group, commas and all;
/// otherwise it is a list with commas.
///
/// # Errors
/// A sentence.
pub(crate) fn adobe_users(
    words: &[String],
    mapping: &[MappingEntry],
) -> Result<AdobeUsers, String> {
    let named = |problem: String| format!("adobe_users: {problem}");
    check_adobe_users(words).map_err(named)?;
    let items = match form(words, NO_ADOBE_GROUPS).map_err(named)? {
        Form::All => return Ok(AdobeUsers::All),
        Form::Mapped => return Ok(AdobeUsers::Mapped),
        Form::Groups(items) => items,
    };
    let mapped: BTreeSet<&GroupName> = mapping
        .iter()
        .flat_map(|entry| &entry.adobe_groups)
        .collect();
    let mut groups = BTreeSet::new();
    for item in items {
        let whole = GroupName::new(item);
        if mapped.contains(&whole) {
            groups.insert(whole);
        } else {
            for name in names(item) {
                groups.insert(mapping::adobe_group(name).map_err(named)?);
            }
        }
    }
    Ok(AdobeUsers::Groups(groups))
}
