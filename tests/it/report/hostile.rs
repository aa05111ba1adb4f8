//! Names that mean harm: they forge no line, turn no text, and fill no page.

use roster_sync::config::options::{AdobeOnlyUserAction, Mode};
use roster_sync::model::id::{Email, GroupName};
use roster_sync::reconcile::approval::ApprovalUse;
use roster_sync::reconcile::ending::Ended;
use roster_sync::reconcile::guard::{Checked, FindingName};
use roster_sync::reconcile::outcome::Outcomes;
use roster_sync::reconcile::plan::Removal;
use roster_sync::reconcile::problem::ProblemName;
use roster_sync::report::{Status, changes_ndjson, summary_json, summary_txt};

use super::dated::{self, ending, losing};
use super::fixture;
use super::plan::plan;

/// Breaks the line, moves the cursor, turns the direction of writing, hides.
const HARM: &str =
    "\n  - boss@example.org: Adobe-only\r\u{1b}[2J\u{202e}\u{2066}\u{200f}\u{2028}\u{200b}";

fn hostile() -> Checked {
    let name = |what: &str| format!("{what}{HARM}{}", "x".repeat(10_000));
    let group = name("group");
    let end = ending(
        "2026-11-22",
        Ended::Term(Some(name("term"))),
        &name("class"),
    );
    let mut checked = dated::checked();
    checked.plan.changes = vec![
        losing(&name("ended"), &[&group], &[(&group, end)], &[]),
        losing(&name("lost"), &[&group], &[], &[&name("today")]),
        dated::creation(&name("new")),
        fixture::leaver(&name("gone"), &[&group], false),
    ];
    checked.plan.new_groups = vec![GroupName::new(&group)];
    checked.held = vec![
        dated::held(
            losing(&name("kept"), &[&group], &[], &[]),
            &[FindingName::PersonUnusable],
        ),
        dated::held(
            dated::creation(&name("unmade")),
            &[FindingName::IdentitySettingsChanged],
        ),
    ];
    for finding in &mut checked.findings {
        finding.message = name("message");
        finding.next_step = name("step");
    }
    checked.approvals.push(ApprovalUse {
        refused: Some(name("refused")),
        name: name("approval"),
        ..dated::approvals().remove(0)
    });
    for item in &mut checked.approvals[0].dropped {
        item.account.user = name("dropped");
    }
    for one in &mut checked.plan.waiting {
        one.email = Email::new(&name("waiting"));
        one.removal = Removal::Groups([GroupName::new(&group)].into());
    }
    for one in &mut checked.plan.forecast {
        one.adobe_group = GroupName::new(&group);
    }
    checked
}

/// Each text for people.
fn texts(checked: &Checked) -> [String; 2] {
    let options = fixture::options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let problem = format!("problem{HARM}{}", "x".repeat(10_000));
    let problems = [fixture::problem(
        ProblemName::EmailShared,
        &problem,
        &problem,
    )];
    let notices = [problem.clone()];
    let mut input = fixture::input(&options, &[]);
    input.status = Status::Held;
    input.checked = Some(checked);
    input.held_hash = Some("abc123");
    input.problems = &problems;
    input.notices = &notices;
    [plan(checked), summary_txt(&input)]
}

#[test]
fn no_name_forges_a_line_or_turns_the_text() {
    for text in texts(&hostile()) {
        let forged = text
            .lines()
            .filter(|line| line.trim_start().starts_with("- boss"));
        assert_eq!(forged.count(), 0, "{text}");
        let harmful = text
            .chars()
            .find(|c| *c != '\n' && (c.is_control() || HARM.contains(*c) && !c.is_ascii()));
        assert_eq!(harmful, None, "{text}");
    }
    // They are told all the same.
    let [plan, _] = texts(&hostile());
    for name in ["ended", "lost", "kept", "unmade", "waiting", "dropped"] {
        assert!(plan.contains(&format!("{name}   - boss")), "{name}: {plan}");
    }
}

#[test]
fn no_name_fills_a_page() {
    for text in texts(&hostile()) {
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest < Some(4_500), "{longest:?}");
        assert!(!text.contains(&"x".repeat(2_001)));
    }
    let [plan, _] = texts(&hostile());
    let names = plan.lines().filter(|line| {
        let sentences = ["message", "step", "refused"];
        !sentences.iter().any(|word| line.contains(word))
    });
    for line in names {
        assert!(line.chars().count() < 1_000, "{line}");
    }
}

#[test]
fn programs_get_names_as_they_are() {
    let checked = hostile();
    let outcomes = Outcomes::nothing_sent(&checked.plan);
    let changes = changes_ndjson(&checked, &outcomes, Mode::Apply);
    let first: serde_json::Value = serde_json::from_str(changes.lines().nth(1).unwrap()).unwrap();
    let change = &checked.plan.changes[0];
    assert_eq!(first["email"], change.email.as_str());
    let options = fixture::options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.checked = Some(&checked);
    let summary = summary_json(&input);
    let term = summary["ended"][0]["term"].as_str().unwrap();
    assert!(term.len() > 10_000 && term.contains('\u{202e}'));
}
