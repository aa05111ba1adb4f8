//! One slice of a pass: gathers, decides, checks, executes, as far as time and services allow. It does not know who
//! calls it.

use std::cell::Cell;

use jiff::Timestamp;

use super::execute::{Execution, MOST_DOUBTFUL, Sending, Stop};
use super::kept::KeptPlan;
use super::live::Live;
use super::memory::Remembering;
use super::reading::Settled;
use super::record::{Run, RunRecord};
use super::resume::{self, Saver};
use super::summary::tell;
use super::void::{self, Void};
use super::{Connect, Error, Interruption, Progress, credentials, gather, journal, outputs};
use crate::config::options::{self, Mode, Options, Overrides};
use crate::config::{Config, RequestsPerMinute};
use crate::http::Invocation;
use crate::reconcile::pack::pack;
use crate::report::progress::ProgressState;
use crate::store::Documents;

/// How the slice before ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// There was none.
    Nothing,
    /// In order.
    Ended,
    /// It was killed, or failed: it may have sent more than it wrote down.
    Broke,
}

impl Before {
    /// How many batches that the journal does not know may have been sent, where it were so many before that slice.
    fn doubtful(self, earlier: usize) -> usize {
        match self {
            Self::Nothing => 0,
            // An answer may have been cut off by the deadline.
            Self::Ended => earlier.max(1),
            Self::Broke => earlier.max(MOST_DOUBTFUL),
        }
    }
}

/// Runs the slice.
pub(super) async fn slice<C: Connect>(
    world: &C,
    run: &mut Run,
    before: Before,
    invocation: Invocation,
    killed: Option<Timestamp>,
    progress: &mut Progress,
) -> Result<(), Interruption> {
    progress.mode = run.record.mode;
    progress.enter("read the configuration", world.clock());
    let (config, hash) = gather::config(world).await?;
    let limits = config.umapi.requests_per_minute;
    progress.per_minute = limits.action;
    if let Some(killed) = killed {
        // Nobody knows what it sent last.
        invocation.windows.fill(windows(limits), killed);
    }
    let options = options::resolve(&run.record.overrides, &config.defaults, &config.mapping);
    let now = world.clock().now();
    if let Some(void) = void::void(&run.record, &hash, &config.limits, now) {
        if void == Void::Expired {
            progress.options = options.ok();
        }
        look_back_at_last(world, &run.record, progress).await;
        return Err(Interruption::Void(void));
    }
    if run.record.read_at.is_some() {
        // Whatever a request waits for: nothing of an old plan goes out after it.
        invocation.nothing_from(void::expires(run.record.read_at, &config.limits));
    }
    let options = options.map_err(Error::Options)?;
    run.record.mode = Some(options.mode);
    progress.settle(&config, &options, &run.record.overrides);
    progress.notices.extend(run.record.of_another_day());
    let mut settled = Settled {
        world,
        config: &config,
        options: &options,
        overrides: run.record.overrides.clone(),
        run_id: run.record.run_id.clone(),
        today: run.record.today,
        began: run.record.has_asked_adobe(),
        invocation,
    };
    let adobe = if run.record.plan.is_some() {
        let prefix = &world.settings().secrets_prefix;
        let umapi = credentials::of_adobe(world.secrets(), &config, prefix).await?;
        if run.record.is_of_another(umapi.org_id.trim()) {
            look_back_at_last(world, &run.record, progress).await;
            return Err(Interruption::Void(Void::ConfigurationChanged));
        }
        look_back(world, &run.record, progress).await?;
        settled.organization(umapi)
    } else {
        run.record.configuration = Some(hash);
        settled.planned(run, progress).await?
    };
    match options.mode {
        Mode::Plan => Ok(()),
        Mode::Test | Mode::Apply => {
            run.record.doubtful = before.doubtful(run.record.doubtful);
            let sent = settled.sent(&run.record, &adobe, progress).await;
            if let Some(execution) = &progress.execution {
                run.record.doubtful = execution.doubtful;
            }
            sent
        }
    }
}

