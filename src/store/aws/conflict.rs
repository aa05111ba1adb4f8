//! What S3 says when two write the same object at the same moment.

use aws_sdk_s3::config::interceptors::InterceptorContext;
use aws_sdk_s3::config::retry::{ClassifyRetry, RetryAction};

/// Another write of the object is going on, and S3 decides neither way. The client tries again, as after any failure
/// that passes.
const CONFLICT: u16 = 409;

/// Has the client repeat what met a conflict; its own rules do not.
#[derive(Debug)]
pub(super) struct Conflict;

impl ClassifyRetry for Conflict {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response() {
            Some(reply) if reply.status().as_u16() == CONFLICT => RetryAction::transient_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "conflict of writers"
    }
}
