//! Changes into actions, actions into batches.

use std::collections::{BTreeSet, VecDeque};

use super::action::{
    ACTIONS_IN_A_BATCH, Action, Address, Batch, COMMANDS_IN_AN_ACTION, Command, NAMES_IN_A_COMMAND,
    Target,
};
use super::plan::{Change, Plan, Removal};
use crate::model::id::{Email, GroupName};

/// New user groups first, in batches of their own: what names them comes later. Then person by person, in the plan's
/// order: a creation, its names and all its groups ride in one action; lists of more than ten names become several
/// commands; more than ten commands become several actions, each in a later batch than the one before.
pub fn pack(plan: &Plan) -> Vec<Batch> {
    let groups: Vec<Action> = plan.new_groups.iter().enumerate().map(new_group).collect();
    let mut batches: Vec<Vec<Action>> = groups
        .chunks(ACTIONS_IN_A_BATCH)
        .map(<[Action]>::to_vec)
        .collect();
    let mut queue: VecDeque<Action> = plan
        .changes
        .iter()
        .enumerate()
        .flat_map(|(position, change)| actions(position, change))
        .collect();
    while !queue.is_empty() {
        batches.push(next_batch(&mut queue));
    }
    for (sent, action) in batches.iter_mut().flatten().enumerate() {
        action.request_id = format!("a{}", sent + 1);
    }
    batches.into_iter().map(Batch::new).collect()
}

fn new_group((position, name): (usize, &GroupName)) -> Action {
    Action {
        request_id: String::new(),
        target: Target::NewGroup {
            position,
            name: name.clone(),
        },
        commands: vec![Command::CreateGroup],
    }
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
        let mut is_new = true;
        if let Target::Account { change, address } = &action.target {
            is_new &= changes.insert(*change);
            for name in names(address, &action.commands) {
                is_new &= accounts.insert(name.clone());
            }
        }
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

/// By what the account can be named: an account that is made has a login name and an e-mail address.
fn names<'a>(address: &'a Address, commands: &'a [Command]) -> BTreeSet<&'a Email> {
    let created = commands.iter().filter_map(|command| match command {
        Command::Create(profile) => Some(&profile.email),
        _ => None,
    });
    created.chain([&address.user]).collect()
}

/// The actions of one change, without their request ids. The first one may make the account or bring a new e-mail
/// address: the others name the account as it is then. A new address comes last in its action: where the old one names
/// nobody any more, the commands before it are done.
fn actions(position: usize, change: &Change) -> Vec<Action> {
    let mut address = change.address.clone();
    let mut actions = Vec::new();
    for commands in commands(change).chunks(COMMANDS_IN_AN_ACTION) {
        let mut commands = commands.to_vec();
        if commands.first().is_some_and(Command::changes_email) {
            commands.rotate_left(1);
        }
        actions.push(Action {
            request_id: String::new(),
            target: Target::Account {
                change: position,
                address: address.clone(),
            },
            commands,
        });
        if let Some(email) = later_name(change, &address) {
            address = Address {
                user: email.clone(),
                domain: None,
                ..address
            };
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

/// The e-mail address that names the account once the first action is done. A login name in the form of an address
/// finds nobody who is there already; one in another form does, with its domain (UMAPI, "Managing Users").
fn later_name<'a>(change: &'a Change, address: &Address) -> Option<&'a Email> {
    let is_address = address.user.as_str().contains('@') || address.domain.is_none();
    let created = change.create.as_ref().map(|profile| &profile.email);
    change
        .update
        .email
        .as_ref()
        .or(created)
        .filter(|_| is_address)
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
