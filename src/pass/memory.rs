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

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Connect, Error, Progress};
use crate::config::Config;
use crate::config::options::{AdobeUsers, Options, Strategy};
use crate::reconcile::approval::{Approval, ApprovalUse};
use crate::reconcile::guard::{Checked, Past};
use crate::reconcile::history::{Entry, History};
use crate::reconcile::known::Known;
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
            run_id,
            today,
            now,
        } = asking;
        let mut memory = Self::default();
        if options.adobe_only_user_list.is_none() {
            let (history, notice) = history::recall(data, run_id).await?;
            memory.history = history;
            memory.notices.extend(notice);
        }
        if Remembering::of(config, options).people {
            let (known, notice) = people::recall(data, today).await?;
            memory.known = known;
            memory.notices.extend(notice);
        }
        let max_age: Duration = config.limits.max_approval_age;
        let found = approvals::recall(data, run_id, now, max_age).await?;
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
    run_id: &str,
    today: Date,
    progress: &Progress,
) -> Result<(), Error> {
    let data = world.data();
    let (Some(checked), Some(execution)) = (&progress.checked, &progress.execution) else {
        return Ok(());
    };
    used::leave(data, run_id, today, &checked.approvals).await?;
    let Remembering { people, all } = progress.remembering;
    if people {
        let outcomes = &execution.outcomes;
        people::leave(data, today, |known| {
            known.learn(checked, outcomes, today, all);
        })
        .await?;
    }
    if let Some((counts, identity)) = &checked.counted {
        let entry = Entry {
            run_id: run_id.to_owned(),
            day: today,
            counts: counts.clone(),
            identity: identity.clone(),
        };
        history::leave(data, entry).await?;
    }
    Ok(())
}
