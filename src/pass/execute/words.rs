//! What Adobe refused, in words.

use crate::model::id::GroupName;
use crate::reconcile::action::{Action, Command, Target};
use crate::reconcile::outcome::CommandError;
use crate::reconcile::problem::Refused;

/// In words that go after "refused to", where Adobe does not tell which command it was.
const WHOLE_ACTION: &str = "carry out the action";

pub(super) fn refused(action: &Action, error: &CommandError) -> Refused {
    let command = match (error.command, &action.target) {
        // Without a place in the action, too: it has one command.
        (_, Target::NewGroup { name, .. }) => format!("make the user group {}", name.as_str()),
        (Some(position), Target::Account { .. }) => action
            .commands
            .get(position)
            .map_or_else(|| WHOLE_ACTION.to_owned(), described),
        (None, Target::Account { .. }) => WHOLE_ACTION.to_owned(),
    };
    Refused {
        command,
        code: error.code.clone(),
        message: error.message.clone(),
    }
}

/// In words that go after "refused to".
fn described(command: &Command) -> String {
    let names = |groups: &[GroupName]| {
        groups
            .iter()
            .map(GroupName::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match command {
        Command::CreateGroup => "make the user group".to_owned(),
        Command::Create(_) => "create the account".to_owned(),
        Command::Update(_) => "update names or address".to_owned(),
        Command::Remove(groups) => format!("remove from {}", names(groups)),
        Command::RemoveAll => "remove from all groups".to_owned(),
        Command::Add(groups) => format!("add to {}", names(groups)),
        Command::RemoveFromOrg {
            delete_account: true,
        } => "delete the account".to_owned(),
        Command::RemoveFromOrg {
            delete_account: false,
        } => "remove from the organization".to_owned(),
    }
}
