//! UST's words for the options, as they come from YAML and from events.

use std::collections::BTreeSet;

use crate::config::{MappingEntry, words};
use crate::model::id::fold;

use super::{AdobeOnlyUserAction, Mode, Overrides, Users};

/// The options of `invocation_defaults` and of events.
pub(crate) const NAMES: [&str; 12] = [
    "test_mode",
    "process_groups",
    "update_user_info",
    "users",
    "adobe_only_user_action",
    "strategy",
    "adobe_users",
    "adobe_only_user_list",
    "user_filter",
    "exclude_unmapped_users",
    "connector",
    "ssl_cert_verify",
];

/// The options that only events have.
pub(crate) const EVENT_NAMES: [&str; 2] = ["mode", "fresh"];

/// Why nothing can switch the check of certificates off.
pub(crate) const CERTIFICATES: &str = "certificates are always checked: without that, anybody in between could read pupils' data. Delete this line, and give the server a certificate that is valid";

const ACTIONS: [AdobeOnlyUserAction; 5] = [
    AdobeOnlyUserAction::Preserve,
    AdobeOnlyUserAction::Exclude,
    AdobeOnlyUserAction::RemoveAdobeGroups,
    AdobeOnlyUserAction::Remove,
    AdobeOnlyUserAction::Delete,
];

