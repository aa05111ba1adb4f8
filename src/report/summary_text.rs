//! `summary.txt`: UST's Action Summary byte for byte, and below it what needs attention.
//!
//! The block's lines are those that UST prints behind `INFO processor - ` (`user-sync.py`, `log_action_summary`): an
//! opening line of 84 characters around a title of 30, rows with the label right-justified, a closing line of 84
//! dashes. Below the block stands only what there is to say, each part behind an empty line.

use std::fmt::Write as _;

use super::{Status, SummaryInput, sections};
use crate::config::options::{AdobeOnlyUserAction, Mode};
use crate::reconcile::counters::Counters;

/// The opening and the closing line are so long.
const LINE: usize = 84;
/// Labels are right-justified to the longest one, that of the last row.
const LABEL: usize = 52;

/// The summary for people. A pass that did not come to its counters has no block: only what happened.
pub fn summary_txt(input: &SummaryInput<'_>) -> String {
    let block = input.counters.map(|counters| {
        let action = input
            .run
            .options
            .map(|options| options.adobe_only_user_action);
        block(&counters, input.run.mode, action)
    });
    let parts = [
        block,
        sections::limited_read(input),
        status(input),
        sections::findings(input),
        sections::approvals(input),
        sections::ended(input),
        sections::waiting(input),
        sections::forecast(input),
        sections::problems(input),
        sections::notices(input),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Always 30 characters.
fn title(mode: Mode) -> &'static str {
    match mode {
        Mode::Apply => "------- Action Summary -------",
        Mode::Test => "- Action Summary (TEST MODE) -",
        Mode::Plan => "- Action Summary (PLAN ONLY) -",
    }
}

fn block(counters: &Counters, mode: Mode, action: Option<AdobeOnlyUserAction>) -> String {
    let mut text = format!("{:-^LINE$}\n", title(mode));
    for (label, value) in rows(counters, action) {
        // Writing to a String cannot fail.
        writeln!(text, "  {label:>LABEL$}: {value}").unwrap_or_default();
    }
    text + &"-".repeat(LINE) + "\n"
}

/// UST's rows in its order. The one about Adobe-only users is there only when they are dealt with; with strategy push,
/// those about Adobe's side are not.
fn rows(counters: &Counters, action: Option<AdobeOnlyUserAction>) -> Vec<(String, String)> {
    let Counters {
        directory_users_read,
        directory_users_selected,
        users_pushed,
        adobe_users_read,
        adobe_users_excluded,
        adobe_users_unchanged,
        adobe_users_created,
        adobe_users_updated,
        adobe_user_groups_created,
        adobe_only_users,
        actions,
    } = counters;
    let read = [
        ("directory users read", directory_users_read),
        (
            "directory users selected for input",
            directory_users_selected,
        ),
    ];
    let compared = [
        ("Adobe users read", adobe_users_read),
        ("Adobe users excluded from updates", adobe_users_excluded),
        (
            "non-excluded Adobe users with no changes",
            adobe_users_unchanged,
        ),
        ("new Adobe users added", adobe_users_created),
        ("matching Adobe users updated", adobe_users_updated),
        ("Adobe user-groups created", adobe_user_groups_created),
    ];
    let adobe = match users_pushed {
        Some(pushed) => vec![("directory users pushed to Adobe", pushed)],
        None => compared.to_vec(),
    };
    let row = |what: &str, value: String| (format!("Number of {what}"), value);
    let mut rows: Vec<_> = read
        .into_iter()
        .chain(adobe)
        .map(|(what, value)| row(what, value.to_string()))
        .collect();
    if let Some(users) = adobe_only_users {
        let what = format!("Adobe-only users {}", processed(action));
        rows.push(row(&what, users.to_string()));
    }
    let sent = format!(
        "({}, {}, {})",
        actions.total, actions.success, actions.error
    );
    rows.push(row("UMAPI actions sent (total, success, error)", sent));
    rows
}

/// What was done with Adobe-only users, in UST's words.
fn processed(action: Option<AdobeOnlyUserAction>) -> &'static str {
    match action {
        Some(AdobeOnlyUserAction::Delete) => "deleted",
        Some(AdobeOnlyUserAction::Remove) => "removed",
        Some(AdobeOnlyUserAction::RemoveAdobeGroups) => "removed from all groups",
        Some(
            AdobeOnlyUserAction::Preserve
            | AdobeOnlyUserAction::Exclude
            | AdobeOnlyUserAction::WriteFile,
        )
        | None => "with groups processed",
    }
}

/// Nothing for a complete pass.
fn status(input: &SummaryInput<'_>) -> Option<String> {
    let sentence = match input.status {
        Status::Complete => return None,
        Status::Partial => format!(
            "Adobe refused some changes, or they were not sent: the problems below list them. {}",
            sections::sent(input)
        ),
        Status::Held if input.run.mode == Mode::Plan => {
            "A guard would hold what is listed below; everything else would be sent.".to_owned()
        }
        Status::Held => format!(
            "A guard holds what is listed below: it was not sent. {} {}",
            if sections::is_all_done(input) {
                "Everything else went on."
            } else {
                "Of everything else, Adobe refused some changes, or they were not sent: the problems below list them."
            },
            sections::sent(input)
        ),
        Status::Continue { .. } => format!(
            "The pass is not done: the invocation's time was over{}. The next event goes on, in {} s at the earliest. {}",
            sections::last_stage(input),
            super::summary_json::wait_seconds(input.status).unwrap_or_default(),
            sections::sent(input)
        ),
        Status::Failed => return Some(sections::failure(input)),
    };
    Some(format!(
        "Status: {}. {}\n",
        input.status.as_str(),
        sentence.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::counters::Actions;

    #[test]
    fn every_title_fills_its_30_places() {
        for mode in [Mode::Plan, Mode::Test, Mode::Apply] {
            assert_eq!(title(mode).len(), 30, "{mode:?}");
        }
    }

    #[test]
    fn no_label_is_wider_than_its_column() {
        let counters = Counters {
            adobe_only_users: Some(0),
            actions: Actions::default(),
            ..Counters::default()
        };
        for action in [
            AdobeOnlyUserAction::Preserve,
            AdobeOnlyUserAction::RemoveAdobeGroups,
            AdobeOnlyUserAction::Remove,
            AdobeOnlyUserAction::Delete,
        ] {
            let longest = rows(&counters, Some(action))
                .iter()
                .map(|(label, _)| label.len())
                .max();
            assert_eq!(longest, Some(LABEL), "{action:?}");
        }
        let pushed = Counters {
            users_pushed: Some(0),
            ..Counters::default()
        };
        let longest = rows(&pushed, None)
            .iter()
            .map(|(label, _)| label.len())
            .max();
        assert_eq!(longest, Some(LABEL));
    }
}
