//! Whom and what no action names: `protected`.

use proptest::prelude::*;
use roster_sync::config::Protected;
use roster_sync::config::options::Strategy as Way;
use roster_sync::config::pattern::Pattern;
use roster_sync::model::directory;
use roster_sync::model::id::{GroupName, fold};
use roster_sync::reconcile::action::{Action, Batch, Command};
use roster_sync::reconcile::pack::pack;
use roster_sync::reconcile::plan::plan_listed;

use super::super::world::World;
use super::worlds::worlds;

/// A pattern of this text, taken as it is.
fn plain(text: &str) -> Pattern {
    let mut pattern = String::new();
    for c in text.chars() {
        if !c.is_alphanumeric() && c.is_ascii() {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    Pattern::new(&pattern).unwrap()
}

/// Every text by which an action names people, folded.
fn names(action: &Action) -> Vec<String> {
    let address = action.target.address();
    let mut names: Vec<String> = address
        .map(|address| address.user.folded().to_owned())
        .into_iter()
        .collect();
    for command in &action.commands {
        let email = match command {
            Command::Create(profile) => Some(&profile.email),
            Command::Update(update) => update.email.as_ref(),
            _ => None,
        };
        names.extend(email.map(|email| email.folded().to_owned()));
    }
    names
}

/// The groups that an action names.
fn groups(action: &Action) -> Vec<&GroupName> {
    let listed = action.commands.iter().filter_map(|command| match command {
        Command::Add(groups) | Command::Remove(groups) => Some(groups.iter()),
        _ => None,
    });
    listed.flatten().chain(action.target.new_group()).collect()
}

/// Whether an action takes whatever the account holds.
fn takes_everything(action: &Action) -> bool {
    let all =
        |command: &Command| matches!(command, Command::RemoveAll | Command::RemoveFromOrg { .. });
    action.commands.iter().any(all)
}

/// The accounts that a command of this action could reach, by address or login name. The owned types share both.
fn meant<'w>(world: &'w World, action: &'w Action) -> impl Iterator<Item = &'w directory::User> {
    let address = action.target.address();
    world.accounts.iter().filter(move |account| {
        let key = account.key();
        address.is_some_and(|address| {
            let name = address.user.folded();
            let by_login = name == key.username
                && address.domain.as_deref().map(fold).unwrap_or_default() == key.domain;
            key.identity_type.is_owned() == address.identity_type.is_owned()
                && (by_login || name == account.email.folded())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn what_is_protected_is_named_in_no_action(
        world in worlds(), picks in prop::collection::vec(0_usize..40, 0..3),
        domain in prop::bool::weighted(0.2), group in prop::option::of(0_usize..6), way in 0_u8..3
    ) {
        let mut texts: Vec<String> = world.parts.people.iter().filter_map(|person| person.email.clone()).collect();
        texts.extend(world.accounts.iter().map(|account| account.email.as_str().to_owned()));
        texts.extend(world.accounts.iter().filter_map(|account| account.username.clone()));
        texts.retain(|text| !text.trim().is_empty());
        let chosen: Vec<String> = picks.iter().filter_map(|n| texts.get(*n)).map(|text| fold(text)).collect();
        let held: Vec<GroupName> = world.accounts.iter().flat_map(|account| account.groups.iter().cloned()).collect();
        let group = group.and_then(|n| held.get(n)).filter(|group| !world.config.mapping.iter().any(|entry| entry.adobe_groups.contains(group))).cloned();
        let domains = if domain { vec![plain("x.test")] } else { Vec::new() };
        let protected = Protected {
            users: chosen.iter().map(|text| plain(text)).collect(),
            domains,
            groups: group.iter().map(|group| plain(group.folded())).collect(),
            foreign_accounts: false,
        };
        let mut world = world.set(|config| config.exclusions.protected = protected);
        let plan = match way {
            0 => world.plan(),
            1 => {
                world.options.strategy = Way::Push;
                world.plan()
            }
            _ => {
                world.options.strategy = Way::Sync;
                let list: Vec<_> = world.accounts.iter().map(directory::User::key).collect();
                let directory = directory::Directory::new(world.accounts.iter().cloned());
                plan_listed(&list, &directory, &world.config, &world.options, &world.known)
            }
        };
        let batches = pack(&plan);
        for action in batches.iter().flat_map(Batch::actions) {
            for name in names(action) {
                prop_assert!(!chosen.contains(&name), "{}", name);
                prop_assert!(!domain || !name.ends_with("@x.test"), "{}", name);
            }
            if let Some(group) = &group {
                prop_assert!(!groups(action).contains(&group));
                let holds = meant(&world, action).any(|account| account.groups.contains(group));
                prop_assert!(!(holds && takes_everything(action)));
            }
        }
    }
}
