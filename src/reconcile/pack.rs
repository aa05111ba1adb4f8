//! Changes into actions, actions into batches.

use super::action::Batch;
use super::plan::Plan;

/// Person by person, in the plan's order: a creation, its names and all its groups ride in one action; lists of more
/// than ten names become several commands; more than ten commands become several actions, each in a later batch than
/// the one before.
pub fn pack(plan: &Plan) -> Vec<Batch> {
    let _ = plan;
    todo!()
}
