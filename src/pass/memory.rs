//! What good passes leave for later ones, and what people leave for them: history, approvals, single accounts.
//!
//! ```text
//! state/history.json        what the last good passes counted, and by which settings they made accounts
//! state/approvals.json      which approvals were used, and by which pass
//! state/people.ndjson.gz    who is Adobe-only since when, and whom a pass made or changed; under keyed hashes
//! approvals/<name>.json     a person lets a hold go
//! ```
//!
//! A good pass is an `apply` that ended complete, partial or held. It writes all of it before its summary: a pass that is
//! killed in between writes the same again. Each file has one writer, whoever has the lease, and is written as it was found.

mod approvals;
mod history;
pub mod people;
mod used;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use super::record::RunRecord;
use super::{Connect, Error, Progress};
use crate::config::Config;
use crate::config::options::{AdobeUsers, Options, Overrides, Strategy};
use crate::reconcile::approval::{Account, Approval, ApprovalUse};
use crate::reconcile::guard::{Checked, Past};
use crate::reconcile::history::{Entry, History};
use crate::reconcile::known::Known;
use crate::reconcile::outcome::{ActionOutcome, Outcomes};
use crate::reconcile::plan::{Change, Plan};
use crate::store::Documents;

/// What a pass remembers while it plans.
#[derive(Debug, Default)]
pub(super) struct Memory {
    history: History,
    /// Single accounts, where the configuration asks for it.
    pub(super) known: Known,
    approvals: Vec<Approval>,
    /// Approvals that let nothing through.
    refused: Vec<ApprovalUse>,
    /// Sentences for the summary.
    pub(super) notices: Vec<String>,
}

/// Which pass remembers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) config: &'a Config,
    pub(super) options: &'a Options,
    /// What the event asks for.
    pub(super) overrides: &'a Overrides,
    /// Adobe's organization.
    pub(super) org_id: &'a str,
    /// What it wrote itself, before it was killed, is nothing of the past.
    pub(super) run_id: &'a str,
    pub(super) today: Date,
    pub(super) now: Timestamp,
}

impl Memory {
    /// Reads what there is.
    ///
    /// # Errors
    /// The store's. A file that cannot be read stands for nothing, and a notice says so.
    pub(super) async fn recall(data: &impl Documents, asking: Asking<'_>) -> Result<Self, Error> {
        let Asking {
            config,
            options,
            overrides,
            org_id,
            run_id,
            today,
            now,
        } = asking;
        let mut memory = Self::default();
        if options.adobe_only_user_list.is_none() {
            let (history, notice) = history::recall(data, run_id, org_id).await?;
            memory.history = history;
            memory.notices.extend(notice);
        }
        if Remembering::of(config, options).people {
            let (known, notice) = people::recall(data, org_id, today).await?;
            memory.known = known;
            memory.notices.extend(notice);
        }
        let max_age: Duration = config.limits.max_approval_age;
        let pass = approvals::For {
            run_id,
            org_id,
            overrides,
        };
        let found = approvals::recall(data, pass, now, max_age).await?;
        memory.approvals = found.valid;
        memory.refused = found.refused;
        memory.notices.extend(found.notice);
        Ok(memory)
    }

    /// For the guards.
    pub(super) fn past(&self) -> Past<'_> {
        Past {
            history: &self.history,
            approvals: &self.approvals,
        }
    }

    /// The plan with the approvals that no guard has seen.
    pub(super) fn with_refused(self, mut checked: Checked) -> Checked {
        checked.approvals.extend(self.refused);
        checked
            .approvals
            .sort_by(|one, other| one.name.cmp(&other.name));
        checked
    }
}

/// What a pass of this configuration leaves of single accounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Remembering {
    /// Whether it leaves anything: grace or `protected.foreign_accounts` need it. Push tells nobody who was there.
    people: bool,
    /// Whether all accounts are read, so that whoever is not among the Adobe-only ones is not one of them.
    all: bool,
}

impl Remembering {
    pub(super) fn of(config: &Config, options: &Options) -> Self {
        let asked = config.grace.is_given() || config.exclusions.protected.foreign_accounts;
        let people = asked && options.strategy == Strategy::Sync;
        Self {
            people,
            all: people
                && config.grace.is_given()
                && options.adobe_users == AdobeUsers::All
                && options.adobe_only_user_list.is_none(),
        }
    }
}

/// Writes what a good pass leaves. Approvals first: none is used twice.
///
/// # Errors
/// The store's; [`Error::LeaseLost`] where somebody else wrote meanwhile.
pub(super) async fn leave<C: Connect>(
    world: &C,
    record: &RunRecord,
    progress: &Progress,
) -> Result<(), Error> {
    let data = world.data();
    let RunRecord { run_id, today, .. } = record;
    let (today, org_id) = (*today, record.org_id.as_deref().unwrap_or_default());
    let (Some(checked), Some(execution)) = (&progress.checked, &progress.execution) else {
        return Ok(());
    };
    let approvals = checked.approvals.iter();
    let used = approvals.filter(|approval| is_used(approval, &checked.plan, &execution.outcomes));
    used::leave(data, run_id, today, used).await?;
    let Remembering { people, all } = progress.remembering;
    if people {
        let outcomes = &execution.outcomes;
        people::leave(data, org_id, today, |known, since| {
            known.learn(checked, outcomes, since, all);
        })
        .await?;
    }
    if let Some((counts, identity)) = &checked.counted {
        let entry = Entry {
            run_id: run_id.clone(),
            day: today,
            counts: counts.clone(),
            identity: identity.clone(),
        };
        history::leave(data, org_id, entry).await?;
    }
    Ok(())
}

/// Whether the pass has used an approval. One is as good as before where nothing that it lets through was done: Adobe was
/// silent, say, and the next pass would hold it again.
fn is_used(approval: &ApprovalUse, plan: &Plan, outcomes: &Outcomes) -> bool {
    let accounts: BTreeSet<&Account> = approval
        .let_through
        .iter()
        .map(|item| &item.account)
        .collect();
    let mut changes = plan.changes.iter().zip(&outcomes.changes);
    let is_done = |(change, outcome): (&Change, &Option<ActionOutcome>)| {
        outcome == &Some(ActionOutcome::Done) && accounts.contains(&Account::of(&change.address))
    };
    approval.refused.is_none() && (accounts.is_empty() || changes.any(is_done))
}
