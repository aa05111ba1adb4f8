//! Both sides, read and compared.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;

use super::credentials::{self, Credentials};
use super::kept::{self, Snapshot};
use super::memory::{Asking, Memory};
use super::roster::Reading;
use super::scarce::{self, FullLists};
use super::{Connect, Error, Interruption, Progress, gather};
use crate::config::Config;
use crate::config::options::{Mode, Options, Overrides, Strategy};
use crate::http::Invocation;
use crate::model::directory::{Directory, Scope};
use crate::reconcile::desired::{Desired, desired, unknown_attributes};
use crate::reconcile::guard::{Checked, check};
use crate::reconcile::plan::{groups_to_look_up, plan, plan_listed, scope};
use crate::umapi::{self, Last};

/// What the configuration and the event settle before anything else is read.
pub(super) struct Settled<'a, C> {
    pub(super) world: &'a C,
    pub(super) config: &'a Config,
    pub(super) options: &'a Options,
    /// What the event says of them.
    pub(super) overrides: Overrides,
    pub(super) run_id: String,
    /// The day of the pass.
    pub(super) today: Date,
    /// Whether an earlier slice sent requests to Adobe.
    pub(super) began: bool,
    pub(super) invocation: Invocation,
}

/// What a slice needs to go on with.
pub(super) struct Gathered<C: Connect> {
    pub(super) adobe: C::Adobe,
    pub(super) checked: Checked,
    pub(super) org_id: String,
}

