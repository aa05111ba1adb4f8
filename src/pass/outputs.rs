//! The plan for people and programs, in the bucket before anything is changed.

use bytes::Bytes;

use super::record::RunRecord;
use super::{Connect, Error};
use crate::config::options::{AdobeOnlyUserAction, Options, Strategy};
use crate::reconcile::action::Batch;
use crate::reconcile::guard::Checked;
use crate::report;
use crate::store::Documents;

/// Writes all of it.
///
/// # Errors
/// The store's.
pub(super) async fn plan<C: Connect>(
    world: &C,
    record: &RunRecord,
    options: &Options,
    checked: &Checked,
    batches: &[Batch],
) -> Result<(), Error> {
    let (held, hash) = report::held_json(&checked.held);
    let plan = report::PlanInput {
        run_id: &record.run_id,
        today: record.today,
        mode: options.mode,
        held_hash: Some(hash.as_str()).filter(|_| !checked.held.is_empty()),
        checked,
    };
    let mut files = vec![
        (
            "plan.ndjson.gz",
            "application/gzip",
            report::plan_ndjson(checked, batches),
        ),
        (
            "plan.txt",
            "text/plain; charset=utf-8",
            report::plan_txt(&plan).into_bytes(),
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
    Ok(())
}

/// The hash of what is held, if anything is.
pub(super) fn held_hash(checked: &Checked) -> Option<String> {
    let (_held, hash) = report::held_json(&checked.held);
    (!checked.held.is_empty()).then_some(hash)
}