/// The words of a value that is one text: `group A,B` is `group` and `A,B`.
pub(crate) fn split(text: &str) -> Vec<String> {
    let text = text.trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    [first, rest.trim()]
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Overrides {
    /// Takes one option by its name. No words: it was not given. Returns a notice where the option has no effect.
    ///
    /// # Errors
    /// A sentence that names the option.
    pub(crate) fn set(&mut self, name: &str, words: Vec<String>) -> Result<Option<String>, String> {
        let words = match words.as_slice() {
            [one] => split(one),
            _ => words,
        };
        let Some(first) = words.first() else {
            return Ok(None);
        };
        let refused = |message: String| format!("{name}: {message}");
        match name {
            "test_mode" => self.test_mode = Some(flag(&words).map_err(refused)?),
            "process_groups" => self.process_groups = Some(flag(&words).map_err(refused)?),
            "update_user_info" => self.update_user_info = Some(flag(&words).map_err(refused)?),
            "users" => {
                check_users(&words).map_err(refused)?;
                self.users = Some(words);
            }
            "adobe_only_user_action" => {
                let chosen = action(first)?;
                alone(&words).map_err(refused)?;
                self.adobe_only_user_action = Some(chosen.as_str().to_owned());
            }
            "mode" => {
                let chosen = mode(first)?;
                alone(&words).map_err(refused)?;
                self.mode = Some(chosen.as_str().to_owned());
            }
            // Every pass reads both sides anew, which is all that this asks for.
            "fresh" => {
                flag(&words).map_err(refused)?;
            }
            _ => return default_only(name, first, &words).map_err(refused),
        }
        Ok(None)
    }
}

/// Options whose other values come in a later version, or never.
fn default_only(name: &str, first: &str, words: &[String]) -> Result<Option<String>, String> {
    let folded = fold(first);
    match (name, folded.as_str()) {
        ("strategy", "sync") | ("adobe_users", "all") | ("connector", "oneroster") => alone(words).map(|()| None),
        ("strategy", "push") => Err("push is not available in this version. Write sync".to_owned()),
        ("strategy", _) => Err(words::unknown(first, ["sync"])),
        ("adobe_users", "mapped" | "group") => {
            Err(format!("{folded} is not available in this version. Write all"))
        }
        ("adobe_users", _) => Err(words::unknown(first, ["all"])),
        ("connector", "ldap" | "okta" | "csv" | "adobe_console") => Err(format!(
            "{folded} is not possible here: people are read from a roster. Write oneroster, or leave this option out"
        )),
        ("connector", _) => Err(words::unknown(first, ["oneroster"])),
        ("exclude_unmapped_users", _) if flag(words)? => Err(
            "this is not available in this version. Leave it out; users: mapped creates nobody without a mapped group".to_owned(),
        ),
        ("exclude_unmapped_users", _) => Ok(None),
        ("ssl_cert_verify", _) if flag(words)? => {
            Ok(Some("ssl_cert_verify has no effect: certificates are always checked".to_owned()))
        }
        ("ssl_cert_verify", _) => Err(CERTIFICATES.to_owned()),
        // Their values may hold people's names: they are not repeated.
        ("user_filter", _) => Err(
            "this is not available in this version, and without it everybody of users is taken. Leave it out only if that is right; look at a plan first (mode: plan)".to_owned(),
        ),
        _ => Err("this is not available in this version. Leave it out or empty".to_owned()),
    }
}

fn flag(words: &[String]) -> Result<bool, String> {
    let word = words.join(" ");
    words::flag(&word).ok_or_else(|| format!("{} is neither Yes nor No", words::quoted(&word)))
}

fn alone(words: &[String]) -> Result<(), String> {
    match words {
        [first, further, ..] => Err(format!("{} cannot follow {first}", words::quoted(further))),
        _ => Ok(()),
    }
}

/// The word of `mode`.
pub(super) fn mode(word: &str) -> Result<Mode, String> {
    match fold(word).as_str() {
        "plan" => Ok(Mode::Plan),
        "test" => Ok(Mode::Test),
        "apply" => Ok(Mode::Apply),
        "check" => Err(
            "mode: check is not available in this version. Use plan, which sends nothing either"
                .to_owned(),
        ),
        _ => Err(format!(
            "mode: {}",
            words::unknown(word, ["plan", "test", "apply"])
        )),
    }
}

/// The word of `adobe_only_user_action`.
pub(super) fn action(word: &str) -> Result<AdobeOnlyUserAction, String> {
    let folded = fold(word);
    if folded == "write-file" {
        return Err("adobe_only_user_action: write-file is not available in this version. Use preserve, and mode: plan to see who is Adobe-only".to_owned());
    }
    ACTIONS
        .into_iter()
        .find(|action| action.as_str() == folded)
        .ok_or_else(|| {
            format!(
                "adobe_only_user_action: {}",
                words::unknown(word, ACTIONS.map(AdobeOnlyUserAction::as_str))
            )
        })
}

/// The form of `users`, before the mapping is known.
fn check_users(words: &[String]) -> Result<(), String> {
    let first = words.first().map(|word| fold(word)).unwrap_or_default();
    match first.as_str() {
        "all" | "mapped" => alone(words),
        "group" if words.len() > 1 => Ok(()),
        "group" => Err("group needs the names of directory groups behind it: group A,B".to_owned()),
        "file" => Err("file is not possible here: people are read from the roster. Write all, mapped or group".to_owned()),
        _ => Err(words::unknown(words.first().map_or("", String::as_str), ["all", "mapped", "group"])),
    }
}

/// Resolves `users` against the mapping. An item that is a directory group as a whole is that group, commas and all;
/// otherwise it is a list with commas.
///
/// # Errors
/// A sentence for every name that the mapping does not have.
pub(crate) fn users(words: &[String], mapping: &[MappingEntry]) -> Result<Users, Vec<String>> {
    check_users(words).map_err(|problem| vec![format!("users: {problem}")])?;
    let Some((first, items)) = words.split_first() else {
        return Ok(Users::All);
    };
    match fold(first).as_str() {
        "all" => return Ok(Users::All),
        "mapped" => return Ok(Users::Mapped),
        _ => {}
    }
    let mut groups = BTreeSet::new();
    let mut problems = Vec::new();
    for item in items {
        let whole = written(item, mapping);
        if !whole.is_empty() {
            groups.extend(whole);
            continue;
        }
        for name in item
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            let found = written(name, mapping);
            if found.is_empty() {
                problems.push(format!("users: {}", unknown_group(name, mapping)));
            }
            groups.extend(found);
        }
    }
    if groups.is_empty() && problems.is_empty() {
        problems.push(
            "users: group needs the names of directory groups behind it: group A,B".to_owned(),
        );
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
