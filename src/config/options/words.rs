//! UST's words for the options, as they come from YAML and from events.

mod groups;

use crate::config::pattern::Pattern;
use crate::config::{references, words};
use crate::model::id::fold;

use super::{AdobeOnlyUserAction, Mode, Overrides, Strategy};

pub(super) use groups::adobe_users;
pub(crate) use groups::users;

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

const ACTIONS: [AdobeOnlyUserAction; 6] = [
    AdobeOnlyUserAction::Preserve,
    AdobeOnlyUserAction::Exclude,
    AdobeOnlyUserAction::RemoveAdobeGroups,
    AdobeOnlyUserAction::Remove,
    AdobeOnlyUserAction::Delete,
    AdobeOnlyUserAction::WriteFile,
];

const STRATEGIES: [Strategy; 2] = [Strategy::Sync, Strategy::Push];

/// The words of a value that is one text: `group A,B` is `group` and `A,B`.
fn split(text: &str) -> Vec<String> {
    let text = text.trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    [first, rest.trim()]
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Overrides {
    /// Takes one option by its name: one value, or a list of values. Nothing, or empty text: it was not given; but it
    /// switches `user_filter` and `adobe_only_user_list` off, which have no word for that. Returns a notice where
    /// something has no effect.
    ///
    /// # Errors
    /// A sentence that names the option.
    pub(crate) fn set(&mut self, name: &str, values: &[String]) -> Result<Option<String>, String> {
        let refused = |message: String| format!("{name}: {message}");
        match name {
            "user_filter" => {
                self.user_filter = Some(user_filter(values).map_err(refused)?);
                return Ok(None);
            }
            "adobe_only_user_list" => {
                self.adobe_only_user_list = Some(user_list(values).map_err(refused)?);
                return Ok(None);
            }
            _ => {}
        }
        let words = match values {
            [one] => split(one),
            _ => values.to_vec(),
        };
        if words.is_empty() {
            return Ok(None);
        }
        self.set_words(name, words).map_err(refused)
    }

    /// Options that are made of words; at least one.
    fn set_words(&mut self, name: &str, words: Vec<String>) -> Result<Option<String>, String> {
        let first = words.first().map_or("", String::as_str);
        match name {
            "test_mode" => self.test_mode = Some(flag(&words)?),
            "process_groups" => self.process_groups = Some(flag(&words)?),
            "update_user_info" => self.update_user_info = Some(flag(&words)?),
            "exclude_unmapped_users" => self.exclude_unmapped_users = Some(flag(&words)?),
            "users" => {
                groups::check_users(&words)?;
                self.users = Some(words);
            }
            "adobe_users" => {
                groups::check_adobe_users(&words)?;
                self.adobe_users = Some(words);
            }
            "adobe_only_user_action" => {
                let joined = words.join("-").replace(' ', "-");
                if words.len() > 1 && action(&joined).is_ok() {
                    return Err(format!(
                        "{} is not known; did you mean '{}'?",
                        words::quoted(&words.join(" ")),
                        fold(&joined)
                    ));
                }
                let chosen = action(first)?;
                self.adobe_only_user_action = Some(chosen.as_str().to_owned());
                if chosen == AdobeOnlyUserAction::WriteFile {
                    return Ok((words.len() > 1).then(|| "the name behind write-file has no effect: the list is adobe-only-users.csv in the folder of the pass, under runs/".to_owned()));
                }
                // What stands behind it may be the name of somebody's file: it is not repeated.
                if words.len() > 1 {
                    return Err(format!(
                        "only write-file takes a name behind it, {} does not",
                        chosen.as_str()
                    ));
                }
            }
            "strategy" => {
                let chosen = strategy(first)?;
                alone(&words)?;
                self.strategy = Some(chosen.as_str().to_owned());
            }
            "mode" => {
                let chosen = mode(first)?;
                alone(&words)?;
                self.mode = Some(chosen.as_str().to_owned());
            }
            "fresh" => self.fresh = Some(flag(&words)?),
            "ssl_cert_verify" => {
                return if flag(&words)? {
                    Ok(Some(
                        "ssl_cert_verify has no effect: certificates are always checked".to_owned(),
                    ))
                } else {
                    Err(CERTIFICATES.to_owned())
                };
            }
            _ => connector(first, &words)?,
        }
        Ok(None)
    }
}

/// The pattern as written, or nothing. It may hold people's names: no message repeats it.
fn user_filter(values: &[String]) -> Result<String, String> {
    let text = one(values)?;
    if !text.is_empty() {
        Pattern::new(text)?;
    }
    Ok(text.to_owned())
}

/// The name of a file beside the root file, or nothing. A path may hold the name of whoever made the file: no message
/// repeats it.
fn user_list(values: &[String]) -> Result<String, String> {
    match one(values)? {
        "" => Ok(String::new()),
        text => references::relative(text).map_err(|wrong| format!("this name {wrong}")),
    }
}

/// One text, which may be empty.
fn one(values: &[String]) -> Result<&str, String> {
    match values {
        [] => Ok(""),
        [one] => Ok(one.trim()),
        _ => Err("one value is expected here, not a list".to_owned()),
    }
}

fn connector(first: &str, words: &[String]) -> Result<(), String> {
    match fold(first).as_str() {
        "oneroster" => alone(words),
        other @ ("ldap" | "okta" | "csv" | "adobe_console") => Err(format!(
            "{other} is not possible here: people are read from a roster. Write oneroster, or leave this option out"
        )),
        _ => Err(words::unknown(first, ["oneroster"])),
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
///
/// # Errors
/// A sentence, without the name of the option; so of the other words, too.
pub(super) fn mode(word: &str) -> Result<Mode, String> {
    match fold(word).as_str() {
        "plan" => Ok(Mode::Plan),
        "test" => Ok(Mode::Test),
        "apply" => Ok(Mode::Apply),
        "check" => Err(
            "check is not available in this version. Use plan, which sends nothing either"
                .to_owned(),
        ),
        _ => Err(words::unknown(word, ["plan", "test", "apply"])),
    }
}

/// The word of `adobe_only_user_action`.
pub(super) fn action(word: &str) -> Result<AdobeOnlyUserAction, String> {
    named(word, ACTIONS, AdobeOnlyUserAction::as_str)
}

/// The word of `strategy`. UST takes every other word for sync.
pub(super) fn strategy(word: &str) -> Result<Strategy, String> {
    named(word, STRATEGIES, Strategy::as_str)
}

/// The one of these that has this name.
fn named<T: Copy, const N: usize>(
    word: &str,
    known: [T; N],
    name: impl Fn(T) -> &'static str + Copy,
) -> Result<T, String> {
    let folded = fold(word);
    known
        .into_iter()
        .find(|one| name(*one) == folded)
        .ok_or_else(|| words::unknown(word, known.map(name)))
}
