//! `summary.txt` and `summary.json`.

use roster_sync::config::options::{AdobeOnlyUserAction, Mode, Strategy};
use roster_sync::reconcile::counters::{Actions, Counters, counters, planned};
use roster_sync::reconcile::guard::{Checked, Finding, FindingName};
use roster_sync::reconcile::outcome::{ActionOutcome, Outcomes};
use roster_sync::reconcile::problem::ProblemName;
use roster_sync::report::{Failure, Status, head_of, summary_json, summary_txt};

use super::fixture::{self, HALF_A_SECOND_OVER, options};

/// The manual's lines without their log prefix.
const SAMPLE: &str = "\
---------------------------- Action Summary (TEST MODE) ----------------------------
                        Number of directory users read: 5
          Number of directory users selected for input: 5
                            Number of Adobe users read: 22
           Number of Adobe users excluded from updates: 2
    Number of non-excluded Adobe users with no changes: 0
                       Number of new Adobe users added: 5
                Number of matching Adobe users updated: 0
                   Number of Adobe user-groups created: 0
      Number of Adobe-only users with groups processed: 20
  Number of UMAPI actions sent (total, success, error): (5, 5, 0)
------------------------------------------------------------------------------------
";

#[test]
fn the_counters_of_the_manuals_sample_give_the_manuals_sample() {
    let options = options(Mode::Test, AdobeOnlyUserAction::Preserve);
    assert_eq!(summary_txt(&fixture::input(&options, &[])), SAMPLE);
}

/// UST's block after a push of three people.
const PUSHED: &str = "\
---------------------------------- Action Summary ----------------------------------
                        Number of directory users read: 3
          Number of directory users selected for input: 3
             Number of directory users pushed to Adobe: 3
  Number of UMAPI actions sent (total, success, error): (3, 3, 0)
------------------------------------------------------------------------------------
";

#[test]
fn a_push_has_no_rows_about_adobes_side() {
    let mut options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    options.strategy = Strategy::Push;
    let mut input = fixture::input(&options, &[]);
    input.counters = Some(Counters {
        directory_users_read: 3,
        directory_users_selected: 3,
        users_pushed: Some(3),
        actions: Actions {
            total: 3,
            success: 3,
            error: 0,
        },
        ..Counters::default()
    });
    assert_eq!(summary_txt(&input), PUSHED);
    let head = head_of(&summary_json(&input));
    assert_eq!(head["strategy"], "push");
    assert_eq!(head["counters"]["users_pushed"], 3);
    assert!(head["counters"].get("adobe_only_users").is_none());
}

#[test]
fn people_who_are_pushed_and_groups_that_are_made_are_counted_when_they_are_done() {
    let done = || Some(ActionOutcome::Done);
    let refused = || Some(ActionOutcome::Failed(Vec::new()));
    let outcomes = |groups, changes| Outcomes { groups, changes };
    let pushed = fixture::pushed();
    let counted = counters(&pushed, &outcomes(vec![], vec![done(), refused()]));
    assert_eq!(counted.users_pushed, Some(1));
    assert_eq!(counted.adobe_users_created, 0);
    let Actions {
        total,
        success,
        error,
    } = counted.actions;
    assert_eq!((total, success, error), (2, 1, 1));
    assert_eq!(planned(&pushed).users_pushed, Some(2));

    let checked = fixture::with_new_groups();
    let changes = fixture::outcomes().changes;
    let counted = counters(&checked, &outcomes(vec![done(), refused()], changes));
    assert_eq!(counted.adobe_user_groups_created, 1);
    let Actions {
        total,
        success,
        error,
    } = counted.actions;
    assert_eq!((total, success, error), (5, 3, 2));
    assert_eq!(planned(&checked).adobe_user_groups_created, 2);
    assert_eq!(counted.users_pushed, None);
}

#[test]
fn only_the_title_tells_the_modes_apart() {
    let title = |mode| {
        let options = options(mode, AdobeOnlyUserAction::Preserve);
        let text = summary_txt(&fixture::input(&options, &[]));
        let (title, rest) = text.split_once('\n').unwrap();
        assert_eq!(rest, SAMPLE.split_once('\n').unwrap().1);
        title.to_owned()
    };
    assert_eq!(
        title(Mode::Apply),
        "---------------------------------- Action Summary ----------------------------------"
    );
    assert_eq!(
        title(Mode::Plan),
        "---------------------------- Action Summary (PLAN ONLY) ----------------------------"
    );
}

