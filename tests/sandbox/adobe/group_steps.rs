//! Doing the steps of an action about a user group.

use super::console::{Console, Key};
use super::group_syntax::{GroupAction, GroupStep, Members};
use super::org::{Group, GroupKind};
use super::refusal::{Outcome, refuse};
use super::syntax::OnExisting;

/// Does the steps in order, up to the first that fails; nothing follows a deletion.
pub(super) fn run(console: &mut Console, action: &GroupAction, test: bool) -> Outcome {
    let mut run = Run {
        console,
        name: action.name.clone(),
        test,
    };
    for (position, step) in action.steps.iter().enumerate() {
        run.step(step).map_err(|refusal| refusal.at(position))?;
        if matches!(step, GroupStep::Delete) {
            break;
        }
    }
    Ok(())
}

struct Run<'a> {
    console: &'a mut Console,
    /// A step can rename the group.
    name: String,
    test: bool,
}

impl Run<'_> {
    fn step(&mut self, step: &GroupStep) -> Outcome {
        if let GroupStep::Create {
            description,
            existing,
        } = step
        {
            return self.create(description.as_deref(), *existing);
        }
        let Some(group) = self.console.user_group(&self.name) else {
            return refuse(
                "error.usergroup.not_found",
                format!("User group {} was not found", self.name),
            );
        };
        let read_only = group.read_only;
        let free = |touches: bool, code| {
            if read_only && touches {
                return refuse(code, "The user group is read-only");
            }
            Ok(())
        };
        match step {
            GroupStep::Create { .. } => Ok(()),
            GroupStep::Update { name, description } => {
                free(true, "error.usergroup.readonly.update_not_allowed")?;
                self.update(name.as_deref(), description.as_deref())
            }
            GroupStep::Delete => {
                free(true, "error.usergroup.readonly.remove_not_allowed")?;
                self.console.rename_group(&self.name, None);
                Ok(())
            }
            GroupStep::Add(members) => {
                let users = !members.users.is_empty();
                free(users, "error.usergroup.readonly.add_user_not_allowed")?;
                self.move_members(members, true)
            }
            GroupStep::Remove(members) => {
                let users = !members.users.is_empty();
                free(users, "error.usergroup.readonly.remove_user_not_allowed")?;
                self.move_members(members, false)
            }
        }
    }

    fn create(&mut self, description: Option<&str>, existing: OnExisting) -> Outcome {
        match (
            self.console.group(&self.name).map(|group| group.kind),
            existing,
        ) {
            (None, _) => {
                let mut group = Group::new(&self.name, GroupKind::UserGroup);
                description
                    .unwrap_or_default()
                    .clone_into(&mut group.description);
                self.console.put_group(group);
                Ok(())
            }
            (Some(GroupKind::UserGroup), OnExisting::Ignore) => Ok(()),
            (Some(GroupKind::UserGroup), OnExisting::Update) => self.update(None, description),
            // A profile of that name counts as taken: whether the two share their names is not documented.
            (Some(_), _) => refuse(
                "error.usergroup.already_exists",
                format!("Group {} exists", self.name),
            ),
        }
    }

    fn update(&mut self, name: Option<&str>, description: Option<&str>) -> Outcome {
        if let Some(description) = description {
            self.console.change_group(&self.name, |group| {
                description.clone_into(&mut group.description);
            });
        }
        let Some(name) = name else {
            return Ok(());
        };
        let own = self.console.group(&self.name).map(|group| &group.name);
        let other = self.console.group(name).map(|group| &group.name);
        if other.is_some() && other != own {
            return refuse(
                "error.usergroup.already_exists",
                format!("Group {name} exists"),
            );
        }
        self.console.rename_group(&self.name, Some(name));
        name.clone_into(&mut self.name);
        Ok(())
    }

    /// One unknown name, and the step does nothing. Adding a member again, or removing somebody who is none, is no
    /// error here; whether it is one at Adobe is not documented.
    fn move_members(&mut self, members: &Members, into: bool) -> Outcome {
        let users = self.users(&members.users)?;
        let profiles = self.profiles(&members.profiles)?;
        let group = self.console.user_group(&self.name);
        let name = group.map_or_else(String::new, |group| group.name.clone());
        for key in users {
            self.console.change(&key, |account| {
                if into {
                    account.groups.insert(name.clone());
                } else {
                    account.groups.remove(&name);
                }
            });
        }
        self.console.change_group(&name, |group| {
            for profile in profiles {
                if into {
                    group.profiles.insert(profile);
                } else {
                    group.profiles.remove(&profile);
                }
            }
        });
        Ok(())
    }

    /// By e-mail address, where an owned account goes before an Adobe ID.
    fn users(&self, emails: &[String]) -> Outcome<Vec<Key>> {
        let mut keys = Vec::new();
        for email in emails {
            let key = self.console.find(email, None, false);
            let inside = |key: &Key| self.console.get(key).is_some_and(|found| found.in_org);
            match key.filter(inside) {
                Some(key) => keys.push(key),
                None if self.test => {}
                None => {
                    return refuse(
                        "error.user.nonexistent",
                        format!("User Id does not exist: {email}"),
                    );
                }
            }
        }
        Ok(keys)
    }

    fn profiles(&self, names: &[String]) -> Outcome<Vec<String>> {
        let known = |name: &String| match self.console.group(name) {
            Some(group) if group.kind == GroupKind::Profile => Ok(group.name.clone()),
            _ => refuse(
                "error.group.not_found",
                format!("Group {name} was not found"),
            ),
        };
        names.iter().map(known).collect()
    }
}
