//! Changes into actions, actions into batches.

use std::collections::{BTreeSet, VecDeque};

use super::action::{
    ACTIONS_IN_A_BATCH, Action, Batch, COMMANDS_IN_AN_ACTION, Command, NAMES_IN_A_COMMAND,
};
use super::plan::{Change, Plan, Removal};
use crate::model::id::GroupName;

/// Person by person, in the plan's order: a creation, its names and all its groups ride in one action; lists of more
/// than ten names become several commands; more than ten commands become several actions, each in a later batch than
/// the one before.
pub fn pack(plan: &Plan) -> Vec<Batch> {
    batches(actions(plan))
}

fn actions(plan: &Plan) -> Vec<Action> {
    let mut actions = Vec::new();
    for (position, change) in plan.changes.iter().enumerate() {
        for commands in commands(change).chunks(COMMANDS_IN_AN_ACTION) {
            actions.push(Action {
                request_id: format!("a{}", actions.len() + 1),
                change: position,
                address: change.address.clone(),
                commands: commands.to_vec(),
            });
        }
    }
    actions
}

/// Removals before additions: they free the seats that additions take.
fn commands(change: &Change) -> Vec<Command> {
    let mut commands: Vec<_> = change.create.iter().cloned().map(Command::Create).collect();
    if !change.update.is_empty() {
        commands.push(Command::Update(change.update.clone()));
    }
    match &change.remove {
        Removal::Groups(groups) => commands.extend(lists(groups.iter(), Command::Remove)),
        Removal::AllGroups => commands.push(Command::RemoveAll),
        Removal::FromOrg { delete_account } => {
            commands.push(Command::RemoveFromOrg {
                delete_account: *delete_account,
            });
        }
    }
    commands.extend(lists(change.add.keys(), Command::Add));
    commands
}

fn lists<'a>(
    groups: impl Iterator<Item = &'a GroupName>,
    command: impl Fn(Vec<GroupName>) -> Command,
) -> Vec<Command> {
    let groups: Vec<_> = groups.cloned().collect();
    groups
        .chunks(NAMES_IN_A_COMMAND)
        .map(|names| command(names.to_vec()))
        .collect()
}

/// Adobe promises no order within a request: an address stands once in a batch, and waits for the next one otherwise.
fn batches(actions: Vec<Action>) -> Vec<Batch> {
    let mut waiting = VecDeque::from(actions);
    let mut batches = Vec::new();
    while !waiting.is_empty() {
        let mut batch = Vec::new();
        let mut named = BTreeSet::new();
        let mut later = VecDeque::new();
        while batch.len() < ACTIONS_IN_A_BATCH
            && let Some(action) = waiting.pop_front()
        {
            if named.insert(action.address.user.folded().to_owned()) {
                batch.push(action);
            } else {
                later.push_back(action);
            }
        }
        later.append(&mut waiting);
        waiting = later;
        batches.push(Batch::new(batch));
    }
    batches
}