/// The windows that requests to Adobe are counted in.
fn windows(limits: RequestsPerMinute) -> [(&'static str, u32); 3] {
    [
        ("action", limits.action),
        ("users", limits.users),
        ("groups", limits.groups),
    ]
}

/// What an earlier slice planned and all of them sent, where there was a plan.
pub(super) async fn look_back<C: Connect>(
    world: &C,
    record: &RunRecord,
    progress: &mut Progress,
) -> Result<(), Error> {
    let Some(plan) = &record.plan else {
        return Ok(());
    };
    let KeptPlan { checked, notices } = resume::kept_plan(world.data(), plan).await?;
    progress.answered = journal::answered(world.data(), record).await?;
    progress.notices = notices;
    if let Some(directory) = &plan.directory {
        progress.directory = world.data().get(directory).await.map_err(Error::Store)?;
    }
    progress.batches = pack(&checked.plan);
    progress.held_hash = outputs::held_hash(&checked);
    progress.checked = Some(checked);
    Ok(())
}

/// The same for a pass that sends nothing more. Where its plan is lost, the summary tells less.
pub(super) async fn look_back_at_last<C: Connect>(
    world: &C,
    record: &RunRecord,
    progress: &mut Progress,
) {
    progress.mode = record.mode;
    if let Err(error) = look_back(world, record, progress).await {
        let error = error.name().as_str();
        tracing::warn!(error, "the plan of a pass that is closed cannot be read");
    }
    if let Some(checked) = &progress.checked {
        let answered = std::mem::take(&mut progress.answered);
        let earlier = Execution::of_earlier(&checked.plan, &progress.batches, answered);
        progress.execution = Some(earlier);
    }
}

impl Progress {
    /// What the configuration and the event say.
    fn settle(&mut self, config: &Config, options: &Options, asked: &Overrides) {
        self.options = Some(options.clone());
        self.remembering = Remembering::of(config, options);
        self.notices.extend(config.notices.iter().cloned());
        self.notices.extend(options::idle(asked, options));
    }
}

impl<C: Connect> Settled<'_, C> {
    /// Reads both sides, or what is left to read of them, and plans. The plan is kept before anything of it is sent.
    async fn planned(
        &mut self,
        run: &mut Run,
        progress: &mut Progress,
    ) -> Result<C::Adobe, Interruption> {
        let world = self.world;
        if run.record.slice > 1 {
            self.invocation.replies = resume::replies(world.data(), &run.record).await?;
        }
        let replies = self.invocation.replies.clone();
        let saver = Saver::new(world.data(), &run.record, &replies);
        let began = world.clock().now();
        tell(world, &run.record, progress, ProgressState::Working).await;
        let gathered = saver.during(self.gathered(progress)).await?;
        let earlier = run.record.read_at;
        let gathered = match gathered {
            Ok(gathered) => gathered,
            Err(interruption) => {
                if interruption.goes_on() {
                    saver.save().await?;
                }
                progress.came_further = saver.has_saved();
                run.record.read_at = earlier.or(replies.oldest());
                return Err(interruption);
            }
        };
        let read_at = replies.oldest().map_or(began, |oldest| oldest.min(began));
        run.record.read_at = earlier.or(Some(read_at));
        let (adobe, checked) = (gathered.adobe, gathered.checked);
        run.record.org_id = Some(gathered.org_id);
        let expires = void::expires(run.record.read_at, &self.config.limits);
        self.invocation.nothing_from(expires);
        progress.batches = pack(&checked.plan);
        progress.held_hash = outputs::held_hash(&checked);
        outputs::plan(
            world,
            &run.record,
            self.options,
            &checked,
            &progress.batches,
        )
        .await?;
        let (groups, changes) = (checked.plan.new_groups.len(), checked.plan.changes.len());
        let batches = progress.batches.len();
        tracing::info!(groups, changes, batches, "planned");
        let is_sent = self.options.mode != Mode::Plan && batches > 0;
        if is_sent && world.clock().now() < expires {
            if self.options.mode == Mode::Test && groups > 0 {
                progress.notices.push(NO_NEW_GROUPS.to_owned());
            }
            let plan = KeptPlan {
                checked,
                notices: progress.notices.clone(),
            };
            resume::keep_plan(world.data(), run, &plan, progress.directory.as_ref()).await?;
            progress.came_further = true;
            progress.checked = Some(plan.checked);
        } else {
            progress.checked = Some(checked);
        }
        Ok(adobe)
    }

    /// Sends the plan, or what earlier slices left of it.
    async fn sent(
        &self,
        record: &RunRecord,
        adobe: &C::Adobe,
        progress: &mut Progress,
    ) -> Result<(), Interruption> {
        let Self { world, options, .. } = self;
        progress.enter("send", world.clock());
        let total = progress.actions();
        let Some(checked) = &progress.checked else {
            return Ok(());
        };
        let sending = Sending {
            adobe,
            data: world.data(),
            clock: world.clock(),
            journal: record.journal(record.slice),
            test: options.mode == Mode::Test,
            doubtful: record.doubtful,
            expires: void::expires(record.read_at, &self.config.limits),
            live: Live {
                data: world.data(),
                clock: world.clock(),
                run_id: &record.run_id,
                mode: options.mode,
                slice: record.slice,
                stage: "send",
                total,
                per_minute: progress.per_minute,
                written: Cell::new(None),
            },
        };
        let answered = std::mem::take(&mut progress.answered);
        let mut execution = sending
            .run(&checked.plan, &progress.batches, answered)
            .await;
        let stop = execution.stop.take();
        progress.came_further |= execution.batches_sent > 0;
        progress.execution = Some(execution);
        match stop {
            Some(Stop::OutOfTime(wait)) => Err(Interruption::OutOfTime(wait)),
            Some(Stop::Failed(error)) => Err(Interruption::Failed(error)),
            Some(Stop::Expired) => Err(Interruption::Void(Void::Expired)),
            // After silence the pass ends partial: what was not sent is listed.
            None | Some(Stop::Unanswered) => Ok(()),
        }
    }
}

const NO_NEW_GROUPS: &str = "In a test Adobe makes no user group, so it could not check memberships in the new ones; plan.txt lists them.";
