//! What went other than planned for single people.

use super::Progress;
use super::execute::Execution;
use crate::model::id::Email;
use crate::reconcile::guard::Checked;
use crate::reconcile::problem::{Problem, ProblemName, Refused};
use crate::report::Status;

/// What the plan found, then what Adobe refused and what was not sent, in the order of the plan.
pub(super) fn problems(progress: &Progress, status: Status) -> Vec<Problem> {
    let Some(checked) = &progress.checked else {
        return Vec::new();
    };
    let mut problems = checked.plan.problems.clone();
    if let Some(execution) = &progress.execution {
        // A pass that goes on lists nothing as not sent: the next slice sends it.
        let goes_on = matches!(status, Status::Continue { .. });
        problems.extend(sent_problems(checked, execution, goes_on));
    }
    problems
}

fn sent_problems(checked: &Checked, execution: &Execution, goes_on: bool) -> Vec<Problem> {
    let plan = &checked.plan;
    let outcomes = &execution.outcomes;
    let mut problems = Vec::new();
    for (position, (group, outcome)) in plan.new_groups.iter().zip(&outcomes.groups).enumerate() {
        let refusals = execution.refused_groups.get(&position);
        problems.extend(refusals.into_iter().flatten().map(|one| refused(None, one)));
        if outcome.is_none() && !goes_on {
            let what = format!("The new user group {}", group.as_str());
            problems.push(not_sent(None, &what));
        }
    }
    for (position, (change, outcome)) in plan.changes.iter().zip(&outcomes.changes).enumerate() {
        let email = Some(&change.email);
        let refusals = execution.refused.get(&position);
        problems.extend(
            refusals
                .into_iter()
                .flatten()
                .map(|one| refused(email, one)),
        );
        if outcome.is_none() && !goes_on {
            problems.push(not_sent(email, "This"));
        }
    }
    problems
}

fn refused(email: Option<&Email>, refused: &Refused) -> Problem {
    Problem {
        name: ProblemName::CommandFailed,
        email: email.cloned(),
        roster_id: None,
        message: format!("Adobe refused to {}.", refused.command),
        refused: Some(refused.clone()),
    }
}

fn not_sent(email: Option<&Email>, what: &str) -> Problem {
    Problem {
        name: ProblemName::NotSent,
        email: email.cloned(),
        roster_id: None,
        message: format!("{what} was planned and not sent; the next pass plans it again."),
        refused: None,
    }
}
