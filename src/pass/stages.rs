//! The stages of a pass in order, as far as time and services allow.

use bytes::Bytes;

use super::credentials::{self, Credentials};
use super::execute::{Sending, Stop};
use super::record::RunRecord;
use super::roster::Reading;
use super::{Connect, Error, Interruption, Progress, gather};
use crate::clock::Deadline;
use crate::config::Config;
use crate::config::options::{self, AdobeOnlyUserAction, Mode, Options, Strategy};
use crate::model::directory::{Directory, Scope};
use crate::reconcile::action::Batch;
use crate::reconcile::desired::{Desired, desired, unknown_attributes};
use crate::reconcile::guard::{Checked, check};
use crate::reconcile::pack::pack;
use crate::reconcile::plan::{groups_to_look_up, plan, plan_listed, scope};
use crate::report::{self, Answered};
use crate::store::Documents;
use crate::umapi::{self, AdobeDirectory, Last};

/// What the configuration and the event settle before anything else is read.
struct Settled<'a, C> {
    world: &'a C,
    config: Config,
    options: Options,
    deadline: Deadline,
}

/// Gathers, decides, checks, executes.
pub(super) async fn stages<C: Connect>(
    world: &C,
    record: &RunRecord,
    deadline: Deadline,
    progress: &mut Progress,
) -> Result<(), Interruption> {
    progress.enter("read the configuration", world.clock());
    let config = gather::config(world).await?;
    progress.notices.extend(config.notices.iter().cloned());
    let options = options::resolve(&record.overrides, &config.defaults, &config.mapping)
        .map_err(Error::Options)?;
    progress
        .notices
        .extend(options::idle(&record.overrides, &options));
    progress.options = Some(options.clone());
    let settled = Settled {
        world,
        config,
        options,
        deadline,
    };
    let (adobe, checked) = match &settled.options.adobe_only_user_list {
        Some(list) => settled.listed(list, progress).await?,
        None => settled.compared(progress).await?,
    };
    let batches = pack(&checked.plan);
    progress.batches = batches.len();
    progress.held_hash = write_plan(world, record, &settled.options, &checked, &batches).await?;
    let (groups, changes) = (checked.plan.new_groups.len(), checked.plan.changes.len());
    tracing::info!(groups, changes, batches = batches.len(), "planned");
    match settled.options.mode {
        Mode::Plan => {
            progress.checked = Some(checked);
            Ok(())
        }
        Mode::Test | Mode::Apply => {
            settled
                .sent(record, &adobe, checked, &batches, progress)
                .await
        }
    }
}

