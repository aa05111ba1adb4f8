//! Whom no pass names.

use std::collections::BTreeSet;

use proptest::prelude::*;
use roster_sync::config::options::{AdobeOnlyUserAction, AdobeUsers, Strategy as Way, Users};
use roster_sync::model::directory;
use roster_sync::model::id::{Email, GroupName, IdentityType, UserKey, fold};
use roster_sync::reconcile::desired;
use roster_sync::reconcile::guard::check;
use roster_sync::reconcile::plan::{Change, Kind, Removal, plan_listed};

use super::super::world::World;
use super::worlds::worlds;
use super::{after, compared};

/// What the options say, written down once more.
pub(super) fn is_excluded(account: &directory::User, world: &World) -> bool {
    let exclusions = &world.config.exclusions;
    let adobe_id = account.identity_type == IdentityType::Adobe;
    let login = account.username.as_deref().filter(|_| !adobe_id);
    let login = fold(login.unwrap_or(account.email.as_str()));
    exclusions.identity_types.contains(&account.identity_type)
        || account
            .groups
            .iter()
            .any(|group| exclusions.groups.contains(group))
        || exclusions
            .users
            .iter()
            .any(|pattern| pattern.matches(&login).unwrap())
}

/// Whether somebody could mean this account: by its address or its login name. The owned types share both.
pub(super) fn could_be(account: &directory::User, key: &UserKey, user: &desired::User) -> bool {
    let theirs = account.key();
    let same_login = theirs.username == key.username && theirs.domain == key.domain;
    theirs.identity_type.is_owned() == key.identity_type.is_owned()
        && (account.email == user.email || same_login)
}

/// Whether a login name or address of the account is one of the person's, or of others who are the same account.
pub(super) fn shares_a_name(
    account: &directory::User,
    key: &UserKey,
    user: &desired::User,
) -> bool {
    let login = account.key();
    let theirs = [account.email.folded(), &login.username];
    let mut further = user.further_names.iter().map(|name| name.username.as_str());
    login.identity_type.is_owned() == key.identity_type.is_owned()
        && (theirs.contains(&user.email.folded())
            || theirs.contains(&key.username.as_str())
            || further.any(|name| theirs.contains(&name)))
}

