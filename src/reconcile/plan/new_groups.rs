//! The user groups that `auto_create` makes.

use std::collections::BTreeSet;

use super::problems::group_name_unusable;
use super::protected;
use crate::config::Config;
use crate::config::options::{Options, Strategy};
use crate::model::directory::Directory;
use crate::model::id::GroupName;
use crate::reconcile::desired::Desired;
use crate::reconcile::problem::Problem;

/// The longest name of a user group (`umapi-client.py`, `UserGroupAction`).
const LONGEST_NAME: usize = 255;

/// The managed groups that no account holds, where such groups are to be made: whether Adobe has them is not known yet.
/// Those that nobody may join are not made.
pub(super) fn held_by_nobody<'d>(
    desired: &'d Desired,
    directory: &Directory,
    config: &Config,
    options: &Options,
) -> Vec<&'d GroupName> {
    if !config.auto_create || !options.process_groups || options.strategy != Strategy::Sync {
        return Vec::new();
    }
    let accounts = directory.users.iter();
    let held: BTreeSet<&GroupName> = accounts.flat_map(|account| &account.groups).collect();
    let managed = desired.managed.iter();
    let protected = &config.exclusions.protected;
    managed
        .filter(|group| !held.contains(group) && !protected::means_group(protected, group))
        .collect()
}

/// The groups to make, by name, and why others cannot be made. Without a list of Adobe's groups nothing is made.
pub(super) fn new_groups(
    desired: &Desired,
    directory: &Directory,
    config: &Config,
    options: &Options,
) -> (Vec<GroupName>, Vec<Problem>) {
    let (mut groups, mut problems) = (Vec::new(), Vec::new());
    let Some(known) = &directory.groups else {
        return (groups, problems);
    };
    for group in held_by_nobody(desired, directory, config, options) {
        if known.contains(group) {
            continue;
        }
        match obstacle(group) {
            Some(why) => problems.push(group_name_unusable(group, why)),
            None => groups.push(group.clone()),
        }
    }
    (groups, problems)
}

/// Why Adobe makes no user group of this name.
fn obstacle(group: &GroupName) -> Option<&'static str> {
    if group.folded().is_empty() {
        Some("the name is blank")
    } else if group.is_admin_role() {
        Some("names that begin with '_' are those of admin roles")
    } else if group.as_str().chars().count() > LONGEST_NAME {
        Some("the name has more than 255 characters")
    } else {
        None
    }
}