#[test]
fn the_row_of_adobe_only_users_says_what_was_done_with_them() {
    let row = |action, users| {
        let options = options(Mode::Apply, action);
        let mut input = fixture::input(&options, &[]);
        input.counters = Some(Counters {
            adobe_only_users: users,
            ..fixture::sample_counters()
        });
        let text = summary_txt(&input);
        let row = text.lines().find(|line| line.contains("Adobe-only"));
        row.map(str::to_owned)
    };
    let words = [
        (AdobeOnlyUserAction::Preserve, "with groups processed"),
        (
            AdobeOnlyUserAction::RemoveAdobeGroups,
            "removed from all groups",
        ),
        (AdobeOnlyUserAction::Remove, "removed"),
        (AdobeOnlyUserAction::Delete, "deleted"),
    ];
    for (action, word) in words {
        let row = row(action, Some(12)).unwrap();
        assert_eq!(
            row.trim_start(),
            format!("Number of Adobe-only users {word}: 12")
        );
        assert_eq!(row.find(':'), Some(54), "{row}");
    }
    assert_eq!(row(AdobeOnlyUserAction::Exclude, None), None);
}

#[test]
fn what_needs_attention_stands_below_the_block() {
    let (checked, problems) = (fixture::checked(), fixture::problems());
    let notices = ["connector-umapi.yml: logging has no effect here.".to_owned()];
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.status = Status::Held;
    input.checked = Some(&checked);
    input.problems = &problems;
    input.notices = &notices;
    let text = summary_txt(&input);
    let below = text.split_once("\n\n").unwrap().1;
    insta::assert_snapshot!(below, @r#"
    Status: held. A guard holds what is listed below: it was not sent. Of everything else, Adobe refused some changes, or they were not sent: the problems below list them. Of 2 planned requests, 2 were sent.

    Findings
      directory-group-not-found: The roster holds nothing that "classes::Art 9::students" matches.
        It holds 2 removals.
        What to do: Correct the name in the mapping.
      Held in all
        Stock: 2 memberships
        1 account stays as it is
      Who it concerns is listed under HELD in runs/20261124T050000Z-0123abcd/plan.txt.

    Problems
      country-missing: 1
        hal@example.org (roster id p-17): There is no country for this account.
      command-failed: 1
        ben@example.org: Adobe refused to add to Spark. [error.group.not_found: Group Spark was not found]

    Notices
      connector-umapi.yml: logging has no effect here.
    "#);
}

#[test]
fn a_partial_pass_says_how_much_was_sent() {
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.status = Status::Partial;
    input.batches_sent = 1;
    let text = summary_txt(&input);
    insta::assert_snapshot!(text.split_once("\n\n").unwrap().1, @"Status: partial. Adobe refused some changes, or they were not sent: the problems below list them. Of 2 planned requests, 1 was sent.");
}

#[test]
fn a_held_pass_says_so_where_not_everything_else_went_on() {
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.status = Status::Held;
    let status = |text: String| text.split_once("Status: ").unwrap().1.to_owned();
    assert!(status(summary_txt(&input)).contains("Everything else went on."));
    let problems = fixture::problems();
    input.problems = &problems;
    let text = status(summary_txt(&input));
    assert!(!text.contains("Everything else went on"), "{text}");
    assert!(text.contains("Adobe refused some changes"), "{text}");
}

#[test]
fn a_limited_read_is_the_first_thing_below_the_block() {
    let checked = Checked {
        findings: vec![Finding {
            name: FindingName::LimitedRead,
            message: "max_user_count cut the roster to 5 people.".to_owned(),
            next_step: "Set max_user_count to 0.".to_owned(),
            held: 0,
        }],
        ..Checked::default()
    };
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.checked = Some(&checked);
    let text = summary_txt(&input);
    let below = text.split_once("\n\n").unwrap().1;
    assert!(below.starts_with("LIMITED READ: max_user_count cut the roster to 5 people.\n"));
    assert_eq!(head_of(&summary_json(&input))["limited_read"], true);
}

#[test]
fn a_pass_that_failed_says_why_and_how_far_it_came() {
    let stages = fixture::stages();
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &stages[..2]);
    input.status = Status::Failed;
    input.counters = None;
    input.batches = 0;
    input.failure = Some(Failure {
        name: "AdobeUnavailable",
        message: "Adobe could not be read or changed: Adobe did not answer\nin time".to_owned(),
        next_step: "The next pass tries again and does what is left.",
    });
    insta::assert_snapshot!(summary_txt(&input), @r#"
    Status: failed, at the stage "read Adobe".
    AdobeUnavailable:
      Adobe could not be read or changed: Adobe did not answer
      in time
    What to do: The next pass tries again and does what is left.
    "#);
    let json = summary_json(&input);
    assert_eq!(json["error"]["name"], "AdobeUnavailable");
    assert_eq!(json["progress"]["stage"], "read Adobe");
    assert_eq!(json["counters"], serde_json::Value::Null);
    assert_eq!(json["wait_seconds"], serde_json::Value::Null);
}

#[test]
fn a_pass_that_goes_on_says_when_rounded_up() {
    let stages = fixture::stages();
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &stages);
    input.status = Status::Continue {
        wait: HALF_A_SECOND_OVER,
    };
    input.batches_sent = 1;
    let text = summary_txt(&input);
    insta::assert_snapshot!(text.split_once("\n\n").unwrap().1, @r#"Status: continue. The pass is not done: the invocation's time was over, at the stage "send". The next event goes on, in 62 s at the earliest. Of 2 planned requests, 1 was sent."#);
    assert_eq!(summary_json(&input)["wait_seconds"], 62);
}

#[test]
fn of_many_problems_the_first_twenty_are_listed() {
    let problems: Vec<_> = (0..25)
        .map(|number| {
            let email = format!("p{number:02}@example.org");
            fixture::problem(ProblemName::EmailShared, &email, "Shared.")
        })
        .collect();
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.problems = &problems;
    let text = summary_txt(&input);
    assert!(text.contains("  email-shared: 25\n"));
    assert!(text.contains("p19@example.org") && !text.contains("p20@example.org"));
    assert!(text.contains("    … and 5 more in summary.json\n"));
    let json = summary_json(&input);
    assert_eq!(json["problems"].as_array().unwrap().len(), 25);
    assert_eq!(json["problem_counts"]["email-shared"], 25);
}

#[test]
fn text_from_outside_forges_no_line_of_the_summary() {
    let problems = [fixture::problem(
        ProblemName::EmailShared,
        "x@example.org",
        "odd\nNumber of directory users read: 0",
    )];
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.problems = &problems;
    let rows = summary_txt(&input)
        .lines()
        .filter(|line| {
            line.trim_start()
                .starts_with("Number of directory users read")
        })
        .count();
    assert_eq!(rows, 1);
}

#[test]
fn the_summary_for_programs_holds_everything() {
    let (checked, problems, stages) = (fixture::checked(), fixture::problems(), fixture::stages());
    let options = options(Mode::Apply, AdobeOnlyUserAction::Remove);
    let mut input = fixture::input(&options, &stages);
    input.status = Status::Held;
    input.checked = Some(&checked);
    input.held_hash = Some("abc123");
    input.problems = &problems;
    insta::assert_snapshot!(format!("{:#}", summary_json(&input)));
}

#[test]
fn the_head_is_the_response_and_names_nobody() {
    let (checked, problems) = (fixture::checked(), fixture::problems());
    let options = options(Mode::Apply, AdobeOnlyUserAction::Preserve);
    let mut input = fixture::input(&options, &[]);
    input.status = Status::Held;
    input.checked = Some(&checked);
    input.problems = &problems;
    let head = head_of(&summary_json(&input));
    let names: Vec<&str> = head
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        names,
        [
            "counters",
            "mode",
            "report_key",
            "run_id",
            "slices_left",
            "status",
            "strategy",
            "wait_seconds"
        ]
    );
    assert!(!head.to_string().contains("example.org"));
    assert!(!format!("{input:?}").contains("example.org"));
}