/// Whether the change is addressed to the account, now or once its address is changed.
fn is_meant(account: &directory::User, change: &Change) -> bool {
    let key = account.key();
    let address = &change.address;
    let by_login = address.user.folded() == key.username
        && address.domain.as_deref().map(fold).unwrap_or_default() == key.domain;
    let addresses = [
        Some(&address.user),
        Some(&change.email),
        change.update.email.as_ref(),
    ];
    key.identity_type.is_owned() == address.identity_type.is_owned()
        && (by_login || addresses.contains(&Some(&account.email)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nobody_excluded_is_ever_named(world in worlds(), n in 0..20_usize) {
        let mut world = world.with(|options| options.strategy = Way::Sync);
        // Two accounts of the organization with one address.
        if let Some(account) = world.accounts.get(n).cloned() {
            world.accounts.push(directory::User {
                identity_type: match account.identity_type {
                    IdentityType::Federated => IdentityType::Enterprise,
                    IdentityType::Enterprise | IdentityType::Adobe => IdentityType::Federated,
                },
                groups: [GroupName::new("Spark")].into(),
                ..account
            });
        }
        let read = world.directory().users;
        let by_group = |account: &directory::User| {
            let known = |group: &&GroupName| world.groups.as_ref().is_none_or(|groups| groups.contains(*group));
            world.config.exclusions.groups.iter().filter(known).any(|group| account.groups.contains(group))
        };
        // Who is in an excluded group is read, whatever else is.
        let all = directory::Directory::new(world.accounts.iter().cloned()).users;
        let unread = all.into_iter().filter(by_group);
        let plan = world.plan();
        let excluded: Vec<_> = read.into_iter().filter(|account| is_excluded(account, &world)).collect();
        for account in excluded.into_iter().chain(unread) {
            prop_assert!(!plan.changes.iter().any(|change| is_meant(&account, change)));
            prop_assert!(!plan.adobe_only.contains(&account.key()));
        }
    }

    #[test]
    fn nobody_whom_an_exclusion_means_is_named_unseen(world in worlds(), push in any::<bool>()) {
        let world = world.with(|options| {
            if push {
                options.strategy = Way::Push;
            } else if options.adobe_users == AdobeUsers::All {
                options.adobe_users = AdobeUsers::Mapped;
            }
        });
        let exclusions = &world.config.exclusions;
        for change in world.plan().changes.iter().filter(|change| change.create.is_some()) {
            prop_assert!(!exclusions.identity_types.contains(&change.identity_type()));
            for name in [&change.address.user, &change.email] {
                let mut patterns = exclusions.users.iter();
                prop_assert!(patterns.all(|pattern| pattern.matches(name.folded()) == Some(false)));
            }
        }
    }

    #[test]
    fn push_never_names_the_account_of_another_person(world in worlds()) {
        let world = world.with(|options| options.strategy = Way::Push);
        let people = world.desired().users;
        for change in world.plan().changes {
            let others = people.values().filter(|user| user.email != change.email);
            for other in others {
                let key = UserKey::of_email(change.identity_type(), &other.email);
                let named = UserKey::of_email(change.identity_type(), &change.address.user);
                let mine = people.values().any(|user| user.email == change.email && user.further_names.contains(&key));
                prop_assert!(named != key || mine || change.address.domain.is_some());
            }
        }
    }

    #[test]
    fn whoever_user_filter_leaves_out_is_never_named(world in worlds()) {
        let desired = world.desired();
        let plan = world.plan();
        for (key, user) in desired.users.iter().filter(|(_, user)| user.selected && !user.touched) {
            for change in &plan.changes {
                let of_type = change.identity_type().is_owned() == key.identity_type.is_owned();
                let named = [&change.address.user, &change.email].contains(&&user.email);
                let by_login = change.address.user.folded() == key.username
                    && change.address.domain.as_deref().map(fold).unwrap_or_default() == key.domain;
                prop_assert!(!(of_type && (named || by_login)));
            }
            for account in world.directory().users.iter().filter(|account| could_be(account, key, user)) {
                prop_assert!(!plan.adobe_only.contains(&account.key()));
            }
        }
    }

    #[test]
    fn an_account_with_the_address_of_somebody_unusable_loses_nothing(world in worlds()) {
        let unusable: BTreeSet<Email> =
            world.desired().unusable.into_iter().filter_map(|person| person.email).collect();
        for change in world.checked().plan.changes {
            prop_assert!(change.remove.is_none() || !unusable.contains(&change.email));
        }
    }

    #[test]
    fn push_names_everybody_who_is_touched_once_and_managed_groups_only(world in worlds()) {
        let world = world.with(|options| options.strategy = Way::Push);
        let desired = world.desired();
        let plan = world.plan();
        let touched = desired.users.values().filter(|user| user.selected && user.touched).count();
        prop_assert!(plan.changes.len() <= touched);
        prop_assert!(!plan.handles_adobe_only && plan.new_groups.is_empty());
        for change in &plan.changes {
            prop_assert!(change.kind == Kind::Creation && change.create.is_some());
            let Removal::Groups(removed) = &change.remove else {
                panic!("push removes groups only");
            };
            let named: BTreeSet<GroupName> = removed.iter().chain(change.add.keys()).cloned().collect();
            let roles = |group: &GroupName| group.is_admin_role();
            prop_assert!(named.is_subset(&desired.managed) && !removed.iter().any(roles));
            let all = desired.managed.iter().filter(|group| !roles(group) || change.add.contains_key(*group));
            let all: BTreeSet<_> = all.cloned().collect();
            prop_assert_eq!(named, if world.options.process_groups { all } else { BTreeSet::new() });
        }
    }

    #[test]
    fn people_of_the_roster_stay_in_the_organization(world in worlds()) {
        let world = world.with(|options| options.users = Users::All);
        let read = world.desired().users;
        for account in world.directory().users {
            let theirs = read.iter().any(|(key, user)| could_be(&account, key, user));
            let changes = world.plan().changes;
            let mut adobe_only = changes.iter().filter(|change| change.kind == Kind::AdobeOnly);
            prop_assert!(!theirs || !adobe_only.any(|change| is_meant(&account, change)));
        }
        if world.options.adobe_only_user_action == AdobeOnlyUserAction::Exclude {
            prop_assert!(world.plan().changes.iter().all(|change| change.kind != Kind::AdobeOnly));
        }
    }

    #[test]
    fn whoever_is_still_listed_stays_in_the_organization(world in worlds()) {
        let still = world.desired().still_listed;
        for change in world.plan().changes {
            let key = UserKey::of_email(change.identity_type(), &change.email);
            prop_assert!(!still.contains(&key) || matches!(change.remove, Removal::Groups(_)));
        }
    }

    #[test]
    fn a_list_names_nobody_else_and_nobody_who_is_kept(world in worlds(), names in proptest::collection::btree_set(0..12_usize, 0..8)) {
        let all = world.accounts.clone();
        let directory = directory::Directory::new(all);
        let keys = directory.users.iter().map(directory::User::key);
        let list: Vec<UserKey> = keys.enumerate().filter(|(n, _)| names.contains(n)).map(|(_, key)| key).collect();
        let plan = plan_listed(&list, &directory, &world.config, &world.options, &world.known);
        prop_assert_eq!(plan.sizes.adobe_only_users, list.len());
        for account in &directory.users {
            let kept = account.is_admin() || is_excluded(account, &world) || !list.contains(&account.key());
            prop_assert!(!kept || !plan.changes.iter().any(|change| is_meant(account, change)));
        }
        let changes = plan.changes.len();
        let checked = check(plan, &desired::Desired::default(), &world.config, &world.options, world.past());
        prop_assert!(checked.plan.changes.len() == changes || checked.plan.changes.is_empty());
    }

    #[test]
    fn nobody_loses_a_role_and_no_admin_leaves(world in worlds()) {
        for change in world.plan().changes {
            if let Removal::Groups(groups) = &change.remove {
                prop_assert!(!groups.iter().any(GroupName::is_admin_role));
            }
        }
        let world = compared(world);
        let accounts = world.directory();
        for change in world.plan().changes {
            if let Removal::Groups(groups) = &change.remove {
                prop_assert!(!groups.iter().any(GroupName::is_admin_role));
            } else {
                prop_assert!(!change.groups_before.iter().any(GroupName::is_admin_role));
            }
        }
        let left = after(&world);
        for admin in accounts.users.iter().filter(|account| account.is_admin()) {
            let account = left.users.iter().find(|account| account.key() == admin.key());
            let account = account.expect("an admin stays");
            let roles = admin.groups.iter().filter(|group| group.is_admin_role());
            prop_assert!(roles.into_iter().all(|role| account.groups.contains(role)));
        }
    }
}