impl<C: Connect> Settled<'_, C> {
    /// Sends the plan, or what earlier events left of it.
    async fn sent(
        &self,
        record: &RunRecord,
        adobe: &C::Adobe,
        checked: Checked,
        batches: &[Batch],
        progress: &mut Progress,
    ) -> Result<(), Interruption> {
        let Self { world, options, .. } = self;
        let test = options.mode == Mode::Test;
        if test && !checked.plan.new_groups.is_empty() {
            progress.notices.push(
            "In a test Adobe makes no user group, so it could not check memberships in the new ones; plan.txt lists them."
                .to_owned(),
        );
        }
        progress.enter("send", world.clock());
        let checked = progress.checked.insert(checked);
        // Push compares nothing, and a test changes nothing: what was sent would be planned again for ever.
        let answered = if test || options.strategy == Strategy::Push {
            gather::answered(*world, record).await?
        } else {
            progress.notices.extend(of_this_event(record));
            Answered::default()
        };
        let sending = Sending {
            adobe,
            data: world.data(),
            clock: world.clock(),
            journal: record.journal(record.slice),
            test,
            answered,
        };
        let mut execution = sending.run(&checked.plan, batches).await;
        let stop = execution.stop.take();
        progress.execution = Some(execution);
        match stop {
            Some(Stop::OutOfTime(wait)) => Err(Interruption::OutOfTime(wait)),
            Some(Stop::Failed(error)) => Err(Interruption::Failed(error)),
            // After silence the pass ends partial: what was not sent is listed.
            None | Some(Stop::Unanswered) => Ok(()),
        }
    }

    /// The roster against what Adobe has; with strategy push, against nothing.
    async fn compared(&self, progress: &mut Progress) -> Result<(C::Adobe, Checked), Interruption> {
        let Self {
            world,
            config,
            options,
            deadline,
        } = self;
        let prefix = &world.settings().secrets_prefix;
        let Credentials {
            sources,
            umapi,
            notices,
        } = credentials::of_both(world.secrets(), config, prefix).await?;
        progress.notices.extend(notices);
        let adobe = world.adobe(&config.umapi, umapi, *deadline, &progress.requests);

        progress.enter("read the roster", world.clock());
        let reading = Reading {
            world: *world,
            config,
            options,
            deadline: *deadline,
            requests: &progress.requests,
        };
        let roster = reading.roster(sources).await?;
        let unknown = unknown_attributes(&roster, config);
        if !unknown.is_empty() {
            return Err(Error::UnknownAttributes(unknown).into());
        }
        let desired = desired(&roster, config, options);
        // A large district is large in memory, too.
        drop(roster);
        progress.notices.extend(desired.notices.iter().cloned());

        let directory = self.directory(&adobe, &desired, progress).await?;
        progress.enter("plan", world.clock());
        let planned = plan(&desired, &directory, config, options);
        progress.notices.extend(planned.notices.iter().cloned());
        let checked = check(planned, &desired, &config.limits, options);
        Ok((adobe, checked))
    }

    /// Reads of Adobe what the strategy compares. Full reads are scarce: push goes without.
    async fn directory(
        &self,
        adobe: &C::Adobe,
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
        // Whether the groups are read, too, is known afterwards.
        let last = if config.auto_create {
            Last::No
        } else {
            self.last_read()
        };
        let mut directory = adobe
            .read(&scope(desired, config, options), last)
            .await
            .map_err(adobe_interruption)?;
        if groups_to_look_up(desired, &directory, config, options) {
            let groups = adobe.groups(self.last_read()).await;
            directory.groups = Some(groups.map_err(adobe_interruption)?);
        }
        Ok(directory)
    }

    /// The people of a list, and no roster. Adobe is read all the same: a list does not say who is an admin.
    async fn listed(
        &self,
        list: &str,
        progress: &mut Progress,
    ) -> Result<(C::Adobe, Checked), Interruption> {
        let Self {
            world,
            config,
            options,
            deadline,
        } = self;
        let list = gather::user_list(*world, list).await?;
        let prefix = &world.settings().secrets_prefix;
        let umapi = credentials::of_adobe(world.secrets(), config, prefix).await?;
        let adobe = world.adobe(&config.umapi, umapi, *deadline, &progress.requests);

        let action = options.adobe_only_user_action;
        let directory = if action.takes_everything() {
            progress.enter("read Adobe", world.clock());
            let read = adobe.read(&Scope::Everybody, self.last_read()).await;
            read.map_err(adobe_interruption)?
        } else {
            progress.notices.push(format!(
                "Nothing is done with adobe_only_user_list under adobe_only_user_action: {}, as in UST: without a roster nobody \
                 can tell which groups to take. Choose remove-adobe-groups, remove or delete.",
                action.as_str()
            ));
            Directory::default()
        };
        progress.enter("plan", world.clock());
        let planned = plan_listed(&list, &directory, config, options);
        let checked = check(planned, &Desired::default(), &config.limits, options);
        Ok((adobe, checked))
    }

    /// In mode plan nothing follows the reading.
    fn last_read(&self) -> Last {
        match self.options.mode {
            Mode::Plan => Last::Yes,
            Mode::Test | Mode::Apply => Last::No,
        }
    }
}

/// The plan is in the bucket before anything is changed. Returns the hash of what is held, if anything is.
async fn write_plan<C: Connect>(
    world: &C,
    record: &RunRecord,
    options: &Options,
    checked: &Checked,
    batches: &[Batch],
) -> Result<Option<String>, Error> {
    let (held, hash) = report::held_json(&checked.held);
    let mut files = vec![
        (
            "plan.ndjson.gz",
            "application/gzip",
            report::plan_ndjson(checked, batches),
        ),
        (
            "plan.txt",
            "text/plain; charset=utf-8",
            report::plan_txt(checked).into_bytes(),
        ),
        (
            "held.json",
            "application/json",
            held.to_string().into_bytes(),
        ),
    ];
    // Push compares nothing, so it finds nobody in Adobe only.
    if options.adobe_only_user_action == AdobeOnlyUserAction::WriteFile
        && options.strategy == Strategy::Sync
    {
        files.push((
            "adobe-only-users.csv",
            "text/csv; charset=utf-8",
            report::adobe_only_csv(&checked.plan.adobe_only),
        ));
    }
    for (name, kind, body) in files {
        let key = format!("runs/{}/{name}", record.run_id);
        let data = world.data();
        data.put(&key, kind, Bytes::from(body))
            .await
            .map_err(Error::Store)?;
    }
    Ok((!checked.held.is_empty()).then_some(hash))
}

/// Each event of a pass compares both sides anew.
fn of_this_event(record: &RunRecord) -> Option<String> {
    let earlier = record.slice.checked_sub(1).filter(|earlier| *earlier > 0)?;
    let events = if earlier == 1 { "event" } else { "events" };
    Some(format!(
        "The pass began {earlier} {events} ago, and this one planned what was left: the numbers are those of this event. The \
         journal of the pass tells what was sent before."
    ))
}

fn adobe_interruption(error: umapi::Error) -> Interruption {
    match error {
        umapi::Error::OutOfTime { wait } => Interruption::OutOfTime(wait),
        other => Interruption::Failed(Error::Adobe(other)),
    }
}
