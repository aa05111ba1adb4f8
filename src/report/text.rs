//! `summary.txt`: UST's Action Summary, and below it what UST never said.

use std::fmt::Write as _;

use super::{Status, SummaryInput};
use crate::config::options::{AdobeOnlyUserAction, Mode};
use crate::reconcile::counters::Counters;
use crate::reconcile::problem::Problem;

/// The width of UST's block.
const WIDTH: usize = 84;
/// The width of its labels, with one organization.
const LABELS: usize = 52;
/// So many problems are spelled out; summary.json has them all.
const PROBLEMS_SHOWN: usize = 20;

/// UST's block alone (`reference/user-sync-tool.md`, section 5.2), byte for byte.
pub fn action_summary(counters: &Counters, mode: Mode, action: AdobeOnlyUserAction) -> String {
    let title = match mode {
        Mode::Apply => "------- Action Summary -------",
        Mode::Test => "- Action Summary (TEST MODE) -",
        Mode::Plan => "- Action Summary (PLAN ONLY) -",
    };
    let actions = counters.actions;
    let mut rows = vec![
        (
            "Number of directory users read",
            counters.directory_users_read,
        ),
        (
            "Number of directory users selected for input",
            counters.directory_users_selected,
        ),
        ("Number of Adobe users read", counters.adobe_users_read),
        (
            "Number of Adobe users excluded from updates",
            counters.adobe_users_excluded,
        ),
        (
            "Number of non-excluded Adobe users with no changes",
            counters.adobe_users_unchanged,
        ),
        (
            "Number of new Adobe users added",
            counters.adobe_users_created,
        ),
        (
            "Number of matching Adobe users updated",
            counters.adobe_users_updated,
        ),
        (
            "Number of Adobe user-groups created",
            counters.adobe_user_groups_created,
        ),
    ];
    rows.extend(
        counters
            .adobe_only_users
            .map(|count| (adobe_only_label(action), count)),
    );
    let rows = rows
        .into_iter()
        .map(|(label, value)| (label, value.to_string()))
        .chain([(
            "Number of UMAPI actions sent (total, success, error)",
            format!(
                "({}, {}, {})",
                actions.total, actions.success, actions.error
            ),
        )]);
    let mut text = format!("{title:-^WIDTH$}\n");
    for (label, value) in rows {
        line(&mut text, &format!("  {label:>LABELS$}: {value}"));
    }
    line(&mut text, &"-".repeat(WIDTH));
    text
}

fn adobe_only_label(action: AdobeOnlyUserAction) -> &'static str {
    match action {
        AdobeOnlyUserAction::Delete => "Number of Adobe-only users deleted",
        AdobeOnlyUserAction::Remove => "Number of Adobe-only users removed",
        AdobeOnlyUserAction::RemoveAdobeGroups => {
            "Number of Adobe-only users removed from all groups"
        }
        AdobeOnlyUserAction::Preserve | AdobeOnlyUserAction::Exclude => {
            "Number of Adobe-only users with groups processed"
        }
    }
}

/// The block where there are counters, and what is to be said besides; nothing where there is nothing.
pub fn summary_txt(input: &SummaryInput<'_>) -> String {
    let mut text = String::new();
    if input.checked.is_some_and(|checked| {
        checked
            .findings
            .iter()
            .any(|finding| finding.name == crate::reconcile::guard::FindingName::LimitedRead)
    }) {
        line(
            &mut text,
            "LIMITED READ: max_user_count is set, so this pass saw only a part of the roster.",
        );
    }
    if let Some(counters) = &input.counters {
        let action = input
            .run
            .options
            .map_or(AdobeOnlyUserAction::Preserve, |options| {
                options.adobe_only_user_action
            });
        text.push_str(&action_summary(counters, input.run.mode, action));
    }
    status(&mut text, input);
    findings(&mut text, input);
    problems(&mut text, input.problems);
    if !input.notices.is_empty() {
        line(&mut text, "\nNotices:");
        for notice in input.notices {
            line(&mut text, &format!("- {notice}"));
        }
    }
    text
}

fn status(text: &mut String, input: &SummaryInput<'_>) {
    let done = format!(
        "{} of {} batches were sent",
        input.batches_sent, input.batches
    );
    let said = match input.status {
        Status::Complete => return,
        Status::Partial => {
            "Status: partial. Some commands failed or were not sent; they are listed below."
                .to_owned()
        }
        Status::Held => "Status: held. Removals wait for you; everything else was done.".to_owned(),
        Status::Continue { wait } => {
            format!(
                "Status: continue. {done}; the next event goes on, in {} s at the earliest.",
                wait.as_secs()
            )
        }
        Status::Failed => format!("Status: failed. {done}."),
    };
    line(text, &format!("\n{said}"));
    if let Some(failure) = &input.failure {
        let stage = input.run.stages.last().map_or("start", |(stage, _)| stage);
        line(
            text,
            &format!(
                "{} (stage: {stage})\n{}\nWhat to do: {}",
                failure.name, failure.message, failure.next_step
            ),
        );
    }
}

fn findings(text: &mut String, input: &SummaryInput<'_>) {
    let Some(checked) = input.checked else { return };
    for finding in &checked.findings {
        line(
            text,
            &format!(
                "\n{} (holds the removals of {} accounts)",
                finding.name.as_str(),
                finding.held
            ),
        );
        line(
            text,
            &format!("  {}\n  What to do: {}", finding.message, finding.next_step),
        );
    }
    if !checked.held.is_empty() {
        line(
            text,
            &format!(
                "\nWhat is held stands in runs/{}/held.json and in plan.txt.",
                input.run.run_id
            ),
        );
    }
}

fn problems(text: &mut String, problems: &[Problem]) {
    if problems.is_empty() {
        return;
    }
    line(text, &format!("\nProblems: {}", problems.len()));
    for problem in problems.iter().take(PROBLEMS_SHOWN) {
        let who = problem.email.as_ref().map(|email| email.as_str());
        let id = problem
            .roster_id
            .as_ref()
            .map(|id| format!("roster id {}", id.as_str()));
        let who: Vec<&str> = who.into_iter().chain(id.as_deref()).collect();
        let refused = problem
            .refused
            .as_ref()
            .map(|refused| format!(" {}: {}", refused.code, refused.message));
        line(
            text,
            &format!(
                "- {} {}: {}{}",
                problem.name.as_str(),
                who.join(", "),
                problem.message,
                refused.unwrap_or_default()
            ),
        );
    }
    if problems.len() > PROBLEMS_SHOWN {
        line(
            text,
            &format!(
                "  and {} more, all in summary.json",
                problems.len() - PROBLEMS_SHOWN
            ),
        );
    }
}

/// Writing to a String cannot fail.
fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").unwrap_or_default();
}
