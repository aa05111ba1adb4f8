//! Words in messages: quoting what somebody wrote, and finding what was meant.

use crate::model::id::fold;

/// What somebody wrote, in quotes and not too long.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() > LONGEST {
        let head: String = text.chars().take(LONGEST).collect();
        format!("'{head}…'")
    } else {
        format!("'{text}'")
    }
}

/// `a, b, c`.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

/// The known word that somebody who typed this most likely meant: a few letters off, or its beginning.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const SHORTEST_BEGINNING: usize = 4;
    let plain = |text: &str| fold(text).replace(['-', ' '], "_");
    let word = plain(word);
    let length = word.chars().count();
    let tolerance = (length / 3).max(1);
    let distance = |candidate: &str| {
        let candidate = plain(candidate);
        let begins = length >= SHORTEST_BEGINNING && candidate.starts_with(&word);
        if begins {
            1
        } else {
            strsim::damerau_levenshtein(&word, &candidate)
        }
    };
    known
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether this is the word but for case, hyphens and blanks, or one letter.
pub(crate) fn is_slip_of(word: &str, written: &str) -> bool {
    const SHORTEST: usize = 5;
    let plain = |text: &str| fold(text).replace(['-', ' '], "_");
    let (word, written) = (plain(word), plain(written));
    word == written
        || (written.chars().count() >= SHORTEST && strsim::osa_distance(&word, &written) <= 1)
}

/// `'clevr' is not known; did you mean 'clever'?`, or the whole choice where nothing is near.
pub(crate) fn unknown<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(meant) => format!("{} is not known; did you mean '{meant}'?", quoted(word)),
        None => format!(
            "{} is not known; possible are: {}",
            quoted(word),
            list(known)
        ),
    }
}

/// UST's and YAML's words for true and false, in any case.
pub(crate) fn flag(word: &str) -> Option<bool> {
    match fold(word).as_str() {
        "yes" | "true" | "on" => Some(true),
        "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// Whether this is a text that the manual or UST's example files put where a value has to be filled in.
pub(crate) fn is_example_text(text: &str) -> bool {
    let text = fold(text);
    let host = text.trim_start_matches("https://");
    text.ends_with(" here")
        || text.contains("goes here")
        || host.starts_with("example.oneroster.com")
        || host.starts_with("example-ca-v2.oneroster.com")
        || matches!(
            text.as_str(),
            "api token (clever only)"
                | "clever or classlink"
                | "https://api.clever.com/v2.1/ for clever or your oneroster url for classlink"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found_and_far_ones_are_not() {
        assert_eq!(nearest("clevr", ["classlink", "clever"]), Some("clever"));
        assert_eq!(
            nearest("Process-Groups", ["process_groups"]),
            Some("process_groups")
        );
        assert_eq!(nearest("stud", ["teachers", "students"]), Some("students"));
        assert_eq!(nearest("banana", ["classlink", "clever"]), None);
    }

    #[test]
    fn a_slip_is_case_a_hyphen_or_one_letter() {
        for slip in ["Host", "max-users", "max_user", "MAX USERS", "max_uesrs"] {
            let word = if slip == "Host" { "host" } else { "max_users" };
            assert!(is_slip_of(word, slip), "{slip}");
        }
        assert!(!is_slip_of("host", "hose"));
        assert!(!is_slip_of("match_groups_by", "match_groups_on"));
        assert!(!is_slip_of("max_users", "max_user_count"));
    }

    #[test]
    fn long_words_are_cut() {
        assert!(quoted(&"x".repeat(500)).chars().count() < 90);
    }
}
