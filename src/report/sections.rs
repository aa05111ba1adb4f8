//! The parts of `summary.txt` below the Action Summary. Each ends in a line break, or is absent.

mod caution;
mod dates;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::SummaryInput;
use super::text::{count, name, sentence};
use crate::reconcile::guard::FindingName;
use crate::reconcile::problem::{Problem, ProblemName};
pub(super) use caution::{approvals, finding, findings, waiting};
pub(super) use dates::{ended, forecast};

/// So many problems of each name are listed; `summary.json` has them all.
const LISTED: usize = 20;

/// The head line of a pass that read only some of the people.
pub(super) fn limited_read(input: &SummaryInput<'_>) -> Option<String> {
    let mut findings = input.checked?.findings.iter();
    let finding = findings.find(|finding| finding.name == FindingName::LimitedRead)?;
    Some(format!("LIMITED READ: {}\n", sentence(&finding.message)))
}

/// `, at the stage "read Adobe"`, or nothing.
pub(super) fn last_stage(input: &SummaryInput<'_>) -> String {
    input
        .run
        .stages
        .last()
        .map_or_else(String::new, |(stage, _)| {
            format!(", at the stage \"{stage}\"")
        })
}

/// How much of the plan was sent, a sentence; empty where there was nothing to send.
pub(super) fn sent(input: &SummaryInput<'_>) -> String {
    if input.batches == 0 {
        return String::new();
    }
    let sent = input.batches_before + input.batches_sent;
    let before = match input.batches_before {
        0 => String::new(),
        before if before == sent => ", by earlier slices".to_owned(),
        before => format!(", {before} of them by earlier slices"),
    };
    format!(
        "Of {}, {sent} {} sent{before}.",
        count(input.batches, "planned request", "planned requests"),
        if sent == 1 { "was" } else { "were" }
    )
}

/// Whether Adobe did all that went on.
pub(super) fn is_all_done(input: &SummaryInput<'_>) -> bool {
    let undone = [ProblemName::CommandFailed, ProblemName::NotSent];
    let mut problems = input.problems.iter();
    !problems.any(|problem| undone.contains(&problem.name))
}

/// What happened, what to do, and how far the pass came.
pub(super) fn failure(input: &SummaryInput<'_>) -> String {
    let status = format!("Status: failed{}. {}", last_stage(input), sent(input));
    let mut text = format!("{}\n", status.trim_end());
    if let Some(failure) = &input.failure {
        // Writing to a String cannot fail.
        writeln!(text, "{}:", failure.name).unwrap_or_default();
        for line in failure.message.lines() {
            writeln!(text, "  {}", sentence(line)).unwrap_or_default();
        }
        writeln!(text, "What to do: {}", failure.next_step).unwrap_or_default();
    }
    text
}

/// Counted by name, the first of each listed.
pub(super) fn problems(input: &SummaryInput<'_>) -> Option<String> {
    if input.problems.is_empty() {
        return None;
    }
    let mut by_name = BTreeMap::<ProblemName, Vec<&Problem>>::new();
    for problem in input.problems {
        by_name.entry(problem.name).or_default().push(problem);
    }
    let mut text = "Problems\n".to_owned();
    for (kind, problems) in by_name {
        writeln!(text, "  {}: {}", kind.as_str(), problems.len()).unwrap_or_default();
        for problem in problems.iter().take(LISTED) {
            writeln!(text, "    {}", self::problem(problem)).unwrap_or_default();
        }
        if problems.len() > LISTED {
            let rest = problems.len() - LISTED;
            writeln!(text, "    … and {rest} more in summary.json").unwrap_or_default();
        }
    }
    Some(text)
}

/// `a@example.org (roster id 17): what is wrong [code: Adobe's words]`.
fn problem(problem: &Problem) -> String {
    let email = problem.email.as_ref().map(|email| name(email.as_str()));
    let id = problem
        .roster_id
        .as_ref()
        .map(|id| format!("roster id {}", name(id.as_str())));
    let who = match (email, id) {
        (Some(email), Some(id)) => format!("{email} ({id}): "),
        (Some(one), None) | (None, Some(one)) => format!("{one}: "),
        (None, None) => String::new(),
    };
    let words = problem
        .refused
        .as_ref()
        .map_or_else(String::new, |refused| {
            format!(" [{}: {}]", name(&refused.code), sentence(&refused.message))
        });
    format!("{who}{}{words}", sentence(&problem.message))
}

/// Sentences about the whole pass.
pub(super) fn notices(input: &SummaryInput<'_>) -> Option<String> {
    if input.notices.is_empty() {
        return None;
    }
    let mut text = "Notices\n".to_owned();
    for notice in input.notices {
        writeln!(text, "  {}", sentence(notice)).unwrap_or_default();
    }
    Some(text)
}
