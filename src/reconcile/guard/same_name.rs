//! Whose account could be that of somebody whom the roster cannot name otherwise than by name.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// First and last names without case, accents and blanks, each with the findings that look for it.
#[derive(Default)]
pub(super) struct Names {
    whole: BTreeMap<(String, String), BTreeSet<usize>>,
    only_first: BTreeMap<String, BTreeSet<usize>>,
    only_last: BTreeMap<String, BTreeSet<usize>>,
}

/// Masked: names are personal data.
impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Names({})", self.whole.len())
    }
}

impl Names {
    /// Of a person with one name only, the other one could be any.
    pub(super) fn insert(&mut self, first: &str, last: &str, reason: usize) {
        let (first, last) = (plain(first), plain(last));
        let reasons = match (first.is_empty(), last.is_empty()) {
            (true, true) => return,
            (false, true) => self.only_first.entry(first).or_default(),
            (true, false) => self.only_last.entry(last).or_default(),
            (false, false) => self.whole.entry((first, last)).or_default(),
        };
        reasons.insert(reason);
    }

    /// The findings that look for an account with this name.
    pub(super) fn matching(&self, first: Option<&str>, last: Option<&str>) -> BTreeSet<usize> {
        let (first, last) = (plain(first.unwrap_or("")), plain(last.unwrap_or("")));
        let by_half = [self.only_first.get(&first), self.only_last.get(&last)];
        let whole = self.whole.get(&(first, last));
        by_half
            .into_iter()
            .chain([whole])
            .flatten()
            .flatten()
            .copied()
            .collect()
    }
}

/// Without case, accents and blanks.
pub(in crate::reconcile) fn plain(name: &str) -> String {
    name.nfkd()
        .filter(|c| !is_combining_mark(*c) && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(people: &[(&str, &str)]) -> Names {
        let mut names = Names::default();
        for (first, last) in people {
            names.insert(first, last, 0);
        }
        names
    }

    #[test]
    fn case_accents_and_blanks_do_not_matter() {
        let names = names(&[("José  María", "Núñez")]);
        assert!(
            !names
                .matching(Some("jose maria"), Some("NUNEZ "))
                .is_empty()
        );
        // The same letters, composed otherwise.
        assert!(
            !names
                .matching(Some("Jose\u{301} Mari\u{301}a"), Some("Nunez"))
                .is_empty()
        );
        assert!(names.matching(Some("José"), Some("Núñez")).is_empty());
        assert!(names.matching(None, None).is_empty());
    }

    #[test]
    fn a_missing_half_could_be_any() {
        let names = names(&[("Ana", " "), ("", "Lund"), ("", "")]);
        assert!(!names.matching(Some("ana"), Some("Berg")).is_empty());
        assert!(!names.matching(Some("Bo"), Some("Lund")).is_empty());
        assert!(names.matching(Some("Bo"), Some("Berg")).is_empty());
        assert!(names.matching(None, None).is_empty());
    }
}
