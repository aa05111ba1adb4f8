//! `protected`: whom and what no action names.

use super::RawGroup;
use crate::config::pattern::Pattern;
use crate::config::section::{Findings, Section};
use crate::config::tree::Position;
use crate::config::{Protected, adobe_users, words};

/// Reads the section. No Adobe group of the mapping may be protected: nobody could join it.
pub(super) fn read(
    mut section: Section<'_>,
    mapping: &[RawGroup<'_>],
    findings: &mut Findings,
) -> Protected {
    let users = patterns(&mut section, "users", |_| None, findings);
    let domains = patterns(&mut section, "domains", no_domain, findings);
    let groups = patterns(&mut section, "groups", no_group, findings);
    let foreign_accounts = section
        .take("foreign_accounts")
        .and_then(|field| field.flag(findings));
    section.finish(findings);
    contradictions(&groups, mapping, findings);
    Protected {
        users: without_places(users),
        domains: without_places(domains),
        groups: without_places(groups),
        foreign_accounts: foreign_accounts.unwrap_or(false),
    }
}

/// The patterns of a key, each with its place. `never` says of a text why it could match nothing; that protects nobody, and
/// nobody would notice.
fn patterns(
    section: &mut Section<'_>,
    key: &'static str,
    never: impl Fn(&str) -> Option<&'static str>,
    findings: &mut Findings,
) -> Vec<(Position, Pattern)> {
    let Some(field) = section.take(key) else {
        return Vec::new();
    };
    let patterns = adobe_users::patterns(&field, findings);
    for (at, pattern) in &patterns {
        if let Some(why) = never(pattern.as_str()) {
            findings.problem(*at, format!("{key}: {why}"));
        }
    }
    patterns
}

fn no_domain(pattern: &str) -> Option<&'static str> {
    pattern.contains('@').then_some(
        r"no domain has an @. Write the domain alone, such as staff\.example\.org; a pattern for whole addresses belongs in users",
    )
}

fn no_group(pattern: &str) -> Option<&'static str> {
    pattern.contains("::").then_some(
        "what stands before :: would name an Adobe organization, and this version serves one. Write the name of the group alone",
    )
}

/// Adobe groups that the mapping feeds and `groups` protects. A pattern that takes too long to tell protects.
fn contradictions(
    groups: &[(Position, Pattern)],
    mapping: &[RawGroup<'_>],
    findings: &mut Findings,
) {
    for (at, group) in mapping.iter().flat_map(|entry| &entry.adobe_groups) {
        let protects =
            |(_, pattern): &&(Position, Pattern)| pattern.matches(group.as_str()) != Some(false);
        if let Some(((line, column), _)) = groups.iter().find(protects) {
            findings.problem(
                *at,
                format!(
                    "adobe_groups: {} is protected: a pattern of protected.groups matches it, at {line}:{column}, and nobody joins or leaves a protected group. Delete one of the two",
                    words::quoted(group.as_str())
                ),
            );
        }
    }
}

fn without_places(patterns: Vec<(Position, Pattern)>) -> Vec<Pattern> {
    patterns.into_iter().map(|(_, pattern)| pattern).collect()
}
