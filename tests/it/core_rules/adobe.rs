//! Adobe in miniature: what batches leave behind.

use std::collections::BTreeSet;

use roster_sync::model::directory::{self, Directory};
use roster_sync::model::id::IdentityType;
use roster_sync::reconcile::action::{Action, Address, Batch, Command, Profile};

/// Carries out every action as Adobe would; panics where Adobe would refuse.
pub(crate) fn apply(batches: &[Batch], directory: &Directory) -> Directory {
    let mut accounts = directory.users.clone();
    for action in batches.iter().flat_map(Batch::actions) {
        carry_out(action, &mut accounts);
    }
    Directory::new(accounts)
}

fn is_addressed(address: &Address, account: &directory::User) -> bool {
    let is_adobe_id = account.identity_type == IdentityType::Adobe;
    let same_login = || account.username.as_deref() == Some(address.user.as_str());
    is_adobe_id == (address.identity_type == IdentityType::Adobe)
        && match &address.domain {
            None => account.email == address.user,
            Some(domain) => account.domain.as_ref() == Some(domain) && same_login(),
        }
}

/// The account is looked up once: a new address does not get in the way of the commands after it.
fn carry_out(action: &Action, accounts: &mut Vec<directory::User>) {
    let Some(address) = action.target.address() else {
        return;
    };
    let mut place = accounts
        .iter()
        .position(|account| is_addressed(address, account));
    if let Some(Command::Create(profile)) = action.commands.first() {
        // Adobe knows accounts by their address; the login name of a new one must not be another account's.
        place = accounts.iter().position(|account| {
            let of_type = account.identity_type == address.identity_type;
            of_type && account.email == profile.email
        });
        let user = &address.user;
        let namesake = accounts.iter().find(|account| &account.email == user);
        let is_owned = |account: &directory::User| account.identity_type.is_owned();
        assert!(
            *user == profile.email || namesake.is_none_or(|account| !is_owned(account)),
            "a login name that is somebody's address"
        );
    }
    for command in &action.commands {
        if let Command::Create(profile) = command {
            place.get_or_insert_with(|| {
                accounts.push(made(address, profile));
                accounts.len() - 1
            });
            continue;
        }
        let place = place.expect("an account that is addressed exists");
        let account = &mut accounts[place];
        match command {
            Command::Create(_) | Command::CreateGroup => unreachable!("done above"),
            Command::Update(update) => {
                if let Some(email) = &update.email {
                    assert!(
                        update.username.is_some(),
                        "Adobe wants the login name beside a new address"
                    );
                    account.email = email.clone();
                }
                let names = [
                    (&update.first_name, &mut account.first_name),
                    (&update.last_name, &mut account.last_name),
                ];
                for (new, old) in names {
                    if new.is_some() {
                        old.clone_from(new);
                    }
                }
            }
            Command::Remove(groups) => groups.iter().for_each(|group| {
                account.groups.remove(group);
            }),
            Command::RemoveAll => account.groups = BTreeSet::new(),
            Command::Add(groups) => account.groups.extend(groups.iter().cloned()),
            Command::RemoveFromOrg { .. } => {
                accounts.remove(place);
            }
        }
    }
}

/// Who has no login name of their own signs in with the address.
fn made(address: &Address, profile: &Profile) -> directory::User {
    let federated = address.identity_type == IdentityType::Federated;
    assert!(
        federated || address.user == profile.email,
        "Adobe refuses a login name that is not the address"
    );
    directory::User {
        identity_type: address.identity_type,
        email: profile.email.clone(),
        username: Some(address.user.as_str().to_owned()),
        domain: address.domain.clone(),
        first_name: profile.first_name.clone(),
        last_name: profile.last_name.clone(),
        groups: BTreeSet::new(),
    }
}
