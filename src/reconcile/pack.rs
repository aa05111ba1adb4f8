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
    let mut queue: VecDeque<Action> = plan
        .changes
        .iter()
        .enumerate()
        .flat_map(|(position, change)| actions(position, change))
        .collect();
    let mut batches = Vec::new();
    let mut sent = 0;
    while !queue.is_empty() {
        let mut batch = next_batch(&mut queue);
        for action in &mut batch {
            sent += 1;
            action.request_id = format!("a{sent}");
        }
        batches.push(Batch::new(batch));
    }
    batches
}

/// Takes ten actions from the front. An action about an account that is already among them waits, and so does every
/// later one about it: Adobe promises no order within a request. The identity type does not tell accounts apart here.
fn next_batch(queue: &mut VecDeque<Action>) -> Vec<Action> {
    let mut batch = Vec::with_capacity(ACTIONS_IN_A_BATCH);
    let (mut changes, mut accounts) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting = Vec::new();
    while batch.len() < ACTIONS_IN_A_BATCH {
        let Some(action) = queue.pop_front() else {
            break;
        };
        let is_new = changes.insert(action.change) & accounts.insert(action.address.user.clone());
        if is_new {
            batch.push(action);
        } else {
            waiting.push(action);
        }
    }
    for action in waiting.into_iter().rev() {
        queue.push_front(action);
    }
    batch
}

/// The actions of one change, without their request ids. The first one brings a new e-mail address: the others have
/// to use it.
fn actions(position: usize, change: &Change) -> Vec<Action> {
    let mut address = change.address.clone();
    let mut actions = Vec::new();
    for commands in commands(change).chunks(COMMANDS_IN_AN_ACTION) {
        actions.push(Action {
            request_id: String::new(),
            change: position,
            address: address.clone(),
            commands: commands.to_vec(),
        });
        if let Some(email) = &change.update.email
            && address.domain.is_none()
        {
            address.user = email.clone();
        }
        // A login name in the form of an address finds nobody later (UMAPI, "Managing Users").
        if let Some(profile) = &change.create
            && address.domain.is_none()
        {
            address.user = profile.email.clone();
        }
    }
    actions
}

/// Removals come before additions: they free the seat.
fn commands(change: &Change) -> Vec<Command> {
    let mut commands = Vec::new();
    commands.extend(change.create.clone().map(Command::Create));
    if !change.update.is_empty() {
        commands.push(Command::Update(change.update.clone()));
    }
    match &change.remove {
        Removal::Groups(groups) => commands.extend(tens(groups).map(Command::Remove)),
        Removal::AllGroups => commands.push(Command::RemoveAll),
        Removal::FromOrg { delete_account } => commands.push(Command::RemoveFromOrg {
            delete_account: *delete_account,
        }),
    }
    commands.extend(tens(change.add.keys()).map(Command::Add));
    commands
}

/// Lists of at most ten names.
fn tens<'a>(
    names: impl IntoIterator<Item = &'a GroupName>,
) -> impl Iterator<Item = Vec<GroupName>> {
    let mut names = names.into_iter();
    std::iter::from_fn(move || {
        let list: Vec<GroupName> = names.by_ref().take(NAMES_IN_A_COMMAND).cloned().collect();
        (!list.is_empty()).then_some(list)
    })
}
