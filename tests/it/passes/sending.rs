//! Batches in order, and what is said of them where not all could be sent.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use roster_sync::clock::Clock;
use roster_sync::config::options::Mode;
use roster_sync::model::directory::{Directory, Scope};
use roster_sync::model::id::{Email, GroupName, IdentityType};
use roster_sync::pass::execute::{Execution, Sending, Stop};
use roster_sync::pass::live::Live;
use roster_sync::reconcile::action::{Action, Address, Batch, Command, Profile, Target, Update};
use roster_sync::reconcile::outcome::{ActionOutcome, BatchOutcome, CommandError};
use roster_sync::reconcile::plan::{Change, Kind, Plan, Removal};
use roster_sync::report::Answered;
use roster_sync::store::local::Folder;
use roster_sync::umapi::{AdobeDirectory, Error, Last, Submission};

/// Takes so many batches, and then there is no time left. Knows no group, and makes no account.
struct Adobe(Cell<usize>);

impl AdobeDirectory for Adobe {
    async fn read(&self, _scope: &Scope, _last: Last) -> Result<Directory, Error> {
        Ok(Directory::default())
    }

    async fn groups(&self, _last: Last) -> Result<BTreeSet<GroupName>, Error> {
        Ok(BTreeSet::new())
    }

    async fn apply(&self, batch: &Batch, submission: Submission) -> Result<BatchOutcome, Error> {
        let test = submission.test;
        let wait = Duration::from_secs(7);
        let left = self.0.get().checked_sub(1);
        self.0.set(left.ok_or(Error::OutOfTime { wait })?);
        let unknown = CommandError {
            command: Some(0),
            code: "error.group.not_found".to_owned(),
            message: "Group Spark was not found".to_owned(),
        };
        let became = |action: &Action| match action.target {
            Target::Account { .. } if test => ActionOutcome::Failed(vec![unknown.clone()]),
            _ if matches!(action.commands[0], Command::Create(_)) => {
                ActionOutcome::Failed(vec![unknown.clone()])
            }
            _ => ActionOutcome::Done,
        };
        Ok(BatchOutcome {
            actions: batch.actions().iter().map(became).collect(),
            unreachable: false,
        })
    }
}

/// An action of the change at this position.
fn action(change: usize, group: &str) -> Action {
    Action {
        request_id: format!("a{change}"),
        target: Target::Account {
            change,
            address: address(),
        },
        commands: vec![Command::Add(vec![GroupName::new(group)])],
    }
}

fn address() -> Address {
    Address {
        identity_type: IdentityType::Federated,
        user: Email::new("pupil@rockaway.example"),
        domain: None,
    }
}

fn new_group(position: usize, name: &str) -> Action {
    Action {
        request_id: format!("g{position}"),
        target: Target::NewGroup {
            position,
            name: GroupName::new(name),
        },
        commands: vec![Command::CreateGroup],
    }
}

/// So many changes, and these new groups.
fn plan(changes: usize, new_groups: &[&str]) -> Plan {
    let change = Change {
        address: address(),
        email: Email::new("pupil@rockaway.example"),
        kind: Kind::Update,
        create: None,
        update: Update::default(),
        remove: Removal::none(),
        ended: BTreeMap::new(),
        add: BTreeMap::new(),
        groups_before: BTreeSet::new(),
        names_before: (None, None),
        directory_groups: BTreeSet::new(),
    };
    Plan {
        new_groups: new_groups.iter().map(|name| GroupName::new(name)).collect(),
        changes: vec![change; changes],
        ..Plan::default()
    }
}

/// Sends each action in a batch of its own; time is over after so many.
async fn sent(plan: &Plan, actions: Vec<Action>, batches: usize, test: bool) -> Execution {
    let bucket = tempfile::tempdir().unwrap();
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let data = Folder::new(bucket.path());
    let sending = Sending {
        adobe: &Adobe(Cell::new(batches)),
        data: &data,
        clock: &clock,
        journal: "journal/0001".to_owned(),
        test,
        doubtful: 0,
        expires: Timestamp::MAX,
        live: Live {
            data: &data,
            clock: &clock,
            run_id: "20261124T060000Z-0123abcd",
            mode: Mode::Apply,
            slice: 1,
            stage: "send",
            total: None,
            per_minute: 10,
            written: Cell::new(None),
        },
    };
    let all = actions.into_iter();
    let all: Vec<Batch> = all.map(|one| Batch::try_from(vec![one]).unwrap()).collect();
    sending.run(plan, &all, Answered::default()).await
}

#[tokio::test]
async fn somebody_of_whom_only_some_actions_were_sent_is_not_told_as_done() {
    let actions = vec![action(0, "Spark"), action(1, "Spark"), action(1, "Spark")];
    let execution = sent(&plan(2, &[]), actions, 2, false).await;
    assert_eq!(execution.batches_sent, 2);
    assert!(matches!(execution.stop, Some(Stop::OutOfTime(_))));
    assert_eq!(
        execution.outcomes.changes,
        [Some(ActionOutcome::Done), None]
    );
}

#[tokio::test]
async fn groups_and_people_are_counted_apart() {
    let actions = vec![new_group(0, "Art"), new_group(1, "Music"), action(0, "Art")];
    let execution = sent(&plan(1, &["Art", "Music"]), actions, 1, false).await;
    assert_eq!(execution.outcomes.groups, [Some(ActionOutcome::Done), None]);
    assert_eq!(execution.outcomes.changes, [None]);
    assert_eq!(execution.commands_sent, 1);
}

#[tokio::test]
async fn in_a_test_a_group_that_would_be_made_is_no_unknown_one() {
    let plan = plan(2, &["Art"]);
    let actions = vec![new_group(0, "Art"), action(0, "ART"), action(1, "Spark")];
    let execution = sent(&plan, actions.clone(), 3, true).await;
    assert_eq!(execution.outcomes.changes[0], Some(ActionOutcome::Done));
    let refused = &execution.outcomes.changes[1];
    assert!(
        matches!(refused, Some(ActionOutcome::Failed(_))),
        "{refused:?}"
    );
    assert_eq!(execution.refused.len(), 1);
}

#[tokio::test]
async fn nothing_more_is_sent_for_somebody_whose_account_was_refused() {
    let profile = Profile {
        email: Email::new("pupil@rockaway.example"),
        first_name: None,
        last_name: None,
        country: "US".parse().unwrap(),
        update_existing: false,
    };
    let mut plan = plan(2, &[]);
    plan.changes[0].create = Some(profile.clone());
    let mut first = action(0, "Spark");
    first.commands.insert(0, Command::Create(profile));
    let actions = vec![first, action(0, "Chess"), action(1, "Spark")];
    let execution = sent(&plan, actions, 3, false).await;
    assert_eq!(execution.batches_sent, 2);
    assert_eq!(execution.refused[&0].len(), 1);
    assert_eq!(execution.outcomes.changes[1], Some(ActionOutcome::Done));
}
