//! README keeps its word: its tables are the program's names, its examples are accepted.

use std::collections::BTreeSet;

use roster_sync::config::{self, Files};
use roster_sync::pass::ErrorName;
use roster_sync::reconcile::guard::FindingName;
use roster_sync::reconcile::problem::ProblemName;
use roster_sync::{event, settings};

const README: &str = include_str!("../../README.md");

/// The text below a heading, up to the next heading of any level.
fn section(heading: &str) -> &'static str {
    let start = README
        .find(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("README has no {heading}"));
    let below = &README[start + 1 + heading.len()..];
    below.split("\n#").next().unwrap()
}

/// The rows of the first table of a section, without its head.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    section(heading)
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// The names that a table explains, each once and each with both other cells filled.
fn explained(heading: &str) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    for row in rows(heading) {
        let [name, meaning, advice] = row[..] else {
            panic!("{row:?} has not three cells")
        };
        assert!(
            !meaning.is_empty() && !advice.is_empty(),
            "{name} is not explained"
        );
        assert!(
            names.insert(name.trim_matches('`')),
            "{name} stands there twice"
        );
    }
    names
}

/// The fenced blocks of a section that are of one language.
fn fenced(heading: &str, language: &str) -> Vec<&'static str> {
    section(heading)
        .split(&format!("```{language}\n"))
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .collect()
}

#[test]
fn every_error_is_explained() {
    assert_eq!(
        explained("### Errors"),
        ErrorName::ALL.map(ErrorName::as_str).into()
    );
}

#[test]
fn every_finding_is_explained() {
    assert_eq!(
        explained("### Findings"),
        FindingName::ALL.map(FindingName::as_str).into()
    );
}

#[test]
fn every_problem_is_explained() {
    assert_eq!(
        explained("### Problems"),
        ProblemName::ALL.map(ProblemName::as_str).into()
    );
}

#[test]
fn every_setting_is_explained() {
    let names: Vec<&str> = rows("### The function's environment")
        .iter()
        .map(|row| row[0].trim_matches('`'))
        .collect();
    assert_eq!(names, settings::NAMES);
}

#[test]
fn the_configuration_examples_fit_together_and_are_accepted() {
    let root = "user-sync-config.yml";
    let mut files = Files::new();
    for (name, heading) in [
        (root, "### `user-sync-config.yml`: who gets what"),
        (
            "connector-oneroster.yml",
            "### `connector-oneroster.yml`: where the roster is",
        ),
        (
            "connector-umapi.yml",
            "### `connector-umapi.yml`: your Adobe organization",
        ),
    ] {
        let [example] = fenced(heading, "yaml")[..] else {
            panic!("{heading} has one example")
        };
        files.insert(name.to_owned(), example.into());
    }
    let config = config::check(root, &files, "roster-sync").unwrap();
    assert_eq!(config.mapping.len(), 3);
    assert_eq!(config.notices, Vec::<String>::new());
}

#[test]
fn the_events_are_accepted() {
    let events = fenced("## Events", "json");
    assert_eq!(events.len(), 4);
    for text in events {
        event::parse(&serde_json::from_str(text).unwrap()).unwrap();
    }
}

#[test]
fn every_way_to_start_ust_has_its_event() {
    let events = concat!(env!("CARGO_MANIFEST_DIR"), "/events");
    let named: BTreeSet<String> = rows("### UST command line → event")
        .iter()
        .map(|row| row[1].trim_matches('`').to_owned())
        .filter(|name| name.contains('.'))
        .collect();
    let shapes = [
        "approval.json",
        "close.json",
        "engine-schedule.json",
        "first-slice.json",
        "on-demand-options.json",
        "on-demand.json",
        "schedule.json",
        "scheduled-rule.json",
        "scheduler-default.json",
        "slice.json",
        "start-over.json",
    ];
    let there: BTreeSet<String> = std::fs::read_dir(events)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !shapes.contains(&name.as_str()))
        .collect();
    assert_eq!(named, there);
}
