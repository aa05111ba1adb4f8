//! Batches in order, and what is said of them where not all could be sent.

use std::cell::Cell;
use std::time::Duration;

use roster_sync::clock::Clock;
use roster_sync::model::directory::Directory;
use roster_sync::model::id::{Email, GroupName, IdentityType};
use roster_sync::pass::execute::{Sending, Stop};
use roster_sync::reconcile::action::{Action, Address, Batch, Command};
use roster_sync::reconcile::outcome::{ActionOutcome, BatchOutcome};
use roster_sync::store::local::Folder;
use roster_sync::umapi::{AdobeDirectory, Error, Last};

/// Takes so many batches, and then there is no time left.
struct Adobe(Cell<usize>);

impl AdobeDirectory for Adobe {
    async fn read(&self, _last: Last) -> Result<Directory, Error> {
        Ok(Directory::default())
    }

    async fn apply(&self, batch: &Batch, _test: bool, _last: Last) -> Result<BatchOutcome, Error> {
        let wait = Duration::from_secs(7);
        let left = self.0.get().checked_sub(1);
        self.0.set(left.ok_or(Error::OutOfTime { wait })?);
        Ok(BatchOutcome {
            actions: vec![ActionOutcome::Done; batch.actions().len()],
            unreachable: false,
        })
    }
}

/// An action of the change at this position.
fn action(change: usize) -> Action {
    Action {
        request_id: format!("a{change}"),
        change,
        address: Address {
            identity_type: IdentityType::Federated,
            user: Email::new("pupil@rockaway.example"),
            domain: None,
        },
        commands: vec![Command::Add(vec![GroupName::new("Spark")])],
    }
}

#[tokio::test]
async fn somebody_of_whom_only_some_actions_were_sent_is_not_told_as_done() {
    let bucket = tempfile::tempdir().unwrap();
    let clock = Clock::simulated("2026-11-24T06:00:00Z".parse().unwrap());
    let sending = Sending {
        adobe: &Adobe(Cell::new(2)),
        data: &Folder::new(bucket.path()),
        clock: &clock,
        journal: "journal/0001".to_owned(),
        test: false,
    };
    let batches = [vec![action(0)], vec![action(1)], vec![action(1)]]
        .map(|one| Batch::try_from(one).unwrap());
    let execution = sending.run(&batches, 2).await;
    assert_eq!(execution.batches_sent, 2);
    assert!(matches!(execution.stop, Some(Stop::OutOfTime(_))));
    assert_eq!(execution.outcomes, [Some(ActionOutcome::Done), None]);
}