impl<C: Connect> Settled<'_, C> {
    /// The organization, for this slice.
    pub(super) fn organization(&self, credentials: umapi::Credentials) -> C::Adobe {
        let (config, invocation) = (&self.config.umapi, &self.invocation);
        self.world
            .adobe(config, credentials, invocation, self.began)
    }

    /// Reads and plans what the options ask for.
    pub(super) async fn gathered(
        &self,
        progress: &mut Progress,
    ) -> Result<Gathered<C>, Interruption> {
        match &self.options.adobe_only_user_list {
            Some(list) => self.listed(list, progress).await,
            None => self.compared(progress).await,
        }
    }

    /// The roster against what Adobe has; with strategy push, against nothing.
    async fn compared(&self, progress: &mut Progress) -> Result<Gathered<C>, Interruption> {
        let Self {
            world,
            config,
            options,
            invocation,
            ..
        } = self;
        let prefix = &world.settings().secrets_prefix;
        let Credentials {
            sources,
            umapi,
            notices,
        } = credentials::of_both(world.secrets(), config, prefix).await?;
        progress.notices.extend(notices);
        let org_id = umapi.org_id.trim().to_owned();
        let adobe = self.organization(umapi);

        progress.enter("read the roster", world.clock());
        let reading = Reading {
            world: *world,
            config,
            options,
            today: self.today,
            invocation,
        };
        let roster = reading.roster(sources).await?;
        let unknown = unknown_attributes(&roster, config);
        if !unknown.is_empty() {
            return Err(Error::UnknownAttributes(unknown).into());
        }
        let desired = desired(&roster, config, options, self.today);
        // A large district is large in memory, too.
        drop(roster);
        progress.notices.extend(desired.notices.iter().cloned());

        let directory = self.directory(&adobe, &org_id, &desired, progress).await?;
        progress.enter("plan", world.clock());
        let memory = self.memory(&org_id, progress).await?;
        let planned = plan(&desired, &directory, config, options, &memory.known);
        progress.notices.extend(planned.notices.iter().cloned());
        let checked = check(planned, &desired, config, options, memory.past());
        let checked = memory.with_refused(checked);
        Ok(Gathered {
            adobe,
            checked,
            org_id,
        })
    }

    /// Reads of Adobe what the strategy compares. Full reads are scarce: push goes without.
    async fn directory(
        &self,
        adobe: &C::Adobe,
        org_id: &str,
        desired: &Desired,
        progress: &mut Progress,
    ) -> Result<Directory, Interruption> {
        let Self {
            world,
            config,
            options,
            ..
        } = self;
        if options.strategy == Strategy::Push {
            return Ok(Directory::default());
        }
        progress.enter("read Adobe", world.clock());
        let scope = scope(desired, config, options);
        let lists = self.lists(adobe, org_id);
        let read_at = world.clock().now();
        let earlier = self.earlier(&scope, org_id, progress).await?;
        let is_new = earlier.is_none();
        let mut directory = if let Some(snapshot) = earlier {
            snapshot.directory
        } else {
            // Whether the groups are read, too, is known afterwards.
            let last = if config.auto_create {
                Last::No
            } else {
                self.last_read()
            };
            lists.users(&scope, last).await?
        };
        if directory.groups.is_none() && groups_to_look_up(desired, &directory, config, options) {
            directory.groups = Some(lists.groups(self.last_read()).await?);
        }
        if scope == Scope::Everybody && is_new {
            return self.left(directory, org_id, read_at, progress);
        }
        Ok(directory)
    }

    /// For mode plan, the last reading of everybody, where it is young enough.
    async fn earlier(
        &self,
        scope: &Scope,
        org_id: &str,
        progress: &mut Progress,
    ) -> Result<Option<Snapshot>, Interruption> {
        let Self { world, options, .. } = self;
        if options.mode != Mode::Plan || options.fresh || *scope != Scope::Everybody {
            return Ok(None);
        }
        let (now, max_age) = (world.clock().now(), self.config.limits.max_directory_age);
        let snapshot = scarce::snapshot(world.data(), org_id, now, max_age).await?;
        // What a slice of this pass has left was read for it.
        let earlier = snapshot
            .as_ref()
            .filter(|snapshot| snapshot.run_id != self.run_id);
        progress.notices.extend(earlier.map(|snapshot| {
            let (age, run_id) = (scarce::age(snapshot.read_at, now), &snapshot.run_id);
            format!(
                "Adobe was not read anew, as it gives the list of its users about once in two hours only: compared is what pass \
                 {run_id} read {age} ago, with what that pass did. fresh: true reads anew."
            )
        }));
        Ok(snapshot)
    }

    /// The reading, packed for mode plan of later passes, too.
    fn left(
        &self,
        directory: Directory,
        org_id: &str,
        read_at: Timestamp,
        progress: &mut Progress,
    ) -> Result<Directory, Interruption> {
        let snapshot = Snapshot {
            run_id: self.run_id.clone(),
            org_id: org_id.to_owned(),
            read_at,
            directory,
        };
        let bytes = kept::snapshot_to_bytes(&snapshot);
        let bytes = bytes.map_err(|error| Error::Internal(error.to_string()))?;
        progress.directory = Some(Bytes::from(bytes));
        Ok(snapshot.directory)
    }

    /// The people of a list, and no roster. Adobe is read all the same: a list does not say who is an admin.
    async fn listed(
        &self,
        list: &str,
        progress: &mut Progress,
    ) -> Result<Gathered<C>, Interruption> {
        let Self {
            world,
            config,
            options,
            ..
        } = self;
        let list = gather::user_list(*world, list).await?;
        let prefix = &world.settings().secrets_prefix;
        let umapi = credentials::of_adobe(world.secrets(), config, prefix).await?;
        let org_id = umapi.org_id.trim().to_owned();
        let adobe = self.organization(umapi);

        let action = options.adobe_only_user_action;
        let directory = if action.takes_everything() {
            progress.enter("read Adobe", world.clock());
            let everybody = Scope::Everybody;
            if let Some(snapshot) = self.earlier(&everybody, &org_id, progress).await? {
                snapshot.directory
            } else {
                let read_at = world.clock().now();
                let lists = self.lists(&adobe, &org_id);
                let read = lists.users(&everybody, self.last_read()).await?;
                self.left(read, &org_id, read_at, progress)?
            }
        } else {
            progress.notices.push(format!(
                "Nothing is done with adobe_only_user_list under adobe_only_user_action: {}, as in UST: without a roster nobody \
                 can tell which groups to take. Choose remove-adobe-groups, remove or delete.",
                action.as_str()
            ));
            Directory::default()
        };
        progress.enter("plan", world.clock());
        let memory = self.memory(&org_id, progress).await?;
        let planned = plan_listed(&list, &directory, config, options, &memory.known);
        progress.notices.extend(planned.notices.iter().cloned());
        let nobody = Desired::default();
        let checked = check(planned, &nobody, config, options, memory.past());
        let checked = memory.with_refused(checked);
        Ok(Gathered {
            adobe,
            checked,
            org_id,
        })
    }

    /// What earlier passes and people have left.
    async fn memory(&self, org_id: &str, progress: &mut Progress) -> Result<Memory, Error> {
        let asking = Asking {
            config: self.config,
            options: self.options,
            overrides: &self.overrides,
            org_id,
            run_id: &self.run_id,
            today: self.today,
            now: self.world.clock().now(),
        };
        let memory = Memory::recall(self.world.data(), asking).await?;
        progress.notices.extend(memory.notices.iter().cloned());
        Ok(memory)
    }

    fn lists<'b>(&'b self, adobe: &'b C::Adobe, org_id: &'b str) -> FullLists<'b, C> {
        FullLists {
            world: self.world,
            adobe,
            org_id,
            requests: &self.invocation.requests,
            deadline: self.invocation.deadline,
        }
    }

    /// In mode plan nothing follows the reading.
    fn last_read(&self) -> Last {
        match self.options.mode {
            Mode::Plan => Last::Yes,
            Mode::Test | Mode::Apply => Last::No,
        }
    }
}
